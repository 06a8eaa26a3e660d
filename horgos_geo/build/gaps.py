"""Join the dangling ends that digitising left open, never across a border."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import HEALED, RAIL, ROAD, Draft, distance_km, unit_vectors

#: Widest gap that is joined, kilometres, by mode.
MAX_GAP_KM = {ROAD: 2.0, RAIL: 35.0}
#: A gap is joined only where the way round is longer than this many times the gap.
MIN_DETOUR = 6.0
#: A join is this much longer than its chord.
SINUOSITY = 1.05
ROUNDS = 3
_NEIGHBOURS = 40


def dijkstra_within(
    start: int,
    limit: float,
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    data: NDArray[np.float64],
) -> dict[int, float]:
    """Return network distances from one node to all nodes nearer than `limit`."""
    best = {start: 0.0}
    heap = [(0.0, start)]
    while heap:
        d, node = heapq.heappop(heap)
        if d > best[node]:
            continue
        for k in range(indptr[node], indptr[node + 1]):
            other, along = int(indices[k]), d + float(data[k])
            if along <= limit and along < best.get(other, np.inf):
                best[other] = along
                heapq.heappush(heap, (along, other))
    return best


def _candidates(draft: Draft, mode: int) -> list[tuple[float, int, int]]:
    """Return (gap, dangling end, nearest node that the network reaches only by a long way)."""
    of_mode = draft.mode == mode
    degree = draft.degrees(of_mode)
    nodes = np.flatnonzero(degree > 0)
    dangling = np.flatnonzero(degree == 1)
    points = unit_vectors(draft.lon, draft.lat)
    tree = cKDTree(points[nodes])
    widest = MAX_GAP_KM[mode]
    count = min(_NEIGHBOURS * (20 if mode == RAIL else 1), len(nodes))
    gaps, found = tree.query(points[dangling], k=count, distance_upper_bound=widest)
    matrix = draft.matrix(of_mode)
    indptr, indices, data = matrix.indptr, matrix.indices, matrix.data
    result = []
    for row, node in enumerate(dangling.tolist()):
        near = [
            (float(g), int(nodes[f]))
            for g, f in zip(gaps[row], found[row], strict=True)
            if f < len(nodes)
        ]
        near = [
            (g, other)
            for g, other in near
            if other != node and draft.country[other] == draft.country[node]
        ]
        if not near:
            continue
        limit = MIN_DETOUR * max(g for g, _ in near)
        reached = dijkstra_within(node, limit, indptr, indices, data)
        for gap, other in near:
            if reached.get(other, np.inf) > MIN_DETOUR * max(gap, 0.05):
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
        for gap, a, b in _candidates(draft, mode):
            if a in used or b in used:
                continue
            used.update((a, b))
            joins.append((gap, a, b))
        if not joins:
            break
        tail = np.array([j[1] for j in joins])
        head = np.array([j[2] for j in joins])
        ok = np.ones(len(joins), dtype=bool)
        for share in (0.2, 0.4, 0.5, 0.6, 0.8):
            lon = draft.lon[tail] + share * (draft.lon[head] - draft.lon[tail])
            lat = draft.lat[tail] + share * (draft.lat[head] - draft.lat[tail])
            ok &= country_map.locate(lon, lat) == draft.country[tail]
        tail, head = tail[ok], head[ok]
        if not len(tail):
            break
        gap_km = distance_km(draft.lon[tail], draft.lat[tail], draft.lon[head], draft.lat[head])
        draft.add_edges(tail, head, mode=mode, km=gap_km * SINUOSITY, source=HEALED)
        total += len(tail)
    return total
