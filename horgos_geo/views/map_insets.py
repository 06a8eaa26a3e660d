"""What stands in the corners of a static map: a globe that shows the window, and the scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup

from horgos_geo.core.text import Text
from horgos_geo.views.labels import Layout
from horgos_geo.views.map_ground import Ground
from horgos_geo.views.projection import Points, orthographic, unproject
from horgos_geo.views.svg import num, path_data, tag

_GAP_PX = 14.0
_SCALES_KM = (10, 20, 50, 100, 200, 500, 1000, 2000)

Lines = Sequence[tuple[Any, float]]


def _corner(
    ground: Ground, layout: Layout, lines: Lines, width: float, height: float, wish: str
) -> tuple[float, float] | None:
    """Return the top left of a box in the corner with the most sea and no line or symbol."""
    style, gap = ground.style, _GAP_PX
    right, bottom = style.width - gap - width, style.height - gap - height
    corners = {"sw": (gap, bottom), "se": (right, bottom), "nw": (gap, gap), "ne": (right, gap)}
    best: tuple[float, tuple[float, float]] | None = None
    for name, (x, y) in corners.items():
        box = shapely.box(x - 6, y - 6, x + width + 6, y + height + 6)
        # The label of a destination that lies just outside the box needs a place, too.
        wider = box.buffer(16)
        if any(shapely.intersects(box, shapely.LineString(points)) for points, _ in lines):
            continue
        if any(shapely.intersects(wider, shapely.box(*symbol)) for symbol in layout.symbols):
            continue
        cost = float(shapely.intersection(box, ground.land).area) / box.area
        cost -= 0.6 if name == wish else 0.0
        if best is None or cost < best[0]:
            best = (cost, (x, y))
    return best[1] if best else None


def globe(ground: Ground, layout: Layout, lines: Lines) -> Markup:
    """Return a small globe with the window on it, where a corner is free."""
    radius = ground.style.globe
    place = _corner(ground, layout, lines, 2 * radius, 2 * radius, "sw") if radius else None
    if place is None:
        return Markup()
    cx, cy = place[0] + radius, place[1] + radius
    reach = radius + 4
    layout.symbols.append((cx - reach, cy - reach, cx + reach, cy + reach))
    west, south, east, north = ground.frame.bounds_km
    middle = unproject([[(west + east) / 2, (south + north) / 2]])[0]
    lon_0, lat_0 = float(middle[0]), max(10.0, min(40.0, float(middle[1]) - 12))

    def drawn(points: Points) -> str:
        """Return the path of a ring on the little globe."""
        return path_data(np.array([cx, cy]) + points * [radius, -radius], closed=True)

    seen = [orthographic(ring, lon_0, lat_0) for ring in ground.base.globe]
    land = "".join(drawn(points) for points, in_sight in seen if in_sight.any())
    window, _ = orthographic(unproject(_rectangle(west, south, east, north)), lon_0, lat_0)
    parts = [
        tag("circle", class_="globe-rim", cx=num(cx), cy=num(cy), r=num(radius)),
        tag("path", class_="globe-land", d=land),
        tag("path", class_="globe-window", d=drawn(window)),
    ]
    return tag("g", parts, class_="globe", aria_hidden="true")


def _rectangle(west: float, south: float, east: float, north: float) -> Points:
    across, up = np.linspace(west, east, 12), np.linspace(south, north, 12)
    return np.concatenate(
        [
            np.column_stack([across, np.full(12, north)]),
            np.column_stack([np.full(12, east), up[::-1]]),
            np.column_stack([across[::-1], np.full(12, south)]),
            np.column_stack([np.full(12, west), up]),
        ]
    )


def scale_bar(ground: Ground, layout: Layout, lines: Lines, text: Text) -> Markup:
    """Return the scale, where a corner is free."""
    scale = ground.frame.km_per_px
    fitting = [length for length in _SCALES_KM if length / scale <= ground.style.bar]
    if not fitting:
        return Markup()
    length = fitting[-1]
    px = length / scale
    width = px + 44
    wish = "se" if ground.wide else "sw"
    place = _corner(ground, layout, lines, width, 30, wish)
    if place is None:
        return Markup()
    x, y = place[0] + 4, place[1] + 22
    layout.symbols.append((place[0], place[1], place[0] + width, place[1] + 30))
    marks = [(0.0, "0"), (px, f"{text.number(length)} {text('scale_km')}")]
    if px > 120:
        marks.insert(1, (px / 2, text.number(length / 2)))
    bar = tag("path", class_="bar", d=f"M{num(x)} {num(y - 6)}v6h{num(px)}v-6")
    words = [
        tag("text", label, class_="lb-scale", x=num(x + dx), y=num(y - 9), text_anchor="middle")
        for dx, label in marks
    ]
    return tag("g", [bar, *words], class_="scalebar", aria_hidden="true")
