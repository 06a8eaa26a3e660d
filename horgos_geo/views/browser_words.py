"""The words that scripts say: in every language, for a reader may change it in the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from horgos_geo.core.text import LANGUAGES, Text, keys
from horgos_geo.model import places
from horgos_geo.model.basemap import load_basemap
from horgos_geo.views.assets import script_safe

#: Words of the shared catalogue that the route finder says; its own begin with a prefix.
SHARED = (
    "comma", "km", "mm", "h", "day", "days", "road", "rail", "ferry", "by_road", "by_rail",
    "by_ferry", "by_multimodal", "sea", "border", "gauge_change", "transfer", "crossing", "gauge",
    "terminal", "port",
    "closed_country", "next_crossing", "no_route", "zoom_in", "zoom_out", "fit", "close", "theme",
    "contents", "sources", "limits", "version", "skip",
)  # fmt: skip
PREFIXES = ("finder", "page_", "scenario_", "status_")


def point_words(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of crossings and terminals in every language, by the name in the data.

    Parameters
    ----------
    names
        As the data have them; those that are the same in all languages are left out.
    """
    texts = [Text(code) for code in LANGUAGES]
    named = {name: [text.point(name) for text in texts] for name in sorted(set(names)) if name}
    return {name: rows for name, rows in named.items() if set(rows) != {name}}


def words_json(
    language: str,
    viewpoint: str,
    points: Mapping[str, list[str]] | None = None,
    **more: Any,
) -> str:
    """Return the words of all languages as JSON that is safe in a script element.

    Parameters
    ----------
    language
        The one that the page opens in.
    viewpoint
        Whose view of the boundaries the map has.
    points
        As `point_words` returns them.
    **more
        Whatever else the page is told.
    """
    wanted = [key for key in keys() if key in SHARED or key.startswith(PREFIXES)]
    countries = {
        country.iso3: [country.names[code] for code in LANGUAGES]
        for country in load_basemap(viewpoint).countries.values()
    }
    content = {
        "language": language,
        "viewpoint": viewpoint,
        "words": {code: {key: Text(code)(key) for key in wanted} for code in LANGUAGES},
        "countries": countries,
        "stops": {
            crossing: [port.label(code) for code in LANGUAGES]
            for port in places.gateways()
            for crossing in (port.gateway or {}).values()
        },
        "points": dict(points or {}),
        **more,
    }
    return script_safe(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
