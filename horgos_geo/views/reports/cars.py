"""Report 06: what it takes to bring one car to the people of a country, and how many leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from horgos_geo.analysis.cars import exports, yearly
from horgos_geo.core.text import Text
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route
from horgos_geo.views.chart_forms import amount_bars
from horgos_geo.views.display import Figure
from horgos_geo.views.maps import route_map
from horgos_geo.views.range_charts import estimate, range_chart
from horgos_geo.views.rendering import with_links
from horgos_geo.views.sections import headline, section, side_by_side
from horgos_geo.views.tables import Cell, Column, table

if TYPE_CHECKING:
    import pandas as pd

TRAIN, TRUCK = "JSQ train", "carrier truck"
# The mode whose colour and form each is drawn in.
_MODES = {"driven": "multimodal", TRUCK: "road", TRAIN: "rail"}
_MEASURES = {"days": "days", "cost_usd_per_car": "usd", "co2e_kg_per_car": "co2"}


class CarsReport:
    """The report on cars.

    Parameters
    ----------
    frame
        From `horgos_geo.cars`.
    origin
        Where the cars set out.
    routes
        Routes of the train and of the carrier truck to large cities, for the map.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    viewpoint
        Whose view of the boundaries the map shows.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        origin: Place,
        routes: Sequence[Route] = (),
        language: str = "en",
        title: str = "",
        viewpoint: str = "ISO",
    ) -> None:
        self.text = Text(language, "cars_")
        self.frame, self.routes, self.title, self.viewpoint = frame, routes, title, viewpoint
        self.name = self.text.place(origin)
        self.groups = [
            (self.text.country(str(code)), part)
            for code, part in frame.groupby("country", sort=False)
        ]
        self.ways = {way: (self._way(way), mode) for way, mode in _MODES.items()}

    def _way(self, way: str) -> str:
        return self.text.say(way.replace(" ", "_"))

    def _days(self, days: float) -> str:
        # Tenths, since whole days would part what differs by less than its band.
        return self.text.number(days, 1)

    def answer(self) -> Figure:
        """Return how long a car travels by train to each country's people."""
        text, parts = self.text, []
        for country, part in self.groups:
            days = estimate(part, TRAIN, "days")
            if days:
                words = text.days(days.central * 24, 1)
                parts.append(text.say("head_part", days=words, country=country))
        top = text.say("none")
        if parts:
            top = text.say("head", name=self.name, list=text.clauses(parts))
        sub, eyebrow = text.say("head_sub"), text.say("eyebrow")
        return headline(self.title or text.sentence(top), sub, eyebrow)

    def costs(self) -> Figure:
        """Return days and dollars by each way of transport, and the table of all figures."""
        text = self.text
        charts = side_by_side(
            self._chart("days", text("days"), self._days), self._chart("cost_usd_per_car")
        )
        title = text.say("ways_plain")
        pairs = [
            [estimate(part, way, "cost_usd_per_car") for way in (TRAIN, TRUCK)]
            for _, part in self.groups
        ]
        known = [(train, truck) for train, truck in pairs if train and truck]
        overlaps = sum(train.high >= truck.low for train, truck in known)
        if known and self._train_is_cheapest():
            ends = [
                text.say("usd_range", ends=self._range(value.central for value in side))
                for side in zip(*known, strict=True)
            ]
            title = text.say("ways", rail=ends[0], truck=ends[1])
        sub = text.say("ways_sub", k=overlaps, n=len(known))
        below = self._table(title)
        return section(title, sub, [charts, below], "costs", text.say("s_ways"))

    def _train_is_cheapest(self) -> bool:
        """Return whether the train costs least in every country."""
        for _, part in self.groups:
            costs = {way: estimate(part, way, "cost_usd_per_car") for way in _MODES}
            central = {way: cost.central for way, cost in costs.items() if cost}
            if central and min(central, key=lambda way: central[way]) != TRAIN:
                return False
        return True

    def _range(self, values: Any) -> str:
        ends = sorted(values)
        return "–".join(dict.fromkeys(self.text.tens(value) for value in (ends[0], ends[-1])))

    def _chart(self, measure: str, unit: str = "", words: Any = None) -> Figure:
        text = self.text
        name = text.say(_MEASURES[measure])
        listed = text.list_of(way for way, _ in self.ways.values())
        label = text.say("ways_alt", what=name, n=len(self.groups), list=listed)
        return range_chart(
            self.groups, self.ways, measure, name, text, label=label, unit=unit, words=words
        )

    def _table(self, about: str) -> Figure:
        text = self.text
        columns = [
            Column(text.say("col_country"), words=True),
            Column(text.say("col_way"), words=True),
            Column(text("km"), -1),
            Column(text.say("days"), 1),
            Column(text.say("usd"), -1),
            Column(text.say("co2"), -1),
        ]
        rows = []
        for country, part in self.groups:
            for way, (words, _) in self.ways.items():
                row = part[part["way"] == way].iloc[0]
                km, error = float(row["length_km"]), float(row["error_km"])
                ends, band = (km - error, km + error), text.error(error)
                cells = [self._cell(part, way, measure) for measure in _MEASURES]
                length = Cell(km, text.km_number(km), ends, band)
                rows.append([country, words, length, *cells])
        return table(columns, rows, text, "cars", about=about)

    def _cell(self, part: pd.DataFrame, way: str, measure: str) -> Cell:
        value = estimate(part, way, measure)
        if value is None:
            return Cell(None)
        write = self._days if measure == "days" else self.text.tens
        band = f"{write(value.low)}–{write(value.high)}"
        return Cell(value.central, write(value.central), (value.low, value.high), band)

    def map(self) -> Figure:
        """Return the map of train and carrier truck to the large cities."""
        text = self.text
        lengths = {
            mode: [r.length_km for r in self.routes if r.found and r.scenario.mode_label == mode]
            for mode in ("rail", "road")
        }
        ranges = {
            mode: f"{self._range(values)} {text('km')}" if values else "–"
            for mode, values in lengths.items()
        }
        cities = {route.destination.id for route in self.routes}
        title = text.say("map", n=len(cities), **ranges)
        drawn = route_map(self.routes, text.language, self.viewpoint)
        return section(title, text.say("map_sub"), drawn, "map", text.say("s_map"))

    def exports(self) -> Figure:
        """Return exports by year as customs count them, and all published figures."""
        text, counts = self.text, yearly()
        last = max(counts)
        title = text.say("exports", n=text.number(counts[last]), year=last)
        listed = text.list_of(f"{year}: {text.number(n)}" for year, n in counts.items())
        label = text.say("exports_alt", list=listed)
        bars = amount_bars([(str(y), float(n)) for y, n in counts.items()], "home", text, label)
        columns = [
            Column(text.say("col_year"), words=True),
            Column(text.say("col_period"), words=True),
            Column(text.say("col_vehicles")),
            Column(text.say("col_what"), words=True),
            Column(text.say("col_basis"), words=True),
            Column(text.say("col_source"), words=True),
        ]
        frame = exports()
        shown = frame[frame["gateway"] == "horgos"].to_dict("records")
        figure = table(columns, map(self._export, shown), text, "exports", about=title)
        short = text.say("s_exports")
        return section(title, text.say("exports_sub"), [bars, figure], "exports", short)

    def _export(self, row: dict[Any, Any]) -> list[Any]:
        text, count = self.text, int(row["vehicles"])
        words = text.number(count)
        if row["qualifier"]:
            key = "more_than" if row["qualifier"] == "more than" else "derived"
            words = text.say(key, n=words)
        what = "what_both" if "in+out" in row["fact"] else "what_passed"
        if "export" in row["fact"]:
            what = "what_exports"
        return [
            str(row["year"]),
            text.phrase(row["period"]),
            Cell(count, words),
            text.say(what),
            text.phrase(row["basis"]),
            Cell(row["source"], with_links(row["source"])),
        ]
