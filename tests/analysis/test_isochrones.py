"""Areas within hours and kilometres, held against single routes."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.analysis.isochrones import COLUMNS, Budget, budget, isochrones
from horgos_geo.core.errors import BadBudget
from horgos_geo.model import places
from horgos_geo.model.network import load_network
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

TOWNS = [PLACES[name] for name in ("almaty", "astana", "tashkent", "moscow", "yining")]


def test_budgets_are_read():
    assert budget("72h") == Budget(72.0, "time")
    assert budget(" 3 d ") == Budget(72.0, "time")
    assert budget("1000km") == Budget(1000.0, "distance")
    assert budget("1000 km").label == "1000 km"


@pytest.mark.parametrize("text", ["", "72", "km", "-5h", "0h", "1e9km", "72h; rm", "3x", "nan h"])
def test_bad_budgets_are_refused_with_an_example(text):
    with pytest.raises(BadBudget, match="72h"):
        budget(text)


def test_hours_do_not_go_with_kilometres():
    with pytest.raises(BadBudget, match="one kind"):
        isochrones(Router(fixture_network()), PLACES["almaty"], ["24h", "500km"], TOWNS)


def test_areas_of_the_fixture_are_nested_valid_and_count_towns():
    found = isochrones(Router(fixture_network()), PLACES["almaty"], ["2000km", "400 km"], TOWNS)
    assert tuple(found.columns) == COLUMNS
    assert found.index.tolist() == ["400 km", "2000 km"]
    assert found.crs == "EPSG:4326"
    small, large = found.itertuples()
    assert small.within == 400.0
    for area in (small, large):
        assert area.geometry.is_valid
        assert area.area_km2 > 0
    assert large.area_km2 > small.area_km2
    assert large.network_km > small.network_km > 400.0
    assert shapely.contains_xy(small.geometry, 77.0, 43.3)
    assert not shapely.contains_xy(small.geometry, 71.4, 51.2)
    assert shapely.contains_xy(large.geometry, 71.4, 51.2)
    router = Router(fixture_network())
    for area in found.itertuples():
        inside = [t for t in TOWNS if router.route(PLACES["almaty"], t).length_km <= area.within]
        assert area.towns == len(inside)


def test_reach_beyond_the_gateway_can_leave_china_out():
    router = Router(fixture_network())
    both = isochrones(router, PLACES["horgos"], ["300km"], TOWNS).iloc[0]
    abroad = isochrones(router, PLACES["horgos"], ["300km"], TOWNS, abroad=True).iloc[0]
    assert shapely.contains_xy(both.geometry, 81.3, 43.9)
    assert not shapely.contains_xy(abroad.geometry, 81.3, 43.9)
    assert (both.towns, abroad.towns) == (1, 0)


def test_nothing_reached_is_an_empty_area():
    area = isochrones(Router(fixture_network()), PLACES["horgos"], ["1h"], TOWNS, abroad=True).iloc[
        0
    ]
    assert area.geometry.is_empty
    assert (area.area_km2, area.towns, area.population) == (0.0, 0, 0)


def test_rings_run_as_geojson_asks():
    found = isochrones(Router(fixture_network()), PLACES["almaty"], ["100km", "500km"], TOWNS)
    for area in found.geometry:
        for part in area.geoms:
            assert part.exterior.is_ccw  # as RFC 7946 asks
    assert found.attrs["origin"]["id"] == "almaty"
    assert found.attrs["mode"] == "road"
    assert json.loads(json.dumps(found.attrs))["tolerance_km"] > 0


@pytest.mark.parametrize(("mode", "within"), [("road", ["500km", "1500km"]), ("rail", ["120h"])])
def test_boundaries_agree_with_routes(mode, within):
    network = load_network()
    router = Router(network, Scenario(modes=mode))
    found = isochrones(router, "Horgos", within, places.towns(100_000))
    random = np.random.default_rng(20230718)
    west, south, east, north = found.geometry.iloc[-1].bounds
    points = [
        Place(str(i), str(i), "", float(lon), float(lat), kind="point")
        for i, (lon, lat) in enumerate(
            zip(random.uniform(west, east, 1000), random.uniform(south, north, 1000), strict=True)
        )
    ]
    router = router.with_(minimise=found["measure"].iloc[0])
    values = router.od_matrix(["Horgos"], points, False)[0][0]
    for area in found.itertuples():
        drawn = shapely.contains_xy(area.geometry, [p.lon for p in points], [p.lat for p in points])
        wrong = np.flatnonzero(drawn != (values <= area.within))
        assert len(wrong) <= 10, area.Index
        # The rest lie along the boundary, but for points beside a piece that cannot be used.
        apart_km = [
            111.2 * area.geometry.boundary.distance(shapely.Point(points[i].lon, points[i].lat))
            for i in wrong
        ]
        assert sum(km > found.attrs["tolerance_km"] for km in apart_km) <= 2
