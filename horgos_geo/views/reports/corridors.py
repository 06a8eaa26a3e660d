"""What the report on corridors says: headlines, headings, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from horgos_geo.analysis.corridors import Corridor
from horgos_geo.core.text import Text
from horgos_geo.routing.route import Route
from horgos_geo.routing.sources import Number
from horgos_geo.views.chart_parts import brief_table, hours
from horgos_geo.views.sections import headline, key_figures, section
from horgos_geo.views.display import Figure, join
from horgos_geo.views.words import Words

_BASES = ("retrieved", "recalled", "assumption")



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
    words = Words(language, "b_")
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
    words = Words(language, "b_")
    open_ = [item for item in found if item.open]
    ends = {"origin": words.place(asked.origin), "place": words.place(asked.destination)}
    by = words.by(asked.scenario.mode_label)
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
    return join([head, key_figures(figures)] if figures else [head])


def corridor_map(found: Sequence[Corridor], figure: Any, language: str = "en") -> Figure:
    """Return a map of corridors under its heading."""
    words = Words(language, "b_")
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
    words = Words(language, "b_")
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
    words = Words(language, "b_")
    title = words.say("c_trip", borders=len(route.crossings), gauges=len(route.gauge_breaks))
    return section(title, "", figure, "trip", words.say("s_trip"))


def corridor_table(found: Sequence[Corridor], language: str = "en") -> Figure:
    """Return all figures of corridors as a table, blocked ones with the reason."""
    words = Words(language, "b_")
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
                words.said(words.lands(route), posts),
            ]
        )
    table = brief_table(head, rows, range(1, 9), words, "corridors")
    return section(
        words.say("c_table"), words.say("c_table_sub"), table, "table", words.say("s_table")
    )


def number_table(numbers: Sequence[Number], language: str = "en") -> Figure:
    """Return the numbers behind a route with their sources under a heading that counts them."""
    words = Words(language, "b_")
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
                f"{words.phrase(row.source)} [{row.where}]",
                row.year,
            ]
        )
    assumed = sum(number.is_assumption for number in numbers)
    title, sub = words.say("c_sources", n=len(numbers), k=assumed), words.say("c_sources_sub")
    return section(title, sub, brief_table(head, rows, (4,), words, "sources"), "sources", words.say("s_sources"))


def corridor_sentence(found: Sequence[Corridor], asked: Route, language: str = "en") -> Figure:
    """Return the answer in one sentence."""
    words = Words(language, "b_")
    ends = {"origin": words.place(asked.origin), "place": words.place(asked.destination)}
    open_ = [item for item in found if item.open]
    sentence = words.say("c_head_none", **ends, by_mode=words.by(asked.scenario.mode_label))
    if open_:
        route = open_[0].route
        last = "c_last_cars" if route.carries_vehicles else "c_last"
        sentence = words.say(
            last, **ends, by_mode=words.by(asked.scenario.mode_label), name=words.title(open_[0]),
            days=words.days(route.time_h.central), km=words.km(route.length_km),
            usd=words.usd(route.cost_usd.central),
        )  # fmt: skip
    return section(sentence, "", None, "answer", words.say("s_last"))
