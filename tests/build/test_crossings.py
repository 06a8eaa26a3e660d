"""Border edges: matched, open, unverified or cut; slivers given to whom they serve."""

from __future__ import annotations

import numpy as np
import pytest
from raw_fixture import draft_of, two_countries

from horgos_geo.build.crossings import BorderMatcher, Borders, relabel_listed, split_at_borders
from horgos_geo.build.draft import RAIL, ROAD, Draft

PAIR = ("CHN", "KAZ")
POST = {
    "id": "khorgos-nur-zholy-road", "name": "Khorgos - Nur Zholy", "country_a": "CHN",
    "country_b": "KAZ", "kind": "post", "status": "open", "status_date": "", "lon": "80.0",
    "lat": "45.0", "network_lon": "", "network_lat": "", "network_edge_km": "",
    "gauge_a_mm": "", "gauge_b_mm": "", "source": "", "retrieved": "", "note": "",
}  # fmt: skip
EDGE = {"country_a": "CHN", "country_b": "KAZ", "lon_u": "0", "lat_u": "0", "lon_v": "1",
        "lat_v": "1", "action": "drop", "crossing": ""}  # fmt: skip


def split(draft: Draft, mode: int = ROAD, **tables: object) -> Borders:
    rows = {name: [] for name in ("posts", "edges", "open_areas", "closed_pairs")}
    borders = Borders()
    split_at_borders(draft, BorderMatcher(mode, **(rows | tables)), two_countries(), borders)
    return borders


@pytest.mark.parametrize("far_edge", [False, True])
def test_a_border_edge_becomes_a_crossing_or_is_cut(far_edge: bool) -> None:
    chain = [(79.0 + 0.1 * i, 44.0) for i in range(6)] + [(80.5 + 0.1 * i, 44.0) for i in range(6)]
    points = [(79.9, 45.0), (80.1, 45.0), *chain, (79.0, 45.0), (81.0, 45.0)]
    edges = [(0, 1), (7, 8), (14, 0), (1, 15), (14, 2), (15, 13)]
    edges += [(2 + i, 3 + i) for i in range(5)] + [(8 + i, 9 + i) for i in range(5)]
    draft = draft_of(points, edges, ROAD)
    post = dict(POST)
    if far_edge:  # what a row says of its edge does not count a hundred kilometres off
        post |= {"network_lon": "80", "network_lat": "44", "network_edge_km": f"{draft.km[1]}"}
    borders = split(draft, posts=[post])
    assert borders.counts[PAIR, "road"] == {"matched": 1, "cut": 1}
    (over,) = np.flatnonzero(draft.crossing > 0)
    assert draft.km[over] == 0
    assert draft.crossing_ids[draft.crossing[over]] == POST["id"]
    differ = draft.country[draft.u] != draft.country[draft.v]
    assert np.flatnonzero(differ).tolist() == [over]
    assert draft.lon[draft.u[over]] == pytest.approx(80.0, abs=0.001)
    assert borders.crossings[POST["id"]].status == "open"


def test_nothing_listed_makes_an_unverified_crossing() -> None:
    draft = draft_of([(76.0, 45.0), (79.9, 45.0), (80.1, 45.0), (84.0, 45.0)],
                     [(0, 1), (1, 2), (2, 3)], ROAD)  # fmt: skip
    (crossing,) = split(draft).crossings.values()
    assert crossing.kind == "unverified"
    assert crossing.id == "chn-kaz-45-00n-80-00e-road"
    assert (crossing.lon, crossing.lat) == (80.0, 45.0)


def test_what_is_known_of_a_pair_cuts_its_other_edges() -> None:
    closed = {"country_a": "KAZ", "country_b": "CHN", "doubt": "none", "since": "1969"}
    points = [(78.5, 45.0), (79.9, 45.0), (80.1, 45.0), (81.5, 45.0)]
    draft = draft_of(points, [(0, 1), (1, 2), (2, 3)], ROAD)
    borders = split(draft, closed_pairs=[closed])
    assert borders.counts[PAIR, "road"] == {"cut": 1}
    assert draft.m == 2


def test_an_open_area_needs_no_post() -> None:
    draft = draft_of([(79.0, 45.0), (79.9, 45.0), (80.1, 45.0), (81.0, 45.0)],
                     [(0, 1), (1, 2), (2, 3)], ROAD)  # fmt: skip
    borders = split(draft, open_areas=[{"members": "CHN KAZ", "gates": "no"}])
    (crossing,) = borders.crossings.values()
    assert (crossing.id, crossing.kind) == ("chn-kaz-open-road", "open_area")
    assert crossing.is_event is False


@pytest.mark.parametrize(
    ("action", "verdict"),
    [("open", "matched"), ("open_domestic", "domestic"), ("allow_domestic", "domestic"),
     ("drop", "cut")],
)  # fmt: skip
def test_a_row_decides_on_its_rail_edge(action: str, verdict: str) -> None:
    points = [(79.0, 45.0), (79.9, 45.0), (80.1, 45.0), (81.0, 45.0)]
    draft = draft_of(points, [(0, 1), (1, 2), (2, 3)], RAIL)
    row = EDGE | {"lon_u": "79.9", "lat_u": "45.0", "lon_v": "80.1", "lat_v": "45.0",
                  "action": action, "crossing": "Far"}  # fmt: skip
    post = POST | {"id": "far-rail", "name": "Far", "lat": "49.0"}
    borders = split(draft, RAIL, posts=[post], edges=[row])
    assert borders.counts[PAIR, "rail"] == {verdict: 1}


def test_a_sliver_without_a_post_goes_to_the_country_it_serves() -> None:
    points = [(79.5, 45.0), (80.05, 45.1), (79.5, 45.2), (79.0, 45.0), (79.0, 45.2)]
    draft = draft_of(points, [(0, 1), (1, 2), (0, 3), (2, 4)], ROAD)
    split(draft, edges=[EDGE])
    assert {draft.countries[code] for code in draft.country} == {"KAZ"}
    assert draft.m == 4


def test_listed_road_nodes_change_their_country() -> None:
    draft = draft_of([(79.9, 45.0), (79.5, 45.0)], [(0, 1)], ROAD)
    row = EDGE | {"lon_u": "79.9", "lat_u": "45.0", "country_b": "CHN", "action": "relabel"}
    relabel_listed(draft, [row, EDGE])
    assert [draft.countries[code] for code in draft.country] == ["CHN", "KAZ"]
