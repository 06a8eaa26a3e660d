"""`horgos corridors`: the few ways between two places that differ for a planner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from horgos_geo.cli.options import FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import MAPS, TABLES, Output, as_table
from horgos_geo.cli.route import why_not
from horgos_geo.core.errors import NoRoute

if TYPE_CHECKING:
    from horgos_geo.analysis.corridors import Corridor

_PLACE = "A name, lat,lon, or a country code."


@asks
def corridors(
    question: Question,
    origin: Annotated[str, typer.Argument(help=_PLACE, metavar="ORIGIN")],
    destination: Annotated[str, typer.Argument(help=_PLACE, metavar="DESTINATION")],
    most: Annotated[
        int, typer.Option("--most", "-k", min=1, max=10, help="How many open ones at most.")
    ] = 5,
    stretch: Annotated[
        float, typer.Option("--stretch", min=1.0, max=5.0, help="Weight over that of the best.")
    ] = 1.4,
    overlap: Annotated[
        float, typer.Option("--overlap", min=0.0, max=1.0, help="Part shared with a better one.")
    ] = 0.6,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List the corridors between two places: other countries, crossings or ports.

    Corridors that the scenario blocks are listed with the reason.

    [bold]Examples[/bold]

    horgos corridors Horgos Warsaw --mode rail --minimise time --ferry

    horgos corridors Horgos Istanbul -m multimodal --close RUS --format json
    """
    from horgos_geo.analysis.corridors import corridors as find, corridors_table

    out = Output.of(format_, output, *TABLES, *MAPS)
    start, end = question.place(origin), question.place(destination)  # before the network is read
    router = question.router()
    found = find(router, start, end, most=most, stretch=stretch, overlap=overlap)
    open_ = any(corridor.open for corridor in found)
    # Why there is none, when there is none.
    status = found[0].route.status if open_ else router.route(start, end).status
    if not found and out.format == "text":
        raise NoRoute(why_not(router.route(start, end)))
    scenario = router.scenario
    head = f"{start.name} – {end.name} by {scenario.mode_label}, least {scenario.minimise}"
    if not open_:
        head += f"\nNo route: {status}."
    out.write(
        text=lambda: f"{head}\n\n{describe(found)}",
        json=lambda: {
            "origin": start.name,
            "destination": end.name,
            "mode": scenario.mode_label,
            "minimise": scenario.minimise,
            "status": status,
            "corridors": [corridor.to_dict() for corridor in found],
        },
        table=lambda: corridors_table(found),
    )


def describe(found: list[Corridor]) -> str:
    """Return corridors as a table to read, each with its countries and crossings below it."""
    cars = any(item.route.carries_vehicles for item in found)
    unit = "USD per vehicle" if cars else "USD per TEU"
    rows = [["", "Corridor", "km", "days", unit, "weight", "shared"]]
    for item in found:
        route = item.route
        rows.append(
            [
                item.letter,
                item.name if item.open else f"{item.name} (blocked)",
                f"{route.length_km:,.0f}",
                f"{route.time_h.central / 24:.1f}",
                f"{route.cost_usd.central:,.0f}",
                f"× {item.ratio:.2f}" if item.ratio == item.ratio else "–",
                f"{item.share:.0%}",
            ]
        )
    lines = [as_table(rows, right=(2, 3, 4, 5, 6)).rstrip(), ""]
    for item in found:
        posts = " · ".join(crossing.name for crossing in item.route.crossings)
        lines.append(f"{item.letter}  {'–'.join(item.route.countries)}: {posts}")
        if not item.open:
            lines.append(f"   Blocked: {item.reason}.")
    return "\n".join(lines) + "\n"
