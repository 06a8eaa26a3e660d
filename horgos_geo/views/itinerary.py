"""One route on a time axis: movement as lines, waiting as blocks; and its totals."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from horgos_geo.core.text import Text
from horgos_geo.views.chart_parts import axis, figure, gridlines, key_list, pct, ticks
from horgos_geo.views.display import Figure
from horgos_geo.views.static_map_labels import short_name
from horgos_geo.views.svg import GLYPHS, esc, icon, line_sample, text_width

if TYPE_CHECKING:
    from horgos_geo.routing.route import Route

#: Width that labels of the horizontal form are laid out for; below 760 px the list is shown.
WIDTH_PX = 1180
WAITS = ("border", "gauge", "transfer")
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
    note: str = ""


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


def _wait_words(stage: Stage, text: Text) -> str:
    names = {"gauge": "gauge_change"}
    return text.comma(
        f"{text(names.get(kind, kind))} {text.span(hours)}"
        for kind, hours in stage.waits
        if hours > 0
    )


def itinerary(route: Route, language: str = "en", caption: str = "") -> Figure:
    """Draw a route on an axis of days or kilometres: what moves as a line, what waits as a block.

    The reader switches between the two; days come first.

    Parameters
    ----------
    route
        A route; one without a way gives its reason.
    language
        ``en``, ``zh`` or ``ru``.
    caption
        Words under the figure.
    """
    text = Text(language)
    if not route.legs:
        return Figure(f'<p class="none">{esc(text.status(route.status))}</p>')
    parts = stages(route, text)
    total = sum(stage.hours for stage in parts) or 1.0
    wait = sum(stage.hours for stage in parts if not stage.moving)
    kinds = dict.fromkeys(kind for stage in parts for kind, hours in stage.waits if hours > 0)
    words = {"gauge": "gauge_change"}
    keys = key_list((f'<i class="sw s-{kind}"></i>', text(words.get(kind, kind))) for kind in kinds)
    summary = text("of_which_waiting", total=text.days(total, 1), wait=text.number(wait / 24, 1))
    body = (
        f'<div class="it-head"><span>{esc(summary)}</span>{keys}</div>'
        f'<div class="it-wide it-days">{_by_days(parts, total, text)}</div>'
        f'<div class="it-wide it-km">{_by_km(parts, text)}</div>'
        f'<ol class="it-list">{_list(route, parts, text)}</ol>'
    )
    label = text(
        "itinerary_alt",
        origin=text.place(route.origin),
        destination=text.place(route.destination),
        mode=text.mode(route.scenario.mode_label),
    )
    switch = _switch(hashlib.sha256((body + caption).encode()).hexdigest()[:8], text)
    return figure("itinerary", f"{label} {summary}.", body, caption, before=switch)


def _switch(uid: str, text: Text) -> str:
    """Return the choice between days and kilometres, which needs no script."""
    return "".join(
        f'<input class="it-pick it-pick-{unit}" type="radio" name="it-{uid}" id="it-{uid}-{unit}"'
        f' aria-label="{esc(text.said(text("axis"), text(f"axis_{unit}")))}"'
        f' autocomplete="off"{" checked" if unit == "days" else ""}>'
        f'<label for="it-{uid}-{unit}">{esc(text(f"axis_{unit}"))}</label>'
        for unit in ("days", "km")
    )


class _Days(Text):
    # The axis counts days, its positions are hours.
    def __init__(self, text: Text) -> None:
        super().__init__(text.language)

    def number(self, value: float, digits: int = 0) -> str:
        days = value / 24
        return super().number(days, 0 if math.isclose(days, round(days)) else 1)


def _by_days(parts: list[Stage], total: float, text: Text) -> str:
    at = [t * 24 for t in ticks(total / 24, 4)]
    line = "".join(_block(stage, total) for stage in parts)
    spans = [
        Span(s.start_h / total, s.hours / total, f"{text.km(s.km)} · {text.span(s.hours)}", s)
        for s in parts
    ]
    scale = axis(at, total, _Days(text), text("days"))
    return _axis(spans, gridlines(at, total) + line, scale, text)


def _by_km(parts: list[Stage], text: Text) -> str:
    whole = sum(stage.km for stage in parts) or 1.0
    at = ticks(whole, 4)
    spans, line, done = [], [], 0.0
    for stage in parts:
        if stage.moving:
            line.append(_block(stage, whole, stage.km))
        else:
            kind = "gauge" if any(k == "gauge" for k, _ in stage.waits) else stage.waits[0][0]
            line.append(
                f'<div class="it-spot" style="left:{pct(done, whole)}">{icon(GLYPH_OF[kind])}</div>'
            )
        spans.append(Span(done / whole, stage.km / whole, text.km(stage.km), stage))
        done += stage.km
    scale = axis(at, whole, text, text("km"))
    return _axis(spans, gridlines(at, whole) + "".join(line), scale, text)


@dataclass(frozen=True)
class Span:
    """A stage on an axis: where it begins and how long it is, as shares of the whole."""

    start: float
    share: float
    numbers: str
    stage: Stage


def _axis(spans: list[Span], line: str, scale: str, text: Text) -> str:
    below, levels = _below(spans, text)
    return (
        f'<div class="it-above">{_above(spans)}</div><div class="it-line">{line}</div>'
        f'<div class="it-below" style="height:{10 + 38 * levels}px">{below}</div>{scale}'
    )


def _block(stage: Stage, total: float, km: float = math.nan) -> str:
    if stage.moving:
        share = pct(stage.hours if math.isnan(km) else km, total)
        line = f'<i class="it-move m-{stage.mode}"></i>'
        return f'<div class="it-part" style="width:{share}">{line}</div>'
    blocks = "".join(
        f'<div class="it-part it-wait s-{kind}" style="width:{pct(hours, total)}">'
        f'<svg viewBox="-9.5 -9.5 19 19" width="16" height="16" aria-hidden="true">'
        f"{GLYPHS[GLYPH_OF[kind]]}</svg></div>"
        for kind, hours in stage.waits
        if hours > 0
    )
    return blocks


def _above(spans: list[Span]) -> str:
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
        labels.append(
            f'<span style="left:{middle / WIDTH_PX * 100:.2f}%"><b>{esc(name)}</b>'
            f"<br>{esc(span.numbers)}</span>"
        )
    return "".join(labels)


def _below(spans: list[Span], text: Text) -> tuple[str, int]:
    labels = []
    ends = [-1.0, -1.0, -1.0]
    for span in spans:
        if span.stage.moving:
            continue
        x = span.start * WIDTH_PX
        words = _wait_words(span.stage, text)
        name = span.stage.name
        width = max(text_width(name, 13, 600), text_width(words, 12)) + 12
        left = min(x, WIDTH_PX - width)
        level = next((i for i, end in enumerate(ends) if left >= end), None)
        if level is None:
            continue
        ends[level] = left + width
        shift = f"margin-left:{left - x:.0f}px;" if left < x else ""
        labels.append(
            f'<span class="lv{level}" style="left:{x / WIDTH_PX * 100:.2f}%">'
            f'<i class="it-lead"></i>'
            f'<span style="{shift}"><b>{esc(name)}</b><br>{esc(words)}</span></span>'
        )
    return "".join(labels), sum(end >= 0 for end in ends)


def _list(route: Route, parts: list[Stage], text: Text) -> str:
    rows = []
    for stage in parts:
        if stage.moving:
            picture = f'<i class="it-v m-{stage.mode}"></i>'
            note = f"{text.mode(stage.mode)}, {text.km(stage.km)}"
            name = f"<span>{esc(stage.name)}</span>"
        else:
            kind = "gauge" if any(k == "gauge" for k, _ in stage.waits) else stage.waits[0][0]
            picture = icon(GLYPH_OF[kind])
            note = _wait_words(stage, text)
            name = f"<b>{esc(stage.name)}</b>"
        rows.append(
            f'<li class="{"mv" if stage.moving else "wt"}"><span class="it-sym">{picture}</span>'
            f'<span class="it-name">{name}<small>{esc(note)}</small></span>'
            f'<span class="it-t">{esc(text.span(stage.hours))}</span></li>'
        )
    return "".join(rows)


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
    head = (
        f'<p class="rs-head">{icon("gateway")}<b>{esc(text.place(route.origin))} – '
        f"{esc(text.place(route.destination))}</b> {line_sample(mode)} {esc(text.mode(mode))}</p>"
    )
    if not route.legs:
        return Figure(
            f'<div class="rs">{head}<p class="none">{esc(text.status(route.status))}</p></div>'
        )
    cells = [
        (text.km(route.length_km), text.error(route.error_km), text.mode(mode)),
        (text.km(route.great_circle_km), "", text("great_circle")),
    ]
    if math.isfinite(route.time_h.central) and route.time_h.central > 0:
        band = text.days_range(route.time_h.low, route.time_h.high)
        cells.append((text.days(route.time_h.central), band, text("time")))
    cells.append((text.number(len(route.crossings)), "", text("col_borders")))
    row = "".join(
        f'<div><dt>{esc(words)}</dt><dd><span class="kf-value">{esc(value)}</span>'
        f'<span class="kf-band"> {esc(band)}</span></dd></div>'
        for value, band, words in cells
    )
    way = " · ".join(
        f"{text.country(c)} {text.km_number(km)}" for c, km in route.country_km.items()
    )
    return Figure(
        f'<div class="rs">{head}<dl class="keyfigures">{row}</dl>'
        f'<p class="rs-way">{esc(way)}</p></div>'
    )
