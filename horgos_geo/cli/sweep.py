"""`horgos sweep`: many scenarios of many reports and matrices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from horgos_geo.cli.options import FormatOption, NetworkOption
from horgos_geo.cli.output import Output, note, progress


def sweep(
    file: Annotated[Path, typer.Argument(help="What to run; see below.", metavar="SWEEP.yaml")],
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the results. [default: sweeps/NAME]", metavar="DIR"),
    ] = None,
    workers: Annotated[
        int,
        typer.Option("--workers", min=0, max=256, help="Processes here; 0 for one a processor."),
    ] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="A running Dask scheduler, such as tcp://host:8786."),
    ] = None,
    network: NetworkOption = None,
    format_: FormatOption = None,
) -> None:
    """Run reports and matrices for every combination of some parameters.

    The file names notebooks, and for each parameter the values to combine:

    name: borders

    notebooks: \\[1, 4]

    grid: {origin: \\[Horgos, Alashankou], closed_countries: \\[\\[], \\[RUS]]}

    fixed: {language: en}

    matrices: \\[{name: towns, origins: ports.csv, destinations: towns.csv}]

    Stopped at any moment, even killed, the same command goes on where it was: what has been made
    from the same notebook, parameters, data and code is kept. Writes index.html and summary.csv.
    """
    from horgos_geo.core.errors import ReportError
    from horgos_geo.model.network import load_network
    from horgos_geo.reports.sweep import sweep as run

    printed = Output.of(format_, None)
    if network:
        load_network(network)  # checked before anything runs
    with progress("Runs") as advance:

        def on_end(done: int, total: int, sentence: str) -> None:
            advance(done, total)
            note(f"{done} of {total}  {sentence}")

        summary = run(
            file, out=out, scheduler=scheduler, workers=workers, network=network, progress=on_end
        )
    made = len(summary.records) - summary.kept
    printed.write(
        text=lambda: f"{summary.folder / 'index.html'}: {made} runs made, {summary.kept} kept",
        json=lambda: {
            "folder": str(summary.folder),
            "kept": summary.kept,
            "runs": summary.records,
        },
    )
    if summary.failed:
        first = summary.failed[0]
        raise ReportError(
            f"{len(summary.failed)} of {len(summary.records)} runs failed, such as "
            f"{first['name']}: "
            f"{first['error']} See {summary.folder / 'index.html'}."
        )
