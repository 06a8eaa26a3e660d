"""The network as a graph of networkx: the same arcs, lengths and shortest paths."""

from __future__ import annotations

import networkx as nx
import pytest
import shapely
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.core.errors import DataError
from horgos_geo.model.network import load_network
from horgos_geo.model.network_export import ARC_ATTRIBUTES, GRAPH_ATTRIBUTES, NODE_ATTRIBUTES
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

NETWORK = fixture_network()


def test_arcs_and_nodes_carry_what_is_documented():
    graph = NETWORK.to_networkx()
    two_way = int((~NETWORK.oneway).sum())
    assert graph.number_of_edges() == NETWORK.edge_count + two_way
    assert all(tuple(data) == NODE_ATTRIBUTES for _, data in graph.nodes(data=True))
    assert all(tuple(data) == ARC_ATTRIBUTES for *_, data in graph.edges(data=True))
    assert set(GRAPH_ATTRIBUTES) <= set(graph.graph)
    for u, v, data in graph.edges(data=True):
        ends = [(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in (u, v)]
        line = data["geometry"].coords
        assert line[0] == pytest.approx(ends[0], abs=1e-4)
        assert line[-1] == pytest.approx(ends[1], abs=1e-4)


def test_gauges_turn_with_the_arc():
    graph = NETWORK.to_networkx(["rail"])
    breaks = [
        (u, v, data["gauge_mm"], data["gauge_to_mm"])
        for u, v, data in graph.edges(data=True)
        if data["gauge_mm"] != data["gauge_to_mm"]
    ]
    assert {(v, u, b, a) for u, v, a, b in breaks} == set(breaks)
    assert breaks


def test_modes_and_areas_choose():
    rail = NETWORK.to_networkx(["rail"])
    assert {data["mode"] for *_, data in rail.edges(data=True)} == {"rail"}
    box = (68.0, 40.0, 78.0, 52.0)
    small = NETWORK.to_networkx(["road"], box)
    assert 0 < small.number_of_edges() < NETWORK.to_networkx(["road"]).number_of_edges()
    assert all(box[0] <= data["x"] <= box[2] for _, data in small.nodes(data=True))
    same = NETWORK.to_networkx(["road"], shapely.box(*box))
    assert set(same.edges(keys=True)) == set(small.edges(keys=True))
    with pytest.raises(DataError, match="Did you mean rail"):
        NETWORK.to_networkx(["rial"])


def test_shortest_paths_are_the_router_s():
    scenario = Scenario(ignore_border_penalty=True, destination_only=(), outbound=False)
    route = Router(NETWORK, scenario).route(PLACES["almaty"], PLACES["astana"])
    graph = NETWORK.to_networkx(["road"])
    ends = [
        min(
            graph, key=lambda n: abs(graph.nodes[n]["x"] - p.lon) + abs(graph.nodes[n]["y"] - p.lat)
        )
        for p in (PLACES["almaty"], PLACES["astana"])
    ]
    km = nx.shortest_path_length(graph, *ends, weight="length_km")
    assert km == pytest.approx(route.length_km, rel=0.05)


def test_a_part_of_the_real_network_is_quick_to_cut():
    graph = load_network().to_networkx(["rail"], (79.5, 43.5, 81.0, 44.5))
    crossings = {data["crossing"] for *_, data in graph.edges(data=True)} - {""}
    assert "khorgos-altynkol-rail" in crossings
