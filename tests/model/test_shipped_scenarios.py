"""The shipped scenarios on the real network: freight goes where a forwarder would send it."""

from __future__ import annotations

import pytest

from horgos_geo.model.network import load_network
from horgos_geo.model.scenario import load_scenario, shipped_scenarios
from horgos_geo.routing.router import Router

CASPIAN = {"aktau-alat-ferry", "kuryk-alat-ferry", "turkmenbashi-alat-ferry"}


@pytest.fixture(scope="module")
def base():
    return Router(load_network(), load_scenario("base"))


def shipped(base, name, **changes):
    return base.with_(**{**load_scenario(name).model_dump(), **changes})


def ids(route):
    return [crossing.id for crossing in route.crossings]


def test_every_shipped_scenario_answers(base):
    for name in shipped_scenarios():
        route = shipped(base, name).route("Horgos", "Almaty")
        assert route.found, name


@pytest.mark.parametrize("modes", ["rail", "multimodal"])
def test_without_russia_and_belarus_ferries_lead_over_the_caspian(base, modes):
    router = shipped(base, "no-russia-belarus", modes=modes, minimise="time", ferries=True)
    route = router.route("Horgos", "Warsaw")
    assert route.found
    assert CASPIAN & set(ids(route))
    assert not {"RUS", "BLR"} & set(route.countries)


@pytest.mark.parametrize("modes", ["road", "rail", "multimodal"])
@pytest.mark.parametrize("minimise", ["distance", "time"])
def test_without_russia_belarus_and_ferries_the_way_is_iran(base, modes, minimise):
    router = shipped(base, "no-russia-belarus", modes=modes, minimise=minimise)
    route = router.route("Horgos", "Warsaw")
    assert route.found
    assert {"IRN", "TUR"} <= set(route.countries)
    assert not {"RUS", "BLR"} & set(route.countries)


def test_the_middle_corridor_scenario_crosses_the_caspian_by_every_mode(base):
    for modes in ("road", "rail", "multimodal"):
        route = shipped(base, "caspian", modes=modes).route("Horgos", "Istanbul")
        assert CASPIAN & set(ids(route)), modes


def test_istanbul_by_rail_runs_through_iran_and_over_lake_van(base):
    route = base.with_(modes="rail").route("Horgos", "Istanbul")
    assert ids(route)[0] == "khorgos-altynkol-rail"
    assert "razi-kapikoy-rail" in ids(route)
    assert [leg.from_name for leg in route.legs if leg.kind == "ferry"] == ["Van - Tatvan"]


@pytest.mark.parametrize("modes", ["road", "rail"])
def test_closing_a_crossing_moves_traffic_to_the_next(base, modes):
    router = base.with_(modes=modes, minimise="time")
    before = router.route("Horgos", "Moscow")
    used = ids(before)[-1]
    after = router.with_(closed_crossings=[used]).route("Horgos", "Moscow")
    assert after.status == "ok"
    assert used not in ids(after)
    assert after.countries == before.countries
    assert before.time_h.central <= after.time_h.central < before.time_h.central * 1.2
    assert all(crossing.kind == "post" for crossing in after.crossings)


def test_closing_everything_gives_a_status(base):
    for modes in ("road", "rail", "multimodal"):
        router = base.with_(modes=modes, closed_countries=["CHN", "KAZ", "KGZ", "RUS", "MNG"])
        assert router.route("Horgos", "Warsaw").status == "closed by scenario"


def test_iran_closed_and_horgos_closed(base):
    assert shipped(base, "iran-closed").route("Horgos", "Tehran").status == "closed by scenario"
    route = shipped(base, "horgos-closed", modes="rail").route("Horgos", "Tashkent")
    assert route.status == "through China"
    assert "khorgos-altynkol-rail" not in ids(route)


def test_waits_move_the_days(base):
    hours = [
        shipped(base, name, modes="rail", minimise="time").route("Horgos", "Duisburg").time_h
        for name in ("optimistic-borders", "base", "pessimistic-borders")
    ]
    assert hours[0].central < hours[1].central < hours[2].central


def test_a_reload_is_worth_its_way(base):
    """Between two terminals nobody goes by the other mode for less than 100 km."""
    for minimise in ("time", "cost", "co2e", "generalised"):
        router = base.with_(modes="multimodal", minimise=minimise)
        for place in ("Warsaw", "Istanbul", "Tehran", "Moscow", "Tashkent", "Bishkek", "Dushanbe"):
            run, between, last = 0.0, False, ""
            for leg in router.route("Horgos", place).network_legs:
                # A reload at a port is two legs: from the line to the quay and on to the road.
                if leg.kind == "transfer" and last == "transfer":
                    continue
                last = leg.kind
                if leg.kind == "transfer":
                    assert not between or run > 100.0, (minimise, place)
                    run, between = 0.0, True
                elif leg.kind == "ferry":
                    between = False
                else:
                    run += leg.length_km
