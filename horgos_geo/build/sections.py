"""Published lengths of named roads for the long edges that stand for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.draft import RAIL, ROAD, Draft
from horgos_geo.build.links import NodeFinder
from horgos_geo.core import datasets
from horgos_geo.model.network import Network

TABLE = "curation/section_lengths.csv"
#: An edge from this length on stands for a stretch of a named road.
LONG_KM = 20.0
#: Long edges make up at least this share of a section, else it says nothing about them.
LEAST_SHARE = 0.4
#: Factors outside of this range are another road.
FACTOR_RANGE = (0.97, 1.7)
#: Expected factor of the short edges of a section.
SHORT_FACTOR = 1.05
_SNAP_KM = 8.0
_SAME_PLACE_KM = 0.01


@dataclass
class Sections:
    """What became of the published sections.

    Attributes
    ----------
    factors
        By link id: what the raw length of its edges is multiplied by.
    unused
        Ids of rows whose road is not in the network as long edges.
    """

    factors: dict[str, float] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)


def mark(draft: Draft) -> Sections:
    """Mark the long edges of each published section with the section's id.

    Parameters
    ----------
    draft
        Changed in place, before chains are merged: marked edges get the section as their link,
        so that they are not merged with others.

    Returns
    -------
    Sections
    """
    rows = sorted(datasets.read_rows(TABLE), key=lambda r: (float(r["km"]), r["id"]))
    result = Sections()
    for mode, name in ((ROAD, "road"), (RAIL, "rail")):
        part = [r for r in rows if r["mode"] == name]
        if part:
            _mark_mode(draft, mode, part, result)
    return result


def _mark_mode(draft: Draft, mode: int, rows: list[dict[str, str]], result: Sections) -> None:
    from scipy.sparse.csgraph import dijkstra

    finder = NodeFinder(draft, mode)
    usable = (draft.mode == mode) & (draft.crossing == 0)
    matrix = draft.matrix(usable)
    best: dict[tuple[int, int], int] = {}
    edges = np.flatnonzero(usable)
    for edge in edges[np.argsort(-draft.km[edges], kind="stable")].tolist():
        a, b = int(draft.u[edge]), int(draft.v[edge])
        best[min(a, b), max(a, b)] = edge  # of parallel edges the shortest comes last and stays
    for row in rows:
        km = float(row["km"])
        starts, ends = (
            _nodes_at(finder, float(row[f"{side}_lon"]), float(row[f"{side}_lat"]))
            for side in ("from", "to")
        )
        if not starts or not ends:
            result.unused.append(row["id"])
            continue
        found, before = dijkstra(
            matrix, directed=True, indices=starts, limit=km * 1.3, return_predecessors=True
        )
        first, last = divmod(int(np.argmin(found[:, ends])), len(ends))
        start, end = starts[first], ends[last]
        if not np.isfinite(found[first, end]):
            result.unused.append(row["id"])
            continue
        path, node = [], end
        while node != start:
            back = int(before[first, node])
            path.append(best[min(node, back), max(node, back)])
            node = back
        chain = np.array(path)
        given = np.array([result.factors.get(draft.link_ids[c], 0.0) for c in draft.link[chain]])
        long = (draft.km[chain] >= LONG_KM) & (draft.link[chain] == 0)
        known = np.where(given > 0, given, np.where(draft.source[chain] == 2, 1.0, SHORT_FACTOR))
        rest = float((draft.km[chain] * known)[~long].sum())
        whole = float(draft.km[chain][long].sum())
        factor = (km - rest) / whole if whole else 0.0
        if whole < LEAST_SHARE * km or not FACTOR_RANGE[0] <= factor <= FACTOR_RANGE[1]:
            result.unused.append(row["id"])
            continue
        draft.link[chain[long]] = draft.link_code(f"section-{row['id']}")
        result.factors[f"section-{row['id']}"] = round(factor, 4)


def _nodes_at(finder: NodeFinder, lon: float, lat: float) -> list[int]:
    """Return the nearest node within `_SNAP_KM` and those at its place: a border post has two."""
    _, gap = finder.nearest(lon, lat)
    return finder.within(lon, lat, gap + _SAME_PLACE_KM) if gap <= _SNAP_KM else []


def apply(network: Network, factors: Mapping[str, float]) -> Network:
    """Return the network with the published lengths of its sections.

    Parameters
    ----------
    network
        Calibrated; marked edges still carry their raw length.
    factors
        From `mark`.
    """
    by_link = np.array([factors.get(name, 0.0) for name in network.links])
    factor: NDArray[np.float64] = by_link[network.link]
    length = np.where(factor > 0, network.raw_length_km * factor, network.length_km)
    return replace(network, length_km=length.astype(np.float32).astype(np.float64))
