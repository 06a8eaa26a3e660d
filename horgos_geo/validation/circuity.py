"""Why the route between two near places is long: what can be told from the data alone."""

from __future__ import annotations

from functools import cache
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from horgos_geo.build.draft import length_matrix
from horgos_geo.build.relief import load_relief
from horgos_geo.core.geodesy import GEOD, arc_km, chord, distance_km, unit_vectors
from horgos_geo.model.basemap import Ring, load_basemap
from horgos_geo.model.network import Network

#: The straight line is looked at every so many kilometres.
STEP_KM = 1.0
#: So much of the straight line over water keeps a route from following it.
WATER_SHARE, WATER_KM = 0.15, 8.0
#: Mean slope under the straight line from which it leads over mountains, metres a kilometre.
MOUNTAIN_SLOPE = 25.0
#: Lines that come this near to each other, kilometres, may want a link: no explanation.
NEAR_KM = 10.0
#: Wider gaps are looked for at these distances, kilometres.
WIDER_KM = (20.0, 40.0, 60.0)
#: A line over a gap is this much longer than the gap.
SINUOSITY = 1.1
_OPEN = ("open", "limited")

Floats = NDArray[np.float64]


class End(Protocol):
    """A place that a route starts or ends at: its country, its position, and its node."""

    country: str
    lon: float
    lat: float
    node: int


def _points(a: End, b: End) -> Floats:
    """Return points (n, 2) on the great circle between two places, evenly, ends left out."""
    count = max(int(_great_circle_km(a, b) / STEP_KM), 1)
    return np.asarray(GEOD.npts(a.lon, a.lat, b.lon, b.lat, count))


def _great_circle_km(a: End, b: End) -> float:
    return float(distance_km(a.lon, a.lat, b.lon, b.lat))


@cache
def _land() -> shapely.Geometry:
    """Return the land without its lakes."""
    basemap = load_basemap()

    def union(polygons: tuple[tuple[Ring, ...], ...]) -> shapely.Geometry:
        rings = [shapely.make_valid(shapely.Polygon(p[0], p[1:])) for p in polygons]
        return shapely.union_all(rings)

    land = shapely.difference(union(basemap.land), union(basemap.lakes))
    shapely.prepare(land)
    return land


def by_water(a: End, b: End) -> str:
    """Say how much of the straight line between two places is water; nothing if it is little."""
    points = _points(a, b)
    wet = float((~shapely.contains_xy(_land(), points[:, 0], points[:, 1])).mean())
    km = _great_circle_km(a, b)
    if wet < WATER_SHARE or wet * km < WATER_KM:
        return ""
    return f"water: {wet * km:.0f} of {km:.0f} km of the straight line"


def by_mountains(a: End, b: End) -> str:
    """Say how steep the land is under the straight line between two; nothing if it is gentle."""
    points = _points(a, b)
    slope = float(load_relief().at(points[:, 0], points[:, 1]).mean())
    if slope < MOUNTAIN_SLOPE:
        return ""
    return f"mountains: {slope:.0f} m a kilometre is the mean slope under the straight line"


def usable_graph(network: Network, mode: str, shut: bool = False) -> csr_array:
    """Return the lengths of a mode as a symmetric matrix (N, N) over all nodes, kilometres.

    Parameters
    ----------
    network
        Of parallel edges the shortest counts.
    mode
        ``road`` or ``rail``.
    shut
        Whether posts that are shut count as open.
    """
    passable = np.array([shut or c.status in _OPEN for c in network.crossings] + [True])
    edges = network.is_mode(mode) & passable[network.crossing]
    u, v, km = network.u[edges], network.v[edges], network.length_km[edges]
    return length_matrix(u, v, km, network.node_count)


class CircuityDiagnosis:
    """What the data say about a long route.

    Attributes
    ----------
    graph
        Lengths over posts that are open, from `usable_graph`.
    nodes
        The nodes of that graph that have an edge.
    """

    def __init__(self, network: Network, mode: str) -> None:
        self.mode, self.crossings = mode, network.crossings
        self.graph = usable_graph(network, mode)
        self.nodes = np.flatnonzero(np.diff(self.graph.indptr))
        self._over_shut = usable_graph(network, mode, shut=True)
        self._points = unit_vectors(network.lon, network.lat)
        of_mode = np.flatnonzero(network.is_mode(mode) & (network.crossing >= 0))
        self._post = {
            frozenset((int(network.u[edge]), int(network.v[edge]))): network.crossings[
                network.crossing[edge]
            ]
            for edge in of_mode
        }
        posts = self._post.values()
        self._joined = {frozenset((c.country_a, c.country_b)) for c in posts if c.status in _OPEN}

    def reason(self, a: End, b: End, network_km: float, most_km: float) -> str:
        """Return the first cause that holds, or an empty text.

        Parameters
        ----------
        a, b
            The two places.
        network_km
            The route between them; inf where there is none.
        most_km
            A route up to this length would not be suspect.
        """
        if a.country != b.country and frozenset((a.country, b.country)) not in self._joined:
            return f"no open {self.mode} crossing between {a.country} and {b.country}"
        if not np.isfinite(network_km):
            return f"no route by {self.mode} at all: another shore, or a network of its own"
        return (
            self.by_shut_post(a, b, most_km)
            or by_water(a, b)
            or by_mountains(a, b)
            or (self.by_gap(a, b, most_km) if self.mode == "rail" else "")
        )

    def by_shut_post(self, a: End, b: End, most_km: float) -> str:
        """Name the shut posts on a route of up to `most_km`, or nothing if there is none."""
        found, before = dijkstra(
            self._over_shut, indices=a.node, limit=most_km, return_predecessors=True
        )
        if not np.isfinite(found[b.node]):
            return ""
        names, node = [], b.node
        while node != a.node:
            back = int(before[node])
            post = self._post.get(frozenset((back, node)))
            if post and post.status not in _OPEN:
                names.append(f"{post.name} ({post.status})")
            node = back
        return "post shut: " + ", ".join(reversed(names)) if names else ""

    def by_gap(self, a: End, b: End, most_km: float) -> str:
        """Say that no link of a few kilometres would shorten the route; nothing if one would."""
        reach = [dijkstra(self.graph, indices=end.node, limit=most_km) for end in (a, b)]
        near, far = (np.flatnonzero(np.isfinite(km)) for km in reach)
        tree = cKDTree(self._points[far])
        free_km = 0.0
        for radius in (NEAR_KM, *WIDER_KM):
            others = tree.query_ball_point(self._points[near], chord(radius))
            this = np.repeat(near, [len(found) for found in others])
            other = far[np.concatenate([*others, []]).astype(np.int64)]
            gap_km = arc_km(np.linalg.norm(self._points[other] - self._points[this], axis=1))
            if (reach[0][this] + SINUOSITY * gap_km + reach[1][other] <= most_km).any():
                break
            free_km = radius
        if not free_km:
            return ""
        return (
            "no line between them in the network: the lines on either side come "
            f"no nearer to each other than {free_km:.0f} km"
        )
