"""Report 04: what it costs each destination when one country or one crossing shuts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from horgos_geo.analysis.closures import Diversion
from horgos_geo.analysis.corridors import name_of
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.text import Text
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route
from horgos_geo.views.chart_forms import heat_map
from horgos_geo.views.display import Figure
from horgos_geo.views.maps import route_map
from horgos_geo.views.sections import headline, section
from horgos_geo.views.shut import shut_name
from horgos_geo.views.tables import Cell, Column, table

#: A place that is cut off counts as this many hours.
CUT_OFF_H = 168.0
#: The standfirst names so many closures besides the worst.
MOST_OTHERS = 3


def is_inside(item: Diversion) -> bool:
    """Return whether the destination lies in the closed country itself."""
    return item.destination.country == item.closure


def is_cut_off(item: Diversion) -> bool:
    """Return whether a closure elsewhere leaves no route to the destination."""
    return item.cut_off and not is_inside(item)


def is_longer(item: Diversion) -> bool:
    """Return whether another route is taken that is left: by hours, or back through China."""
    if item.with_china is not None:
        return True
    return math.isfinite(item.extra_h) and abs(item.extra_h) > 0.01


def is_changed(item: Diversion) -> bool:
    """Return whether the closure changes anything for the destination."""
    return item.cut_off or is_longer(item)


def cost_h(items: Iterable[Diversion]) -> float:
    """Return what a closure costs over all destinations outside it, in hours."""
    outside = [item for item in items if not is_inside(item)]
    extra = sum(item.extra_h for item in outside if math.isfinite(item.extra_h))
    return extra + CUT_OFF_H * sum(map(is_cut_off, outside))


class ClosuresReport:
    """The report on closures.

    Parameters
    ----------
    items
        From `horgos_geo.closures`.
    origin
        Where the routes begin.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    viewpoint
        Whose view of the boundaries the map shows.
    focus
        The closure to draw; the one that costs most when empty.

    Raises
    ------
    ScenarioError
        `focus` is none of the closures that were tried.
    """

    def __init__(
        self,
        items: Sequence[Diversion],
        origin: Place,
        language: str = "en",
        title: str = "",
        viewpoint: str = "ISO",
        focus: str = "",
    ) -> None:
        self.text = Text(language, "closures_")
        self.items, self.origin, self.title, self.viewpoint = list(items), origin, title, viewpoint
        self.by_closure: dict[str, list[Diversion]] = {}
        for item in self.items:
            self.by_closure.setdefault(item.closure, []).append(item)
        if focus and focus not in self.by_closure:
            tried = ", ".join(self.by_closure)
            raise ScenarioError(f"{focus[:60]!r} is none of the closures tried: {tried}.")
        #: Closures, the most expensive first.
        self.order = sorted(self.by_closure, key=lambda name: (-cost_h(self.by_closure[name]), name))
        self.focus = focus or (self.order[0] if self.order else "")

    def name(self, closure: str) -> str:
        """Return the name of what a closure shuts."""
        mine = self.by_closure.get(closure, [])
        over = next((item.before for item in mine if item.touched), None)
        return shut_name(closure, over, self.text)

    def answer(self) -> Figure:
        """Return the top of the page: the closure that costs most, and the next ones."""
        text, origin = self.text, self.text.place(self.origin)
        routes = {item.destination.id: item.before for item in self.items}
        eyebrow = text.say(
            "eyebrow",
            origin=origin,
            by_mode=text.by(next(iter(routes.values())).scenario.mode_label),
            destinations=text.plural("destinations", len(routes)),
        )
        if not any(map(is_changed, self.items)):
            top = text.say("head_none", origin=origin)
            return headline(self.title or text.sentence(top), "", eyebrow)
        more = [self._second(name) for name in self.order[1 : MOST_OTHERS + 1]]
        top = text.sentence(self._head(self.order[0]))
        return headline(self.title or top, text.paragraph(more), eyebrow)

    def _head(self, closure: str) -> str:
        text, mine = self.text, self.by_closure[closure]
        outside = [item for item in mine if not is_inside(item)]
        longer, cut = list(filter(is_longer, outside)), list(filter(is_cut_off, outside))
        key = "places" if len(outside) == len(mine) else "places_outside"
        hours = [item.extra_h for item in longer]
        return text.say(
            ("head_cut" if cut else "head") if longer else "head_only_cut",
            closure=self.name(closure),
            n=len(longer),
            places=text.plural(key, len(outside)),
            days=text.days(sum(hours) / len(hours), 1) if hours else "",
            k=len(cut),
        )

    def _second(self, closure: str) -> str:
        text, mine = self.text, self.by_closure[closure]
        longer, cut = list(filter(is_longer, mine)), list(filter(is_cut_off, mine))
        sentences, name = [], self.name(closure)
        if longer:
            far = max(longer, key=lambda item: item.extra_h)
            sentences.append(
                text.say(
                    "second",
                    closure=name,
                    routes=text.plural("routes", len(longer)),
                    days=text.days(far.extra_h, 1),
                    place=text.place(far.destination),
                )
            )
        if cut:
            listed = text.list_of(text.place(item.destination) for item in cut)
            sentences.append(text.say("second_cut", closure=name, list=listed))
        return text.paragraph(sentences)

    def heat(self) -> Figure:
        """Return the days that each closure adds to each destination."""
        text = self.text
        found = [item for item in self.items if item.before.found]
        cells = {(text.place(i.destination), self.name(i.closure)): i for i in found}
        chart = heat_map(
            list(dict.fromkeys(row for row, _ in cells)),
            list(dict.fromkeys(map(self.name, self.by_closure))),
            {key: item.extra_h / 24 for key, item in cells.items()},
            text.language,
            text.say("heat_sub"),
            unit="",
            digits=1,
            missing={key: text.say("inside") for key, item in cells.items() if is_inside(item)},
        )
        changed = sum(map(is_changed, self.items))
        title = text.say("heat", n=changed, m=len(self.items))
        return section(title, text.say("heat_sub"), chart, "heat", text.say("s_heat"))

    @property
    def diverted(self) -> list[Diversion]:
        """What the closure in focus sends another way."""
        return [item for item in self.by_closure.get(self.focus, []) if is_longer(item)]

    def map(self) -> Figure:
        """Return the map of diverted routes, and of the same before the closure."""
        text = self.text
        routes: list[Route] = [item.after for item in self.diverted]
        before = [item.before for item in self.diverted]
        if not routes:
            routes = [item.before for item in self.by_closure.get(self.focus, self.items)]
        drawn = route_map(routes, text.language, self.viewpoint, before=before)
        count = text.plural("routes_go", len(self.diverted))
        key = "map" if self.diverted else "map_none"
        title = text.say(key, closure=self.name(self.focus), routes=count)
        return section(title, text.say("map_sub"), drawn, "map", text.say("s_map"))

    def table(self) -> Figure:
        """Return every changed route before and after."""
        text = self.text
        columns = [
            Column(text.say("col_closure"), words=True),
            Column(text("col_destination"), words=True),
            Column(text.say("col_before"), 1),
            Column(text.say("col_after"), 1),
            Column(text.say("col_instead"), words=True),
        ]
        title, sub = text.say("table"), [text.say("table_sub")]
        rows = map(self._row, filter(is_changed, self.items))
        figure = table(columns, rows, text, "closures", about=title)
        if any(item.with_china for item in self.items):
            sub.append(text.say("through_china"))
        return section(title, text.paragraph(sub), figure, "table", text.say("s_table"))

    def _row(self, item: Diversion) -> list[Any]:
        text, after = self.text, item.after
        instead = text.status(after.status)
        if is_inside(item):
            instead = text.say("closed_inside")
        elif after.found:
            countries = "–".join(dict.fromkeys(after.countries))
            instead = text.said(name_of(after, text.language), countries)
        return [
            self.name(item.closure),
            text.place(item.destination),
            item.reference.time_h.central / 24,
            Cell(after.time_h.central / 24) if after.found else Cell(None, text("no_route")),
            instead,
        ]
