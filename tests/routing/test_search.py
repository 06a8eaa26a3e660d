"""The search: one pair and many agree, vias only make things worse, no path beats the globe."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from fixture import fixture_network
from hypothesis import assume, given, settings, strategies as st
from places_fixture import PLACES

from horgos_geo.core.geodesy import distance_km, point_along
from horgos_geo.model import places
from horgos_geo.model.network import load_network
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.routing.status import OK

NETWORK = fixture_network()
FIRST = {mode: Router(NETWORK, Scenario(modes=mode)) for mode in ("road", "rail", "multimodal")}
LAND = ["almaty", "astana", "omsk", "moscow", "samara", "tashkent", "tehran", "bend"]
MINIMISE = ["distance", "time", "cost", "co2e", "generalised"]


def beside(name, east, north):
    """Return a place some degrees beside a known one."""
    place = PLACES[name]
    at = place.lon + east, place.lat + north
    return Place(f"{name}-{east}-{north}", name, place.country, *at, kind="point")


beside_land = st.builds(beside, st.sampled_from(LAND), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))


@settings(max_examples=60, deadline=None)
@given(
    mode=st.sampled_from(["road", "rail", "multimodal"]),
    minimise=st.sampled_from(MINIMISE),
    start=beside_land,
    end=beside_land,
    via=beside_land,
)
def test_a_via_never_improves_what_is_minimised(mode, minimise, start, end, via):
    search = FIRST[mode].with_(minimise=minimise, ferries=True).search
    direct = search.path(start, end)
    parts = search.through([start, via, end])
    assume(direct.status == OK and all(part.status == OK for part in parts))
    # Each part of an edge is rounded to a step.
    steps = 4 * (128 if minimise == "distance" else 1)
    assert sum(part.cost for part in parts) >= direct.cost - steps


def test_freight_keeps_its_mode_at_a_via():
    router = FIRST["multimodal"].with_(minimise="time", via=["43.33,77.02"])
    kinds = [leg.kind for leg in router.route(PLACES["horgos"], PLACES["moscow"]).legs]
    moved = [kind for kind in kinds if kind in ("road", "rail", "transfer")]
    for before, after in pairwise(moved):
        assert {before, after} != {"road", "rail"}, kinds


@settings(max_examples=40, deadline=None)
@given(
    mode=st.sampled_from(["road", "rail", "multimodal"]),
    minimise=st.sampled_from(MINIMISE),
    starts=st.lists(beside_land, min_size=1, max_size=3),
    ends=st.lists(beside_land, min_size=1, max_size=3),
)
def test_many_pairs_get_what_each_alone_gets(mode, minimise, starts, ends):
    router = FIRST[mode].with_(minimise=minimise, ferries=True)
    found = router.od_matrix(starts, ends)
    for i, start in enumerate(starts):
        for j, end in enumerate(ends):
            path = router.search.path(start, end)
            assert bool(path.elements) == bool(np.isfinite(found.values[i, j]))
            if path.elements:
                cost = float(router.weights.units(np.array([float(path.cost)]))[0])
                assert found.values[i, j] == pytest.approx(cost, abs=1e-6)
                gaps = found.snap_origin_km[i, j], found.snap_dest_km[i, j]
                if router.scenario.mode_label != "multimodal":
                    assert router.route(start, end).snap_km == pytest.approx(gaps, rel=6e-3)


def ends_of(network, path):
    """Return the points where a path meets the network."""
    (first, begin, _), (last, _, end) = path[0], path[-1]
    return (
        point_along(network.edge_lonlat(first), begin),
        point_along(network.edge_lonlat(last), end),
    )


@settings(max_examples=60, deadline=None)
@given(mode=st.sampled_from(["road", "rail"]), start=beside_land, end=beside_land)
def test_no_path_is_shorter_than_the_straight_line_between_its_ends(mode, start, end):
    _, path = FIRST[mode].path(start, end)
    assume(path)
    km = math.fsum(NETWORK.length_km[edge] * abs(b - a) for edge, a, b in path)
    a, b = ends_of(NETWORK, path)
    assert km >= distance_km(*a, *b) * (1 - 1e-3) - 0.01


@pytest.mark.parametrize("mode", ["road", "rail"])
def test_no_real_path_is_shorter_than_the_straight_line_between_its_ends(mode):
    router = Router(load_network(), Scenario(modes=mode))
    towns = places.towns(15_000)[::211]
    for start, end in pairwise(towns):
        _, path = router.path(start, end)
        if path:
            lengths = router.network.length_km
            km = math.fsum(lengths[edge] * abs(b - a) for edge, a, b in path)
            a, b = ends_of(router.network, path)
            assert km >= distance_km(*a, *b) * (1 - 1e-3) - 0.01, (start.name, end.name)


def test_a_detour_round_a_shut_border_is_told():
    route = FIRST["road"].route(PLACES["tashkent"], PLACES["samara"])
    assert any("Uzbekistan and Russia is shut at Ustyurt-Road" in text for text in route.warnings)
    assert route.to_dict()["warnings"] == list(route.warnings)
    open_ = FIRST["road"].with_(opened_crossings=["ustyurt-road"])
    assert open_.route(PLACES["tashkent"], PLACES["samara"]).warnings == ()


def test_a_place_that_meets_the_network_abroad_is_told():
    router = Router(load_network())
    (told,) = router.route("Osh", "Shohimardon").warnings
    assert "exclave of Uzbekistan" in told
    assert "Kyrgyzstan" in told


def test_what_lies_between_a_place_and_the_network_takes_hours():
    router = FIRST["road"].with_(minimise="time")
    far = beside("almaty", 0.0, -0.2)
    route = router.route(PLACES["tashkent"], far)
    (gap,) = [leg for leg in route.legs if leg.kind == "snap"]
    assert gap.time_h.central == pytest.approx(gap.length_km / 20)
    moving = sum(leg.time_h.central for leg in route.network_legs)
    assert route.time_h.central == pytest.approx(moving + gap.time_h.central)
    assert route.length_km == pytest.approx(sum(leg.length_km for leg in route.network_legs))
    hours = router.od_matrix([PLACES["tashkent"]], [far]).values[0, 0]
    assert hours == pytest.approx(route.time_h.central, abs=0.01)


def test_own_parameters_count_everywhere():
    from dataclasses import replace

    from horgos_geo.model.parameters import Parameters, load_parameters

    shipped = load_parameters()
    own = Parameters(
        tuple(
            replace(row, band=row.band * 10)
            if row.parameter == "dwell_h" and row.key("crossing") == "khorgos-altynkol-rail"
            else row
            for row in shipped.rows
        )
    )
    usual, slow = (
        Router(load_network(), Scenario(modes="rail"), parameters=parameters)
        .route("Horgos", "Tashkent")
        .legs[0]
        .time_h
        for parameters in (shipped, own)
    )
    assert slow.central > 5 * usual.central
