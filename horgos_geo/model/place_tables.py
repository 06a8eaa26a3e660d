"""Read tables of places in blocks: any table, whatever its columns are called."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.choices import Datum
from horgos_geo.core.coordinates import LatLon, parse_degrees, parse_pair
from horgos_geo.core.countries import CHINA, country_code
from horgos_geo.core.datum import to_wgs84
from horgos_geo.core.errors import BadCoordinates, DataError, PlaceNotFound
from horgos_geo.core.name_keys import clean
from horgos_geo.core.table_files import MORE_CELLS, NO_POINT, Block, Table, open_table
from horgos_geo.model import gazetteer
from horgos_geo.model.listed_places import Place
from horgos_geo.model.resolve import looks_swapped, resolve
from horgos_geo.model.table_columns import place_columns

#: Why a row cannot be used, besides what its file says.
BAD, SWAPPED = "bad coordinates", "longitude and latitude exchanged"
UNKNOWN_PLACE, UNKNOWN_COUNTRY, NO_ID = "unknown place", "unknown country", "no id"
FAULTS = (BAD, SWAPPED, UNKNOWN_PLACE, UNKNOWN_COUNTRY, NO_ID, MORE_CELLS, NO_POINT)
NEEDED = ("id", "lon", "lat")
LONGEST_ID = 1_000
#: A table is turned round as a whole when most of so many rows lie far nearer to a town turned.
_SAMPLE = 200
_FAR_KM, _TIMES_NEARER, _MOST = 50.0, 3.0, 0.8


@dataclass(frozen=True, eq=False)
class PlaceBlock:
    """Some rows of a table of places.

    Attributes
    ----------
    ids
        One for each row.
    lon, lat
        Degrees (n) in WGS 84, NaN where there are none.
    country
        ISO 3166-1 alpha-3 codes, empty where the table says nothing.
    faults
        Why rows cannot be used, empty for good ones.
    named
        Places of rows that give a name in place of coordinates, by position.
    notes
        What names were taken for, where that is not plain.
    """

    ids: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    country: tuple[str, ...]
    faults: tuple[str, ...]
    named: Mapping[int, Place] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def good(self) -> NDArray[np.bool_]:
        """Which rows can be used."""
        return np.array([not fault for fault in self.faults], dtype=bool)

    @cached_property
    def places(self) -> list[Place]:
        """The good rows as places, the same list each time."""
        return [self.place(i) for i in np.flatnonzero(self.good).tolist()]

    def place(self, row: int) -> Place:
        """Return a good row as a place."""
        return self.named.get(row) or Place(
            id=self.ids[row],
            name=self.ids[row],
            country=self.country[row],
            lon=float(self.lon[row]),
            lat=float(self.lat[row]),
            kind="point",
        )

    def part(self, start: int, stop: int) -> PlaceBlock:
        """Return the rows from `start` up to `stop`."""
        rows = slice(start, stop)
        named = {i - start: place for i, place in self.named.items() if start <= i < stop}
        return PlaceBlock(
            ids=self.ids[rows],
            lon=self.lon[rows],
            lat=self.lat[rows],
            country=self.country[rows],
            faults=self.faults[rows],
            named=named,
        )

    @classmethod
    def joined(cls, blocks: Sequence[PlaceBlock]) -> PlaceBlock:
        """Return several blocks as one."""
        starts = np.cumsum([0, *map(len, blocks)]).tolist()
        return cls(
            ids=tuple(id_ for block in blocks for id_ in block.ids),
            lon=np.concatenate([block.lon for block in blocks]),
            lat=np.concatenate([block.lat for block in blocks]),
            country=tuple(code for block in blocks for code in block.country),
            faults=tuple(fault for block in blocks for fault in block.faults),
            named={
                start + i: place
                for start, block in zip(starts, blocks, strict=False)
                for i, place in block.named.items()
            },
            notes=tuple(note for block in blocks for note in block.notes),
        )


def read_blocks(path: Path, rows: int, datum: Datum = "wgs84") -> Iterator[PlaceBlock]:
    """Read a table of places, `rows` at a time.

    Parameters
    ----------
    path
        Any table that `open_table` opens. Columns are known by their usual names in English,
        Chinese and Russian: longitude and latitude, or a name, or both in one column; if known,
        the country (ISO code or name) and an id. Without an id the name is one, else the number
        of the row.
    rows
        Size of a block.
    datum
        Of the coordinates: ``wgs84``, ``gcj02`` or ``bd09``.

    Raises
    ------
    MissingData
        No such file.
    DataError
        Not such a table, an id that occurs twice, or no row that can be used.
    """
    table = open_table(path)
    columns = place_columns(table.names)
    check_columns(table, [columns])
    seen: set[str] = set()
    fault, count, good = "", 0, 0
    for block in table.blocks(rows):
        ids = unique_ids(table, block, columns, seen)
        places = places_of(table, block, columns, datum, ids)
        if not count:
            refuse_exchanged(path, places)
        said = [] if count else [table.note]
        if not fault:
            fault = describe_fault(table, block, places)
            said += [f"{path.name}: a row cannot be used, {fault}."] if fault else []
        count += len(places)
        good += int(places.good.sum())
        yield replace(places, notes=(*filter(None, said), *places.notes))
    if not count:
        raise DataError(f"{path} has no rows. Give at least one place.")
    if not good:
        raise DataError(f"{path} has no row that can be used: {fault}.")


def check_columns(table: Table, ends: Iterable[Mapping[str, int]]) -> None:
    """Refuse a table without columns that say where its places are.

    Parameters
    ----------
    table
        As opened.
    ends
        Its columns, as `place_columns` gives them.

    Raises
    ------
    DataError
        One sentence that names what is missing.
    """
    for columns in ends:
        if table.has_points or {"name", "latlon", "lonlat", "wkt"} & columns.keys():
            continue
        missing = [name for name in ("lon", "lat") if name not in columns]
        if missing:
            raise DataError(
                f"{table.path} has no column {', '.join(missing)}. A table of places needs "
                f"{', '.join(NEEDED)}, or the names of places in a column name."
            )


def describe_fault(table: Table, block: Block, places: PlaceBlock) -> str:
    """Return what is wrong with the first bad row of a block, and in which row."""
    row = next((i for i, fault in enumerate(places.faults) if fault), -1)
    if row < 0:
        return ""
    cells = ", ".join(_text(column[row])[:40] for column in block.columns)
    more = f" ({clean(cells[:160])})" if cells else ""
    hint = "; lon and lat must be numbers in degrees" if places.faults[row] == BAD else ""
    return f"{table.row_word} {block.numbers[row]}: {places.faults[row]}{more}{hint}"


# Ids ----------------------------------------------------------------------------------------------


def unique_ids(table: Table, block: Block, columns: Mapping[str, int], seen: set[str]) -> list[str]:
    """Return an id for each row: from its column, else the name, else the number of the row.

    Parameters
    ----------
    table, block, columns
        As for `places_of`.
    seen
        Ids of earlier blocks; those of this one are added.

    Raises
    ------
    DataError
        An id that occurs twice, or ids that are lists or the like.
    """
    names = block.columns[columns["name"]] if "name" in columns else [""] * len(block)
    given = block.columns[columns["id"]] if "id" in columns else [None] * len(block)
    ids = []
    for number, value, name in zip(block.numbers, given, names, strict=True):
        id_ = _id(table, value, seen)
        if not id_:
            # Without a column of ids every row has a name or a number to go by.
            id_ = _text(name)[:LONGEST_ID] or ("" if "id" in columns else str(number))
            id_ = id_ if id_ not in seen else f"{id_} ({table.row_word} {number})"
        seen.add(id_)
        ids.append(id_)
    return ids


def _text(cell: Any) -> str:
    """Return a cell as text, empty where there is nothing in it."""
    return "" if cell is None or cell != cell else str(cell).strip()


def _id(table: Table, value: Any, seen: set[str]) -> str:
    if isinstance(value, float) and (value.is_integer() or value != value):
        value = int(value) if value == value else None  # a spreadsheet knows no whole numbers
    if not isinstance(value, str | int | None):
        raise DataError(
            f"{table.path}: ids must be text or whole numbers, not {type(value).__name__}. "
            "Convert them."
        )
    id_ = _text(value)
    if len(id_) > LONGEST_ID:
        raise DataError(f"{table.path} has an over-long id. Give ids of 1 to {LONGEST_ID} letters.")
    if id_ and id_ in seen:
        raise DataError(f"{table.path} has the id {id_[:80]!r} twice. Make the ids unique.")
    return id_


# Coordinates --------------------------------------------------------------------------------------


def places_of(
    table: Table,
    block: Block,
    columns: Mapping[str, int],
    datum: Datum = "wgs84",
    ids: Sequence[str] = (),
) -> PlaceBlock:
    """Return the places of a block of rows.

    Parameters
    ----------
    table
        What the block is of.
    block
        Some rows.
    columns
        Positions of the columns that say what, as `place_columns` gives them.
    datum
        Of the coordinates.
    ids
        As `unique_ids` gives them; where nothing needs ids, nothing.
    """
    lon, lat = _coordinates(block, columns)
    country, faults = _countries(block, columns)
    faults |= block.faults
    named: dict[int, Place] = {}
    notes: list[str] = []
    for i in np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))).tolist():
        found = _by_name(block, columns, i, country[i])
        if isinstance(found, Place):
            named[i], lon[i], lat[i], country[i] = found, found.lon, found.lat, found.country
            notes += [found.note] * bool(found.note)
        else:
            faults.setdefault(i, found)
    for i in _maybe_exchanged(lon, lat):
        if looks_swapped(float(lat[i]), float(lon[i])):
            faults.setdefault(i, SWAPPED)
    if "id" in columns:
        faults |= {i: NO_ID for i, id_ in enumerate(ids) if not id_}
    if datum != "wgs84":
        lon, lat = _shifted(lon, lat, datum, named)
    return PlaceBlock(
        ids=tuple(ids) or ("",) * len(block),
        lon=lon,
        lat=lat,
        country=tuple(country),
        faults=tuple(faults.get(i, "") for i in range(len(block))),
        named=named,
        notes=tuple(dict.fromkeys(notes)),
    )


def _coordinates(
    block: Block, columns: Mapping[str, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if block.lon is not None and block.lat is not None:
        return block.lon.copy(), block.lat.copy()
    if "lon" in columns and "lat" in columns:
        lon = _degrees(block.columns[columns["lon"]], "EW")
        return lon, _degrees(block.columns[columns["lat"]], "NS")
    for kind in ("latlon", "lonlat", "wkt"):
        if kind in columns:
            points = [_point(cell, kind) for cell in block.columns[columns[kind]]]
            return np.array([point.lon for point in points]), np.array([p.lat for p in points])
    return np.full(len(block), np.nan), np.full(len(block), np.nan)


def _point(cell: Any, kind: str) -> LatLon:
    """Return the point that one cell holds, NaN where it holds none."""
    text = _text(cell)
    try:
        if kind == "wkt":
            import shapely

            point = shapely.from_wkt(text)
            return LatLon(float(point.y), float(point.x))
        found = parse_pair(text) or LatLon(math.nan, math.nan)
    except Exception:
        # Of wrong text shapely tells in many ways, and a wrong cell is a wrong row, no more.
        return LatLon(math.nan, math.nan)
    return LatLon(*reversed(found)) if kind == "lonlat" else found


def _degrees(values: Sequence[Any], sides: str) -> NDArray[np.float64]:
    """Return a column of degrees, NaN where a cell holds none."""
    try:
        numbers = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([_number(value, sides) for value in values], dtype=np.float64)
    return numbers if numbers.ndim == 1 else np.full(len(values), np.nan)


def _number(value: Any, sides: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return parse_degrees(value, sides) if isinstance(value, str) else math.nan


def _countries(block: Block, columns: Mapping[str, int]) -> tuple[list[str], dict[int, str]]:
    """Return the code of each row's country, and the rows whose country is unknown."""
    if "country" not in columns:
        return [""] * len(block), {}
    texts = [_text(cell) for cell in block.columns[columns["country"]]]
    codes = {text: country_code(text) if text else "" for text in {*texts}}
    faults = {i: UNKNOWN_COUNTRY for i, text in enumerate(texts) if text and not codes[text]}
    return [codes[text] for text in texts], faults


def _by_name(block: Block, columns: Mapping[str, int], row: int, country: str) -> Place | str:
    """Return the place that a row names, or what is wrong with the row."""
    if "name" not in columns:
        return BAD
    # Where coordinates were given and are wrong, they are not passed over in silence.
    for role in ("lon", "lat", "latlon", "lonlat", "wkt"):
        if role in columns and _text(block.columns[columns[role]][row]):
            return BAD
    name = _text(block.columns[columns["name"]][row])
    if not name:
        return BAD
    try:
        return resolve(f"{name}, {country}" if country else name)
    except PlaceNotFound:
        return UNKNOWN_PLACE
    except BadCoordinates:
        return BAD


# Doubts -------------------------------------------------------------------------------------------


def _maybe_exchanged(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[int]:
    """Return rows that lie where no land route goes, most of a table never."""
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((np.abs(lon) <= 180) & ((lat > 73) | (lat < 0) | (lon < -11)))
    return [int(row) for row in rows[:10_000]]


def refuse_exchanged(path: Path, places: PlaceBlock) -> None:
    """Refuse a table whose columns of longitude and latitude stand the wrong way round.

    Raises
    ------
    DataError
        Most places lie far from any town, and turned round near one.
    """
    rows = [i for i, fault in enumerate(places.faults) if fault in ("", SWAPPED)]
    rows = [i for i in rows if i not in places.named][:_SAMPLE]
    turned = 0
    for i in rows:
        lon, lat = float(places.lon[i]), float(places.lat[i])
        if abs(lon) <= 90:
            away = gazetteer.nearest(lon, lat)[1]
            turned += away > _FAR_KM and gazetteer.nearest(lat, lon)[1] * _TIMES_NEARER < away
    if rows and turned >= _MOST * len(rows):
        lon, lat = float(places.lon[rows[0]]), float(places.lat[rows[0]])
        raise DataError(
            f"{path} seems to hold {SWAPPED}: its first point is lon {lon:g}, lat {lat:g}. "
            "Exchange the names of the two columns."
        )


def _shifted(
    lon: NDArray[np.float64], lat: NDArray[np.float64], datum: Datum, named: Mapping[int, Place]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points in WGS 84; maps made in China shift only what lies in China."""
    x, y = to_wgs84(lon, lat, datum)
    chinese = np.zeros(len(lon), dtype=bool)
    known = np.isfinite(lon) & np.isfinite(lat)
    chinese[known] = np.array(gazetteer.countries_near(lon[known], lat[known])) == CHINA
    chinese[list(named)] = False
    return np.where(chinese, x, lon), np.where(chinese, y, lat)


def read_places(path: Path, datum: Datum = "wgs84") -> list[Place]:
    """Return the places of a table, each with the id that the table gives it.

    Parameters
    ----------
    path, datum
        As for `read_blocks`.

    Raises
    ------
    MissingData, DataError
        As for `read_blocks`.
    """
    block = PlaceBlock.joined(list(read_blocks(path, 50_000, datum)))
    rows = np.flatnonzero(block.good).tolist()
    return [replace(block.place(i), id=block.ids[i]) for i in rows]
