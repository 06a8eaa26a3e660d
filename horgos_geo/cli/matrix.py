"""`horgos matrix`: every pair of two tables of places."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from horgos_geo.cli.options import DatumOption, FormatOption, Question, asks
from horgos_geo.cli.output import Output, note, progress

_TABLE = "A table of places: id, lon and lat, or names; or a layer of points; - for stdin."
_FOLDER = "A folder of Parquet files, or one file that ends in .csv or .xlsx."


@asks
def matrix(
    question: Question,
    origins: Annotated[Path, typer.Argument(help=_TABLE, metavar="ORIGINS")],
    destinations: Annotated[Path, typer.Argument(help=_TABLE, metavar="DESTINATIONS")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help=_FOLDER, metavar="OUT.parquet"),
    ],
    workers: Annotated[
        int, typer.Option("--workers", min=0, max=256, help="Processes to spread over; 0 for none.")
    ] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="A Dask scheduler, such as tcp://host:8786."),
    ] = None,
    datum: DatumOption = "wgs84",
    format_: FormatOption = None,
) -> None:
    """Answer every pair of two tables of places.

    A table may be CSV (with commas, semicolons or tabs, in any common encoding), Excel, Parquet,
    GeoPackage, GeoJSON, KML, shapefile, FlatGeobuf or GPX in any system of coordinates; heads may
    be English, Chinese or Russian, and names take the place of coordinates.

    Writes a folder of Parquet files that reads as one table: origin_id, destination_id,
    distance_km (time_h, cost_usd_per_teu … with --minimise), status. It streams, so memory stays
    flat however many rows there are, and the folder appears only when it is whole.

    [bold]Example[/bold]

    horgos matrix ports.csv towns.parquet --mode road -o km.parquet
    """
    from horgos_geo.analysis.matrix import check_output, write_matrix
    from horgos_geo.core.table_files import readable

    out = Output.of(format_, None)
    check_output(output)
    with readable(origins) as starts, readable(destinations) as ends, progress("Pairs") as advance:
        if scheduler is not None or workers:
            from horgos_geo.analysis.matrix_workers import write_matrix_on_workers

            written = write_matrix_on_workers(
                question.scenario(),
                question.network,
                starts,
                ends,
                output,
                workers=workers,
                scheduler=scheduler,
                datum=datum,
                progress=advance,
            )
        else:
            written = write_matrix(
                question.router(), starts, ends, output, datum=datum, progress=advance
            )
    for sentence in written.notes:
        note(sentence)
    counts = ", ".join(f"{n:,} {kind}" for kind, n in written.statuses.items())
    out.write(
        text=lambda: f"{written.path}: {written.rows:,} rows ({counts})",
        json=lambda: {"path": str(written.path), "rows": written.rows, **written.statuses},
    )
