"""Merge chains of nodes with two edges into single edges that keep their geometry."""

from __future__ import annotations

import numpy as np

from horgos_geo.build.draft import EDGE_FIELDS, Draft

_SAME = ("mode", "country_e", "gauge", "gauge_to", "crossing", "source", "link")


def drop_parallel(draft: Draft) -> int:
    """Keep the shortest of the edges that join the same two nodes in the same way."""
    low, high = np.minimum(draft.u, draft.v), np.maximum(draft.u, draft.v)
    order = np.lexsort((draft.km * draft.factor, draft.crossing, draft.gauge_to, draft.gauge,
                        draft.mode, high, low))  # fmt: skip
    keys = np.column_stack([low, high, draft.mode, draft.gauge, draft.gauge_to, draft.crossing])[
        order
    ]
    first = np.ones(draft.m, dtype=bool)
    first[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    mask = np.zeros(draft.m, dtype=bool)
    mask[order[first]] = True
    mask &= draft.u != draft.v
    dropped = int((~mask).sum())
    draft.keep_edges(mask)
    return dropped


def prune(draft: Draft, stub_km: dict[int, float]) -> int:
    """Drop dead-end stubs: yard tracks, ramps and drives that lead nowhere.

    Parameters
    ----------
    draft
        Changed in place. Nodes marked `keep` and their edges stay.
    stub_km
        By mode, the length below which a dead end goes.

    Returns
    -------
    int
        Number of edges dropped.
    """
    before = draft.m
    for _ in range(6):
        single = (draft.degrees() == 1) & ~draft.keep
        stub = np.zeros(draft.m, dtype=bool)
        for mode, km in stub_km.items():
            stub |= (draft.mode == mode) & (draft.km < km) & (single[draft.u] | single[draft.v])
        if not stub.any():
            break
        draft.keep_edges(~stub)
    return before - draft.m


def merge(draft: Draft) -> int:
    """Merge chains in place and return how many nodes went.

    A node stays where other than two edges meet, where it is marked `keep`, and where the two
    edges differ in mode, country, gauge, crossing, source or link. Loops keep one inner node.
    """
    degree = draft.degrees()
    ends = np.concatenate([draft.u, draft.v])
    edge_of = np.concatenate([np.arange(draft.m)] * 2)
    order = np.argsort(ends, kind="stable")
    ends, edge_of = ends[order], edge_of[order]
    start = np.searchsorted(ends, np.arange(draft.n))
    inner = (degree == 2) & ~draft.keep
    nodes = np.flatnonzero(inner)
    first, second = edge_of[start[nodes]], edge_of[start[nodes] + 1]
    alike = first != second
    for name in _SAME:
        column = getattr(draft, name)
        alike &= column[first] == column[second]
    alike &= draft.gauge[first] == draft.gauge_to[first]
    inner[nodes[~alike]] = False
    two = {
        int(n): (int(a), int(b)) for n, a, b in zip(nodes, first, second, strict=True) if inner[n]
    }
    gone = np.zeros(draft.m, dtype=bool)
    seen = np.zeros(draft.m, dtype=bool)
    u, v = draft.u.tolist(), draft.v.tolist()
    for edge in range(draft.m):
        if seen[edge] or not (inner[u[edge]] or inner[v[edge]]):
            continue
        left, right, loop = _walk(edge, u[edge], two, u, v), _walk(edge, v[edge], two, u, v), False
        chain = [*reversed(left), edge, *right]
        if len(set(chain)) < len(chain):  # a ring without any fixed node: leave it
            seen[np.array(chain)] = True
            continue
        tail = _far_end(chain, u, v)
        head = _far_end(chain[::-1], u, v)
        loop = head == tail
        seen[np.array(chain)] = True
        if len(chain) == 1:
            continue
        if loop:
            _join(draft, chain[: len(chain) // 2], head, gone)
            rest = chain[len(chain) // 2 :]
            _join(draft, rest, int(draft.v[chain[0]]), gone)
        else:
            _join(draft, chain, head, gone)
    draft.keep_edges(~gone)
    used = np.zeros(draft.n, dtype=bool)
    used[draft.u] = used[draft.v] = True
    dropped = int((~used).sum())
    draft.keep_nodes(used)
    return dropped


def _walk(
    edge: int, node: int, two: dict[int, tuple[int, int]], u: list[int], v: list[int]
) -> list[int]:
    """Follow a chain from `edge` through `node` as long as nodes can go; return its edges."""
    chain: list[int] = []
    start = edge
    while node in two:
        a, b = two[node]
        edge = b if a == edge else a
        if edge == start:
            break
        chain.append(edge)
        node = v[edge] if u[edge] == node else u[edge]
    return chain


def _far_end(chain: list[int], u: list[int], v: list[int]) -> int:
    """Return the node where a chain ends, after its last edge."""
    if len(chain) == 1:
        return v[chain[0]]
    last, before = chain[-1], {u[chain[-2]], v[chain[-2]]}
    return v[last] if u[last] in before else u[last]


def _join(draft: Draft, chain: list[int], start: int, gone: np.ndarray) -> None:
    """Make the first edge of a chain the whole of it, from node `start`."""
    keep, node = chain[0], start
    vertices: list[tuple[float, float]] = []
    km, corrected = 0.0, 0.0
    for position, edge in enumerate(chain):
        forward = int(draft.u[edge]) == node
        inner = draft.shape.get(edge, [])
        vertices += inner if forward else inner[::-1]
        node = int(draft.v[edge]) if forward else int(draft.u[edge])
        km += float(draft.km[edge])
        corrected += float(draft.km[edge] * draft.factor[edge])
        if position < len(chain) - 1:
            vertices.append((float(draft.lon[node]), float(draft.lat[node])))
        if position:
            gone[edge] = True
            draft.shape.pop(edge, None)
    draft.u[keep], draft.v[keep] = start, node
    draft.km[keep] = km
    draft.factor[keep] = corrected / km if km else 1.0
    if vertices:
        draft.shape[keep] = vertices


__all__ = ["EDGE_FIELDS", "drop_parallel", "merge"]
