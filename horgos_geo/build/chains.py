"""Merge chains of nodes with two edges into single edges that keep their geometry."""

from __future__ import annotations

import numpy as np

from horgos_geo.build.draft import EDGE_COLUMNS, Draft, Ints
from horgos_geo.core.geodesy import ranges

#: Two edges become one only where these are the same.
_SAME = (
    "mode",
    "gauge",
    "gauge_to",
    "crossing",
    "source",
    "link",
    "oneway",
    "speed_kmh",
    "class_",
    "electrified",
)
_STUB_ROUNDS = 6


def drop_parallel(draft: Draft) -> int:
    """Keep the shortest of the edges that join the same two nodes in the same way.

    Parameters
    ----------
    draft
        Changed in place; without oneway edges. Edges from a node to itself go too.

    Returns
    -------
    int
        Number of edges dropped.
    """
    low, high = np.minimum(draft.u, draft.v), np.maximum(draft.u, draft.v)
    alike = [low, high, draft.mode, draft.gauge, draft.gauge_to, draft.crossing]
    order = np.lexsort([draft.km, *alike[::-1]])
    keys = np.column_stack(alike)[order]
    first = np.ones(draft.m, dtype=bool)
    first[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    mask = np.zeros(draft.m, dtype=bool)
    mask[order[first]] = True
    mask &= draft.u != draft.v
    draft.keep_edges(mask)
    return int((~mask).sum())


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
    for _ in range(_STUB_ROUNDS):
        single = (draft.degrees() == 1) & ~draft.keep
        stub = np.zeros(draft.m, dtype=bool)
        for mode, km in stub_km.items():
            stub |= draft.of_mode(mode) & (draft.km < km) & (single[draft.u] | single[draft.v])
        if not stub.any():
            break
        draft.keep_edges(~stub)
    return before - draft.m


def merge(draft: Draft) -> int:
    """Merge chains of edges, and return how many nodes went.

    A node stays where other than two edges meet, where it is marked `keep`, and where the two
    edges differ in more than their length and shape, or do not lead on in one direction. A loop
    keeps one inner node; a ring that nothing joins stays as it is.

    Parameters
    ----------
    draft
        Changed in place.
    """
    chains = _chains(draft)
    sizes = np.array([len(chain) for chain in chains], dtype=np.int64)
    ends = np.array([end for chain in chains for end in chain], dtype=np.int64)
    draft.take_edges(ends % draft.m, ends >= draft.m)
    _join(draft, np.cumsum(sizes) - sizes, np.cumsum(sizes) - 1)
    before = draft.n
    draft.keep_nodes(draft.on_edges())
    return before - draft.n


def _next_ends(draft: Draft) -> dict[int, int]:
    """Return where a chain goes on: from one end of an edge to the end of another at its node.

    The end of edge e at its `u` is e, that at its `v` is e + M.
    """
    ends = np.concatenate([draft.u, draft.v])
    order = np.argsort(ends, kind="stable")
    degree = draft.degrees()
    nodes = np.flatnonzero((degree == 2) & ~draft.keep)
    first = (np.cumsum(degree) - degree)[nodes]
    a, b = order[first], order[first + 1]
    one, two = a % draft.m, b % draft.m
    joins = (one != two) & (draft.gauge[one] == draft.gauge_to[one])
    for name in _SAME:
        column = np.nan_to_num(getattr(draft, name))
        joins &= column[one] == column[two]
    # Of two oneway edges one comes in and one goes out.
    joins &= ~draft.oneway[one] | ((a < draft.m) != (b < draft.m))
    pairs = np.column_stack([a[joins], b[joins]])
    return dict(np.concatenate([pairs, pairs[:, ::-1]]).tolist())


def _chains(draft: Draft) -> list[list[int]]:
    """Return the chains, each as its edges in order, named by the end that each is entered at."""
    m, next_ends = draft.m, _next_ends(draft)
    node = np.concatenate([draft.u, draft.v]).tolist()
    seen = bytearray(m)

    def walk(edge: int, end: int) -> list[int]:
        found: list[int] = []
        while (entered := next_ends.get(end, edge)) % m != edge:
            found.append(entered)
            seen[entered % m] = True
            end = _other(entered, m)
        return found

    chains = []
    for edge in range(m):
        if seen[edge]:
            continue
        chain = [edge, *walk(edge, edge + m)]
        last = _other(chain[-1], m)
        if len(chain) > 1 and next_ends.get(last) == edge:
            chains += [[end] for end in chain]  # a ring
            continue
        chain = [*(_other(end, m) for end in reversed(walk(edge, edge))), *chain]
        half = len(chain) // 2
        is_loop = node[chain[0]] == node[last]
        chains += [chain[:half], chain[half:]] if is_loop and half else [chain]
    return chains


def _other(end: int, m: int) -> int:
    """Return the other end of an edge."""
    return end - m if end >= m else end + m


def _join(draft: Draft, first: Ints, last: Ints) -> None:
    """Make one edge of each run of edges, from the first to the last, that lead on."""
    goes_on = np.ones(draft.m, dtype=bool)
    goes_on[last] = False
    # A joint becomes the last inner vertex of the edge before it.
    counts = draft.inner + goes_on
    begin = np.cumsum(counts) - counts
    own, joint = ranges(begin, draft.inner), (begin + draft.inner)[goes_on]
    at = draft.v[goes_on]
    for name, vertices, nodes in (
        ("inner_lon", draft.inner_lon, draft.lon),
        ("inner_lat", draft.inner_lat, draft.lat),
    ):
        column = np.empty(int(counts.sum()))
        column[own], column[joint] = vertices, nodes[at]
        setattr(draft, name, column)
    km, inner, v = np.add.reduceat(draft.km, first), np.add.reduceat(counts, first), draft.v[last]
    for name in EDGE_COLUMNS:
        setattr(draft, name, getattr(draft, name)[first])
    draft.km, draft.inner, draft.v = km, inner, v
