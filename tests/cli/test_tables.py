"""Tables through the commands: what offices send is answered, or refused with an exit code."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from horgos_geo.cli import main
from horgos_geo.model.network import Network, save_network

TABLES = Path(__file__).resolve().parents[1] / "tables"


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        separator = max(",;\t", key=self.out.split("\n", 1)[0].count)
        return list(csv.DictReader(io.StringIO(self.out), delimiter=separator))


Run = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_network(network, tmp_path_factory.mktemp("network"))


@pytest.fixture
def horgos(capsys: pytest.CaptureFixture[str], folder: Path) -> Run:
    def run(*arguments: object) -> Result:
        code = 0
        try:
            main([*map(str, arguments), "--network", str(folder)])
        except SystemExit as error:
            code = int(error.code or 0)
        said = capsys.readouterr()
        return Result(code, said.out, said.err)

    return run


@pytest.mark.parametrize("name", ["d.csv", "dcol.csv", "dd.csv", "dsp.csv", "dup.csv"])
def test_pairs_are_answered(horgos: Run, name: str) -> None:
    result = horgos("distances", TABLES / name)
    assert result.code == 0
    first = result.rows[0]
    assert first["status"] == "ok"
    assert float(first["distance_km"]) == pytest.approx(300, rel=0.2)
    added = ["distance_km", "raw_distance_km", "great_circle_km"]
    assert list(first)[-6:] == [*added, "snap_origin_km", "snap_dest_km", "status"]


def test_a_bad_row_takes_no_other_along(horgos: Run) -> None:
    result = horgos("distances", TABLES / "d.csv")
    status = {row["name"]: row["status"] for row in result.rows}
    assert status["ok"] == "ok"
    assert status["swap"] == status["swapd"] == "longitude and latitude exchanged"
    assert status["nan"] == "bad coordinates"
    assert "line 3: longitude and latitude exchanged" in result.err


@pytest.mark.parametrize("head", ["origin,dest", "from;to", "Откуда\tКуда", "起点,终点"])
def test_names_and_points_in_any_words(horgos: Run, tmp_path: Path, head: str) -> None:
    separator = max(",;\t", key=head.count)
    rows = [("Alma-Ata", "Moskau"), ("Алматы", "莫斯科"), ("Zzyzx", "Osh")]
    lines = [head, *(separator.join(row) for row in rows)]
    (tmp_path / "p.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = horgos("distances", tmp_path / "p.csv")
    assert [row["status"] for row in result.rows] == ["ok", "ok", "unknown place"]
    assert "Moskau is taken as Moscow, RUS." in result.err
    assert "line 4: unknown place" in result.err


def test_stdin(horgos: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        buffer = io.BytesIO((TABLES / "dd.csv").read_bytes())

    monkeypatch.setattr("sys.stdin", Pipe)
    assert horgos("distances", "-").rows[0]["status"] == "ok"


def test_no_good_row_is_an_error(horgos: Run, tmp_path: Path) -> None:
    head = "origin_lon,origin_lat,dest_lon,dest_lat\n"
    (tmp_path / "p.csv").write_text(head + "a,b,c,d\n1,2,3,x\n")
    result = horgos("distances", tmp_path / "p.csv", "-o", tmp_path / "out.csv")
    assert result.code == 2
    assert "no row that can be used: line 2: bad coordinates (a, b, c, d)" in result.err
    assert not (tmp_path / "out.csv").exists()
    (tmp_path / "s.csv").write_text(head + "44.2,80.4,43.2,76.9\n41.3,69.2,43.2,76.9\n")
    result = horgos("distances", tmp_path / "s.csv")
    assert result.code == 2
    assert "Exchange the names of the two columns" in result.err


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "parquet"])
def test_the_ending_says_the_format(horgos: Run, tmp_path: Path, form: str) -> None:
    import pandas as pd

    out = tmp_path / f"t.{form}"
    assert horgos("distances", TABLES / "d.csv", "-o", out).code == 0
    frame = {
        "csv": pd.read_csv, "json": pd.read_json, "xlsx": pd.read_excel,
        "parquet": pd.read_parquet,
    }[form](out)  # fmt: skip
    assert frame["status"].tolist()[0] == "ok"
    assert frame["distance_km"][0] == pytest.approx(300, rel=0.2)
    if form != "csv":
        assert frame["origin_lon"][0] == 80.41


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["distances", TABLES / "d.csv", "-o", "t.gpkg"], "writes no gpkg"),
        (["distances", TABLES / "d.csv", "-o", "t.docx"], "nothing is written as .docx"),
        (["distances", TABLES / "d.csv", "-o", "t.csv", "-f", "json"], "say two things"),
        (["distances", TABLES / "d.csv", "-f", "xlsx"], "needs a file"),
        (["matrix", TABLES / "plain.csv", TABLES / "plain.csv", "-o", "m.gpx"], "Choose .parquet"),
        (["route", "Almaty", "Moscow", "-o", "t.shp"], "nothing is written as .shp"),
        (["route", "Almaty", "Moscow", "-o", "t.geojson", "-f", "kml"], "say two things"),
        (["matrix", TABLES / "swapped_val.csv", TABLES / "plain.csv", "-o", "m"], "exchanged"),
    ],
)
def test_what_cannot_be_is_refused_before_work_starts(
    horgos: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[object],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = horgos(*arguments)
    assert result.code != 0
    assert words in result.err
    assert not list(tmp_path.iterdir())


def test_matrix_reads_and_writes_what_the_endings_say(horgos: Run, tmp_path: Path) -> None:
    out = tmp_path / "m.csv"
    result = horgos("matrix", TABLES / "names_only.csv", TABLES / "google.kml", "-o", out)
    assert result.code == 0
    assert out.is_file()
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert [(row["origin_id"], row["destination_id"]) for row in rows] == [
        ("1", "Almaty"), ("1", "Tashkent"), ("2", "Almaty"), ("2", "Tashkent"),
    ]  # fmt: skip
    assert {row["status"] for row in rows} == {"ok"}
    said = horgos(
        "matrix", TABLES / "plain.csv", TABLES / "plain.csv", "-o", tmp_path / "m", "-f", "json"
    )
    assert json.loads(said.out)["rows"] == 4


def test_maps_made_in_china(horgos: Run, tmp_path: Path) -> None:
    text = "origin_lon,origin_lat,dest\n116.403714,39.910223,Almaty\n"
    (tmp_path / "p.csv").write_text(text)
    plain = horgos("distances", tmp_path / "p.csv").rows[0]
    moved = horgos("distances", tmp_path / "p.csv", "--datum", "gcj02").rows[0]
    away = abs(float(plain["great_circle_km"]) - float(moved["great_circle_km"]))
    assert 0.2 < away < 0.7


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "geojson", "gpkg", "kml"])
def test_places_are_written_as_the_ending_says(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str
) -> None:
    from horgos_geo.core.table_files import open_table

    out = tmp_path / f"brest.{form}"
    main(["places", "Brest", "-n", "2", "-o", str(out)])
    assert "Brest is taken as Brest, BLR; also: Brest, FRA." in capsys.readouterr().err
    table = open_table(out)
    (block,) = table.blocks(10)
    assert list(block.columns[table.names.index("country")]) == ["BLR", "FRA"]
