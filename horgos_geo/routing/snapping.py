"""Snapping: where places meet the network, and at what distance, one at a time or many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.geodesy import EARTH_RADIUS_KM, arc_km, chord, ranges, unit_vectors
from horgos_geo.model.network import Network

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

# How far a place may lie from the network. Rail reaches further: a city's freight terminal is
# often in the next town, and the road leg to it is shown apart.
CAP_KM = {"road": 40.0, "rail": 80.0}
# A place that has some piece of network this much nearer than the main network stands on a piece
# of its own, an island say, and is not carried over to the mainland.
ISLAND_KM = 8.0
# Border towns meet their own country's roads, even if the neighbour's are a little nearer.
ABROAD_KM = 10.0
# So many places are found by looking at the whole network; for more, a search tree pays.
_SCANS = 64
# How many places to remember the surroundings of.
_MOST_SEEN = 1024
# How many neighbours in the tree are looked at first; nearly all places need no more.
_NEIGHBOURS = 16

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Snaps:
    """Where places (n) meet the network: `fraction` of the way along `edge`, `snap_km` away.

    `edge` is -1 for a place that does not meet it. `cut_off` tells those that stand near a piece
    of network which the scenario cannot use from those that are too far from any.
    """

    edge: NDArray[np.int32]
    fraction: Floats
    snap_km: Floats
    cut_off: Bools

    def only(self, keep: Bools) -> Snaps:
        """Return some of the places."""
        return Snaps(self.edge[keep], self.fraction[keep], self.snap_km[keep], self.cut_off[keep])


@dataclass(frozen=True, eq=False)
class _Near:
    """Places and vertices near them, a pair a row, and the kilometres between them.

    Sorted by place. What is not among them is further from its place than `seen_km` (n).
    """

    place: Indices
    vertex: Indices
    away_km: Floats
    seen_km: Floats


class Snapper:
    """Finds where places meet the edges of one mode.

    A place meets the nearest edge that can be used. Edges of its own country come before those
    over the border, unless they are more than `ABROAD_KM` further away.

    Parameters
    ----------
    network
        The network.
    mode
        ``road`` or ``rail``.
    """

    def __init__(self, network: Network, mode: str) -> None:
        self.network = network
        # A crossing or a break of gauge is no place to start from.
        edges = np.flatnonzero(
            network.is_mode(mode) & (network.crossing < 0) & (network.length_km > 0)
        )
        counts = np.diff(network.coord_offset)[edges]
        self.edge = np.repeat(edges, counts).astype(np.int32)
        self.position = ranges(network.coord_offset[edges], counts)
        self._seen: dict[tuple[float, float, float], tuple[Indices, Floats]] = {}
        self._scans = 0

    def snap(
        self, lon: Floats, lat: Floats, country: NDArray[np.int_], usable: Bools, cap_km: float
    ) -> Snaps:
        """Return where each place (n) meets a usable edge.

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
        self._scans += len(lon)
        if self._scans <= _SCANS:
            near = self._scanned(lon, lat, cap_km)
            return self._snaps(*self._nearest(near, country, usable, cap_km)[:3])
        points = unit_vectors(lon, lat)
        near = self._neighbours(points, cap_km)
        vertex, away_km, cut_off, reach_km = self._nearest(near, country, usable, cap_km)
        rest = np.flatnonzero(reach_km > near.seen_km)
        if len(rest):
            near = self._around(points[rest], reach_km[rest])
            found = self._nearest(near, country[rest], usable, cap_km)
            vertex[rest], away_km[rest], cut_off[rest] = found[:3]
        return self._snaps(vertex, away_km, cut_off)

    def _nearest(
        self, near: _Near, country: NDArray[np.int_], usable: Bools, cap_km: float
    ) -> tuple[Indices, Floats, Bools, Floats]:
        """Return the vertex to take of those near each place (n), -1 for none.

        Besides it, how far it is, whether there is only one that cannot be taken, and the
        kilometres within which a better one could still lie.
        """
        count = len(near.seen_km)
        edge = self.edge[near.vertex]
        at_home = (country <= 0)[near.place] | (
            self.network.edge_country[edge] == country[near.place]
        )
        score = np.where(usable[edge], near.away_km + ABROAD_KM * ~at_home, np.inf)
        first = np.flatnonzero(np.diff(near.place, prepend=-1))
        some = near.place[first]
        nearest_km = np.full(count, np.inf)
        nearest_km[some] = np.minimum.reduceat(near.away_km, first) if len(first) else np.inf
        # Of vertices in one point, such as two ends of edges that meet, the first.
        best = np.lexsort((near.vertex, score, near.place))[first]
        vertex, away_km = np.full(count, -1), np.full(count, np.nan)
        limit_km = nearest_km + ISLAND_KM + ABROAD_KM * (country > 0)
        fits = near.away_km[best] <= np.minimum(limit_km[some], cap_km)
        fits &= np.isfinite(score[best])
        vertex[some[fits]] = near.vertex[best[fits]]
        away_km[some[fits]] = near.away_km[best[fits]]
        reach_km = np.minimum(limit_km, cap_km)
        reach_km[some] = np.minimum(reach_km[some], score[best])
        return vertex, away_km, (vertex < 0) & (nearest_km <= cap_km), reach_km

    def _snaps(self, vertex: Indices, away_km: Floats, cut_off: Bools) -> Snaps:
        met = np.flatnonzero(vertex >= 0)
        edge = np.where(vertex >= 0, self.edge[vertex], -1).astype(np.int32)
        fraction = np.zeros(len(vertex))
        first, _, along = self.network.vertices(edge[met])
        position = self.position[vertex[met]] - self.network.coord_offset[edge[met]]
        fraction[met] = along[first + position]
        return Snaps(edge, fraction, away_km, cut_off)

    # Three ways to what is near -------------------------------------------------------------------

    def _scanned(self, lon: Floats, lat: Floats, cap_km: float) -> _Near:
        """Look at the whole network for each place, which needs no preparation."""
        found = [self._scan(x, y, cap_km) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
        return _Near(
            place=np.repeat(np.arange(len(found)), [len(vertex) for vertex, _ in found]),
            vertex=np.concatenate([vertex for vertex, _ in found]),
            away_km=np.concatenate([away_km for _, away_km in found]),
            seen_km=np.full(len(found), cap_km),
        )

    def _scan(self, lon: float, lat: float, cap_km: float) -> tuple[Indices, Floats]:
        """Return the vertices inside the cap and how far each is, kept for the next scenario."""
        key = (lon, lat, cap_km)
        if key not in self._seen:
            network = self.network
            reach = float(np.degrees(min(cap_km / EARTH_RADIUS_KM, np.pi))) * 1.02
            near = np.flatnonzero(np.abs(network.coord_lat[self.position] - lat) <= reach)
            away_km = self._away_km(unit_vectors([lon], [lat]), near)
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[key] = near[away_km <= cap_km], away_km[away_km <= cap_km]
        return self._seen[key]

    def _neighbours(self, points: Floats, cap_km: float) -> _Near:
        """Ask the tree for a few vertices around each place."""
        away, vertex = self._tree.query(
            points, k=_NEIGHBOURS, distance_upper_bound=chord(cap_km) * (1 + 1e-9)
        )
        place, _ = np.nonzero(np.isfinite(away))
        return _Near(place, vertex[np.isfinite(away)].astype(np.int64),
                     arc_km(away[np.isfinite(away)]), arc_km(away[:, -1]))  # fmt: skip

    def _around(self, points: Floats, reach_km: Floats) -> _Near:
        """Ask the tree for all vertices within some kilometres of each place."""
        radius = np.array([chord(km) for km in reach_km.tolist()]) * (1 + 1e-9)
        found = self._tree.query_ball_point(points, radius)
        counts = np.array([len(rows) for rows in found])
        vertex = np.concatenate([np.array(rows, dtype=np.int64) for rows in found])
        place = np.repeat(np.arange(len(points)), counts)
        return _Near(place, vertex, self._away_km(points[place], vertex), reach_km)

    def _away_km(self, points: Floats, vertex: Indices) -> Floats:
        position = self.position[vertex]
        network = self.network
        unit = unit_vectors(network.coord_lon[position], network.coord_lat[position])
        return arc_km(np.linalg.norm(unit - points, axis=1))

    @cached_property
    def _tree(self) -> cKDTree:
        """All vertices, by their unit vectors; quick to build, nearly as quick to ask."""
        from scipy.spatial import cKDTree

        lon, lat = self.network.coord_lon[self.position], self.network.coord_lat[self.position]
        return cKDTree(unit_vectors(lon, lat), balanced_tree=False, compact_nodes=False)
