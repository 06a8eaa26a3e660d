"""`horgos distances`: a table of pairs, answered row by row."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import Format, note, plain, progress

if TYPE_CHECKING:
    from horgos_geo.model.places import Place
    from horgos_geo.routing.router import Router

NEEDED = ("origin_lon", "origin_lat", "dest_lon", "dest_lat")
ADDED = (
    "distance_km",
    "raw_distance_km",
    "great_circle_km",
    "snap_origin_km",
    "snap_dest_km",
    "status",
)
BAD = "bad coordinates"
RAGGED = "more cells than columns"
_LONGEST_CELL = 10_000_000


@asks
def distances(
    question: Question,
    pairs: Annotated[
        Path, typer.Argument(help=f"CSV with {', '.join(NEEDED)}.", metavar="PAIRS.csv")
    ],
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Answer a table of coordinate pairs.

    Other columns are carried through. Each row gains distance_km, raw_distance_km,
    great_circle_km, snap_origin_km and snap_dest_km (the straight lines between the points and
    the network, outside distance_km) and status; a bad row gets a status, and the others are
    answered. Rows are streamed, so a table may be larger than memory. --format json gives a list
    of objects in place of CSV.

    [bold]Example[/bold]

    horgos distances pairs.csv --mode rail -o answers.csv
    """
    with open_pairs(pairs) as rows:
        router = question.router()
        total = bad = 0
        with _target(output) as stream, progress("Pairs") as advance:
            writer = _JsonRows(stream) if format_ is Format.json else _CsvRows(stream, rows)
            for row in answer(router, rows):
                writer.write(row)
                total += 1
                bad += row["status"] in (BAD, RAGGED)
                if total % 200 == 0:
                    advance(total)
            writer.close()
    note(f"{total:,} pairs answered{f', {bad:,} of them bad rows' if bad else ''}.")


@contextmanager
def open_pairs(path: Path) -> Iterator[csv.DictReader[str]]:
    """Open a CSV file of pairs, separated by commas, semicolons or tabs.

    Raises
    ------
    MissingData
        No such file.
    DataError
        Not UTF-8, not CSV, or without the needed columns.
    """
    from horgos_geo.core.errors import DataError, MissingData

    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline(1_000_000)
            stream.seek(0)
            delimiter = max(",;\t", key=head.count)
            rows = csv.DictReader(stream, delimiter=delimiter, restval="")
            names = rows.fieldnames or ()
            twice = [name for name in names if names.count(name) > 1]
            if twice:
                raise DataError(f"{path} has the column {twice[0][:60]!r} twice. Rename one.")
            missing = [name for name in NEEDED if name not in names]
            if missing:
                raise DataError(
                    f"{path} has no column {', '.join(missing)}. Its first line must name "
                    f"{', '.join(NEEDED)}."
                )
            yield rows
    except FileNotFoundError:
        raise MissingData(f"There is no file {path}. Check the path.") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except csv.Error as error:
        raise DataError(f"{path} cannot be read as CSV: {error}. Mend or replace it.") from None
    except IsADirectoryError:
        raise MissingData(f"{path} is a folder. Give a CSV file.") from None


def answer(router: Router, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each row with its distances and status."""
    for row in rows:
        ragged = row.pop(None, None) is not None  # type: ignore[call-overload]
        start = _point(row["origin_lon"], row["origin_lat"], "origin")
        end = _point(row["dest_lon"], row["dest_lat"], "destination")
        row |= dict.fromkeys(ADDED, math.nan)
        if ragged or start is None or end is None:
            row["status"] = RAGGED if ragged else BAD
        else:
            row |= _measure(router, start, end)
        yield row


def _measure(router: Router, start: Place, end: Place) -> dict[str, Any]:
    """Return what `Router.route` would say of a pair, without making its legs."""
    from horgos_geo.core.geodesy import distance_km

    found = router.search.path(start, end)
    network = router.network
    km, raw_km = (
        math.fsum(length[edge] * abs(b - a) for edge, a, b in found.elements)
        if found.elements
        else math.nan
        for length in (network.length_km, network.raw_length_km)
    )
    great_circle_km = distance_km(start.lon, start.lat, end.lon, end.lat)
    numbers = map(_round, (km, raw_km, great_circle_km, *found.snap_km))
    return dict(zip(ADDED, (*numbers, found.status), strict=True))


def _point(lon: Any, lat: Any, name: str) -> Place | None:
    from horgos_geo.model.places import Place

    try:
        x, y = float(lon), float(lat)
    except (TypeError, ValueError):
        return None
    if not (abs(x) <= 180 and abs(y) <= 90):  # also false for NaN
        return None
    return Place(id=name, name=name, country="", lon=x, lat=y, kind="point")


def _round(value: float) -> float:
    return round(value, 3) if math.isfinite(value) else math.nan


@contextmanager
def _target(output: Path | None) -> Iterator[IO[str]]:
    if output is None or str(output) == "-":
        with nullcontext(sys.stdout) as stream:
            yield stream
        return
    from horgos_geo.core.files import atomic_path

    with (
        atomic_path(output) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as stream,
    ):
        yield stream


class _CsvRows:
    def __init__(self, stream: IO[str], rows: csv.DictReader[str]) -> None:
        carried = [name for name in rows.fieldnames or () if name not in ADDED]
        self._writer = csv.DictWriter(
            stream, [*carried, *ADDED], delimiter=rows.reader.dialect.delimiter, lineterminator="\n"
        )
        self._writer.writeheader()

    def write(self, row: dict[str, Any]) -> None:
        self._writer.writerow({key: plain(value) for key, value in row.items()})

    def close(self) -> None:
        pass


class _JsonRows:
    def __init__(self, stream: IO[str]) -> None:
        self._stream, self._before = stream, "[\n"

    def write(self, row: dict[str, Any]) -> None:
        values = {key: _number(value) if key in NEEDED else value for key, value in row.items()}
        text = json.dumps(plain(values), ensure_ascii=False, allow_nan=False)
        self._stream.write(self._before + text)
        self._before = ",\n"

    def close(self) -> None:
        self._stream.write("[]\n" if self._before == "[\n" else "\n]\n")


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
