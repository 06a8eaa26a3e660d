"""The static map: one SVG of routes or areas over the basemap, for paper, no script, previews."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup

from horgos_geo.core.text import Text
from horgos_geo.views.drawing import Area, Drawing, chain
from horgos_geo.views.labels import LINE_HEIGHT, Layout, Placed
from horgos_geo.views.map_ground import FORMS, Ground, MapStyle, hatch, polygon_data
from horgos_geo.views.map_insets import globe, scale_bar
from horgos_geo.views.map_symbols import Symbol
from horgos_geo.views.projection import Frame, Points, project
from horgos_geo.views.static_map_labels import requests
from horgos_geo.views.svg import GLYPH_RADIUS, RIGHTS, UPWARDS, glyph, num, path_data, tag

__all__ = ["FORMS", "StaticMap", "line_width", "merge_symbols", "offset_line", "pictures"]

#: Width of a line that only blocked corridors use.
BLOCKED_PX = 1.4
#: The widest a shared line may get beyond its base, in steps of one destination.
MOST_STEPS = 9
#: The description names so many destinations at most.
MOST_NAMED = 40


def pictures(
    drawing: Drawing, text: Text, viewpoint: str, uid: str, forms: Iterable[str] = FORMS
) -> Markup:
    """Return the static map in some forms, of which a page shows the one that fits."""
    return Markup().join(StaticMap(drawing, text, form, viewpoint, uid).svg() for form in forms)


def line_width(shared: int, most: int, style: MapStyle) -> float:
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
    if len(points) < 3:
        return points
    line = shapely.simplify(shapely.LineString(points), tolerance)
    return np.asarray(shapely.get_coordinates(line))


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

    Attributes
    ----------
    shown
        After drawing: each symbol with its place in pixels.
    placed
        After drawing: each label with its box.
    """

    def __init__(self, drawing: Drawing, text: Text, form: str, viewpoint: str, uid: str) -> None:
        self.drawing, self.text, self.form, self.uid = drawing, text, form, f"{uid}-{form}"
        self.ground = Ground(drawing.extent, form, viewpoint)
        self.style = self.ground.style
        self.layout = Layout(self.style.width, self.style.height)
        self.shown: list[tuple[Symbol, float, float]] = []
        self.placed: list[Placed] = []
        self._lines: list[tuple[Any, float]] = []

    def svg(self) -> Markup:
        """Return the SVG element."""
        ground, uid = self.ground, self.uid
        width, height = num(self.style.width), num(self.style.height)
        layers = [
            ground.svg(),
            *(self._area(i, area) for i, area in enumerate(self.drawing.areas)),
            ground.hatched(self.drawing.closed_countries, f"{uid}-hatch"),
            ground.boundaries(),
            *self._routes(),
            self._symbols(),
        ]
        insets = [
            globe(ground, self.layout, self._lines),
            scale_bar(ground, self.layout, self._lines, self.text),
        ]
        self.placed = self.layout.place(requests(ground, self.drawing, self.shown, self.text))
        labels = tag("g", [_label(placed) for placed in self.placed], class_="labels")
        clip = tag("clipPath", tag("path", d=f"M0 0H{width}V{height}H0z"), id=f"{uid}-clip")
        inside = tag("g", layers, clip_path=f"url(#{uid}-clip)")
        return tag(
            "svg",
            [clip, inside, *insets, labels],
            class_=f"map-svg map-{self.form}",
            viewBox=f"0 0 {width} {height}",
            width=width,
            height=height,
            role="img",
            aria_label=self.description(),
        )

    def description(self) -> str:
        """Return what the map shows in words."""
        drawing, text = self.drawing, self.text
        if drawing.about:
            return drawing.about
        modes = text.list_of(map(text.mode, drawing.modes))
        head = text("map_label", origin=drawing.origin, n=len(drawing.places), modes=modes)
        rows = [
            text("map_alt", place=symbol.name, values=f"{symbol.values} {text('km')}")
            for symbol in drawing.symbols
            if symbol.kind == "destination" and symbol.values
        ]
        return " ".join([head, *rows[:MOST_NAMED]])

    def _area(self, number: int, area: Area) -> Markup:
        flat = shapely.transform(
            shapely.segmentize(area.polygon, 2.0),
            lambda lonlat: self.ground.frame.to_px(project(lonlat)),
        )
        window = (0.0, 0.0, self.style.width, self.style.height)
        flat = shapely.simplify(shapely.clip_by_rect(shapely.make_valid(flat), *window), 0.6)
        data = polygon_data([shapely.intersection(shapely.make_valid(flat), self.ground.land)])
        if not data:
            return Markup()
        title = tag("title", area.words)
        path = tag(
            "path",
            title,
            class_="area",
            style=f"fill:var(--{area.colour})",
            fill_rule="evenodd",
            d=data,
        )
        if not area.hatched:
            return path
        name = f"{self.uid}-tie{number}"
        over = tag("path", title, fill=f"url(#{name})", fill_rule="evenodd", d=data)
        return Markup().join([path, hatch(name, area.hatched), over])

    def _routes(self) -> Iterable[Markup]:
        drawing, style, frame = self.drawing, self.style, self.ground.frame
        both = {"road", "rail"} <= {line.mode for line in drawing.lines}
        casings, strokes = [], []
        for line, xy in chain(drawing.lines):
            points = _simplify(frame.to_px(xy), 0.6)
            if line.mode == "rail" and both:
                points = offset_line(points, style.rail_offset)
            width = line_width(line.shared, drawing.most_shared, style)
            if line.mode == "ferry":
                width = 3.0 * style.symbol
            if line.blocked:
                width = BLOCKED_PX
            data = path_data(points)
            if not data:
                continue
            self._lines.append((points, width))
            kind = f"m-{line.mode}" + (" is-shut" if line.blocked else "")
            casings.append(
                tag("path", class_=f"casing {kind}", stroke_width=num(width + 2.2), d=data)
            )
            strokes.append(tag("path", class_=f"ln {kind}", stroke_width=num(width), d=data))
        self.layout.set_lines(self._lines)
        snaps = "".join(path_data(frame.to_px(xy)) for xy in drawing.straight)
        if snaps:
            yield tag("path", class_="snap", d=snaps)
        yield tag("g", casings, class_="casings")
        yield tag("g", strokes, class_="lines")

    def _symbols(self) -> Markup:
        scale = self.style.symbol
        self.shown = merge_symbols(self.drawing.symbols, self.ground.frame, scale, self._lines)
        order = {kind: i for i, kind in enumerate(UPWARDS)}
        glyphs = []
        for symbol, x, y in sorted(self.shown, key=lambda item: order.get(item[0].kind, 0)):
            radius = GLYPH_RADIUS[symbol.kind] * scale
            self.layout.symbols.append((x - radius, y - radius, x + radius, y + radius))
            letter = symbol.name if symbol.kind == "letter" else ""
            title = (
                self.drawing.places[letter] if letter else "; ".join([symbol.name, *symbol.details])
            )
            glyphs.append(
                glyph(
                    symbol.kind, x, y, scale, title=title, letter=letter, modes=sorted(symbol.modes)
                )
            )
        return tag("g", glyphs, class_="symbols")


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

    def crossed(point: tuple[float, float]) -> float:
        spot = shapely.Point(point).buffer(GLYPH_RADIUS["gauge"])
        return float(
            sum(shapely.length(shapely.intersection(spot, shapely.LineString(p))) for p, _ in lines)
        )

    points = [(x, y + away), (x, y - away), (x + away, y), (x - away, y)]
    return min(points, key=crossed)


def _label(placed: Placed) -> Markup:
    left, top, right, _ = placed.box
    x = {"start": left, "end": right, "middle": (left + right) / 2}[placed.anchor]
    rows, y = [], top
    for line in placed.request.lines:
        y += line.size * LINE_HEIGHT
        rows.append(
            tag(
                "tspan", line.text, class_=f"lb-{line.style}", x=num(x), y=num(y - line.size * 0.28)
            )
        )
    anchor = None if placed.anchor == "start" else placed.anchor
    classes = f"lb lb-of-{placed.request.kind} {placed.request.key}".strip()
    return tag("text", rows, class_=classes, text_anchor=anchor)
