"""Reach: how far one gets from a place within hours or kilometres, as areas, towns and people.

A point belongs to an area when the network nearest to it can be reached within the budget. That is
the rule by which routes snap: to the nearest vertex that can be used, at most 40 km away by road
and 80 km by rail. The way from there to the point counts for nothing, as in every distance here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.analysis import grid as _grid
from horgos_geo.core.countries import CHINA
from horgos_geo.core.errors import BadBudget, NoRoute
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.routing.od_matrix import nearby
from horgos_geo.routing.route import ATTRIBUTION
from horgos_geo.routing.router import Router
from horgos_geo.routing.snapping import CAP_KM

if TYPE_CHECKING:
    import pandas as pd
    from shapely import MultiPolygon

#: Least number of people of a town that is counted.
TOWN = 15_000
UNITS = {"h": "time", "d": "time", "km": "distance"}
_BUDGET = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(h|d|km)\s*", re.IGNORECASE)
_MOST_KM, _MOST_H = 30_000.0, 5_000.0

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Budget:
    """Hours or kilometres to spend; `measure` is time or distance."""

    value: float
    measure: str

    @property
    def label(self) -> str:
        """The budget as it is written: ``72 h`` or ``1000 km``."""
        return f"{self.value:g} {'h' if self.measure == 'time' else 'km'}"


@dataclass(frozen=True)
class Area:
    """What one budget reaches.

    `polygon` is in degrees, valid, its holes the land that lies nearer to roads not reached.
    """

    budget: Budget
    polygon: MultiPolygon
    area_km2: float
    network_km: float
    towns: int
    population: int


@dataclass(frozen=True, eq=False)
class Reach:
    """Areas around a place, the smallest budget first.

    `tolerance_km` is how far from its true place a boundary may be drawn. `values` holds the cost
    of the way to each of `towns`, NaN without one.
    """

    origin: Place
    mode: str
    areas: tuple[Area, ...]
    tolerance_km: float
    towns: tuple[Place, ...]
    values: Floats

    @cached_property
    def table(self) -> pd.DataFrame:
        """The towns: index `town`, columns `name, country, lon, lat, population, value`."""
        import pandas as pd

        names = ("name", "country", "lon", "lat", "population")
        columns = {name: [getattr(town, name) for town in self.towns] for name in names}
        index = pd.Index([town.id for town in self.towns], name="town")
        return pd.DataFrame({**columns, "value": self.values}, index=index)

    def to_geojson(self) -> dict[str, Any]:
        """Return a GeoJSON FeatureCollection, the largest area first so that all can be seen."""
        from shapely.geometry import mapping

        features = [
            {"type": "Feature", "properties": self._properties(area),
             "geometry": mapping(area.polygon)}
            for area in reversed(self.areas)
        ]  # fmt: skip
        return {
            "type": "FeatureCollection",
            "properties": {"origin": self.origin.name, "mode": self.mode,
                           "tolerance_km": round(self.tolerance_km, 2),
                           "attribution": ATTRIBUTION},
            "features": features,
        }  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain values, without the polygons."""
        return {
            "origin": self.origin.name,
            "mode": self.mode,
            "tolerance_km": round(self.tolerance_km, 2),
            "areas": [self._properties(area) for area in self.areas],
            "attribution": ATTRIBUTION,
        }

    @staticmethod
    def _properties(area: Area) -> dict[str, Any]:
        unit = "h" if area.budget.measure == "time" else "km"
        return {
            f"within_{unit}": area.budget.value,
            "area_km2": round(area.area_km2),
            "network_km": round(area.network_km),
            "towns": area.towns,
            "population": area.population,
        }


def budget(text: str) -> Budget:
    """Read a budget such as ``72h``, ``3d`` or ``1000 km``.

    Raises
    ------
    BadBudget
        Not a number with one of the units, or none that can be spent.
    """
    match = _BUDGET.fullmatch(text[:40])
    value = float(match[1].replace(",", ".")) if match else math.nan
    unit = match[2].lower() if match else ""
    value *= 24.0 if unit == "d" else 1.0
    most = _MOST_KM if unit == "km" else _MOST_H
    if not match or not 0 < value <= most:
        raise BadBudget(
            f"{text[:40]!r} is no budget. Write hours, days or kilometres, such as 72h, 3d or "
            f"1000km; at most {_MOST_H:,.0f} hours or {_MOST_KM:,.0f} km."
        )
    return Budget(value, UNITS[unit])


def reach(
    router: Router,
    origin: str | Place,
    within: Sequence[str | Budget],
    towns: Sequence[Place] | None = None,
    abroad: bool = False,
) -> Reach:
    """Return the areas that can be reached from a place within some budgets.

    Parameters
    ----------
    router
        By one mode or both; what it minimises is replaced by what is spent.
    origin
        Where to start. From a Chinese gateway a way leads abroad and stays there, or into China.
    within
        Budgets, all hours or all kilometres.
    towns
        Towns to count; all of 15,000 and more in Europe and Asia when left out.
    abroad
        From a Chinese gateway, leave China out: where exports get to.

    Raises
    ------
    BadBudget
        No budget, or hours beside kilometres.
    NoRoute
        No way starts at the place.
    """
    budgets = sorted(
        {budget(item) if isinstance(item, str) else item for item in within}, key=lambda b: b.value
    )
    if not budgets or len({b.measure for b in budgets}) > 1:
        raise BadBudget("Give budgets of one kind: hours or kilometres, such as 24h and 72h.")
    router = router.with_(minimise=budgets[0].measure)
    place = origin if isinstance(origin, Place) else places.resolve(origin)
    abroad = abroad and place.country == CHINA and place.gateway is not None
    field = _Field(router, place, abroad)
    grid = _grid.sample(field.at, field.points(budgets[-1].value), [b.value for b in budgets])
    counted = list(places.towns(TOWN) if towns is None else towns)
    counted = [town for town in counted if not (abroad and town.country == CHINA)]
    values = router.block([place], counted, through_china=False)[0][0] if counted else np.zeros(0)
    people = np.array([town.population for town in counted], dtype=np.int64)
    areas = []
    for item in budgets:
        inside = values <= item.value  # NaN is not
        polygon = grid.polygon(item.value)
        areas.append(
            Area(
                budget=item,
                polygon=polygon,
                area_km2=_grid.area_km2(polygon),
                network_km=field.network_km(item.value),
                towns=int(inside.sum()),
                population=int(people[inside].sum()),
            )
        )
    return Reach(
        origin=place,
        mode=router.scenario.mode_label,
        areas=tuple(areas),
        tolerance_km=grid.tolerance_km,
        towns=tuple(counted),
        values=values,
    )


class _Field:
    """What it costs to get from one place to any point near the network."""

    def __init__(self, router: Router, origin: Place, abroad: bool) -> None:
        self.router, self.network = router, router.network
        nodes = router.tree(origin)
        if not np.isfinite(nodes).any():
            raise NoRoute(
                f"No way by {router.scenario.mode_label} starts at {origin.name}: nothing is near, "
                "or the scenario shuts it. Name another place."
            )
        shut = router._closed(origin, None, through_china=False) or frozenset()
        # Countries that may be reached though not crossed are part of the answer.
        enter = {*router.scenario.destination_only} | (set() if abroad else {CHINA})
        shut -= enter - {*router.scenario.closed_countries}
        self.usable = router._usable_edges(shut)
        codes = [self.network.country_code.get(iso3, -1) for iso3 in shut]
        self.shut_country = np.zeros(len(self.network.countries), dtype=bool)
        self.shut_country[[code for code in codes if code >= 0]] = True
        self.forward, self.backward = _edge_costs(router)
        self.from_u, self.from_v = nodes[self.network.u], nodes[self.network.v]
        self.costs = {mode: self._vertex_costs(mode) for mode in router.scenario.modes}

    def _vertex_costs(self, mode: str) -> Floats:
        near = nearby(self.router, mode)
        edge, fraction = near.vertices.edge, near.fraction
        costs = np.minimum(
            self.from_u[edge] + fraction * self.forward[edge],
            self.from_v[edge] + (1.0 - fraction) * self.backward[edge],
        )
        return np.asarray(np.where(self.usable[edge], costs, np.inf))

    def points(self, most: float) -> Floats:
        """Return longitude and latitude of the vertices reached within a budget, shape (n, 2)."""
        parts = []
        for mode, costs in self.costs.items():
            position = nearby(self.router, mode).vertices.position[costs <= most]
            network = self.network
            parts.append(
                np.column_stack([network.coord_lon[position], network.coord_lat[position]])
            )
        return np.concatenate(parts)

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Return the cost at points (n), inf where no network is near or it cannot be used."""
        best = np.full(len(lon), np.inf)
        for mode, costs in self.costs.items():
            near = nearby(self.router, mode)
            vertex, met = near.closest(lon, lat, CAP_KM[mode])
            edge = near.vertices.edge[vertex]
            country = self.network.edge_country[edge].astype(np.int64)
            fits = met & self.usable[edge]
            found = np.where(fits, costs[vertex], np.inf)
            # Beside a piece that cannot be used, the usable network may be near enough; not so in
            # a country that is shut.
            again = np.flatnonzero(met & ~fits & ~self.shut_country[country])
            if len(again):
                snaps = near.nearest(
                    lon[again], lat[again], country[again], self.usable, CAP_KM[mode]
                )
                found[again] = np.where(snaps.vertex >= 0, costs[snaps.vertex], np.inf)
            best = np.minimum(best, found)
        return best

    def network_km(self, most: float) -> float:
        """Return the kilometres of road and rail reached, edges cut where the budget ends."""
        network = self.network
        edges = np.flatnonzero(self.usable & network.is_mode(*self.router.scenario.modes))
        share = sum(
            np.clip((most - start[edges]) / np.maximum(cost[edges], 1e-9), 0.0, 1.0)
            for start, cost in ((self.from_u, self.forward), (self.from_v, self.backward))
        )
        return float((network.length_km[edges] * np.minimum(share, 1.0)).sum())


def _edge_costs(router: Router) -> tuple[Floats, Floats]:
    """Return kilometres or hours of every edge (M), forward and backward."""
    network = router.network
    if router.scenario.minimise == "distance":
        forward = backward = network.length_km
    else:
        forward, backward = router.weights.objective(frozenset())
    return forward, np.where(network.oneway, np.inf, backward)
