"""Snapping places to the network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from fixture import Builder, fixture_network
from pyproj import Transformer

from horgos_geo.core.geodesy import EARTH_RADIUS_KM, distance_km, point_along
from horgos_geo.model import places
from horgos_geo.model.network import load_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.components import main_component
from horgos_geo.routing.engine import Topology
from horgos_geo.routing.router import Router
from horgos_geo.routing.snapping import Snapper, Usable

NETWORK = fixture_network()
EVERYWHERE = np.ones(NETWORK.edge_count, dtype=bool)
NO_STUBS = np.zeros(NETWORK.edge_count, dtype=bool)


def snap(lon, lat, country="", usable=EVERYWHERE, cap_km=40.0, network=NETWORK):
    """Return the edge, the fraction and the gap of one place."""
    code = network.country_code.get(country, 0)
    snaps = Snapper(network, "road").snap(
        np.array([lon]),
        np.array([lat]),
        np.array([code]),
        Usable(usable, np.zeros_like(usable)),
        cap_km,
    )
    return int(snaps.edge[0]), float(snaps.fraction[0]), float(snaps.snap_km[0]), snaps.cut_off[0]


def country_of(edge):
    return NETWORK.countries[NETWORK.edge_country[edge]]


def test_the_nearest_vertex_and_its_place_on_the_edge():
    edge, fraction, snap_km, _ = snap(72.02, 49.0)
    assert NETWORK.edge_lonlat(edge)[2].tolist() == [72.0, 49.0]
    assert 0.6 < fraction < 0.8
    assert snap_km == pytest.approx(1.26, abs=0.01)
    assert country_of(edge) == "KAZ"


def test_nothing_within_the_cap():
    edge, _, snap_km, cut_off = snap(72.0, 47.0, cap_km=10.0)
    assert (edge, cut_off) == (-1, False)
    assert np.isnan(snap_km)


def test_border_towns_meet_their_own_country():
    assert country_of(snap(69.2, 41.49, "KAZ")[0]) == "KAZ"
    assert country_of(snap(69.2, 41.49, "UZB")[0]) == "UZB"


def test_a_place_on_an_island_is_not_carried_over_to_the_mainland():
    main = main_component(Topology.of(NETWORK, ("road",)), EVERYWHERE)
    assert not main[NETWORK.edge_country == NETWORK.country_code["JPN"]].any()
    edge, *_, cut_off = snap(135.5, 34.7, "JPN", main)
    assert (edge, cut_off) == (-1, True)


def test_a_place_beside_a_road_that_is_cut_off_is_an_island():
    builder = Builder()
    for name, lon in (("a", 70.0), ("b", 71.0), ("c", 72.0), ("i", 70.1), ("j", 70.2)):
        builder.node(name, lon, 45.0 if name in "abc" else 45.2, "KAZ")
    for u, v in (("a", "b"), ("b", "c"), ("i", "j")):
        builder.edge(u, v)
    network = builder.build()
    main = main_component(Topology.of(network, ("road",)), np.ones(3, dtype=bool))
    assert main.tolist() == [True, True, False]
    edge, *_, cut_off = snap(70.1, 45.2, "", main, network=network)
    assert (edge, cut_off) == (-1, True)


def test_many_places_meet_the_network_where_each_alone_does():
    random = np.random.default_rng(5)
    count = 300
    at = random.integers(0, len(NETWORK.coord_lon), count)
    lon = NETWORK.coord_lon[at] + random.normal(0, 0.3, count)
    lat = NETWORK.coord_lat[at] + random.normal(0, 0.3, count)
    country = random.integers(0, len(NETWORK.countries), count)
    usable = random.random(NETWORK.edge_count) < 0.7
    together = Snapper(NETWORK, "road").snap(lon, lat, country, Usable(usable, NO_STUBS), 40.0)
    assert (together.edge >= 0).sum() > 50
    for i in range(count):
        edge, _, snap_km, cut_off = snap(lon[i], lat[i], NETWORK.countries[country[i]], usable)
        assert (edge >= 0) == (together.edge[i] >= 0)
        assert cut_off == together.cut_off[i]
        assert snap_km == pytest.approx(together.snap_km[i], nan_ok=True)


def oracle_km(lon, lat, network=NETWORK):
    """Return how far a place is from the nearest road, by shapely on a map centred on the place."""
    flat = Transformer.from_crs(
        4326, f"+proj=aeqd +lon_0={lon} +lat_0={lat} +R={EARTH_RADIUS_KM * 1000}", always_xy=True
    )
    best = np.inf
    for edge in np.flatnonzero((network.mode == 0) & (network.length_km > 0)).tolist():
        line = network.edge_lonlat(edge)
        dense = [point_along(line, fraction) for fraction in np.linspace(0, 1, 2001)]
        x, y = flat.transform(*np.array(dense).T)
        best = min(best, shapely.LineString(np.column_stack([x, y])).distance(shapely.Point(0, 0)))
    return best / 1000.0


def test_the_nearest_point_of_the_lines_is_met():
    random = np.random.default_rng(7)
    for edge in random.choice(np.flatnonzero(NETWORK.length_km > 0), 12):
        if NETWORK.mode[edge] != 0:
            continue
        lon, lat = point_along(NETWORK.edge_lonlat(edge), random.random())
        lon, lat = lon + random.normal(0, 0.2), lat + random.normal(0, 0.2)
        found, fraction, snap_km, _ = snap(lon, lat, cap_km=80.0)
        assert snap_km == pytest.approx(oracle_km(lon, lat), rel=1e-3, abs=0.01)
        at = point_along(NETWORK.edge_lonlat(found), fraction)
        assert snap_km == pytest.approx(distance_km(lon, lat, *at), rel=0.006)


def test_a_road_that_ends_at_a_border_post_is_met_after_the_network():
    builder = Builder()
    for name, lon, lat in (
        ("a", 70.0, 45.0),
        ("b", 70.5, 45.0),
        ("p", 70.2, 45.02),
        ("q", 70.3, 45.02),
    ):
        builder.node(name, lon, lat, "KAZ")
    builder.edge("a", "b")
    builder.edge("p", "q")
    network = builder.build()
    at = np.array([70.25]), np.array([45.015]), np.array([network.country_code["KAZ"]])
    for stub, edge in ((False, 1), (True, 0)):
        usable = Usable(np.ones(2, dtype=bool), np.array([False, stub]))
        assert Snapper(network, "road").snap(*at, usable, 40.0).edge.tolist() == [edge]


def across(country_a, country_b, **crossing):
    """Return where a place of one country meets the only road, 5 km away in another one."""
    builder = Builder()
    builder.node("a", 66.0, 38.0, country_a)
    builder.node("b", 66.4, 38.0, country_a)
    builder.node("x", 67.0, 38.0, country_a)
    builder.node("y", 67.0, 38.0, country_b)
    builder.node("far", 75.0, 50.0, country_b)
    builder.node("further", 76.0, 50.0, country_b)
    builder.edge("a", "b")
    builder.edge("far", "further")
    if crossing:
        builder.crossing("x-road", "x", "y", "road", **crossing)
    network = builder.build()
    return snap(66.2, 37.955, country_b, np.ones(network.edge_count, bool), network=network)


def test_a_border_is_crossed_only_where_it_is_open():
    assert across("UZB", "UZB")[0] == 0
    assert across("UZB", "AFG")[0] == -1
    assert across("UZB", "AFG")[3]
    assert across("UZB", "AFG", kind="open_area")[0] == 0
    # The post lies 70 km aside.
    assert across("UZB", "AFG", status="open")[0] == -1


REAL = load_network()


@pytest.fixture(scope="module")
def towns():
    """Return all towns of 15,000 people and more, as places without a country."""
    return [replace(town, country="") for town in places.towns(15_000)]


def test_every_town_lies_in_its_country_without_being_told(towns):
    known = [town.country for town in places.towns(15_000)]
    located = Router(REAL).context.located(towns)
    assert [place.country for place in located] == known
    some = range(0, len(towns), 997)
    alone = [Router(REAL).context.located([towns[i]])[0].country for i in some]
    assert alone == [known[i] for i in some]


@pytest.mark.parametrize(
    ("point", "country"),
    [
        ("44.21,80.41", "CHN"),
        ("44.2234,80.3852", "KAZ"),
        ("44.19,80.3", "KAZ"),
        ("44.2028,80.4164", "CHN"),
        ("59.37722,28.19028", "EST"),
        ("16.68911,98.50893", "MMR"),
    ],
)
def test_points_beside_a_border_lie_on_the_right_side(point, country):
    (place,) = Router(REAL).context.located([places.resolve(point)])
    assert place.country == country


def test_around_horgos_nothing_crosses_the_border_twice():
    router = Router(REAL)
    for point in ("44.21,80.41", "44.2028,80.4164", "44.215,80.4"):
        route = router.route("Horgos", point)
        assert route.countries == ("CHN",)
        assert route.crossings == ()
    assert router.route("Horgos", "44.21,80.41").length_km < 5
    for point in ("44.2234,80.3852", "44.19,80.3"):
        route = router.route("Horgos", point)
        assert [crossing.id for crossing in route.crossings] == ["khorgos-nur-zholy-road"]


@pytest.mark.parametrize("name", ["Ceuta", "Mytilene", "Batam"])
@pytest.mark.parametrize("mode", ["road", "rail"])
def test_no_island_is_reached_without_a_ship(name, mode):
    assert not Router(REAL, Scenario(modes=mode)).route("Horgos", name).found


def test_many_real_towns_meet_the_network_where_each_alone_does():
    some = places.towns(15_000)[::331]
    lon, lat = (np.array([getattr(town, axis) for town in some]) for axis in ("lon", "lat"))
    country = np.array([REAL.country_code.get(town.country, 0) for town in some])
    usable = Router(REAL, Scenario(modes="rail")).context.usable(frozenset({"RUS"}))
    together, alone = Snapper(REAL, "rail"), Snapper(REAL, "rail")
    together._scans = 10_000
    found = together.snap(lon, lat, country, usable, 80.0)
    for i in range(len(some)):
        one = alone.snap(lon[i : i + 1], lat[i : i + 1], country[i : i + 1], usable, 80.0)
        assert (one.edge[0] < 0) == (found.edge[i] < 0), some[i].name
        assert one.cut_off[0] == found.cut_off[i]
        assert one.snap_km[0] == pytest.approx(found.snap_km[i], abs=1e-6, nan_ok=True)
        alone._scans = 0
