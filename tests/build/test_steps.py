"""The steps of the pipeline on tiny graphs: what each must and must not do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from horgos_geo.build import (
    chains,
    crossings,
    gaps as healing,
    gauge,
    links,
    scgraph,
    sections,
    splits,
)
from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import RAIL, ROAD, Draft, distance_km
from horgos_geo.core.errors import DataError, MissingData

TEXT = """
from scgraph.core import GeoGraph
graph=[{1: 2.5, 0: 0.0}, {0: 2.5, 2: 1.25}, {1: 1.25}]
nodes=[[43.0, 76.0], [43.01, 76.02], [43.02, 76.03]]
world_geograph = GeoGraph(graph=graph, nodes=nodes)
"""


@pytest.fixture
def two_countries() -> CountryMap:
    """Kazakhstan west of 80 degrees east, China east of it."""
    return CountryMap(
        [shapely.box(70, 40, 80, 50), shapely.box(80, 40, 90, 50)], ["KAZ", "CHN"], ["Asia", "Asia"]
    )


def draft_of(
    points: list[tuple[float, float]], edges: list[tuple[int, int]], where: CountryMap, rail: bool
) -> Draft:
    """Make a draft whose edges are 1.1 times their chords."""
    lon, lat = np.array(points).T
    u, v = np.array(edges).T
    km = distance_km(lon[u], lat[u], lon[v], lat[v]) * 1.1
    draft = Draft.from_graphs(where.codes, [(rail, lon, lat, u, v, km)])
    draft.country = where.locate(draft.lon, draft.lat)
    draft.country_e = draft.country[draft.u].copy()
    return draft


def test_scgraph_literals_are_parsed_without_running_the_module() -> None:
    lon, lat, u, v, km = scgraph.parse(TEXT)
    assert lon.tolist() == [76.0, 76.02, 76.03]
    assert lat.tolist() == [43.0, 43.01, 43.02]
    assert list(zip(u.tolist(), v.tolist(), km.tolist(), strict=True)) == [
        (0, 1, 2.5),
        (1, 2, 1.25),
    ]


def test_scgraph_refuses_another_text() -> None:
    with pytest.raises(DataError, match="literals"):
        scgraph.parse("graph = 3")


def test_scgraph_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="scgraph-data"):
        scgraph.find("scgraph_data", tmp_path)


def test_country_of_a_point_off_the_shore_is_the_nearest(two_countries: CountryMap) -> None:
    codes = [
        two_countries.codes[c]
        for c in two_countries.locate([75.0, 85.0, 70.0, 10.0], [45.0, 45.0, 39.5, 10.0])
    ]
    assert codes == ["KAZ", "CHN", "KAZ", ""]


def test_dangling_ends_are_joined_but_never_across_a_border(two_countries: CountryMap) -> None:
    points = [(75.0, 45.0), (75.2, 45.0), (75.4, 45.0), (75.6, 45.0), (79.9, 45.0), (80.1, 45.0)]
    draft = draft_of(
        [*points, (79.7, 45.0), (80.3, 45.0)], [(0, 1), (2, 3), (6, 4), (5, 7)], two_countries, True
    )
    joins = healing.bridge_gaps(draft, RAIL, two_countries)
    assert joins == 1
    assert (draft.u[-1], draft.v[-1]) in ((1, 2), (2, 1))


def test_a_short_way_round_is_not_healed(two_countries: CountryMap) -> None:
    points = [(75.0, 45.0), (75.1, 45.0), (75.1, 45.05), (75.0, 45.02)]
    draft = draft_of(points, [(0, 1), (1, 2), (0, 3)], two_countries, True)
    assert healing.bridge_gaps(draft, RAIL, two_countries) == 0


def test_a_chain_becomes_one_edge_with_its_geometry(two_countries: CountryMap) -> None:
    points = [(75.0, 45.0), (75.1, 45.1), (75.2, 45.0), (75.3, 45.1), (75.3, 45.3), (75.5, 45.1)]
    draft = draft_of(points, [(0, 1), (2, 1), (2, 3), (3, 4), (3, 5)], two_countries, False)
    whole = float(draft.km.sum())
    assert chains.merge(draft) == 2
    assert draft.m == 3
    assert float(draft.km.sum()) == pytest.approx(whole)
    (shape,) = draft.shape.values()
    assert {(round(x, 1), round(y, 1)) for x, y in shape} == {(75.1, 45.1), (75.2, 45.0)}


def test_chains_stop_at_kept_nodes_gauges_and_crossings(two_countries: CountryMap) -> None:
    points = [(75.0, 45.0), (75.1, 45.0), (75.2, 45.0), (75.3, 45.0), (75.4, 45.0)]
    draft = draft_of(points, [(0, 1), (1, 2), (2, 3), (3, 4)], two_countries, True)
    draft.gauge[:] = draft.gauge_to[:] = [1435, 1435, 1520, 1520]
    draft.keep[3] = True
    assert chains.merge(draft) == 1
    assert sorted(draft.gauge.tolist()) == [1435, 1520, 1520]


@pytest.mark.parametrize("far_edge", [False, True])
def test_a_border_edge_becomes_a_crossing_or_is_cut(
    two_countries: CountryMap, monkeypatch: pytest.MonkeyPatch, far_edge: bool
) -> None:
    post = {
        "id": "khorgos-nur-zholy-road", "name": "Khorgos - Nur Zholy", "country_a": "CHN",
        "country_b": "KAZ", "kind": "post", "status": "open", "status_date": "", "lon": "80.0",
        "lat": "45.0", "network_lon": "", "network_lat": "", "network_edge_km": "",
        "gauge_a_mm": "", "gauge_b_mm": "", "source": "", "retrieved": "", "note": "",
    }  # fmt: skip
    tables = {"reference/crossings_road.csv": [post]}
    monkeypatch.setattr(crossings.datasets, "read_rows", lambda name: tables.get(name, []))
    chain = [(79.0 + 0.1 * i, 44.0) for i in range(6)] + [(80.5 + 0.1 * i, 44.0) for i in range(6)]
    points = [(79.9, 45.0), (80.1, 45.0), *chain, (79.0, 45.0), (81.0, 45.0)]
    edges = [(0, 1), (7, 8), (14, 0), (1, 15), (14, 2), (15, 13)]
    edges += [(2 + i, 3 + i) for i in range(5)] + [(8 + i, 9 + i) for i in range(5)]
    draft = draft_of(points, edges, two_countries, False)
    if far_edge:  # what a row says of its edge does not count a hundred kilometres off
        post |= {"network_lon": "80", "network_lat": "44", "network_edge_km": f"{draft.km[1]}"}
    gating = crossings.Gating()
    crossings.split_at_borders(draft, ROAD, two_countries, gating)
    pair = ("CHN", "KAZ")
    assert gating.counts[pair, "road"] == {"matched": 1, "cut": 1}
    over = np.flatnonzero(draft.crossing > 0)
    assert len(over) == 1
    assert draft.km[over[0]] == 0
    assert draft.crossing_ids[draft.crossing[over[0]]] == "khorgos-nur-zholy-road"
    differ = draft.country[draft.u] != draft.country[draft.v]
    assert np.flatnonzero(differ).tolist() == over.tolist()
    assert draft.lon[draft.u[over[0]]] == pytest.approx(80.0, abs=0.001)


def test_nothing_listed_makes_an_unverified_crossing(
    two_countries: CountryMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crossings.datasets, "read_rows", lambda name: [])
    points = [(76.0, 45.0), (79.9, 45.0), (80.1, 45.0), (84.0, 45.0)]
    draft = draft_of(points, [(0, 1), (1, 2), (2, 3)], two_countries, False)
    gating = crossings.Gating()
    crossings.split_at_borders(draft, ROAD, two_countries, gating)
    (record,) = gating.used.values()
    assert record["kind"] == "unverified"
    assert record["id"].startswith("chn-kaz-45-00n")


def test_a_sliver_without_a_post_goes_to_the_country_it_serves(
    two_countries: CountryMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {
        "curation/border_edges_road.csv": [
            {"country_a": "CHN", "country_b": "KAZ", "lon_u": "0", "lat_u": "0", "lon_v": "1",
             "lat_v": "1", "action": "drop", "reason": ""}
        ]
    }  # fmt: skip
    monkeypatch.setattr(crossings.datasets, "read_rows", lambda name: tables.get(name, []))
    points = [(79.5, 45.0), (80.05, 45.1), (79.5, 45.2), (79.0, 45.0), (79.0, 45.2)]
    draft = draft_of(points, [(0, 1), (1, 2), (0, 3), (2, 4)], two_countries, False)
    crossings.split_at_borders(draft, ROAD, two_countries, crossings.Gating())
    assert {draft.countries[c] for c in draft.country} == {"KAZ"}
    assert draft.m == 4


def test_a_place_on_a_long_edge_gets_its_node(two_countries: CountryMap) -> None:
    draft = draft_of([(75.0, 45.0), (77.0, 45.0)], [(0, 1)], two_countries, True)
    whole = float(draft.km[0])
    places = [splits.Place("on it", 76.0, 45.1), splits.Place("far off", 76.0, 46.5)]
    home = two_countries.locate([76.0, 76.0], [45.1, 46.5])
    assert splits.split_at_places(draft, RAIL, home, places, wide=True) == 1
    assert draft.m == 2
    assert draft.keep.tolist() == [False, False, True]
    assert float(draft.km.sum()) == pytest.approx(whole, rel=1e-6)


def test_a_road_that_ends_beside_a_long_edge_joins_it(two_countries: CountryMap) -> None:
    # Plains by Balkhash. A long road; one that ends at it, one that ends far off, one that ends
    # beside it and joins it not far on.
    points = [(76.0, 46.5), (77.0, 46.5), (76.5, 46.51), (76.5, 47.2), (76.4, 46.7), (76.4, 47.2),
              (76.96, 46.52)]  # fmt: skip
    edges = [(0, 1), (2, 3), (4, 5), (1, 6)]
    draft = draft_of(points, edges, two_countries, False)
    long_km = float(draft.km[0])
    found = splits.junctions(draft, ROAD)
    assert [(p.lon, p.lat, p.force) for p in found] == [(76.5, 46.51, True)]
    home = two_countries.locate([76.5], [46.51])
    assert splits.split_at_places(draft, ROAD, home, found) == 1
    from scipy.sparse.csgraph import dijkstra

    way = dijkstra(draft.matrix(), indices=0)
    assert float(way[1]) == pytest.approx(long_km, rel=0.01)
    assert float(way[3]) == pytest.approx(long_km / 2 + float(draft.km[1]), rel=0.01)


def test_a_road_that_ends_in_the_mountains_is_left_alone(two_countries: CountryMap) -> None:
    # The ridge between Bishkek and the Suusamyr: what ends near a road may lie beyond a pass.
    points = [(74.0, 42.5), (74.8, 42.5), (74.4, 42.51), (74.4, 42.9)]
    draft = draft_of(points, [(0, 1), (2, 3)], two_countries, False)
    assert splits.junctions(draft, ROAD) == []


def test_gauges_are_parted_where_trains_cannot_change(
    two_countries: CountryMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {
        "reference/gauges.csv": [{"country": "KAZ", "gauge_mm": "1520"}],
        "curation/gauge_exceptions.csv": [
            {"name": "stub", "kind": "box", "country": "KAZ", "west": "76.5", "south": "44",
             "east": "78", "north": "46", "gauge_mm": "1435", "break_lon": "76.5",
             "break_lat": "45"}
        ],
    }  # fmt: skip
    monkeypatch.setattr(gauge.datasets, "read_rows", lambda name: tables.get(name, []))
    draft = draft_of(
        [(76.0, 45.0), (76.5, 45.0), (77.0, 45.0)], [(0, 1), (1, 2)], two_countries, True
    )
    assert gauge.assign(draft) == []
    assert draft.m == 3
    change = np.flatnonzero(draft.gauge != draft.gauge_to)
    assert len(change) == 1
    assert draft.km[change[0]] == 0
    assert {int(draft.gauge[change[0]]), int(draft.gauge_to[change[0]])} == {1435, 1520}


def test_listed_edges_are_dropped(
    two_countries: CountryMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"lon_u": "75.1", "lat_u": "45.0", "lon_v": "75.0", "lat_v": "45.0"}
    monkeypatch.setattr(links.datasets, "read_rows", lambda name: [row])
    draft = draft_of(
        [(75.0, 45.0), (75.1, 45.0), (75.2, 45.0)], [(0, 1), (1, 2)], two_countries, True
    )
    assert links.drop_listed(draft, RAIL, "curation/passenger_lines.csv") == 1
    assert (int(draft.u[0]), int(draft.v[0])) == (1, 2)


def test_a_listed_line_is_dropped_from_junction_to_junction(
    two_countries: CountryMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"lon_u": "75.1", "lat_u": "45.0", "lon_v": "75.2", "lat_v": "45.0"}
    monkeypatch.setattr(links.datasets, "read_rows", lambda name: [row])
    points = [(75.0 + i / 10, 45.0) for i in range(5)] + [(75.0, 45.1), (75.4, 45.1), (75.2, 45.2)]
    # The old line 0 - 5 - 6 - 4 runs beside the new one 0 - 1 - 2 - 3 - 4; 5 - 7 is a branch.
    ends = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 5), (5, 6), (6, 4), (5, 7), (0, 7), (4, 7)]
    draft = draft_of(points, ends, two_countries, True)
    assert links.drop_listed(draft, RAIL, "curation/passenger_lines.csv", True) == 4
    assert sorted(zip(draft.u.tolist(), draft.v.tolist(), strict=True)) == sorted(ends[4:])


def test_a_section_gives_its_length_to_its_long_edges(
    two_countries: CountryMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = draft_of(
        [(75.0, 45.0), (76.0, 45.0), (76.1, 45.0)], [(0, 1), (1, 2)], two_countries, False
    )
    short = float(draft.km[1]) * sections.SHORT_FACTOR
    row = {"id": "a1", "mode": "road", "km": "110", "from_lon": "75.0", "from_lat": "45.0",
           "to_lon": "76.1", "to_lat": "45.0"}  # fmt: skip
    monkeypatch.setattr(sections.datasets, "read_rows", lambda name: [row])
    marked = sections.mark(draft)
    factor = marked.factors["section-a1"]
    assert float(draft.km[0]) * factor + short == pytest.approx(110, abs=0.1)
    assert draft.link_ids[draft.link[0]] == "section-a1"
    assert draft.link[1] == 0


def test_a_section_to_a_border_post_ends_on_its_near_side(
    two_countries: CountryMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The post has two nodes in one place, which only the crossing joins.
    points = [(79.0, 45.0), (80.0, 45.0), (80.0, 45.0), (81.0, 45.0)]
    for near, far in ((1, 2), (2, 1)):
        draft = draft_of(points, [(0, near), (near, far), (far, 3)], two_countries, False)
        draft.crossing[1] = draft.crossing_code("road-post")
        row = {"id": "a1", "mode": "road", "km": "90", "from_lon": "79.0", "from_lat": "45.0",
               "to_lon": "80.0", "to_lat": "45.0"}  # fmt: skip
        monkeypatch.setattr(sections.datasets, "read_rows", lambda name, row=row: [row])
        marked = sections.mark(draft)
        assert marked.unused == []
        assert float(draft.km[0]) * marked.factors["section-a1"] == pytest.approx(90, abs=0.1)
