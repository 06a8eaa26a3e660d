"""Read tables of any office in blocks of columns: text, spreadsheets, Parquet, layers of points.

Whatever the file, a table is its head and blocks of rows. A layer of points has their coordinates
beside its columns, in degrees of WGS 84.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.core.text_tables import open_text_table

KINDS = ".csv, .xlsx, .parquet, .gpkg, .geojson, .kml, .shp, .fgb or .gpx"
MORE_CELLS, NO_POINT = "more cells than columns", "no point"

_TEXTS = (".csv", ".tsv", ".txt", ".tab")
_BOOKS = (".xlsx", ".xlsm")
_PARQUET = (".parquet", ".pq", ".geoparquet")
_LAYERS = (
    *(".gpkg", ".geojson", ".json", ".geojsonl", ".topojson", ".fgb", ".shp", ".zip", ".kml"),
    *(".kmz", ".gpx", ".gml", ".mif", ".ods", ".gdb"),
)
#: How files begin whose name does not say what they are.
_MAGIC = ((b"PAR1", ".parquet"), (b"SQLite format 3", ".gpkg"), (b"fgb", ".fgb"))
_XLSX_PART = b"[Content_Types].xml"


@dataclass(frozen=True)
class Block:
    """Some rows of a table.

    Attributes
    ----------
    columns
        Cells by column, in the order of the head.
    numbers
        The number of each row: its line in a text, its row in a spreadsheet, else counted from 1.
    faults
        What is wrong with rows whose cells cannot be trusted, by position.
    lon, lat
        Degrees (n) of a layer of points, NaN where a row has none; None for other tables.
    """

    columns: Sequence[Sequence[Any]]
    numbers: Sequence[int]
    faults: dict[int, str] = field(default_factory=dict)
    lon: NDArray[np.float64] | None = None
    lat: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True)
class Table:
    """A table that can be read as often as need be."""

    path: Path
    names: tuple[str, ...]
    #: What a row is called in a message.
    row_word: str
    has_points: bool
    _blocks: Callable[[int], Iterator[Block]]
    #: How it was read, where that had to be guessed.
    note: str = ""
    separator: str = ","

    def blocks(self, rows: int) -> Iterator[Block]:
        """Read the table, at most `rows` rows at a time."""
        return self._blocks(rows)


def is_table(name: Any) -> bool:
    """Tell whether a name is that of a table, by its ending; any path is one."""
    known = (*_TEXTS, *_BOOKS, *_PARQUET, *_LAYERS)
    return isinstance(name, Path) or (isinstance(name, str) and name.lower().endswith(known))


def open_table(path: Path) -> Table:
    """Open a table by the ending of its name, or by how the file begins.

    Parameters
    ----------
    path
        Text (CSV), Excel, Parquet with or without geometry, or a layer of points in GeoPackage,
        GeoJSON, KML, shapefile, FlatGeobuf or GPX, in any system of coordinates.

    Raises
    ------
    MissingData
        No such file.
    DataError
        Not such a table.
    """
    if path.is_dir() and path.suffix.lower() != ".gdb" and not any(path.glob("*.parquet")):
        raise MissingData(f"{path} is a folder. Give a table.")
    try:
        path.stat()
    except FileNotFoundError:
        raise MissingData(f"There is no file {path}. Check the path.") from None
    except OSError as error:
        raise MissingData(f"Cannot read {path}: {error.strerror}. Check the path.") from None
    kind = _kind(path)
    for endings, opener in (
        (_TEXTS, _open_text),
        (_BOOKS, _open_book),
        (_PARQUET, _open_parquet),
        (_LAYERS, _open_layer),
    ):
        if kind in endings:
            try:
                return opener(path)
            except OSError as error:
                if isinstance(error, MissingData):
                    raise
                raise MissingData(
                    f"Cannot read {path}: {error.strerror}. Check the path."
                ) from None
    raise DataError(f"{path} is no table that can be read. Give {KINDS}.")


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """Give a path that can be read again and again; what comes through a pipe is kept meanwhile.

    Parameters
    ----------
    path
        A file; ``-`` for what comes in on stdin.

    Yields
    ------
    Path
        The file itself, or a temporary one with what came through the pipe.
    """
    if str(path) != "-" and (path.is_file() or path.is_dir() or not path.exists()):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="horgos-") as folder:
        kept = Path(folder) / "stdin"
        with kept.open("wb") as stream:
            if str(path) == "-":
                shutil.copyfileobj(sys.stdin.buffer, stream)
            else:
                with path.open("rb") as pipe:
                    shutil.copyfileobj(pipe, stream)
        yield kept.rename(kept.with_suffix(_kind(kept)))


def _kind(path: Path) -> str:
    ending = path.suffix.lower()
    if ending or path.is_dir():
        return ending if not path.is_dir() or ending == ".gdb" else ".parquet"
    with path.open("rb") as stream:
        start = stream.read(2_000)
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return kind
    if start.startswith(b"PK"):
        return ".xlsx" if _XLSX_PART in start else ".zip"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return ".gpx" if b"<gpx" in text else ".kml"
    return ".geojson" if text.startswith(b"{") else ".csv"


# Text ---------------------------------------------------------------------------------------------


def _open_text(path: Path) -> Table:
    table = open_text_table(path)

    def blocks(rows: int) -> Iterator[Block]:
        """Yield blocks of columns; a row of another length has a fault of its own."""
        lines = table.rows()
        while many := list(islice(lines, rows)):
            yield _transposed(many, len(table.names))

    usual = table.encoding in ("utf-8", "utf-8-sig", "utf-16")
    note = "" if usual else f"{path.name} is read as {table.encoding}."
    return Table(path, table.names, "line", False, blocks, note, table.separator)


def _transposed(many: list[tuple[int, Any]], width: int) -> Block:
    """Return numbered rows as columns; cells that a row lacks are empty."""
    faults = {i: MORE_CELLS for i, (_, row) in enumerate(many) if len(row) > width}
    rows = [row for _, row in many]
    if any(len(row) != width for row in rows):
        rows = [(*row[:width], *[""] * (width - len(row))) for row in rows]
    return Block(list(zip(*rows, strict=True)), [number for number, _ in many], faults)


# Spreadsheets -------------------------------------------------------------------------------------


def _open_book(path: Path) -> Table:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    def rows() -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Yield the rows that are not empty, numbered as in the sheet."""
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                found = False
                for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                    if any(cell not in (None, "") for cell in row):
                        found = True
                        yield number, row
                if found:
                    return
        finally:
            book.close()

    def blocks(size: int) -> Iterator[Block]:
        """Yield blocks of columns, as wide as the head."""
        lines = rows()
        next(lines, None)
        while many := list(islice(lines, size)):
            yield _transposed([(n, _filled(row, len(names))) for n, row in many], len(names))

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that matter to nobody here
            _, head = next(rows(), (0, ()))
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, EOFError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"{path} cannot be read as a spreadsheet. Save it again, or Give .csv instead."
        ) from None
    names = tuple("" if cell is None else str(cell).strip() for cell in head)
    while names and not names[-1]:
        names = names[:-1]
    return Table(path, names, "row", False, blocks)


def _filled(row: Sequence[Any], width: int) -> Sequence[Any]:
    """Return a row without the empty cells beyond the head, and with those that it lacks."""
    cells = list(row)
    while len(cells) > width and cells[-1] in (None, ""):
        cells.pop()
    return cells + [None] * (width - len(cells))


# Parquet ------------------------------------------------------------------------------------------


def _open_parquet(path: Path) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    damaged = (pa.ArrowException, OSError, UnicodeDecodeError, ValueError, KeyError)
    try:
        with pq.ParquetFile(files[0]) as parquet:
            schema = parquet.schema_arrow
            about = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    except damaged:
        raise DataError(
            f"{path} is not a readable Parquet file. Write it again and retry."
        ) from None
    geometry = about.get("primary_column", "")
    names = tuple(name for name in schema.names if name != geometry)

    def blocks(rows: int) -> Iterator[Block]:
        """Yield blocks of columns as Arrow reads them."""
        first = 1
        try:
            for file in files:
                with pq.ParquetFile(file) as parquet:
                    for batch in parquet.iter_batches(batch_size=rows):
                        columns = [_arrow_cells(batch.column(name)) for name in names]
                        numbers = range(first, first + batch.num_rows)
                        first += batch.num_rows
                        if not geometry:
                            yield Block(columns, numbers)
                            continue
                        about_points = about["columns"][geometry]
                        points = batch.column(geometry).to_pylist()
                        lon, lat, faults = _points(points, about_points.get("crs", "OGC:CRS84"))
                        yield Block(columns, numbers, faults, lon, lat)
        except damaged as error:
            if isinstance(error, DataError):
                raise
            raise DataError(
                f"{path} is not a readable Parquet file. Write it again and retry."
            ) from None

    return Table(path, names, "row", bool(geometry), blocks)


def _arrow_cells(column: Any) -> Any:
    """Return the cells of a column: numbers as an array, all else as a list."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return np.asarray(column.cast(pa.float64()).to_pylist(), dtype=np.float64)
    return column.to_pylist()


def _points(
    geometries: Sequence[Any], crs: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[int, str]]:
    """Return longitude, latitude and faults of geometries, given as objects or well-known binary.

    A multipoint of one point is that point; what is no point has a fault.
    """
    import shapely

    shapes = np.asarray(geometries, dtype=object)
    if any(isinstance(shape, bytes) for shape in geometries):
        shapes = shapely.from_wkb(shapes, on_invalid="ignore")
    kinds = shapely.get_type_id(shapes)
    single = (kinds == shapely.GeometryType.MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    shapes = np.where(single, shapely.get_geometry(shapes, 0), shapes)
    lon, lat = shapely.get_x(shapes), shapely.get_y(shapes)
    if crs is not None:
        from pyproj import CRS, Transformer

        system = CRS.from_user_input(crs)
        if not system.is_geographic or system.to_epsg() not in (4326, 4979):
            lon, lat = Transformer.from_crs(system, 4326, always_xy=True).transform(lon, lat)
    faults = {int(i): NO_POINT for i in np.flatnonzero(~(np.isfinite(lon) & np.isfinite(lat)))}
    return np.asarray(lon, np.float64), np.asarray(lat, np.float64), faults


# Layers -------------------------------------------------------------------------------------------


def _open_layer(path: Path) -> Table:
    try:
        with warnings.catch_warnings():
            # What GDAL cannot read comes as a row without a point, which has a fault of its own.
            warnings.simplefilter("ignore")
            frame = _read_layer(path)
    except Exception as error:
        # GDAL has many ways to refuse a file, each with an exception of its own.
        if isinstance(error, MemoryError | DataError):
            raise
        raise DataError(f"{path} cannot be read as a layer of points. Check the file.") from None
    flat = frame.drop(columns=frame.geometry.name) if hasattr(frame, "crs") else frame
    names = tuple(map(str, flat.columns))
    points = hasattr(frame, "crs")
    if points and len(frame):
        lon, lat, faults = _points(frame.geometry.array, frame.crs)
        if len(faults) == len(frame) and frame.geometry.notna().any():
            raise DataError(f"{path} holds no points. Give a layer of points.")

    def blocks(rows: int) -> Iterator[Block]:
        """Yield blocks of the layer, which is in memory."""
        for first in range(0, len(frame), rows):
            part = flat.iloc[first : first + rows]
            columns = [part[name].tolist() for name in flat.columns]
            numbers = range(first + 1, first + 1 + len(part))
            if not points:
                yield Block(columns, numbers)
                continue
            rows_ = slice(first, first + rows)
            here = {i - first: fault for i, fault in faults.items() if first <= i < first + rows}
            yield Block(columns, numbers, here, lon[rows_], lat[rows_])

    return Table(path, names, "row", points, blocks)


def _read_layer(path: Path) -> Any:
    """Return the one layer with points as a frame; those of KML and GPX together."""
    import geopandas as gpd
    import pandas as pd

    layers = gpd.list_layers(path)
    if len(layers) > 1 and path.suffix.lower() not in (".kml", ".kmz", ".gpx"):
        raise DataError(f"{path} holds {len(layers)} layers. Give a file with one layer of points.")
    frames = [gpd.read_file(path, layer=name) for name in layers["name"]]
    frames = [frame for frame in frames if len(frame)]
    if len(frames) > 1:
        frames = [frame[frame.geom_type.isin(("Point", "MultiPoint"))] for frame in frames]
        return pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    if not frames:
        raise DataError(f"{path} has no points. Give a layer of points.")
    return frames[0]
