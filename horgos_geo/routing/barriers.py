"""What the straight line from a place to the network must not cross: borders and water."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.geodesy import chord, unit_vectors
from horgos_geo.model.network import Network
from horgos_geo.model.territory import territory

# Places that are held against all crossings in one go.
_AT_ONCE = 2000

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

    def free(self, country: Indices) -> Bools:
        """Return which countries (C) each place (n) may meet the network in without a crossing.

        Its own, and those with no border posts between; any for a place whose country is not known
        (0), or has no network at all.
        """
        return np.asarray(self._open[country])

    def crossings_near(
        self, points: Floats, country: Indices, reach_km: float
    ) -> tuple[Indices, Floats, Indices]:
        """Return the open crossings near places that lead out of their countries.

        Parameters
        ----------
        points
            Unit vectors (n, 3).
        country
            Positions in the network's `countries` (n).
        reach_km
            How far a crossing may be.

        Returns
        -------
        place, at, beyond
            A row a pair: the place, the crossing's unit vector, and the country behind it.
        """
        at, ends = self._crossings
        # A few hundred crossings: to look at all is quicker than to sort them.
        chunks = [
            np.nonzero(points[i : i + _AT_ONCE] @ at.T >= 1.0 - chord(reach_km) ** 2 / 2.0)
            for i in range(0, len(points), _AT_ONCE)
        ]
        place = np.concatenate([rows + i * _AT_ONCE for i, (rows, _) in enumerate(chunks)])
        near = np.concatenate([crossing for _, crossing in chunks])
        here = ends[near] == country[place][:, None]
        out = here.any(axis=1)
        beyond = np.where(here[:, 0], ends[near, 1], ends[near, 0])
        return place[out], at[near[out]], beyond[out]

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
    def _crossings(self) -> tuple[Floats, Indices]:
        """The crossings that are open to freight (k, 3), and the countries on both sides (k, 2)."""
        code = self.network.country_code
        posts = [
            (c.lon, c.lat, code[c.country_a], code[c.country_b])
            for c in self.network.crossings
            if c.mode != "ferry" and c.status in ("open", "limited")
            if {c.country_a, c.country_b} <= {*code} and np.isfinite(c.lon + c.lat)
        ]
        table = np.array(posts, dtype=np.float64).reshape(-1, 4)
        return unit_vectors(table[:, 0], table[:, 1]), table[:, 2:].astype(np.int64)

    def land(self, lon: Floats, lat: Floats, country: Indices) -> Indices:
        """Return the piece of land that points (n) of known countries lie on, -1 for none."""
        names = [self.network.countries[code] for code in country.tolist()]
        return territory().pieces(lon, lat, names)

    def ground(self, land: Indices, country: Indices) -> Indices:
        """Return the country around each place (n): another than its own for an exclave.

        Unknown (0) where no outline shows land, as in an area that is disputed.
        """
        code = self.network.country_code
        around = np.array([*(code.get(iso3, 0) for iso3 in territory().iso3.tolist()), 0])[land]
        return np.where(land < 0, 0, np.where(around > 0, around, country))

    def apart(self, land: Indices, end_land: Indices) -> Bools:
        """Return whether two pieces of land (n) are parts of a country that do not hang together.

        So are a piece and what no outline shows.
        """
        iso3 = np.append(territory().iso3, "")
        off = (land < 0) != (end_land < 0)
        return np.asarray(off | ((land != end_land) & (iso3[land] == iso3[end_land])))
