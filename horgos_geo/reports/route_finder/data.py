"""The atlas's routes as one small JSON document: every leg, line and name kept once."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from horgos_geo.core import datasets
from horgos_geo.reports.route_finder.lines import STEP_KM, cut
from horgos_geo.reports.route_finder.routes import Computed
from horgos_geo.views.projection import project
from horgos_geo.analysis.corridors import name_of
from horgos_geo.model.network import Crossing
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Leg, Route

FORMAT = 1
KINDS = ("road", "rail", "ferry", "border", "gauge", "transfer", "access", "snap")
LINES = ("road", "rail", "ferry", "access", "snap")
#: Whole units of the numbers: metres, hundredths of an hour, tenths of a dollar, grams.
SCALES = {"length_km": 1000, "time_h": 100, "cost_usd_per_teu": 10, "co2e_kg_per_t": 1000}
BANDS = ("time_h", "cost_usd_per_teu", "co2e_kg_per_t")

Row = tuple[Any, ...]


@dataclass
class _Table:
    """Rows kept once, by number."""

    rows: list[Any] = field(default_factory=list)
    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, row: Any) -> int:
        if row not in self.numbers:
            self.numbers[row] = len(self.rows)
            self.rows.append(row)
        return self.numbers[row]


@dataclass
class _Writer:
    legs: _Table = field(default_factory=_Table)
    spots: _Table = field(default_factory=_Table)
    crossings: _Table = field(default_factory=_Table)
    routes: _Table = field(default_factory=_Table)
    statuses: _Table = field(default_factory=_Table)
    lines: _Table = field(default_factory=_Table)
    names: _Table = field(default_factory=_Table)
    shapes: list[Any] = field(default_factory=list)

    def route(self, route: Route) -> int:
        """Number a route; one that was not found is -1 - its status."""
        status = self.statuses.number(route.status)
        if not route.found:
            return -1 - status
        by_id = {crossing.id: crossing for crossing in route.crossings}
        legs = tuple(self.legs.number(self._leg(leg, by_id)) for leg in route.legs)
        error = -1 if not math.isfinite(route.error_pct) else round(route.error_pct * 100)
        snaps = tuple(round(km * 1000) for km in route.snap_km)
        return self.routes.number((status, error, snaps, legs, self._name(route)))

    def _name(self, route: Route) -> int:
        """Number the usual name of a route's corridor; -1 where it has none."""
        row = _corridor_names().get(name_of(route))
        return self.names.number(row) if row else -1

    def _leg(self, leg: Leg, by_id: dict[str, Crossing]) -> Row:
        kind = KINDS.index(leg.kind)
        numbers = [round(leg.length_km * SCALES["length_km"])]
        for name in BANDS:
            band, scale = getattr(leg, name), SCALES[name]
            numbers += [round(v * scale) for v in (band.central, band.low, band.high)]
        if leg.kind in LINES:
            where, shape = -1, self._line(leg)
            if leg.kind == "ferry":
                where = self._crossing(leg, by_id)
        else:
            shape = -1
            where = self._crossing(leg, by_id) if leg.kind == "border" else self._spot(leg)
        gauges = (leg.gauge_mm, leg.gauge_to_mm) if leg.kind == "gauge" else ()
        return (kind, leg.country, where, shape, *numbers, *gauges)

    def _line(self, leg: Leg) -> int:
        line = np.ascontiguousarray(leg.lonlat, dtype=float)
        if len(line) < 2:
            return -1
        number = self.lines.number(line.tobytes())
        if number == len(self.shapes):
            self.shapes.append(line)
        return number

    def _crossing(self, leg: Leg, by_id: dict[str, Crossing]) -> int:
        crossing = by_id.get(leg.crossing_id)
        if crossing is None:
            # A ferry within one country has no crossing, only a name.
            return self.crossings.number((leg.crossing_id, leg.from_name, "", "", leg.kind))
        row: Row = (
            crossing.id,
            crossing.name,
            crossing.country_a,
            crossing.country_b,
            crossing.mode,
        )
        lon, lat = crossing.lon, crossing.lat
        if math.isfinite(lon) and crossing.mode != "ferry":
            row += _xy(lon, lat)
        return self.crossings.number(row)

    def _spot(self, leg: Leg) -> int:
        lon, lat = leg.lonlat[0] if len(leg.lonlat) else (math.nan, math.nan)
        return self.spots.number((leg.from_name, *_xy(lon, lat)))


@cache
def _corridor_names() -> dict[str, tuple[str, str, str]]:
    rows = datasets.read_rows("reference/corridors.csv")
    return {row["name"]: (row["name"], row["name_zh"], row["name_ru"]) for row in rows}


def _xy(lon: float, lat: float) -> tuple[float, float]:
    ((x, y),) = project([[lon, lat]])
    return round(float(x), 1), round(float(y), 1)


def _place(place: Place, aliases: str = "") -> list[Any]:
    x, y = _xy(place.lon, place.lat)
    names = [place.label(language) for language in ("en", "zh", "ru")]
    return [place.id, *names, place.country, x, y, aliases]


def to_json(computed: Computed, aliases: dict[str, str] | None = None) -> str:
    """Write all routes as JSON text.

    Parameters
    ----------
    computed
        The routes.
    aliases
        Further spellings by place id, joined by ``;``, for the search.

    Returns
    -------
    str
        One JSON object with short keys; `templates/atlas/data.js` reads it.
    """
    writer = _Writer()
    best = []
    distance = {}
    for i, place in enumerate(computed.destinations):
        for mode, scenario, criterion in product(
            computed.modes, computed.scenarios, computed.criteria
        ):
            route = computed.routes[mode, scenario, criterion][i]
            distance[place.id] = round(route.great_circle_km)
            best.append(writer.route(route))
    more = [
        [
            number
            for route in computed.detours.get(place.id, ())
            if (number := writer.route(route)) >= 0
        ]
        for place in computed.destinations
    ]
    pieces = cut(writer.shapes)
    content = {
        "v": FORMAT,
        "step": STEP_KM,
        "origin": _place(computed.origin),
        "places": [
            [*_place(place, (aliases or {}).get(place.id, "")), distance[place.id]]
            for place in computed.destinations
        ],
        "modes": list(computed.modes),
        "criteria": list(computed.criteria),
        "scenarios": [
            {
                "id": name,
                "name": scenario.name,
                "closed": list(scenario.closed_countries),
                "shut": list(scenario.closed_crossings),
                "ferries": scenario.ferries
                if isinstance(scenario.ferries, bool)
                else list(scenario.ferries),
                "borders": scenario.borders,
            }
            for name, scenario in computed.scenarios.items()
        ],
        "kinds": list(KINDS),
        "statuses": writer.statuses.rows,
        "pieces": pieces.texts,
        "lines": pieces.lines,
        "spots": writer.spots.rows,
        "crossings": writer.crossings.rows,
        "legs": writer.legs.rows,
        "names": writer.names.rows,
        "routes": [
            [status, error, list(snaps), _deltas(legs), name]
            for status, error, snaps, legs, name in writer.routes.rows
        ],
        "always": _always(computed, writer),
        "best": _deltas(best),
        "more": more,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _always(computed: Computed, writer: _Writer) -> list[int]:
    """Return the ferries that routes take even in scenarios without ferries."""
    ids = {
        leg.crossing_id
        for (_, name, _), routes in computed.routes.items()
        if computed.scenarios[name].ferries is False
        for route in routes
        for leg in route.legs
        if leg.kind == "ferry"
    }
    return [i for i, row in enumerate(writer.crossings.rows) if row[0] in ids and row[4] == "ferry"]


def _deltas(numbers: Any) -> str:
    """Write whole numbers as short text: steps from one to the next in printable characters."""
    text: list[str] = []
    last = 0
    for number in numbers:
        step = number - last
        last = number
        value = ~(step << 1) if step < 0 else step << 1
        while value >= 0x20:
            text.append(chr((0x20 | (value & 0x1F)) + 63))
            value >>= 5
        text.append(chr(value + 63))
    return "".join(text)
