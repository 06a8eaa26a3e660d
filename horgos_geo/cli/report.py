"""`horgos report`: notebooks to HTML pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import DestinationsOption, FormatOption, NetworkOption
from horgos_geo.cli.output import Output, note, progress

if TYPE_CHECKING:
    from horgos_geo.reports.notebook import Notebook


def report(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Reports by number or name, or a notebook's path. All when none.",
            metavar="[NAME]...",
            show_default=False,
        ),
    ] = None,
    params: Annotated[
        Path | None, typer.Option("--params", help="YAML file of parameters.", metavar="FILE")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="One parameter; again for more. Lists by commas.", metavar="KEY=VALUE"
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            help="A YAML file or a shipped scenario; for all that have one.",
            metavar="FILE",
        ),
    ] = None,
    destinations: DestinationsOption = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for the pages.")] = Path("out"),
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, max=64, help="Notebooks run at a time.")
    ] = 1,
    list_: Annotated[
        bool, typer.Option("--list", help="Only list the reports and their parameters.")
    ] = False,
    network: NetworkOption = None,
    format_: FormatOption = None,
) -> None:
    """Build HTML reports that open with no network.

    Parameters are checked before anything runs. A report that fails leaves the last good page in
    place and writes NAME.failed.html; the exit code is then 1.

    [bold]Examples[/bold]

    horgos report --jobs 2

    horgos report 1 --set destinations=KAZ,UZB,Duisburg --set language=zh

    horgos report --list
    """
    from horgos_geo.core import datasets
    from horgos_geo.model.network import load_network
    from horgos_geo.reports.publish import build, find_notebooks

    printed = Output.of(format_, None)
    notebooks = find_notebooks(names or ())
    if list_:
        printed.write(text=lambda: list_as_text(notebooks), json=lambda: list_as_dict(notebooks))
        return
    if network:
        load_network(network)  # checked before anything runs
    settings = [*([] if scenario is None else [f"scenario={scenario}"]), *(set_ or ())]
    if destinations:
        settings.append(f'destinations="{destinations.resolve()}"')
    with datasets.using_network(network), progress("Reports", len(notebooks)) as advance:
        ended: list[str] = []

        def on_end(name: str, well: bool) -> None:
            ended.append(name)
            advance(len(ended))
            note(f"{'Built' if well else 'Failed'} {name}")

        pages = build(
            names or (), parameters=params, settings=settings, out=out, jobs=jobs, progress=on_end
        )
    if not names:
        from horgos_geo.reports.route_finder.build import build as build_route_finder

        with datasets.using_network(network), progress("Route finder"):
            build_route_finder(out)
    printed.write(
        text=lambda: "\n".join(map(str, [*pages, out / "index.html"])),
        json=lambda: {"reports": [_page(page) for page in pages], "index": str(out / "index.html")},
    )


def _page(page: Path) -> dict[str, Any]:
    size_kb = round(page.stat().st_size / 1000, 1)
    return {"name": page.stem, "path": str(page), "size_kb": size_kb}


def list_as_dict(reports: list[Notebook]) -> dict[str, Any]:
    """Return notebooks and their parameters as plain values."""

    def parameters(item: Notebook) -> list[dict[str, Any]]:
        """Return the parameters of one."""
        return [
            {"name": p.name, "type": p.type_name, "default": p.default, "help": p.help}
            for p in item.parameters.values()
        ]

    rows = [
        {"name": item.name, "title": item.title, "parameters": parameters(item)} for item in reports
    ]
    return {"reports": rows}


def list_as_text(reports: list[Notebook]) -> str:
    """Return notebooks and their parameters as lines to read."""
    lines = []
    for item in reports:
        lines.append(f"{item.name}  {item.title}")
        lines += [
            f"    {p.name}: {p.type_name} = {p.default!r}  {p.help}"
            for p in item.parameters.values()
        ]
    return "\n".join(lines)
