"""One's own OpenStreetMap: tags, graph, joining to the continent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("osmium")

from horgos_geo.build.osm import Built, build_osm
from horgos_geo.build.osm_tags import blocks, kind_of, speed_kmh
from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.model import places
from horgos_geo.model.network import Network, load_network, save_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

OSM = Path(__file__).resolve().parents[3] / "shared" / "osm"

# A few streets of Almaty: a motorway pair, a ring, a private drive, a bollard; two tracks.
NODES = {1: (76.99, 43.30), 2: (77.00, 43.30), 3: (77.01, 43.30), 4: (77.02, 43.30),
         5: (77.00, 43.31), 6: (77.01, 43.31), 7: (77.02, 43.31), 8: (77.03, 43.31),
         9: (77.005, 43.305), 10: (77.03, 43.30), 11: (77.05, 43.35), 12: (77.08, 43.36),
         13: (77.11, 43.36), 14: (77.09, 43.37), 15: (77.004, 43.30), 16: (77.04, 43.35),
         17: (77.05, 43.34)}  # fmt: skip
WAYS = [
    (100, [1, 2, 15], {"highway": "primary", "maxspeed": "60"}),
    (106, [15, 3, 4], {"highway": "primary", "maxspeed": "60"}),
    (101, [2, 5], {"highway": "residential"}),
    (102, [5, 9, 3], {"highway": "residential", "oneway": "-1"}),
    (103, [5, 6, 7, 8], {"highway": "tertiary"}),
    (104, [4, 7], {"highway": "residential", "access": "private"}),
    (105, [8, 10, 4], {"highway": "residential"}),
    (110, [11, 12, 13], {"railway": "rail", "gauge": "1520", "electrified": "contact_line"}),
    (111, [12, 14], {"railway": "rail", "gauge": "1435"}),
    (120, [16, 17], {"route": "ferry"}),  # between no roads, so of no use
    (112, [13, 14], {"railway": "rail", "service": "yard", "gauge": "1520"}),
]  # fmt: skip


def write_osm(path: Path) -> Path:
    barrier = '<tag k="barrier" v="bollard"/>'
    nodes = [
        f'<node id="{id_}" version="1" lon="{lon}" lat="{lat}">{barrier * (id_ == 10)}</node>'
        for id_, (lon, lat) in NODES.items()
    ]
    ways = [
        f'<way id="{id_}" version="1">' + "".join(f'<nd ref="{r}"/>' for r in refs)
        + "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items()) + "</way>"
        for id_, refs, tags in sorted(WAYS, key=lambda way: way[0])
    ]  # fmt: skip
    path.write_text(f"<osm version='0.6'>{''.join(nodes)}{''.join(ways)}</osm>")
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, network: Network) -> Built:
    folder = tmp_path_factory.mktemp("osm")
    save_network(network, folder / "base")
    return build_osm([write_osm(folder / "almaty.osm")], folder / "net", base=folder / "base")


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        ({"highway": "primary"}, True),
        ({"highway": "footway"}, False),
        ({"highway": "residential", "access": "private"}, False),
        ({"highway": "residential", "access": "no", "hgv": "yes"}, True),
        ({"highway": "residential", "motor_vehicle": "destination"}, True),
        ({"highway": "primary", "hgv": "no"}, False),
        ({"highway": "service", "service": "driveway"}, False),
        ({"highway": "pedestrian", "area": "yes"}, False),
        ({"railway": "rail", "service": "siding"}, False),
        ({"railway": "rail", "service": "crossover"}, True),
        ({"railway": "rail", "usage": "tourism"}, False),
        ({"railway": "tram"}, False),
        ({"route": "ferry"}, True),
        ({"route": "ferry", "motor_vehicle": "no"}, False),
    ],
)
def test_only_what_lorries_and_freight_trains_may_use_is_kept(
    tags: dict[str, str], kept: bool
) -> None:
    assert (kind_of(tags) is not None) == kept


def test_directions_speeds_and_gauges_are_read() -> None:
    def oneway(**tags: str) -> int:
        kind = kind_of(tags)
        assert kind
        return kind.oneway

    assert oneway(highway="motorway") == 1
    assert oneway(highway="motorway", oneway="no") == 0
    assert oneway(highway="primary", oneway="-1") == -1
    assert oneway(highway="primary", junction="roundabout") == 1
    assert oneway(highway="primary") == 0
    texts = ("50", "30 mph", "RU:urban", "walk", "60;80", "fast", "")
    assert [round(speed_kmh(t)) for t in texts] == [50, 48, 50, 7, 60, 0, 0]
    rail = kind_of({"railway": "rail", "gauge": "1520;1435", "electrified": "no"})
    assert rail
    assert rail.gauges_mm == (1520, 1435)
    assert not rail.electrified
    assert blocks({"barrier": "bollard"})
    assert blocks({"barrier": "gate", "access": "private"})
    assert not blocks({"barrier": "gate"})
    assert not blocks({"barrier": "border_control"})


def test_the_joined_network_is_whole_and_loads(built: Built) -> None:
    network = load_network(built.folder)
    assert network.node_count == built.network.node_count
    countries = network.node_country
    apart = countries[network.u] != countries[network.v]
    assert (network.crossing[apart] >= 0).all()
    assert np.isfinite(network.speed_kmh).sum() > 0
    assert (built.folder / "attributes.parquet").is_file()


def test_chains_are_merged_with_their_length_and_shape(built: Built) -> None:
    network = built.network
    streets = np.flatnonzero(np.isfinite(network.speed_kmh))
    # 1-2, 2-3 over two ways, 3-4 is a dead end, 2-5, 5-8, and the lane 3-9-5, one way only.
    shapes = {int(network.coord_offset[e + 1] - network.coord_offset[e]) for e in streets}
    assert 4 in shapes or 3 in shapes
    joined = [e for e in streets if np.isclose(network.coord_lon[network.coord_offset[e] :
              network.coord_offset[e + 1]], 77.004).any()]  # fmt: skip
    assert len(joined) == 1
    (middle,) = joined
    assert not any(np.isclose(network.lon, 77.004) & np.isclose(network.lat, 43.30))
    assert network.length_km[middle] == pytest.approx(0.811, abs=0.01)


def test_oneway_streets_and_barriers_are_kept_to(built: Built) -> None:
    router = Router(built.network, Scenario(ignore_border_penalty=True))
    there = router.route("43.30,77.01", "43.31,77.00").length_km
    back = router.route("43.31,77.00", "43.30,77.01").length_km
    assert there == pytest.approx(1.38, abs=0.05)  # by the lane, drawn against its direction
    assert back == pytest.approx(1.92, abs=0.05)  # round the block
    # A place on the lane is entered and left as the lane runs; a matrix says the same.
    ends = [places.resolve("43.31,77.00"), places.resolve("43.305,77.005")]
    into, out = router.route(ends[0], ends[1]).length_km, router.route(ends[1], ends[0]).length_km
    assert into == pytest.approx(2.61, abs=0.05)
    assert out == pytest.approx(0.69, abs=0.03)
    lengths = router.od_matrix(ends, ends)[0]
    assert lengths[0, 1] == pytest.approx(into, abs=0.01)
    assert lengths[1, 0] == pytest.approx(out, abs=0.01)
    # Node 8 to node 4 is short past the bollard; the way goes round.
    assert router.route("43.31,77.03", "43.30,77.02").length_km > 3.0


def test_a_street_reaches_the_continent(built: Built, network: Network) -> None:
    far = Router(built.network, Scenario()).route("43.31,77.00", "Moscow")
    plain = Router(network, Scenario()).route("43.30,77.00", "Moscow")
    assert far.status == "ok"
    assert far.length_km == pytest.approx(plain.length_km, abs=20)
    rail = Router(built.network, Scenario(modes=("rail",))).route("43.36,77.11", "51.25,71.45")
    assert rail.status == "ok"


def test_a_town_without_a_bundled_node_is_joined_to_the_nearest(
    tmp_path: Path, network: Network
) -> None:
    text = write_osm(tmp_path / "town.osm").read_text()
    for id_, (lon, lat) in NODES.items():
        old, new = f'id="{id_}" version="1" lon="{lon}" lat="{lat}"', f'lon="{lon - 0.2:.4f}"'
        text = text.replace(old, f'id="{id_}" version="1" {new} lat="{lat}"')
    (tmp_path / "town.osm").write_text(text)
    save_network(network, tmp_path / "base")
    town = build_osm([tmp_path / "town.osm"], tmp_path / "net", base=tmp_path / "base")
    assert town.joined.joins["road"] >= 1
    assert Router(town.network, Scenario()).route("43.31,76.80", "Moscow").status == "ok"


def test_two_gauges_meet_in_a_break(built: Built) -> None:
    network = built.network
    breaks = (network.gauge_mm != network.gauge_to_mm) & (network.crossing < 0)
    assert {(1520, 1435)} <= {
        (int(a), int(b))
        for a, b in zip(network.gauge_mm[breaks], network.gauge_to_mm[breaks], strict=True)
    }
    assert (network.length_km[breaks] == 0).all()


def test_a_build_is_the_same_twice(built: Built, tmp_path: Path, network: Network) -> None:
    save_network(network, tmp_path / "base")
    again = build_osm(
        [write_osm(tmp_path / "almaty.osm")], tmp_path / "net", base=tmp_path / "base"
    )
    for name in ("nodes.parquet", "edges.parquet"):
        assert (again.folder / name).read_bytes() == (built.folder / name).read_bytes()


def test_what_is_no_extract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="no file"):
        build_osm([tmp_path / "gone.osm.pbf"], tmp_path / "net")
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + b"\xff" * 100)
    with pytest.raises(DataError, match="damaged"):
        build_osm([bad], tmp_path / "net")
    bad.write_text("hello")
    with pytest.raises(DataError, match="no OpenStreetMap file"):
        build_osm([bad], tmp_path / "net")
    nowhere = tmp_path / "nowhere.osm"
    nowhere.write_text("<osm version='0.6'><node id='1' version='1' lat='43' lon='76..2'/></osm>")
    with pytest.raises(DataError, match="damaged"):
        build_osm([nowhere], tmp_path / "net")
    empty = tmp_path / "empty.osm"
    empty.write_text("<osm version='0.6'></osm>")
    with pytest.raises(DataError, match="no road"):
        build_osm([empty], tmp_path / "net")
    assert not (tmp_path / "net").exists()


@pytest.mark.slow
@pytest.mark.skipif(not OSM.is_dir(), reason="no extracts beside the checkout")
def test_a_country_is_routed_from_its_streets_to_horgos(tmp_path: Path) -> None:
    built = build_osm([OSM / "liechtenstein-latest.osm.pbf"], tmp_path / "net")
    assert "LIE by road" in built.joined.whole
    router = Router(built.network, Scenario(outbound=False))
    bundled = Router(load_network(), Scenario(outbound=False))
    street = router.route("47.1410,9.5209", "Moscow")
    assert street.status == "ok"
    assert street.length_km == pytest.approx(
        bundled.route("47.1410,9.5209", "Moscow").length_km, rel=0.02
    )
