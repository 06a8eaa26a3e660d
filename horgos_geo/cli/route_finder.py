"""`horgos route-finder`: the route finder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from horgos_geo.cli.options import FormatOption, NetworkOption
from horgos_geo.cli.output import Output, progress


def route_finder(
    out: Annotated[Path, typer.Option("--out", help="Folder for the page.")] = Path("out"),
    language: Annotated[
        str, typer.Option("--language", help="en, zh or ru; the page holds all three.")
    ] = "en",
    viewpoint: Annotated[
        str, typer.Option("--viewpoint", help="Whose view of the boundaries: ISO, CN, RU …")
    ] = "ISO",
    network: NetworkOption = None,
    format_: FormatOption = None,
) -> None:
    """Build the route finder: one HTML file that finds any route itself, with no network.

    [bold]Examples[/bold]

    horgos route-finder

    horgos route-finder --out finder --language ru --viewpoint RU
    """
    from horgos_geo.core import datasets
    from horgos_geo.model.network import load_network
    from horgos_geo.reports.route_finder.build import build

    printed = Output.of(format_, None)
    if network:
        load_network(network)  # checked before anything runs
    with datasets.using_network(network), progress("Route finder"):
        page = build(out, language=language, viewpoint=viewpoint)
    size_kb = round(page.stat().st_size / 1000, 1)
    printed.write(text=lambda: str(page), json=lambda: {"path": str(page), "size_kb": size_kb})
