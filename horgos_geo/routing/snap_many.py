"""Snapping many places at once: a search tree over the vertices in place of a scan for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.routing.snapping import ABROAD_KM, EARTH_RADIUS_KM, ISLAND_KM, Vertices

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Snaps:
    """Where many places (n) meet the network.

    `vertex` (a row of `Vertices`) and `edge` are -1 for a place that does not meet it. `cut_off`
    tells those that stand near a piece of network which the scenario cannot use from those that
    are too far from any.
    """

    vertex: NDArray[np.int64]
    edge: NDArray[np.int32]
    fraction: Floats
    snap_km: Floats
    cut_off: Bools

    def only(self, keep: Bools) -> Snaps:
        """Return some of the places."""
        return Snaps(
            self.vertex[keep],
            self.edge[keep],
            self.fraction[keep],
            self.snap_km[keep],
            self.cut_off[keep],
        )


class Nearby:
    """Finds for many places what `Vertices.nearest` finds for one.

    Parameters
    ----------
    vertices
        Where to look.
    """

    def __init__(self, vertices: Vertices) -> None:
        self.vertices = vertices
        self.network = vertices.network
        self._cells: dict[float, NDArray[np.int32]] = {}

    def nearest(
        self, lon: Floats, lat: Floats, country: NDArray[np.int_], usable: Bools, cap_km: float
    ) -> Snaps:
        """Return the nearest vertex of a usable edge for each place (n).

        Parameters
        ----------
        lon, lat
            Degrees.
        country
            Positions in the network's `countries`, 0 or less where unknown.
        usable
            Which network edges (M) the scenario can use and that hang together.
        cap_km
            How far a place may lie from the network.
        """
        points, cap = unit_vectors(lon, lat), chord(cap_km)
        away, vertex = self.tree.query(points, distance_upper_bound=cap)
        near = np.isfinite(away)
        vertex[~near] = 0
        nearest_km = arc_km(away)
        away_km = nearest_km.copy()
        fits = near & self._usable(vertex, usable)
        at_home = (country <= 0) | (self._country(vertex) == country)
        # The nearest of all will do for most places; the others ask again.
        rest = np.flatnonzero(near & ~(fits & at_home))
        if len(rest):
            tree, rows = self._usable_tree(usable, points[rest], cap)
            again, found = tree.query(points[rest], distance_upper_bound=cap)
            fits[rest] = np.isfinite(again)
            met = rest[fits[rest]]
            vertex[met] = rows[found[np.isfinite(again)]]
            away_km[met] = arc_km(again[np.isfinite(again)])
            for i in met[(country[met] > 0) & (self._country(vertex[met]) != country[met])]:
                self._prefer_home(i, points[i], int(country[i]), usable, vertex, away_km)
            limit_km = ISLAND_KM + ABROAD_KM * (country[met] > 0)
            fits[met] &= (away_km[met] - nearest_km[met] <= limit_km) & (away_km[met] <= cap_km)
        return Snaps(
            vertex=np.where(fits, vertex, -1),
            edge=np.where(fits, self.vertices.edge[vertex], -1).astype(np.int32),
            fraction=self.fraction[vertex],
            snap_km=np.where(fits, away_km, np.nan),
            cut_off=near & ~fits,
        )

    def countries(self, lon: Floats, lat: Floats, cap_km: float) -> tuple[NDArray[np.int_], Floats]:
        """Return the country of the nearest vertex of each place (n), 0 where none, and its km."""
        away, vertex = self.tree.query(unit_vectors(lon, lat), distance_upper_bound=chord(cap_km))
        near = np.isfinite(away)
        vertex[~near] = 0
        return np.where(near, self._country(vertex), 0), arc_km(away)

    def closest(self, lon: Floats, lat: Floats, cap_km: float) -> tuple[NDArray[np.int64], Bools]:
        """Return the nearest vertex of all, usable or not, and whether there is one in reach."""
        away, vertex = self.tree.query(unit_vectors(lon, lat), distance_upper_bound=chord(cap_km))
        near = np.isfinite(away)
        vertex[~near] = 0
        return vertex, near

    def _prefer_home(
        self,
        place: int,
        point: Floats,
        country: int,
        usable: Bools,
        vertex: NDArray[np.int64],
        away_km: Floats,
    ) -> None:
        """Move a place from a vertex abroad to one at home that is little further, if any."""
        reach = chord(away_km[place] + ABROAD_KM)
        around = np.array(sorted(self.tree.query_ball_point(point, reach)), dtype=np.int64)
        own = around[(self._country(around) == country) & self._usable(around, usable)]
        if len(own):
            km = arc_km(np.linalg.norm(self.vertices.unit[own] - point, axis=1))
            vertex[place], away_km[place] = own[km.argmin()], km.min()

    def _usable_tree(
        self, usable: Bools, points: Floats, cap: float
    ) -> tuple[cKDTree, NDArray[np.int64]]:
        """Return a tree of the usable vertices within `cap` of some points, and their rows."""
        # The sphere in cubes as wide as the cap: what is within it lies in a cube beside.
        size = 1.001 * cap
        side = int(2.0 / size) + 4
        if cap not in self._cells:
            self._cells[cap] = _cubes(self.vertices.unit, size, side)
        around = np.zeros(side**3, dtype=np.bool_)
        steps = np.array([-1, 0, 1])
        beside = (steps[:, None, None] * side + steps[:, None]) * side + steps
        cubes = np.unique(_cubes(points, size, side))
        around[(cubes[:, None] + beside.ravel()).ravel()] = True
        rows = np.flatnonzero(around[self._cells[cap]] & usable[self.vertices.edge])
        # Of vertices in one point, such as the two sides of a border, the first, as for one place.
        at = self.vertices.position[rows]
        _, first = np.unique(self.network.coord_lon[at] + 1j * self.network.coord_lat[at],
                             return_index=True)  # fmt: skip
        rows = rows[np.sort(first)]
        return kd_tree(self.vertices.unit[rows]), rows

    def _country(self, vertex: NDArray[np.int64]) -> NDArray[np.int_]:
        return self.network.edge_country[self.vertices.edge[vertex]].astype(np.int_)

    def _usable(self, vertex: NDArray[np.int64], usable: Bools) -> Bools:
        return np.asarray(usable[self.vertices.edge[vertex]])

    @cached_property
    def tree(self) -> cKDTree:
        """All vertices, by their unit vectors."""
        return kd_tree(self.vertices.unit)

    @cached_property
    def fraction(self) -> Floats:
        """How far along its edge each vertex lies, 0 to 1; see `_access.along`."""
        edge, unit = self.vertices.edge, self.vertices.unit
        first = np.ones(len(edge), dtype=bool)
        first[1:] = edge[1:] != edge[:-1]
        steps = np.zeros(len(edge))
        steps[1:] = np.linalg.norm(unit[1:] - unit[:-1], axis=1)
        steps[first] = 0.0
        run = np.cumsum(steps)
        start = np.flatnonzero(first)
        end = np.append(start[1:], len(edge)) - 1
        counts = end - start + 1
        total = run[end] - run[start]
        total[total == 0.0] = 1.0
        fraction = (run - np.repeat(run[start], counts)) / np.repeat(total, counts)
        fraction[start], fraction[end] = 0.0, 1.0
        return np.asarray(np.clip(fraction, 0.0, 1.0))


def _cubes(unit: Floats, size: float, side: int) -> NDArray[np.int32]:
    """Return the number of the cube that each of some unit vectors (n, 3) lies in."""
    x, y, z = (((axis + 1.0) / size).astype(np.int32) + 1 for axis in unit.T)
    return np.asarray((x * side + y) * side + z, dtype=np.int32)


def kd_tree(unit: Floats) -> cKDTree:
    """Return a search tree over unit vectors (n, 3); quick to build, nearly as quick to ask."""
    from scipy.spatial import cKDTree

    return cKDTree(unit, balanced_tree=False, compact_nodes=False)


def unit_vectors(lon: Floats, lat: Floats) -> Floats:
    """Return points of the unit sphere (n, 3) for degrees."""
    lam, phi = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def chord(length_km: float) -> float:
    """Return the chord of the unit sphere under an arc of so many kilometres."""
    return float(2.0 * np.sin(min(length_km / EARTH_RADIUS_KM, np.pi) / 2.0))


def arc_km(chords: Floats) -> Floats:
    """Return kilometres over the sphere for chords of the unit sphere, inf for inf."""
    arcs = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.clip(np.nan_to_num(chords, posinf=0.0) / 2, 0, 1))
    return np.asarray(np.where(np.isfinite(chords), arcs, np.inf))
