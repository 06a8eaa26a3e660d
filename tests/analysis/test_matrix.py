"""Large matrices: reading tables of places, streaming pairs, whole results only."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from horgos_geo.analysis import matrix
from horgos_geo.core.errors import DataError, MissingData, OutputError
from horgos_geo.model.network import Network
from horgos_geo.model.place_tables import read_blocks
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

POINTS = [("almaty", 77.0, 43.3), ("astana", 71.4, 51.2), ("mid-sea", 20.0, 0.0),
          ("osaka", 135.5, 34.7), ("nan", float("nan"), 1.0), ("tashkent", 69.3, 41.3)]  # fmt: skip


def write_csv(path: Path, points: list[tuple[str, float, float]] = POINTS) -> Path:
    lines = ["id,lon,lat", *(f"{id_},{lon},{lat}" for id_, lon, lat in points)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    return write_csv(tmp_path / "a.csv", POINTS[:2]), write_csv(tmp_path / "b.csv")


def rows_of(path: Path) -> list[dict[str, object]]:
    parts = sorted(path.glob("*.parquet"))
    return [row for part in parts for row in pq.read_table(part).to_pylist()]


def test_every_pair_has_a_row_and_the_router_s_own_answer(
    network: Network, tables: tuple[Path, Path], tmp_path: Path
) -> None:
    router = Router(network, Scenario())
    written = matrix.write_matrix(router, *tables, tmp_path / "out.parquet")
    rows = rows_of(written.path)
    assert written.rows == len(rows) == 12
    assert sum(written.statuses.values()) == 12
    places = {id_: Place(id_, id_, "", lon, lat, "point") for id_, lon, lat in POINTS}
    for row in rows:
        if row["status"] == "bad coordinates":
            assert row["destination_id"] == "nan"
            assert np.isnan(row["distance_km"])
            continue
        route = router.route(places[row["origin_id"]], places[row["destination_id"]])
        assert row["status"] == route.status
        assert row["distance_km"] == pytest.approx(route.length_km, abs=0.01, nan_ok=True)


def test_blocks_give_the_same_as_one_piece(
    network: Network, tables: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = Router(network, Scenario(minimise="time"))
    whole = rows_of(matrix.write_matrix(router, *tables, tmp_path / "whole").path)
    monkeypatch.setattr(matrix, "ORIGINS_AT_ONCE", 1)
    monkeypatch.setattr(matrix, "DESTINATIONS_AT_ONCE", 2)
    calls: list[tuple[int, int]] = []
    parts = matrix.write_matrix(
        router, *tables, tmp_path / "parts", progress=lambda a, b: calls.append((a, b))
    )
    assert calls[-1] == (12, 12)
    assert len(list(parts.path.iterdir())) == 6
    key = lambda row: (row["origin_id"], row["destination_id"])  # noqa: E731
    assert repr(sorted(rows_of(parts.path), key=key)) == repr(sorted(whole, key=key))
    assert "time_h" in whole[0]


def test_a_failure_leaves_the_last_good_result(
    network: Network, tables: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    router, out = Router(network, Scenario()), tmp_path / "out.parquet"
    matrix.write_matrix(router, *tables, out)
    before = rows_of(out)
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(matrix, "answer", lambda *_: (_ for _ in ()).throw(full))
    with pytest.raises(OutputError, match="room"):
        matrix.write_matrix(router, *tables, out)
    assert repr(rows_of(out)) == repr(before)
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def test_what_is_no_matrix_is_never_replaced(
    network: Network, tables: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="in the way"):
        matrix.write_matrix(Router(network, Scenario()), *tables, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


def test_tables_of_every_kind_read_alike(tmp_path: Path) -> None:
    import geopandas as gpd

    good = [point for point in POINTS if point[0] != "nan"]
    ids, lon, lat = (list(column) for column in zip(*good, strict=True))
    pq.write_table(pa.table({"id": ids, "lon": lon, "lat": lat}), tmp_path / "t.parquet")
    write_csv(tmp_path / "t.csv", good)
    frame = gpd.GeoDataFrame({"id": ids}, geometry=gpd.points_from_xy(lon, lat), crs=4326)
    frame.to_file(tmp_path / "t.gpkg")
    frame.to_crs(3857).to_file(tmp_path / "m.gpkg")
    frame.to_file(tmp_path / "t.geojson")
    for name in ("t.parquet", "t.csv", "t.gpkg", "m.gpkg", "t.geojson"):
        blocks = list(read_blocks(tmp_path / name, 2))
        assert [id_ for block in blocks for id_ in block.ids] == ids, name
        assert np.concatenate([b.lon for b in blocks]) == pytest.approx(lon, abs=1e-6), name
        assert np.concatenate([b.lat for b in blocks]) == pytest.approx(lat, abs=1e-6), name


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("gone.csv", None, MissingData, "no file"),
        ("t.csv", b"id,lon\na,1\n", DataError, "no column lat"),
        ("t.csv", b"id,lon,lat\na,1,2\na,3,4\n", DataError, "twice"),
        ("t.csv", b"id,lon,lat\n,1,2\n", DataError, "no id"),
        ("t.csv", b"id,lon,lat\na,1\n", DataError, "line 2"),
        ("t.csv", "id,lon,lat\nКазань,1,2\n".encode() + b"\xff\xfe,1,2\n", DataError, "UTF-8"),
        ("t.csv", b"id,lon,lat\n", DataError, "no rows"),
        ("t.parquet", b"PAR1 not really PAR1", DataError, "Parquet"),
        ("t.geojson", b"{", DataError, "layer of points"),
        ("t.xlsx", b"PK", DataError, "Give .csv"),
    ],
)
def test_a_bad_table_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, error: type[Exception], words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=words):
        list(read_blocks(tmp_path / name, 10))


def test_the_ending_says_what_is_written(
    network: Network, tables: tuple[Path, Path], tmp_path: Path
) -> None:
    import openpyxl

    router = Router(network, Scenario())
    rows = rows_of(matrix.write_matrix(router, *tables, tmp_path / "m.parquet").path)
    text = matrix.write_matrix(router, *tables, tmp_path / "m.csv").path.read_text("utf-8")
    head = "origin_id,destination_id,distance_km,snap_origin_km,snap_dest_km,status"
    assert text.startswith(f"\ufeff{head}\n")
    assert len(text.splitlines()) == 1 + len(rows)
    book = openpyxl.load_workbook(matrix.write_matrix(router, *tables, tmp_path / "m.xlsx").path)
    cells = list(book["horgos"].iter_rows(values_only=True))
    assert list(cells[0]) == head.split(",")
    assert [cell if cell is not None else np.nan for cell in cells[2]] == list(rows[1].values())
    for wrong in ("m.json", "m.geojson", "m.txt"):
        with pytest.raises(OutputError, match="Choose"):
            matrix.write_matrix(router, *tables, tmp_path / wrong)
    with pytest.raises(OutputError, match="1,048,576"):
        matrix.check_output(tmp_path / "m.xlsx", 2_000_000)


def test_what_is_said_of_the_tables(network: Network, tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("name\nAlma-Ata\nZzyzx\n", encoding="utf-8")
    written = matrix.write_matrix(
        Router(network, Scenario()), tmp_path / "o.csv", tmp_path / "o.csv", tmp_path / "m"
    )
    assert written.statuses == {"ok": 1, "unknown place": 3}
    assert written.notes == (
        "o.csv: a row cannot be used, line 3: unknown place (Zzyzx).",
        "Alma-Ata is taken as Almaty, KAZ.",
    )


def test_the_command(tables: tuple[Path, Path], tmp_path: Path, network: Network,
                     capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    from horgos_geo.cli import main
    from horgos_geo.model.network import save_network

    save_network(network, tmp_path / "net")
    arguments = ["matrix", *map(str, tables), "-o", str(tmp_path / "o"), "--network",
                 str(tmp_path / "net"), "--mode", "road", "-f", "json"]  # fmt: skip
    main(arguments)
    said = json.loads(capsys.readouterr().out)
    assert said["rows"] == 12
