"""A whole build on small raw sources, and what must hold of the committed network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from raw_fixture import write_raw

from horgos_geo.build.pipeline import BuildReport, build_network
from horgos_geo.core.choices import MODES
from horgos_geo.core.geodesy import distances_km
from horgos_geo.model.network import Network, load_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

Points = list[tuple[float, float]]
Edges = list[tuple[int, int]]
POST = {
    "name": "Post", "country_a": "CHN", "country_b": "KAZ", "kind": "post", "status": "open",
    "status_date": "", "lon": "80.0", "lat": "45.0", "network_lon": "", "network_lat": "",
    "network_edge_km": "", "gauge_a_mm": "", "gauge_b_mm": "", "source": "a", "retrieved": "yes",
    "note": "",
}  # fmt: skip
TERMINAL = {"kind": "terminal", "aliases": "", "source": "a", "retrieved": "yes", "note": ""}
TABLES = {
    "reference/crossings_road.csv": [POST | {"id": "post-road"}],
    "reference/crossings_rail.csv": [POST | {"id": "post-rail"}],
    "reference/gauges.csv": [
        {"country": "KAZ", "gauge_mm": "1520"}, {"country": "CHN", "gauge_mm": "1435"},
    ],
    "reference/destinations.csv": [{"lon": "75.3", "lat": "45.0"}],
    "curation/terminals.csv": [
        TERMINAL | {"id": "west", "name": "West", "country": "KAZ", "lon": "75.0", "lat": "45.0"},
        TERMINAL | {"id": "lost", "name": "Lost", "country": "KAZ", "lon": "72.0", "lat": "41.0"},
    ],
    "curation/links_road.csv": [
        {"id": "bridge", "from_lon": "77.1", "from_lat": "45.0", "from_new": "", "to_lon": "77.2",
         "to_lat": "45.0", "to_new": "", "km": "12", "use": "yes"},
    ],
    "curation/section_lengths.csv": [
        {"id": "a-1", "mode": "road", "km": "60", "from_lon": "81.4", "from_lat": "45.0",
         "to_lon": "82.0", "to_lat": "45.0"},
    ],
}  # fmt: skip
FILES = ("nodes.parquet", "edges.parquet", "crossings.csv", "terminals.csv", "network.json")


def ladder(lon: float, step: float, rungs: int) -> tuple[Points, Edges]:
    """Return two lines beside each other, joined at each step, so that no chain can be merged."""
    points = [(round(lon + i * step, 3), lat) for i in range(rungs) for lat in (45.0, 45.1)]
    edges = [(2 * i, 2 * i + 1) for i in range(rungs)]
    edges += [(2 * i + side, 2 * i + side + 2) for i in range(rungs - 1) for side in (0, 1)]
    return points, edges


def graph(rungs: int, gap: bool) -> tuple[Points, Edges]:
    """Return a ladder from Kazakhstan into China, then a long edge and a second ladder."""
    points, edges = ladder(75.0, 6.4 / rungs, rungs)
    cut = 2 * int(rungs * 2.15 / 6.4)
    # The ladder is open on both sides in one place, and crosses the border on one side alone.
    border = 2 * int(rungs * 5.0 / 6.4)
    off = {(border + 1, border + 3), *(((cut, cut + 2), (cut + 1, cut + 3)) if gap else ())}
    edges = [edge for edge in edges if edge not in off]
    first, last = len(points), points[-2]
    more, others = ladder(82.0, 6.4 / rungs, rungs)
    edges += [(a + first, b + first) for a, b in others]
    assert last[1] == 45.0
    return points + more, [*edges, (first - 2, first)]


def tables(name: str) -> Iterable[dict[str, str]]:
    return TABLES.get(name, [])


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graphs = {"world_highways": graph(160, gap=True), "world_railways": graph(90, gap=False)}
    town = {"geonameid": 1, "name": "Town", "population": 40_000, "longitude": 81.7,
            "latitude": 45.02}  # fmt: skip
    return write_raw(tmp_path_factory.mktemp("raw"), graphs, [town])


@pytest.fixture(scope="module")
def built(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    folder = tmp_path_factory.mktemp("built")
    return folder, build_network(raw, folder, tables=tables)


def test_a_build_gives_the_same_bytes_twice(
    raw: Path, built: tuple[Path, BuildReport], tmp_path: Path
) -> None:
    build_network(raw, tmp_path, tables=tables)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (built[0] / name).read_bytes(), name


def test_a_build_tells_what_it_found(built: tuple[Path, BuildReport]) -> None:
    report = built[1]
    assert report.links == {"road": 1, "rail": 0}
    assert report.counts["road edges cut at a place"] == 1
    assert report.counts["sections with the published length of their road"] == 1
    for mode in ("road", "rail"):
        assert report.borders.counts[("CHN", "KAZ"), mode] == {"matched": 1}
    assert report.problems == [
        "terminal lost: no road node near it",
        "terminal lost: no rail node near it",
    ]
    assert "CHN-KAZ  road        1" in report.text()


def test_a_built_network_is_routed_from_end_to_end(built: tuple[Path, BuildReport]) -> None:
    network = load_network(built[0])
    road = Router(network, Scenario(outbound=False))
    route = road.route("45.0,75.3", "45.0,83.0")
    assert route.status == "ok"
    assert [c.id for c in route.crossings] == ["post-road"]
    assert network.crossings[network.crossing_index["post-rail"]].gauge_a_mm == 1435
    rail = road.with_(modes="rail").route("45.0,75.3", "45.0,83.0")
    assert rail.status == "ok"
    over = network.crossing == network.crossing_index["post-rail"]
    assert {*network.gauge_mm[over], *network.gauge_to_mm[over]} == {1435, 1520}


def test_a_town_on_a_long_edge_has_its_node_and_the_edge_its_published_length(
    built: tuple[Path, BuildReport],
) -> None:
    network = load_network(built[0])
    assert (np.isclose(network.lon, 81.7) & np.isclose(network.lat, 45.02)).any()
    of_section = network.link == network.links.index("section-a-1")
    assert network.length_km[of_section].sum() == pytest.approx(60, abs=1)
    bridge = network.link == network.links.index("bridge")
    assert network.raw_length_km[bridge] == pytest.approx(12)


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
    chord = distances_km(
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
