"""Results to stdout or a file, in the format that an option or the ending of the file says."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import typer

from horgos_geo.core.tables import BYTE_ORDER_MARK


class Format(StrEnum):
    """How a result is printed or written."""

    text = "text"
    json = "json"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"
    geojson = "geojson"
    gpkg = "gpkg"
    kml = "kml"
    gpx = "gpx"


#: Formats that hold a table, and those that hold one with a line, area or point in each row.
TABLES = (Format.csv, Format.xlsx, Format.parquet)
MAPS = (Format.geojson, Format.gpkg, Format.kml)
#: Endings of files with text to read.
_PLAIN = ("", "txt", "text", "log", "md")
_FILES_ONLY = (Format.xlsx, Format.parquet, Format.gpkg, Format.kml)


@dataclass(frozen=True)
class Output:
    """Where a result goes and in which format; both are known before any work is done."""

    format: Format
    path: Path | None

    @classmethod
    def of(cls, format_: Format | None, path: Path | None, *can: Format) -> Output:
        """Return an output after checking that a command has that format.

        Parameters
        ----------
        format_
            What was asked for; else the ending of the file says it, and it is text if there is no
            ending. Both must agree.
        path
            A file; stdout when None or ``-``.
        *can
            Formats that the command has besides text and JSON.

        Raises
        ------
        typer.BadParameter
            A format that the command does not have, or that cannot go to stdout.
        """
        path = None if path is None or str(path) == "-" else path
        ending = path.suffix[1:].lower() if path else ""
        said = Format(ending) if ending in {*Format} else None
        chosen = format_ or said or Format.text
        have = (Format.text, Format.json, *can)
        if said is None and format_ is None and ending not in _PLAIN:
            raise typer.BadParameter(
                f"nothing is written as .{ending[:20]}. Let the file end in "
                f"{', '.join(f'.{form}' for form in have[1:])} or .txt."
            )
        if format_ and said and format_ is not said:
            raise typer.BadParameter(
                f"--format {format_} and a file that ends in .{ending} say two things. Drop one."
            )
        if chosen not in have:
            raise typer.BadParameter(f"this command writes no {chosen}; it has {', '.join(have)}.")
        if path is None and chosen in _FILES_ONLY:
            raise typer.BadParameter(f"{chosen} needs a file: add -o FILE.{chosen}.")
        return cls(chosen, path)

    def write(self, **forms: Callable[[], Any]) -> None:
        """Write a result whole or not at all.

        Parameters
        ----------
        **forms
            By format, what makes the result: ``text`` gives text, ``json`` plain values, ``gpx``
            text, and ``table`` a data frame, of which all other formats are made.
        """
        name = str(self.format)
        if name in ("text", "gpx"):
            deliver(forms[name](), self.path)
        elif name in forms:
            deliver(as_json(forms[name]()), self.path)
        else:
            self._write_frame(forms["table"]())

    def _write_frame(self, frame: Any) -> None:
        from horgos_geo.cli import frame_files
        from horgos_geo.core.files import atomic_path

        if self.format is Format.geojson:
            deliver(as_json(frame_files.frame_as_geojson(frame)), self.path)
        elif self.format is Format.csv:
            # A file is opened by a spreadsheet, which reads names in any script by that mark.
            mark = BYTE_ORDER_MARK if self.path else ""
            deliver(mark + frame_files.frame_as_csv(frame), self.path)
        elif self.path is not None:
            with atomic_path(self.path) as temporary:
                frame_files.write_frame(frame, temporary, self.format)
            note(f"Wrote {self.path}.")


class Advance(Protocol):
    """Called as work goes on."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Tell how many of how many are done."""


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: NaN and infinity become None, arrays lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return plain(value.tolist())
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    return str(value)


def as_json(value: Any) -> str:
    """Return JSON text with numbers as numbers."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def as_table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return rows as aligned columns of text.

    Parameters
    ----------
    rows
        Cells; the first row is the head.
    right
        Numbers of the columns that are aligned to the right.
    """
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            " " * (width - _width(cell)) + cell
            if number in right
            else cell + " " * (width - _width(cell))
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def _width(text: str) -> int:
    # Chinese characters take two columns on a terminal.
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def deliver(text: str, output: Path | None = None) -> None:
    """Write a finished result to a file, whole or not at all, or to stdout."""
    if output is None or str(output) == "-":
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    from horgos_geo.core.files import write_atomic

    write_atomic(output, text)
    note(f"Wrote {output}.")


def note(sentence: str) -> None:
    """Say something that is not the result."""
    print(sentence, file=sys.stderr)


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Advance]:
    """Show a bar on stderr while the block runs; nothing when stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=total)

        def advance(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
