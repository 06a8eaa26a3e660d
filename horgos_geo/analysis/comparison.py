"""Tables of routes: destinations by mode, gateways side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from horgos_geo.analysis.catchments import catchments
from horgos_geo.analysis.gateways import gateways
from horgos_geo.model.network import Network
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.route import Route
from horgos_geo.routing.router import Router

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["COLUMNS", "catchments", "compare", "gateways", "table"]

COLUMNS = (
    "name", "country", "groups", "lon", "lat", "mode", "status", "length_km", "error_km",
    "raw_length_km", "great_circle_km", "circuity", "snap_km", "borders", "gauge_breaks",
    "transfers", "countries", "crossings", "time_h", "time_h_low", "time_h_high",
    "cost_usd_per_teu", "cost_usd_per_teu_low", "cost_usd_per_teu_high", "co2e_kg_per_t",
    "co2e_kg_per_t_low", "co2e_kg_per_t_high", "geometry",
)  # fmt: skip


# Where vehicles are carried, what one of them takes stands before the line of the route.
VEHICLE_COLUMNS = (
    "cost_usd_per_vehicle", "cost_usd_per_vehicle_low", "cost_usd_per_vehicle_high",
    "co2e_kg_per_vehicle", "co2e_kg_per_vehicle_low", "co2e_kg_per_vehicle_high",
)  # fmt: skip


def compare(
    network: Network,
    scenario: Scenario,
    origin: str | Place,
    destinations: Iterable[str | Place],
    modes: Sequence[str] = ("road", "rail"),
) -> gpd.GeoDataFrame:
    """Compare destinations by several modes.

    Parameters
    ----------
    network
        The network.
    scenario
        What is asked; its modes are replaced by each of `modes` in turn.
    origin
        Where the routes begin.
    destinations
        Where they end.
    modes
        Any of ``road``, ``rail``, ``multimodal``.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a destination and mode, index `destination` (place id); columns as in `table`. A
        notebook shows it as a table to sort and download.
    """
    import pandas as pd

    from horgos_geo.views.route_table import RouteTable

    ends = list(destinations)
    router: Router | None = None
    parts = []
    for mode in modes:
        if router is None:
            router = Router(network, scenario.with_(modes=mode))
        else:
            router = router.with_(modes=mode)
        parts.append(router.compare(origin, ends))
    return RouteTable(pd.concat(parts))


def table(routes: Sequence[Route]) -> gpd.GeoDataFrame:
    """Return routes as a table, one row each.

    Parameters
    ----------
    routes
        Answers, found or not.

    Returns
    -------
    geopandas.GeoDataFrame
        Index `destination` (place id), columns `COLUMNS`, EPSG:4326. `countries` and `crossings`
        are sequences joined by ``|``. Missing routes have NaN numbers and a status that says why.
        Where any route carries vehicles, `VEHICLE_COLUMNS` stand before the geometry.
    """
    from horgos_geo.views.route_table import RouteTable

    rows = [_row(route) for route in routes]
    cars = VEHICLE_COLUMNS if any(route.carries_vehicles for route in routes) else ()
    columns = ["destination", *COLUMNS[:-1], *cars, COLUMNS[-1]]
    frame = RouteTable(rows, columns=columns, geometry="geometry", crs="EPSG:4326")
    return RouteTable(frame.set_index("destination"))


def _row(route: Route) -> dict[str, Any]:
    from shapely import LineString

    line = route.lonlat
    row: dict[str, Any] = {
        "destination": route.destination.id,
        "name": route.destination.name,
        "country": route.destination.country,
        "groups": ";".join(route.destination.groups),
        "lon": route.destination.lon,
        "lat": route.destination.lat,
        "mode": route.scenario.mode_label,
        "status": route.status,
        "length_km": route.length_km,
        "error_km": route.error_km,
        "raw_length_km": route.raw_length_km,
        "great_circle_km": route.great_circle_km,
        "circuity": route.circuity,
        "snap_km": sum(route.snap_km),
        "borders": len(route.crossings) if route.found else None,
        "gauge_breaks": len(route.gauge_breaks) if route.found else None,
        "transfers": len(route.transfers) if route.found else None,
        "countries": "|".join(route.countries),
        "crossings": "|".join(crossing.id for crossing in route.crossings),
        "geometry": LineString(line) if len(line) > 1 else None,
    }
    names = ["time_h", "cost_usd_per_teu", "co2e_kg_per_t"]
    if route.carries_vehicles:
        names += ["cost_usd_per_vehicle", "co2e_kg_per_vehicle"]
    for name in names:
        band = getattr(route, name)
        found = route.found
        row[name] = band.central if found else float("nan")
        row[f"{name}_low"] = band.low if found else float("nan")
        row[f"{name}_high"] = band.high if found else float("nan")
    return row
