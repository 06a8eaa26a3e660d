"""What a static map wants to say, and where: the requests for its labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from horgos_geo.core.text import Text
from horgos_geo.views.drawing import Drawing
from horgos_geo.views.labels import LabelLine, Request, size_of
from horgos_geo.views.map_ground import Ground
from horgos_geo.views.map_symbols import Symbol, short_name
from horgos_geo.views.projection import project
from horgos_geo.views.svg import GLYPH_RADIUS

#: Countries of a lesser rank than this in Natural Earth are named only when a route passes them.
NAMED_RANK = 3
#: A label of 12 px may stand for a country that is this much larger than the label itself.
ROOM = 1.6


_Shown = Sequence[tuple[Symbol, float, float]]


def requests(ground: Ground, drawing: Drawing, shown: _Shown, text: Text) -> list[Request]:
    """Collect the labels that a map would show if there were room for all.

    Parameters
    ----------
    ground
        Its basemap.
    drawing
        What it draws.
    shown
        Its symbols with their places in pixels.
    text
        The language.
    """
    wanted = [_symbol(ground, shown, *item) for item in shown]
    found = [request for request in wanted if request is not None]
    found += _areas(ground, drawing)
    return found + _countries(ground, drawing, text) + _water(ground, text)


def _symbol(ground: Ground, shown: _Shown, symbol: Symbol, x: float, y: float) -> Request | None:
    style = ground.style
    gap = GLYPH_RADIUS[symbol.kind] * style.symbol + (3.5 if ground.wide else 2.0)
    near = max(gap, GLYPH_RADIUS[symbol.kind] * style.symbol / 0.75 + 0.5)
    lines: list[LabelLine]
    rank = 0.0
    if symbol.kind == "gateway":
        lines = [LabelLine(symbol.name, style.gateway, 700, "gateway")]
        if style.values:
            lines += [LabelLine(script, 12, 400, "script") for script in symbol.scripts]
    elif symbol.kind == "destination":
        lines = [LabelLine(symbol.name, style.destination, 600, "dest")]
        if style.values and symbol.values:
            lines.append(LabelLine(symbol.values, 12, 500, "km"))
        rank = symbol.rank
    elif not style.names or symbol.kind in ("terminal", "letter"):
        return None
    else:
        lines = [LabelLine(short_name(symbol.name), style.small, 400, symbol.kind)]
        if symbol.kind == "gauge" and _at_gateway(ground, shown, symbol):
            lines = []  # the gateway's own label names the place
        if symbol.values:
            lines.append(LabelLine(symbol.values, style.small, 400, symbol.kind))
        rank = -len(symbol.destinations)
    modes = " ".join(f"of-{mode}" for mode in sorted(symbol.modes))
    return Request(symbol.kind, x, y, tuple(lines), near, rank, modes)


def _at_gateway(ground: Ground, shown: _Shown, symbol: Symbol) -> bool:
    apart = (GLYPH_RADIUS["gateway"] + GLYPH_RADIUS["gauge"]) * ground.style.symbol + 2
    gates = [at for other, *at in shown if other.kind == "gateway"]
    (x, y) = next(at for other, *at in shown if other is symbol)
    return any(abs(x - gx) + abs(y - gy) < apart for gx, gy in gates)


def _areas(ground: Ground, drawing: Drawing) -> list[Request]:
    """Return the labels of areas, each in the largest part of its own."""
    found = []
    for area in drawing.areas:
        flat = shapely.transform(area.polygon, lambda lonlat: ground.frame.to_px(project(lonlat)))
        parts = [part for part in shapely.get_parts(shapely.make_valid(flat)) if part.area > 400]
        if not area.label or not parts:
            continue
        largest = max(parts, key=lambda part: part.area)
        spot = _pole(largest)
        lines = (LabelLine(area.label, ground.style.small, 600, "area"),)
        found.append(Request("area", spot.x, spot.y, lines, 0, -largest.area, "", True, largest))
    return found


def _countries(ground: Ground, drawing: Drawing, text: Text) -> list[Request]:
    style = ground.style
    found = []
    for country in ground.base.countries.values():
        closed = country.iso3 in drawing.closed_countries
        passed = country.iso3 in drawing.passed or closed
        if not passed and country.rank > NAMED_RANK:
            continue
        parts = ground.areas(country.rings, 60.0)
        if not parts:
            continue
        area = shapely.union_all(parts)
        name = country.names[text.language]
        spaced = text.language != "zh"
        tracking = style.country_tracking if spaced else 0.0
        lines = [
            LabelLine(name.upper() if spaced else name, style.country, 400, "country", tracking)
        ]
        if closed:
            lines.append(LabelLine(text("closed_country"), style.country, 400, "closed"))
        width, height = size_of(tuple(lines))
        if area.area < width * height * ROOM:
            continue
        x, y = (float(v) for v in ground.frame.to_px(project([[country.lon, country.lat]]))[0])
        inside = 30 < x < style.width - 30 and 20 < y < style.height - 20
        if not inside or not shapely.contains(area, shapely.Point(x, y)):
            largest = max(parts, key=lambda p: p.area)
            middle = _pole(largest)
            x, y = middle.x, middle.y
        order = (0 if passed else 1e7) - area.area
        found.append(Request("country", x, y, tuple(lines), 0, order, "", True, area))
    found.sort(key=lambda r: r.rank)
    return found[: style.countries]


def _pole(polygon: Any) -> Any:
    # The middle of the largest circle that fits: far from every edge.
    line = shapely.maximum_inscribed_circle(polygon, tolerance=4.0)
    return shapely.get_point(line, 0)


def _water(ground: Ground, text: Text) -> list[Request]:
    style = ground.style
    if not style.values:
        return []
    window = shapely.box(0, 0, style.width, style.height)
    sea = shapely.difference(window, ground.land)
    shapely.prepare(sea)
    found = []
    for row in ground.base.water:
        if row["rank"] > 2:
            continue
        x, y = (float(v) for v in ground.frame.to_px(project([[row["lon"], row["lat"]]]))[0])
        if not (0 < x < style.width and 0 < y < style.height):
            continue
        lines = (LabelLine(row[text.language], 12, 400, "water"),)
        found.append(Request("water", x, y, lines, 0, row["rank"], "", True, sea, True))
    return found
