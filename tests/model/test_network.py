"""The network's tables: written, read, refused when damaged."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from fixture import fixture_network

from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.model.network import load_network, save_network

ARRAYS = (
    "lon", "lat", "node_country", "rank", "u", "v", "mode", "length_km", "raw_length_km",
    "edge_country", "gauge_mm", "gauge_to_mm", "crossing", "link", "source", "oneway",
    "coord_offset", "coord_lon", "coord_lat",
)  # fmt: skip


def test_a_network_survives_the_disk(tmp_path):
    network = fixture_network()
    loaded = load_network(save_network(network, tmp_path / "net"))
    for name in ARRAYS:
        assert np.array_equal(getattr(loaded, name), getattr(network, name)), name
    assert loaded.countries == network.countries
    assert [c.id for c in loaded.crossings] == [c.id for c in network.crossings]
    assert loaded.terminals == network.terminals
    assert loaded.meta == network.meta


def test_saving_twice_gives_the_same_bytes(tmp_path):
    first, second = (save_network(fixture_network(), tmp_path / name) for name in "ab")
    for file in sorted(first.iterdir()):
        assert file.read_bytes() == (second / file.name).read_bytes(), file.name


def test_edges_are_readable_as_geoparquet(tmp_path):
    import geopandas as gpd

    network = fixture_network()
    save_network(network, tmp_path)
    frame = gpd.read_parquet(tmp_path / "edges.parquet")
    assert len(frame) == network.edge_count
    assert set(frame.geom_type) == {"LineString"}
    assert list(frame.geometry.iloc[0].coords) == [tuple(p) for p in network.edge_lonlat(0)]


def test_land_changes_country_only_at_a_crossing():
    network = fixture_network()
    land = network.is_mode("road", "rail")
    changes = network.node_country[network.u] != network.node_country[network.v]
    assert (network.crossing[land & changes] >= 0).all()
    assert (network.length_km[land & changes] == 0).all()


@pytest.mark.parametrize(
    "name", ["nodes.parquet", "edges.parquet", "crossings.csv", "network.json"]
)
def test_a_missing_file_is_named(tmp_path, name):
    save_network(fixture_network(), tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(MissingData, match=name.replace(".", r"\.")):
        load_network(tmp_path)


@pytest.mark.parametrize("name", ["nodes.parquet", "edges.parquet"])
def test_a_truncated_table_is_refused(tmp_path, name):
    save_network(fixture_network(), tmp_path)
    file = tmp_path / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(DataError, match="damaged"):
        load_network(tmp_path)


def test_another_format_is_refused(tmp_path):
    save_network(fixture_network(), tmp_path)
    (tmp_path / "network.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(DataError, match="format 99"):
        load_network(tmp_path)


def test_no_folder(tmp_path):
    with pytest.raises(MissingData, match="no network folder"):
        load_network(tmp_path / "nothing")


def test_a_network_is_told_in_a_line():
    network = fixture_network()
    assert repr(network).startswith("<Network fixture: ")
    assert len(repr(network)) < 150
    longer = replace(network, length_km=network.length_km + 1.0)
    assert longer.digest != network.digest == fixture_network().digest


def test_fractions_run_from_zero_to_one_along_each_edge():
    network = fixture_network()
    (bent,) = np.flatnonzero(np.diff(network.coord_offset) == 4)
    first, position, along = network.vertices(np.array([0, bent]))
    assert first.tolist() == [0, 2]
    assert position.tolist() == [0, 1, *range(*network.coord_offset[[bent, bent + 1]])]
    assert along[:2].tolist() == [0.0, 1.0]
    assert (along[2], along[-1]) == (0.0, 1.0)
    assert (np.diff(along[2:]) > 0).all()
