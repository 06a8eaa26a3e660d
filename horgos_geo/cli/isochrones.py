"""`horgos isochrones`: how far one gets within hours or kilometres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import MAPS, TABLES, Output, as_table

if TYPE_CHECKING:
    import geopandas as gpd


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
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Draw what lies within hours or kilometres of a place, and count towns and people there.

    A point lies within when the road or railway nearest to it does. Towns have 15,000 people or
    more.

    [bold]Examples[/bold]

    horgos isochrones --from Horgos --within 72h --mode road --abroad

    horgos isochrones --from Almaty --within 500km --within 1000km -o almaty.geojson
    """
    from horgos_geo.analysis import isochrones as areas
    from horgos_geo.routing.route import ATTRIBUTION

    out = Output.of(format_, output, *TABLES, *MAPS)
    start = question.place(from_)
    budgets = [areas.budget(text) for text in within]
    found = areas.isochrones(question.router(), start, budgets, abroad=abroad)
    out.write(
        text=lambda: _as_text(found),
        json=lambda: {
            **_about(found),
            "areas": [_properties(area) for _, area in found.iterrows()],
            "attribution": ATTRIBUTION,
        },
        geojson=lambda: _as_geojson(found),
        table=lambda: found,
    )


def _about(found: gpd.GeoDataFrame) -> dict[str, Any]:
    about = found.attrs
    return {
        "origin": about["origin"]["name"],
        "mode": about["mode"],
        "tolerance_km": round(about["tolerance_km"], 2),
    }


def _properties(area: Any) -> dict[str, Any]:
    return {
        f"within_{'h' if area['measure'] == 'time' else 'km'}": area["within"],
        "area_km2": round(area["area_km2"]),
        "network_km": round(area["network_km"]),
        "towns": area["towns"],
        "population": area["population"],
    }


def _as_geojson(found: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return a FeatureCollection, the largest area first so that all can be seen."""
    from horgos_geo.routing.route import ATTRIBUTION

    features = [
        {
            "type": "Feature",
            "properties": _properties(area),
            "geometry": area["geometry"].__geo_interface__,
        }
        for _, area in found[::-1].iterrows()
    ]
    about = {**_about(found), "attribution": ATTRIBUTION}
    return {"type": "FeatureCollection", "properties": about, "features": features}


def _as_text(found: gpd.GeoDataFrame) -> str:
    rows = [["Within", "Area, km²", "Network, km", "Towns", "People"]]
    for label, area in found.iterrows():
        numbers = (area[name] for name in ("area_km2", "network_km", "towns", "population"))
        rows.append([str(label), *(f"{number:,.0f}" for number in numbers)])
    about = _about(found)
    return (
        f"From {about['origin']} by {about['mode']}\n{as_table(rows, right=(0, 1, 2, 3, 4))}"
        f"Boundaries are true to {about['tolerance_km']:.1f} km. "
        "Towns have 15,000 people or more.\n"
    )
