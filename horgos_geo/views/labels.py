"""Place labels so that none covers another, a symbol or a thick line."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from horgos_geo.views.svg import text_width

#: Order of rights, strongest first.
RIGHTS = (
    "gateway",
    "chosen",
    "destination",
    "gauge",
    "blocked",
    "port",
    "crossing",
    "terminal",
    "city",
    "area",
    "water",
    "country",
)
#: What a label may cost at most, by kind, in pixels of line covered; above it the label is dropped.
TOLERANCE = {
    "gateway": 1e9,
    "chosen": 1e9,
    "destination": 1e9,
    "gauge": 70.0,
    "blocked": 70.0,
    "port": 50.0,
}
LINE_HEIGHT = 1.18
#: How near another symbol makes a label doubtful, pixels, and what that costs.
DOUBT_PX = 7.0
DOUBT_COST = 26.0
#: Labels that may be moved again for another, and the cost from which one stands badly.
MOVABLE = ("chosen", "destination")
BAD_COST = 24.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class LabelLine:
    """One line of a label: its text and how it is set."""

    text: str
    size: float
    weight: int = 400
    style: str = ""
    tracking_em: float = 0.0

    @property
    def width(self) -> float:
        """Pixels."""
        return text_width(self.text, self.size, self.weight, self.tracking_em)


@dataclass(frozen=True)
class Request:
    """A label that wants a place at `x`, `y`; `gap` is how far it must keep from there."""

    kind: str
    x: float
    y: float
    lines: tuple[LabelLine, ...]
    gap: float = 8.0
    rank: float = 0.0
    key: str = ""
    #: A label without a symbol stands on its point.
    centred: bool = False
    #: Pixels that its whole box must lie in (seas), or more than half of it (countries).
    region: Any = None
    whole: bool = False


@dataclass(frozen=True)
class Placed:
    """A label with its box (left, top, right, bottom) and the side its text is flush with."""

    request: Request
    box: Box
    anchor: str
    cost: float = 0.0


@dataclass
class Layout:
    """The label space of one picture.

    Attributes
    ----------
    width, height
        Pixels.
    symbols
        Boxes that no label may touch.
    """

    width: float
    height: float
    symbols: list[Box] = field(default_factory=list)
    margin: float = 4.0
    _placed: list[Placed] = field(default_factory=list)
    _tree: Any = None

    def set_lines(self, lines: list[tuple[Any, float]]) -> None:
        """Say where the lines run: each with its vertices in pixels and its width."""
        import shapely

        pieces = []
        for points, width in lines:
            line = np.asarray(points, dtype=float)
            if len(line) > 1:
                pieces.append(shapely.linestrings(line).buffer(width / 2 + 1.0, quad_segs=2))
        self._tree = shapely.STRtree(pieces) if pieces else None

    def place(self, requests: list[Request]) -> list[Placed]:
        """Give each request a place or drop it, those with more rights first."""
        order = {kind: i for i, kind in enumerate(RIGHTS)}
        settled = order["destination"]
        ranked = sorted(requests, key=lambda r: (order[r.kind], r.rank, r.key))
        for request in ranked:
            if order[request.kind] > settled:
                settled = len(order)
                self._improve()
            found = self._best(request)
            if found is not None:
                self._placed.append(found)
        return self._placed

    def _options(self, request: Request, others: Iterable[Box] = ()) -> list[Placed]:
        # Where the label may stand clear of `others`, cheapest first.
        others = tuple(others)
        tolerance = TOLERANCE.get(request.kind, 0.5)
        found = []
        for position, (box, anchor) in enumerate(_candidates(request)):
            if not self._free(box) or any(_overlap(box, other) for other in others):
                continue
            if not _inside(request, box):
                continue
            covered = self._covered(box)
            if covered <= tolerance:
                # An earlier candidate may cover a little more line than a later one.
                cost = covered + position * 2.2 + self._doubt(request, box)
                found.append(Placed(request, box, anchor, cost))
                if cost - position * 2.2 < 0.5 and others:
                    break
        return sorted(found, key=lambda placed: placed.cost)

    def _best(self, request: Request) -> Placed | None:
        options = self._options(request, [placed.box for placed in self._placed])
        return options[0] if options else None

    def _improve(self) -> None:
        # Where a label stands badly because another came first, let the two change for the better.
        for placed in sorted(self._placed, key=lambda p: -p.cost):
            if placed.cost < BAD_COST or placed not in self._placed:
                continue
            for option in self._options(placed.request):
                if option.cost > placed.cost - BAD_COST / 2:
                    break
                blockers = [
                    p for p in self._placed if p is not placed and _overlap(p.box, option.box)
                ]
                if len(blockers) != 1 or blockers[0].request.kind not in MOVABLE:
                    continue
                blocker = blockers[0]
                before = list(self._placed)
                rest = [p for p in before if p not in (placed, blocker)]
                self._placed = [*rest, option]
                moved = self._best(blocker.request)
                if moved and moved.cost + option.cost < placed.cost + blocker.cost:
                    self._placed.append(moved)
                    break
                self._placed = before

    def _free(self, box: Box) -> bool:
        left, top, right, bottom = box
        m = self.margin
        if left < m or top < m or right > self.width - m or bottom > self.height - m:
            return False
        return not any(_overlap(box, other) for other in self.symbols)

    def _doubt(self, request: Request, box: Box) -> float:
        # A label that stands as near to another symbol as to its own could belong to either.
        if request.centred:
            return 0.0
        own, cost = 99.0, 0.0
        for kind_of_own in (True, False):
            for left, top, right, bottom in self.symbols:
                mine = left <= request.x <= right and top <= request.y <= bottom
                if mine is not kind_of_own:
                    continue
                dx = max(left - box[2], box[0] - right, 0.0)
                dy = max(top - box[3], box[1] - bottom, 0.0)
                distance = math.hypot(dx, dy)
                if mine:
                    own = min(own, distance)
                elif distance < own:
                    cost += 2 * DOUBT_COST
                elif distance < DOUBT_PX:
                    cost += DOUBT_COST
        return cost

    def _covered(self, box: Box) -> float:
        # Area of line under the label, in pixels of a line 3 px wide.
        if self._tree is None:
            return 0.0
        import shapely

        area = shapely.box(*box)
        hits = self._tree.geometries.take(self._tree.query(area))
        return float(shapely.area(shapely.intersection(hits, area)).sum()) / 3.0


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _inside(request: Request, box: Box) -> bool:
    if request.region is None:
        return True
    import shapely

    if request.whole:
        return bool(shapely.covers(request.region, shapely.box(*box)))
    area = shapely.box(*box)
    return bool(shapely.area(shapely.intersection(request.region, area)) > area.area / 2)


def size_of(lines: tuple[LabelLine, ...]) -> tuple[float, float]:
    """Return width and height of a label, pixels."""
    return max(w.width for w in lines), sum(w.size * LINE_HEIGHT for w in lines)


def _candidates(request: Request) -> list[tuple[Box, str]]:
    width, height = size_of(request.lines)
    x, y = request.x, request.y
    if request.centred:
        boxes = []
        # Off its point by up to two thirds of itself, nearest first.
        for dx, dy in _NUDGES:
            if request.kind == "water" and (abs(dx) > 0.5 or abs(dy) > 2.2):
                continue  # further off it would name another sea
            cx, cy = x + dx * width, y + dy * height
            boxes.append(
                ((cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2), "middle")
            )
        return boxes
    result: list[tuple[Box, str]] = []
    first = request.lines[0].size * LINE_HEIGHT
    for gap in (request.gap, request.gap + 7.0, request.gap + 15.0):
        near = gap * 0.75
        up, mid, down = y - near - height, y - first / 2, y + near
        result += [
            ((x + gap, mid, x + gap + width, mid + height), "start"),
            ((x - gap - width, mid, x - gap, mid + height), "end"),
            ((x - width / 2, y - gap - height, x + width / 2, y - gap), "middle"),
            ((x - width / 2, y + gap, x + width / 2, y + gap + height), "middle"),
            ((x + near, up, x + near + width, up + height), "start"),
            ((x + near, down, x + near + width, down + height), "start"),
            ((x - near - width, up, x - near, up + height), "end"),
            ((x - near - width, down, x - near, down + height), "end"),
        ]
    return result


_NUDGES = sorted(
    ((dx / 4, dy * 1.1) for dx in range(-5, 6) for dy in range(-8, 9)),
    key=lambda d: (abs(d[0]) + abs(d[1]) * 0.45, d),
)
