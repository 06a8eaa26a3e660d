"""`horgos trace`: where the days, dollars and kilograms of a route come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from horgos_geo.cli.options import Format, FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import as_json, as_table, deliver
from horgos_geo.cli.route import why_not
from horgos_geo.core.errors import NoRoute

if TYPE_CHECKING:
    from horgos_geo.routing.sources import Number

_PLACE = "A name, lat,lon, or a country code."


@asks
def trace(
    question: Question,
    origin: Annotated[str, typer.Argument(help=_PLACE, metavar="ORIGIN")],
    destination: Annotated[str, typer.Argument(help=_PLACE, metavar="DESTINATION")],
    format_: FormatOption = Format.text,
    output: OutputOption = None,
) -> None:
    """List every number behind a route's days, dollars and kilograms: row, source, year.

    [bold]Example[/bold]

    horgos trace Horgos Tashkent --mode rail
    """
    from horgos_geo.model.places import resolve
    from horgos_geo.routing.sources import numbers_behind

    start, end = resolve(origin), resolve(destination)  # before the network is read
    router = question.router()
    route = router.route(start, end)
    numbers = numbers_behind(router, route)
    if format_ is Format.json:
        values = {
            "status": route.status,
            "origin": start.name,
            "destination": end.name,
            "numbers": [number.to_dict() for number in numbers],
        }
        deliver(as_json(values), output)
    elif not route.found:
        raise NoRoute(why_not(route))
    else:
        deliver(describe(numbers), output)


def describe(numbers: list[Number]) -> str:
    """Return the numbers as a table to read, then how many of them are assumptions."""
    rows = [["Number", "Value", "Unit", "Basis", "Year", "Row", "Source"]]
    for number in numbers:
        row, band = number.row, number.row.band
        value = f"{band.central:g} ({band.low:g}–{band.high:g})"
        where = f"{row.file}.csv:{row.line}"
        name = f"{row.parameter}, {row.applies_to}"
        rows.append([name, value, row.unit, row.retrieved, row.year, where, row.source])
    assumed = sum(number.is_assumption for number in numbers)
    return f"{as_table(rows)}\n{len(numbers)} numbers, {assumed} of them assumptions.\n"
