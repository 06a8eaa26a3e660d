"""Routes as charts and tables show them: by destination, and their hours by kind."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route

MODE_ORDER = ("road", "rail", "multimodal")
#: Kinds of time in the order they are stacked; each is a colour in the style sheet.
TIMES = ("moving", "border", "gauge", "transfer", "ferry")
#: Those in which freight stands. Sailing is none of them, nor is the ferry's own wait in port.
WAITS = ("border", "gauge", "transfer")
#: Keys of the catalogue, where they are not the names of the kinds themselves.
TIME_WORDS = {"gauge": "gauge_change"}


@dataclass
class RouteRow:
    """One destination with its route by each mode."""

    place: Place
    routes: dict[str, Route] = field(default_factory=dict)

    @property
    def great_circle_km(self) -> float:
        """Kilometres, NaN where unknown."""
        return next((r.great_circle_km for r in self.routes.values()), math.nan)

    @property
    def sort_km(self) -> float:
        """What charts sort by: the road distance, else the shortest other one."""
        lengths = [
            self.routes[mode].length_km
            for mode in MODE_ORDER
            if mode in self.routes and math.isfinite(self.routes[mode].length_km)
        ]
        return lengths[0] if lengths else math.inf


def by_destination(routes: Iterable[Route], keep_order: bool = False) -> list[RouteRow]:
    """Group routes by destination, nearest first.

    Parameters
    ----------
    routes
        At most one by destination and mode counts: the last.
    keep_order
        Leave them in the order given.
    """
    rows: dict[str, RouteRow] = {}
    for route in routes:
        row = rows.setdefault(route.destination.id, RouteRow(route.destination))
        row.routes[route.scenario.mode_label] = route
    if keep_order:
        return list(rows.values())
    return sorted(rows.values(), key=lambda row: (row.sort_km, row.place.id))


def modes_of(rows: Iterable[RouteRow]) -> list[str]:
    """Return the modes that occur, in the order of the design."""
    seen = {mode for row in rows for mode in row.routes}
    return [mode for mode in MODE_ORDER if mode in seen]


def hours(route: Route) -> dict[str, float]:
    """Return the hours of a route by kind of time, in stacking order.

    Parameters
    ----------
    route
        A route; one that was not found has no hours.
    """
    total = dict.fromkeys(TIMES, 0.0)
    for leg in route.legs:
        value = leg.time_h.central
        if not math.isfinite(value) or leg.kind == "access":
            continue
        total["moving" if leg.kind in ("road", "rail", "snap") else leg.kind] += value
    return total


def waiting_share(route: Route) -> float:
    """Return the part of a route's hours in which freight stands, NaN without hours."""
    parts = hours(route)
    total = sum(parts.values())
    return sum(parts[kind] for kind in WAITS) / total if total else math.nan
