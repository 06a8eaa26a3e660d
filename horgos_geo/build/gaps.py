"""Join the dangling ends that digitising left open, never across a border."""

from __future__ import annotations

import heapq

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import HEALED, RAIL, ROAD, Bools, Draft, Ints
from horgos_geo.core.geodesy import arc_km, chord, distances_km, unit_vectors

#: Widest gap that is joined, kilometres, and how many nodes near a dangling end are tried.
MAX_GAP_KM = {ROAD: 2.0, RAIL: 35.0}
NEIGHBOURS = {ROAD: 40, RAIL: 800}
#: A gap is joined only where the detour is longer than this many times the gap.
MIN_DETOUR = 6.0
#: Shorter gaps are taken for so long, kilometres.
LEAST_GAP_KM = 0.05
#: A join is this much longer than its chord.
SINUOSITY = 1.05
ROUNDS = 3
#: Where along a join its country is looked up.
_SAMPLES = (0.2, 0.4, 0.5, 0.6, 0.8)


def dijkstra_within(start: int, limit_km: float, lengths: csr_array) -> dict[int, float]:
    """Return network distances from one node to all nodes within a limit.

    For short limits in a large network, where scipy's search spends its time on empty arrays.

    Parameters
    ----------
    start
        A node.
    limit_km
        Nodes farther away are left out.
    lengths
        Kilometres between neighbours, from `length_matrix`.

    Returns
    -------
    dict
        Kilometres by node.
    """
    indptr, indices, data = lengths.indptr, lengths.indices, lengths.data
    best = {start: 0.0}
    heap = [(0.0, start)]
    while heap:
        km, node = heapq.heappop(heap)
        if km > best[node]:
            continue
        for k in range(indptr[node], indptr[node + 1]):
            other, along = int(indices[k]), km + float(data[k])
            if along <= limit_km and along < best.get(other, np.inf):
                best[other] = along
                heapq.heappush(heap, (along, other))
    return best


def _candidates(draft: Draft, mode: int) -> list[tuple[float, int, int]]:
    """Return (gap, dangling end, nearest node that the network reaches only by a detour)."""
    of_mode = draft.of_mode(mode)
    degree = draft.degrees(of_mode)
    nodes, dangling = np.flatnonzero(degree > 0), np.flatnonzero(degree == 1)
    points = unit_vectors(draft.lon, draft.lat)
    chords, found = cKDTree(points[nodes]).query(
        points[dangling],
        k=min(NEIGHBOURS[mode], len(nodes)),
        distance_upper_bound=chord(MAX_GAP_KM[mode]),
    )
    lengths = draft.matrix(of_mode)
    result = []
    for node, gaps, positions in zip(dangling.tolist(), arc_km(chords), found, strict=True):
        there = positions < len(nodes)
        others, gaps = nodes[positions[there]], gaps[there]
        good = (others != node) & (draft.country[others] == draft.country[node])
        others, gaps = others[good], gaps[good]
        if not len(others):
            continue
        reached = dijkstra_within(node, MIN_DETOUR * gaps.max(), lengths)
        for gap, other in zip(gaps.tolist(), others.tolist(), strict=True):
            if reached.get(other, np.inf) > MIN_DETOUR * max(gap, LEAST_GAP_KM):
                result.append((gap, node, other))
                break
    return sorted(result)


def bridge_gaps(draft: Draft, mode: int, country_map: CountryMap) -> int:
    """Join dangling ends of one mode to the nearest node that is far away by network.

    Parameters
    ----------
    draft
        Changed in place: joins are added with source `healed`.
    mode
        `ROAD` or `RAIL`.
    country_map
        A join whose chord leaves the country of its ends is refused.

    Returns
    -------
    int
        Number of joins.
    """
    total = 0
    for _ in range(ROUNDS):
        used: set[int] = set()
        joins = []
        for _, a, b in _candidates(draft, mode):
            if used.isdisjoint((a, b)):
                used |= {a, b}
                joins.append((a, b))
        ends = np.array(joins, dtype=np.int64).reshape(-1, 2)
        u, v = ends[_stays_inside(draft, ends, country_map)].T
        if not len(u):
            break
        km = distances_km(draft.lon[u], draft.lat[u], draft.lon[v], draft.lat[v])
        draft.add_edges(u, v, mode=mode, km=km * SINUOSITY, source=HEALED)
        total += len(u)
    return total


def _stays_inside(draft: Draft, ends: Ints, country_map: CountryMap) -> Bools:
    """Return which chords between two nodes (K, 2) stay in the country of the first."""
    u, v = ends.T
    inside = np.ones(len(ends), dtype=bool)
    for share in _SAMPLES:
        lon = draft.lon[u] + share * (draft.lon[v] - draft.lon[u])
        lat = draft.lat[u] + share * (draft.lat[v] - draft.lat[u])
        inside &= country_map.locate(lon, lat) == draft.country[u]
    return inside
