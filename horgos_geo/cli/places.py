"""`horgos places`: which places are known, and under which names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import FormatOption, OutputOption
from horgos_geo.cli.output import MAPS, TABLES, Output, as_table, note

if TYPE_CHECKING:
    import geopandas as gpd

    from horgos_geo.model.places import Place


def places(
    text: Annotated[
        str, typer.Argument(help="A name or part of one, in any script.", metavar="TEXT")
    ],
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=1000, help="At most so many.")
    ] = 10,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Find places by name: 'horgos places khorgas', 'horgos places 阿拉木图'."""
    from horgos_geo.core.errors import PlaceNotFound
    from horgos_geo.model.places import resolve, search

    out = Output.of(format_, output, *TABLES, *MAPS)
    found = search(text, limit)
    try:
        exact = resolve(text)
        found = found or [exact]
        said = exact.note
    except PlaceNotFound as error:
        if not found:
            raise
        said = str(error)
    if said:
        note(said)
    out.write(
        text=lambda: _as_text(found),
        json=lambda: {"places": [_properties(place) for place in found]},
        table=lambda: _frame(found),
    )


def _properties(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "names": dict(place.names),
        "country": place.country,
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "population": place.population or None,
        "terminal_lon": place.terminal_lon,
        "terminal_lat": place.terminal_lat,
        "groups": list(place.groups),
    }


def _as_text(found: list[Place]) -> str:
    return as_table(
        [
            ["Name", "Country", "Kind", "lat,lon", "Id"],
            *(
                [
                    place.name,
                    place.country,
                    place.kind,
                    f"{place.lat:.4f},{place.lon:.4f}",
                    place.id,
                ]
                for place in found
            ),
        ]
    )


def _frame(found: list[Place]) -> gpd.GeoDataFrame:
    """Return places as points, one row each, with a column for the name in each language."""
    import geopandas as gpd
    import pandas as pd

    frame = pd.DataFrame([_properties(place) for place in found]).set_index("id")
    for language in ("zh", "ru"):
        frame[f"name_{language}"] = [names.get(language, "") for names in frame["names"]]
    frame["groups"] = frame["groups"].str.join(";")
    points = gpd.points_from_xy(frame["lon"], frame["lat"])
    return gpd.GeoDataFrame(frame.drop(columns="names"), geometry=points, crs=4326)
