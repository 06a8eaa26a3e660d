"""`horgos report`: notebooks to HTML pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from horgos_geo.cli.options import Format, FormatOption, NetworkOption
from horgos_geo.cli.output import as_json, deliver, note, progress

if TYPE_CHECKING:
    from horgos_geo.reports.publish import Notebook


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
    out: Annotated[Path, typer.Option("--out", help="Folder for the pages.")] = Path("reports"),
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, max=64, help="Notebooks run at a time.")
    ] = 1,
    list_: Annotated[
        bool, typer.Option("--list", help="Only list the reports and their parameters.")
    ] = False,
    network: NetworkOption = None,
    format_: FormatOption = Format.text,
) -> None:
    """Build HTML reports that open with no network.

    Parameters are checked before anything runs. A report that fails leaves the last good page in
    place and writes NAME.failed.html; the exit code is then 1.

    [bold]Examples[/bold]

    horgos report --jobs 2

    horgos report 1 --set destinations=KAZ,UZB,Duisburg --set language=zh

    horgos report --list
    """  # fmt: skip
    from horgos_geo.core import datasets
    from horgos_geo.model.network import load_network
    from horgos_geo.reports.publish import build, find_notebooks

    notebooks = find_notebooks(names or ())
    if list_:
        _list(notebooks, format_)
        return
    if network:
        load_network(network)  # checked before anything runs
    settings = [*([] if scenario is None else [f"scenario={scenario}"]), *(set_ or ())]
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
        from horgos_geo.reports.route_finder import build as atlas

        with datasets.using_network(network), progress("Atlas") as advance:
            atlas.build(out, jobs=jobs, progress=advance)
    if format_ is Format.json:
        rows = [
            {"name": page.stem, "path": str(page), "size_kb": round(page.stat().st_size / 1000, 1)}
            for page in pages
        ]
        deliver(as_json({"reports": rows, "index": str(out / "index.html")}))
    else:
        deliver("\n".join(map(str, [*pages, out / "index.html"])))


def _list(reports: list[Notebook], format_: Format) -> None:
    if format_ is Format.json:
        rows = [
            {
                "name": item.name,
                "title": item.title,
                "parameters": [
                    {"name": p.name, "type": p.type_name, "default": p.default, "help": p.help}
                    for p in item.parameters.values()
                ],
            }
            for item in reports
        ]
        deliver(as_json({"reports": rows}))
        return
    lines = []
    for item in reports:
        lines.append(f"{item.name}  {item.title}")
        lines += [
            f"    {p.name}: {p.type_name} = {p.default!r}  {p.help}"
            for p in item.parameters.values()
        ]
    deliver("\n".join(lines))
