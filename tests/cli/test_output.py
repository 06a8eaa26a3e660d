"""What commands write: in the format of the ending, whole, and refused before work where not."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from horgos_geo.cli import main
from horgos_geo.cli.frame_files import frame_as_csv, frame_as_geojson, write_frame
from horgos_geo.cli.output import MAPS, TABLES, Format
from horgos_geo.model.network import Network, save_network
from horgos_geo.routing.router import Router

READ = {
    "csv": pd.read_csv,
    "xlsx": pd.read_excel,
    "parquet": gpd.read_parquet,
    "geojson": gpd.read_file,
    "gpkg": gpd.read_file,
    "kml": gpd.read_file,
}


@pytest.fixture(scope="module")
def folder(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the fixture network on disk."""
    return save_network(network, tmp_path_factory.mktemp("network"))


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    points = gpd.points_from_xy([80.4, 69.3], [44.2, 41.3])
    values = {"name": ["霍尔果斯", "=1+1"], "length_km": [1.5, float("nan")]}
    return gpd.GeoDataFrame(values, index=["a", "b"], geometry=points, crs=4326).rename_axis("id")


@pytest.mark.parametrize("ending", [*TABLES, *MAPS])
def test_a_route_is_written_as_its_ending_says(
    ending: str, folder: Path, network: Network, tmp_path: Path
) -> None:
    file = tmp_path / f"route.{ending}"
    main(["route", "almaty", "moscow", "--network", str(folder), "-o", str(file)])
    legs = READ[ending](file)
    assert "petropavl-road" in set(legs["crossing_id"])
    km = legs[legs["kind"] == "road"]["distance_km"].astype(float).sum()
    route = Router(network).route("almaty", "moscow")
    assert km == pytest.approx(route.length_km, abs=0.01)


def test_every_table_keeps_names_and_gaps(frame: gpd.GeoDataFrame, tmp_path: Path) -> None:
    text = frame_as_csv(frame)
    assert text.splitlines() == ["id,name,length_km", "a,霍尔果斯,1.5", "b,=1+1,"]
    write_frame(frame, tmp_path / "t.xlsx", "xlsx")
    cell = openpyxl.load_workbook(tmp_path / "t.xlsx").active["B3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")  # no formula
    write_frame(frame, tmp_path / "t.kml", "kml")
    assert gpd.read_file(tmp_path / "t.kml")["Name"].tolist() == ["霍尔果斯", "=1+1"]
    features = frame_as_geojson(frame)["features"]
    assert features[1]["properties"]["id"] == "b"


def test_what_holds_for_all_rows_stands_once_in_geojson(frame: gpd.GeoDataFrame) -> None:
    frame.attrs["mode"] = "road"
    assert frame_as_geojson(frame)["properties"]["mode"] == "road"
    assert "OpenStreetMap" in frame_as_geojson(frame)["properties"]["attribution"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trace", "Horgos", "Almaty", "-o", "{tmp}/t.gpx"], "no gpx"),
        (["cars", "-o", "{tmp}/t.geojson"], "no geojson"),
        (["gateways", "--to", "Almaty", "-f", "kml"], "no kml"),
        (["route", "Horgos", "Almaty", "-f", "xlsx"], "-o FILE.xlsx"),
        (["route", "Horgos", "Almaty", "-f", "parquet", "-o", "-"], "-o FILE.parquet"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_work(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("horgos_geo.model.network.load_network", None)
    with pytest.raises(SystemExit, match="2"):
        main([part.format(tmp=tmp_path) for part in arguments])
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert not list(tmp_path.iterdir())


def test_an_option_wins_over_the_ending(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    ask = ["route", "almaty", "moscow", "--network", str(folder), "-f", Format.json]
    main([*ask, "-o", str(file)])
    assert json.loads(file.read_text(encoding="utf-8"))["status"] == "ok"
