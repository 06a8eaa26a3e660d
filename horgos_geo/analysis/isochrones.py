"""Isochrones: how far one gets from a place within hours or kilometres.

A point belongs to an area when the network nearest to it can be reached within the budget. That is
the rule by which routes snap: to the nearest road or line that can be used, at most 40 km away by
road and 80 km by rail. The straight line from there to the point counts in hours at a stated speed,
and for nothing in kilometres.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.analysis import grid
from horgos_geo.core.countries import CHINA
from horgos_geo.core.errors import BadBudget, NoRoute
from horgos_geo.model import places
from horgos_geo.model.places import Place, PlaceLike
from horgos_geo.model.territory import territory
from horgos_geo.routing.router import Router
from horgos_geo.routing.snapping import CAP_KM, CHECKED_KM, Snaps

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Least number of people of a town that is counted.
TOWN = 15_000
COLUMNS = ("measure", "within", "area_km2", "network_km", "towns", "population", "geometry")
_MEASURES = {"h": "time", "d": "time", "km": "distance"}
_BUDGET = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(h|d|km)\s*", re.IGNORECASE)
_MOST_KM, _MOST_H = 30_000.0, 5_000.0

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, order=True)
class Budget:
    """Hours or kilometres to spend; `measure` is time or distance."""

    value: float
    measure: str

    @property
    def label(self) -> str:
        """The budget as it is written: ``72 h`` or ``1000 km``."""
        return f"{self.value:g} {'h' if self.measure == 'time' else 'km'}"


def budget(text: str) -> Budget:
    """Read a budget such as ``72h``, ``3d`` or ``1000 km``.

    Raises
    ------
    BadBudget
        Not a number with one of the units, or none that can be spent.

    Examples
    --------
    >>> budget("3d")
    Budget(value=72.0, measure='time')
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
    return Budget(value, _MEASURES[unit])


def isochrones(
    router: Router,
    origin: PlaceLike,
    budgets: Sequence[str | Budget],
    towns: Sequence[Place] | None = None,
    abroad: bool = False,
) -> gpd.GeoDataFrame:
    """Return the areas that can be reached from a place within some budgets.

    Parameters
    ----------
    router
        By one mode or both; what it minimises is replaced by what is spent.
    origin
        Where to start. From a Chinese gateway a route leads abroad and stays there, or into China.
    budgets
        All hours or all kilometres.
    towns
        Towns to count; all of 15,000 and more in Europe and Asia when left out.
    abroad
        From a Chinese gateway, leave China out: where exports get to.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a budget, the smallest first, index `budget` (such as ``72 h``), columns `COLUMNS`:
        `within` in hours or kilometres as `measure` says, area, length of the network and towns
        and people inside. The geometry is valid; its holes are land nearer to roads not reached.
        `attrs` hold the `origin` (fields of a place), the `mode`, and `tolerance_km`, which is how
        far from its true place a boundary may be drawn.

    Raises
    ------
    BadBudget
        No budget, or hours beside kilometres.
    NoRoute
        No route starts at the place.
    """
    import geopandas as gpd

    spent = sorted({budget(item) if isinstance(item, str) else item for item in budgets})
    measures = {item.measure for item in spent}
    if len(measures) != 1:
        raise BadBudget("Give budgets of one kind: hours or kilometres, such as 24h and 72h.")
    measure = measures.pop()
    router = router.with_(minimise=measure)
    place = places.resolve(origin)
    abroad = abroad and place.country == CHINA and place.gateway is not None
    field = _Field(router, place, abroad)
    limits = [item.value for item in spent]
    sampled = grid.sample(field.at, field.points(limits[-1]), limits)
    reached = _reached(router, place, abroad, towns)
    areas = [sampled.polygon(limit) for limit in limits]
    inside = [reached.loc[reached["value"] <= limit, "population"] for limit in limits]
    columns = {
        "measure": measure,
        "within": limits,
        "area_km2": [grid.area_km2(area) for area in areas],
        "network_km": [field.network_km(limit) for limit in limits],
        "towns": [len(people) for people in inside],
        "population": [int(people.sum()) for people in inside],
    }
    labels = [item.label for item in spent]
    frame = gpd.GeoDataFrame(columns, index=labels, geometry=areas, crs="EPSG:4326")
    frame.attrs = {
        "origin": asdict(place),
        "mode": router.scenario.mode_label,
        "tolerance_km": sampled.tolerance_km,
    }
    return frame.rename_axis("budget")


def reached_towns(
    router: Router,
    origin: str | Place,
    measure: str = "time",
    towns: Sequence[Place] | None = None,
    abroad: bool = False,
) -> pd.DataFrame:
    """Return how far each town is from a place, the nearest first.

    Parameters
    ----------
    router
        By one mode or both; what it minimises is replaced.
    origin
        Where to start.
    measure
        ``time`` or ``distance``.
    towns
        All of 15,000 people and more in Europe and Asia when left out.
    abroad
        From a Chinese gateway, leave China out.

    Returns
    -------
    pandas.DataFrame
        One row a town that is reached, index `town` (place id), columns ``name, country,
        population, value``: hours or kilometres.
    """
    place = places.resolve(origin)
    abroad = abroad and place.country == CHINA and place.gateway is not None
    return _reached(router.with_(minimise=measure), place, abroad, towns)


def _reached(
    router: Router, place: Place, abroad: bool, towns: Sequence[Place] | None
) -> pd.DataFrame:
    import pandas as pd

    counted = list(places.towns(TOWN) if towns is None else towns)
    counted = [town for town in counted if not (abroad and town.country == CHINA)]
    costs = np.zeros(0)
    if counted:
        costs = router.od_matrix([place], counted, through_china=False)[0][0]
    columns = {
        "name": [town.name for town in counted],
        "country": [town.country for town in counted],
        "population": np.array([town.population for town in counted], dtype=np.int64),
        "value": costs,
    }
    frame = pd.DataFrame(columns, index=pd.Index([town.id for town in counted], name="town"))
    return frame.dropna(subset="value").sort_values("value", kind="stable")


class _Field:
    """What it costs to get from one place to any point near the network."""

    def __init__(self, router: Router, origin: Place, abroad: bool) -> None:
        self.router, self.network = router, router.network
        nodes = router.tree(origin)
        if not np.isfinite(nodes).any():
            raise NoRoute(
                f"No route by {router.scenario.mode_label} starts at {origin.name}: nothing is "
                "near, or the scenario shuts it. Name another place."
            )
        shut = router.context.closed(origin, None) or frozenset()
        # Countries that may be reached though not crossed are part of the answer.
        enter = {*router.scenario.destination_only} | (set() if abroad else {CHINA})
        shut -= enter - {*router.scenario.closed_countries}
        self.open = router.context.usable(shut)
        self.usable = self.open.edges
        self.forward, self.backward = _edge_costs(router)
        self.from_u, self.from_v = nodes[self.network.u], nodes[self.network.v]

    def _costs(self, edge: NDArray[np.integer], fraction: Floats) -> Floats:
        """Return what it costs to get to points along edges, inf where that is shut."""
        # Nothing of a way that is shut is 0 × inf: the other way counts.
        with np.errstate(invalid="ignore"):
            costs = np.fmin(
                self.from_u[edge] + fraction * self.forward[edge],
                self.from_v[edge] + (1.0 - fraction) * self.backward[edge],
            )
        return np.asarray(np.where(self.usable[edge], costs, np.inf))

    def points(self, most: float) -> Floats:
        """Return longitude and latitude of the vertices reached within a budget, shape (n, 2)."""
        network = self.network
        edges = np.flatnonzero(self.usable & network.is_mode(*self.router.scenario.modes))
        edges = edges[(network.crossing[edges] < 0) & (network.length_km[edges] > 0)]
        _, position, along = network.vertices(edges)
        edge = np.repeat(edges, np.diff(network.coord_offset)[edges])
        position = position[self._costs(edge, along) <= most]
        return np.column_stack([network.coord_lon[position], network.coord_lat[position]])

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Return the cost at points (n), inf where no network is near or it cannot be used."""
        code = self.network.country_code
        names = territory().outlined(lon, lat)
        country = np.array([code.get(iso3, 0) for iso3 in names.tolist()], dtype=np.int64)
        best = np.full(len(lon), np.inf)
        for mode, snapper in self.router.context.snappers.items():
            snaps = snapper.snap(lon, lat, country, self.open, CAP_KM[mode], exact=False)
            # Out at sea the network is too far, however near it lies across the water.
            off = (country == 0) & (snaps.snap_km > CHECKED_KM)
            best = np.minimum(best, np.where(off, np.inf, self._reached(snaps)))
        return best

    def _reached(self, snaps: Snaps) -> Floats:
        """Return the cost at the points that meet the network so, inf where that is shut."""
        gap = np.zeros(len(snaps.edge))
        if self.router.scenario.minimise == "time":
            gap = snaps.snap_km / self.router.parameters.snap_kmh.central
        return np.where(snaps.edge >= 0, self._costs(snaps.edge, snaps.fraction) + gap, np.inf)

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
