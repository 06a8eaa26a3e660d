"""Write tables row by row, larger than memory: CSV, JSON, Excel and Parquet."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from horgos_geo.core.errors import OutputError
from horgos_geo.core.files import atomic_path
from horgos_geo.core.tables import BYTE_ORDER_MARK

#: Formats that can be written row by row.
ROW_FORMATS = ("csv", "json", "xlsx", "parquet")
#: Rows that a sheet of a spreadsheet holds, its head among them.
MOST_SHEET_ROWS = 1_048_576

#: Takes some rows, each with a cell for every column.
Write = Callable[[Sequence[Sequence[Any]]], None]


@contextmanager
def row_writer(
    path: Path | None,
    form: str,
    names: Sequence[str],
    separator: str = ",",
    numeric: Collection[str] = (),
) -> Iterator[Write]:
    """Give a function that writes rows; the file appears when the block ends well.

    Parameters
    ----------
    path
        The file; stdout when None, for CSV and JSON only.
    form
        One of `ROW_FORMATS`.
    names
        The head.
    separator
        Between the cells of CSV.
    numeric
        Columns that hold numbers, even where the first rows have none.

    Yields
    ------
    callable
        Takes rows, as often as need be; None and NaN are empty cells.

    Raises
    ------
    OutputError
        The file cannot be written or cannot hold what it is given.
    """
    if form == "xlsx" and path is not None:
        with atomic_path(path) as file, _xlsx(file, names) as write:
            yield write
    elif form == "parquet" and path is not None:
        with atomic_path(path) as file, _parquet(file, names, numeric) as write:
            yield write
    else:
        with _stream(path) as stream:
            if form == "json":
                with _json(stream, names) as write:
                    yield write
            else:
                yield _csv(stream, names, separator, mark=path is not None)


@contextmanager
def _stream(path: Path | None) -> Iterator[IO[str]]:
    if path is None:
        with nullcontext(sys.stdout) as stream:
            yield stream
    else:
        with atomic_path(path) as file, file.open("w", encoding="utf-8", newline="") as stream:
            yield stream


def _csv(stream: IO[str], names: Sequence[str], separator: str, *, mark: bool) -> Write:
    # A file is opened by a spreadsheet, which reads names in any script when it has a mark.
    stream.write(BYTE_ORDER_MARK * mark)
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    writer.writerow(names)
    return lambda rows: writer.writerows(map(_plain_row, rows))


@contextmanager
def _json(stream: IO[str], names: Sequence[str]) -> Iterator[Write]:
    before = "[\n"

    def write(rows: Sequence[Sequence[Any]]) -> None:
        """Write rows as objects."""
        nonlocal before
        for row in rows:
            values = dict(zip(names, _plain_row(row), strict=True))
            text = json.dumps(values, ensure_ascii=False, allow_nan=False, default=str)
            stream.write(before + text)
            before = ",\n"

    yield write
    stream.write("[]\n" if before == "[\n" else "\n]\n")


@contextmanager
def _xlsx(file: Path, names: Sequence[str]) -> Iterator[Write]:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("horgos")
    sheet.freeze_panes = "A2"
    count = 1

    def cell(value: Any) -> Any:
        """Return a value as a sheet takes it: a text that begins with "=" is no formula."""
        if not isinstance(value, str):
            return value
        found = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        found.data_type = "s"
        return found

    def write(rows: Sequence[Sequence[Any]]) -> None:
        """Append rows to the sheet."""
        nonlocal count
        count += len(rows)
        if count > MOST_SHEET_ROWS:
            raise OutputError(f"A sheet holds {MOST_SHEET_ROWS:,} rows. Write .csv or .parquet.")
        for row in rows:
            sheet.append([cell(value) for value in _plain_row(row)])

    sheet.append([cell(name) for name in names])
    try:
        yield write
    except BaseException:
        book.save(io.BytesIO())  # which removes what lies in temporary files
        raise
    book.save(file)


@contextmanager
def _parquet(file: Path, names: Sequence[str], numeric: Collection[str]) -> Iterator[Write]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer: Any = None

    def write(rows: Sequence[Sequence[Any]]) -> None:
        """Write rows as a batch; the first batch says of which type a column is."""
        nonlocal writer
        if not rows and writer is not None:
            return
        plain = map(_plain_row, rows)
        columns = [list(column) for column in zip(*plain, strict=True)] or [[] for _ in names]
        try:
            if writer is None:
                arrays = [
                    _array(column, number=name in numeric)
                    for name, column in zip(names, columns, strict=True)
                ]
                table = pa.table(arrays, names=list(names))
                writer = pq.ParquetWriter(file, table.schema, compression="zstd")
            else:
                arrays = [
                    _array(column, number=field.name in numeric, kind=field.type)
                    for column, field in zip(columns, writer.schema, strict=True)
                ]
                table = pa.table(arrays, schema=writer.schema)
        except pa.ArrowException as error:
            raise OutputError(
                f"A column mixes numbers and text, which Parquet cannot hold ({error}). "
                "Write .csv instead."
            ) from None
        writer.write_table(table)

    try:
        yield write
        write([])
    finally:
        if writer is not None:
            writer.close()


def _array(column: Sequence[Any], *, number: bool, kind: Any = None) -> Any:
    """Return a column as numbers where it holds or should hold nothing else, else as text."""
    import pyarrow as pa

    if number:
        return pa.array([v if isinstance(v, int | float) else None for v in column], pa.float64())
    if kind is not None:
        return pa.array(_texts(column) if kind == pa.string() else column, kind)
    known = [value for value in column if value is not None]
    if known and all(isinstance(value, int | float) for value in known):
        return pa.array(column)
    return pa.array(_texts(column), pa.string())


def _texts(column: Sequence[Any]) -> list[str | None]:
    return [None if value is None else str(value) for value in column]


def _plain_row(row: Iterable[Any]) -> list[Any]:
    """Return cells with None for what is no number."""
    return [None if isinstance(cell, float) and not math.isfinite(cell) else cell for cell in row]
