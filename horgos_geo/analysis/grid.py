"""From a cost at any point to clean polygons: a grid, finer where a boundary runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from shapely import MultiPolygon

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Cells of the first, coarse grid, and how many a side each boundary cell is divided into.
_COARSE = 120_000
_FINER = 4
_LEAST_KM = 4.0
# Around the outermost points reached: as far as a place may lie from the network.
_MARGIN_KM = 85.0
# Pieces and holes of fewer cells are below what the grid can tell.
_LEAST_CELLS = 4


@dataclass(frozen=True, eq=False)
class Grid:
    """Costs on a square grid in a plane around the points, `values` (rows, columns)."""

    values: Floats
    left_km: float
    bottom_km: float
    cell_km: float
    plane: Any

    @property
    def tolerance_km(self) -> float:
        """How far from its true place a boundary may be drawn: two cells."""
        return 2.0 * self.cell_km

    def polygon(self, most: float) -> MultiPolygon:
        """Return the points whose cost is at most so much, in degrees.

        Parameters
        ----------
        most
            The budget.
        """
        import shapely

        inside = self.values <= most
        boxes = self._runs(inside)
        if len(boxes) == 0:
            return shapely.MultiPolygon()
        merged = shapely.union_all(boxes)
        least = _LEAST_CELLS * self.cell_km**2
        kept = []
        for part in shapely.get_parts(merged):
            if part.area < least:
                continue
            holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= least]
            kept.append(shapely.Polygon(part.exterior, holes))
        # Diagonals in place of stairs; the boundary moves by less than a cell.
        smooth = shapely.make_valid(shapely.simplify(shapely.union_all(kept), 0.75 * self.cell_km))
        flat = [p for p in shapely.get_parts(smooth) if p.geom_type == "Polygon"]
        degrees = shapely.transform(shapely.MultiPolygon(flat), self._to_degrees)
        degrees = shapely.make_valid(shapely.set_precision(degrees, 1e-5))
        areas = [
            shapely.geometry.polygon.orient(p)
            for p in shapely.get_parts(degrees)
            if p.geom_type == "Polygon"
        ]
        return shapely.MultiPolygon(areas)

    def _runs(self, inside: Bools) -> NDArray[Any]:
        """Return a box for each run of cells in a row."""
        import shapely

        rows = len(inside)
        edge = np.zeros((rows, 1), dtype=np.int8)
        steps = np.diff(np.hstack([edge, inside.astype(np.int8), edge]), axis=1)
        row, first = np.nonzero(steps == 1)
        _, last = np.nonzero(steps == -1)
        x, y, size = self.left_km, self.bottom_km, self.cell_km
        return np.asarray(
            shapely.box(x + first * size, y + row * size, x + last * size, y + (row + 1) * size)
        )

    def _to_degrees(self, xy: Floats) -> Floats:
        lon, lat = self.plane(xy[:, 0] * 1000.0, xy[:, 1] * 1000.0, inverse=True)
        return np.column_stack([lon, lat])


def sample(
    cost: Callable[[Floats, Floats], Floats], reached: Floats, budgets: Sequence[float]
) -> Grid:
    """Return the costs on a grid over the points reached, finest where a budget ends.

    Parameters
    ----------
    cost
        Gives the cost at points by longitude and latitude.
    reached
        Longitude and latitude of the points reached with the largest budget, shape (n, 2).
    budgets
        Where boundaries run.
    """
    from pyproj import Proj

    if len(reached) == 0:
        return Grid(np.full((1, 1), np.inf), 0.0, 0.0, 1.0, None)
    middle = (reached.min(axis=0) + reached.max(axis=0)) / 2.0
    plane = Proj(proj="laea", lon_0=float(middle[0]), lat_0=float(middle[1]), ellps="WGS84")
    x, y = (axis / 1000.0 for axis in plane(reached[:, 0], reached[:, 1]))
    left, bottom = float(x.min()) - _MARGIN_KM, float(y.min()) - _MARGIN_KM
    width, height = float(x.max()) + _MARGIN_KM - left, float(y.max()) + _MARGIN_KM - bottom
    cell = max(_LEAST_KM, float(np.sqrt(width * height / _COARSE)))
    columns, rows = int(np.ceil(width / cell)), int(np.ceil(height / cell))

    def at(row: NDArray[np.int_], column: NDArray[np.int_], size: float) -> Floats:
        """Return the costs at the middles of cells."""
        lon, lat = plane(
            (left + (column + 0.5) * size) * 1000.0,
            (bottom + (row + 0.5) * size) * 1000.0,
            inverse=True,
        )
        return cost(np.asarray(lon), np.asarray(lat))

    row, column = np.divmod(np.arange(rows * columns), columns)
    coarse = at(row, column, cell).reshape(rows, columns)
    level = np.searchsorted(np.array(sorted(budgets)), coarse)
    mixed = np.flatnonzero(_mixed(level).ravel())
    fine = np.repeat(np.repeat(coarse, _FINER, axis=0), _FINER, axis=1)
    inner = np.arange(_FINER)
    row, column = np.divmod(mixed, columns)
    shape = (len(mixed), _FINER, _FINER)
    rows_ = np.broadcast_to(row[:, None, None] * _FINER + inner[None, :, None], shape).ravel()
    columns_ = np.broadcast_to(column[:, None, None] * _FINER + inner[None, None, :], shape).ravel()
    fine[rows_, columns_] = at(rows_, columns_, cell / _FINER)
    return Grid(fine, left, bottom, cell / _FINER, plane)


def _mixed(level: NDArray[np.int_]) -> Bools:
    """Return which cells have a neighbour on another level, corners too."""
    padded = np.pad(level, 1, mode="edge")
    rows, columns = level.shape
    mixed = np.zeros(level.shape, dtype=bool)
    for i in range(3):
        for j in range(3):
            mixed |= padded[i : i + rows, j : j + columns] != level
    return mixed


def area_km2(polygon: MultiPolygon) -> float:
    """Return the area of polygons in degrees on the ellipsoid."""
    from pyproj import Geod

    if polygon.is_empty:
        return 0.0
    area, _ = Geod(ellps="WGS84").geometry_area_perimeter(polygon)
    return abs(float(area)) / 1e6
