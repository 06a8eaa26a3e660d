"""Report 03: the corridors between two places, what each takes, and what blocks the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from horgos_geo.analysis.corridors import OVERLAP, STRETCH, Corridor
from horgos_geo.core.text import Text
from horgos_geo.model.parameters import Row
from horgos_geo.routing.route import Route
from horgos_geo.routing.sources import Number, numbers_behind
from horgos_geo.views.charts import days_chart, itinerary
from horgos_geo.views.display import Figure, join
from horgos_geo.views.maps import corridor_map
from horgos_geo.views.rendering import with_links
from horgos_geo.views.route_rows import waiting_share
from horgos_geo.views.sections import headline, key_figures, section
from horgos_geo.views.shut import shut_name
from horgos_geo.views.tables import Cell, Column, table

_BASES = ("retrieved", "recalled", "assumption", "fitted")


class CorridorsReport:
    """The report on the corridors between two places.

    Parameters
    ----------
    found
        From `horgos_geo.corridors`.
    asked
        The best route under the scenario, or the missing one that says why.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    viewpoint
        Whose view of the boundaries the map shows.
    """

    def __init__(
        self,
        found: Sequence[Corridor],
        asked: Route,
        language: str = "en",
        title: str = "",
        viewpoint: str = "ISO",
    ) -> None:
        self.text = Text(language, "corridors_")
        self.found, self.asked, self.title, self.viewpoint = list(found), asked, title, viewpoint
        self.open = [item for item in found if item.open]
        text, mode = self.text, asked.scenario.mode_label
        self._ends = {"origin": text.place(asked.origin), "place": text.place(asked.destination)}
        self._about = {**self._ends, "by_mode": text.by(mode)}

    def _name(self, item: Corridor) -> str:
        return item.names.get(self.text.language, item.name)

    def _lettered(self, item: Corridor) -> str:
        return f"{item.letter} · {self._name(item)}"

    @cached_property
    def routes(self) -> list[Route]:
        """The routes of open corridors, each named after its corridor, for charts."""
        places = [
            replace(item.route.destination, id=item.letter, name=self._lettered(item), names={})
            for item in self.open
        ]
        return [
            replace(item.route, destination=place)
            for item, place in zip(self.open, places, strict=True)
        ]

    def answer(self) -> Figure:
        """Return the top of the page: the best corridor, the next, what is blocked."""
        text, more = self.text, []
        if self.open:
            best, *others = self.open
            band = best.route.time_h
            top = text.say(
                "head" if others else "head_one",
                **self._about,
                n=len(self.open),
                days=text.days(band.central),
                name=self._name(best),
                best=text.say(f"best_{self.asked.scenario.minimise}"),
            )
            if others:
                route = others[0].route
                more.append(
                    text.say(
                        "second",
                        name=self._name(others[0]),
                        days=text.days(route.time_h.central),
                        km=text.km(route.length_km),
                        borders=text.plural("n_borders", len(route.crossings)),
                    )
                )
            low, high = text.days(band.low, unit=False), text.days(band.high)
            more.append(text.sentence(text.say("band", low=low, high=high)))
            more.append(self._quicker())
        else:
            top = text.say("head_none", **self._about)
        more.append(self._blocked())
        head = headline(
            self.title or text.sentence(top),
            text.paragraph(more),
            text.say("eyebrow", **self._about),
        )
        figures = [
            (
                text.days(item.route.time_h.central),
                text.days_range(item.route.time_h.low, item.route.time_h.high),
                self._lettered(item),
            )
            for item in self.open
        ]
        return join([head, key_figures(figures)] if figures else [head])

    def _quicker(self) -> str:
        """Return which corridor is quickest, where the first two are not."""
        text = self.text
        quickest = min(self.open, key=lambda item: item.route.time_h.central)
        if quickest in self.open[:2]:
            return ""
        days = text.days(quickest.route.time_h.central)
        return text.sentence(text.say("quicker", name=self._name(quickest), days=days))

    def _blocked(self) -> str:
        """Return what the scenario blocks, and where."""
        text = self.text
        blocked = [item for item in self.found if not item.open]
        if not blocked:
            return text.say("blocked_none")
        names = [text.say("shut_at", name=self._name(b), what=self._shut(b)) for b in blocked]
        return text.say("blocked", list=text("semicolon").join(names))

    def _shut(self, item: Corridor) -> str:
        return self.text.list_of(shut_name(name, item.route, self.text) for name in item.shut)

    def map(self) -> Figure:
        """Return the map of the corridors under how many they are."""
        text = self.text
        shown = self.open or self.found
        countries = {code for item in shown for code in item.route.countries}
        title = text.say(
            "map",
            corridors=text.plural("n_corridors", len(self.open)),
            countries=text.plural("n_countries", len(countries)),
        )
        sub = text.say(
            "map_sub",
            minimise=text.say(f"m_{self.asked.scenario.minimise}"),
            stretch=text.number(STRETCH, 1),
            overlap=text.percent(100 * OVERLAP),
        )
        figure = corridor_map(self.found, self.asked, text.language, self.viewpoint)
        return section(title, sub, figure, "map", text.say("s_map"))

    def days(self) -> Figure:
        """Return the chart of days under how much of them is waiting."""
        text = self.text
        shares = [100 * waiting_share(route) for route in self.routes if route.legs]
        ends = [text.percent(share) for share in (min(shares, default=0), max(shares, default=0))]
        key = "days" if ends[0] != ends[1] else "days_one"
        title = text.say(key, least=ends[0], most=ends[1])
        chart = days_chart(self.routes, text.language, keep_order=True)
        sub = text.say("days_sub", **self._ends)
        return section(title, sub, chart, "days", text.say("s_days"))

    def trip(self) -> Figure:
        """Return the itinerary of the best corridor."""
        text = self.text
        title = text.say(
            "trip",
            borders=text.plural("n_borders", len(self.asked.crossings)),
            gauges=text.plural("n_gauges", len(self.asked.gauge_breaks)),
        )
        figure = itinerary(self.asked, text.language)
        return section(title, "", figure, "trip", text.say("s_trip"))

    def table(self) -> Figure:
        """Return all figures of the corridors, blocked ones with what blocks them."""
        text = self.text
        cars = any(item.route.carries_vehicles for item in self.found)
        unit = text.say("vehicle") if cars else "TEU"
        mass = unit if cars else text("tonne")
        columns = [
            Column(text.say("col_corridor"), words=True),
            Column(text("km"), -1),
            Column(text("days"), 1),
            Column(f"US$ / {unit}", -1),
            Column(f"{text('kg_co2e')} / {mass}"),
            Column(text("col_borders")),
            Column(text("col_gauge_breaks")),
            Column(text.say("col_weight"), 2),
            Column(text.say("col_shared")),
        ]
        title = text.say("table")
        figure = table(columns, map(self._row, self.found), text, "corridors", about=title)
        return section(title, text.say("table_sub"), figure, "table", text.say("s_table"))

    def _row(self, item: Corridor) -> list[Any]:
        text, route = self.text, item.route
        name = self._lettered(item)
        if not item.open:
            name = text.aside(name, text.said(text("blocked"), self._shut(item)))
        posts = " · ".join(text.point(crossing.name) for crossing in route.crossings)
        countries = "–".join(dict.fromkeys(route.countries))
        time = route.time_h
        return [
            Cell(name, note=text.said(countries, posts)),
            route.length_km,
            Cell(
                time.central / 24,
                ends=(time.low / 24, time.high / 24),
                band=text.days_range(time.low, time.high),
            ),
            route.cost_usd.central,
            route.co2e_kg.central,
            len(route.crossings),
            len(route.gauge_breaks),
            item.ratio,
            100 * item.share,
        ]

    def sources(self) -> Figure:
        """Return the numbers behind the best route with their sources."""
        text = self.text
        numbers = numbers_behind(self.asked)
        columns = [
            Column(text.say("col_number"), words=True),
            Column(text.say("col_value")),
            Column(text.say("col_unit"), words=True),
            Column(text.say("col_basis"), words=True),
            Column(text.say("col_year")),
            Column(text.say("col_source"), words=True),
        ]
        assumed = sum(number.is_assumption for number in numbers)
        title = text.say("sources", n=len(numbers), k=assumed)
        figure = table(columns, map(self._source, numbers), text, "sources", about=title)
        return section(title, text.say("sources_sub"), figure, "sources", text.say("s_sources"))

    def _source(self, number: Number) -> list[Any]:
        text, row, band = self.text, number.row, number.row.band
        basis = text.say(f"basis_{row.retrieved}") if row.retrieved in _BASES else row.retrieved
        about = self._applies(row)
        ends = f"{text.plain(band.low)}–{text.plain(band.high)}"
        return [
            Cell(text.parameter(row.parameter), note=about),
            Cell(band.central, text.plain(band.central), (band.low, band.high), ends),
            text.phrase(row.unit),
            basis,
            Cell(row.year),
            Cell(row.source, with_links(self._origin_of(number))),
        ]

    def _origin_of(self, number: Number) -> str:
        """Return where a number is from: its source, or the observations that it is fitted to."""
        text, seen = self.text, number.observations()
        if not seen:
            return text.phrase(number.row.source)
        return text.plural("observations", len(seen), source=text.phrase(seen[0]["source"]))

    def _applies(self, row: Row) -> str:
        """Return what a parameter's row is about: a place on the way, or a mode and countries."""
        text, known = self.text, dict(row.keys)
        for name in ("crossing", "ferry", "terminal"):
            if name in known:
                return text.point_of(known[name])
        codes = [known[key] for key in ("country", "to_country") if key in known]
        if not codes:
            return text.phrase(row.applies_to)
        mode = [text.mode(known["mode"])] if "mode" in known else []
        return text.comma([*mode, " → ".join(map(text.country, codes))])
