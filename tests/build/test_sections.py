"""Published lengths given to the long edges of their road."""

from __future__ import annotations

import pytest
from raw_fixture import draft_of

from horgos_geo.build.draft import RAIL, ROAD
from horgos_geo.build.sections import SHORT_FACTOR, Sections, mark

ROW = {"id": "a1", "mode": "road", "km": "110", "from_lon": "75.0", "from_lat": "45.0",
       "to_lon": "76.1", "to_lat": "45.0"}  # fmt: skip


def test_a_section_gives_its_length_to_its_long_edges() -> None:
    draft = draft_of([(75.0, 45.0), (76.0, 45.0), (76.1, 45.0)], [(0, 1), (1, 2)], ROAD)
    short = float(draft.km[1]) * SHORT_FACTOR
    found = Sections()
    mark(draft, ROAD, [ROW, ROW | {"mode": "rail"}], found)
    factor = found.factors["section-a1"]
    assert float(draft.km[0]) * factor + short == pytest.approx(110, abs=0.1)
    assert draft.link_ids[draft.link[0]] == "section-a1"
    assert draft.link[1] == 0
    assert found.unused == []


@pytest.mark.parametrize("changed", [{"km": "300"}, {"to_lon": "78"}, {"to_lat": "46"}])
def test_a_section_of_another_road_is_unused(changed: dict[str, str]) -> None:
    draft = draft_of([(75.0, 45.0), (76.0, 45.0), (76.1, 45.0)], [(0, 1), (1, 2)], ROAD)
    found = Sections()
    mark(draft, ROAD, [ROW | changed], found)
    assert found.unused == ["a1"]
    assert not draft.link.any()


@pytest.mark.parametrize(("near", "far"), [(1, 2), (2, 1)])
def test_a_section_to_a_border_post_ends_on_its_near_side(near: int, far: int) -> None:
    # The post has two nodes in one place, which only the crossing joins.
    points = [(79.0, 45.0), (80.0, 45.0), (80.0, 45.0), (81.0, 45.0)]
    draft = draft_of(points, [(0, near), (near, far), (far, 3)], RAIL)
    draft.crossing[1] = draft.crossing_code("post")
    row = ROW | {"mode": "rail", "km": "90", "from_lon": "79.0", "to_lon": "80.0"}
    found = Sections()
    mark(draft, RAIL, [row], found)
    assert found.unused == []
    assert float(draft.km[0]) * found.factors["section-a1"] == pytest.approx(90, abs=0.1)
