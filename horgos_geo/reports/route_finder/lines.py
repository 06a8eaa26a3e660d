"""Lines that many routes share, kept once: pieces between junctions, and runs of pieces."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.polyline import encode
from horgos_geo.views.projection import project

#: Size of a unit and what a line may be simplified by, kilometres on the map's plane.
STEP_KM = 0.1
TOLERANCE_KM = 0.25
#: Vertices are the same when they agree to about a metre.
SAME_DEG = 1e-5

Points = NDArray[np.float64]
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """Pieces of line, and each line as a run of them.

    Attributes
    ----------
    texts
        Each piece's vertices on the map's plane, encoded.
    lines
        Each line's pieces, encoded: pairs of a first piece (counted from 1, negative when passed
        backwards) and how many follow one another from there.
    """

    texts: list[str]
    lines: list[str]


def cut(lines: list[Points]) -> Pieces:
    """Cut lines where they meet or part, and keep each piece once.

    Parameters
    ----------
    lines
        Vertices of each, shape (n, 2), degrees.
    """
    ids, vertices = _number(lines)
    at = np.zeros(len(vertices), dtype=bool)
    for line in ids:
        at[line[[0, -1]]] = True
    at |= _degree(ids, len(vertices)) != 2
    xy = project(vertices)
    known: dict[bytes, int] = {}
    texts: list[str] = []
    runs = []
    for line in ids:
        cuts = np.flatnonzero(at[line])
        signed = []
        for start, end in pairwise(cuts):
            part = line[start : end + 1]
            backwards = _reversed(part)
            key = (part[::-1] if backwards else part).tobytes()
            if key not in known:
                # Stored in the direction of the first line that has it, so that runs go on.
                texts.append(encode(_thin(xy[part]), STEP_KM))
                known[key] = -len(texts) if backwards else len(texts)
            number = known[key]
            signed.append(-number if backwards else number)
        runs.append(_runs(signed))
    return Pieces(texts, runs)


def _number(lines: list[Points]) -> tuple[list[Ids], Points]:
    grid = [np.rint(line / SAME_DEG).astype(np.int64) for line in lines]
    if not grid:
        return [], np.zeros((0, 2))
    every = np.concatenate(grid)
    keys, inverse = np.unique(every[:, 0] * 100_000_000 + every[:, 1], return_inverse=True)
    vertices = np.zeros((len(keys), 2))
    vertices[inverse] = every * SAME_DEG
    numbered = np.split(inverse.astype(np.int64), np.cumsum([len(g) for g in grid])[:-1])
    return [_without_repeats(line) for line in numbered], vertices


def _without_repeats(line: Ids) -> Ids:
    moved = np.ones(len(line), dtype=bool)
    moved[1:] = line[1:] != line[:-1]
    return line[moved]


def _degree(ids: list[Ids], count: int) -> Ids:
    """Return how many different neighbours each vertex has over all lines."""
    if not ids:
        return np.zeros(count, dtype=np.int64)
    a = np.concatenate([line[:-1] for line in ids])
    b = np.concatenate([line[1:] for line in ids])
    pairs = np.unique(np.minimum(a, b) * count + np.maximum(a, b))
    return np.bincount(np.concatenate([pairs // count, pairs % count]), minlength=count)


def _reversed(part: Ids) -> bool:
    # A ring has equal ends: its second vertex tells the direction.
    if part[0] != part[-1]:
        return bool(part[0] > part[-1])
    return bool(part[1] > part[-2])


def _runs(signed: list[int]) -> str:
    pairs: list[list[int]] = []
    for number in signed:
        if pairs and number == pairs[-1][0] + pairs[-1][1]:
            # 5, 6, 7 and -7, -6, -5 both count upwards.
            pairs[-1][1] += 1
        else:
            pairs.append([number, 1])
    return encode(np.array(pairs), 1.0) if pairs else ""


def _thin(xy: Points) -> Points:
    import shapely

    if len(xy) < 3:
        return xy
    line = shapely.simplify(shapely.LineString(xy), TOLERANCE_KM)
    return np.asarray(shapely.get_coordinates(line))
