"""What the report on closures says: headlines, headings, tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from horgos_geo.analysis.closures import Diversion, total
from horgos_geo.analysis.corridors import name_of
from horgos_geo.core.errors import ScenarioError
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route
from horgos_geo.views.chart_parts import brief_table
from horgos_geo.views.sections import headline, section
from horgos_geo.views.display import Figure
from horgos_geo.views.words import Words



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
    words = Words(language, "b_")
    routes = {item.destination.id: item.before for item in items}
    first = next(iter(routes.values()))
    changed = [item for item in items if _changed(item)]
    eyebrow = words.say(
        "k_eyebrow", origin=words.place(origin), by_mode=words.by(first.scenario.mode_label), n=len(routes)
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
    words = Words(language, "b_")
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
    words = Words(language, "b_")
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
    words = Words(language, "b_")
    name = closure or worst(items)
    mine = _of(items, name)
    count = len(diverted(items, name))
    shut = words.shut(name, next((item.before for item in mine if item.touched), None))
    key = "k_map" if count else "k_map_none"
    title = words.say(key, closure=shut, n=count)
    return section(title, words.say("k_map_sub"), figure, "map", words.say("s_map"))


def closure_table(items: Sequence[Diversion], language: str = "en") -> Figure:
    """Return every changed route before and after under its heading."""
    words = Words(language, "b_")
    head = [words.say("closure"), words("col_destination"), words.say("before"),
            words.say("after"), words.say("instead")]  # fmt: skip
    rows = []
    for item in filter(_changed, items):
        after = item.after
        way = words.said(name_of(after, language), words.lands(after)) if after.found else ""
        rows.append(
            [
                words.shut(item.closure, item.before if item.touched else None),
                words.place(item.destination),
                words.number(item.reference.time_h.central / 24, 1),
                words.number(after.time_h.central / 24, 1) if after.found else words.say("no_way"),
                way or words.status(after.status),
            ]
        )
    table = brief_table(head, rows, (2, 3), words, "closures")
    sub = words.say("k_table_sub")
    if any(item.with_china for item in items):
        sub += " " + words.say("k_through_china")
    return section(words.say("k_table"), sub, table, "table", words.say("s_table"))


def closure_sentence(items: Sequence[Diversion], language: str = "en") -> Figure:
    """Return the answer in one sentence."""
    words = Words(language, "b_")
    closure = worst(items)
    mine = _of(items, closure)
    reached = [item for item in mine if item.before.found and item.after.found]
    sentence = words.say(
        "k_last", closure=words.shut(closure, next((i.before for i in mine if i.touched), None)),
        n=len(reached), days=words.days(_mean_h(mine), 1), k=sum(i.cut_off for i in mine),
    )  # fmt: skip
    return section(sentence, "", None, "answer", words.say("s_last"))

