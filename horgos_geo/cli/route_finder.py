"""`horgos route-finder`: the route finder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from horgos_geo.cli.options import FormatOption, NetworkOption
from horgos_geo.cli.output import Output, progress


def route_finder(
    out: Annotated[Path, typer.Option("--out", help="Folder for index.html.")] = Path("reports"),
    language: Annotated[
        str, typer.Option("--language", help="en, zh or ru; the page holds all three.")
    ] = "en",
    viewpoint: Annotated[
        str, typer.Option("--viewpoint", help="Whose view of the boundaries: ISO, CN, RU …")
    ] = "ISO",
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, max=64, help="Processes to route with.")
    ] = 1,
    force: Annotated[
        bool, typer.Option("--force", help="Route anew even if nothing has changed.")
    ] = False,
    network: NetworkOption = None,
    format_: FormatOption = None,
) -> None:
    """Build the route finder: one HTML file with every destination, mode and scenario.

    A page whose routes still hold, by a hash of data and code, is written anew without routing.

    [bold]Examples[/bold]

    horgos route-finder --jobs 2

    horgos route-finder --out finder --language ru --viewpoint RU
    """  # fmt: skip
    from horgos_geo.core import datasets
    from horgos_geo.model.network import load_network
    from horgos_geo.reports.route_finder.build import build

    printed = Output.of(format_, None)
    if network:
        load_network(network)  # checked before anything runs
    with datasets.using_network(network), progress("Routes") as advance:
        page = build(
            out,
            language=language,
            viewpoint=viewpoint,
            jobs=jobs,
            force=force,
            progress=advance,
        )
    size_kb = round(page.stat().st_size / 1000, 1)
    printed.write(text=lambda: str(page), json=lambda: {"path": str(page), "size_kb": size_kb})
