"""`horgos compare`: a row a destination, mode and scenario, and what a scenario adds."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from horgos_geo.cli import main
from horgos_geo.model.network import Network, save_network

SHUT = "closed_countries: [RUS]\n"


@pytest.fixture(scope="module")
def folder(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the fixture network and a scenario on disk."""
    folder = save_network(network, tmp_path_factory.mktemp("network"))
    (folder / "no-russia.yaml").write_text(SHUT)
    return folder


@pytest.fixture
def ask(folder: Path, capsys: pytest.CaptureFixture[str]):
    def run(*arguments: object) -> str:
        main(["compare", *map(str, arguments), "--network", str(folder)])
        return capsys.readouterr().out

    return run


def test_one_row_a_destination_mode_and_scenario(ask, folder):
    two = ("--scenario", "base", "--scenario", folder / "no-russia.yaml")
    said = json.loads(ask("almaty", "moscow", "tashkent", *two, "-f", "json"))
    assert said["origin"] == "Almaty"
    assert said["network_digest"]
    rows = said["rows"]
    assert [(r["scenario"], r["mode"], r["destination"]) for r in rows] == [
        (scenario, mode, place)
        for scenario in ("base", "no-russia")
        for mode in ("road", "rail")
        for place in ("moscow", "tashkent")
    ]
    base, shut = rows[0], rows[4]
    assert base["crossings"] == ["petropavl-road"]
    assert sum(base["country_km"].values()) == pytest.approx(base["length_km"], abs=0.01)
    assert base["extra_km"] == 0.0
    assert (shut["status"], shut["length_km"], shut["extra_km"]) == (
        "closed by scenario",
        None,
        None,
    )
    assert rows[5]["extra_h"] == 0.0  # Tashkent is reached without Russia


def test_the_text_names_what_is_asked(ask, folder):
    text = ask("almaty", "moscow", "-m", "rail", "--minimise", "time")
    assert text.startswith("From Almaty, least time")
    assert "Scenario" not in text
    text = ask("almaty", "tashkent", "--scenario", "base", "--scenario", folder / "no-russia.yaml")
    assert "+days" in text
    assert "no-russia" in text


def test_options_hold_under_every_scenario(ask, folder):
    two = ("--scenario", "base", "--scenario", folder / "no-russia.yaml")
    asked = ("almaty", "astana", "-m", "road", *two, "--minimise", "time", "-f", "json")
    usual = json.loads(ask(*asked))["rows"]
    slow = json.loads(ask(*asked, "--parameter", "moving_speed_kmh.road.KAZ=5"))["rows"]
    assert {row["objective"] for row in slow} == {"time"}
    assert all(a["time_h"] > 3 * b["time_h"] for a, b in zip(slow, usual, strict=True))


def test_it_is_written_in_every_format(ask, tmp_path):
    ask("almaty", "moscow", "-m", "road", "-o", tmp_path / "t.xlsx")
    assert pd.read_excel(tmp_path / "t.xlsx")["name"].tolist() == ["Moscow"]
    ask("almaty", "moscow", "-m", "road", "-o", tmp_path / "t.geojson")
    lines = gpd.read_file(tmp_path / "t.geojson")
    assert lines.geom_type.tolist() == ["LineString"]
    assert lines["scenario"].tolist() == ["base"]
    ask("almaty", "moscow", "-m", "road", "-o", tmp_path / "t.parquet")
    assert gpd.read_parquet(tmp_path / "t.parquet").crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["almaty"], "Name a destination"),
        (["almaty", "moscow", "-m", "air"], "road, rail"),
        (["almaty", "moscow", "--scenario", "nowhere"], "no scenario"),
        (["almaty", "moscow", "-o", "t.gpx"], "no gpx"),
    ],
)
def test_what_is_invalid_is_refused(ask, arguments, words, capsys):
    with pytest.raises(SystemExit, match="2"):
        ask(*arguments)
    assert words in capsys.readouterr().err
