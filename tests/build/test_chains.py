"""Chains merged with their length and geometry."""

from __future__ import annotations

import numpy as np
import pytest
from raw_fixture import draft_of

from horgos_geo.build import chains
from horgos_geo.build.draft import RAIL, ROAD, Draft


def inner(draft: Draft, edge: int) -> list[tuple[float, float]]:
    """Return the inner vertices of an edge."""
    begin = int(draft.inner[:edge].sum())
    part = slice(begin, begin + int(draft.inner[edge]))
    return list(zip(draft.inner_lon[part].tolist(), draft.inner_lat[part].tolist(), strict=True))


def test_a_chain_becomes_one_edge_with_its_geometry() -> None:
    points = [(75.0, 45.0), (75.1, 45.1), (75.2, 45.0), (75.3, 45.1), (75.3, 45.3), (75.5, 45.1)]
    draft = draft_of(points, [(0, 1), (2, 1), (2, 3), (3, 4), (3, 5)], ROAD)
    whole = float(draft.km.sum())
    assert chains.merge(draft) == 2
    assert draft.m == 3
    assert float(draft.km.sum()) == pytest.approx(whole)
    assert inner(draft, 0) == [(75.1, 45.1), (75.2, 45.0)]
    # Merged again with its neighbour, turned round, the vertices stay in order.
    draft.take_edges(np.array([0, 1]), np.array([True, False]))
    draft.keep[:] = False
    assert chains.merge(draft) == 2
    line = [(75.1, 45.1), (75.2, 45.0), (75.3, 45.1)]
    assert inner(draft, 0) in (line, line[::-1])


def test_chains_stop_at_kept_nodes_and_gauges() -> None:
    points = [(75.0, 45.0), (75.1, 45.0), (75.2, 45.0), (75.3, 45.0), (75.4, 45.0)]
    draft = draft_of(points, [(0, 1), (1, 2), (2, 3), (3, 4)], RAIL)
    draft.gauge[:] = draft.gauge_to[:] = [1435, 1435, 1520, 1520]
    draft.keep[3] = True
    assert chains.merge(draft) == 1
    assert sorted(draft.gauge.tolist()) == [1435, 1520, 1520]


def test_oneway_streets_merge_in_their_direction_only() -> None:
    points = [(75.0, 45.0), (75.1, 45.0), (75.2, 45.0), (75.3, 45.0), (75.4, 45.0)]
    draft = draft_of(points, [(1, 0), (2, 1), (2, 3), (3, 4)], ROAD)
    draft.oneway[:] = True
    assert chains.merge(draft) == 2
    ends = sorted(zip(draft.lon[draft.u], draft.lon[draft.v], strict=True))
    assert ends == [(75.2, 75.0), (75.2, 75.4)]


def test_a_loop_keeps_one_inner_node_and_a_ring_all() -> None:
    ring = [(75.0, 45.0), (75.1, 45.1), (75.2, 45.0), (75.1, 44.9)]
    round_about = [(0, 1), (1, 2), (2, 3), (3, 0)]
    loop = draft_of([*ring, (74.8, 45.0)], [*round_about, (4, 0)], ROAD)
    whole = float(loop.km.sum())
    assert chains.merge(loop) == 2
    assert loop.m == 3
    assert (loop.u != loop.v).all()
    assert float(loop.km.sum()) == pytest.approx(whole)
    alone = draft_of(ring, round_about, ROAD)
    assert chains.merge(alone) == 0
    assert alone.m == 4


def test_of_parallel_edges_the_shortest_stays() -> None:
    draft = draft_of([(75.0, 45.0), (75.1, 45.0)], [(0, 1), (1, 0), (0, 0)], ROAD)
    draft.km[:] = [12.0, 11.0, 1.0]
    assert chains.drop_parallel(draft) == 2
    assert draft.km.tolist() == [11.0]


def test_stubs_go_unless_they_are_kept() -> None:
    points = [(75.0, 45.0), (75.5, 45.0), (76.0, 45.0), (75.5, 45.005), (75.0, 45.005)]
    draft = draft_of(points, [(0, 1), (1, 2), (1, 3), (0, 4)], ROAD)
    draft.keep[4] = True
    assert chains.prune(draft, {ROAD: 1.0}) == 1
    assert sorted(zip(draft.u.tolist(), draft.v.tolist(), strict=True)) == [(0, 1), (0, 4), (1, 2)]
