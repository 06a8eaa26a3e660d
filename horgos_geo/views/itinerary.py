"""One route on a time axis: movement as lines, waiting as blocks; and its totals."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from horgos_geo.core.text import Text
from horgos_geo.routing.route import Route
from horgos_geo.views.chart_forms import Axis, Key, axis_to, figure, pct
from horgos_geo.views.display import Figure
from horgos_geo.views.map_symbols import short_name
from horgos_geo.views.rendering import render
from horgos_geo.views.route_rows import TIME_WORDS, WAITS
from horgos_geo.views.svg import icon, line_sample, text_width

#: Width that labels of the horizontal form are laid out for; below 760 px the list is shown.
WIDTH_PX = 1180
#: How many lines of labels may stand under the axis.
LEVELS = 3
GLYPH_OF = {"border": "crossing", "gauge": "gauge", "transfer": "terminal"}


@dataclass
class Stage:
    """A stretch of movement in one country, or all waits at one place."""

    moving: bool
    mode: str
    name: str
    start_h: float
    hours: float
    km: float
    waits: list[tuple[str, float]]

    @property
    def glyph(self) -> str:
        """The symbol of a wait; a change of gauge is the stronger one."""
        kinds = [kind for kind, _ in self.waits]
        return GLYPH_OF["gauge" if "gauge" in kinds else kinds[0]] if kinds else ""


def stages(route: Route, text: Text) -> list[Stage]:
    """Join the legs of a route into stages.

    Parameters
    ----------
    route
        A found route.
    text
        The language.
    """
    found: list[Stage] = []
    clock = 0.0
    for leg in route.legs:
        hours = leg.time_h.central
        if leg.kind == "access" or not math.isfinite(hours):
            continue
        if leg.kind == "snap":
            clock += hours
            continue
        last = found[-1] if found else None
        if leg.kind in WAITS:
            if last is not None and not last.moving:
                last.hours += hours
                last.waits.append((leg.kind, hours))
            elif hours > 0:
                place = short_name(text.point(leg.from_name))
                found.append(Stage(False, "", place, clock, hours, 0.0, [(leg.kind, hours)]))
        else:
            name = text("sea") if leg.kind == "ferry" else text.country(leg.country)
            if last is not None and last.moving and (last.mode, last.name) == (leg.kind, name):
                last.hours += hours
                last.km += leg.length_km
            else:
                found.append(Stage(True, leg.kind, name, clock, hours, leg.length_km, []))
        clock += hours
    return found


def _kind(kind: str, text: Text) -> str:
    return text(TIME_WORDS.get(kind, kind))


def _wait_words(stage: Stage, text: Text) -> str:
    return text.comma(
        f"{_kind(kind, text)} {text.span(hours)}" for kind, hours in stage.waits if hours > 0
    )


def itinerary(route: Route, language: str = "en", caption: str = "") -> Figure:
    """Draw a route on an axis of days or kilometres: what moves as a line, what waits as a block.

    The reader switches between the two; days come first.

    Parameters
    ----------
    route
        A route; one that was not found gives its reason.
    language
        ``en``, ``zh`` or ``ru``.
    caption
        Words under the figure.
    """
    text = Text(language)
    if not route.legs:
        return Figure(render("charts/missing", words=text.status(route.status)))
    parts = stages(route, text)
    total = sum(stage.hours for stage in parts) or 1.0
    wait = sum(stage.hours for stage in parts if not stage.moving)
    kinds = dict.fromkeys(kind for stage in parts for kind, hours in stage.waits if hours > 0)
    keys = [Key(f"sw s-{kind}", _kind(kind, text)) for kind in kinds]
    summary = text("of_which_waiting", total=text.days(total, 1), wait=text.number(wait / 24, 1))
    axes = [_by_days(parts, total, text), _by_km(parts, text)]
    picture = render(
        "charts/itinerary", summary=summary, keys=keys, axes=axes, stages=_list(parts, text)
    )
    label = text(
        "itinerary_alt",
        origin=text.place(route.origin),
        destination=text.place(route.destination),
        mode=text.mode(route.scenario.mode_label),
    )
    uid = hashlib.sha256((picture + caption).encode()).hexdigest()[:8]
    names = [(unit, text(f"axis_{unit}")) for unit in ("days", "km")]
    units = [(unit, name, text.said(text("axis"), name)) for unit, name in names]
    switch = render("charts/itinerary_switch", uid=uid, units=units)
    return figure("itinerary", f"{label} {summary}.", picture, caption, before=switch)


@dataclass(frozen=True)
class _Block:
    """A piece of the line: moving, waiting, or in an axis of kilometres a sign."""

    kind: str
    place: str
    width: str
    sign: Markup | str = ""


@dataclass(frozen=True)
class _Span:
    """A stage on an axis: where it begins and how long it is, as shares of the whole."""

    start: float
    share: float
    numbers: str
    stage: Stage


@dataclass(frozen=True)
class _Label:
    """A label of a stage, above the line or on a level below it."""

    left: str
    name: str
    numbers: str
    level: int = 0
    shift: str = ""


@dataclass(frozen=True)
class _Line:
    """One axis with its blocks and labels."""

    unit: str
    blocks: Sequence[_Block]
    above: Sequence[_Label]
    below: Sequence[_Label]
    height: int
    labels: Sequence[object]
    grid: Sequence[str]


def _by_days(parts: Sequence[Stage], total: float, text: Text) -> _Line:
    blocks = [block for stage in parts for block in _day_blocks(stage, total)]
    spans = [
        _Span(s.start_h / total, s.hours / total, f"{text.km(s.km)} · {text.span(s.hours)}", s)
        for s in parts
    ]
    return _line("days", blocks, spans, axis_to(total / 24, text("days")), text)


def _day_blocks(stage: Stage, total: float) -> list[_Block]:
    if stage.moving:
        return [_Block(f"m-{stage.mode}", "", pct(stage.hours, total))]
    return [
        _Block(f"s-{kind}", "", pct(hours, total), icon(GLYPH_OF[kind], 16))
        for kind, hours in stage.waits
        if hours > 0
    ]


def _by_km(parts: Sequence[Stage], text: Text) -> _Line:
    whole = sum(stage.km for stage in parts) or 1.0
    spans, blocks, done = [], [], 0.0
    for stage in parts:
        if stage.moving:
            blocks.append(_Block(f"m-{stage.mode}", "", pct(stage.km, whole)))
        else:
            blocks.append(_Block("", pct(done, whole), "", icon(stage.glyph)))
        spans.append(_Span(done / whole, stage.km / whole, text.km(stage.km), stage))
        done += stage.km
    return _line("km", blocks, spans, axis_to(whole, text("km")), text)


def _line(
    unit: str, blocks: Sequence[_Block], spans: Sequence[_Span], axis: Axis, text: Text
) -> _Line:
    below = _below(spans, text)
    levels = len({label.level for label in below})
    digits = 0 if all(value == round(value) for value in axis.values) else 1
    grid = [axis.place(value) for value in axis.values]
    labels = axis.labels(text, digits)
    return _Line(unit, blocks, _above(spans), below, 10 + 38 * levels, labels, grid)


def _above(spans: Sequence[_Span]) -> list[_Label]:
    labels, last = [], -1.0
    for span in spans:
        if not span.stage.moving:
            continue
        name = span.stage.name
        middle = (span.start + span.share / 2) * WIDTH_PX
        half = max(text_width(name, 13, 600), text_width(span.numbers, 12)) / 2
        middle = min(max(middle, half), WIDTH_PX - half)
        if middle - half < last + 8 or span.share * WIDTH_PX < half * 0.8:
            continue
        last = middle + half
        labels.append(_Label(pct(middle, WIDTH_PX), name, span.numbers))
    return labels


def _below(spans: Sequence[_Span], text: Text) -> list[_Label]:
    labels = []
    ends = [-1.0] * LEVELS
    for span in spans:
        if span.stage.moving:
            continue
        x = span.start * WIDTH_PX
        words = _wait_words(span.stage, text)
        width = max(text_width(span.stage.name, 13, 600), text_width(words, 12)) + 12
        left = min(x, WIDTH_PX - width)
        level = next((i for i, end in enumerate(ends) if left >= end), None)
        if level is None:
            continue
        ends[level] = left + width
        shift = f"{left - x:.0f}px" if left < x else ""
        labels.append(_Label(pct(x, WIDTH_PX), span.stage.name, words, level, shift))
    return labels


def _list(parts: Sequence[Stage], text: Text) -> list[dict[str, object]]:
    """Return the rows of the vertical form."""
    return [
        {
            "moving": stage.moving,
            "mode": stage.mode,
            "sign": "" if stage.moving else icon(stage.glyph),
            "name": stage.name,
            "note": text.comma([text.mode(stage.mode), text.km(stage.km)])
            if stage.moving
            else _wait_words(stage, text),
            "time": text.span(stage.hours),
        }
        for stage in parts
    ]


def route_summary(route: Route, language: str = "en") -> Figure:
    """Return the totals of one route as a row of figures with a line that says what it is.

    Parameters
    ----------
    route
        Found or not.
    language
        ``en``, ``zh`` or ``ru``.
    """
    text = Text(language)
    mode = route.scenario.mode_label
    cells = []
    if route.legs:
        cells = [
            (text.km(route.length_km), text.error(route.error_km), text.mode(mode)),
            (text.km(route.great_circle_km), "", text("great_circle")),
        ]
        if math.isfinite(route.time_h.central) and route.time_h.central > 0:
            band = text.days_range(route.time_h.low, route.time_h.high)
            cells.append((text.days(route.time_h.central), band, text("time")))
        cells.append((text.number(len(route.crossings)), "", text("col_borders")))
    countries = " · ".join(
        f"{text.country(c)} {text.km_number(km)}" for c, km in route.country_km.items()
    )
    html = render(
        "charts/route_summary",
        gateway=icon("gateway"),
        sample=line_sample(mode),
        origin=text.place(route.origin),
        destination=text.place(route.destination),
        mode=text.mode(mode),
        status=text.status(route.status),
        cells=cells,
        countries=countries,
    )
    return Figure(html)
