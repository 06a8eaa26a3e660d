"""Snapping: where places meet the network, and at what distance, one at a time or many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.geodesy import (
    EARTH_RADIUS_KM,
    arc_km,
    chord,
    lonlat_of,
    nearest_on_arcs,
    on_arcs,
    ranges,
    unit_vectors,
)
from horgos_geo.model.network import Network
from horgos_geo.model.territory import territory
from horgos_geo.routing.barriers import Barriers

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
# A stub, such as a road that ends at a border post, is met if all else is this much further.
STUB_KM = 5.0
# Over a border the line leads by a crossing of it, which may lie so much aside.
_DETOUR, _DETOUR_KM = 1.3, 3.0
# A shorter line to the network crosses no water that matters, nor that the outlines would show.
CHECKED_KM = 3.0
# A longer one is held against the water on its way; so much of it may be open.
_STRAIT_KM = 8.0
_WATER_KM = 5.0
# How often a place is moved to another shore before it is taken for cut off.
_TRIES = 6
# So many places are found by looking at the whole network; for more, a search tree pays.
_SCANS = 64
# How many places to remember the surroundings of.
_MOST_SEEN = 1024
# How many neighbours in the tree are looked at first; nearly all places need no more.
_NEIGHBOURS = 8
# Long segments have a handle in the tree for each piece of so many kilometres; no point of a
# segment is further than half of that, and a little for the curve, from a handle.
_PIECE_KM = 2.0
_HALF_KM = 1.05
# Degrees of latitude by which a great circle may leave the latitudes of its ends.
_BULGE = 0.3

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Usable:
    """Which network edges (M) can be used and hang together, and which of them are stubs.

    A stub is a small piece of its country's network, joined to the rest over a border at best.
    """

    edges: Bools
    stubs: Bools


@dataclass(frozen=True, eq=False)
class Snaps:
    """Where places (n) meet the network: `fraction` of the way along `edge`, `snap_km` away.

    `edge` is -1 for a place that does not meet it. `cut_off` tells those that stand near a piece
    of network which they cannot use from those that are too far from any.
    """

    edge: NDArray[np.int32]
    fraction: Floats
    snap_km: Floats
    cut_off: Bools

    def only(self, keep: NDArray[np.generic]) -> Snaps:
        """Return some of the places."""
        return Snaps(self.edge[keep], self.fraction[keep], self.snap_km[keep], self.cut_off[keep])

    def put(self, rows: Indices, other: Snaps) -> None:
        """Replace some of the places."""
        for name in ("edge", "fraction", "snap_km", "cut_off"):
            getattr(self, name)[rows] = getattr(other, name)


@dataclass(frozen=True, eq=False)
class _Places:
    """The places to snap (n): where they are, and the countries that they lie in."""

    lon: Floats
    lat: Floats
    unit: Floats
    country: Indices

    def only(self, rows: Indices) -> _Places:
        return _Places(self.lon[rows], self.lat[rows], self.unit[rows], self.country[rows])


@dataclass(frozen=True, eq=False)
class _Near:
    """Places and segments near them, a pair a row, sorted by place.

    `away_km` lie between the place and its nearest point of the segment, which is the `share` of
    the way along it. What is not among the rows is further from its place than `seen_km` (n).
    """

    place: Indices
    segment: Indices
    away_km: Floats
    share: Floats
    seen_km: Floats

    def only(self, rows: NDArray[np.generic]) -> _Near:
        return _Near(
            self.place[rows],
            self.segment[rows],
            self.away_km[rows],
            self.share[rows],
            self.seen_km,
        )


class Snapper:
    """Finds where places meet the edges of one mode: at the nearest point of their lines.

    A place meets the nearest edge that can be used, over no water, and over no border but an open
    one or one with a crossing near. Edges of its own country come before others, unless they are
    more than `ABROAD_KM` further away. Lines between two vertices are great circles.

    Parameters
    ----------
    network
        The network.
    mode
        ``road`` or ``rail``.
    """

    def __init__(self, network: Network, mode: str) -> None:
        self.network = network
        self.barriers = Barriers(network)
        # A crossing or a break of gauge is no place to start from.
        edges = np.flatnonzero(
            network.is_mode(mode) & (network.crossing < 0) & (network.length_km > 0)
        )
        counts = np.diff(network.coord_offset)[edges] - 1
        # A segment runs from a vertex to the next one of the same edge.
        self.edge = np.repeat(edges, counts).astype(np.int32)
        self.begin = ranges(network.coord_offset[edges], counts)
        self._seen: dict[tuple[float, float, float], _Near] = {}
        self._scans = 0

    def snap(
        self,
        lon: Floats,
        lat: Floats,
        country: Indices,
        usable: Usable,
        cap_km: float,
        exact: bool = True,
    ) -> Snaps:
        """Return where each place (n) meets a usable edge.

        Parameters
        ----------
        lon, lat
            Degrees.
        country
            Positions in the network's `countries`, 0 where unknown.
        usable
            The edges that the scenario can use.
        cap_km
            How far a place may lie from the network.
        exact
            Otherwise a place may meet an edge that is half a kilometre further than the nearest,
            and over water: in a third of the time, for areas rather than places.
        """
        places = _Places(lon, lat, unit_vectors(lon, lat), country)
        self._scans += len(lon)
        if self._scans <= _SCANS:
            near = self._scanned(places, cap_km)
        else:
            near = self._neighbours(places, cap_km, _NEIGHBOURS if exact else 2)
        snaps, reach_km = self._nearest(places, near, usable, cap_km)
        seen = exact | (snaps.edge < 0)
        rest = np.flatnonzero(seen & (reach_km > near.seen_km))
        if len(rest):
            some = places.only(rest)
            around = self._around(some, reach_km[rest])
            snaps.put(rest, self._nearest(some, around, usable, cap_km)[0])
        if exact:
            self._check(places, snaps, usable, cap_km)
        return snaps

    def _nearest(
        self, places: _Places, near: _Near, usable: Usable, cap_km: float
    ) -> tuple[Snaps, Floats]:
        """Return the snaps of places (n) to what is near them.

        Besides them, the kilometres within which a better one could still lie.
        """
        count = len(near.seen_km)
        any_ = np.zeros(count, dtype=bool)
        any_[near.place[near.away_km <= cap_km]] = True
        near = near.only(self._allowed(places, near, cap_km))
        edge = self.edge[near.segment]
        known = places.country > 0
        abroad = known[near.place] & (self.network.edge_country[edge] != places.country[near.place])
        more_km = ABROAD_KM * abroad + STUB_KM * usable.stubs[edge]
        score = np.where(usable.edges[edge], near.away_km + more_km, np.inf)
        first = np.flatnonzero(np.diff(near.place, prepend=-1))
        some = near.place[first]
        nearest_km = np.full(count, np.inf)
        if len(first):
            nearest_km[some] = np.minimum.reduceat(near.away_km, first)
        # Of segments that meet in the nearest point, the first.
        best = np.lexsort((near.segment, score, near.place))[first]
        limit_km = np.minimum(nearest_km + ISLAND_KM + ABROAD_KM * known, cap_km)
        fits = (near.away_km[best] <= limit_km[some]) & np.isfinite(score[best])
        reach_km = limit_km.copy()
        reach_km[some] = np.minimum(reach_km[some], score[best])
        snaps = Snaps(np.full(count, -1, np.int32), np.zeros(count), np.full(count, np.nan), any_)
        rows = best[fits]
        snaps.edge[some[fits]] = edge[rows]
        snaps.fraction[some[fits]] = self._fraction(near.segment[rows], near.share[rows])
        snaps.snap_km[some[fits]] = near.away_km[rows]
        snaps.cut_off[some[fits]] = False
        return snaps, reach_km

    def _allowed(self, places: _Places, near: _Near, cap_km: float) -> Bools:
        """Return which pairs of a place and a segment have no closed border between them."""
        there = self.network.edge_country[self.edge[near.segment]].astype(np.int64)
        allowed = self.barriers.free(places.country)[near.place, there]
        abroad = np.flatnonzero(~allowed)
        if not len(abroad):
            return allowed
        some = np.unique(near.place[abroad])
        here, at, beyond = self.barriers.crossings_near(
            places.unit[some], places.country[some], cap_km
        )
        # Every pair with every crossing of its place: a handful for a few of the places.
        order = np.argsort(some[here], kind="stable")
        here, at, beyond = some[here][order], at[order], beyond[order]
        first = np.searchsorted(here, near.place[abroad], "left")
        count = np.searchsorted(here, near.place[abroad], "right") - first
        row, crossing = np.repeat(abroad, count), ranges(first, count)
        fits = beyond[crossing] == there[row]
        row, crossing = row[fits], crossing[fits]
        point = self._on_segments(near.segment[row], near.share[row])
        way_km = arc_km(np.linalg.norm(places.unit[near.place[row]] - at[crossing], axis=1))
        way_km += arc_km(np.linalg.norm(point - at[crossing], axis=1))
        allowed[row[way_km <= _DETOUR * near.away_km[row] + _DETOUR_KM]] = True
        return allowed

    def _on_segments(self, segment: Indices, share: Floats) -> Floats:
        """Return the unit vectors of points of segments (k)."""
        begin = self.begin[segment]
        lon, lat = self.network.coord_lon, self.network.coord_lat
        u = unit_vectors(lon[begin], lat[begin])
        return on_arcs(u, unit_vectors(lon[begin + 1], lat[begin + 1]), share)

    def _fraction(self, segment: Indices, share: Floats) -> Floats:
        """Return how far along their edges points of segments lie."""
        edge = self.edge[segment]
        first, _, along = self.network.vertices(edge)
        begin = first + self.begin[segment] - self.network.coord_offset[edge]
        return np.asarray(along[begin] * (1.0 - share) + along[begin + 1] * share)

    # Over water, and in exclaves ------------------------------------------------------------------

    def _check(self, places: _Places, snaps: Snaps, usable: Usable, cap_km: float) -> None:
        """Let places that would meet the network across water, or are exclaves, meet it elsewhere.

        An exclave that the network does not show is reached over the country around it.
        """
        far = np.flatnonzero((snaps.snap_km > CHECKED_KM) | snaps.cut_off)
        if not len(far):
            return
        some = places.only(far)
        land = self.barriers.land(some.lon, some.lat, some.country)
        ground = self.barriers.ground(land, some.country)
        again = ground != some.country
        met = np.flatnonzero(~again & ~snaps.cut_off[far])
        again[met] = self._beyond(some.only(met), land[met], snaps.only(far[met]))
        rows = np.flatnonzero(again)
        if len(rows):
            moved = _Places(some.lon[rows], some.lat[rows], some.unit[rows], ground[rows])
            snaps.put(far[rows], self._elsewhere(moved, land[rows], usable, cap_km))

    def _beyond(self, places: _Places, land: Indices, snaps: Snaps) -> Bools:
        """Return whether places (n) would meet the network on another land, or over water."""
        lon, lat = self._points(snaps.edge, snaps.fraction)
        there = self.network.edge_country[snaps.edge].astype(np.int64)
        beyond = self.barriers.apart(land, self.barriers.land(lon, lat, there))
        long = np.flatnonzero(~beyond & (snaps.snap_km > _STRAIT_KM))
        water_km = territory().over_water_km(
            places.lon[long], places.lat[long], lon[long], lat[long]
        )
        beyond[long] = water_km > _WATER_KM
        return beyond

    def _elsewhere(self, places: _Places, land: Indices, usable: Usable, cap_km: float) -> Snaps:
        """Return where places meet the network on their own land, and not over water."""
        count = len(places.lon)
        near = self._around(places, np.full(count, cap_km))
        near = near.only(self._allowed(places, near, cap_km))
        near = near.only(np.lexsort((near.away_km, self.edge[near.segment], near.place)))
        # The point of each edge that is nearest stands for all of it.
        edge = self.edge[near.segment]
        new = (np.diff(near.place, prepend=-1) != 0) | (np.diff(edge, prepend=-1) != 0)
        near = near.only(new)
        unit = self._on_segments(near.segment, near.share)
        there = self.network.edge_country[self.edge[near.segment]].astype(np.int64)
        apart = self.barriers.apart(land[near.place], self.barriers.land(*lonlat_of(unit), there))
        near, unit = near.only(~apart), unit[~apart]
        found, _ = self._nearest(places, near, usable, cap_km)
        for last in [*(False,) * _TRIES, True]:
            met = np.flatnonzero(found.edge >= 0)
            wet = met[self._beyond(places.only(met), land[met], found.only(met))]
            if last or not len(wet):
                found.edge[wet], found.snap_km[wet] = -1, np.nan
                break
            # What lies near a point across the water lies across it, too.
            across = np.zeros((count, 3))
            across[wet] = unit_vectors(*self._points(found.edge[wet], found.fraction[wet]))
            gap_km = arc_km(np.linalg.norm(unit - across[near.place], axis=1))
            near, unit = near.only(gap_km > _STRAIT_KM), unit[gap_km > _STRAIT_KM]
            found.put(wet, self._nearest(places, near, usable, cap_km)[0].only(wet))
        found.cut_off[:] = found.edge < 0
        return found

    def _points(self, edge: NDArray[np.int32], fraction: Floats) -> tuple[Floats, Floats]:
        """Return longitudes and latitudes at fractions along edges (k)."""
        first, position, along = self.network.vertices(edge)
        last = np.append(first[1:], len(along)) - 1
        # Vertices of all edges in one rising row, edge by edge.
        rising = along + np.repeat(np.arange(len(edge)), last - first + 1)
        at = np.searchsorted(rising, fraction + np.arange(len(edge)), side="right") - 1
        at = np.clip(at, first, last - 1)
        step = along[at + 1] - along[at]
        share = np.where(step > 0, (fraction - along[at]) / np.where(step > 0, step, 1.0), 0.0)
        lon, lat = self.network.coord_lon, self.network.coord_lat
        u, v = (unit_vectors(lon[i], lat[i]) for i in (position[at], position[at + 1]))
        return lonlat_of(on_arcs(u, v, share))

    # Three ways to what is near -------------------------------------------------------------------

    def _scanned(self, places: _Places, cap_km: float) -> _Near:
        """Look at the whole network for each place, which needs no preparation."""
        found = [
            self._scan(x, y, cap_km)
            for x, y in zip(places.lon.tolist(), places.lat.tolist(), strict=True)
        ]
        return _Near(
            place=np.repeat(np.arange(len(found)), [len(near.segment) for near in found]),
            segment=np.concatenate([near.segment for near in found]),
            away_km=np.concatenate([near.away_km for near in found]),
            share=np.concatenate([near.share for near in found]),
            seen_km=np.full(len(found), cap_km),
        )

    def _scan(self, lon: float, lat: float, cap_km: float) -> _Near:
        """Return the segments within the cap, kept for the next scenario."""
        key = (lon, lat, cap_km)
        if key not in self._seen:
            south, north = self._span
            margin = float(np.degrees(cap_km / EARTH_RADIUS_KM)) + _BULGE
            near = np.flatnonzero((south <= lat + margin) & (north >= lat - margin))
            west = self.network.coord_lon[self.begin[near]]
            east = self.network.coord_lon[self.begin[near] + 1]
            width = margin / max(float(np.cos(np.radians(min(abs(lat) + margin, 89.0)))), 0.01)
            near = near[_turn(west - lon) <= width + _turn(east - west)]
            point = np.broadcast_to(unit_vectors([lon], [lat]), (len(near), 3))
            away_km, share = self._measure(point, near)
            some = away_km <= cap_km
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            nothing = np.zeros(0)
            self._seen[key] = _Near(
                np.zeros(int(some.sum()), np.int64), near[some], away_km[some], share[some], nothing
            )
        return self._seen[key]

    @cached_property
    def _span(self) -> tuple[Floats, Floats]:
        """The least and the greatest latitude of the ends of each segment."""
        begin, end = self.network.coord_lat[self.begin], self.network.coord_lat[self.begin + 1]
        return np.minimum(begin, end), np.maximum(begin, end)

    def _neighbours(self, places: _Places, cap_km: float, count: int) -> _Near:
        """Ask the tree for a few handles around each place."""
        tree, segment = self._tree
        bound = chord(cap_km + _HALF_KM)
        away, handle = tree.query(places.unit, k=count, distance_upper_bound=bound)
        place, _ = np.nonzero(np.isfinite(away))
        near = segment[handle[np.isfinite(away)]]
        seen_km = arc_km(away[:, -1]) - _HALF_KM
        return _Near(place, near, *self._measure(places.unit[place], near), seen_km)

    def _around(self, places: _Places, reach_km: Floats) -> _Near:
        """Return all segments within some kilometres of each place."""
        if self._scans <= _SCANS:
            near = self._scanned(places, float(reach_km.max()))
            return near.only(near.away_km <= reach_km[near.place])
        tree, segment = self._tree
        radius = np.array([chord(km + _HALF_KM) for km in reach_km.tolist()])
        found = tree.query_ball_point(places.unit, radius)
        place = np.repeat(np.arange(len(found)), [len(handles) for handles in found])
        near = segment[np.concatenate([np.array(handles, dtype=np.int64) for handles in found])]
        return _Near(place, near, *self._measure(places.unit[place], near), reach_km)

    @cached_property
    def _tree(self) -> tuple[cKDTree, Indices]:
        """Handles on the segments, points along them, and the segment of each.

        The tree is quick to build and nearly as quick to ask.
        """
        from scipy.spatial import cKDTree

        begin, end = self._unit[self.begin], self._unit[self.begin + 1]
        length_km = arc_km(np.linalg.norm(end - begin, axis=1))
        pieces = np.maximum(np.ceil(length_km / _PIECE_KM), 1).astype(np.int64)
        segment = np.repeat(np.arange(len(pieces)), pieces)
        share = (ranges(np.zeros_like(pieces), pieces) + 0.5) / pieces[segment]
        points = begin[segment] * (1.0 - share[:, None]) + end[segment] * share[:, None]
        points /= np.linalg.norm(points, axis=1)[:, None]
        return cKDTree(points, balanced_tree=False, compact_nodes=False), segment

    @cached_property
    def _unit(self) -> Floats:
        return unit_vectors(self.network.coord_lon, self.network.coord_lat)

    def _measure(self, points: Floats, segment: Indices) -> tuple[Floats, Floats]:
        """Return how far points (k, 3) are from segments (k), and where along them that is."""
        begin = self.begin[segment]
        if "_unit" in self.__dict__:
            return nearest_on_arcs(points, self._unit[begin], self._unit[begin + 1])
        lon, lat = self.network.coord_lon, self.network.coord_lat
        ends = (unit_vectors(lon[at], lat[at]) for at in (begin, begin + 1))
        return nearest_on_arcs(points, *ends)


def _turn(degrees: Floats) -> Floats:
    """Return the size of angles, at most 180 degrees."""
    return np.abs((degrees + 180.0) % 360.0 - 180.0)
