"""Read tables of places in blocks: CSV, Parquet, and point layers of GeoPackage and GeoJSON."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.model.places import Place

NEEDED = ("id", "lon", "lat")
LONGEST_ID = 1_000
_LAYERS = {".gpkg", ".geojson", ".json", ".fgb", ".shp"}
_TEXTS = {".csv", ".tsv", ".txt"}


@dataclass(frozen=True, eq=False)
class PlaceBlock:
    """Some rows of a table: ids, coordinates in degrees (NaN where unusable), countries."""

    ids: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    country: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def good(self) -> NDArray[np.bool_]:
        """Return which rows have coordinates on Earth."""
        return (np.abs(self.lon) <= 180) & (np.abs(self.lat) <= 90)

    @cached_property
    def places(self) -> list[Place]:
        """The rows with coordinates on Earth as places, the same list each time."""
        return [
            Place(self.ids[i], self.ids[i], self.country[i], float(self.lon[i]), float(self.lat[i]),
                  "point")
            for i in np.flatnonzero(self.good)
        ]  # fmt: skip

    def part(self, start: int, stop: int) -> PlaceBlock:
        """Return the rows from `start` up to `stop`."""
        return PlaceBlock(
            self.ids[start:stop],
            self.lon[start:stop],
            self.lat[start:stop],
            self.country[start:stop],
        )


def read_blocks(path: Path, rows: int) -> Iterator[PlaceBlock]:
    """Read a table of places, `rows` at a time.

    Parameters
    ----------
    path
        CSV or Parquet with the columns ``id, lon, lat`` and, if known, ``country`` (ISO3); or a
        layer of points, whose id is its column ``id`` or else the number of the row.
    rows
        Size of a block.

    Raises
    ------
    MissingData
        No such file.
    DataError
        Not such a table, or an id that occurs twice.
    """
    if path.is_dir() and not any(path.glob("*.parquet")):
        raise MissingData(f"{path} is a folder. Give a table of places.")
    if not path.exists():
        raise MissingData(f"There is no file {path}. Check the path.")
    ending = path.suffix.lower()
    if ending == ".parquet":
        raw = _from_parquet(path, rows)
    elif ending in _LAYERS:
        raw = _from_layer(path)
    elif ending in _TEXTS:
        raw = _from_csv(path)
    else:
        raise DataError(
            f"{path} is no table of places that can be read. "
            "Give .csv, .parquet, .gpkg or .geojson."
        )
    seen: set[str] = set()
    for columns in raw:
        for start in range(0, len(columns[0]), rows):
            yield _block(path, [column[start : start + rows] for column in columns], seen)
    if not seen:
        raise DataError(f"{path} has no rows. Give at least one place.")


def _block(path: Path, columns: Sequence[Any], seen: set[str]) -> PlaceBlock:
    ids = tuple("" if value is None else str(value) for value in columns[0])
    for id_ in ids:
        if not id_ or len(id_) > LONGEST_ID:
            raise DataError(
                f"{path} has a row with {'no' if not id_ else 'an over-long'} id. "
                f"Give each place an id of 1 to {LONGEST_ID} characters."
            )
        if id_ in seen:
            raise DataError(f"{path} has the id {id_[:80]!r} twice. Make the ids unique.")
        seen.add(id_)
    lon, lat = (_numbers(column) for column in columns[1:3])
    country = tuple(str(value or "").strip().upper() for value in columns[3])
    return PlaceBlock(ids, lon, lat, country)


def _numbers(values: Any) -> NDArray[np.float64]:
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        return values.astype(np.float64)
    return np.array([_number(value) for value in values], dtype=np.float64)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _needed(path: Path, names: Sequence[str] | None) -> None:
    missing = [name for name in NEEDED if name not in (names or ())]
    if missing:
        raise DataError(
            f"{path} has no column {', '.join(missing)}. A table of places needs "
            f"{', '.join(NEEDED)}."
        )


def _ids(path: Path, column: Any) -> Any:
    import pyarrow as pa

    kind = column.type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    if not (
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind)
    ):
        raise DataError(f"{path}: ids must be text or whole numbers, not {kind}. Convert them.")
    return column.to_pylist()


def _from_csv(path: Path) -> Iterator[tuple[Any, ...]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline(1_000_000)
            stream.seek(0)
            rows = csv.reader(stream, delimiter=max(",;\t", key=head.count))
            names = [name.strip().lower() for name in next(rows, [])]
            _needed(path, names)
            where = [names.index(name) for name in NEEDED]
            at_country = names.index("country") if "country" in names else -1
            columns: tuple[list[str], ...] = ([], [], [], [])
            for row in rows:
                if not row:
                    continue
                if len(row) != len(names):
                    raise DataError(
                        f"{path}, line {rows.line_num}: {len(row)} cells where the head has "
                        f"{len(names)}. Mend the line."
                    )
                for column, position in zip(columns, where, strict=False):
                    column.append(row[position])
                columns[3].append(row[at_country] if at_country >= 0 else "")
                if len(columns[0]) == 50_000:
                    yield columns
                    columns = ([], [], [], [])
            yield columns
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except csv.Error as error:
        raise DataError(f"{path} cannot be read as CSV: {error}. Mend or replace it.") from None
    except OSError as error:
        raise MissingData(f"Cannot read {path}: {error.strerror}. Check the path.") from None


def _from_parquet(path: Path, rows: int) -> Iterator[tuple[Any, ...]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    try:
        for file in files:
            with pq.ParquetFile(file) as parquet:
                names = parquet.schema_arrow.names
                _needed(path, names)
                known = [name for name in (*NEEDED, "country") if name in names]
                for batch in parquet.iter_batches(batch_size=rows, columns=known):
                    lon, lat = (_floats(path, batch.column(name)) for name in ("lon", "lat"))
                    country = (
                        batch.column("country").to_pylist()
                        if "country" in known
                        else [""] * batch.num_rows
                    )
                    yield _ids(path, batch.column("id")), lon, lat, country
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, DataError | MissingData):
            raise
        raise DataError(
            f"{path} is not a readable Parquet file. Write it again and retry."
        ) from None


def _floats(path: Path, column: Any) -> NDArray[np.float64]:
    import pyarrow as pa

    kind = column.type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
        raise DataError(f"{path}: lon and lat must be numbers, not {kind}. Convert the columns.")
    return np.asarray(column.cast(pa.float64()).to_pylist(), dtype=np.float64)


def _from_layer(path: Path) -> Iterator[tuple[Any, ...]]:
    import warnings

    import geopandas as gpd

    try:
        with warnings.catch_warnings():
            # What GDAL cannot read comes as a row without a point, which has a status of its own.
            warnings.simplefilter("ignore")
            layers = gpd.list_layers(path)["name"].tolist()
            if len(layers) > 1:
                raise DataError(
                    f"{path} holds {len(layers)} layers. Give a file with one layer of points."
                )
            layer = gpd.read_file(path)
    except Exception as error:
        # GDAL has many ways to refuse a file, each with an exception of its own.
        if isinstance(error, MemoryError | DataError):
            raise
        raise DataError(f"{path} cannot be read as a layer of points. Check the file.") from None
    if getattr(layer, "geometry", None) is None or layer.empty:
        raise DataError(f"{path} has no points. Give a layer of points.")
    if not layer.geom_type.dropna().eq("Point").all():
        raise DataError(f"{path} holds more than points. Give a layer of points.")
    if layer.crs is not None:
        layer = layer.to_crs(4326)
    ids = layer["id"].tolist() if "id" in layer else list(range(1, len(layer) + 1))
    country = layer["country"].tolist() if "country" in layer else [""] * len(layer)
    yield ids, layer.geometry.x.to_numpy(), layer.geometry.y.to_numpy(), country
