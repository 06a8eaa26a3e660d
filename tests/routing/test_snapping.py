"""Snapping places to the network."""

from __future__ import annotations

import numpy as np
import pytest
from fixture import Builder, fixture_network

from horgos_geo.routing.engine import Topology
from horgos_geo.routing.snapping import Vertices, along, main_component

NETWORK = fixture_network()
TOPOLOGY = Topology.of(NETWORK, ("road",))
EVERYWHERE = np.ones(NETWORK.edge_count, dtype=bool)


def nearest(lon, lat, country="", usable=EVERYWHERE, cap_km=40.0):
    return Vertices(TOPOLOGY, ("road",)).nearest(lon, lat, country, usable, cap_km)


def test_the_nearest_vertex_and_its_place_on_the_edge():
    snap = nearest(72.02, 49.0)
    assert (snap.lon, snap.lat) == (72.0, 49.0)
    assert 0.6 < snap.fraction < 0.8
    assert snap.snap_km == pytest.approx(1.46, abs=0.02)
    assert snap.country == "KAZ"


def test_nothing_within_the_cap():
    assert nearest(72.0, 47.0, cap_km=10.0) is None


def test_border_towns_meet_their_own_country():
    assert nearest(69.2, 41.49, "KAZ").country == "KAZ"
    assert nearest(69.2, 41.49, "UZB").country == "UZB"


def test_a_place_on_an_island_is_not_carried_over_to_the_mainland():
    main = main_component(TOPOLOGY, EVERYWHERE)
    assert not main[NETWORK.edge_country == NETWORK.country_code["JPN"]].any()
    assert nearest(135.5, 34.7, "JPN", main) is None


def test_a_place_beside_a_road_that_is_cut_off_is_an_island():
    builder = Builder()
    for name, lon in (("a", 70.0), ("b", 71.0), ("c", 72.0), ("i", 70.1), ("j", 70.2)):
        builder.node(name, lon, 45.0 if name in "abc" else 45.2, "KAZ")
    for u, v in (("a", "b"), ("b", "c"), ("i", "j")):
        builder.edge(u, v)
    network = builder.build()
    topology = Topology.of(network, ("road",))
    main = main_component(topology, np.ones(3, dtype=bool))
    assert main.tolist() == [True, True, False]
    assert Vertices(topology, ("road",)).nearest(70.1, 45.2, "", main, 40.0).island


def test_fractions_run_from_zero_to_one():
    line = np.array([[70.0, 40.0], [71.0, 40.0], [71.0, 40.0], [73.0, 40.0]])
    assert along(line) == pytest.approx([0, 1 / 3, 1 / 3, 1], abs=1e-4)
    assert along(np.array([[70.0, 40.0], [70.0, 40.0]])).tolist() == [0.0, 1.0]
