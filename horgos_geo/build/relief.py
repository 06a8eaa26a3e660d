"""How steep the land is: a coarse grid that tells where roads wind."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core import datasets
from horgos_geo.core.files import write_atomic

NAME = "relief/slope.npz"
#: Cells to a degree, and the north-west corner of the grid.
CELLS, WEST, NORTH = 12, -12.0, 81.0
SOUTH = -11.0
#: Metres of height to a kilometre of way that one step of the stored bytes stands for.
STEP = 2.0

# How the source codes heights: metres are code * 28 - 450, and 255 is the sea.
_HEIGHT_STEP, _LOWEST, _SEA = 28.0, -450.0, 255

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Relief:
    """Mean slope between cells of a twelfth of a degree, in steps of `STEP` metres a kilometre."""

    slope: NDArray[np.uint8]

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Return the slope at points (n), metres a kilometre; the nearest cell outside the grid."""
        rows, columns = self.slope.shape
        row = np.clip(((NORTH - lat) * CELLS).astype(np.int64), 0, rows - 1)
        column = np.clip(((lon - WEST) * CELLS).astype(np.int64), 0, columns - 1)
        return np.asarray(self.slope[row, column] * STEP)


@cache
def load_relief() -> Relief:
    """Read the grid that comes with the project."""
    with np.load(datasets.path(NAME), allow_pickle=False) as stored:
        return Relief(stored["slope"])


def slope_of(height_m: Floats, north: float) -> Floats:
    """Return the slope of a grid of heights, metres a kilometre.

    Parameters
    ----------
    height_m
        Rows from north to south, `CELLS` to a degree.
    north
        Latitude of the northern edge, degrees.
    """
    cell_km = 111.2 / CELLS
    lat = north - (np.arange(height_m.shape[0]) + 0.5) / CELLS
    down, across = np.gradient(height_m)
    wide_km = cell_km * np.maximum(np.cos(np.radians(lat)), 0.05)[:, None]
    return np.asarray(np.hypot(down / cell_km, across / wide_km))


def build_relief(source: Path, target: Path | None = None) -> Path:
    """Make the grid from the altitude map that pvlib brings (needs h5py).

    Parameters
    ----------
    source
        ``Altitude.h5`` of pvlib 0.16.1: medians over twelfths of a degree of the open terrain
        tiles, world-wide.
    target
        The file to write. Default: the one in the data folder.
    """
    import h5py

    with h5py.File(source) as file:
        code: NDArray[Any] = file["Altitude"][:]
    height = np.where(code == _SEA, 0.0, np.maximum(code * _HEIGHT_STEP + _LOWEST, 0.0))
    rows = slice(int((90 - NORTH) * CELLS), int((90 - SOUTH) * CELLS))
    columns = slice(int((180 + WEST) * CELLS), None)
    slope = slope_of(height[rows, columns], NORTH)
    packed = np.clip(np.rint(slope / STEP), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, slope=packed)
    return write_atomic(target or datasets.root() / NAME, buffer.getvalue())
