"""`horgos matrix`: every pair of two tables of places, to Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from horgos_geo.cli.options import FormatOption, Question, asks
from horgos_geo.cli.output import Format, as_json, deliver, progress

_TABLE = "CSV or Parquet with id, lon, lat; or points in GeoPackage or GeoJSON."


@asks
def matrix(
    question: Question,
    origins: Annotated[Path, typer.Argument(help=_TABLE, metavar="ORIGINS")],
    destinations: Annotated[Path, typer.Argument(help=_TABLE, metavar="DESTINATIONS")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="Folder of Parquet files.", metavar="OUT.parquet"),
    ],
    workers: Annotated[
        int, typer.Option("--workers", min=0, max=256, help="Processes to spread over; 0 for none.")
    ] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="A Dask scheduler, such as tcp://host:8786."),
    ] = None,
    format_: FormatOption = None,
) -> None:
    """Answer every pair of two tables of places.

    Writes a folder of Parquet files that reads as one table: origin_id, destination_id,
    distance_km (time_h, cost_usd_per_teu … with --minimise), status. It streams, so memory stays
    flat however many rows there are, and the folder appears only when it is whole.

    [bold]Example[/bold]

    horgos matrix ports.csv towns.parquet --mode road -o km.parquet
    """
    from horgos_geo.analysis.matrix import write_matrix

    with progress("Pairs") as advance:
        if scheduler is not None or workers:
            from horgos_geo.analysis.matrix_workers import write_matrix_on_workers

            written = write_matrix_on_workers(
                question.scenario(), question.network, origins, destinations, output,
                workers=workers, scheduler=scheduler, progress=advance,
            )  # fmt: skip
        else:
            written = write_matrix(
                question.router(), origins, destinations, output, progress=advance
            )
    if format_ is Format.json:
        deliver(as_json({"path": str(written.path), "rows": written.rows, **written.statuses}))
        return
    counts = ", ".join(f"{n:,} {kind}" for kind, n in written.statuses.items())
    deliver(f"{written.path}: {written.rows:,} rows ({counts})")
