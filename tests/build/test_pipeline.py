"""The committed network: what must hold of every edge and crossing."""

from __future__ import annotations

import numpy as np
import pytest

from horgos_geo.core.choices import MODES
from horgos_geo.model.network import Network, load_network


@pytest.fixture(scope="module")
def network() -> Network:
    return load_network()


def _mode(network: Network, name: str) -> np.ndarray:
    return network.mode == MODES.index(name)


def test_country_changes_only_at_listed_crossings(network: Network) -> None:
    differ = network.node_country[network.u] != network.node_country[network.v]
    land = _mode(network, "road") | _mode(network, "rail")
    assert (network.crossing[differ] >= 0).all()
    assert (network.length_km[differ & land] == 0).all()


def test_crossing_edges_join_the_two_countries_of_their_crossing(network: Network) -> None:
    for edge in np.flatnonzero(network.crossing >= 0):
        crossing = network.crossings[network.crossing[edge]]
        ends = {
            network.countries[network.node_country[n]] for n in (network.u[edge], network.v[edge])
        }
        assert ends == {crossing.country_a, crossing.country_b}, crossing.id
        assert crossing.mode == MODES[network.mode[edge]], crossing.id


def test_every_other_land_edge_lies_in_the_country_of_its_ends(network: Network) -> None:
    land = (_mode(network, "road") | _mode(network, "rail")) & (network.crossing < 0)
    assert (network.edge_country[land] == network.node_country[network.u[land]]).all()
    assert (network.edge_country[land] > 0).all()


def test_road_and_rail_nodes_are_disjoint(network: Network) -> None:
    road, rail = _mode(network, "road"), _mode(network, "rail")
    on_road = set(network.u[road].tolist()) | set(network.v[road].tolist())
    on_rail = set(network.u[rail].tolist()) | set(network.v[rail].tolist())
    assert not on_road & on_rail


def test_lengths_are_never_shorter_than_the_chord_by_much(network: Network) -> None:
    from horgos_geo.build.draft import distance_km

    chord = distance_km(
        network.lon[network.u], network.lat[network.u],
        network.lon[network.v], network.lat[network.v],
    )  # fmt: skip
    land = _mode(network, "road") | _mode(network, "rail")
    short = land & (network.crossing < 0) & (chord > network.length_km * 1.02 + 0.2)
    assert short.sum() == 0


def test_every_rail_edge_has_a_gauge(network: Network) -> None:
    rail = _mode(network, "rail")
    known = {1000, 1050, 1067, 1435, 1520, 1524, 1600, 1668, 1676}
    assert set(np.unique(network.gauge_mm[rail]).tolist()) <= known
    assert (network.gauge_mm[~rail] == 0).all()
    broken = rail & (network.gauge_mm != network.gauge_to_mm)
    assert (network.length_km[broken] == 0).all()


def test_horgos_has_its_road_and_rail_crossing(network: Network) -> None:
    for name in ("khorgos-nur-zholy-road", "khorgos-altynkol-rail"):
        position = network.crossing_index[name]
        crossing = network.crossings[position]
        assert (crossing.country_a, crossing.country_b) == ("CHN", "KAZ")
        assert crossing.status == "open"
        edges = np.flatnonzero(network.crossing == position)
        assert len(edges) >= 1
        assert np.allclose(network.lon[network.u[edges]], 80.35, atol=0.12)
        assert np.allclose(network.lat[network.u[edges]], 44.18, atol=0.06)


def test_end_points_of_geometry_are_the_nodes(network: Network) -> None:
    first, last = network.coord_offset[:-1], network.coord_offset[1:] - 1
    assert np.array_equal(network.coord_lon[first], network.lon[network.u])
    assert np.array_equal(network.coord_lat[last], network.lat[network.v])
