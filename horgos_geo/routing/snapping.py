"""Snapping: where a place meets the network, and at what distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from horgos_geo.routing.components import main_component
from horgos_geo.routing.engine import Topology

__all__ = ["CAP_KM", "Snap", "Vertices", "along", "main_component"]

EARTH_RADIUS_KM = 6371.0088

# How far a place may lie from the network. Rail reaches further: a city's freight terminal is
# often in the next town, and the road leg to it is shown apart.
CAP_KM = {"road": 40.0, "rail": 80.0}
# A place whose nearest vertex is this much nearer than the main network's stands on a piece of
# its own, an island say, and is not carried over to the mainland.
ISLAND_KM = 8.0
# Border towns meet their own country's roads, even if the neighbour's are a little nearer.
ABROAD_KM = 10.0
# How many places to remember the surroundings of.
_MOST_SEEN = 1024
# So many places are found by looking at every vertex; for more, sorting by latitude pays.
_SCANS = 16

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Snap:
    """The vertex of the network that a place meets: `fraction` of the way along `edge`."""

    edge: int
    fraction: float
    lon: float
    lat: float
    snap_km: float
    country: str
    island: bool = False


class Vertices:
    """Every vertex of the edges that some modes can use, ready for nearest-neighbour search."""

    def __init__(self, topology: Topology, modes: tuple[str, ...]) -> None:
        network = topology.network
        # A crossing or a break of gauge is no place to start from.
        edges = np.flatnonzero(
            network.is_mode(*modes) & (network.crossing < 0) & (network.length_km > 0)
        )
        counts = np.diff(network.coord_offset)[edges]
        edge = np.repeat(edges, counts)
        position = _ranges(network.coord_offset[edges], counts)
        self.network = network
        self.edge = edge.astype(np.int32)
        self.position = position
        self.unit = _unit(network.coord_lon[position], network.coord_lat[position])
        self._seen: dict[tuple[float, float, float], tuple[NDArray[np.int64], Floats]] = {}
        self._scans = 0
        self._by_latitude: tuple[NDArray[np.int64], Floats, Floats] | None = None

    def nearest(
        self, lon: float, lat: float, country: str, usable: NDArray[np.bool_], cap_km: float
    ) -> Snap | None:
        """Return the nearest vertex of a usable edge within `cap_km`, or None.

        A vertex in the place's own country is taken before one over the border, unless it is more
        than `ABROAD_KM` further away.

        Parameters
        ----------
        lon, lat
            Degrees.
        country
            ISO 3166-1 alpha-3 code of the place, or empty.
        usable
            Which network edges (M) the scenario can use and that hang together.
        cap_km
            How far the place may lie from the network.
        """
        near, away_km = self._within(lon, lat, cap_km)
        if len(near) == 0:
            return None
        code = self.network.country_code.get(country, -1)
        abroad = self.network.edge_country[self.edge[near]] != code if code > 0 else 0.0
        order = np.lexsort((near, away_km + ABROAD_KM * abroad))
        fit = order[usable[self.edge[near[order]]]]
        if len(fit) == 0 or away_km[fit[0]] > cap_km:
            return None
        island = bool(away_km[fit[0]] - away_km.min() > ISLAND_KM + ABROAD_KM * bool(code > 0))
        return self._snap(int(near[fit[0]]), float(away_km[fit[0]]), island)

    def _within(self, lon: float, lat: float, cap_km: float) -> tuple[NDArray[np.int64], Floats]:
        """Return the vertices inside the cap and how far each is, kept for the next scenario."""
        key = (lon, lat, cap_km)
        if key not in self._seen:
            point = _unit(np.array([lon]), np.array([lat]))[0]
            # Look only at vertices inside the cap: a few hundred of half a million.
            reach = min(cap_km / EARTH_RADIUS_KM * 1.02, np.pi)
            vertices, unit = self._band(lat, float(np.degrees(reach)))
            near = np.flatnonzero(unit @ point > np.cos(reach))
            near = near if vertices is None else np.sort(vertices[near])
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[key] = near, _chord_km(np.linalg.norm(self.unit[near] - point, axis=1))
        return self._seen[key]

    def _band(self, lat: float, reach_deg: float) -> tuple[NDArray[np.int64] | None, Floats]:
        """Return the vertices of a band of latitude and their unit vectors.

        None stands for all vertices, as long as looking at every one is cheaper than sorting them.
        """
        self._scans += 1
        if self._scans <= _SCANS:
            return None, self.unit
        if self._by_latitude is None:
            latitude = self.network.coord_lat[self.position]
            order = np.argsort(latitude, kind="stable")
            self._by_latitude = order, latitude[order], self.unit[order]
        order, latitude, unit = self._by_latitude
        first, last = np.searchsorted(latitude, [lat - reach_deg, lat + reach_deg])
        return order[first:last], unit[first:last]

    def _snap(self, vertex: int, snap_km: float, island: bool) -> Snap:
        network, edge = self.network, int(self.edge[vertex])
        position = int(self.position[vertex])
        fraction = float(along(network.edge_lonlat(edge))[position - network.coord_offset[edge]])
        country = network.countries[
            network.edge_country[edge] or network.node_country[network.u[edge]]
        ]
        return Snap(
            edge=edge,
            fraction=fraction,
            lon=float(network.coord_lon[position]),
            lat=float(network.coord_lat[position]),
            snap_km=snap_km,
            country=country,
            island=island,
        )


def along(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far along a line each vertex lies, from 0 to 1, for vertices (n, 2) in degrees."""
    steps = np.linalg.norm(np.diff(_unit(lonlat[:, 0], lonlat[:, 1]), axis=0), axis=1)
    total = float(steps.sum())
    if total == 0.0:
        return np.linspace(0.0, 1.0, len(lonlat))
    fractions = np.concatenate([[0.0], np.cumsum(steps)]) / total
    fractions[-1] = 1.0
    return fractions


def _unit(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return unit vectors (n, 3), so that the nearest point has the largest dot product."""
    lam, phi = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def _chord_km(chord: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance over the sphere for chords of the unit sphere."""
    return 2.0 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0))


def _ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the concatenation of start, start+1, … for each pair, without a Python loop."""
    total = int(counts.sum())
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(starts, counts) + np.arange(total) - before
