"""The road leg between a place and its rail terminal, shown apart from the route."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.geodesy import distance_km
from horgos_geo.model.network import Network

# Degrees around both ends in which the way is looked for: a detour round a bay or a ring road.
_MARGIN = 0.4
# A terminal further off than this is not the place's own.
_MAX_KM = 150.0

Point = tuple[float, float]


def road_leg(
    network: Network, start: Point, end: Point
) -> tuple[float, NDArray[np.float64]] | None:
    """Return kilometres and vertices (n, 2) by road between two near points, or None.

    The gaps between the points and the nearest road are part of both. None where the points are
    the same, far apart, or not joined by a road nearby.

    Parameters
    ----------
    network
        The network.
    start, end
        Longitude and latitude, degrees.
    """
    return _road_leg(_ByIdentity(network), start, end)


class _ByIdentity:
    """A network as a cache key: the same object is the same network."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def __hash__(self) -> int:
        return id(self.network)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.network is self.network


@lru_cache(maxsize=1024)
def _road_leg(
    key: _ByIdentity, start: Point, end: Point
) -> tuple[float, NDArray[np.float64]] | None:
    network = key.network
    gap_km = distance_km(*start, *end)
    if gap_km < 0.05 or gap_km > _MAX_KM:
        return None
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    west, east = min(start[0], end[0]) - _MARGIN, max(start[0], end[0]) + _MARGIN
    south, north = min(start[1], end[1]) - _MARGIN, max(start[1], end[1]) + _MARGIN
    lon, lat = network.lon, network.lat
    inside = (lon > west) & (lon < east) & (lat > south) & (lat < north)
    edges = np.flatnonzero(network.is_mode("road") & inside[network.u] & inside[network.v])
    edges = edges[network.crossing[edges] < 0]
    if len(edges) == 0:
        return None
    nodes, ends = np.unique(
        np.concatenate([network.u[edges], network.v[edges]]), return_inverse=True
    )
    first, last = (
        int(np.argmin(np.hypot((lon[nodes] - x) * np.cos(np.radians(y)), lat[nodes] - y)))
        for x, y in (start, end)
    )
    # csr would add parallel edges up: keep the shortest of each pair.
    order = np.argsort(network.length_km[edges], kind="stable")
    u, v = ends[: len(edges)][order], ends[len(edges) :][order]
    pair = np.minimum(u, v) * len(nodes) + np.maximum(u, v)
    _, keep = np.unique(pair, return_index=True)
    u, v, edges = u[keep], v[keep], edges[order][keep]
    graph = csr_array((network.length_km[edges] + 1e-9, (u, v)), shape=(len(nodes), len(nodes)))
    costs, before = dijkstra(graph, directed=False, indices=first, return_predecessors=True)
    if not np.isfinite(costs[last]):
        return None
    edge_of = {(int(a), int(b)): int(e) for a, b, e in zip(u, v, edges, strict=True)}
    parts = [np.array([end])]
    node = last
    while node != first:
        previous = int(before[node])
        edge = edge_of.get((previous, node))
        line = network.edge_lonlat(edge if edge is not None else edge_of[node, previous])
        parts.append(line[::-1] if edge is not None else line)
        node = previous
    parts.append(np.array([start]))
    line = np.concatenate(parts)[::-1]
    reach_km = distance_km(*start, lon[nodes[first]], lat[nodes[first]])
    leave_km = distance_km(lon[nodes[last]], lat[nodes[last]], *end)
    return reach_km + float(costs[last]) + leave_km, line
