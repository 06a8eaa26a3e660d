"""`horgos notebooks`: the notebooks behind the reports, and copies of them to change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from horgos_geo.cli.options import FormatOption
from horgos_geo.cli.output import Output
from horgos_geo.cli.report import list_as_dict, list_as_text


def notebooks(
    copy: Annotated[
        Path | None,
        typer.Option("--copy", help="Copy them into this folder, to be changed.", metavar="DIR"),
    ] = None,
    format_: FormatOption = None,
) -> None:
    """List the notebooks behind the reports, or copy them to a folder of your own.

    A file that is there already is never overwritten.

    [bold]Example[/bold]

    horgos notebooks --copy study
    """
    from horgos_geo.core.errors import OutputError
    from horgos_geo.core.files import write_atomic
    from horgos_geo.reports.notebook import find_notebooks

    printed = Output.of(format_, None)
    found = find_notebooks()
    if copy is None:
        printed.write(text=lambda: list_as_text(found), json=lambda: list_as_dict(found))
        return
    files = [copy / notebook.path.name for notebook in found]
    there = next((file for file in files if file.exists()), None)
    if there:
        raise OutputError(f"{there} is there already. Choose another folder with --copy.")
    for notebook, file in zip(found, files, strict=True):
        write_atomic(file, notebook.path.read_bytes())
    printed.write(
        text=lambda: "\n".join(map(str, files)),
        json=lambda: {"notebooks": [str(file) for file in files]},
    )
