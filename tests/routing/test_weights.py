"""Weights: totals and objectives agree, bands are in order, closures only make things worse."""

from __future__ import annotations

import numpy as np
import pytest
from fixture import Builder, fixture_network
from hypothesis import given, settings, strategies as st
from places_fixture import PLACES

from horgos_geo.model.network import Crossing
from horgos_geo.model.parameters import load_parameters
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.routing.weights import Weights

NETWORK = fixture_network()
PARAMETERS = load_parameters()
ENDS = ["almaty", "astana", "omsk", "moscow", "samara", "tashkent", "tehran", "mazar", "baku"]
MINIMISE = ["time", "cost", "co2e", "generalised"]
COUNTRIES = ["RUS", "UZB", "TKM", "IRN", "KAZ", "AZE"]
CROSSINGS = [c.id for c in NETWORK.crossings]
FIELDS = {"time": "time_h", "cost": "cost_usd_per_teu", "co2e": "co2e_kg_per_t"}
FIRST = {mode: Router(NETWORK, Scenario(modes=mode)) for mode in ("road", "rail", "multimodal")}


def router(**scenario):
    return FIRST[scenario.pop("modes", "road")].with_(**scenario)


def value(route):
    """Return what the scenario minimises, from the route's own totals."""
    minimise = route.scenario.minimise
    if not route.found:
        return np.inf
    if minimise == "generalised":
        hours = route.time_h.central * route.scenario.value_of_time_usd_per_h
        return route.cost_usd_per_teu.central + hours
    return getattr(route, FIELDS[minimise]).central


@pytest.mark.parametrize("minimise", MINIMISE)
@pytest.mark.parametrize("modes", ["road", "rail", "multimodal"])
def test_totals_are_what_was_minimised(modes, minimise):
    r = router(modes=modes, minimise=minimise, ferries=True)
    for end in ENDS:
        route = r.route(PLACES["horgos"], PLACES[end])
        if not route.found:
            continue
        steps = np.array([float(r.search.path(PLACES["horgos"], PLACES[end]).cost)])
        # Each edge is rounded to a step of its own, and has one at least.
        assert value(route) == pytest.approx(float(r.weights.units(steps)[0]), rel=1e-3, abs=0.05)


@pytest.mark.parametrize("modes", ["road", "rail", "multimodal"])
def test_parts_add_up_and_bands_are_in_order(modes):
    for borders in ("low", "central", "high"):
        r = router(modes=modes, minimise="time", borders=borders, ferries=True)
        for end in ENDS:
            route = r.route(PLACES["horgos"], PLACES[end])
            for name in FIELDS.values():
                total = getattr(route, name)
                assert total.low <= total.central <= total.high
                for level in ("low", "central", "high"):
                    parts = [getattr(leg, name) for leg in route.counted_legs]
                    legs = sum(getattr(part, level) for part in parts)
                    assert getattr(total, level) == pytest.approx(legs)


def test_the_level_of_borders_moves_only_the_central_hours():
    low, central, high = (
        router(borders=level, minimise="time").route(PLACES["horgos"], PLACES["almaty"]).time_h
        for level in ("low", "central", "high")
    )
    assert low.central < central.central < high.central
    assert low.low == central.low == high.low
    assert low.high == central.high == high.high


def test_generalised_cost_lies_between_its_two_ends():
    def ask(**scenario):
        return router(modes="multimodal", ferries=True, **scenario).route(
            PLACES["horgos"], PLACES["moscow"]
        )

    cheap, quick = ask(minimise="cost"), ask(minimise="time")
    free = ask(minimise="generalised", value_of_time_usd_per_h=0.0)
    dear = ask(minimise="generalised", value_of_time_usd_per_h=10_000.0)
    assert free.cost_usd_per_teu.central == pytest.approx(cheap.cost_usd_per_teu.central)
    assert dear.time_h.central == pytest.approx(quick.time_h.central)


def test_speed_hangs_on_the_country():
    weights = FIRST["road"].weights
    edges = np.flatnonzero((NETWORK.mode == 0) & (NETWORK.length_km > 0))[:1]
    one = np.ones(1)
    hours = {c: weights.costs.moving("road", c, edges, one).time_h.central for c in ("KAZ", "TJK")}
    km = float(NETWORK.length_km[edges[0]])
    for country, value_h in hours.items():
        assert km / value_h == pytest.approx(PARAMETERS.speed_kmh("road", country).central)
    assert hours["KAZ"] < hours["TJK"]


def test_a_ferry_waits_and_sails():
    route = router(minimise="time", ferries=True).route(PLACES["horgos"], PLACES["baku"])
    (leg,) = [leg for leg in route.legs if leg.kind == "ferry"]
    ferry = PARAMETERS.ferry("aktau-alat-ferry", leg.length_km)
    assert leg.time_h == ferry.sailing_h + ferry.waiting_h
    assert leg.time_h.central > PARAMETERS.row("waiting_h").band.central


def test_nobody_reloads_for_forty_kilometres():
    b = Builder()
    for name, lon in [("a", 70.0), ("m", 72.0), ("n", 72.5), ("z", 74.5)]:
        b.node(name, lon, 45.0, "KAZ")
        b.node(f"r_{name}", lon, 45.02, "KAZ")
    for u, v in (("a", "m"), ("m", "n"), ("n", "z")):
        b.edge(u, v)
    b.edge("r_m", "r_n", "rail", gauge_mm=1520)
    for name in ("m", "n"):
        b.edge(name, f"r_{name}", "transfer", link_id=f"t-{name}", length_km=0.0, country="")
    network = b.build()
    for minimise in ("distance", *MINIMISE):
        r = Router(network, Scenario(modes="multimodal", minimise=minimise))
        r_start, r_end = (f"{network.lat[n]},{network.lon[n]}" for n in (0, 6))
        kinds = {leg.kind for leg in r.route(r_start, r_end).network_legs}
        assert kinds == {"road"}, minimise


def test_domestic_ferries_run_without_being_asked_for_and_can_be_shut():
    b = Builder()
    for name, lon in [("a", 42.0), ("p", 42.3), ("q", 43.3), ("z", 43.6)]:
        b.node(name, lon, 38.5, "TUR")
    b.edge("a", "p")
    b.edge("q", "z")
    b.edge("p", "q", "ferry", link_id="van-tatvan-ferry", country="")
    network = b.build()
    r = Router(network, Scenario())
    assert [leg.kind for leg in r.route("38.5,42.0", "38.5,43.6").network_legs] == [
        "road",
        "ferry",
        "road",
    ]
    shut = r.with_(closed_crossings=["van-tatvan-ferry"])
    assert not shut.route("38.5,42.0", "38.5,43.6").found


def test_doubtful_crossings_wait_longer_and_cost_more():
    weights = Weights(NETWORK, Scenario(), PARAMETERS)

    def measure(**values):
        return weights.costs.border(Crossing("x", "X", "KAZ", "UZB", "road", **values), a_to_b=True)

    open_ = measure()
    for doubtful in (measure(status="limited"), measure(kind="unverified")):
        assert doubtful.time_h.central > open_.time_h.central
        assert doubtful.cost_usd_per_teu.central > open_.cost_usd_per_teu.central
    assert measure(kind="open_area").time_h.central == 0.0


def test_scenarios_share_what_closures_do_not_change():
    first = router(minimise="time")
    second = first.with_(closed_countries=["UZB"])
    for r in (first, second):
        r.route(PLACES["horgos"], PLACES["moscow"])
    assert first.weights._integers[0] is second.weights._integers[0]
    third = first.with_(minimise="cost")
    assert first.weights._integers[0] is not third.weights._integers[0]


scenarios = st.fixed_dictionaries(
    {
        "modes": st.sampled_from(["road", "rail", "multimodal"]),
        "minimise": st.sampled_from(MINIMISE),
        "ferries": st.booleans(),
        "closed_countries": st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True),
        "closed_crossings": st.lists(st.sampled_from(CROSSINGS), max_size=2, unique=True),
    }
)


def answer(scenario, start, end):
    route = router(**scenario).route(PLACES[start], PLACES[end])
    # A way through China is only looked for where there is no other: it is another question.
    return route.status, value(route)


@settings(max_examples=40, deadline=None)
@given(
    scenario=scenarios,
    start=st.sampled_from(["horgos", "almaty", "tashkent"]),
    end=st.sampled_from(ENDS),
    country=st.sampled_from(COUNTRIES),
    crossing=st.sampled_from(CROSSINGS),
)
def test_closing_never_makes_anything_better(scenario, start, end, country, crossing):
    status, before = answer(scenario, start, end)
    if start == end:
        return
    for change in (
        {"closed_countries": [*scenario["closed_countries"], country]},
        {"closed_crossings": [*scenario["closed_crossings"], crossing]},
        {"ferries": False},
    ):
        after_status, after = answer({**scenario, **change}, start, end)
        if after_status == status:
            assert after >= before * (1 - 1e-3) - 0.05
        elif after_status == "ok":
            pytest.fail(f"closing gave {after_status} after {status}")


@settings(max_examples=40, deadline=None)
@given(scenario=scenarios, start=st.sampled_from(["horgos", "almaty"]), end=st.sampled_from(ENDS))
def test_opening_never_makes_anything_worse(scenario, start, end):
    status, before = answer(scenario, start, end)
    for change in (
        {"opened_crossings": ["ustyurt-road"]},
        {"closed_countries": []},
        {"closed_crossings": []},
        {"ferries": True},
        {"destination_only": []},
    ):
        after_status, after = answer({**scenario, **change}, start, end)
        if status == "ok":
            assert after_status == "ok"
            assert after <= before * (1 + 1e-3) + 0.05
