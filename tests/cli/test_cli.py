"""The command: what it prints, and one clear sentence for each bad input."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings, strategies as st

from horgos_geo.cli import main, output as _output
from horgos_geo.model.network import Network, save_network


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


@pytest.fixture(scope="session")
def folder(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the fixture network on disk."""
    return save_network(network, tmp_path_factory.mktemp("network"))


@pytest.fixture
def horgos(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Return a function that runs the command in this process."""

    def run(*arguments: object) -> Result:
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as error:
            code = int(error.code or 0)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


Run = Callable[..., Result]
HORGOS, MOSCOW, TASHKENT = "44.2,80.5", "55.8,37.6", "41.3,69.3"


# Results -----------------------------------------------------------------------------------


def test_route_json_has_the_promised_keys(horgos: Run, folder: Path) -> None:
    answer = horgos("route", "almaty", "moscow", "--format", "json", "--network", folder).json
    promised = {
        "status", "distance_km", "raw_distance_km", "great_circle_km", "countries", "crossings",
        "snap_km", "legs", "time_h", "time_h_low", "time_h_high", "cost_usd_per_teu",
        "co2e_kg_per_t", "gauge_breaks", "transfers",
    }  # fmt: skip
    assert promised <= set(answer)
    assert answer["status"] == "ok"
    assert answer["crossings"] == ["petropavl-road"]
    assert sum(answer["countries"].values()) == pytest.approx(answer["distance_km"], abs=0.1)
    assert answer["time_h_low"] <= answer["time_h"] <= answer["time_h_high"]


def test_every_route_format_is_what_it_says(horgos: Run, folder: Path, tmp_path: Path) -> None:
    ask = ("route", "almaty", "moscow", "--network", folder, "--format")
    geojson = horgos(*ask, "geojson").json
    assert geojson["type"] == "FeatureCollection"
    assert geojson["features"]
    assert horgos(*ask, "gpx").out.startswith("<?xml")
    rows = list(csv.DictReader(io.StringIO(horgos(*ask, "csv").out)))
    assert [row["kind"] for row in rows].count("border") <= 1
    assert sum(float(row["distance_km"]) for row in rows if row["kind"] == "road") > 3000
    text = horgos(*ask, "text").out
    assert "km" in text
    assert "By country" in text
    assert "(KAZ–RUS)" in text
    back = horgos("route", "moscow", "almaty", "--network", folder).out
    assert "(RUS–KAZ)" in back
    written = horgos(*ask, "json", "-o", tmp_path / "deep" / "route.json")
    assert written.out == ""
    assert (
        json.loads((tmp_path / "deep" / "route.json").read_text(encoding="utf-8"))["status"] == "ok"
    )


def test_what_a_name_was_taken_for_is_said_on_stderr(horgos: Run, folder: Path) -> None:
    answer = horgos("route", "Алма-Ата", "Moskau", "--network", folder, "-f", "json")
    assert answer.json["status"] == "ok"
    assert answer.err.splitlines() == [
        "Алма-Ата is taken as Almaty, KAZ.",
        "Moskau is taken as Moscow, RUS.",
    ]
    assert horgos("route", "almaty", "moscow", "--network", folder).err == ""


def test_no_advice_is_given_that_was_followed_already(horgos: Run, folder: Path) -> None:
    ask = ("route", "almaty", "Osaka", "--network", folder)
    assert "open the ferries" in horgos(*ask).err
    assert "--mode" in horgos(*ask, "--ferry").err
    assert "--ferry" not in horgos(*ask, "--ferry").err
    last = horgos(*ask, "--ferry", "--mode", "multimodal").err
    assert "--ferry" not in last
    assert "--mode" not in last
    assert "too far from network" in horgos("route", "almaty", "90,0", "--network", folder).err


def test_scenario_options_reach_the_scenario(horgos: Run, folder: Path, tmp_path: Path) -> None:
    ask = ("route", "almaty", "moscow", "--network", folder, "-f", "json")
    closed = horgos(*ask, "--close", "petropavl-road", "--close", "uzb").json
    assert closed["status"] == "closed by scenario"
    assert closed["distance_km"] is None
    assert closed["legs"] == []
    for name in ("Russia", "俄罗斯", "Россия"):
        assert horgos(*ask, "--close", name).json["status"] == "closed by scenario"
    opened = horgos(*ask, "--close", "petropavl-road", "--open", "ustyurt-road").json
    assert opened["crossings"] == ["zhibek-road", "ustyurt-road"]
    file = tmp_path / "scenario.yaml"
    file.write_text("modes: [rail]\nminimise: time\n", encoding="utf-8")
    from_file = horgos(*ask, "--scenario", file).json
    assert (from_file["mode"], from_file["minimise"]) == ("rail", "time")
    assert horgos(*ask, "--scenario", file, "--mode", "road").json["mode"] == "road"
    ferry = horgos(
        "route",
        "almaty",
        "40.4,49.9",
        "-m",
        "multimodal",
        "--ferry",
        "--network",
        folder,
        "-f",
        "json",
    ).json
    assert ferry["crossings"] == ["aktau-alat-ferry"]


def test_a_missing_route_is_a_sentence_or_a_status(horgos: Run, folder: Path) -> None:
    result = horgos("route", "almaty", "35.7,139.7", "--network", folder)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("horgos: There is no way from ")
    answer = horgos("route", "almaty", "35.7,139.7", "--network", folder, "-f", "json")
    assert answer.code == 0
    assert answer.json["status"] == "no path"
    assert answer.json["distance_km"] is None


def test_gateways_say_their_units_in_the_keys(horgos: Run) -> None:
    found = horgos("gateways", "--to", "Tashkent", "--mode", "rail", "--format", "json").json
    held = {row["measure"]: row for row in found["results"][0]["focus"]}
    assert held["distance"]["behind_km"] == 0.0
    assert {"behind_h", "behind_error_h"} <= held["time"].keys()
    assert "behind_usd" in held["cost"]
    for row in found["summary"]:
        assert not [key for key in row if " " in key]
        assert row["reached"] == row["first"] + row["tied_first"]  # Horgos is nearest to Tashkent


def test_isochrones_have_the_largest_area_first_in_geojson(horgos: Run, folder: Path) -> None:
    ask = ("isochrones", "--from", "almaty", "--within", "200km", "--within", "500km")
    geojson = horgos(*ask, "--network", folder, "-f", "geojson").json
    within = [feature["properties"]["within_km"] for feature in geojson["features"]]
    assert within == [500.0, 200.0]
    assert geojson["features"][0]["geometry"]["type"] == "MultiPolygon"
    assert geojson["properties"]["attribution"]
    found = horgos(*ask, "--network", folder, "-f", "json").json
    assert [area["within_km"] for area in found["areas"]] == [200.0, 500.0]
    assert found["mode"] == "road"
    assert "500 km" in horgos(*ask, "--network", folder).out


def test_places(horgos: Run) -> None:
    found = horgos("places", "霍尔果斯", "--format", "json").json["places"]
    assert found[0]["id"] == "horgos"
    assert isinstance(found[0]["lon"], float)
    assert "Did you mean Almaty" in horgos("places", "Almatty").err
    assert "Horgos" in horgos("places", "Khorgas").out


def test_network_info_and_verify(horgos: Run, folder: Path) -> None:
    info = horgos("network", "info", "--network", folder, "--format", "json").json
    assert info["modes"]["road"]["components"] >= 1
    assert info["edges"] > 40
    assert "crossings" in horgos("network", "info", "--network", folder).out.lower()
    assert horgos("network", "verify", "--network", folder).code == 0


def test_report_list(horgos: Run) -> None:
    listed = horgos("report", "--list", "--format", "json").json["reports"]
    assert listed[0]["name"] == "01-routes-from-horgos"
    assert {"name", "type", "default", "help"} == set(listed[0]["parameters"][0])


def test_help_is_worth_reading(horgos: Run) -> None:
    text = horgos("--help").out
    assert all(word in text for word in ("route", "report", "distances", "places", "network"))
    for command in (["route"], ["distances"], ["report"], ["places"], ["network", "build"]):
        text = horgos(*command, "--help").out
        assert "Usage" in text
        assert len(text) > 300


# Pairs -------------------------------------------------------------------------------------

PAIRS = """\
id,origin_lon,origin_lat,dest_lon,dest_lat,remark
1,77.0,43.3,37.6,55.8,"a, b"
2,77.0,43.3,x,55.8,
3,77.0,430,37.6,55.8,=1+1
4,77.0,43.3
5,77.0,43.3,37.6,55.8,a,b,c
6,77.0,43.3,139.7,35.7,霍尔果斯
7,nan,inf,37.6,55.8,
8,77.0,43.3,71.4,51.2,last
"""


def test_distances_answers_each_row(horgos: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(PAIRS, encoding="utf-8-sig")
    result = horgos(
        "distances",
        tmp_path / "pairs.csv",
        "--mode",
        "road",
        "-o",
        tmp_path / "out.csv",
        "--network",
        folder,
    )
    assert (result.code, result.out) == (0, "")
    text = (tmp_path / "out.csv").read_text("utf-8")
    assert text.startswith("\ufeff")  # so that a spreadsheet reads names in any script
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == list("12345678")
    assert [row["status"] for row in rows] == [
        "ok", "bad coordinates", "bad coordinates", "bad coordinates", "more cells than columns",
        "no path", "bad coordinates", "ok",
    ]  # fmt: skip
    assert rows[0]["remark"] == "a, b"
    assert rows[5]["remark"] == "霍尔果斯"
    single = horgos("route", "43.3,77.0", "55.8,37.6", "-f", "json", "--network", folder).json
    assert float(rows[0]["distance_km"]) == pytest.approx(single["distance_km"], abs=0.001)
    assert float(rows[0]["raw_distance_km"]) == pytest.approx(single["raw_distance_km"], abs=0.001)
    assert rows[1]["distance_km"] == ""


def test_distances_as_json_and_with_semicolons(horgos: Run, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(
        "origin_lon;origin_lat;dest_lon;dest_lat\n77;43.3;37.6;55.8\n1;2;3;x\n", "utf-8"
    )
    rows = horgos("distances", path, "--format", "json", "--network", folder).json
    assert rows[0]["distance_km"] > 3000
    assert rows[0]["origin_lon"] == 77.0
    assert rows[1]["distance_km"] is None
    path.write_text("origin_lon,origin_lat,dest_lon,dest_lat\n", "utf-8")
    assert horgos("distances", path, "--format", "json", "--network", folder).json == []


def test_a_failed_table_leaves_the_old_answers(horgos: Run, folder: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "pairs.csv", tmp_path / "out.csv"
    out.write_text("old", "utf-8")
    path.write_bytes(PAIRS.encode() + b"9,\xff\xfe,1,2,3,4\n")
    result = horgos("distances", path, "-o", out, "--network", folder)
    assert result.code == 2
    assert "not UTF-8" in result.err
    assert out.read_text("utf-8") == "old"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["out.csv", "pairs.csv"]


# Bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["route", "Nowhereville", "Almaty"], "No place called"),
        (["route", "Almatty", "Moscow"], "Did you mean Almaty"),
        (["route", "80.41,44.21", "Almaty"], "latitude"),
        (["route", "95,200", "Almaty"], "latitude"),
        (["route", "", "Almaty"], "No place was given"),
        (["route", "x" * 10_000, "Almaty"], "200 characters"),
        (["route", "Horgos", "Khorgos"], "both origin and destination"),
        (["route", "Horgos"], "Missing argument 'DESTINATION'"),
        (["route", "Horgos", "Almaty", "--mode", "air"], "'air' is not one of"),
        (["route", "Horgos", "Almaty", "--colour"], "No such option: --colour"),
        (["route", "Horgos", "Almaty", "--close", "no-such-crossing"], "no-such-crossing"),
        (["route", "Horgos", "Almaty", "--scenario", "no-such"], "There is no scenario 'no-such'"),
        (["route", "Horgos", "Almaty", "--network", "/no/such/folder"], "/no/such/folder"),
        (["rout", "Horgos", "Almaty"], "Did you mean"),
        (["places", "zzzqqqq"], "No place called"),
        (["distances", "/no/such.csv"], "There is no file /no/such.csv"),
        (["distances", "."], "is a folder"),
        (["report", "99"], "There is no report '99'"),
        (["report", "--set", "nonsense=1"], "parameter 'nonsense'"),
        (["report", "--params", "/no/such.yaml"], "/no/such.yaml"),
        (["report", "--out", "/dev/null"], "not a folder"),
        (["network", "info", "--network", "."], "network.json"),
    ],
)
def test_bad_input_is_one_clear_sentence(horgos: Run, arguments: list[str], sentence: str) -> None:
    result = horgos(*arguments)
    assert result.code in (1, 2)
    assert result.out == ""
    assert result.err.startswith("horgos: ")
    assert result.err.count("\n") == 1
    assert sentence in result.err
    assert len(result.err) < 600


def test_a_damaged_network_is_named(horgos: Run, folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    edges = tmp_path / "edges.parquet"
    edges.write_bytes(edges.read_bytes()[:-200])
    result = horgos("network", "verify", "--network", tmp_path)
    assert result.code == 1
    assert "is damaged" in result.err
    result = horgos("route", "almaty", "moscow", "--network", tmp_path)
    assert result.code == 2
    assert result.err.startswith("horgos: ")


@pytest.mark.parametrize(
    "head",
    ["origin_lon,origin_lat", "", "a\nb", "\x00\x00", "origin_lon origin_lat dest_lon dest_lat"],
)
def test_a_table_without_the_columns_is_refused(
    horgos: Run, folder: Path, tmp_path: Path, head: str
) -> None:
    (tmp_path / "pairs.csv").write_text(head, encoding="utf-8")
    result = horgos("distances", tmp_path / "pairs.csv", "--network", folder)
    assert result.code == 2
    assert "pairs.csv" in result.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_named(horgos: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    result = horgos("route", "almaty", "moscow", "--network", folder, "-o", tmp_path / "shut" / "x")
    assert result.code == 1
    assert "folder that you may write to" in result.err


def test_an_unexpected_error_is_one_sentence_too(
    horgos: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import horgos_geo.model.places

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by\nnothing")

    monkeypatch.setattr(horgos_geo.model.places, "search", broken)
    result = horgos("places", "x")
    assert result.code == 1
    assert (
        result.err
        == "horgos: unexpected ZeroDivisionError: by nothing. Add --debug to see where.\n"
    )
    with pytest.raises(ZeroDivisionError):
        horgos("places", "x", "--debug")


def test_places_south_of_the_equator_are_no_options(horgos: Run) -> None:
    assert "No such option" not in horgos("route", "-6.2,106.8", "Almaty").err


# The whole process -------------------------------------------------------------------------


def test_a_closed_pipe_and_a_narrow_encoding_end_quietly() -> None:
    command = [sys.executable, "-m", "horgos_geo.cli", "places", "霍尔果斯", "--format", "json"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    whole = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert "霍尔果斯" in whole.stdout.decode("utf-8")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait(30)
    assert b"Traceback" not in errors
    assert b"Exception ignored" not in errors


def test_the_routing_path_imports_nothing_heavy(folder: Path) -> None:
    code = (
        "import sys; from horgos_geo.cli import main\n"
        f"main(['route', 'almaty', 'moscow', '--network', {str(folder)!r}, '-f', 'json'])\n"
        "heavy = {'geopandas', 'pandas', 'folium', 'matplotlib', 'papermill', 'nbconvert'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


# Output ------------------------------------------------------------------------------------


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_any_result_is_strict_json(value: Any) -> None:
    text = _output.as_json(value)
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


def test_numpy_numbers_are_numbers() -> None:
    import numpy as np

    values = {"a": np.float32(1.5), "b": np.array([1, 2]), "c": np.float64("nan"), "d": math.inf}
    assert json.loads(_output.as_json(values)) == {"a": 1.5, "b": [1, 2], "c": None, "d": None}
