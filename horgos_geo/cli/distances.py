"""`horgos distances`: a table of pairs, answered row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import DatumOption, FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import TABLES, Format, Output, note, progress

if TYPE_CHECKING:
    from horgos_geo.core.table_files import Block, Table
    from horgos_geo.model.place_tables import PlaceBlock
    from horgos_geo.model.places import Place
    from horgos_geo.routing.router import Router

ADDED = (
    "distance_km",
    "raw_distance_km",
    "great_circle_km",
    "snap_origin_km",
    "snap_dest_km",
    "status",
)
_ROWS = 5_000
_OF_THE_NETWORK = 200


@asks
def distances(
    question: Question,
    pairs: Annotated[
        Path,
        typer.Argument(
            help="A table with origin_lon, origin_lat, dest_lon, dest_lat, or with names of places "
            "in origin and dest; - for stdin.",
            metavar="PAIRS",
        ),
    ],
    datum: DatumOption = "wgs84",
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Answer a table of pairs of places.

    The table may be CSV (with commas, semicolons or tabs, in any common encoding), Excel, Parquet
    or a layer; heads may be English, Chinese or Russian. Other columns are carried through. Each
    row gains distance_km, raw_distance_km, great_circle_km, status, and the straight lines between
    the places and the network, snap_origin_km and snap_dest_km, which are outside distance_km. A
    bad row gets a status, and the others are answered. Rows are streamed, so a table may be larger
    than memory. The ending of the output says its format: csv, json, xlsx or parquet.

    [bold]Examples[/bold]

    horgos distances pairs.csv --mode rail -o answers.xlsx

    horgos distances orders.xlsx --datum gcj02 -f csv
    """
    from horgos_geo.core.row_files import row_writer
    from horgos_geo.core.table_files import readable

    out = Output.of(format_, output, *TABLES)
    form = "csv" if out.format is Format.text else str(out.format)
    with readable(pairs) as file:
        asked = open_pairs(file, numbers=form != "csv")
        router = question.router()
        counts = Counts()
        with (
            row_writer(
                out.path, form, asked.names, separator=asked.table.separator, numeric=asked.numeric
            ) as write,
            progress("Pairs") as advance,
        ):
            for rows in answer(router, asked, datum, counts):
                write(rows)
                advance(counts.rows)
            counts.refuse_if_none_is_good(file)
    for sentence in (asked.table.note, *counts.notes):
        if sentence:
            note(sentence)
    bad = f", {counts.bad:,} of them bad rows" if counts.bad else ""
    note(f"{counts.rows:,} pairs answered{bad}.")


@dataclass
class Counts:
    """How many rows there were, how many of them bad, and the first reason."""

    rows: int = 0
    bad: int = 0
    fault: str = ""
    notes: tuple[str, ...] = ()

    def refuse_if_none_is_good(self, path: Path) -> None:
        """Refuse a table in which no row can be used.

        Raises
        ------
        DataError
            One sentence on the first row.
        """
        from horgos_geo.core.errors import DataError

        if self.rows and self.bad == self.rows:
            raise DataError(f"{path} has no row that can be used: {self.fault}.")
        if self.bad:
            self.notes = (*self.notes, f"{path.name}: a row cannot be used, {self.fault}.")


@dataclass(frozen=True)
class Pairs:
    """A table of pairs, and which of its columns are about origin and destination."""

    table: Table
    origin: dict[str, int]
    dest: dict[str, int]
    #: Whether coordinates are carried as numbers, not as they were written.
    numbers: bool = False

    @property
    def carried(self) -> list[int]:
        """Positions of the columns that go into the answer."""
        return [i for i, name in enumerate(self.table.names) if name not in ADDED]

    @property
    def coordinates(self) -> list[bool]:
        """Whether each carried column holds degrees."""
        degrees = {
            c[role] for c in (self.origin, self.dest) for role in ("lon", "lat") if role in c
        }
        return [i in degrees for i in self.carried]

    @property
    def numeric(self) -> list[str]:
        """Columns of the answer that hold numbers."""
        degrees = [
            i for i, is_degree in zip(self.carried, self.coordinates, strict=True) if is_degree
        ]
        return [*(self.table.names[i] for i in degrees), *ADDED[:-1]]

    @property
    def names(self) -> list[str]:
        """The head of the answer."""
        return [*(self.table.names[i] for i in self.carried), *ADDED]


def open_pairs(path: Path, *, numbers: bool = False) -> Pairs:
    """Open a table of pairs.

    Parameters
    ----------
    path
        The table.
    numbers
        As in `Pairs`.

    Raises
    ------
    MissingData
        No such file.
    DataError
        No table that can be read, or without columns for both ends.
    """
    from horgos_geo.core.errors import DataError
    from horgos_geo.core.table_files import open_table
    from horgos_geo.model.table_columns import pair_columns

    table = open_table(path)
    twice = [name for name in table.names if name and table.names.count(name) > 1]
    if twice:
        raise DataError(f"{path} has the column {twice[0][:60]!r} twice. Rename one.")
    ends = pair_columns(table.names)
    missing = [
        f"{end}_{role}"
        for end, columns in ends.items()
        for role in ("lon", "lat")
        if role not in columns and not {"name", "latlon", "lonlat", "wkt"} & columns.keys()
    ]
    if missing:
        raise DataError(
            f"{path} has no column {', '.join(missing)}. Its head must name origin_lon, "
            "origin_lat, dest_lon, dest_lat, or origin and dest for names of places."
        )
    return Pairs(table, ends["origin"], ends["dest"], numbers)


def answer(
    router: Router, pairs: Pairs, datum: Any, counts: Counts
) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the rows of the answer, some at a time."""
    from horgos_geo.model.place_tables import describe_fault, places_of, refuse_exchanged

    for block in pairs.table.blocks(_ROWS):
        starts, ends = (
            places_of(pairs.table, block, columns, datum) for columns in (pairs.origin, pairs.dest)
        )
        if not counts.rows:
            for places in (starts, ends):
                refuse_exchanged(pairs.table.path, places)
        for places in (starts, ends):
            counts.fault = counts.fault or describe_fault(pairs.table, block, places)
        counts.notes = tuple(dict.fromkeys((*counts.notes, *starts.notes, *ends.notes)))
        for first in range(0, len(block), _OF_THE_NETWORK):
            rows = range(first, min(len(block), first + _OF_THE_NETWORK))
            yield [_row(router, pairs, block, starts, ends, i, counts) for i in rows]


def _row(
    router: Router,
    pairs: Pairs,
    block: Block,
    starts: PlaceBlock,
    ends: PlaceBlock,
    i: int,
    counts: Counts,
) -> list[Any]:
    """Return one row of the answer."""
    counts.rows += 1
    carried = [block.columns[column][i] for column in pairs.carried]
    if pairs.numbers:
        carried = [_as_number(c, v) for c, v in zip(pairs.coordinates, carried, strict=True)]
    fault = starts.faults[i] or ends.faults[i]
    if fault:
        counts.bad += 1
        return [*carried, *[math.nan] * (len(ADDED) - 1), fault]
    return [*carried, *_measure(router, starts.place(i), ends.place(i))]


def _as_number(is_coordinate: bool, value: Any) -> Any:
    """Return a coordinate as a number where it is one, anything else as it is."""
    try:
        return float(value) if is_coordinate and isinstance(value, str) else value
    except ValueError:
        return value


def _measure(router: Router, start: Place, end: Place) -> tuple[float | str, ...]:
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
    numbers = (km, raw_km, great_circle_km, *found.snap_km)
    return *(round(number, 3) for number in numbers), found.status
