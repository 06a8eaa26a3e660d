"""The road leg between a place and its rail terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fixture import Builder
from places_fixture import PLACES

from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.access_leg import road_leg
from horgos_geo.routing.router import Router


def town():
    builder = Builder()
    for name, lon, lat in (("centre", 77.0, 43.3), ("ring", 77.1, 43.4), ("yard", 77.2, 43.3)):
        builder.node(name, lon, lat, "KAZ")
    builder.edge("centre", "ring")
    builder.edge("ring", "yard")
    builder.edge("centre", "yard", length_km=500.0)
    for name, lon in (("r1", 77.2), ("r2", 78.0)):
        builder.node(name, lon, 43.3, "KAZ")
    builder.edge("r1", "r2", "rail", gauge_mm=1520)
    return builder.build()


def test_the_shorter_of_two_ways_from_door_to_yard():
    length_km, line = road_leg(town(), (77.0, 43.3), (77.2, 43.3))
    assert length_km == pytest.approx(2 * 13.76 * 1.1, rel=0.01)
    assert line[0].tolist() == [77.0, 43.3]
    assert line[-1].tolist() == [77.2, 43.3]
    assert [77.1, 43.4] in line.tolist()


def test_no_leg_where_both_are_one_or_too_far():
    network = town()
    assert road_leg(network, (77.0, 43.3), (77.0, 43.3)) is None
    assert road_leg(network, (77.0, 43.3), (90.0, 43.3)) is None


def test_the_leg_stands_beside_the_route_and_not_in_it():
    network = town()
    centre = replace(PLACES["almaty"], terminal_lon=77.2, terminal_lat=43.3, terminal_name="Yard")
    end = replace(PLACES["almaty"], id="end", name="End", lon=78.0)
    route = Router(network, Scenario(modes="rail")).route(centre, end)
    assert [leg.kind for leg in route.legs] == ["access", "rail"]
    assert (route.legs[0].from_name, route.legs[0].to_name) == ("Almaty", "Yard")
    assert route.length_km == pytest.approx(route.legs[1].length_km)
    assert route.snap_km == pytest.approx((0.0, 0.0), abs=1e-6)
