"""Routes over the fixture country, against expectations and against networkx."""

from __future__ import annotations

import gc
import math
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from fixture import fixture_network
from hypothesis import given, settings, strategies as st
from places_fixture import PLACES

from horgos_geo.core.errors import ScenarioError
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.routing.status import STATUSES
from horgos_geo.routing.weights import COUNT, DETOUR_KM

NETWORK = fixture_network()
LAND = ["almaty", "astana", "omsk", "moscow", "samara", "tashkent", "tehran", "mazar", "yining"]


def router(engine="cch", **scenario):
    return Router(NETWORK, Scenario(**scenario), engine=engine)


def ids(route):
    return [crossing.id for crossing in route.crossings]


@pytest.fixture(scope="module", params=["cch", "scipy"])
def engine(request):
    return request.param


def test_outbound_starts_beyond_the_gateway_and_stays_out_of_china(engine):
    route = router(engine).route(PLACES["horgos"], PLACES["omsk"])
    assert route.status == "ok"
    assert ids(route) == ["horgos-road", "petropavl-road"]
    assert route.countries == ("KAZ", "RUS")


def test_without_outbound_the_way_back_through_china_is_shorter(engine):
    out = router(engine).route(PLACES["horgos"], PLACES["astana"])
    bare = router(engine, outbound=False, ignore_border_penalty=True).route(
        PLACES["horgos"], PLACES["astana"]
    )
    assert bare.length_km <= out.length_km
    assert "CHN" not in out.countries


def test_country_kilometres_add_up(engine):
    for name in LAND:
        route = router(engine).route(PLACES["horgos"], PLACES[name])
        assert route.found
        assert sum(route.country_km.values()) == pytest.approx(route.length_km, abs=1e-6)
        assert route.length_km == pytest.approx(route.raw_length_km * 1.1, rel=1e-5)


def test_a_destination_in_china_is_answered_through_china(engine):
    route = router(engine).route(PLACES["horgos"], PLACES["yining"])
    assert (route.status, route.countries, ids(route)) == ("ok", ("CHN",), [])


def test_a_closed_gateway_sends_traffic_through_china_to_the_next(engine):
    route = router(engine, closed_crossings=["horgos-road"]).route(
        PLACES["horgos"], PLACES["astana"]
    )
    assert route.status == "through China"
    assert ids(route) == ["dostyk-road"]


def test_destination_only_countries_are_reached_and_not_crossed(engine):
    there = router(engine).route(PLACES["horgos"], PLACES["mazar"])
    beyond = router(engine).route(PLACES["horgos"], PLACES["tehran"])
    assert there.countries[-1] == "AFG"
    assert "AFG" not in beyond.countries
    through = router(engine, destination_only=[]).route(PLACES["horgos"], PLACES["tehran"])
    assert "AFG" in through.countries


def test_closing_gives_a_status(engine):
    closed = router(engine, closed_countries=["RUS"])
    route = closed.route(PLACES["horgos"], PLACES["moscow"])
    assert route.status == "closed by scenario"
    assert not route.found
    assert math.isnan(route.length_km)
    everything = router(engine, closed_countries=["KAZ", "CHN", "RUS"])
    assert everything.route(PLACES["horgos"], PLACES["almaty"]).status == "closed by scenario"


def test_a_closed_crossing_can_be_opened(engine):
    shut = router(engine).route(PLACES["tashkent"], PLACES["samara"])
    opened = router(engine, opened_crossings=["ustyurt-road"]).route(
        PLACES["tashkent"], PLACES["samara"]
    )
    assert "ustyurt-road" not in ids(shut)
    assert ids(opened) == ["ustyurt-road"]
    assert opened.length_km < shut.length_km


def test_islands_and_seas_have_a_status(engine):
    r = router(engine)
    assert r.route(PLACES["horgos"], PLACES["tokyo"]).status == "no path"
    assert r.route(PLACES["horgos"], PLACES["sea"]).status == "destination too far from network"
    assert r.route(PLACES["sea"], PLACES["almaty"]).status == "origin too far from network"


def test_ferries_are_off_unless_asked_for(engine):
    assert router(engine).route(PLACES["horgos"], PLACES["baku"]).status == "no path"
    route = router(engine, ferries=True).route(PLACES["horgos"], PLACES["baku"])
    assert ids(route) == ["horgos-road", "aktau-alat-ferry"]
    assert route.country_km["SEA"] == pytest.approx(474.694, abs=0.5)
    named = router(engine, ferries=["aktau-alat-ferry"]).route(PLACES["horgos"], PLACES["baku"])
    assert named.length_km == route.length_km


def test_breaks_of_gauge_are_counted_at_the_crossing(engine):
    route = router(engine, modes="rail").route(PLACES["horgos"], PLACES["moscow"])
    assert route.gauge_breaks == ((1435, 1520, "Horgos-Rail"),)
    back = router(engine, modes="rail").route(PLACES["moscow"], PLACES["horgos"])
    assert [g[:2] for g in back.gauge_breaks] == [(1520, 1435)]


def test_multimodal_changes_at_terminals_only(engine):
    route = router(engine, modes="multimodal", closed_crossings=["horgos-rail"]).route(
        PLACES["horgos"], PLACES["moscow"]
    )
    kinds = [leg.kind for leg in route.network_legs]
    for before, after in pairwise(kinds):
        if {before, after} == {"road", "rail"}:
            pytest.fail(f"changed mode without a transfer: {kinds}")
    assert route.found


def test_a_place_along_an_edge_takes_a_part_of_it(engine):
    r = router(engine)
    half = r.route(PLACES["almaty"], PLACES["bend"])
    whole = r.route(PLACES["almaty"], PLACES["astana"])
    assert 0.5 < half.length_km / whole.length_km < 0.9
    rest = r.route(PLACES["bend"], PLACES["astana"])
    assert half.length_km + rest.length_km == pytest.approx(whole.length_km, abs=0.01)
    assert half.lonlat[-1].tolist() == [72.0, 49.0]


def test_geometry_runs_from_origin_to_destination_without_a_jump(engine):
    route = router(engine).route(PLACES["horgos"], PLACES["moscow"])
    line = route.lonlat
    assert line[0].tolist() == [80.4, 44.2]
    assert line[-1].tolist() == [37.6, 55.8]
    vertices = {tuple(p) for p in np.column_stack([NETWORK.coord_lon, NETWORK.coord_lat]).tolist()}
    assert all(tuple(point) in vertices for point in line.tolist())


def test_matrix_equals_single_routes(engine):
    r = router(engine)
    starts = [PLACES[name] for name in ("horgos", "almaty", "bend")]
    ends = [PLACES[name] for name in [*LAND, "tokyo", "sea", "bend"]]
    matrix = r.od_matrix(starts, ends).values
    for i, start in enumerate(starts):
        for j, end in enumerate(ends):
            expected = r.route(start, end).length_km
            assert matrix[i, j] == pytest.approx(expected, abs=0.05, nan_ok=True), (
                start.id,
                end.id,
            )


def test_an_inland_origin_leaves_through_the_gateway_that_is_asked(engine):
    free = router(engine).route(PLACES["yining"], PLACES["astana"])
    assert ids(free) == ["dostyk-road"]
    held = router(engine, gateway="horgos-road").route(PLACES["yining"], PLACES["astana"])
    assert ids(held) == ["horgos-road"]
    assert held.length_km > free.length_km
    assert held.countries == ("CHN", "KAZ")
    with pytest.raises(ScenarioError, match="gateway"):
        router(gateway="horgos-raod")


def test_a_matrix_tells_why_there_is_no_way(engine):
    r = router(engine, closed_countries=["RUS"])
    ends = [PLACES[name] for name in ("almaty", "moscow", "tokyo", "sea", "yining")]
    values, codes, *_ = r.od_matrix([PLACES["horgos"], PLACES["sea"]], ends)
    for i, start in enumerate(("horgos", "sea")):
        for j, end in enumerate(ends):
            route = r.route(PLACES[start], end)
            assert STATUSES[codes[i, j]] == route.status, (start, end.id)
            assert np.isnan(values[i, j]) == (not route.found)


def test_a_matrix_finds_the_country_of_bare_points(engine):
    r = router(engine)
    bare = [Place("p", "p", "", lon, lat, kind="point") for lon, lat in ((77.0, 43.3), (66, 20))]
    values = r.od_matrix([PLACES["horgos"]], bare).values
    assert values[0, 0] == pytest.approx(r.route(PLACES["horgos"], PLACES["almaty"]).length_km)
    assert np.isnan(values[0, 1])


def test_a_tree_reaches_countries_that_are_not_crossed(engine):
    r = router(engine)
    costs = r.tree(PLACES["horgos"])
    for name in ("almaty", "moscow", "mazar", "tehran"):
        place = PLACES[name]
        node = np.flatnonzero((NETWORK.lon == place.lon) & (NETWORK.lat == place.lat))[0]
        expected = r.route(PLACES["horgos"], place).length_km
        assert costs[node] == pytest.approx(expected, abs=0.05), name


def test_a_bare_path_is_that_of_the_route():
    r = router()
    status, elements = r.path(PLACES["horgos"], PLACES["bend"])
    km = sum(NETWORK.length_km[edge] * abs(end - start) for edge, start, end in elements)
    assert status == "ok"
    assert km == pytest.approx(r.route(PLACES["horgos"], PLACES["bend"]).length_km)


def test_via_points_are_passed(engine):
    route = router(engine, via=["43.3,77.0"]).route(PLACES["tashkent"], PLACES["moscow"])
    assert [77.0, 43.3] in route.lonlat.tolist()
    direct = router(engine).route(PLACES["tashkent"], PLACES["moscow"])
    assert route.length_km >= direct.length_km


def test_unknown_crossings_are_refused_with_a_hint():
    with pytest.raises(ScenarioError, match="horgos-road"):
        router(closed_crossings=["horgos-raod"])


def test_threads_share_a_router():
    """The engine keeps nothing that belongs to one thread only."""
    r = router("cch")
    ends = list(PLACES.values())[:6]

    def answer(shut):
        return r.with_(closed_countries=shut).od_matrix(ends, ends)[0]

    alone = {shut: answer(shut) for shut in ((), ("RUS",))}
    asked = [((), ("RUS",))[i % 2] for i in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(answer, asked))
    for shut, costs in zip(asked, together, strict=True):
        np.testing.assert_array_equal(costs, alone[shut])


def test_another_thread_may_let_a_router_go(monkeypatch):
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    held = [router("cch")]
    held[0].od_matrix([PLACES["horgos"]], [PLACES["omsk"]])
    held[0].with_(closed_countries=["RUS"]).route(PLACES["horgos"], PLACES["almaty"])
    worker = threading.Thread(target=lambda: (held.clear(), gc.collect()))
    worker.start()
    worker.join()
    assert unraisable == []


def test_a_changed_scenario_rebuilds_no_graph():
    first = router()
    second = first.with_(closed_countries=["UZB"])
    assert second.context.topology is first.context.topology
    assert first.route(PLACES["horgos"], PLACES["tehran"]).found
    assert not second.route(PLACES["horgos"], PLACES["tehran"]).found


def _oracle(r, closed, source, target):
    """Return the least length plus detours by networkx, or NaN."""
    graph = nx.DiGraph()
    forward, backward = r.weights.objective(closed)
    for edge in np.flatnonzero(NETWORK.is_mode(*r.scenario.modes, "ferry", "transfer")):
        u, v = int(NETWORK.u[edge]), int(NETWORK.v[edge])
        for a, b, weight in ((u, v, forward[edge]), (v, u, backward[edge])):
            if (
                np.isfinite(weight)
                and weight < graph.get_edge_data(a, b, {"weight": np.inf})["weight"]
            ):
                graph.add_edge(a, b, weight=weight)
    try:
        return nx.dijkstra_path_length(graph, source, target)
    except (nx.NodeNotFound, nx.NetworkXNoPath):
        return math.nan


@settings(max_examples=60, deadline=None)
@given(
    source=st.integers(0, NETWORK.node_count - 1),
    target=st.integers(0, NETWORK.node_count - 1),
    modes=st.sampled_from(["road", "rail", "multimodal"]),
    closed=st.sets(st.sampled_from(["RUS", "UZB", "TKM", "KAZ"]), max_size=2),
    ferries=st.booleans(),
    bare=st.booleans(),
)
def test_both_engines_agree_with_networkx(source, target, modes, closed, ferries, bare):
    scenario = {
        "modes": modes,
        "closed_countries": sorted(closed),
        "ferries": ferries,
        "ignore_border_penalty": bare,
    }
    shut = frozenset(closed)
    for engine in ("cch", "scipy"):
        r = router(engine, **scenario)
        expected = _oracle(r, shut, source, target)
        local = r.context.topology.local[[source, target]]
        if (local < 0).any():
            assert math.isnan(expected)
            continue
        if source == target:
            continue  # networkx does not know nodes without an open edge
        costs = r.context.engine(shut).costs([[(int(local[0]), 0)]], local[1:])[0]
        detours = (costs[0] % COUNT) if np.isfinite(costs[0]) else 0
        found = float(r.weights.units(costs)[0]) + DETOUR_KM * detours
        assert found == pytest.approx(expected if not math.isnan(expected) else np.inf, abs=0.1)


@settings(max_examples=40, deadline=None)
@given(
    ends=st.tuples(st.sampled_from(LAND), st.sampled_from(LAND)),
    shut=st.sets(
        st.sampled_from([c.id for c in NETWORK.crossings if c.mode == "road"]), max_size=4
    ),
    more=st.sets(
        st.sampled_from([c.id for c in NETWORK.crossings if c.mode == "road"]), max_size=3
    ),
)
def test_closing_never_helps(ends, shut, more):
    start, end = PLACES[ends[0]], PLACES[ends[1]]
    fewer = router(closed_crossings=sorted(shut), ignore_border_penalty=True, outbound=False).route(
        start, end
    )
    wider = router(
        closed_crossings=sorted(shut | more), ignore_border_penalty=True, outbound=False
    ).route(start, end)
    if wider.found:
        assert fewer.length_km <= wider.length_km + 0.05


def test_coming_back_into_the_first_country_is_discouraged(engine):
    """From Tashkent to Aktau through Turkmenistan and back, against staying a little longer."""
    from fixture import Builder

    b = Builder()
    for name, lon, lat, country in [
        ("a", 60.0, 40.0, "UZB"), ("d", 64.0, 40.0, "UZB"), ("north", 62.0, 41.3, "UZB"),
        ("p", 61.0, 40.0, "UZB"), ("p_t", 61.0, 40.0, "TKM"),
        ("q_t", 63.0, 40.0, "TKM"), ("q", 63.0, 40.0, "UZB"),
    ]:  # fmt: skip
        b.node(name, lon, lat, country)
    for u, v in [("a", "p"), ("p_t", "q_t"), ("q", "d"), ("a", "north"), ("north", "d")]:
        b.edge(u, v)
    b.crossing("out-road", "p", "p_t", "road")
    b.crossing("back-road", "q_t", "q", "road")
    network = b.build()
    start, end = (
        Place(name, name, "UZB", lon, 40.0, kind="city") for name, lon in (("a", 60.0), ("d", 64.0))
    )
    practical = Router(network, engine=engine)
    bare = practical.with_(ignore_border_penalty=True)
    assert practical.route(start, end).countries == ("UZB",)
    assert bare.route(start, end).countries == ("UZB", "TKM", "UZB")
    assert bare.route(start, end).length_km < practical.route(start, end).length_km
    assert practical.od_matrix([start], [end])[0][0, 0] == pytest.approx(
        practical.route(start, end).length_km, abs=0.05
    )
