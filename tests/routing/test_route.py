"""What an answer holds, and the forms it is given out in."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET

import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.route import LEG_COLUMNS, MOVING
from horgos_geo.routing.router import Router

NETWORK = fixture_network()


@pytest.fixture(scope="module")
def route():
    return Router(NETWORK, Scenario(modes="rail")).route(PLACES["horgos"], PLACES["moscow"])


@pytest.fixture(scope="module")
def missing():
    return Router(NETWORK).route(PLACES["horgos"], PLACES["tokyo"])


def test_json_has_plain_numbers_and_the_promised_keys(route):
    values = json.loads(route.to_json())
    assert values["status"] == "ok"
    assert values["distance_km"] == pytest.approx(route.length_km, abs=0.001)
    assert sum(values["countries"].values()) == pytest.approx(values["distance_km"], abs=0.1)
    assert values["crossings"] == ["horgos-rail", "petropavl-rail"]
    assert values["gauge_breaks"] == [{"from_mm": 1435, "to_mm": 1520, "at": "Horgos-Rail"}]
    assert len(values["snap_km"]) == 2
    for name in ("time_h", "cost_usd_per_teu", "co2e_kg_per_t"):
        assert values[f"{name}_low"] <= values[name] <= values[f"{name}_high"]
    assert values["time_h_low"] < values["time_h_likely_low"] < values["time_h"]
    assert values["time_h"] < values["time_h_likely_high"] < values["time_h_high"]


def test_what_is_likely_takes_moving_together_and_waits_apart(route):
    moving = [leg for leg in route.network_legs if leg.kind in ("road", "rail")]
    waits = [leg for leg in route.network_legs if leg.kind not in ("road", "rail")]
    late = [sum(leg.time_h.high - leg.time_h.central for leg in moving)]
    late += [leg.time_h.high - leg.time_h.central for leg in waits]
    assert route.likely_h.central == pytest.approx(route.time_h.central)
    assert route.likely_h.high == pytest.approx(route.time_h.central + math.hypot(*late))


def test_a_missing_route_has_nulls_and_a_reason(missing):
    values = json.loads(missing.to_json())
    assert values["status"] == "no path"
    assert values["distance_km"] is None
    assert values["time_h"] is None
    assert values["time_h_likely_low"] is None
    assert (values["legs"], values["crossings"], values["countries"]) == ([], [], {})
    assert math.isnan(missing.length_km)
    assert missing.lonlat.shape == (0, 2)


def test_legs_add_up_to_the_totals(route):
    assert sum(leg.length_km for leg in route.network_legs) == pytest.approx(route.length_km)
    for name in ("time_h", "cost_usd_per_teu", "co2e_kg_per_t"):
        total = sum(getattr(leg, name).central for leg in route.counted_legs)
        assert getattr(route, name).central == pytest.approx(total)


def test_moving_legs_are_named_by_what_stands_at_their_ends(route):
    legs = [(leg.kind, leg.from_name, leg.to_name) for leg in route.legs if leg.kind == "rail"]
    assert legs == [("rail", "Horgos-Rail", "Petropavl-Rail"), ("rail", "Petropavl-Rail", "Moscow")]


def test_geojson_lines_are_lon_lat(route):
    collection = route.to_geojson()
    assert collection["properties"]["distance_km"] > 0
    shapes = [feature["geometry"] for feature in collection["features"]]
    lines = [shape["coordinates"] for shape in shapes if shape["type"] == "LineString"]
    assert lines[0][0] == [80.35, 44.16]
    for feature in collection["features"]:
        waits = feature["properties"]["kind"] in ("border", "gauge", "transfer")
        assert feature["geometry"]["type"] == ("Point" if waits else "LineString")
    assert route.__geo_interface__ == collection


def test_legs_are_a_table_of_lines_and_points(route):
    legs = route.to_geodataframe()
    assert tuple(legs.columns) == LEG_COLUMNS
    assert legs.index.tolist() == list(range(1, len(route.legs) + 1))
    assert legs.crs == "EPSG:4326"
    moving = legs["kind"].isin(MOVING)
    assert legs[moving]["length_km"].sum() == pytest.approx(route.length_km)
    assert set(legs[moving].geom_type) == {"LineString"}
    assert legs[legs["kind"] == "border"].geom_type.tolist() == ["Point"] * len(route.crossings)


def test_gpx_is_valid_xml_with_escaped_names(route):
    from dataclasses import replace

    hostile = replace(route.destination, name='<script>"&')
    tree = ET.fromstring(replace(route, destination=hostile).to_gpx())
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    assert '<script>"&' in tree.findtext(".//g:name", namespaces=space)
    assert len(tree.findall(".//g:trkpt", space)) > 4


def test_error_band_comes_from_the_network(route):
    assert route.error_pct == 4.0
    assert route.error_km == pytest.approx(route.length_km * 0.04)
