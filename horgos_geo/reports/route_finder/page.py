"""The route finder's page: template, style, script, words and basemap around the overlay."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache

from horgos_geo.core.text import Text
from horgos_geo.reports import provenance
from horgos_geo.reports.page import environment
from horgos_geo.views import assets
from horgos_geo.views.browser_words import point_words, words_json
from horgos_geo.views.bundle import bundle
from horgos_geo.views.live import basemap_id, basemap_json
from horgos_geo.views.projection import CENTRAL_MERIDIAN, ORIGIN_LATITUDE, PARALLELS


@dataclass(frozen=True)
class Start:
    """What the page shows first."""

    from_: str = "horgos"
    to: str = "duisburg"
    mode: str = "rail"
    minimise: str = "time"


@cache
def style() -> str:
    """Return the style sheet of maps and the route finder together."""
    css = assets.read("tokens.css") + assets.read("map.css")
    css += (assets.TEMPLATES / "route_finder" / "finder.css").read_text(encoding="utf-8")
    return assets.leaflet_style() + assets.squeeze(css)


def render(data: str, *, language: str, viewpoint: str, start: Start | None = None) -> str:
    """Return the whole page.

    Parameters
    ----------
    data
        The overlay, as `data.to_json` writes it.
    language
        The one that the page opens in.
    viewpoint
        Whose view of the boundaries.
    start
        What the page shows first.
    """
    content = json.loads(data)
    names = {row[1] for row in content["crossings"]} | set(content["names"])
    first = {key.rstrip("_"): value for key, value in asdict(start or Start()).items()}
    plane = [*PARALLELS, ORIGIN_LATITUDE, CENTRAL_MERIDIAN]
    # The package's own, or JSON whose angle brackets are escaped.
    trusted = {
        "style": style(),
        "leaflet": assets.leaflet_script(),
        "script": bundle("route_finder/app.js"),
        "words": words_json(language, viewpoint, point_words(names), start=first, plane=plane),
        "base": basemap_json(basemap_id(viewpoint), outlines=True),
        "data": assets.script_safe(data),
    }
    return str(
        environment()
        .get_template("route_finder/index.html.j2")
        .render(
            language=language,
            t=Text(language),
            places=len(content["places"]),
            version=provenance.version(),
            data_hash=provenance.data_hash(),
            attribution=provenance.ATTRIBUTION,
            limits=provenance.LIMITS,
            **trusted,
        )
    )
