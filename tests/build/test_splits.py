"""Long edges cut where a place lies on them."""

from __future__ import annotations

import pytest
from raw_fixture import draft_of, two_countries
from scipy.sparse.csgraph import dijkstra

from horgos_geo.build import splits
from horgos_geo.build.draft import RAIL, ROAD
from horgos_geo.build.splits import Site


def test_a_place_on_a_long_edge_gets_its_node() -> None:
    draft = draft_of([(75.0, 45.0), (77.0, 45.0)], [(0, 1)], RAIL)
    whole = float(draft.km[0])
    sites = [Site(76.0, 46.5), Site(76.0, 45.1)]
    home = two_countries().locate([76.0, 76.0], [46.5, 45.1])
    assert splits.split_at_sites(draft, RAIL, sites, home, listed=True) == 1
    assert draft.m == 2
    assert draft.keep.tolist() == [False, False, True]
    assert draft.lat[2] == 45.1
    assert float(draft.km.sum()) == pytest.approx(whole, rel=1e-6)


def test_a_road_that_ends_beside_a_long_edge_joins_it() -> None:
    # Plains by Balkhash. A long road; one that ends at it, one that ends far off, one that ends
    # beside it and joins it not far on.
    points = [(76.0, 46.5), (77.0, 46.5), (76.5, 46.51), (76.5, 47.2), (76.4, 46.7), (76.4, 47.2),
              (76.96, 46.52)]  # fmt: skip
    draft = draft_of(points, [(0, 1), (2, 3), (4, 5), (1, 6)], ROAD)
    long_km = float(draft.km[0])
    found = splits.junctions(draft, ROAD)
    assert found == [Site(76.5, 46.51, force=True)]
    home = two_countries().locate([76.5], [46.51])
    assert splits.split_at_sites(draft, ROAD, found, home) == 1
    assert draft.n == len(points)
    km = dijkstra(draft.matrix(), indices=0)
    assert float(km[1]) == pytest.approx(long_km, rel=0.01)
    assert float(km[3]) == pytest.approx(long_km / 2 + float(draft.km[1]), rel=0.01)


def test_a_road_that_ends_in_the_mountains_is_left_alone() -> None:
    # The ridge between Bishkek and the Suusamyr: what ends near a road may lie beyond a pass.
    points = [(74.0, 42.5), (74.8, 42.5), (74.4, 42.51), (74.4, 42.9)]
    assert splits.junctions(draft_of(points, [(0, 1), (2, 3)], ROAD), ROAD) == []


def test_listed_places_may_force_their_node() -> None:
    rows = [{"lon": "75", "lat": "45", "force": ""}, {"lon": "76", "lat": "45", "force": "yes"}]
    assert splits.listed_sites(rows) == [Site(75.0, 45.0), Site(76.0, 45.0, force=True)]
