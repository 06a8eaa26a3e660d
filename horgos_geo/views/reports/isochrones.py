"""Report 05: how far one gets from a place in some days, by train beside lorry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from horgos_geo.core.text import Text
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.views.area_map import area_map
from horgos_geo.views.chart_forms import Key, ticks
from horgos_geo.views.display import Figure
from horgos_geo.views.drawing import Area
from horgos_geo.views.plots import Curve, Scale, plot
from horgos_geo.views.sections import headline, section, side_by_side
from horgos_geo.views.tables import Column, table

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Classes of a map, from the nearest (darkest) to the farthest.
_STEPS = 4
#: Towns named on a map.
_TOWNS_NAMED = 8
#: The curve is read off so often a day.
_A_DAY = 8


class IsochronesReport:
    """The report on what can be reached within hours and kilometres.

    Parameters
    ----------
    rail, road
        From `horgos_geo.isochrones`, within the same hours.
    length
        From `horgos_geo.isochrones`, within kilometres.
    reached
        For ``rail`` and ``road``, how far each town is in hours, from `reached_towns`.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    viewpoint
        Whose view of the boundaries the maps show.
    """

    def __init__(
        self,
        rail: gpd.GeoDataFrame,
        road: gpd.GeoDataFrame,
        length: gpd.GeoDataFrame,
        reached: Mapping[str, pd.DataFrame],
        language: str = "en",
        title: str = "",
        viewpoint: str = "ISO",
    ) -> None:
        self.text = Text(language, "isochrones_")
        self.by_mode = {"rail": rail, "road": road}
        self.length, self.reached = length, reached
        self.title, self.viewpoint = title, viewpoint
        self.origin = Place(**rail.attrs["origin"])
        self.name = self.text.place(self.origin)

    def within(self, area: Any) -> str:
        """Return a budget in words: whole days as days."""
        text = self.text
        if area.measure == "distance":
            return text.say("kms", n=text.number(area.within))
        if area.within % 24 == 0 and area.within >= 48:
            return text.days(area.within)
        return text.say("hours", n=text.number(area.within))

    def _pairs(self) -> list[tuple[Any, Any]]:
        """Return the areas by rail and by road, budget by budget."""
        frames = (self.by_mode["rail"], self.by_mode["road"])
        return list(zip(*(frame.itertuples() for frame in frames), strict=True))

    def answer(self) -> Figure:
        """Return how many people a train and a lorry reach within the largest budget."""
        text = self.text
        *others, (rail, road) = self._pairs()
        top = text.say(
            "head",
            name=self.name,
            within=self.within(rail),
            rail=text.people(rail.population),
            road=text.people(road.population),
        )
        more = [
            text.say(
                "more",
                within=self.within(a),
                rail=text.people(a.population),
                road=text.people(b.population),
            )
            for a, b in others
        ]
        eyebrow = text.say("eyebrow", name=self.name)
        return headline(self.title or text.sentence(top), text.paragraph(more), eyebrow)

    def maps(self) -> Figure:
        """Return what a train and a lorry reach, beside one another in one frame."""
        text = self.text
        rail, road = self._pairs()[-1]
        title = text.say(
            "maps",
            within=self.within(rail),
            rail_towns=text.number(rail.towns),
            road_towns=text.number(road.towns),
        )
        tolerance = max(frame.attrs["tolerance_km"] for frame in self.by_mode.values())
        sub = text.say("maps_sub", km=text.number(tolerance, 1))
        widest = [a.geometry for a in (rail, road) if not a.geometry.is_empty]
        around = np.concatenate([shapely.get_coordinates(area) for area in widest] or [[]])
        drawn = [
            section(text.say(f"map_{mode}"), "", self._map(frame, around, half=True))
            for mode, frame in self.by_mode.items()
        ]
        below = self._table(self.by_mode.values(), "reached-hours", title)
        return section(title, sub, [side_by_side(*drawn), below], "maps", text.say("s_maps"))

    def _map(self, frame: gpd.GeoDataFrame, around: Any, half: bool = False) -> Figure:
        text, areas = self.text, list(frame.itertuples())
        count = max(len(areas) - 1, 1)
        steps = [_STEPS - round(i * (_STEPS - 1) / count) for i in range(len(areas))]
        painted = [
            Area(area.geometry, f"step{step}", self.within(area))
            for area, step in zip(areas, steps, strict=True)
            if not area.geometry.is_empty
        ]
        about = text.say(
            "map_alt",
            list=text.list_of(map(self.within, areas)),
            name=self.name,
            by_mode=text.by(frame.attrs["mode"]),
            parts=text.list_of(self._people(area) for area in areas),
        )
        marked = [self.origin, *_largest(areas[-1].geometry, _TOWNS_NAMED)]
        return area_map(
            painted[::-1], marked, about, text, self.viewpoint, around if len(around) else None,
            half=half,
        )

    def _people(self, area: Any) -> str:
        text = self.text
        return text.say("part", within=self.within(area), people=text.people(area.population))

    def _table(self, frames: Any, name: str, about: str) -> Figure:
        text = self.text
        columns = [
            Column(text.say("col_within"), words=True),
            Column(text.say("col_mode"), words=True),
            Column(text.say("col_area")),
            Column(text.say("col_network")),
            Column(text.say("col_towns")),
            Column(text.say("col_people"), 1),
        ]
        rows = [
            [self.within(a), text.mode(frame.attrs["mode"]), a.area_km2 / 1e3, a.network_km,
             int(a.towns), a.population / 1e6]
            for frame in frames
            for a in frame.itertuples()
        ]  # fmt: skip
        return table(columns, rows, text, name, about=about)

    def people(self) -> Figure:
        """Return people reached against days, by train and by lorry."""
        text = self.text
        most_h = float(self.by_mode["rail"]["within"].iloc[-1])
        hours = np.linspace(0.0, most_h, int(most_h / 24 * _A_DAY) + 1)
        curves = {mode: _people_within(self.reached[mode], hours) / 1e6 for mode in self.by_mode}
        highest = max(float(values[-1]) for values in curves.values()) or 1.0
        days = [day for day in range(int(most_h // 24) + 1)]
        x = Scale(most_h / 24, tuple(map(float, days)), text("days"))
        y = Scale(highest * 1.05, tuple(ticks(highest)))
        ends = {mode: text.people(float(values[-1]) * 1e6) for mode, values in curves.items()}
        rows = [
            [day, *(float(np.interp(24 * day, hours, curves[mode])) for mode in self.by_mode)]
            for day in days
        ]
        columns = [Column(text.say("col_day"))]
        columns += [Column(f"{text.mode(mode)}, {text.say('col_people')}", 1) for mode in curves]
        last = self.within(self._pairs()[-1][0])
        label = text.say("curve_alt", within=last, **ends)
        chart = plot(
            x,
            y,
            text,
            label,
            keys=[Key(f"key-line m-{mode}", text.mode(mode)) for mode in curves],
            curves=[Curve(mode, hours / 24, values) for mode, values in curves.items()],
            notes=[
                (mode, most_h / 24, float(values[-1]), ends[mode])
                for mode, values in curves.items()
            ],
            data=table(columns, rows, text, "people-by-day", about=label, folded=True),
        )
        title = self._curve_title(hours, curves, last)
        return section(title, text.say("curve_sub"), chart, "people", text.say("s_curve"))

    def _curve_title(self, hours: Any, curves: Mapping[str, Any], last: str) -> str:
        """Return from when on the train is ahead of the lorry."""
        text = self.text
        ahead = curves["rail"] > curves["road"]
        behind = curves["rail"] < curves["road"]
        if not behind.any() and ahead.any():
            return text.say("curve_rail", within=last)
        if not ahead.any() and behind.any():
            return text.say("curve_road", within=last)
        if ahead[-1]:
            turn = float(hours[np.flatnonzero(behind)[-1]])
            return text.say("curve", days=text.days(turn, 1))
        return text.say("curve_plain")

    def distances(self) -> Figure:
        """Return what lies within kilometres."""
        text, frame = self.text, self.length
        area = list(frame.itertuples())[-1]
        title = text.say(
            "length",
            within=self.within(area),
            by_mode=text.by(frame.attrs["mode"]),
            name=self.name,
            people=text.people(area.population),
            towns=text.number(area.towns),
        )
        sub = text.say("length_sub", km=text.number(frame.attrs["tolerance_km"], 1))
        drawn = self._map(frame, shapely.get_coordinates(area.geometry))
        below = self._table([frame], "reached-kilometres", title)
        return section(title, sub, [drawn, below], "length", text.say("s_length"))


def _people_within(towns: pd.DataFrame, hours: Any) -> Any:
    """Return the people of the towns reached within each number of hours."""
    summed = np.concatenate([[0], towns["population"].to_numpy().cumsum()])
    return summed[np.searchsorted(towns["value"].to_numpy(), hours, side="right")]


def _largest(area: Any, count: int) -> Sequence[Place]:
    """Return the most populous destinations inside an area."""
    inside = [p for p in places.destinations() if shapely.contains_xy(area, p.lon, p.lat)]
    return sorted(inside, key=lambda place: -place.population)[:count]
