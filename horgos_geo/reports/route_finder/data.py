"""The overlay as one small JSON document: all that the page needs to find and tell a route."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from horgos_geo.analysis import corridors
from horgos_geo.core import datasets
from horgos_geo.core.point_names import gauge_place
from horgos_geo.core.polyline import encode
from horgos_geo.core.text import LANGUAGES
from horgos_geo.model.estimate import Estimate
from horgos_geo.core.choices import MODES
from horgos_geo.model.parameters import Parameters, load_parameters
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.reports.route_finder.overlay import MOVING, Modes, Overlay
from horgos_geo.routing.access_leg import road_leg
from horgos_geo.routing.costs import Event
from horgos_geo.routing.impacts import Impacts
from horgos_geo.routing.weights import DETOUR_KM, Weights
from horgos_geo.views.projection import project

FORMAT = 2
#: Size of a unit of lines, and what a line may be simplified by, kilometres on the map's plane.
STEP_KM = 0.1
TOLERANCE_KM = 0.25
#: Lengths of stretches are whole units of so many kilometres.
LENGTH_KM = 0.01
MINIMISE = ("time", "distance", "cost", "co2e", "generalised")


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


def to_json(
    overlay: Overlay, scenarios: dict[str, Scenario], parameters: Parameters | None = None
) -> str:
    """Write an overlay with all that it takes to go along it as JSON text.

    Parameters
    ----------
    overlay
        The overlay.
    scenarios
        What the page offers to begin with, by id; the plain one first.
    parameters
        Speeds, waits and prices. Default: those that come with the package.
    """
    return json.dumps(
        _Writer(overlay, parameters or load_parameters()).content(scenarios),
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )


class _Writer:
    def __init__(self, overlay: Overlay, parameters: Parameters) -> None:
        self.overlay, self.network = overlay, overlay.network
        self.parameters = parameters
        self.weights = Weights(self.network, Scenario(modes=MOVING, ferries=True), parameters)
        self.impacts, self.names, self.sources = _Table(), _Table(), _Table()
        xy = project(np.column_stack([self.network.lon, self.network.lat])[overlay.nodes])
        self.xy = np.rint(xy / STEP_KM).astype(np.int64)

    def content(self, scenarios: dict[str, Scenario]) -> dict[str, Any]:
        network, overlay, parameters = self.network, self.overlay, self.parameters
        events = [self._event(i) for i in range(len(overlay.events))]
        return {
            "v": FORMAT,
            "step": STEP_KM,
            "lengthKm": LENGTH_KM,
            "countries": list(network.countries),
            "nodes": {
                "x": deltas(self.xy[:, 0].tolist()),
                "y": deltas(self.xy[:, 1].tolist()),
                "country": deltas(network.node_country[overlay.nodes].tolist()),
            },
            "stretches": self._stretches(),
            "events": events,
            "impacts": self.impacts.rows,
            "names": self.names.rows,
            "sources": self.sources.rows,
            "crossings": [
                [c.id, c.name, c.country_a, c.country_b, c.mode, int(c.is_event),
                 int(c.status in ("open", "limited"))]
                for c in network.crossings
            ],
            "rates": self._rates(),
            "detourKm": DETOUR_KM,
            "returnDetours": parameters.return_detours,
            "snapHours": [_short(value) for value in _band(1.0 / parameters.snap_kmh)],
            "errorPct": {
                mode: network.meta.get("error", {}).get(mode, {}).get("band_pct") for mode in MOVING
            },
            "places": [self._place(i, place) for i, place in enumerate(overlay.places)],
            "scenarios": [_scenario(name, scenario) for name, scenario in scenarios.items()],
            "valueOfTime": Scenario().value_of_time_usd_per_h,
            "minimise": list(MINIMISE),
            "corridors": _rules(),
            "limits": {"stretch": corridors.STRETCH, "overlap": corridors.OVERLAP,
                       "most": corridors.MOST},
        }  # fmt: skip

    # Moving -------------------------------------------------------------------------------------

    def _stretches(self) -> dict[str, Any]:
        many = self.overlay.stretches
        return {
            "u": deltas(stretch.u for stretch in many),
            "v": deltas(stretch.v for stretch in many),
            "km": deltas(round(stretch.length_km / LENGTH_KM) for stretch in many),
            "mode": deltas(MODES.index(stretch.mode) for stretch in many),
            "signed": [
                [i, _short(stretch.signed_km), _short(stretch.signed_h)]
                for i, stretch in enumerate(many)
                if stretch.signed_km > 0
            ],
            "oneWay": [
                [i, int(stretch.forth)]
                for i, stretch in enumerate(many)
                if not (stretch.forth and stretch.back)
            ],
            "lines": " ".join(
                self._line(stretch.lonlat(self.network), stretch.u) for stretch in many
            ),
        }

    def _line(self, lonlat: Any, start: int) -> str:
        """Return the vertices between the ends of a line, counted from its first."""
        xy = shapely.get_coordinates(
            shapely.simplify(shapely.LineString(project(lonlat)), TOLERANCE_KM)
        )
        inner = np.rint(xy[1:-1] / STEP_KM).astype(np.int64) - self.xy[start]
        return encode(inner, 1.0) if len(inner) else ""

    def _rates(self) -> dict[str, dict[str, list[float]]]:
        """Return what a kilometre takes by mode and country."""
        used = sorted({(stretch.mode, stretch.country) for stretch in self.overlay.stretches})
        rates: dict[str, dict[str, list[float]]] = {mode: {} for mode in MOVING}
        for mode, country in used:
            rates[mode][country] = _numbers(self.weights.costs.rate(mode, country))
        return rates

    # Events -------------------------------------------------------------------------------------

    def _event(self, i: int) -> list[Any]:
        network = self.network
        edge = int(self.overlay.events[i])
        u, v = self.overlay.ends[i].tolist()
        there, back = (self.weights.costs.events(edge, forward) for forward in (True, False))
        ferry = MODES[network.mode[edge]] == "ferry"
        row: list[Any] = [
            u,
            v,
            int(network.mode[edge]),
            int(network.crossing[edge]),
            int(self.weights.detours[edge]),
            [self._part(edge, *pair) for pair in zip(there, back, strict=True)],
            [int(network.gauge_mm[edge]), int(network.gauge_to_mm[edge])],
        ]
        if ferry:
            line = self._line(network.edge_lonlat(edge), u)
            row += [
                round(float(network.length_km[edge]), 3),
                line,
                network.links[network.link[edge]],
            ]
        return row

    def _part(self, edge: int, there: Event, back: Event) -> list[Any]:
        """Return what happens on an edge: the kind, its name, what it takes either way."""
        name = there.name
        if there.kind == "gauge" and not name:
            name = gauge_place(*self.network.edge_lonlat(edge)[0].tolist())
        return [
            there.kind,
            self.names.number(name),
            self._impacts(there.impacts),
            self._impacts(back.impacts),
        ]

    def _impacts(self, impacts: Impacts) -> int:
        rows = impacts.time_h.rows
        sources = tuple(
            dict.fromkeys(
                self.sources.number((row.source, row.year, row.retrieved)) for row in rows
            )
        )
        return self.impacts.number((*_numbers(impacts), sources))

    # Places -------------------------------------------------------------------------------------

    def _place(self, i: int, place: Place) -> list[Any]:
        """Return a place: names, where it is, where it meets road and rail, its own crossings."""
        access = {
            mode if len(modes) == 1 else f"multimodal/{mode}": met
            for modes, mode in self.overlay.access
            if (met := self._access(i, place, modes, mode)) != 0
        }
        for mode in MOVING:
            # Mostly the same whether the other mode may be used or not.
            if access.get(f"multimodal/{mode}") == access.get(mode):
                access.pop(f"multimodal/{mode}", None)
        index = self.network.crossing_index
        crossing = self.network.crossing[self.overlay.events]
        gates = {
            mode: np.flatnonzero(crossing == index[id_]).tolist()
            for mode, id_ in (place.gateway or {}).items()
            if id_ in index
        }
        return [
            place.id,
            *(place.label(language) for language in LANGUAGES),
            place.country,
            round(place.lon, 4),
            round(place.lat, 4),
            *_xy(place.lon, place.lat),
            ";".join(_aliases().get(place.id, ())),
            access,
            gates if place.gateway else 0,
        ]

    def _access(self, i: int, place: Place, modes: Modes, mode: str) -> list[Any] | int:
        """Return where a place meets a mode; 1 where what is near is cut off, 0 for nothing."""
        met = self.overlay.access[modes, mode]
        if met.stretch[i] < 0:
            return int(met.cut_off[i])
        row: list[Any] = [
            int(met.stretch[i]),
            round(float(met.fraction[i]), 5),
            round(float(met.snap_km[i]), 2),
        ]
        if mode == "rail" and place.terminal_lon is not None and place.terminal_lat is not None:
            terminal = place.terminal_lon, place.terminal_lat
            row += _xy(*terminal)
            by_road = road_leg(self.network, (place.lon, place.lat), terminal)
            if by_road:
                xy = shapely.LineString(project(by_road[1]))
                line = shapely.get_coordinates(shapely.simplify(xy, TOLERANCE_KM))
                row += [round(by_road[0], 2), encode(line, STEP_KM)]
        return row


def _numbers(impacts: Impacts) -> list[float]:
    """Return hours, dollars and kilograms, each central, low and high, to six digits."""
    values = (impacts.time_h, impacts.cost_usd_per_teu, impacts.co2e_kg_per_t)
    return [_short(value) for band in values for value in _band(band)]


def _band(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.central, estimate.low, estimate.high


def _short(value: float) -> float:
    rounded = float(f"{value:.6g}")
    return int(rounded) if rounded.is_integer() else rounded


def _xy(lon: float, lat: float) -> tuple[float, float]:
    ((x, y),) = project([[lon, lat]])
    return round(float(x), 1), round(float(y), 1)


def _aliases() -> dict[str, tuple[str, ...]]:
    tables = ("destinations", "gateways", "origins")
    rows = [row for name in tables for row in datasets.read_rows(f"reference/{name}.csv")]
    return {row["id"]: tuple(filter(None, row.get("aliases", "").split(";"))) for row in rows}


def _scenario(name: str, scenario: Scenario) -> dict[str, Any]:
    ferries = scenario.ferries
    return {
        "id": name,
        "name": scenario.name,
        "countries": list(scenario.closed_countries),
        "crossings": list(scenario.closed_crossings),
        "opened": list(scenario.opened_crossings),
        "ferries": ferries if isinstance(ferries, bool) else list(ferries),
        "borders": scenario.borders,
        "destinationOnly": list(scenario.destination_only),
    }


def _rules() -> list[list[Any]]:
    """Return the usual names of corridors, and what a route must and must not use for each."""
    cut = ("needs", "without", "crossings")
    return [
        [
            [row["name"], row["name_zh"], row["name_ru"]],
            *(list(filter(None, row[key].split("|"))) for key in cut),
        ]
        for row in datasets.read_rows("reference/corridors.csv")
    ]


def deltas(numbers: Iterable[int]) -> str:
    """Write whole numbers as short text: steps from one to the next in printable characters."""
    text: list[str] = []
    last = 0
    for number in numbers:
        step, last = number - last, number
        value = ~(step << 1) if step < 0 else step << 1
        while value >= 0x20:
            text.append(chr((0x20 | (value & 0x1F)) + 63))
            value >>= 5
        text.append(chr(value + 63))
    return "".join(text)
