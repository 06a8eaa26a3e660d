"""Files written row by row: the same rows in every format, and whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from horgos_geo.core import row_files
from horgos_geo.core.errors import OutputError
from horgos_geo.core.row_files import row_writer

NAMES = ["id", "name", "distance_km"]
ROWS: list[list[Any]] = [
    ["1", "霍尔果斯", 884.0],
    ["2", "=1+1", float("nan")],
    ["3", None, 12.5],
]


def read_back(path: Path) -> Iterator[list[Any]]:
    """Yield the rows of a file, its head among them, with None for what is empty."""
    match path.suffix:
        case ".csv":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                yield from ([cell or None for cell in row] for row in csv.reader(stream))
        case ".json":
            rows = json.loads(path.read_text("utf-8"))
            yield list(rows[0])
            yield from (list(row.values()) for row in rows)
        case ".xlsx":
            yield from map(list, openpyxl.load_workbook(path).active.iter_rows(values_only=True))
        case ".parquet":
            table = pq.read_table(path)
            yield table.column_names
            yield from (list(row.values()) for row in table.to_pylist())


@pytest.mark.parametrize("form", row_files.ROW_FORMATS)
def test_the_same_rows_in_every_format(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"t.{form}"
    with row_writer(path, form, NAMES, numeric=["distance_km"]) as write:
        write(ROWS[:1])
        write(ROWS[1:])
    head, *rows = read_back(path)
    assert head == NAMES
    texts = [[None if cell is None else str(cell) for cell in row] for row in rows]
    assert [row[:2] for row in texts] == [["1", "霍尔果斯"], ["2", "=1+1"], ["3", None]]
    numbers = [None if row[2] is None else float(row[2]) for row in texts]
    assert numbers == [884.0, None, 12.5]


@pytest.mark.parametrize("form", row_files.ROW_FORMATS)
def test_a_failure_leaves_the_old_file(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"t.{form}"
    path.write_text("old")

    def fail() -> None:
        with row_writer(path, form, NAMES) as write:
            write(ROWS)
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_no_formula_is_written(tmp_path: Path) -> None:
    with row_writer(tmp_path / "t.xlsx", "xlsx", ["name"]) as write:
        write([["=1+1"], ["a\x07b"]])
    cells = [row[0] for row in openpyxl.load_workbook(tmp_path / "t.xlsx").active.iter_rows()]
    assert [cell.data_type for cell in cells] == ["s", "s", "s"]
    assert cells[2].value == "ab"


def test_a_sheet_that_overflows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_files, "MOST_SHEET_ROWS", 3)
    with pytest.raises(OutputError, match="A sheet holds 3 rows"):  # noqa: SIM117
        with row_writer(tmp_path / "t.xlsx", "xlsx", NAMES) as write:
            write(ROWS)
    assert not list(tmp_path.iterdir())


def test_nothing_is_a_table_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form in row_files.ROW_FORMATS:
        with row_writer(tmp_path / f"t.{form}", form, NAMES):
            pass
    assert json.loads((tmp_path / "t.json").read_text()) == []
    assert pq.read_table(tmp_path / "t.parquet").column_names == NAMES
    with row_writer(None, "csv", NAMES, separator=";") as write:
        write(ROWS[:1])
    assert capsys.readouterr().out == "id;name;distance_km\n1;霍尔果斯;884.0\n"
