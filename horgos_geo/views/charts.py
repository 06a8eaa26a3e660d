"""Charts of routes as HTML that works without script, network or colour."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from horgos_geo.core.countries import KAZAKHSTAN, SEA
from horgos_geo.core.text import Text
from horgos_geo.views.chart_parts import (
    TIME_WORDS,
    TIMES,
    Row,
    axis,
    figure,
    gridlines,
    group,
    hours,
    key_list,
    modes_of,
    pct,
    plain_table,
    ticks,
)
from horgos_geo.views.display import Figure
from horgos_geo.views.frame_table import frame_table
from horgos_geo.views.itinerary import itinerary, route_summary
from horgos_geo.views.sections import headline, key_figures, section, side_by_side
from horgos_geo.views.svg import esc, icon, line_sample
from horgos_geo.views.table import data_table

if TYPE_CHECKING:
    from horgos_geo.routing.route import Route

__all__ = [
    "country_strips",
    "data_table",
    "days_chart",
    "distance_chart",
    "frame_table",
    "headline",
    "heat_map",
    "itinerary",
    "key_figures",
    "route_summary",
    "section",
    "side_by_side",
]

MOVING = ("road", "rail", "ferry")


def distance_chart(routes: Iterable[Route], language: str = "en", caption: str = "") -> Figure:
    """Draw distances as dots: road circle, rail diamond, great-circle tick, error band.

    Parameters
    ----------
    routes
        From one origin, by one mode or several.
    language
        ``en``, ``zh`` or ``ru``.
    caption
        Words under the chart.
    """
    text, rows = Text(language), group(routes)
    modes = modes_of(rows)
    ends = [
        r.length_km + (r.error_km if math.isfinite(r.error_km) else 0.0)
        for row in rows
        for r in row.routes.values()
        if math.isfinite(r.length_km)
    ]
    most = max(ends, default=1.0) * 1.01
    at = ticks(most)
    lines = "".join(_dot_row(row, modes, most, text) for row in rows)
    keys = [(f'<i class="dot dot-{mode}"></i>', text(mode)) for mode in modes]
    keys += [
        ('<i class="gc"></i>', text("great_circle")),
        ('<i class="band"></i>', text("error_band")),
    ]
    body = (
        f'{key_list(keys)}<div class="rows rows-{len(modes)}">'
        f'<div class="row row-ax"><span></span>{axis(at, most, text, text("km"))}<span>'
        f"</span></div>"
        f'<div class="row row-grid"><span></span><div class="plot">{gridlines(at, most)}'
        f"</div><span></span></div>"
        f"{lines}</div>"
    )
    head = [text("col_destination"), *(f"{text(m)}, {text('km')}" for m in modes)]
    head += [f"± {text(m)}" for m in modes] + [text("great_circle")]
    cells = []
    for row in rows:
        mine = [row.routes.get(mode) for mode in modes]
        cells.append(
            [
                text.place(row.place),
                *(text.km_number(r.length_km) if r else "–" for r in mine),
                *(text.error(r.error_km) if r else "–" for r in mine),
                text.km_number(row.great_circle_km),
            ]
        )
    label = text("distance_alt", origin=_origin(rows, text))
    return figure("dots", label, body, caption, plain_table(head, cells, text))


def _origin(rows: Sequence[Row], text: Text) -> str:
    for row in rows:
        for route in row.routes.values():
            return text.place(route.origin)
    return ""


def _values(row: Row, modes: Sequence[str], text: Text) -> str:
    cells = []
    for mode in modes:
        route = row.routes.get(mode)
        words = "–"
        if route is not None:
            found = math.isfinite(route.length_km)
            words = text.km_number(route.length_km) if found else text.status(route.status)
        cells.append(f'<span class="t-{mode}">{esc(words)}</span>')
    return f'<div class="row-v">{"".join(cells)}</div>'


def _dot_row(row: Row, modes: Sequence[str], most: float, text: Text) -> str:
    marks = []
    lengths = [r.length_km for r in row.routes.values() if math.isfinite(r.length_km)]
    circle = row.great_circle_km
    if lengths and math.isfinite(circle):
        left, right = min(circle, *lengths), max(lengths)
        marks.append(
            f'<i class="reach" style="left:{pct(left, most)};width:{pct(right - left, most)}"></i>'
        )
        marks.append(f'<i class="gc" style="left:{pct(circle, most)}"></i>')
    for i, mode in enumerate(modes):
        route = row.routes.get(mode)
        if route is None or not math.isfinite(route.length_km):
            continue
        top = f"top:{(i + 0.5) / len(modes) * 100:.0f}%"
        if math.isfinite(route.error_km):
            low = route.length_km - route.error_km
            marks.append(
                f'<i class="band band-{mode}" style="{top};left:{pct(low, most)};'
                f'width:{pct(2 * route.error_km, most)}"></i>'
            )
        marks.append(
            f'<i class="dot dot-{mode}" style="{top};left:{pct(route.length_km, most)}"></i>'
        )
    return (
        f'<div class="row"><div class="row-n">{esc(text.place(row.place))}</div>'
        f'<div class="plot">{"".join(marks)}</div>{_values(row, modes, text)}</div>'
    )


def days_chart(
    routes: Iterable[Route], language: str = "en", caption: str = "", keep_order: bool = False
) -> Figure:
    """Draw days door to door as thin stacked bars: moving, border, gauge, transfer, ferry.

    Parameters
    ----------
    routes
        From one origin, by one mode or several.
    language
        ``en``, ``zh`` or ``ru``.
    caption
        Words under the chart.
    keep_order
        Leave the destinations in the order given instead of nearest first.
    """
    text, rows = Text(language), group(routes, keep_order)
    modes = modes_of(rows)
    totals = [sum(hours(r).values()) / 24 for row in rows for r in row.routes.values()]
    most = max([t for t in totals if math.isfinite(t)], default=1.0) * 1.1 or 1.0
    at = ticks(most, 3)
    used = {
        kind for row in rows for r in row.routes.values() for kind, h in hours(r).items() if h > 0
    }
    kinds = [kind for kind in TIMES if kind in used]
    lines = "".join(_days_row(row, modes, kinds, most, text) for row in rows)
    keys = [(f'<i class="sw s-{k}"></i>', text(TIME_WORDS.get(k, k))) for k in kinds]
    body = (
        f'{key_list(keys)}<div class="rows rows-{len(modes)}">'
        f'<div class="row row-ax"><span></span>{axis(at, most, text, text("days"))}</div>'
        f'<div class="row row-grid"><span></span><div class="plot">{gridlines(at, most)}'
        f"</div></div>"
        f"{lines}</div>"
    )
    head = [text("col_destination"), "", *(text(TIME_WORDS.get(k, k)) for k in kinds), text("days")]
    cells = [
        [
            text.place(row.place),
            text(mode),
            *(text.number(hours(route)[k] / 24, 1) for k in kinds),
            text.number(sum(hours(route).values()) / 24, 1),
        ]
        for row in rows
        for mode, route in row.routes.items()
        if route.legs
    ]
    label = text("days_alt", origin=_origin(rows, text))
    return figure("days", label, body, caption, plain_table(head, cells, text))


def _days_row(row: Row, modes: Sequence[str], kinds: Sequence[str], most: float, text: Text) -> str:
    bars = []
    for mode in modes:
        route = row.routes.get(mode)
        if route is None or not route.legs:
            words = "–" if route is None else text.status(route.status)
            bars.append(f'<div class="bar-line"><span class="bar-none">{esc(words)}</span></div>')
            continue
        values = hours(route)
        parts = "".join(
            f'<i class="s-{k}" style="width:{pct(values[k] / 24, most)}"></i>'
            for k in kinds
            if values[k] > 0
        )
        total = text.days(sum(values.values()), unit=False)
        bars.append(
            f'<div class="bar-line">{parts}<span class="t-{mode}">{esc(total)}</span></div>'
        )
    return (
        f'<div class="row"><div class="row-n">{esc(text.place(row.place))}</div>'
        f'<div class="plot plot-bars">{"".join(bars)}</div></div>'
    )


def country_strips(routes: Iterable[Route], language: str = "en", caption: str = "") -> Figure:
    """Draw the kilometres in each country, one strip a mode, on a common scale.

    Parameters
    ----------
    routes
        From one origin, by one mode or several.
    language
        ``en``, ``zh`` or ``ru``.
    caption
        Words under the chart.
    """
    text, rows = Text(language), group(routes)
    modes = modes_of(rows)
    lengths = [
        r.length_km for row in rows for r in row.routes.values() if math.isfinite(r.length_km)
    ]
    most = max(lengths, default=1.0)
    lines = []
    for row in rows:
        strips = []
        for mode in modes:
            route = row.routes.get(mode)
            if route is not None:
                strips.append(_strip(route, mode, most, text))
        lines.append(
            f'<div class="strip-row"><div class="row-n">{esc(text.place(row.place))}</div>'
            f'<div class="strips">{"".join(strips)}</div></div>'
        )
    cells = [
        [
            text.place(row.place),
            text(mode),
            text("semicolon").join(
                f"{text.country(c)} {text.km_number(km)}" for c, km in route.country_km.items()
            ),
            text.km_number(route.length_km),
        ]
        for row in rows
        for mode, route in row.routes.items()
        if route.legs
    ]
    head = [text("col_destination"), "", text("col_country"), text("km")]
    label = text("strips_alt", origin=_origin(rows, text))
    body = f'<div class="strip-rows">{"".join(lines)}</div>'
    return figure("strips", label, body, caption, plain_table(head, cells, text))


def stretches(route: Route) -> list[tuple[str, float]]:
    """Return countries in the order passed with the kilometres of each stay.

    Parameters
    ----------
    route
        Ferries count as ``SEA``.
    """
    stays: list[tuple[str, float]] = []
    for leg in route.legs:
        if leg.kind not in MOVING:
            continue
        code = SEA if leg.kind == "ferry" else leg.country
        if stays and stays[-1][0] == code:
            stays[-1] = (code, stays[-1][1] + leg.length_km)
        else:
            stays.append((code, leg.length_km))
    return stays


def _strip(route: Route, mode: str, most: float, text: Text) -> str:
    if not route.legs:
        words = text.status(route.status)
        return (
            f'<div class="strip">{line_sample(mode, 20)}'
            f'<div class="strip-bar none">{esc(words)}</div></div>'
        )
    marks, changes, done = [], set(), 0.0
    for leg in route.legs:
        if leg.kind == "gauge" and done > 0:
            changes.add(round(done, 3))
            place = pct(done, most)
            marks.append(f'<i class="strip-gauge" style="left:{place}">{icon("gauge", 16)}</i>')
        elif leg.kind in MOVING:
            done += leg.length_km
    parts, other, done = [], 0, 0.0
    for code, km in stretches(route):
        if code == KAZAKHSTAN:
            tint = "home"
        elif code == SEA:
            tint = "sea"
        else:
            tint = f"tint{other % 2 + 1}"
            other += 1
        if round(done, 3) in changes:
            tint += " after-gauge"
        done += km
        if round(done, 3) in changes:
            tint += " before-gauge"
        name = text("sea") if code == SEA else code
        title = esc(f"{text.country(code)} {text.km(km)}")
        words = f"{esc(name)}<b> {esc(text.km_number(km))}</b>"
        parts.append(
            f'<div class="seg {tint}" style="width:{pct(km, most)}" title="{title}">'
            f"<div><span>{words}</span></div></div>"
        )
    return (
        f'<div class="strip">{line_sample(mode, 20)}'
        f'<div class="strip-bar">{"".join(parts)}{"".join(marks)}</div>'
        f'<span class="strip-v t-{mode}">{esc(text.km_number(route.length_km))}</span></div>'
    )


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[str, str], float],
    language: str = "en",
    title: str = "",
    unit: str = "%",
    digits: int = 0,
    caption: str = "",
    missing: str = "",
) -> Figure:
    """Draw a table of values with a tint by size, such as what each closure adds.

    Parameters
    ----------
    rows, columns
        Names, in the order shown.
    values
        Value by row and column; NaN where there is no route, absent where nothing was asked.
    language
        ``en``, ``zh`` or ``ru``.
    title
        What the values are, for the description.
    unit
        Written after each value.
    digits
        Decimals, -1 for tens.
    caption
        Words under the chart.
    missing
        Written for NaN; the language's "no route" when empty.
    """
    text = Text(language)
    unit = unit.replace(unit.strip(), text.phrase(unit.strip()))
    finite = [abs(v) for v in values.values() if math.isfinite(v)]
    most = max(finite, default=1.0) or 1.0
    none = missing or text("no_route")
    body = []
    for row in rows:
        cells = []
        for column in columns:
            value = values.get((row, column))
            if value is None:
                cells.append("<td></td>")
            elif not math.isfinite(value):
                cells.append(f'<td class="hm-none"><span>{esc(none)}</span></td>')
            elif round(value, digits) == 0:
                cells.append('<td class="hm-zero">0</td>')
            else:
                sign = "+" if value > 0 else ""
                tint = 0.08 + 0.42 * abs(value) / most
                words = f"{sign}{text.number(value, digits)}{unit}"
                kind = "hm-more" if value > 0 else "hm-less"
                cells.append(f'<td class="{kind}" style="--v:{tint:.2f}">{esc(words)}</td>')
        body.append(f'<tr><th scope="row">{esc(row)}</th>{"".join(cells)}</tr>')
    top = "".join(f'<th scope="col"><span>{esc(c)}</span></th>' for c in columns)
    foot = f"<figcaption>{esc(caption)}</figcaption>" if caption else ""
    if "hm-none" in "".join(body):  # a phone has room for a sign only
        foot += f'<figcaption class="hm-key">× {esc(none)}</figcaption>'
    label = text("heat_alt", title=title, rows=", ".join(rows[:12]), columns=", ".join(columns))
    return Figure(
        f'<figure class="chart chart-heat">'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{esc(label)}">'
        f"<table><thead><tr><td></td>{top}</tr></thead><tbody>{''.join(body)}</tbody>"
        f"</table></div>{foot}</figure>"
    )
