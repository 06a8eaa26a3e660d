"""What the straight line from a place to the network must not cross: borders and water."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.geodesy import chord, unit_vectors
from horgos_geo.model.network import Network
from horgos_geo.model.territory import territory

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

# A border may be crossed by a place this near to a crossing of it.
CROSSING_KM = 10.0

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indices = NDArray[np.int64]


class Barriers:
    """Borders and shores beside a network.

    Parameters
    ----------
    network
        The network: its open areas and crossings are where borders can be crossed.
    """

    def __init__(self, network: Network) -> None:
        self.network = network

    def enterable(self, points: Floats, country: Indices) -> Bools:
        """Return which countries (C) each place may meet the network in, shape (n, C).

        Its own, those with no border posts between, and those with an open crossing near. Any for
        a place whose country is not known, or has no network at all.

        Parameters
        ----------
        points
            Unit vectors (n, 3).
        country
            Positions in the network's `countries` (n), 0 where unknown.
        """
        allowed = self._open[country]
        tree, a, b = self._crossings
        if len(a):
            for i, near in enumerate(tree.query_ball_point(points, chord(CROSSING_KM))):
                for crossing in near:
                    ends = {int(a[crossing]), int(b[crossing])}
                    if int(country[i]) in ends:
                        allowed[i, [*ends]] = True
        return allowed

    @cached_property
    def _open(self) -> Bools:
        """Whether a border (C, C) has no posts."""
        network, code = self.network, self.network.country_code
        count = len(network.countries)
        free, posts = np.eye(count, dtype=bool), np.zeros((count, count), dtype=bool)
        for crossing in network.crossings:
            if crossing.mode != "ferry" and {crossing.country_a, crossing.country_b} <= {*code}:
                a, b = code[crossing.country_a], code[crossing.country_b]
                table = posts if crossing.is_event else free
                table[a, b] = table[b, a] = True
        free &= ~posts
        bare = np.ones(count, dtype=bool)
        bare[np.unique(network.edge_country)] = False
        bare[0] = True
        return free | bare[:, None]

    @cached_property
    def _crossings(self) -> tuple[cKDTree, Indices, Indices]:
        """The crossings that are open to freight, and the countries on both sides."""
        from scipy.spatial import cKDTree

        code = self.network.country_code
        posts = [
            (c.lon, c.lat, code[c.country_a], code[c.country_b])
            for c in self.network.crossings
            if c.mode != "ferry" and c.status in ("open", "limited")
            if {c.country_a, c.country_b} <= {*code} and np.isfinite(c.lon + c.lat)
        ]
        lon, lat, a, b = np.array(posts, dtype=np.float64).reshape(-1, 4).T
        return cKDTree(unit_vectors(lon, lat)), a.astype(np.int64), b.astype(np.int64)

    def land(self, lon: Floats, lat: Floats, country: Indices) -> Indices:
        """Return the piece of land that points (n) of known countries lie on, -1 for none."""
        return territory().pieces(lon, lat, np.array(self.network.countries)[country])

    def ground(self, land: Indices, country: Indices) -> Indices:
        """Return the country around each place (n): another than its own for an exclave."""
        code = self.network.country_code
        around = np.array([*(code.get(iso3, 0) for iso3 in territory().iso3.tolist()), 0])[land]
        return np.where((land >= 0) & (around > 0), around, country)

    def dry(
        self,
        begin: tuple[Floats, Floats],
        begin_land: Indices,
        end: tuple[Floats, Floats],
        end_land: Indices,
    ) -> Bools:
        """Return whether straight lines (n) run over land.

        Parameters
        ----------
        begin, end
            Longitudes and latitudes of the ends.
        begin_land, end_land
            The pieces of land that they lie on.
        """
        land = territory()
        same = begin_land == end_land
        one_country = land.iso3[begin_land] == land.iso3[end_land]
        dry = np.where((begin_land < 0) | (end_land < 0), False, same | ~one_country)
        some = np.flatnonzero(dry)
        dry[some] = ~land.crosses_water(*(axis[some] for axis in (*begin, *end)))
        return np.asarray(dry)
