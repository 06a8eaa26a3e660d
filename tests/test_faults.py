"""Fuzzed parsers, and a short run of the program that kills builds."""

from __future__ import annotations

import csv
import io
import os
import random
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from horgos_geo.build.osm_tags import blocks, kind_of, speed_kmh
from horgos_geo.cli.distances import Counts, answer, open_pairs
from horgos_geo.core.errors import HorgosError
from horgos_geo.model import places
from horgos_geo.model.network import Network
from horgos_geo.model.place_tables import read_blocks
from horgos_geo.model.scenario import Scenario, load_scenario, make_scenario
from horgos_geo.reports.notebook import Parameter
from horgos_geo.routing.router import Router

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@FEW
@given(st.text(max_size=300))
def test_any_text_is_a_place_or_refused(text: str) -> None:
    try:
        place = places.resolve(text)
    except HorgosError as error:
        assert len(str(error).splitlines()) == 1
        return
    assert -180 <= place.lon <= 180
    assert -90 <= place.lat <= 90


@FEW
@given(st.floats(), st.floats(), st.sampled_from([",", ";", " ", ", "]))
def test_any_two_numbers_are_a_point_or_refused(lat: float, lon: float, comma: str) -> None:
    try:
        place = places.resolve(f"{lat}{comma}{lon}")
    except HorgosError:
        return
    assert abs(place.lon) <= 180
    assert abs(place.lat) <= 90


@FEW
@given(st.dictionaries(st.sampled_from([*Scenario.model_fields, "x"]), VALUES, max_size=5))
def test_any_values_are_a_scenario_or_refused(values: dict[str, object]) -> None:
    try:
        scenario = make_scenario(values)
    except HorgosError as error:
        assert len(str(error).splitlines()) == 1
        return
    assert make_scenario(scenario.model_dump()) == scenario


@FEW
@given(st.binary(max_size=400))
def test_any_file_is_a_scenario_or_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "s.yaml").write_bytes(data)
    try:
        load_scenario(tmp_path / "s.yaml")
    except HorgosError as error:
        assert str(error)


@FEW
@given(st.binary(max_size=400), st.sampled_from(["t.csv", "t.parquet", "t.geojson"]))
def test_any_file_is_a_table_of_places_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(b"id,lon,lat\n" + data if name == "t.csv" else data)
    try:
        for block in read_blocks(tmp_path / name, 7):
            assert len(block.lon) == len(block.lat) == len(block.ids)
    except HorgosError as error:
        assert len(str(error)) < 1000


@FEW
@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=5), max_size=5))
def test_any_rows_are_answered_with_a_status(
    tmp_path: Path, network: Network, rows: list[list[str]]
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["origin_lon", "origin_lat", "dest_lon", "dest_lat"])
    writer.writerows(rows)
    (tmp_path / "p.csv").write_text(stream.getvalue(), encoding="utf-8", errors="replace",
                                    newline="")  # fmt: skip
    router = Router(network, Scenario())
    try:
        table = open_pairs(tmp_path / "p.csv")
        for some in answer(router, table, "wgs84", Counts()):
            assert all(row[-1] for row in some)
    except HorgosError as error:
        assert str(error)


@FEW
@given(
    st.dictionaries(
        st.sampled_from(["highway", "railway", "route", "maxspeed", "oneway", "gauge", "access",
                         "hgv", "barrier", "service"]),
        st.text(max_size=12)
        | st.sampled_from(["primary", "rail", "ferry", "yes", "-1", "1520;1435", "50 mph"]),
    )
)  # fmt: skip
def test_any_tags_are_read(tags: dict[str, str]) -> None:
    kind = kind_of(tags)
    blocks(tags)
    assert 0 <= speed_kmh(tags.get("maxspeed", "")) <= 200
    if kind:
        assert kind.oneway in (-1, 0, 1)
        assert all(500 <= gauge <= 1700 for gauge in kind.gauges_mm)


@FEW
@given(st.text(max_size=60), st.sampled_from([str, int, float, bool, list[str], dict[str, int]]))
def test_any_setting_is_a_value_or_refused(text: str, kind: type) -> None:
    try:
        Parameter("p", str(kind), None, "", kind).parse(text)
    except HorgosError as error:
        assert len(str(error)) < 500


@pytest.mark.parametrize("reader", ["csv", "geojson", "parquet", "yaml", "nodes", "edges", "pbf"])
def test_any_damaged_file_is_read_or_refused(tmp_path: Path, reader: str) -> None:
    from tests.fuzz import readers

    if reader == "pbf":
        pytest.importorskip("osmium")
    chance, good = random.Random(1), readers.seeds(reader, tmp_path)
    for _ in range(25):
        readers.once(reader, readers.mutated(chance.choice(good), chance), tmp_path)


@pytest.mark.slow
def test_builds_killed_at_any_moment_leave_whole_files(tmp_path: Path) -> None:
    from tests.faults.kills import rounds

    assert rounds(tmp_path, 6, random.Random(os.environ.get("SEED", "1"))) == []
