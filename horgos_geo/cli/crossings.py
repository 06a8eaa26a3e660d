"""`horgos crossings`: border crossings and ferry lines, with their waits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from horgos_geo.cli.options import FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import MAPS, TABLES, Output, as_table

if TYPE_CHECKING:
    import geopandas as gpd


@asks
def crossings(
    question: Question,
    country: Annotated[
        str, typer.Option("--country", help="Only those of a country.", metavar="COUNTRY")
    ] = "",
    mode: Annotated[
        Literal["road", "rail", "ferry"] | None,
        typer.Option("--mode", "-m", help="Only those of a mode."),
    ] = None,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List border crossings and ferries: id, name, status, and the wait in each direction.

    The id is what --close, --open and --parameter take. Tables have the names in Chinese and
    Russian, the gauges, low and high waits, and sources.

    [bold]Examples[/bold]

    horgos crossings --country KAZ --mode rail

    horgos crossings -o crossings.xlsx
    """
    from horgos_geo.analysis.crossings import crossings as rows_of

    out = Output.of(format_, output, *TABLES, *MAPS)
    frame = rows_of(question.router(), country, mode or "")
    out.write(
        text=lambda: _as_text(frame),
        json=lambda: {"crossings": frame.drop(columns="geometry").reset_index().to_dict("records")},
        table=lambda: frame,
    )


def _as_text(frame: gpd.GeoDataFrame) -> str:
    head = ["Id", "Name", "中文", "Русский", "From–to", "Status", "h there", "h back", "Basis"]
    rows = [[*head, "Year", "Source"]]
    for id_, row in frame.iterrows():
        ends = f"{row['country_a']}–{row['country_b']}"
        waits = (row[column] for column in ("wait_ab_h", "wait_ba_h"))
        hours = [f"{wait:,.1f}" if math.isfinite(wait) else "" for wait in waits]
        status = row["status"] if row["kind"] != "open_area" else "no control"
        behind = [row["wait_basis"], row["wait_year"], row["wait_source"]]
        names = [row[column] for column in ("name", "name_zh", "name_ru")]
        rows.append([str(id_), *names, ends, status, *hours, *behind])
    return as_table(rows, right=(6, 7))
