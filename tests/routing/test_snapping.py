"""Snapping places to the network."""

from __future__ import annotations

import numpy as np
import pytest
from fixture import Builder, fixture_network

from horgos_geo.routing.components import main_component
from horgos_geo.routing.engine import Topology
from horgos_geo.routing.snapping import Snapper

NETWORK = fixture_network()
EVERYWHERE = np.ones(NETWORK.edge_count, dtype=bool)


def snap(lon, lat, country="", usable=EVERYWHERE, cap_km=40.0, network=NETWORK):
    """Return the edge, the fraction and the gap of one place."""
    code = network.country_code.get(country, 0)
    snaps = Snapper(network, "road").snap(
        np.array([lon]), np.array([lat]), np.array([code]), usable, cap_km
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
    together = Snapper(NETWORK, "road").snap(lon, lat, country, usable, 40.0)
    assert (together.edge >= 0).sum() > 50
    for i in range(count):
        edge, _, snap_km, cut_off = snap(lon[i], lat[i], NETWORK.countries[country[i]], usable)
        assert (edge >= 0) == (together.edge[i] >= 0)
        assert cut_off == together.cut_off[i]
        assert snap_km == pytest.approx(together.snap_km[i], nan_ok=True)
