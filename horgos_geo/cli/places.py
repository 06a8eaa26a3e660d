"""`horgos places`: which places are known, and under which names."""

from __future__ import annotations

from typing import Annotated

import typer

from horgos_geo.cli.options import FormatOption, OutputOption
from horgos_geo.cli.output import Format, as_json, as_table, deliver, note


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

    found = search(text, limit)
    try:
        exact = resolve(text)
        found = found or [exact]
    except PlaceNotFound as error:
        if not found:
            raise
        note(str(error))
    if format_ is Format.json:
        rows = [
            {
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
            for place in found
        ]
        deliver(as_json({"places": rows}), output)
        return
    table = [
        ["Name", "Country", "Kind", "lat,lon", "Id"],
        *(
            [place.name, place.country, place.kind, f"{place.lat:.4f},{place.lon:.4f}", place.id]
            for place in found
        ),
    ]
    deliver(as_table(table), output)
