"""Charts and tables of routes as HTML that works without script, network or colour."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from horgos_geo.core.countries import KAZAKHSTAN, SEA
from horgos_geo.core.text import Text
from horgos_geo.model.estimate import Estimate
from horgos_geo.routing.route import Route
from horgos_geo.views.chart_forms import (
    Bar,
    ChartRow,
    DotRow,
    Key,
    Mark,
    axis_to,
    bar_chart,
    dot_chart,
    figure,
    heat_map,
    pct,
)
from horgos_geo.views.display import Figure
from horgos_geo.views.itinerary import itinerary, route_summary
from horgos_geo.views.rendering import render
from horgos_geo.views.route_rows import (
    TIME_WORDS,
    TIMES,
    RouteRow,
    by_destination,
    hours,
    modes_of,
)
from horgos_geo.views.route_tables import data_table, frame_table
from horgos_geo.views.sections import headline, key_figures, section, side_by_side
from horgos_geo.views.svg import icon, line_sample
from horgos_geo.views.tables import Column, table

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
    "stretches",
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
    text, rows = Text(language), by_destination(routes)
    modes = modes_of(rows)
    shown = [
        DotRow(
            text.place(row.place),
            [_length(row.routes.get(mode)) for mode in modes],
            [_length_words(row.routes.get(mode), text) for mode in modes],
            row.great_circle_km,
        )
        for row in rows
    ]
    keys = [Key("gc", text("great_circle")), Key("band", text("error_band"))]
    columns = [Column(text("col_destination"), words=True)]
    columns += [Column(f"{text(mode)}, {text('km')}", -1) for mode in modes]
    columns += [Column(f"± {text(mode)}", -1) for mode in modes]
    columns += [Column(text("great_circle"), -1)]
    cells = [
        [
            text.place(row.place),
            *_of_each(row, modes, "length_km"),
            *_of_each(row, modes, "error_km"),
            row.great_circle_km,
        ]
        for row in rows
    ]
    label = text("distance_alt", origin=_origin(rows, text), range=_range(rows, modes, text))
    data = table(columns, cells, text, "distances", about=label, folded=True)
    series = [(text(mode), mode) for mode in modes]
    return dot_chart(shown, series, text("km"), text, label, keys=keys, caption=caption, data=data)


def _of_each(row: RouteRow, modes: Sequence[str], name: str) -> list[float | None]:
    return [getattr(row.routes[mode], name) if mode in row.routes else None for mode in modes]


def _length(route: Route | None) -> Estimate | None:
    if route is None or not math.isfinite(route.length_km):
        return None
    error = route.error_km if math.isfinite(route.error_km) else 0.0
    return Estimate(route.length_km - error, route.length_km, route.length_km + error)


def _length_words(route: Route | None, text: Text) -> str:
    if route is None:
        return "–"
    found = math.isfinite(route.length_km)
    return text.km_number(route.length_km) if found else text.status(route.status)


def _range(rows: Sequence[RouteRow], modes: Sequence[str], text: Text) -> str:
    """Return the nearest and the farthest destination by the first mode, in words."""
    found = [row.routes[mode] for mode in modes[:1] for row in rows if mode in row.routes]
    found = [route for route in found if route.found]
    if not found:
        return "–"
    ends = [min(found, key=lambda r: r.length_km), max(found, key=lambda r: r.length_km)]
    names = [text.aside(text.km(route.length_km), text.place(route.destination)) for route in ends]
    return " – ".join(dict.fromkeys(names))


def _origin(rows: Sequence[RouteRow], text: Text) -> str:
    for row in rows:
        for route in row.routes.values():
            return text.place(route.origin)
    return ""


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
    text, rows = Text(language), by_destination(routes, keep_order)
    modes = modes_of(rows)
    every = [route for row in rows for route in row.routes.values()]
    totals = [sum(hours(route).values()) / 24 for route in every]
    used = {kind for route in every for kind, value in hours(route).items() if value > 0}
    kinds = [kind for kind in TIMES if kind in used]
    names = [text(TIME_WORDS.get(kind, kind)) for kind in kinds]
    axis = axis_to(max(totals, default=1.0) * 1.1 or 1.0, text("days"), 3)
    shown = [
        ChartRow(
            text.place(row.place),
            bars=[_days_bar(row.routes.get(mode), mode, kinds, axis.end, text) for mode in modes],
        )
        for row in rows
    ]
    keys = [Key(f"sw s-{kind}", name) for kind, name in zip(kinds, names, strict=True)]
    columns = [Column(text("col_destination"), words=True), Column(text("col_mode"), words=True)]
    columns += [Column(name, 1) for name in [*names, text("days")]]
    cells = [
        [
            text.place(row.place),
            text(mode),
            *(hours(route)[kind] / 24 for kind in kinds),
            sum(hours(route).values()) / 24,
        ]
        for row in rows
        for mode, route in row.routes.items()
        if route.legs
    ]
    label = text(
        "days_alt",
        origin=_origin(rows, text),
        kinds=text.list_of(names),
        range=_days_range(every, text),
    )
    data = table(columns, cells, text, "days", about=label, folded=True)
    return bar_chart(shown, keys, text, label, axis=axis, caption=caption, data=data)


def _days_range(routes: Sequence[Route], text: Text) -> str:
    """Return the least and the most days, with the places, in words."""
    found = [route for route in routes if route.legs]
    if not found:
        return "–"
    ends = [min(found, key=lambda r: r.time_h.central), max(found, key=lambda r: r.time_h.central)]
    names = [text.aside(text.days(r.time_h.central), text.place(r.destination)) for r in ends]
    return " – ".join(dict.fromkeys(names))


def _days_bar(route: Route | None, mode: str, kinds: Sequence[str], most: float, text: Text) -> Bar:
    if route is None or not route.legs:
        return Bar((), "–" if route is None else text.status(route.status), "bar-none")
    values = hours(route)
    parts = [
        Mark(f"s-{kind}", "", pct(values[kind] / 24, most)) for kind in kinds if values[kind] > 0
    ]
    return Bar(parts, text.days(sum(values.values()), unit=False), f"t-{mode}")


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
    text, rows = Text(language), by_destination(routes)
    modes = modes_of(rows)
    every = [route for row in rows for route in row.routes.values()]
    most = max((r.length_km for r in every if math.isfinite(r.length_km)), default=1.0)
    strips = [
        (
            text.place(row.place),
            [_strip(row.routes[mode], mode, most, text) for mode in modes if mode in row.routes],
        )
        for row in rows
    ]
    cells = [
        [
            text.place(row.place),
            text(mode),
            text("semicolon").join(
                f"{text.country(c)} {text.km_number(km)}" for c, km in route.country_km.items()
            ),
            route.length_km,
        ]
        for row in rows
        for mode, route in row.routes.items()
        if route.legs
    ]
    columns = [
        Column(text("col_destination"), words=True),
        Column(text("col_mode"), words=True),
        Column(text("col_country"), words=True),
        Column(text("km"), -1),
    ]
    label = text("strips_alt", origin=_origin(rows, text), n=len(rows))
    data = table(columns, cells, text, "countries", about=label, folded=True)
    picture = render("charts/strips", rows=strips, gauge=icon("gauge", 16))
    return figure("strips", label, picture, caption, data=data)


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


@dataclass(frozen=True)
class _Stay:
    """One country in a strip: its tint, its width, its code and kilometres."""

    tint: str
    width: str
    name: str
    km: str
    title: str


@dataclass(frozen=True)
class _Strip:
    """One route as a strip: its stays, where the gauge changes, and its kilometres or a reason."""

    mode: str
    sample: str
    stays: Sequence[_Stay]
    changes: Sequence[str]
    words: str


def _strip(route: Route, mode: str, most: float, text: Text) -> _Strip:
    sample = line_sample(mode, 20)
    if not route.legs:
        return _Strip(mode, sample, (), (), text.status(route.status))
    changes, done = [], 0.0
    for leg in route.legs:
        if leg.kind == "gauge" and done > 0:
            changes.append(done)
        elif leg.kind in MOVING:
            done += leg.length_km
    places = [pct(change, most) for change in changes]
    stays = _stays(route, {round(change, 3) for change in changes}, most, text)
    return _Strip(mode, sample, stays, places, text.km_number(route.length_km))


def _stays(route: Route, changes: set[float], most: float, text: Text) -> list[_Stay]:
    found, other, done = [], 0, 0.0
    for code, km in stretches(route):
        tint = {KAZAKHSTAN: "home", SEA: "sea"}.get(code, f"tint{other % 2 + 1}")
        other += code not in (KAZAKHSTAN, SEA)
        before = " after-gauge" if round(done, 3) in changes else ""
        done += km
        after = " before-gauge" if round(done, 3) in changes else ""
        found.append(
            _Stay(
                tint + before + after,
                pct(km, most),
                text("sea") if code == SEA else code,
                text.km_number(km),
                f"{text.country(code)} {text.km(km)}",
            )
        )
    return found
