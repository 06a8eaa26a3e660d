"""The atlas's page: template, style, script, words and basemap around the routes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from horgos_geo.core.text import Text
from horgos_geo.views import assets
from horgos_geo.views.browser_words import point_words, words_json
from horgos_geo.views.bundle import bundle
from horgos_geo.views.live import basemap_id, basemap_json

FOLDER = assets.TEMPLATES / "route_finder"


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
    css += (FOLDER / "atlas.css").read_text(encoding="utf-8")
    return assets.leaflet_style() + assets.squeeze(css)


def _points(data: str) -> dict[str, list[str]]:
    """Return the Chinese and Russian names of the crossings and terminals in the routes."""
    content = json.loads(data)
    return point_words(
        {row[1] for row in content["crossings"]} | {row[0] for row in content["spots"]}
    )


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
        The rendered reports beside it, as in the manifest.
    about
        Version, attribution and limits.
    start
        What the page shows first.
    """
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)
    # The package's own, or JSON whose angle brackets are escaped.
    trusted = {
        "style": style(),
        "leaflet": assets.leaflet_script(),
        "script": bundle("route_finder/app.js"),
        "words": words_json(language, viewpoint, _points(data), start=asdict(start or Start())),
        "base": basemap_json(basemap_id(viewpoint), outlines=True),
        "data": assets.script_safe(data),
    }
    return environment.get_template("index.html.j2").render(
        language=language, t=Text(language), key=key, reports=reports, **about, **trusted
    )
