"""The data folder describes itself, and the description is up to date."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from horgos_geo.build import dictionary
from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError

AGAIN = "Run `python -m horgos_geo.build.dictionary` and commit what it writes."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small data folder."""
    (tmp_path / "reference" / "parameters").mkdir(parents=True)
    (tmp_path / "reference" / "parameters" / "speed.csv").write_text(
        "country,value,unit,year,source\nKAZ,61.5,km/h,2022,a\nUZB,,km/h,2021,b\n"
    )
    (tmp_path / "network").mkdir()
    pq.write_table(pa.table({"lon": [1.0], "lat": [2.0]}), tmp_path / "network" / "nodes.parquet")
    return tmp_path


def test_all_columns_are_described() -> None:
    assert not dictionary.undescribed(), "Describe them in horgos_geo/build/columns.py."


def test_dictionary_sources_and_licences_are_up_to_date() -> None:
    assert not dictionary.stale(), AGAIN


def test_sources_list_every_file_with_its_hash() -> None:
    listed = {row["path"]: row for row in datasets.read_rows("sources.csv")}
    root = datasets.root()
    there = {f.relative_to(root).as_posix() for f in root.rglob("*") if f.is_file()}
    there = {name for name in there if not any(p.startswith(".") for p in name.split("/"))}
    assert set(listed) == there - {"sources.csv", "DICTIONARY.md"}
    for row in listed.values():
        assert len(row["sha256"]) == 64
        assert row["licence"]
        assert row["name"]
    assert listed["network/edges.parquet"]["licence"] == "ODbL 1.0"
    assert listed["places/gazetteer.parquet"]["licence"] == "CC BY 4.0"
    assert not datasets.verify()


def test_data_stay_small() -> None:
    root = datasets.root()
    assert sum(f.stat().st_size for f in root.rglob("*") if f.is_file()) < 40_000_000


def test_written_files_are_what_they_say(folder: Path) -> None:
    written = dictionary.write_all(folder)
    assert [file.name for file in written] == ["LICENSE.md", "DICTIONARY.md", "sources.csv"]
    assert not dictionary.stale(folder)
    text = (folder / "DICTIONARY.md").read_text("utf-8")
    assert "## reference/parameters/speed.csv" in text
    assert "| `value` | number | P50, in the unit beside it. |" in text
    assert "| `year` | whole number |" in text
    assert "| `lon` | float64 | Longitude" in text
    rows = list(csv.DictReader(io.StringIO((folder / "sources.csv").read_text("utf-8"))))
    assert [row["path"] for row in rows] == [
        "LICENSE.md", "network/nodes.parquet", "reference/parameters/speed.csv",
    ]  # fmt: skip


def test_a_changed_file_makes_them_stale(folder: Path) -> None:
    dictionary.write_all(folder)
    before = (folder / "sources.csv").read_text("utf-8")
    (folder / "network" / "network.json").write_text("{}")
    assert dictionary.stale(folder) == ["DICTIONARY.md", "sources.csv"]
    (folder / "network" / "network.json").unlink()
    dictionary.write_all(folder)
    assert (folder / "sources.csv").read_text("utf-8") == before


def test_a_column_nobody_described_is_refused(folder: Path) -> None:
    (folder / "reference" / "new.csv").write_text("id,frobnication\n1,2\n")
    assert dictionary.undescribed(folder) == ["reference/new.csv: frobnication"]
    with pytest.raises(DataError, match="frobnication"):
        dictionary.write_all(folder)
    assert not (folder / "sources.csv").exists()


def test_hidden_files_are_left_out(folder: Path) -> None:
    (folder / ".gazetteer.1234.part.csv").write_text("unknown\n")
    assert not dictionary.undescribed(folder)
