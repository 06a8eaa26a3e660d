"""Report 08: from a city in China by rail and by road, held against the sea."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from horgos_geo.analysis.sea import WAYS, ports
from horgos_geo.core.text import Text
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.views.display import Figure
from horgos_geo.views.maps import route_map
from horgos_geo.views.range_charts import estimate, range_chart
from horgos_geo.views.sections import headline, section, side_by_side
from horgos_geo.views.tables import Cell, Column, table

if TYPE_CHECKING:
    from horgos_geo.routing.route import Route

_MODES = {"rail": "rail", "road": "road", "sea": "ferry"}
_MEASURES = {"days": "days", "cost_usd_per_teu": "usd", "co2e_kg_per_t": "co2"}


class LandAndSeaReport:
    """The report on land and sea.

    Parameters
    ----------
    frame
        From `horgos_geo.land_and_sea`.
    origin
        The city in China.
    gateway
        The land port.
    routes
        Routes over land by rail and by road, for the map.
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
        gateway: Place,
        routes: Sequence[Route] = (),
        language: str = "en",
        title: str = "",
        viewpoint: str = "ISO",
    ) -> None:
        self.text = Text(language, "sea_")
        self.frame, self.routes, self.title, self.viewpoint = frame, routes, title, viewpoint
        self.origin, self.port = self.text.place(origin), self.text.place(gateway)
        known = {place.id: self.text.place(place) for place in places.destinations()}
        self.groups = [
            (known.get(str(end), str(part["name"].iloc[0])), part)
            for end, part in frame.groupby(level=0, sort=False)
        ]
        #: Destinations with figures both by rail and by sea.
        self.both = [
            (name, part)
            for name, part in self.groups
            if estimate(part, "rail", "days") and estimate(part, "sea", "days")
        ]
        self.ways = {
            way: (self.text.say("sea") if way == "sea" else self.text.mode(way), _MODES[way])
            for way in WAYS
        }

    @property
    def medians(self) -> pd.DataFrame:
        """Rows of a destination like any other: the medians over `both`."""
        frame = pd.concat([part for _, part in self.both])
        columns = [f"{m}{end}" for m in _MEASURES for end in ("", "_low", "_high")]
        middle = frame.groupby("way")[["length_km", *columns]].median().reset_index()
        return middle.assign(status="ok", port_from="", port_to="")

    def _rows(self) -> list[tuple[str, pd.DataFrame]]:
        """Return all destinations, the medians first where there are several."""
        if len(self.both) < 2:
            return self.groups
        return [(self.text.say("median", n=len(self.both)), self.medians), *self.groups]

    def answer(self) -> Figure:
        """Return what rail and the sea take, at the median."""
        text, eyebrow = self.text, self.text.say("eyebrow", name=self.origin)
        if not self.both:
            top = text.say("head_none", name=self.origin)
            return headline(self.title or text.sentence(top), text.say("assumed"), eyebrow)
        middle = self.medians
        found = {
            (way, measure): value.central
            for way in ("rail", "sea")
            for measure in _MEASURES
            if (value := estimate(middle, way, measure))
        }
        values = {
            f"{way}_{name}": write(found[way, measure])
            for way in ("rail", "sea")
            for measure, name, write in (
                ("days", "days", lambda days: text.days(days * 24)),
                ("cost_usd_per_teu", "usd", text.usd),
            )
        }
        top = text.say("head", name=self.origin, port=self.port, **values)
        emissions = {way: text.tens(found[way, "co2e_kg_per_t"]) for way in ("rail", "sea")}
        more = [text.say("co2_more", **emissions), text.plural("medians", len(self.both))]
        without = [name for name, part in self.groups if not estimate(part, "sea", "days")]
        if without:
            more.append(text.say("no_port_near", list=text.list_of(without)))
        more.append(text.say("assumed"))
        return headline(self.title or text.sentence(top), text.paragraph(more), eyebrow)

    def map(self) -> Figure:
        """Return the map of the routes over land, and the ports that the sea would take."""
        text = self.text
        lengths = {}
        for way in ("rail", "road"):
            found = self.frame.loc[self.frame["way"] == way, "length_km"].dropna()
            ends = [text.km_number(km) for km in (found.min(), found.max())] if len(found) else []
            lengths[way] = f"{'–'.join(dict.fromkeys(ends))} {text('km')}" if ends else "–"
        used = {*self.frame["port_from"], *self.frame["port_to"]} - {""}
        marked = [port for side in ("china", "abroad") for port in ports(side)]
        drawn = route_map(
            self.routes,
            text.language,
            self.viewpoint,
            ports=[port for port in marked if port.name in used],
        )
        title = text.say("map", n=len(self.groups), **lengths)
        return section(title, text.say("map_sub"), drawn, "map", text.say("s_map"))

    def compared(self) -> Figure:
        """Return days, dollars and emissions beside one another."""
        text = self.text
        charts = [
            self._chart("days", text("days"), lambda days: text.days(days * 24, unit=False)),
            self._chart("cost_usd_per_teu"),
            self._chart("co2e_kg_per_t"),
        ]
        counts = {
            "k": self._better("rail", "days"),
            "m": self._better("sea", "cost_usd_per_teu"),
            "e": self._better("sea", "co2e_kg_per_t"),
        }
        title = text.say("ways", n=len(self.both), **counts)
        sub, short = text.say("ways_sub"), text.say("s_ways")
        return section(title, sub, side_by_side(*charts), "compared", short)

    def _better(self, way: str, measure: str) -> int:
        """Return to how many destinations one of rail and sea takes less."""
        other = "sea" if way == "rail" else "rail"
        pairs = [
            (estimate(part, way, measure), estimate(part, other, measure)) for _, part in self.both
        ]
        return sum(one.central < two.central for one, two in pairs if one and two)

    def _chart(self, measure: str, unit: str = "", words: Any = None) -> Figure:
        text = self.text
        name = text.say(_MEASURES[measure])
        label = text.say("ways_alt", what=name, n=len(self.groups))
        return range_chart(
            self._rows(), self.ways, measure, name, text, label=label, unit=unit, words=words
        )

    def table(self) -> Figure:
        """Return all figures."""
        text = self.text
        columns = [
            Column(text("col_destination"), words=True),
            Column(text.say("col_way"), words=True),
            Column(text("km"), -1),
            Column(text.say("days"), 1),
            Column(text.say("usd"), -1),
            Column(text.say("co2"), -1),
            Column(text.say("col_ports"), words=True),
        ]
        rows = []
        for name, part in self._rows():
            for way, (words, _) in self.ways.items():
                row = part[part["way"] == way].iloc[0]
                cells = [self._cell(part, way, measure) for measure in _MEASURES]
                km = float(row["length_km"])
                rows.append([name, words, km, *cells, self._ports(way, row)])
        title = text.say("table")
        figure = table(columns, rows, text, "land-and-sea", about=title)
        return section(title, "", figure, "table", text.say("s_table"))

    def _cell(self, part: pd.DataFrame, way: str, measure: str) -> Cell:
        value = estimate(part, way, measure)
        if value is None:
            return Cell(None)
        text, digits = self.text, 1 if measure == "days" else -1
        ends = [text.number(end, digits) for end in (value.low, value.high)]
        return Cell(value.central, "", (value.low, value.high), "–".join(ends))

    def _ports(self, way: str, row: pd.Series) -> str:
        if way != "sea":
            return ""
        if row["status"] != "ok":
            return self.text.say("no_port")
        if not row["port_from"]:
            return ""
        return f"{self.text.point(row['port_from'])} – {self.text.point(row['port_to'])}"
