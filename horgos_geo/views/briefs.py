"""What corridors and closures say in one sentence: headlines and headings of their reports."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from horgos_geo.analysis.closures import Diversion, total
from horgos_geo.analysis.corridors import Corridor, name_of
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.text import NBSP, Text
from horgos_geo.model.parameters import Row
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route
from horgos_geo.routing.sources import Number
from horgos_geo.views.chart_parts import brief_table, hours
from horgos_geo.views.charts import headline, key_figures, section
from horgos_geo.views.display import Figure


class _Words(Text):
    """The reader's language, with the phrases of this module."""

    def say(self, key: str, **values: Any) -> str:
        return self(f"b_{key}", **values)

    def title(self, corridor: Corridor) -> str:
        return corridor.names.get(self.language, corridor.name)

    def by(self, route: Route) -> str:
        return self(f"by_{route.scenario.mode_label}")

    def share(self, part: float) -> str:
        return self.percent(part * 100)

    def days_and_range(self, route: Route) -> str:
        band = route.time_h
        days = self.number(band.central / 24, 1)
        return self.aside(days, self.days_range(band.low, band.high))

    def usd(self, value: float) -> str:
        return f"{self.number(round(value, -1))}{NBSP}{self('usd')}"

    def shut(self, name: str, route: Route | None = None) -> str:
        """Return the name of what a closure shuts, where need be from a route over it."""
        if len(name) == 3:
            return self.country(name)
        used = route.crossings if route else ()
        return next((self.point(c.name) for c in used if c.id == name), name)

    def applies(self, row: Row) -> str:
        """Return what a parameter's row is about, as its keys say it in other languages."""
        known = dict(row.keys)
        lands = [self.country(known[key]) for key in ("country", "to_country") if key in known]
        if self.language == "en":
            return row.applies_to
        for name in ("crossing", "ferry", "terminal"):
            if name in known:
                return self.point_of(known[name])
        if not lands:
            return self.phrase(row.applies_to)
        mode = [self.mode(known["mode"])] if "mode" in known else []
        return self.comma([*mode, " → ".join(lands)])


# Corridors ----------------------------------------------------------------------------------------


def corridor_routes(
    found: Iterable[Corridor], language: str = "en", blocked: bool = False
) -> list[Route]:
    """Return the routes of corridors, each named after its corridor, for charts of destinations.

    Parameters
    ----------
    found
        From `corridors`.
    language
        ``en``, ``zh`` or ``ru``.
    blocked
        Whether to have those that the scenario blocks, too.
    """
    words = _Words(language)
    routes = []
    for item in found:
        if item.open or blocked:
            name = f"{item.letter} · {words.title(item)}"
            place = replace(item.route.destination, id=item.letter, name=name, names={})
            routes.append(replace(item.route, destination=place))
    return routes


def corridor_answer(
    found: Sequence[Corridor], asked: Route, language: str = "en", title: str = ""
) -> Figure:
    """Return the top of a page on corridors: the best one, the next, what is blocked.

    Parameters
    ----------
    found
        From `corridors`.
    asked
        The best route under the scenario, or the missing one that says why.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    """
    words = _Words(language)
    open_ = [item for item in found if item.open]
    ends = {"origin": words.place(asked.origin), "place": words.place(asked.destination)}
    by = words.by(asked)
    more = []
    if open_:
        best = open_[0]
        top = words.say(
            "c_head" if len(open_) > 1 else "c_head_one", **ends, by_mode=by, n=len(open_),
            days=words.days(best.route.time_h.central), name=words.title(best),
        )  # fmt: skip
        band = best.route.time_h
        if open_[1:]:
            second = open_[1]
            more.append(
                words.say(
                    "c_second", name=words.title(second),
                    days=words.days(second.route.time_h.central),
                    km=words.km(second.route.length_km), borders=len(second.route.crossings),
                )
            )  # fmt: skip
        low, high = words.days(band.low, unit=False), words.days(band.high)
        more.append(words.say("c_band", low=low, high=high))
    else:
        top = words.say("c_head_none", **ends, by_mode=by)
    blocked = [words.title(item) for item in found if not item.open]
    if blocked:
        more.append(words.say("c_blocked", list=words("semicolon").join(blocked)))
    head = headline(title or top, " ".join(more), words.say("c_eyebrow", **ends, by_mode=by))
    figures = [
        (
            words.days(item.route.time_h.central),
            words.days_range(item.route.time_h.low, item.route.time_h.high),
            f"{item.letter} · {words.title(item)}",
        )
        for item in open_
    ]
    return Figure(head.html + (key_figures(figures).html if figures else ""))


def corridor_map(found: Sequence[Corridor], figure: Any, language: str = "en") -> Figure:
    """Return a map of corridors under its heading."""
    words = _Words(language)
    open_ = [item for item in found if item.open] or list(found)
    lands = {code for item in open_ for code in item.route.countries}
    key = "c_map" if len(open_) > 1 else "c_map_one"
    minimise = words.say(f"m_{open_[0].route.scenario.minimise}") if open_ else ""
    sub = words.say("c_map_sub", minimise=minimise)
    return section(
        words.say(key, n=len(open_), k=len(lands)), sub, figure, "map", words.say("s_map")
    )


def corridor_days(routes: Sequence[Route], figure: Any, language: str = "en") -> Figure:
    """Return a chart of days under its heading: how much of them is waiting."""
    words = _Words(language)
    shares = []
    for route in routes:
        parts = hours(route)
        if sum(parts.values()) > 0:
            shares.append(1.0 - parts["moving"] / sum(parts.values()))
    least, most = min(shares, default=0.0), max(shares, default=0.0)
    key = "c_days" if round(least * 100) != round(most * 100) else "c_days_one"
    title = words.say(key, least=words.share(least), most=words.share(most))
    return section(title, words.say("c_days_sub"), figure, "days", words.say("s_days"))


def corridor_trip(route: Route, figure: Any, language: str = "en") -> Figure:
    """Return the itinerary of the best corridor under its heading."""
    words = _Words(language)
    title = words.say("c_trip", borders=len(route.crossings), gauges=len(route.gauge_breaks))
    return section(title, "", figure, "trip", words.say("s_trip"))


def corridor_table(found: Sequence[Corridor], language: str = "en") -> Figure:
    """Return all figures of corridors as a table, blocked ones with the reason."""
    words = _Words(language)
    cars = any(item.route.carries_vehicles for item in found)
    unit = words.say("vehicle") if cars else "TEU"
    head = [words.say("corridor"), words("km"), words("days"), f"{words('usd')} / {unit}",
            f"{words('kg_co2e')} / {unit if cars else words('tonne')}",
            words("col_borders"), words("gauge_change"), words.say("weight"),
            words.say("shared"), words.say("way")]  # fmt: skip
    rows = []
    for item in found:
        route = item.route
        title = f"{item.letter} · {words.title(item)}"
        if not item.open:
            shut = words.comma(words.shut(name, route) for name in item.shut)
            title = words.aside(title, words.said(words.say("blocked"), shut))
        posts = " · ".join(words.point(crossing.name) for crossing in route.crossings)
        rows.append(
            [
                title,
                words.km_number(route.length_km),
                words.days_and_range(route),
                words.number(round(route.cost_usd.central, -1)),
                words.number(route.co2e_kg.central),
                str(len(route.crossings)),
                str(len(route.gauge_breaks)),
                words.number(item.ratio, 2),
                words.share(item.share),
                words.said(_lands(route), posts),
            ]
        )
    table = brief_table(head, rows, numbers=range(1, 9))
    return section(
        words.say("c_table"), words.say("c_table_sub"), table, "table", words.say("s_table")
    )


def number_table(numbers: Sequence[Number], language: str = "en") -> Figure:
    """Return the numbers behind a route with their sources under a heading that counts them."""
    words = _Words(language)
    head = [words.say("number"), words.say("value"), words.say("basis"), words.say("source"),
            words.say("year")]  # fmt: skip
    rows = []
    for number in numbers:
        row, band = number.row, number.row.band
        low, high = words.plain(band.low), words.plain(band.high)
        value = words.aside(words.plain(band.central), f"{low}–{high}")
        rows.append(
            [
                f"{words.phrase(row.parameter)} · {words.applies(row)}",
                f"{value} {words.phrase(row.unit)}",
                words.say(row.retrieved) if row.retrieved in _BASES else row.retrieved,
                f"{words.phrase(row.source)} [{row.file}.csv:{row.line}]",
                row.year,
            ]
        )
    assumed = sum(number.is_assumption for number in numbers)
    title, sub = words.say("c_sources", n=len(numbers), k=assumed), words.say("c_sources_sub")
    return section(title, sub, brief_table(head, rows, (4,)), "sources", words.say("s_sources"))


def corridor_sentence(found: Sequence[Corridor], asked: Route, language: str = "en") -> Figure:
    """Return the answer in one sentence."""
    words = _Words(language)
    ends = {"origin": words.place(asked.origin), "place": words.place(asked.destination)}
    open_ = [item for item in found if item.open]
    sentence = words.say("c_head_none", **ends, by_mode=words.by(asked))
    if open_:
        route = open_[0].route
        last = "c_last_cars" if route.carries_vehicles else "c_last"
        sentence = words.say(
            last, **ends, by_mode=words.by(asked), name=words.title(open_[0]),
            days=words.days(route.time_h.central), km=words.km(route.length_km),
            usd=words.usd(route.cost_usd.central),
        )  # fmt: skip
    return section(sentence, "", None, "answer", words.say("s_last"))


# Closures -----------------------------------------------------------------------------------------


def worst(items: Sequence[Diversion]) -> str:
    """Return the closure that costs most: places cut off count as a week each."""
    cut: dict[str, float] = dict(total(items))
    for item in items:
        cut[item.closure] = cut.get(item.closure, 0.0) + 168.0 * item.cut_off
    return max(cut, key=lambda name: (cut[name], name)) if cut else ""


def _of(items: Sequence[Diversion], closure: str) -> list[Diversion]:
    return [item for item in items if item.closure == closure]


def _changed(item: Diversion) -> bool:
    moved = item.with_china is not None
    return item.cut_off or moved or (math.isfinite(item.extra_h) and abs(item.extra_h) > 0.01)


def _mean_h(items: Iterable[Diversion]) -> float:
    hours_ = [item.extra_h for item in items if math.isfinite(item.extra_h)]
    return sum(hours_) / len(hours_) if hours_ else math.nan


def closure_answer(
    items: Sequence[Diversion], origin: Place, language: str = "en", title: str = ""
) -> Figure:
    """Return the top of a page on closures: the one that costs most, and the next ones."""
    words = _Words(language)
    routes = {item.destination.id: item.before for item in items}
    first = next(iter(routes.values()))
    changed = [item for item in items if _changed(item)]
    eyebrow = words.say(
        "k_eyebrow", origin=words.place(origin), by_mode=words.by(first), n=len(routes)
    )
    if not changed:
        top = words.say("k_head_none", origin=words.place(origin))
        return headline(title or top, "", eyebrow)
    closure = worst(items)
    mine = _of(items, closure)
    top = words.say(
        "k_head", closure=words.shut(closure, mine[0].before), n=len(routes),
        days=words.days(_mean_h(mine), 1), k=sum(item.cut_off for item in mine),
    )  # fmt: skip
    more = []
    for other in sorted(set(total(items)) - {closure}, key=lambda name: -total(items)[name])[:3]:
        reached = [i for i in _of(items, other) if math.isfinite(i.extra_h) and _changed(i)]
        if reached:
            far = max(reached, key=lambda item: item.extra_h)
            more.append(
                words.say(
                    "k_second", closure=words.shut(other, far.before), n=len(reached),
                    days=words.days(far.extra_h, 1), place=words.place(far.destination),
                )
            )  # fmt: skip
    return headline(title or top, " ".join(more), eyebrow)


def closure_values(
    items: Sequence[Diversion], language: str = "en"
) -> tuple[list[str], list[str], dict[tuple[str, str], float]]:
    """Return rows, columns and values of the heat map: days that each closure adds."""
    words = _Words(language)
    columns: dict[str, str] = {}
    values = {}
    for item in items:
        named = words.shut(item.closure, item.before if item.touched else None)
        if item.closure not in columns or columns[item.closure] == item.closure:
            columns[item.closure] = named
    for item in items:
        if item.before.found:
            place = words.place(item.destination)
            values[place, columns[item.closure]] = item.extra_h / 24
    rows = list(dict.fromkeys(place for place, _ in values))
    return rows, list(columns.values()), values


def closure_heat(items: Sequence[Diversion], figure: Any, language: str = "en") -> Figure:
    """Return the heat map under its heading."""
    words = _Words(language)
    title = words.say("k_heat", n=sum(map(_changed, items)), m=len(items))
    return section(title, words.say("k_heat_sub"), figure, "heat", words.say("s_heat"))


def diverted(items: Sequence[Diversion], closure: str = "") -> list[Route]:
    """Return the routes that a closure diverts, by default the one that costs most.

    Raises
    ------
    ScenarioError
        The closure is none of those that were tried.
    """
    if closure and not _of(items, closure):
        tried = ", ".join(dict.fromkeys(item.closure for item in items))
        raise ScenarioError(f"{closure[:60]!r} is none of the closures tried: {tried}.")
    mine = _of(items, closure or worst(items))
    return [item.after for item in mine if _changed(item) and item.after.found]


def closure_map(
    items: Sequence[Diversion], figure: Any, closure: str = "", language: str = "en"
) -> Figure:
    """Return the map of diverted routes under its heading."""
    words = _Words(language)
    name = closure or worst(items)
    mine = _of(items, name)
    count = len(diverted(items, name))
    shut = words.shut(name, next((item.before for item in mine if item.touched), None))
    key = "k_map" if count else "k_map_none"
    title = words.say(key, closure=shut, n=count)
    return section(title, words.say("k_map_sub"), figure, "map", words.say("s_map"))


def closure_table(items: Sequence[Diversion], language: str = "en") -> Figure:
    """Return every changed route before and after under its heading."""
    words = _Words(language)
    head = [words.say("closure"), words("col_destination"), words.say("before"),
            words.say("after"), words.say("instead")]  # fmt: skip
    rows = []
    for item in filter(_changed, items):
        after = item.after
        way = words.said(name_of(after, language), _lands(after)) if after.found else ""
        rows.append(
            [
                words.shut(item.closure, item.before if item.touched else None),
                words.place(item.destination),
                words.number(item.reference.time_h.central / 24, 1),
                words.number(after.time_h.central / 24, 1) if after.found else words.say("no_way"),
                way or words.status(after.status),
            ]
        )
    table = brief_table(head, rows, numbers=(2, 3))
    sub = words.say("k_table_sub")
    if any(item.with_china for item in items):
        sub += " " + words.say("k_through_china")
    return section(words.say("k_table"), sub, table, "table", words.say("s_table"))


def closure_sentence(items: Sequence[Diversion], language: str = "en") -> Figure:
    """Return the answer in one sentence."""
    words = _Words(language)
    closure = worst(items)
    mine = _of(items, closure)
    reached = [item for item in mine if item.before.found and item.after.found]
    sentence = words.say(
        "k_last", closure=words.shut(closure, next((i.before for i in mine if i.touched), None)),
        n=len(reached), days=words.days(_mean_h(mine), 1), k=sum(i.cut_off for i in mine),
    )  # fmt: skip
    return section(sentence, "", None, "answer", words.say("s_last"))


def _lands(route: Route) -> str:
    return "–".join(dict.fromkeys(route.countries))


_BASES = ("retrieved", "recalled", "assumption")
