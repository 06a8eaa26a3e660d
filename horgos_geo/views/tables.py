"""One table for all reports: it sorts, copies, and downloads as separate numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from horgos_geo.core.tables import csv_uri
from horgos_geo.core.text import Text
from horgos_geo.views.display import Figure, FigureTable
from horgos_geo.views.rendering import render

#: With more columns than these a phone shows each row as a small list of its own.
PHONE_COLUMNS = 4


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    head
        What stands above it, with the unit.
    digits
        Decimals of its numbers, -1 for tens.
    words
        Whether it holds words: they stand left and may wrap.
    bar
        Colour token of a bar under each number; none when empty.
    scale
        Columns of one scale share the length of their bars.
    phone
        Whether a phone shows it.
    ordered
        Whether the rows stand in its order.
    """

    head: str
    digits: int = 0
    words: bool = False
    bar: str = ""
    scale: str = ""
    phone: bool = True
    ordered: bool = False


@dataclass(frozen=True)
class Cell:
    """A value that is shown otherwise than it is written, or with more beside it.

    Attributes
    ----------
    value
        What it sorts by and what the file holds.
    words
        What is shown; the value itself when empty.
    ends
        Low and high of the value, for the file.
    band
        The same in words, small behind the value.
    note
        A small line below.
    """

    value: float | int | str | None
    words: str = ""
    ends: tuple[float, float] | None = None
    band: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Shown:
    words: str
    sort: str | None
    classes: str
    head: str
    band: str
    note: str
    bar: str
    width: str


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    text: Text,
    name: str,
    *,
    about: str = "",
    caption: str = "",
    file: tuple[Sequence[str], Iterable[Sequence[Any]]] | None = None,
    folded: bool = False,
) -> Figure:
    """Return a table.

    Parameters
    ----------
    columns
        The first names the rows.
    rows
        Cells: texts, numbers, None, or a `Cell`.
    text
        The language.
    name
        Name of the downloaded file, without its ending.
    about
        What the table holds, for those who do not see it.
    caption
        Words under the table.
    file
        Head and rows of the file, where it holds other rows than the table.
    folded
        Show the table when asked for.

    Examples
    --------
    >>> columns = [Column("City", words=True), Column("Days", 1)]
    >>> "1.5" in table(columns, [["Almaty", 1.5]], Text(), "days").html
    True
    """
    cells = [[_cell(value) for value in row] for row in rows]
    most = _scales(columns, cells)
    shown = [
        [_shown(cell, column, most, text) for cell, column in zip(row, columns, strict=True)]
        for row in cells
    ]
    head, lines = _file(columns, cells, text) if file is None else (file[0], list(file[1]))
    cards = len(columns) > PHONE_COLUMNS and all(column.phone for column in columns)
    html = render(
        "tables/table",
        columns=columns,
        rows=shown,
        t=text,
        name=name,
        about=about,
        caption=caption,
        uri=csv_uri(head, lines),
        folded=folded,
        cards=cards,
    )
    return Figure(html, tables=[FigureTable(name, head, lines)])


def _cell(value: Any) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _scales(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> dict[str, float]:
    """Return the largest value on each scale of bars."""
    most: dict[str, float] = {}
    for row in rows:
        for cell, column in zip(row, columns, strict=True):
            if column.bar and not _empty(cell.value):
                key = column.scale or column.head
                most[key] = max(most.get(key, 0.0), float(cell.value or 0.0))
    return most


def _shown(cell: Cell, column: Column, most: dict[str, float], text: Text) -> _Shown:
    value = cell.value
    number = isinstance(value, float | int) and not _empty(value)
    words: str = cell.words or str(value)
    if not cell.words:
        words = text.number(float(value or 0), column.digits) if number else words
        words = "–" if _empty(value) else words
    sort: str | None = "" if _empty(value) else str(_plain(value))
    if column.words or (sort == words and not cell.band):
        sort = None  # what is shown sorts as well
    largest = most.get(column.scale or column.head, 0.0) if column.bar else 0.0
    width = f"{float(value or 0) / largest * 100:.1f}%" if largest and number else ""
    classes = [name for name, on in (("words", column.words), ("wide", not column.phone)) if on]
    return _Shown(
        words, sort, " ".join(classes), column.head, cell.band, cell.note, column.bar, width
    )


def _file(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], text: Text
) -> tuple[list[str], list[list[Any]]]:
    """Return head and rows of the file: bare numbers, the ends of bands in their own columns."""
    banded = [any(row[i].ends for row in rows) for i in range(len(columns))]
    head: list[str] = []
    for column, has_band in zip(columns, banded, strict=True):
        ends = [f"{column.head}, {text(end)}" for end in ("low", "high")] if has_band else []
        head += [column.head, *ends]
    lines = []
    for row in rows:
        line: list[Any] = []
        for cell, has_band in zip(row, banded, strict=True):
            both = (cell.ends or (None, None)) if has_band else ()
            line += [_plain(value) for value in (cell.value, *both)]
        lines.append(line)
    return head, lines


def _plain(value: Any) -> Any:
    """Return a value as it stands in a file: no more than three decimals, empty for nothing."""
    if _empty(value):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 3)
    return value.striptags() if isinstance(value, Markup) else value
