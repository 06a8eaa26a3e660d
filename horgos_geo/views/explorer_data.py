"""What the panel of `explore` sends: one route's layer, its totals, and the map's own script."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

import numpy as np

from horgos_geo.core.polyline import encode
from horgos_geo.core.text import LANGUAGES, Text
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route
from horgos_geo.views import assets
from horgos_geo.views.bundle import bundle
from horgos_geo.views.projection import project

#: Size of a unit of the lines sent, and what a line may be simplified by, kilometres.
STEP_KM = 0.1
TOLERANCE_KM = 0.25


def layer(route: Route, text: Text) -> dict[str, Any]:
    """Return what the map draws for a route, lines simplified on the map's plane.

    Parameters
    ----------
    route
        Found or not.
    text
        The language of names.
    """
    legs = []
    for leg in route.legs:
        row: dict[str, Any] = {
            "kind": leg.kind,
            "country": leg.country,
            "name": text.point(leg.from_name),
            "id": leg.crossing_id,
            "km": round(leg.length_km, 3),
            "time": [round(v, 2) for v in (leg.time_h.central, leg.time_h.low, leg.time_h.high)],
        }
        if leg.kind in ("road", "rail"):
            row["name"] = ""
        if leg.kind == "gauge":
            row |= {"from": leg.gauge_mm, "to": leg.gauge_to_mm}
        if len(leg.lonlat) > 1:
            row["line"] = encode(_thin(leg.lonlat), STEP_KM)
        elif len(leg.lonlat):
            x, y = project(leg.lonlat)[0]
            row |= {"x": round(float(x), 1), "y": round(float(y), 1)}
        legs.append(row)
    return {
        "step": STEP_KM,
        "origin": _place(route.origin),
        "place": _place(route.destination),
        "closed": list(route.scenario.closed_countries),
        "countries": list(dict.fromkeys(route.countries)),
        "legs": legs,
    }


def totals(route: Route, text: Text) -> str:
    """Return the totals of a route as escaped markup."""
    place = escape(text.place(route.destination))
    if not route.found:
        return f"<p><b>{place}</b>: {escape(text.status(route.status))}</p>"
    rows = [
        (text.days(route.time_h.central), text.days_range(route.time_h.low, route.time_h.high)),
        (text.km(route.length_km), text.error(route.error_km)),
        (text.number(len(route.crossings)), text("col_borders")),
        (text.number(round(route.cost_usd_per_teu.central, -1)), text("finder_cost")),
        (text.number(route.co2e_kg_per_t.central), "kg CO₂e/t"),
    ]
    cells = "".join(f"<tr><td><b>{escape(a)}</b></td><td>{escape(b)}</td></tr>" for a, b in rows)
    way = " · ".join(
        f"{text.country(code)} {text.km_number(km)}" for code, km in route.country_km.items()
    )
    return f'<p><b>{place}</b></p><table class="horgos-totals">{cells}</table><p>{escape(way)}</p>'


@cache
def style() -> str:
    """Return the style of the map alone, kept inside its own element."""
    css = (
        assets.read("tokens.css")
        .replace(":root,.hg{", ".hg{")
        .replace(":root:not([data-theme=light])", ".hg-follow")
    )
    size = ".hg-explore .map-frame{height:560px;border:1px solid var(--hair)}"
    return assets.leaflet_style() + assets.squeeze(css + assets.read("map.css") + size)


@cache
def map_script() -> str:
    """Return Leaflet and the script that takes a layer."""
    return f"{assets.leaflet_script()}\n{bundle('explorer.js')}"


def _thin(lonlat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import shapely

    line = shapely.simplify(shapely.LineString(project(lonlat)), TOLERANCE_KM)
    return np.asarray(shapely.get_coordinates(line))


def _place(place: Place) -> dict[str, Any]:
    x, y = project([[place.lon, place.lat]])[0]
    names = {code: place.label(code) for code in LANGUAGES}
    return {"id": place.id, "names": names, "country": place.country,
            "x": round(float(x), 1), "y": round(float(y), 1)}  # fmt: skip
