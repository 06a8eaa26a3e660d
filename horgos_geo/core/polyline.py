"""Lines as short text: deltas of whole numbers in printable characters.

The encoding is Google's polyline format without its factor: safe inside JSON and HTML, since it
has no quote, ampersand or angle bracket, and about three bytes a vertex.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def encode(points: ArrayLike, step: float) -> str:
    """Encode vertices as text.

    Parameters
    ----------
    points
        Shape (n, 2).
    step
        Size of one unit; coordinates are rounded to it and repeated vertices dropped.
    """
    units = np.rint(np.asarray(points, dtype=float) / step).astype(np.int64)
    if len(units) > 1:
        moved = np.ones(len(units), dtype=bool)
        moved[1:] = (units[1:] != units[:-1]).any(axis=1)
        units = units[moved]
    deltas = np.diff(units, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()
    text: list[str] = []
    for delta in deltas.tolist():
        value = ~(delta << 1) if delta < 0 else delta << 1
        while value >= 0x20:
            text.append(chr((0x20 | (value & 0x1F)) + 63))
            value >>= 5
        text.append(chr(value + 63))
    return "".join(text)


def decode(text: str, step: float) -> NDArray[np.float64]:
    """Decode what `encode` wrote, shape (n, 2)."""
    values: list[int] = []
    shift = result = 0
    for byte in text.encode("ascii"):
        part = byte - 63
        result |= (part & 0x1F) << shift
        if part >= 0x20:
            shift += 5
        else:
            values.append(~(result >> 1) if result & 1 else result >> 1)
            shift = result = 0
    return np.asarray(np.cumsum(np.array(values).reshape(-1, 2), axis=0) * step)
