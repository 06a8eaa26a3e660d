"""What an answer is: a route, its legs, and totals that its legs add up to."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from horgos_geo.model.network import Crossing
from horgos_geo.model.parameters import Estimate, root_sum_of_squares
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import VEHICLES, Scenario
from horgos_geo.routing.weights import ZERO_IMPACTS, Impacts

OK = "ok"
THROUGH_CHINA = "through China"
NO_PATH = "no path"
CLOSED = "closed by scenario"
ORIGIN_FAR = "origin too far from network"
DESTINATION_FAR = "destination too far from network"
STATUSES = (OK, THROUGH_CHINA, NO_PATH, ORIGIN_FAR, DESTINATION_FAR, CLOSED)

MOVING = ("road", "rail", "ferry")
# What is told of a part of a route, with digits.
_MEASURES = (("time_h", 2), ("cost_usd_per_teu", 1), ("co2e_kg_per_t", 3))
_OF_VEHICLES = (("cost_usd_per_vehicle", 2), ("co2e_kg_per_vehicle", 3))
ATTRIBUTION = "© OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0); Natural Earth"


@dataclass(frozen=True, eq=False)
class Leg:
    """One part of a route: a stretch in one country by one mode, or one wait.

    `kind` is snap, access, road, rail, ferry, border, gauge or transfer. `lonlat` has shape
    (n, 2), degrees; a wait has one vertex or more at one place. Snap and access legs lie outside
    the route's own kilometres. `part` is the id of the terminal or ferry line whose numbers a wait
    has, with the side that a ship is boarded from where that matters.
    """

    kind: str
    from_name: str
    to_name: str
    country: str
    length_km: float = 0.0
    raw_length_km: float = 0.0
    gauge_mm: int = 0
    gauge_to_mm: int = 0
    crossing_id: str = ""
    measure: Impacts = ZERO_IMPACTS
    lonlat: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    note: str = ""
    part: str = ""

    @property
    def time_h(self) -> Estimate:
        """Hours, moving or waiting."""
        return self.measure.time_h

    @property
    def cost_usd_per_teu(self) -> Estimate:
        """US dollars per twenty-foot unit."""
        return self.measure.cost_usd_per_teu

    @property
    def co2e_kg_per_t(self) -> Estimate:
        """Kilograms of CO2 equivalent per tonne carried."""
        return self.measure.co2e_kg_per_t

    def to_dict(self, vehicles: bool = False) -> dict[str, Any]:
        """Return the leg as plain values, without its geometry.

        Parameters
        ----------
        vehicles
            Whether to say what one vehicle takes.
        """
        values: dict[str, Any] = {
            "kind": self.kind,
            "from": self.from_name,
            "to": self.to_name,
            "country": self.country,
            "distance_km": _round(self.length_km, 3),
        }
        if self.gauge_mm:
            values["gauge_mm"] = self.gauge_mm
        if self.kind == "gauge":
            values["gauge_to_mm"] = self.gauge_to_mm
        if self.crossing_id:
            values["crossing_id"] = self.crossing_id
        values |= _bands(self.measure, vehicles)
        if self.note:
            values["note"] = self.note
        return values


@dataclass(frozen=True, eq=False)
class Route:
    """The answer to one question; a missing route has no legs and a `status` that says why.

    Lengths are kilometres over the network; `great_circle_km` is the geodesic between the two
    places. `error_km` is the half-width of the band that the validation against published
    distances gives. `snap_km` holds the straight gaps between the places and the network.
    `cars_per_unit` is how many vehicles one lorry or train carries, none for other cargo.
    """

    status: str
    origin: Place
    destination: Place
    scenario: Scenario
    great_circle_km: float
    legs: tuple[Leg, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    snap_km: tuple[float, float] = (math.nan, math.nan)
    error_pct: float = math.nan
    note: str = ""
    cars_per_unit: Estimate | None = None

    @property
    def found(self) -> bool:
        """Whether there is a way."""
        return bool(self.legs)

    @property
    def network_legs(self) -> tuple[Leg, ...]:
        """The legs that count: all but the snap and access legs at the ends."""
        return tuple(leg for leg in self.legs if leg.kind not in ("snap", "access"))

    @property
    def length_km(self) -> float:
        """Kilometres over the network, NaN where there is no way."""
        return self._sum("length_km")

    @property
    def raw_length_km(self) -> float:
        """Kilometres as the source has them, before calibration."""
        return self._sum("raw_length_km")

    def _sum(self, name: str) -> float:
        if not self.found:
            return math.nan
        return math.fsum(getattr(leg, name) for leg in self.network_legs)

    @property
    def circuity(self) -> float:
        """Network length over great circle length."""
        return self.length_km / self.great_circle_km if self.great_circle_km > 0 else math.nan

    @property
    def error_km(self) -> float:
        """Half-width of the error band of `length_km`."""
        return self.length_km * self.error_pct / 100.0

    @property
    def country_km(self) -> dict[str, float]:
        """Kilometres by ISO 3166-1 alpha-3 code (SEA for ferries), in order of first entry."""
        total: dict[str, float] = {}
        for leg in self.network_legs:
            if leg.kind in MOVING:
                total[leg.country] = total.get(leg.country, 0.0) + leg.length_km
        return total

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries in the order passed; one that is entered again stands again."""
        sequence: list[str] = []
        for leg in self.network_legs:
            if leg.kind in ("road", "rail") and (not sequence or sequence[-1] != leg.country):
                sequence.append(leg.country)
        return tuple(sequence)

    @property
    def gauge_breaks(self) -> tuple[tuple[int, int, str], ...]:
        """Each break of gauge: from mm, to mm, where."""
        return tuple(
            (leg.gauge_mm, leg.gauge_to_mm, leg.from_name)
            for leg in self.legs
            if leg.kind == "gauge"
        )

    @property
    def transfers(self) -> tuple[str, ...]:
        """Names of the terminals where the freight changes mode."""
        return tuple(leg.from_name for leg in self.legs if leg.kind == "transfer")

    @cached_property
    def measure(self) -> Impacts:
        """Sum of the hours, dollars and kilograms of the legs."""
        total = ZERO_IMPACTS
        for leg in self.network_legs:
            total = total + leg.measure
        return total

    @property
    def time_h(self) -> Estimate:
        """Hours with low and high."""
        return self.measure.time_h

    @property
    def likely_h(self) -> Estimate:
        """Hours with the low and high that are likely; `time_h` has what is possible.

        A train that is slow in one country tends to be slow in the next, so moving varies as one;
        a bad week at one border says nothing of the wait at another.
        """
        return likely_hours(self.network_legs)

    @property
    def cost_usd_per_teu(self) -> Estimate:
        """US dollars per twenty-foot unit with low and high."""
        return self.measure.cost_usd_per_teu

    @property
    def co2e_kg_per_t(self) -> Estimate:
        """Kilograms of CO2 equivalent per tonne with low and high."""
        return self.measure.co2e_kg_per_t

    @property
    def carries_vehicles(self) -> bool:
        """Whether the cargo is vehicles."""
        return self.scenario.cargo in VEHICLES

    @property
    def cost_usd(self) -> Estimate:
        """US dollars per vehicle where vehicles are carried, else per twenty-foot unit."""
        return self.cost_usd_per_vehicle if self.carries_vehicles else self.cost_usd_per_teu

    @property
    def co2e_kg(self) -> Estimate:
        """Kilograms of CO2 equivalent per vehicle where vehicles are carried, else per tonne."""
        return self.co2e_kg_per_vehicle if self.carries_vehicles else self.co2e_kg_per_t

    @property
    def cost_usd_per_vehicle(self) -> Estimate:
        """US dollars per vehicle with low and high; nothing where the cargo is a container."""
        return self.measure.cost_usd_per_vehicle

    @property
    def co2e_kg_per_vehicle(self) -> Estimate:
        """Kilograms of CO2 equivalent per vehicle; nothing where the cargo is a container."""
        return self.measure.co2e_kg_per_vehicle

    @property
    def cost_usd_per_unit(self) -> Estimate:
        """US dollars per car, lorry or train, whichever carries the vehicles."""
        cost, cars = self.cost_usd_per_vehicle, self.cars_per_unit or ZERO_IMPACTS.time_h
        # A dear vehicle is one of few on its unit.
        return Estimate(cost.low * cars.high, cost.central * cars.central, cost.high * cars.low)

    @property
    def lonlat(self) -> NDArray[np.float64]:
        """All vertices over the network in order, shape (n, 2), degrees."""
        parts = [leg.lonlat for leg in self.network_legs if len(leg.lonlat)]
        if not parts:
            return np.zeros((0, 2))
        line = np.concatenate(parts)
        moved = np.ones(len(line), dtype=bool)
        moved[1:] = (line[1:] != line[:-1]).any(axis=1)
        return np.asarray(line[moved])

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain values: numbers as numbers, None where there is none."""
        values: dict[str, Any] = {
            "status": self.status,
            "origin": self.origin.name,
            "destination": self.destination.name,
            "mode": self.scenario.mode_label,
            "minimise": self.scenario.minimise,
            "distance_km": _round(self.length_km, 3),
            "distance_error_km": _round(self.error_km, 1),
            "raw_distance_km": _round(self.raw_length_km, 3),
            "great_circle_km": _round(self.great_circle_km, 3),
            "circuity": _round(self.circuity, 4),
            "countries": {iso3: _round(km, 3) for iso3, km in self.country_km.items()},
            "country_sequence": list(self.countries),
            "crossings": [crossing.id for crossing in self.crossings],
            "snap_km": [_round(km, 3) for km in self.snap_km],
        }
        vehicles = self.carries_vehicles
        bands = _bands(self.measure, vehicles)
        if vehicles:
            bands |= _band("cost_usd_per_unit", self.cost_usd_per_unit, 1)
        hours = self.likely_h
        bands["time_h_likely_low"] = _round(hours.low, 2)
        bands["time_h_likely_high"] = _round(hours.high, 2)
        values |= bands if self.found else dict.fromkeys(bands)
        if vehicles:
            cars = self.cars_per_unit
            values["cargo"] = self.scenario.cargo
            values["cars_per_unit"] = cars.central if cars else None
        values["gauge_breaks"] = [
            {"from_mm": a, "to_mm": b, "at": name} for a, b, name in self.gauge_breaks
        ]
        values["transfers"] = list(self.transfers)
        values["legs"] = [leg.to_dict(vehicles) for leg in self.legs]
        if self.note:
            values["note"] = self.note
        values["attribution"] = ATTRIBUTION
        return values

    def to_geojson(self) -> dict[str, Any]:
        """Return a GeoJSON FeatureCollection, a feature for each leg that moves."""
        features = [
            {
                "type": "Feature",
                "properties": leg.to_dict(self.carries_vehicles),
                "geometry": {"type": "LineString", "coordinates": leg.lonlat.round(5).tolist()},
            }
            for leg in self.legs
            if len(leg.lonlat) > 1
        ]
        summary = {k: v for k, v in self.to_dict().items() if k != "legs"}
        return {"type": "FeatureCollection", "properties": summary, "features": features}

    def to_gpx(self) -> str:
        """Return a GPX 1.1 track, a segment for each leg that moves."""
        segments = []
        for leg in self.legs:
            if len(leg.lonlat) > 1:
                points = "".join(f'<trkpt lat="{y:.5f}" lon="{x:.5f}"/>' for x, y in leg.lonlat)
                segments.append(f"<trkseg>{points}</trkseg>")
        name = escape(f"{self.origin.name} – {self.destination.name}, {self.scenario.mode_label}")
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<gpx version="1.1" creator="Horgos Geo" xmlns="http://www.topografix.com/GPX/1/1">\n'
            f'<metadata><copyright author="{escape(ATTRIBUTION)}"/></metadata>\n'
            f"<trk><name>{name}</name>{''.join(segments)}</trk>\n</gpx>\n"
        )

    def to_json(self) -> str:
        """Return `to_dict` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def _repr_html_(self) -> str:
        from horgos_geo.views.maps import route_html  # the display is drawn only where one is shown

        return route_html(self)


def likely_hours(legs: Iterable[Leg]) -> Estimate:
    """Return the hours of legs with the low and high that are likely.

    Parameters
    ----------
    legs
        Of one route, or of several one after the other.
    """
    moving, waits = ZERO_IMPACTS.time_h, []
    for leg in legs:
        if leg.kind in ("road", "rail"):
            moving = moving + leg.time_h
        else:
            waits.append(leg.time_h)
    return root_sum_of_squares(moving, waits)


def _bands(measure: Impacts, vehicles: bool = False) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, digits in (*_MEASURES, *(_OF_VEHICLES if vehicles else ())):
        values |= _band(name, getattr(measure, name), digits)
    return values


def _band(name: str, band: Estimate, digits: int) -> dict[str, float | None]:
    return {
        name: _round(band.central, digits),
        f"{name}_low": _round(band.low, digits),
        f"{name}_high": _round(band.high, digits),
    }


def _round(value: float, digits: int) -> float | None:
    return round(value, digits) if math.isfinite(value) else None
