"""`horgos trace`: where the days, dollars and kilograms of a route come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from horgos_geo.cli.options import FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import TABLES, Output, as_table
from horgos_geo.cli.route import why_not
from horgos_geo.core.errors import NoRoute

if TYPE_CHECKING:
    import pandas as pd

    from horgos_geo.routing.sources import Number

_PLACE = "A name, lat,lon, or a country code."


@asks
def trace(
    question: Question,
    origin: Annotated[str, typer.Argument(help=_PLACE, metavar="ORIGIN")],
    destination: Annotated[str, typer.Argument(help=_PLACE, metavar="DESTINATION")],
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List every number behind a route's days, dollars and kilograms: row, source, year.

    [bold]Example[/bold]

    horgos trace Horgos Tashkent --mode rail
    """
    from horgos_geo.routing.sources import numbers_behind

    out = Output.of(format_, output, *TABLES)
    start, end = question.place(origin), question.place(destination)  # before the network is read
    router = question.router()
    route = router.route(start, end)
    numbers = numbers_behind(route)
    if not route.found and out.format != "json":
        raise NoRoute(why_not(route))
    out.write(
        text=lambda: describe(numbers),
        json=lambda: {
            "status": route.status,
            "origin": start.name,
            "destination": end.name,
            "numbers": [number.to_dict() for number in numbers],
        },
        table=lambda: _as_frame(numbers),
    )


def _as_frame(numbers: list[Number]) -> pd.DataFrame:
    import pandas as pd

    return pd.json_normalize([number.to_dict() for number in numbers])


def describe(numbers: list[Number]) -> str:
    """Return the numbers as a table to read, then how many of them are assumptions."""
    from horgos_geo.model.parameters import OWN

    rows = [["Number", "Value", "Unit", "Basis", "Year", "Row", "Source"]]
    for number in numbers:
        row, band = number.row, number.row.band
        value = f"{band.central:g} ({band.low:g}–{band.high:g})"
        name = f"{row.parameter}, {row.applies_to}"
        rows.append([name, value, row.unit, row.retrieved, row.year, row.where, row.source])
    assumed = sum(number.is_assumption for number in numbers)
    told = "".join(_observations(number) for number in numbers if number.row.file == "waits")
    counts = f"{len(numbers)} numbers, {assumed} of them assumptions"
    own = sum(number.row.where == OWN for number in numbers)
    counts += f", {own} your own" if own else ""
    return f"{as_table(rows)}\n{counts}.\n{told}"


def _observations(number: Number) -> str:
    """Return what was seen of a wait, and how far what was seen at the post itself counts."""
    row = number.row
    if row.parameter != "dwell_h":
        return ""
    about = f"{row.applies_to}, {row.key('country')} to {row.key('to_country')}"
    if row.own_share:
        share = f"its own observations count {row.own_share:.0%}"
    else:
        share = "nothing was observed there; estimated from other posts of its countries and region"
    if row.main_post and not row.own_share:
        share += f", and no better than at {row.main_post}"
    rows = [
        [
            f"{seen['value']} {seen['unit']}",
            ", ".join(filter(None, (seen["statistic"], seen["period"], seen["side"]))),
            seen["year"],
            seen["crossing"] or seen["area"] or f"{seen['country_from']} {seen['country_to']}",
            seen["source"],
        ]
        for seen in number.observations()
    ]
    table = as_table([["Observed", "As", "Year", "Where", "Source"], *rows]) if rows else ""
    return f"\n{about}: {share}.\n{table}\n"
