"""From the elements of a path to the legs of a route."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.countries import SEA
from horgos_geo.core.geodesy import along, distance_km, point_along
from horgos_geo.core.point_names import gauge_place
from horgos_geo.model.estimate import Estimate
from horgos_geo.model.network import Crossing
from horgos_geo.model.places import Place
from horgos_geo.routing.access_leg import road_leg
from horgos_geo.routing.costs import RAIL, Element, Event
from horgos_geo.routing.route import Leg, Route
from horgos_geo.routing.weights import Weights

# A gap shorter than this is the width of a town square, not a leg.
_SNAP_LEG_KM = 0.05


@dataclass
class _Walk:
    """Legs and crossings gathered while walking along a path."""

    weights: Weights
    legs: list[Leg] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    stretch: list[Element] = field(default_factory=list)
    stretch_key: tuple[str, str, int] = ("", "", 0)

    def step(self, element: Element) -> None:
        """Add one element: to the stretch that is being gathered, or its events."""
        network = self.weights.network
        edge, start, end = element
        events = self.weights.costs.events(edge, end >= start)
        if events:
            self.flush()
            self.legs += [self._leg(event, element) for event in events]
            self.crossings += [e.crossing for e in events if e.crossing and e.kind != "gauge"]
            return
        country = network.countries[network.edge_country[edge]]
        kind = "rail" if network.mode[edge] == RAIL else "road"
        key = (kind, country, int(network.gauge_mm[edge]))
        if key != self.stretch_key:
            self.flush()
            self.stretch_key = key
        self.stretch.append(element)

    def flush(self) -> None:
        """Close the stretch that is being gathered."""
        if not self.stretch:
            return
        network = self.weights.network
        kind, country, gauge_mm = self.stretch_key
        share = np.array([abs(end - start) for _, start, end in self.stretch])
        edges = np.array([edge for edge, _, _ in self.stretch])
        self.legs.append(
            Leg(
                kind=kind,
                from_name="",
                to_name="",
                country=country,
                length_km=float((network.length_km[edges] * share).sum()),
                raw_length_km=float((network.raw_length_km[edges] * share).sum()),
                gauge_mm=gauge_mm,
                measure=self.weights.costs.moving(kind, country, edges, share),
                lonlat=_line(self.weights, self.stretch),
            )
        )
        self.stretch = []
        self.stretch_key = ("", "", 0)

    def _leg(self, event: Event, element: Element) -> Leg:
        """Return the leg of an event: a ship's way, or a wait at one place."""
        network = self.weights.network
        edge, start, end = element
        point = network.edge_lonlat(edge)[:1]
        crossing, name = event.crossing, event.name
        more: dict[str, Any] = {}
        if event.kind == "ferry":
            more = {
                "country": SEA,
                "length_km": float(network.length_km[edge]),
                "raw_length_km": float(network.raw_length_km[edge]),
                "lonlat": _line(self.weights, [element]),
            }
        elif event.kind == "gauge":
            gauges = int(network.gauge_mm[edge]), int(network.gauge_to_mm[edge])
            before, after = gauges if end >= start else gauges[::-1]
            more = {"gauge_mm": before, "gauge_to_mm": after}
            name = name or gauge_place(*point[0].tolist())
        elif crossing:
            unverified = crossing.kind == "unverified"
            more = {"note": "unverified crossing" if unverified else crossing.doubt}
        node = int(network.u[edge] if end >= start else network.v[edge])
        values = {"country": network.countries[network.node_country[node]], "lonlat": point, **more}
        return Leg(
            kind=event.kind,
            from_name=name,
            to_name=name,
            crossing_id=crossing.id if crossing else "",
            measure=event.impacts,
            part=event.part,
            **values,
        )


def build_route(
    weights: Weights,
    *,
    status: str,
    great_circle_km: float,
    parts: list[tuple[tuple[Element, ...], Place, Place]],
) -> Route:
    """Turn found paths into a route.

    Parameters
    ----------
    weights
        Network, scenario and parameters.
    status
        What to say of the route.
    great_circle_km
        Geodesic between its ends.
    parts
        One path for each pair of neighbouring stops, in order: its elements and both stops.
    """
    origin, destination = parts[0][1], parts[-1][2]
    walk = _Walk(weights)
    snaps: list[float] = []
    for elements, start, end in parts:
        before, snap_km = _end_legs(weights, start, elements[0], outward=True)
        walk.legs.extend(before)
        snaps.append(snap_km)
        for element in elements:
            walk.step(element)
        walk.flush()
        after, snap_km = _end_legs(weights, end, elements[-1], outward=False)
        walk.legs.extend(after)
        snaps.append(snap_km)
    legs = walk.legs
    return Route(
        status=status,
        origin=origin,
        destination=destination,
        scenario=weights.scenario,
        great_circle_km=great_circle_km,
        legs=_named(legs, origin, destination),
        crossings=tuple(crossing for crossing in walk.crossings if crossing.is_event),
        snap_km=(snaps[0], snaps[-1]),
        error_pct=_error_pct(weights, legs),
        cars_per_unit=_cars_per_unit(weights, legs),
    )


def _named(legs: list[Leg], origin: Place, destination: Place) -> tuple[Leg, ...]:
    """Give each moving leg the names of what stands before and after it."""
    named = list(legs)
    for i, leg in enumerate(named):
        if leg.kind in ("road", "rail"):
            before = next((x.to_name for x in reversed(named[:i]) if x.to_name), origin.name)
            after = next(
                (x.from_name for x in named[i + 1 :] if x.from_name and x.kind != "snap"),
                destination.name,
            )
            named[i] = replace(leg, from_name=before, to_name=after)
    return tuple(leg for leg in named if leg.kind != "boundary")


def _cars_per_unit(weights: Weights, legs: list[Leg]) -> Estimate | None:
    """Return how many vehicles the train carries, or the lorry where none goes by rail."""
    if weights.costs.vehicles is None:
        return None
    by_rail = any(leg.kind == "rail" for leg in legs)
    return weights.costs.vehicles.cars_per_unit("rail" if by_rail else "road")


def _error_pct(weights: Weights, legs: list[Leg]) -> float:
    """Return the error band in percent, weighted by the kilometres of each mode."""
    bands = weights.network.meta.get("error", {})
    total = error = 0.0
    for leg in legs:
        if leg.kind in ("road", "rail"):
            total += leg.length_km
            error += leg.length_km * float(bands.get(leg.kind, {}).get("band_pct", math.nan))
    return error / total if total else 0.0


def _end_legs(
    weights: Weights, place: Place, element: Element, outward: bool
) -> tuple[list[Leg], float]:
    """Return the legs between a place and the network, outside the route's own kilometres.

    By rail the route begins at the place's freight terminal, and the way there goes by road.
    """
    if place.gateway and weights.network.crossing[element[0]] >= 0:
        return [], 0.0  # a gateway is its crossing
    point = _line(weights, [element])[0 if outward else -1]
    ends = [(place.lon, place.lat)]
    names = [place.name]
    by_rail = weights.network.mode[element[0]] == RAIL
    if by_rail and place.terminal_lon is not None and place.terminal_lat is not None:
        ends.append((place.terminal_lon, place.terminal_lat))
        names.append(place.terminal_name or f"{place.name}, freight terminal")
    legs = []
    found = road_leg(weights.network, ends[0], ends[-1]) if len(ends) > 1 else None
    if found:
        length_km, line = found
        legs.append(
            Leg(
                kind="access",
                from_name=names[0] if outward else names[1],
                to_name=names[1] if outward else names[0],
                country=place.country,
                length_km=length_km,
                lonlat=line if outward else line[::-1],
                measure=weights.costs.rate("road", place.country) * length_km,
                note="by road between the place and its freight terminal, outside the totals",
            )
        )
    snap_km = distance_km(*ends[-1], *point)
    if snap_km > _SNAP_LEG_KM:
        line = np.array([ends[-1], point])
        legs.append(
            Leg(
                kind="snap",
                from_name=names[-1] if outward else "",
                to_name="" if outward else names[-1],
                country=place.country,
                length_km=snap_km,
                lonlat=line if outward else line[::-1],
                measure=weights.costs.snap(snap_km),
                note="straight line to the network, outside the kilometres",
            )
        )
    return (legs if outward else legs[::-1]), snap_km


def _line(weights: Weights, elements: list[Element]) -> NDArray[np.float64]:
    """Return the vertices along whole and partial edges in order, shape (n, 2)."""
    parts = []
    for edge, start, end in elements:
        line = weights.network.edge_lonlat(edge)
        if {start, end} != {0.0, 1.0}:
            fractions = along(line)
            low, high = min(start, end), max(start, end)
            inside = line[(fractions > low + 1e-9) & (fractions < high - 1e-9)]
            line = np.vstack([point_along(line, low), inside, point_along(line, high)])
        parts.append(line if end >= start else line[::-1])
    joined = np.concatenate(parts)
    moved = np.ones(len(joined), dtype=bool)
    moved[1:] = (joined[1:] != joined[:-1]).any(axis=1)
    return np.asarray(joined[moved])
