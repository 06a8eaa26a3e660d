"""Gateways side by side, their catchments, and the way inland cities take to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.analysis import catchments, gateways as landports
from horgos_geo.model import places
from horgos_geo.model.network import load_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

NETWORK = fixture_network()
PORTS = [PLACES["horgos"], PLACES["dostyk"]]
ENDS = [PLACES[name] for name in ("almaty", "astana", "omsk", "tashkent", "tokyo")]


@pytest.fixture(scope="module")
def table():
    return landports.gateways(Router(NETWORK), ENDS, ["road"], ports=PORTS)


def row(table, place, gateway):
    return table[(table.index == place) & (table["gateway"] == gateway)].iloc[0]


def test_every_gateway_has_a_row_for_every_destination(table):
    assert list(table.columns) == list(landports.COLUMNS)
    assert len(table) == len(ENDS) * len(PORTS)
    assert (table["mode"] == "road").all()


def test_values_are_those_of_routes(table):
    router = Router(NETWORK, Scenario())
    for end in ENDS[:4]:
        for port in PORTS:
            route = router.route(port, end)
            found = row(table, end.id, port.id)
            assert found["length_km"] == pytest.approx(route.length_km, abs=0.05)
            quick = router.with_(minimise="time").route(port, end)
            assert found["time_h"] == pytest.approx(quick.time_h.central, abs=0.01)
            if np.isfinite(found["time_h_low"]):  # those far behind the best are not traced
                assert found["time_h_low"] <= found["time_h"] <= found["time_h_high"]


def test_ranks_and_differences_fit_the_values(table):
    for end in ENDS[:4]:
        group = table[table.index == end.id]
        best = group["length_km"].min()
        for _, found in group.iterrows():
            assert found["behind_km"] == pytest.approx(found["length_km"] - best)
            ahead = int((group["length_km"] < found["length_km"]).sum())
            assert found["rank_distance"] == ahead + 1
    assert row(table, "almaty", "horgos")["rank_distance"] == 1
    assert row(table, "astana", "dostyk")["rank_distance"] == 1


def test_a_missing_way_has_a_status_and_no_rank(table):
    found = row(table, "tokyo", "horgos")
    assert found["status"] == "no path"
    assert math.isnan(found["length_km"])
    assert math.isnan(found["rank_distance"])


def test_what_two_paths_share_does_not_count_as_error(table):
    # Both go on from Astana to Omsk on the same road: the error of the difference is the same.
    near, far = row(table, "astana", "horgos"), row(table, "omsk", "horgos")
    assert far["behind_km"] == pytest.approx(near["behind_km"], abs=0.01)
    assert far["behind_error_km"] == pytest.approx(near["behind_error_km"], abs=0.01)
    assert far["error_km"] > near["error_km"]


def test_a_lead_smaller_than_its_error_is_a_tie(table):
    wide = fixture_network()
    wide.meta["error"] = {"road": {"band_pct": 80.0}, "rail": {"band_pct": 80.0}}
    tied = landports.gateways(Router(wide), [PLACES["astana"]], ["road"], ports=PORTS)
    assert tied["tied_distance"].all()
    standing = landports.standings(tied)
    assert set(standing[standing["measure"] == "distance"]["standing"]) == {"tied first"}
    close = row(table, "astana", "horgos")
    assert close["tied_distance"] == (close["behind_km"] <= close["behind_error_km"])


def test_standings_add_up(table):
    standing = landports.standings(table)
    assert len(standing) == len(ENDS) * 3
    summary = landports.summary(standing)
    for _, found in summary[summary["region"] == "all"].iterrows():
        assert sum(found[name] for name in landports.STANDINGS) == len(ENDS)
        assert found["reached"] == 4
    first = standing[(standing["measure"] == "distance") & (standing.index == "almaty")].iloc[0]
    assert first["standing"] == "first"
    assert first["runner_up"] == "dostyk"
    assert first["lead"] > 0


def test_only_open_crossings_are_compared():
    network = load_network()
    road = {place.id for place in landports.open_gateways(Router(network), "road")}
    rail = {place.id for place in landports.open_gateways(Router(network), "rail")}
    assert {"horgos", "alashankou", "torugart", "irkeshtam", "manzhouli", "pingxiang"} <= road
    assert {"horgos", "alashankou", "erenhot", "manzhouli"} <= rail
    assert "bakhty" not in rail
    shut = Scenario(closed_crossings=("khorgos-nur-zholy-road",))
    assert "horgos" not in {p.id for p in landports.open_gateways(Router(network, shut), "road")}


def test_inland_cities_know_their_gateway_and_the_detour():
    router = Router(NETWORK, Scenario())
    ends = [PLACES["almaty"], PLACES["astana"], PLACES["tokyo"]]
    found = landports.inland(router, [PLACES["yining"]], ends, "horgos-road")
    assert tuple(found.columns) == landports.INLAND_COLUMNS
    near, far, none = found.itertuples()
    assert (near.gateway, far.gateway, none.gateway) == ("horgos-road", "dostyk-road", "")
    assert near.detour == pytest.approx(0.0, abs=0.01)
    assert far.detour > 1.0
    assert math.isnan(none.value)


def test_catchments_partition_the_towns():
    towns = [PLACES[name] for name in ("almaty", "astana", "tashkent", "tokyo", "sea", "yining")]
    found = catchments.catchments(Router(NETWORK), "distance", towns, PORTS)
    has = found["gateway"] != ""
    assert (has ^ (found["reason"] != "")).all()
    assert found["gateway"].tolist()[:3] == ["horgos", "dostyk", "horgos"]
    assert found["reason"].tolist()[3:] == [
        catchments.NO_WAY,
        "destination too far from network",
        catchments.IN_CHINA,
    ]
    assert np.isfinite(found["value"]).tolist() == has.tolist()


def test_populations_of_the_real_catchments_add_up():
    towns = places.towns(300_000)
    found = catchments.catchments(Router(load_network()), "distance", towns)
    shares = catchments.shares(found)
    assert shares["population"].sum() == sum(town.population for town in towns)
    assert shares["towns"].sum() == len(towns)
    assert shares["share_pct"].sum() == pytest.approx(100.0)
    assert shares["served_pct"].sum() == pytest.approx(100.0)
    assert "horgos" in shares.index
    router = Router(load_network(), Scenario())
    served = found[found["gateway"] != ""].iloc[::500]
    for town, row_ in served.iterrows():
        km = router.route(places.resolve(row_["gateway"]), places.resolve(str(town))).length_km
        assert row_["value"] == pytest.approx(km, abs=0.05)
