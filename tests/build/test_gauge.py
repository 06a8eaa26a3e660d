"""Gauges by country and line, and the nodes where two of them meet."""

from __future__ import annotations

import numpy as np
import pytest
from raw_fixture import draft_of

from horgos_geo.build import gauge
from horgos_geo.build.draft import RAIL
from horgos_geo.model.network import Crossing

BOX = {"name": "stub", "kind": "box", "country": "KAZ", "west": "76.5", "south": "44",
       "east": "78", "north": "46", "gauge_mm": "1435", "break_lon": "76.5",
       "break_lat": "45"}  # fmt: skip


@pytest.mark.parametrize("kind", ["box", "path"])
def test_gauges_are_parted_where_trains_can_change(kind: str) -> None:
    draft = draft_of([(76.0, 45.0), (76.5, 45.0), (77.0, 45.0)], [(0, 1), (1, 2)], RAIL)
    row = BOX | {"kind": kind}
    if kind == "path":  # from the middle node to the last
        row |= {"south": "45", "east": "77", "north": "45"}
    assert gauge.assign(draft, {"KAZ": 1520}, {}, [row]) == []
    assert draft.m == 3
    (change,) = np.flatnonzero(draft.gauge != draft.gauge_to)
    assert draft.km[change] == 0
    assert {int(draft.gauge[change]), int(draft.gauge_to[change])} == {1435, 1520}


def test_gauges_are_parted_for_good_elsewhere() -> None:
    draft = draft_of([(76.0, 45.0), (76.5, 45.0), (77.0, 45.0)], [(0, 1), (1, 2)], RAIL)
    gauge.assign(draft, {"KAZ": 1520}, {}, [BOX | {"break_lon": ""}])
    assert draft.m == 2
    assert len(np.unique(draft.components())) == 2


def test_a_link_has_its_own_gauge_and_a_line_that_is_not_there_is_named() -> None:
    draft = draft_of([(76.0, 45.0), (76.5, 45.0)], [(0, 1)], RAIL)
    draft.link[0] = draft.link_code("china-line")
    far = BOX | {"west": "10", "east": "11"}
    assert gauge.assign(draft, {"KAZ": 1520}, {"china-line": 1435}, [far]) == [
        "gauge exception stub: no such line in the network"
    ]
    assert draft.gauge.tolist() == draft.gauge_to.tolist() == [1435]


def test_a_crossing_has_the_gauges_of_its_two_sides() -> None:
    points = [(79.0, 45.0), (79.9, 45.0), (80.1, 45.0), (81.0, 45.0)]
    draft = draft_of(points, [(0, 1), (1, 2), (2, 3)], RAIL)
    draft.crossing[1] = draft.crossing_code("post-rail")
    gauge.assign(draft, {"KAZ": 1520, "CHN": 1435}, {}, [])
    assert (draft.gauge[1], draft.gauge_to[1]) == (1520, 1435)
    post = Crossing("post-rail", "Post", "CHN", "KAZ", "rail")
    found = gauge.of_crossings(draft, {post.id: post})[post.id]
    assert (found.gauge_a_mm, found.gauge_b_mm) == (1435, 1520)
