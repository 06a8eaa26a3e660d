"""The static map: one SVG of routes over the basemap, for paper, no script, and previews."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from horgos_geo.core.text import Text
from horgos_geo.model.basemap import Basemap, load_basemap
from horgos_geo.views.drawing import Drawing, chain
from horgos_geo.views.labels import LINE_HEIGHT, Layout, Placed
from horgos_geo.views.map_symbols import Symbol
from horgos_geo.views.projection import (
    Frame,
    Points,
    fit_frame,
    graticule,
    orthographic,
    project,
    unproject,
)
from horgos_geo.views.svg import GLYPH_RADIUS, RIGHTS, UPWARDS, esc, glyph, num, path_data, tag

SHORE_PX = 4.0
#: Width of a line that only blocked corridors use.
BLOCKED_PX = 1.4


@dataclass(frozen=True)
class Style:
    """Sizes of one form of the map, pixels."""

    width: float
    height: float
    margins: tuple[float, float, float, float]
    symbol: float
    line: float
    per_destination: float
    rail_offset: float
    gateway: float
    destination: float
    small: float
    country: float
    country_tracking: float
    countries: int
    values: bool
    names: bool
    globe: float
    bar: float


WIDE = Style(
    1216, 655, (74, 58, 98, 66), 1.0, 1.9, 0.27, 2.7, 16, 14, 11, 11, 0.14, 22, True, True, 58, 230
)
PHONE = Style(
    390, 316, (30, 34, 34, 46), 0.74, 1.4, 0.14, 1.7, 14, 12, 11, 10, 0.05, 5, False, False, 0, 90
)
FORMS = {"wide": WIDE, "phone": PHONE}
#: The widest a shared line may get beyond its base, in steps of one destination.
MOST_STEPS = 9


def line_width(shared: int, most: int, style: Style) -> float:
    """Return the width of a line that `shared` destinations use, pixels.

    Parameters
    ----------
    shared
        Destinations on this line.
    most
        Destinations on the busiest line; beyond ten the steps get smaller.
    style
        The form of the map.
    """
    steps = (shared - 1) * min(1.0, MOST_STEPS / max(most - 1, 1))
    return style.line + style.per_destination * steps


def offset_line(points: Points, distance: float) -> Points:
    """Move a line to its left by `distance` pixels (y grows downwards), corners kept blunt."""
    if len(points) < 2 or distance == 0:
        return points
    steps = np.diff(points, axis=0)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    lengths[lengths == 0] = 1.0
    normals = np.column_stack([steps[:, 1], -steps[:, 0]]) / lengths[:, None]
    joints = np.vstack([normals[:1], normals[:-1] + normals[1:], normals[-1:]])
    norm = np.hypot(joints[:, 0], joints[:, 1])
    norm[norm < 0.5] = 0.5
    joints /= norm[:, None]
    return np.asarray(points + joints * distance)


def _simplify(points: Points, tolerance: float) -> Points:
    import shapely

    if len(points) < 3:
        return points
    return np.asarray(
        shapely.get_coordinates(shapely.simplify(shapely.LineString(points), tolerance))
    )


class StaticMap:
    """One static map in the making: the frame, then layers from the ground up.

    Parameters
    ----------
    drawing
        What to draw.
    text
        The language.
    form
        ``wide`` or ``phone``.
    viewpoint
        Whose view of the boundaries.
    uid
        Unique in the page; ids in the SVG start with it.
    """

    def __init__(self, drawing: Drawing, text: Text, form: str, viewpoint: str, uid: str) -> None:
        self.drawing, self.text, self.style = drawing, text, FORMS[form]
        self.form, self.uid = form, f"{uid}-{form}"
        self.base: Basemap = load_basemap(viewpoint)
        style = self.style
        self.frame: Frame = fit_frame(drawing.extent, style.width, style.height, style.margins)
        self.layout = Layout(style.width, style.height)
        self._land: Any = None

    def svg(self) -> str:
        """Return the SVG element."""
        style = self.style
        ground = self._ground()
        routes = self._routes()
        symbols = self._symbols()
        extras = self._globe() + self._scale_bar()
        labels = self._labels()
        box = f"0 0 {num(style.width)} {num(style.height)}"
        return (
            f'<svg class="map-svg map-{self.form}" viewBox="{box}" width="{num(style.width)}" '
            f'height="{num(style.height)}" role="img" aria-label="{esc(self.description())}">'
            f'<clipPath id="{self.uid}-clip">'
            f'<path d="M0 0H{num(style.width)}V{num(style.height)}H0z"/>'
            f'</clipPath><g clip-path="url(#{self.uid}-clip)">{ground}{routes}{symbols}</g>'
            f"{extras}{labels}</svg>"
        )

    def description(self) -> str:
        """Return what the map shows in words."""
        drawing, text = self.drawing, self.text
        head = text(
            "map_label",
            origin=drawing.origin,
            n=len(drawing.places),
            modes=text.modes(drawing.modes),
        )
        rows = [
            text("map_alt", place=s.name, values=f"{s.values} {text('km')}")
            for s in drawing.symbols
            if s.kind == "destination" and s.values
        ]
        return " ".join([head, *rows[:40]])

    # Ground

    def _area(self, rings: tuple[Points, ...]) -> Any:
        import shapely

        shell, *holes = (self.frame.to_px(project(ring)) for ring in rings)
        polygon = shapely.Polygon(shell, [h for h in holes if len(h) > 3])
        pad = SHORE_PX
        window = (-pad, -pad, self.style.width + pad, self.style.height + pad)
        if not shapely.intersects(shapely.box(*window), shapely.box(*polygon.bounds)):
            return shapely.Polygon()
        return shapely.clip_by_rect(shapely.make_valid(polygon), *window)

    def _areas(self, polygons: tuple[tuple[Points, ...], ...], least_px2: float) -> list[Any]:
        import shapely

        found = []
        for rings in polygons:
            area = shapely.simplify(self._area(rings), 0.45)
            found += [
                p
                for p in shapely.get_parts(area)
                if p.geom_type == "Polygon" and p.area > least_px2
            ]
        return found

    def _strokes(self, lines: Iterable[Points]) -> str:
        import shapely

        window = (-SHORE_PX, -SHORE_PX, self.style.width + SHORE_PX, self.style.height + SHORE_PX)
        data = []
        for line in lines:
            if len(line) < 2:
                continue
            clipped = shapely.clip_by_rect(shapely.LineString(self.frame.to_px(line)), *window)
            parts = shapely.get_parts(shapely.simplify(clipped, 0.4))
            data += [path_data(p.coords) for p in parts if p.geom_type == "LineString"]
        return "".join(data)

    def _ground(self) -> str:
        import shapely

        least = 2.0 if self.form == "wide" else 3.0
        land = self._areas(self.base.land, least)
        lakes = self._areas(self.base.lakes, least * 2)
        self._land = shapely.union_all(land) if land else shapely.Polygon()
        parts = [
            f'<path class="sea" d="M0 0H{num(self.style.width)}V{num(self.style.height)}H0z"/>',
            f'<path class="grat" d="{self._strokes(graticule())}"/>' if self.form == "wide" else "",
            f'<path class="land" d="{_polygons(land)}"/>',
            f'<path class="lake" d="{_polygons(lakes)}"/>',
            f'<path class="grat" d="{self._strokes(graticule())}"/>' if self.form == "wide" else "",
            self._hatch(),
        ]
        for kind, lines in (("bound", self.base.boundaries), ("disp", self.base.disputed)):
            data = self._strokes(project(line) for line in lines)
            parts.append(f'<path class="{kind}" d="{data}"/>' if data else "")
        return "".join(parts)

    def _hatch(self) -> str:
        closed = [c for c in self.drawing.closed_countries if c in self.base.countries]
        areas = [a for code in closed for a in self._areas(self.base.countries[code].rings, 4.0)]
        if not areas:
            return ""
        name = f"{self.uid}-hatch"
        return (
            f'<pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern>'
            f'<path fill="url(#{name})" d="{_polygons(areas)}"/>'
        )

    # Routes

    def _routes(self) -> str:
        drawing, style = self.drawing, self.style
        both = {"road", "rail"} <= {line.mode for line in drawing.lines}
        casings: list[str] = []
        strokes: list[str] = []
        thick: list[tuple[Any, float]] = []
        for line, xy in chain(drawing.lines):
            points = _simplify(self.frame.to_px(xy), 0.6)
            if line.mode == "rail" and both:
                points = offset_line(points, style.rail_offset)
            width = line_width(line.shared, drawing.most_shared, style)
            if line.mode == "ferry":
                width = 3.0 * (style.symbol if self.form == "phone" else 1.0)
            if line.blocked:
                width = BLOCKED_PX
            data = path_data(points)
            if not data:
                continue
            thick.append((points, width))
            kind = f"m-{line.mode}" + (" is-shut" if line.blocked else "")
            casings.append(
                f'<path class="casing {kind}" stroke-width="{num(width + 2.2)}" d="{data}"/>'
            )
            strokes.append(f'<path class="ln {kind}" stroke-width="{num(width)}" d="{data}"/>')
        snaps = "".join(path_data(self.frame.to_px(xy)) for xy in drawing.straight)
        self.layout.set_lines(thick)
        self._thick = thick
        return (
            (f'<path class="snap" d="{snaps}"/>' if snaps else "")
            + f'<g class="casings">{"".join(casings)}</g>'
            + f'<g class="lines">{"".join(strokes)}</g>'
        )

    # Symbols

    def _symbols(self) -> str:
        style = self.style
        self.shown = merge_symbols(self.drawing.symbols, self.frame, style.symbol, self._thick)
        order = {kind: i for i, kind in enumerate(UPWARDS)}
        parts = []
        for symbol, x, y in sorted(self.shown, key=lambda item: order.get(item[0].kind, 0)):
            radius = GLYPH_RADIUS[symbol.kind] * style.symbol
            self.layout.symbols.append((x - radius, y - radius, x + radius, y + radius))
            title = "; ".join([symbol.name, *symbol.details])
            if symbol.kind == "letter":
                title = self.drawing.places[symbol.name]
            modes = " ".join(f"of-{mode}" for mode in sorted(symbol.modes)) or None
            letter = symbol.name if symbol.kind == "letter" else ""
            markup = glyph(symbol.kind, x, y, style.symbol, title=title, letter=letter)
            parts.append(markup.replace('class="g ', f'class="g {modes} ', 1) if modes else markup)
        return f'<g class="symbols">{"".join(parts)}</g>'

    # Globe and scale bar

    def _corner(self, width: float, height: float, wish: str) -> tuple[float, float] | None:
        import shapely

        style, gap = self.style, 14.0
        corners = {
            "sw": (gap, style.height - gap - height),
            "se": (style.width - gap - width, style.height - gap - height),
            "nw": (gap, gap),
            "ne": (style.width - gap - width, gap),
        }
        best: tuple[float, tuple[float, float]] | None = None
        for name, (x, y) in corners.items():
            box = shapely.box(x - 6, y - 6, x + width + 6, y + height + 6)
            crossed = any(shapely.intersects(box, shapely.LineString(p)) for p, _ in self._thick)
            # Room for the label of a destination that lies just outside the box.
            taken = any(
                shapely.intersects(box.buffer(16), shapely.box(*symbol))
                for symbol in self.layout.symbols
            )
            if crossed or taken:
                continue
            cost = float(shapely.intersection(box, self._land).area) / box.area
            cost -= 0.6 if name == wish else 0.0
            if best is None or cost < best[0]:
                best = (cost, (x, y))
        return best[1] if best else None

    def _globe(self) -> str:
        radius = self.style.globe
        place = self._corner(2 * radius, 2 * radius, "sw") if radius else None
        if place is None:
            return ""
        cx, cy = place[0] + radius, place[1] + radius
        self.layout.symbols.append(
            (cx - radius - 4, cy - radius - 4, cx + radius + 4, cy + radius + 4)
        )
        west, south, east, north = self.frame.bounds_km
        middle = unproject([[(west + east) / 2, (south + north) / 2]])[0]
        lon_0, lat_0 = float(middle[0]), max(10.0, min(40.0, float(middle[1]) - 12))
        land = []
        for ring in self.base.globe:
            points, seen = orthographic(ring, lon_0, lat_0)
            if seen.any():
                land.append(path_data(np.array([cx, cy]) + points * [radius, -radius], closed=True))
        edge = _rectangle(west, south, east, north)
        points, _ = orthographic(unproject(edge), lon_0, lat_0)
        window = path_data(np.array([cx, cy]) + points * [radius, -radius], closed=True)
        circle = f'cx="{num(cx)}" cy="{num(cy)}" r="{num(radius)}"'
        return (
            f'<g class="globe" aria-hidden="true"><circle class="globe-rim" {circle}/>'
            f'<path class="globe-land" d="{"".join(land)}"/>'
            f'<path class="globe-window" d="{window}"/></g>'
        )

    def _scale_bar(self) -> str:
        scale = self.frame.km_per_px
        fitting = [
            n for n in (10, 20, 50, 100, 200, 500, 1000, 2000) if n / scale <= self.style.bar
        ]
        if not fitting:
            return ""
        length = fitting[-1]
        px = length / scale
        room = px + 44
        place = self._corner(room, 30, "se" if self.form == "wide" else "sw")
        if place is None:
            return ""
        x, y = place[0] + 4, place[1] + 22
        self.layout.symbols.append((place[0], place[1], place[0] + room, place[1] + 30))
        unit = f"{self.text.number(length)} {self.text('scale_km')}"
        ticks = [(0.0, "0"), (px, unit)]
        if px > 120:
            ticks.insert(1, (px / 2, self.text.number(length / 2)))
        words = "".join(
            f'<text class="lb-scale" x="{num(x + dx)}" y="{num(y - 9)}" text-anchor="middle">'
            f"{esc(label)}</text>"
            for dx, label in ticks
        )
        bar = f'<path class="bar" d="M{num(x)} {num(y - 6)}v6h{num(px)}v-6"/>'
        return f'<g class="scalebar" aria-hidden="true">{bar}{words}</g>'

    # Labels

    def _labels(self) -> str:
        from horgos_geo.views.static_map_labels import requests

        self.placed = self.layout.place(requests(self))
        return f'<g class="labels">{"".join(_label(placed) for placed in self.placed)}</g>'


def merge_symbols(
    symbols: Iterable[Symbol],
    frame: Frame,
    scale: float,
    lines: Sequence[tuple[Points, float]] = (),
) -> list[tuple[Symbol, float, float]]:
    """Choose the symbols that there is room for; a weaker one under a stronger one gives way.

    A break of gauge at the gateway stands beside it, off the lines: it is a part of every route.

    Parameters
    ----------
    symbols
        All of them.
    frame
        Where they fall.
    scale
        Size of the glyphs, 1 is full.
    lines
        Vertices in pixels and width of each line drawn.

    Returns
    -------
    list of tuple
        Symbol, x, y in pixels.
    """
    shown: list[tuple[Symbol, float, float]] = []
    for symbol in sorted(symbols, key=lambda s: (RIGHTS.index(s.kind), s.key)):
        x, y = (float(v) for v in frame.to_px([symbol.xy])[0])
        near = [
            (other, ox, oy)
            for other, ox, oy in shown
            if math.hypot(x - ox, y - oy)
            < (GLYPH_RADIUS[symbol.kind] + GLYPH_RADIUS[other.kind]) * scale * 0.72
        ]
        gates = [item for item in near if item[0].kind == "gateway"]
        if symbol.kind == "destination":
            near = gates
        if near and near == gates and symbol.kind == "gauge":
            away = (GLYPH_RADIUS["gateway"] + GLYPH_RADIUS["gauge"]) * scale + 1
            x, y = _beside(gates[0][1], gates[0][2], away, lines)
            near = []
        if not near:
            shown.append((symbol, x, y))
    return shown


def _beside(
    x: float, y: float, away: float, lines: Sequence[tuple[Points, float]]
) -> tuple[float, float]:
    """Return the point below, above, right or left of another that the fewest lines cross."""
    import shapely

    def crossed(point: tuple[float, float]) -> float:
        spot = shapely.Point(point).buffer(GLYPH_RADIUS["gauge"])
        return float(
            sum(shapely.length(shapely.intersection(spot, shapely.LineString(p))) for p, _ in lines)
        )

    points = [(x, y + away), (x, y - away), (x + away, y), (x - away, y)]
    return min(points, key=crossed)


def _polygons(areas: Iterable[Any]) -> str:
    import shapely

    data = []
    for area in areas:
        for part in shapely.get_parts(area):
            if part.geom_type != "Polygon":
                continue
            rings = (part.exterior, *part.interiors)
            data += [path_data(ring.coords[:-1], closed=True) for ring in rings]
    return "".join(data)


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


def _label(placed: Placed) -> str:
    left, top, right, _ = placed.box
    x = {"start": left, "end": right, "middle": (left + right) / 2}[placed.anchor]
    rows, y = [], top
    for words in placed.request.lines:
        y += words.size * LINE_HEIGHT
        rows.append(
            tag(
                "tspan",
                esc(words.text),
                class_=f"lb-{words.style}",
                x=num(x),
                y=num(y - words.size * 0.28),
            )
        )
    anchor = None if placed.anchor == "start" else placed.anchor
    modes = placed.request.key
    return tag(
        "text", rows, class_=f"lb lb-of-{placed.request.kind} {modes}".strip(), text_anchor=anchor
    )
