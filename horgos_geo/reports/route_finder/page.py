"""The atlas's page: template, style, script, words and basemap around the routes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from horgos_geo.model import places
from horgos_geo.views import assets
from horgos_geo.model.basemap import load_basemap
from horgos_geo.views.live import basemap_id, basemap_json
from horgos_geo.core.polyline import encode
from horgos_geo.views.projection import project
from horgos_geo.views.svg import GLYPHS
from horgos_geo.core.text import LANGUAGES, Text, keys

FOLDER = assets.TEMPLATES / "route_finder"
MAP_SCRIPTS = ("data.js", "words.js", "map.js", "labels.js", "scene.js")
SCRIPTS = (*MAP_SCRIPTS, "panel.js", "itinerary.js", "app.js")
#: Words of the shared catalogue that the page says; those of the atlas begin with a prefix.
SHARED = (
    "km", "mm", "h", "day", "days", "road", "rail", "ferry", "by_road", "by_rail",
    "by_multimodal", "sea", "border", "gauge_change", "transfer", "crossing", "gauge", "terminal",
    "closed_country", "next_crossing", "no_route", "zoom_in", "zoom_out", "fit", "theme",
    "contents", "sources", "limits", "version", "skip",
)  # fmt: skip
PREFIXES = ("atlas", "page_", "scenario_", "status_")
#: Coordinates of outlines and the ground, kilometres.
STEP_KM = 1.0


@dataclass(frozen=True)
class Start:
    """What the page shows first."""

    to: str = "duisburg"
    mode: str = "rail"
    criterion: str = "time"


@cache
def style() -> str:
    """Return the style sheet of maps and the atlas together."""
    css = assets.read("tokens.css") + assets.read("map.css")
    return assets.squeeze(css + (FOLDER / "atlas.css").read_text(encoding="utf-8"))


@cache
def script(names: Sequence[str] = SCRIPTS) -> str:
    """Return the scripts as one, the package's own glyphs in front."""
    parts = [(FOLDER / name).read_text(encoding="utf-8") for name in names]
    return f"window.Atlas={{GLYPHS:{json.dumps(GLYPHS)}}};\n" + "\n".join(parts)


def words_json(
    language: str,
    viewpoint: str,
    start: Start | None = None,
    points: dict[str, list[str]] | None = None,
) -> str:
    """Return the words of all languages as JSON that is safe in a script element.

    Parameters
    ----------
    language
        The one that the page opens in.
    viewpoint
        Whose view of the boundaries the map has.
    start
        What the page shows first.
    points
        Names of crossings and terminals in the other languages, by the Latin name.
    """
    wanted = [key for key in keys() if key in SHARED or key.startswith(PREFIXES)]
    first = start or Start()
    countries = {
        country.iso3: [country.names[code] for code in LANGUAGES]
        for country in load_basemap(viewpoint).countries.values()
    }
    return _dump(
        {
            "language": language,
            "viewpoint": viewpoint,
            "start": {"to": first.to, "mode": first.mode, "criterion": first.criterion},
            "words": {code: {key: Text(code)(key) for key in wanted} for code in LANGUAGES},
            "countries": countries,
            "stops": {
                crossing: [port.label(code) for code in LANGUAGES]
                for port in places.gateways()
                for crossing in (port.gateway or {}).values()
            },
            "points": points or {},
        }
    )


def _points(data: str) -> dict[str, list[str]]:
    """Return the Chinese and Russian names of the crossings and terminals in the routes."""
    content = json.loads(data)
    used = {row[1] for row in content["crossings"]} | {row[0] for row in content["spots"]}
    texts = [Text(code) for code in LANGUAGES[1:]]
    named = {name: [text.point(name) for text in texts] for name in sorted(used) if name}
    return {name: rows for name, rows in named.items() if set(rows) != {name}}


def base_json(viewpoint: str) -> str:
    """Return the basemap as JSON that is safe in a script element.

    Parameters
    ----------
    viewpoint
        Whose view of the boundaries.
    """
    base = load_basemap(viewpoint)
    content = json.loads(basemap_json(basemap_id(viewpoint, "en", mercator=False)))
    content["countries"] = [[row[0], "", *row[2:]] for row in content["countries"]]
    at = {row["en"]: [row[code] for code in LANGUAGES] for row in base.water}
    content["water"] = [[at[name], x, y, rank] for name, x, y, rank in content["water"]]
    content["outlines"] = {
        code: [
            [encode(project(np.asarray(ring)), content["step"]) for ring in rings]
            for rings in country.rings
        ]
        for code, country in sorted(base.countries.items())
    }
    return _dump(content)


def page(
    data: str,
    key: str,
    *,
    language: str,
    viewpoint: str,
    reports: Sequence[Any],
    about: dict[str, Any],
    start: Start | None = None,
) -> str:
    """Return the whole page.

    Parameters
    ----------
    data
        The routes, as `data.to_json` writes them.
    key
        Hash of what the routes were made from.
    language
        The one that the page opens in.
    viewpoint
        Whose view of the boundaries.
    reports
        The rendered reports beside it: name, title, summary, size_kb.
    about
        Code version, edition, attribution and limits.
    start
        What the page shows first.
    """
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)
    # The package's own, or JSON whose angle brackets are escaped.
    trusted = {
        "style": style(),
        "script": script(),
        "words": words_json(language, viewpoint, start, _points(data)),
        "base": base_json(viewpoint),
        "data": assets.script_safe(data),
    }
    return environment.get_template("index.html.j2").render(
        language=language, t=Text(language), key=key, reports=reports, **about, **trusted
    )


def _dump(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return assets.script_safe(text)
