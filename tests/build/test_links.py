"""Curated links added, listed edges dropped."""

from __future__ import annotations

import pytest
from raw_fixture import draft_of, two_countries

from horgos_geo.build import links
from horgos_geo.build.draft import CURATED, RAIL, ROAD


def test_listed_edges_are_dropped() -> None:
    row = {"lon_u": "75.1", "lat_u": "45.0", "lon_v": "75.0", "lat_v": "45.0"}
    draft = draft_of([(75.0, 45.0), (75.1, 45.0), (75.2, 45.0)], [(0, 1), (1, 2)], RAIL)
    assert links.drop_listed(draft, RAIL, [row]) == 1
    assert (int(draft.u[0]), int(draft.v[0])) == (1, 2)


def test_a_listed_line_is_dropped_from_junction_to_junction() -> None:
    row = {"lon_u": "75.1", "lat_u": "45.0", "lon_v": "75.2", "lat_v": "45.0"}
    points = [(75.0 + i / 10, 45.0) for i in range(5)] + [(75.0, 45.1), (75.4, 45.1), (75.2, 45.2)]
    # The old line 0 - 5 - 6 - 4 runs beside the new one 0 - 1 - 2 - 3 - 4; 5 - 7 is a branch.
    ends = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 5), (5, 6), (6, 4), (5, 7), (0, 7), (4, 7)]
    draft = draft_of(points, ends, RAIL)
    assert links.drop_listed(draft, RAIL, [row], whole_runs=True) == 4
    assert sorted(zip(draft.u.tolist(), draft.v.tolist(), strict=True)) == sorted(ends[4:])


def test_links_join_near_nodes_or_make_new_ones() -> None:
    draft = draft_of([(75.0, 45.0), (75.1, 45.0), (76.0, 45.0)], [(0, 1), (1, 2)], ROAD)
    first = {"id": "a-b", "from_lon": "75.01", "from_lat": "45", "from_new": "", "to_lon": "75.5",
             "to_lat": "45.5", "to_new": "", "km": "90", "use": "yes"}  # fmt: skip
    on = first | {
        "id": "b-c",
        "from_lon": "75.5",
        "from_lat": "45.5",
        "to_lon": "76",
        "to_lat": "45",
    }
    off, same = first | {"id": "off", "use": "no"}, first | {"id": "same", "to_lon": "75.0",
                                                             "to_lat": "45"}  # fmt: skip
    added, problems = links.add_links(draft, ROAD, [first, on, off, same], two_countries())
    assert (added, problems) == (2, ["same: both ends fall on one node"])
    assert draft.n == 4
    assert [(int(draft.u[e]), int(draft.v[e])) for e in (2, 3)] == [(0, 3), (3, 2)]
    assert draft.km[2] == 90
    # A link is never shorter than the straight line.
    on_km = draft.chord_km()[3]
    assert draft.km[3] == pytest.approx(max(90, on_km))
    assert draft.source[2:].tolist() == [CURATED, CURATED]
    assert [draft.link_ids[code] for code in draft.link[2:]] == ["a-b", "b-c"]
