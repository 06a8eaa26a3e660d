"""`horgos isochrones`: how far one gets within hours or kilometres."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from horgos_geo.cli.options import OutputOption, Question, asks
from horgos_geo.cli.output import as_json, as_table, deliver

if TYPE_CHECKING:
    from horgos_geo.analysis.isochrones import Reach


class AreaFormat(StrEnum):
    """How areas are printed."""

    text = "text"
    json = "json"
    geojson = "geojson"


@asks
def isochrones(
    question: Question,
    from_: Annotated[
        str, typer.Option("--from", help="A name, lat,lon, or a country code.", metavar="PLACE")
    ],
    within: Annotated[
        list[str],
        typer.Option(
            "--within", help="Hours, days or kilometres: 72h, 3d, 1000km; again for more."
        ),
    ],
    abroad: Annotated[
        bool, typer.Option("--abroad", help="From a Chinese land port, leave China out.")
    ] = False,
    format_: Annotated[
        AreaFormat, typer.Option("--format", "-f", help="geojson has the areas themselves.")
    ] = AreaFormat.text,
    output: OutputOption = None,
) -> None:
    """Draw what lies within hours or kilometres of a place, and count towns and people there.

    A point lies within when the road or railway nearest to it does. Towns have 15,000 people or
    more.

    [bold]Examples[/bold]

    horgos isochrones --from Horgos --within 72h --mode road --abroad

    horgos isochrones --from Almaty --within 500km --within 1000km -f geojson -o almaty.geojson
    """
    from horgos_geo.analysis import isochrones as areas
    from horgos_geo.model.places import resolve

    place = resolve(from_)
    budgets = [areas.budget(text) for text in within]
    found = areas.reach(question.router(), place, budgets, abroad=abroad)
    if format_ is AreaFormat.geojson:
        text = as_json(found.to_geojson())
    elif format_ is AreaFormat.json:
        text = as_json(found.to_dict())
    else:
        text = _as_text(found)
    deliver(text, output)


def _as_text(found: Reach) -> str:
    rows = [["Within", "Area, km²", "Network, km", "Towns", "People"]]
    for area in found.areas:
        numbers = (area.area_km2, area.network_km, area.towns, area.population)
        rows.append([area.budget.label, *(f"{number:,.0f}" for number in numbers)])
    return (
        f"From {found.origin.name} by {found.mode}\n{as_table(rows, right=(0, 1, 2, 3, 4))}"
        f"Boundaries are true to {found.tolerance_km:.1f} km. Towns have 15,000 people or more.\n"
    )
