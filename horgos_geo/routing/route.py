"""What an answer is: a route, its legs, and totals that its legs add up to."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from horgos_geo.model.estimate import ZERO, Estimate, root_sum_of_squares
from horgos_geo.model.network import Crossing
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import VEHICLES, Scenario
from horgos_geo.routing.impacts import ZERO_IMPACTS, Impacts, total

if TYPE_CHECKING:
    import geopandas as gpd

MOVING = ("road", "rail", "ferry")
#: Kinds of legs that are lines on a map; the others are points.
ON_THE_MAP = (*MOVING, "snap", "access")
# What is told of a part of a route, with digits.
_MEASURES = (("time_h", 2), ("cost_usd_per_teu", 1), ("co2e_kg_per_t", 3))
_OF_VEHICLES = (("cost_usd_per_vehicle", 2), ("co2e_kg_per_vehicle", 3))
_ENDS = ("", "_low", "_high")
LEG_COLUMNS = (
    "kind",
    "from",
    "to",
    "country",
    "length_km",
    "gauge_mm",
    "gauge_to_mm",
    "crossing_id",
    *(f"{name}{end}" for name, _ in _MEASURES for end in _ENDS),
    "note",
    "geometry",
)
VEHICLE_LEG_COLUMNS = tuple(f"{name}{end}" for name, _ in _OF_VEHICLES for end in _ENDS)
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

    def __repr__(self) -> str:
        km = f", {self.length_km:,.1f} km" if self.length_km else ""
        return f"<Leg {self.kind}: {self.from_name} – {self.to_name}, {self.country}{km}>"

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

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """A line where the leg moves, a point where it waits, in degrees."""
        if len(self.lonlat) > 1 and self.kind in ON_THE_MAP:
            return {"type": "LineString", "coordinates": self.lonlat.round(5).tolist()}
        point = self.lonlat[0].round(5).tolist() if len(self.lonlat) else []
        return {"type": "Point", "coordinates": point}

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
    Hours count these gaps, but not the way to a freight terminal. `cars_per_unit` is how many
    vehicles one lorry or train carries, none for other cargo. `warnings` say what a reader of the
    figures should know, a sentence each.
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
    warnings: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is a way."""
        return bool(self.legs)

    @property
    def network_legs(self) -> tuple[Leg, ...]:
        """The legs that count: all but the snap and access legs at the ends."""
        return tuple(leg for leg in self.legs if leg.kind not in ("snap", "access"))

    @property
    def counted_legs(self) -> tuple[Leg, ...]:
        """The legs whose hours, dollars and kilograms count: all but those to a rail terminal."""
        return tuple(leg for leg in self.legs if leg.kind != "access")

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
        km: dict[str, float] = {}
        for leg in self.network_legs:
            if leg.kind in MOVING:
                km[leg.country] = km.get(leg.country, 0.0) + leg.length_km
        return km

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
        """Sum of the hours, dollars and kilograms of all legs but those to a freight terminal."""
        return total(leg.measure for leg in self.counted_legs)

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
        return likely_hours(self.counted_legs)

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
        cost, cars = self.cost_usd_per_vehicle, self.cars_per_unit or ZERO
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
        values["warnings"] = list(self.warnings)
        values["attribution"] = ATTRIBUTION
        return values

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """Return the legs as a table.

        Returns
        -------
        geopandas.GeoDataFrame
            One row a leg, index `leg` from 1, EPSG:4326: a line for each leg that moves, a point
            for each border, change of gauge and transfer. Columns `LEG_COLUMNS`, and for vehicles
            `VEHICLE_LEG_COLUMNS`.

        Examples
        --------
        >>> import horgos_geo as hg
        >>> route = hg.Router(hg.load_network()).route("Horgos", "Almaty")
        >>> legs = route.to_geodataframe()
        >>> legs[legs["kind"] == "border"]["crossing_id"].tolist()
        ['khorgos-nur-zholy-road']
        """
        import geopandas as gpd
        from shapely.geometry import shape

        vehicles = self.carries_vehicles
        columns = [*LEG_COLUMNS[:-1], *(VEHICLE_LEG_COLUMNS if vehicles else ()), "geometry"]
        rows = [
            {**leg.to_dict(vehicles), "length_km": leg.length_km, "geometry": shape(leg)}
            for leg in self.legs
        ]
        index = range(1, len(rows) + 1)
        frame = gpd.GeoDataFrame(rows, index, columns, geometry="geometry", crs="EPSG:4326")
        frame = frame.astype({"gauge_mm": "Int64", "gauge_to_mm": "Int64"})
        return frame.rename_axis("leg")

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """The route as GeoJSON, for shapely, geopandas and whatever else reads it."""
        return self.to_geojson()

    def to_geojson(self) -> dict[str, Any]:
        """Return a GeoJSON FeatureCollection: lines where a leg moves, points where it waits."""
        features = [
            {
                "type": "Feature",
                "properties": leg.to_dict(self.carries_vehicles),
                "geometry": leg.__geo_interface__,
            }
            for leg in self.legs
            if len(leg.lonlat)
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

    def __repr__(self) -> str:
        ends = f"{self.origin.name} – {self.destination.name}"
        if not self.found:
            return f"<Route {ends}, {self.scenario.mode_label}: {self.status}>"
        return (
            f"<Route {ends}, {self.scenario.mode_label}: {self.length_km:,.0f} km, "
            f"{self.time_h.central / 24:,.1f} days, {len(self.legs)} legs>"
        )

    def _repr_html_(self) -> str | None:
        return _html[-1](self) if _html else None


_html: list[Callable[[Route], str]] = []


def register_html(renderer: Callable[[Route], str]) -> None:
    """Let routes be shown as HTML in notebooks by a function of a layer above this one."""
    _html.append(renderer)


def likely_hours(legs: Iterable[Leg]) -> Estimate:
    """Return the hours of legs with the low and high that are likely.

    Parameters
    ----------
    legs
        Of one route, or of several one after the other.
    """
    moving, waits = ZERO, []
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
