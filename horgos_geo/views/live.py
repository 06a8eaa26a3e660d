"""What a live map carries in the page: its own lines and symbols, and the basemap it shares."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

from horgos_geo.core.polyline import encode
from horgos_geo.core.text import LANGUAGES, NBSP, Text
from horgos_geo.model.basemap import load_basemap
from horgos_geo.views.assets import script_safe
from horgos_geo.views.drawing import MODES, Drawing, chain
from horgos_geo.views.map_ground import FORMS
from horgos_geo.views.map_symbols import Symbol, short_name
from horgos_geo.views.projection import (
    CENTRAL_MERIDIAN,
    ORIGIN_LATITUDE,
    PARALLELS,
    Points,
    fit_frame,
    graticule,
    project,
    unproject,
)

#: Size of a unit in the page: kilometres on the plane, or degrees.
BASE_STEP = {"km": 1.0, "deg": 0.01}
STEP = {"km": 0.5, "deg": 0.005}
#: What a line may be simplified by in the page, kilometres.
TOLERANCE_KM = 0.5
WORDS = ("zoom_in", "zoom_out", "fit", "closed_country", "km")
LOCALES = {"en": "en", "zh": "zh-CN", "ru": "ru"}


def basemap_id(viewpoint: str, mercator: bool = False) -> str:
    """Return the id of a basemap in a page."""
    return f"horgos-base-{viewpoint}-{'deg' if mercator else 'km'}"


@cache
def basemap_json(name: str, outlines: bool = False) -> str:
    """Return a basemap by its id as JSON that is safe in a script element.

    Parameters
    ----------
    name
        As `basemap_id` gives it.
    outlines
        With the rings of every country, so that any can be hatched.
    """
    _, _, viewpoint, unit = name.split("-")
    base = load_basemap(viewpoint)
    step = BASE_STEP[unit]
    to_map = _to_map(unit)

    def lines(rows: Iterable[Points]) -> list[str]:
        """Return lines, encoded."""
        return [encode(to_map(points), step) for points in rows if len(points) > 1]

    countries = []
    for country in base.countries.values():
        x, y = to_map(np.array([[country.lon, country.lat]]))[0]
        area = sum(_area_km2(rings[0]) for rings in country.rings)
        names = [country.names[code] for code in LANGUAGES]
        countries.append(
            [country.iso3, names, round(float(x), 2), round(float(y), 2), country.rank, round(area)]
        )
    water = []
    for row in base.water:
        x, y = to_map(np.array([[row["lon"], row["lat"]]]))[0]
        names = [row[code] for code in LANGUAGES]
        water.append([names, round(float(x), 2), round(float(y), 2), row["rank"]])
    grid = [encode(points if unit == "km" else unproject(points), step) for points in graticule()]
    content: dict[str, Any] = {
        "step": step,
        "land": _polygons(base.land, unit),
        "lakes": _polygons(base.lakes, unit),
        "boundaries": lines(base.boundaries),
        "disputed": lines(base.disputed),
        "graticule": grid,
        "countries": countries,
        "water": water,
    }
    if outlines:
        content["outlines"] = {
            code: _polygons(country.rings, unit) for code, country in sorted(base.countries.items())
        }
    return _dump(content)


def map_json(
    drawing: Drawing, text: Text, viewpoint: str, uid: str, base: str, mercator: bool
) -> str:
    """Return one map's own data as JSON that is safe in a script element.

    Parameters
    ----------
    drawing
        What to draw.
    text
        The language.
    viewpoint
        Whose view of the boundaries.
    uid
        Id of the figure.
    base
        Id of the basemap that it uses.
    mercator
        Degrees instead of kilometres on the plane.
    """
    unit = "deg" if mercator else "km"
    step = STEP[unit]
    back: Callable[[Points], Points] = unproject if mercator else (lambda xy: xy)
    order = {place: i for i, place in enumerate(drawing.places)}
    lines = []
    for line, xy in chain(drawing.lines):
        moving = text("moving_about", time=text.span(line.time_h)) if line.time_h > 0 else ""
        lines.append(
            [
                MODES.index(line.mode),
                [order[place] for place in line.destinations],
                encode(back(_thin(xy)), step),
                line.country,
                line.from_name,
                line.to_name,
                text.km(line.length_km),
                moving,
                line.next_crossing,
                int(line.blocked),
            ]
        )
    closed = {
        code: [
            [encode(_to_map(unit)(ring), BASE_STEP[unit]) for ring in rings] for rings in c.rings
        ]
        for code, c in load_basemap(viewpoint).countries.items()
        if code in drawing.closed_countries
    }
    frames = {}
    least = 0.004 if mercator else 0.4
    for name, style in FORMS.items():
        extent = _mercator(unproject(drawing.extent)) if mercator else drawing.extent
        frame = fit_frame(extent, style.width, style.height, style.margins, least)
        west, south, east, north = frame.bounds_km
        if mercator:
            south, north = _latitude(south), _latitude(north)
        frames[name] = [round(float(v), 2) for v in (west, south, east, north)]
    words: dict[str, Any] = {key: text(key) for key in WORDS}
    words |= {
        "close": text("close"),
        "more": text("and_more"),
        "towards": text("stretch_of" if drawing.lettered else "stretch_for"),
        "next": text("next_crossing"),
        "modes": {mode: text.mode(mode) for mode in MODES},
        "kinds": {
            kind: text(kind)
            for kind in ("gateway", "crossing", "gauge", "port", "terminal", "blocked")
        },
    }
    return _dump(
        {
            "id": uid,
            "basemap": base,
            "language": text.language,
            "locale": LOCALES[text.language],
            "unit": unit,
            "plane": [*PARALLELS, ORIGIN_LATITUDE, CENTRAL_MERIDIAN],
            "step": step,
            "both": {"road", "rail"} <= {line.mode for line in drawing.lines},
            "most": drawing.most_shared,
            "frames": frames,
            "destinations": [[place, name] for place, name in drawing.places.items()],
            "lines": lines,
            "straight": [encode(back(xy), step) for xy in drawing.straight],
            "symbols": [_symbol(s, order, back) for s in drawing.symbols],
            "closed": closed,
            "passed": list(drawing.passed),
            "words": words,
        }
    )


def _symbol(
    symbol: Symbol, order: dict[str, int], back: Callable[[Points], Points]
) -> dict[str, Any]:
    x, y = back(np.array([symbol.xy]))[0]
    return {
        "k": symbol.kind,
        "key": symbol.key,
        "x": round(float(x), 2),
        "y": round(float(y), 2),
        "n": symbol.name,
        "short": short_name(symbol.name),
        "v": symbol.values.replace(NBSP, " "),
        "s": list(symbol.scripts),
        "d": symbol.details,
        "m": sorted(symbol.modes),
        "r": round(symbol.rank, 3),
        "t": sorted(order[place] for place in symbol.destinations),
    }


def _polygons(rows: Iterable[tuple[Points, ...]], unit: str) -> list[list[str]]:
    """Return the rings of polygons, encoded."""
    to_map, step = _to_map(unit), BASE_STEP[unit]
    return [[encode(to_map(ring), step) for ring in rings] for rings in rows]


def _to_map(unit: str) -> Callable[[Points], Points]:
    return project if unit == "km" else (lambda points: points)


def _mercator(lonlat: Points) -> Points:
    # Web Mercator in units of a degree of longitude.
    upward = np.degrees(np.arcsinh(np.tan(np.radians(lonlat[:, 1]))))
    return np.column_stack([lonlat[:, 0], upward])


def _latitude(upward: float) -> float:
    return float(np.degrees(np.arctan(np.sinh(np.radians(upward)))))


def _thin(xy: Points) -> Points:
    import shapely

    if len(xy) < 3:
        return xy
    line = shapely.simplify(shapely.LineString(xy), TOLERANCE_KM)
    return np.asarray(shapely.get_coordinates(line))


def _area_km2(ring: Points) -> float:
    xy = project(ring)
    x, y = xy[:, 0], xy[:, 1]
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def _dump(content: dict[str, Any]) -> str:
    return script_safe(
        json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    )
