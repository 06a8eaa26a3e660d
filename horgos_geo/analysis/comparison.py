"""Routes side by side: one row a destination and mode."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from horgos_geo.model.places import PlaceLike, PlacesLike, select
from horgos_geo.model.scenario import Scenario, load_scenario
from horgos_geo.routing.route import Route
from horgos_geo.routing.router import Router

if TYPE_CHECKING:
    import geopandas as gpd

#: Figures with a band: each has a column of its own, one for its low and one for its high end.
BANDS = ("time_h", "cost_usd_per_teu", "co2e_kg_per_t")
#: What one vehicle takes, where vehicles are carried.
VEHICLE_BANDS = ("cost_usd_per_vehicle", "co2e_kg_per_vehicle")


def _with_ends(bands: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{name}{end}" for name in bands for end in ("", "_low", "_high"))


VEHICLE_COLUMNS = _with_ends(VEHICLE_BANDS)
COLUMNS = (
    "origin",
    "name",
    "country",
    "groups",
    "lon",
    "lat",
    "scenario",
    "mode",
    "objective",
    "status",
    "length_km",
    "error_km",
    "raw_length_km",
    "great_circle_km",
    "circuity",
    "snap_origin_km",
    "snap_dest_km",
    "borders",
    "gauge_breaks",
    "transfers",
    "countries",
    "country_km",
    "crossings",
    *_with_ends(BANDS),
    "geometry",
)


#: With several scenarios: what each takes beyond the first of them.
EXTRA_COLUMNS = {
    "extra_km": "length_km",
    "extra_h": "time_h",
    "extra_usd_per_teu": "cost_usd_per_teu",
    "extra_co2e_kg_per_t": "co2e_kg_per_t",
}


def compare(
    router: Router,
    origin: PlaceLike,
    destinations: PlacesLike,
    modes: Sequence[str] | None = None,
    scenarios: Sequence[Scenario | str] | None = None,
) -> gpd.GeoDataFrame:
    """Compare destinations, by one mode or several, under one scenario or several.

    Parameters
    ----------
    router
        The network under the scenario that is asked.
    origin
        Where the routes begin.
    destinations
        Where they end: places, codes of countries (their capitals) or groups.
    modes
        Any of ``road``, ``rail``, ``multimodal``; each takes the place of the scenario's modes in
        turn. The scenario's own when left out.
    scenarios
        Scenarios, or names of shipped ones or of files, in the place of the router's own.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a destination, mode and scenario, as `routes_table` gives it. With several
        scenarios, `EXTRA_COLUMNS` stand before the geometry: what each takes beyond the first, NaN
        where either has no route. `attrs` hold version, network and its digest.

    Examples
    --------
    >>> import horgos_geo as hg
    >>> router = hg.Router(hg.load_network())
    >>> table = hg.compare(router, "Horgos", ["Almaty", "Tashkent"], modes=["road", "rail"])
    >>> table["countries"].tolist()
    ['KAZ', 'KAZ|UZB', 'KAZ', 'KAZ|UZB']
    """
    ends = select(destinations)
    asked = [router] if scenarios is None else [_under(router, item) for item in scenarios]
    routers = [one.with_(modes=mode) for one in asked for mode in modes] if modes else asked
    frame = routes_table([route for one in routers for route in one.routes(origin, ends)])
    if len(asked) > 1:
        rows = len(frame) // len(asked)
        for name, column in EXTRA_COLUMNS.items():
            values = frame[column].to_numpy().reshape(len(asked), rows)
            frame.insert(frame.columns.get_loc("geometry"), name, (values - values[0]).ravel())
    frame.attrs |= {
        "network": str(router.network.meta.get("name", "")),
        "snapshot": str(router.network.meta.get("snapshot", "")),
        "network_digest": router.network.digest,
    }
    return frame


def _under(router: Router, scenario: Scenario | str) -> Router:
    asked = load_scenario(scenario) if isinstance(scenario, str) else scenario
    # All fields: those that the other scenario leaves open are no longer those of the router.
    return router.with_(**asked.model_dump())


def routes_table(routes: Sequence[Route]) -> gpd.GeoDataFrame:
    """Return routes as a table, one row each.

    Parameters
    ----------
    routes
        Answers, found or not.

    Returns
    -------
    geopandas.GeoDataFrame
        Index `destination` (place id), columns `COLUMNS`, EPSG:4326. `countries` and `crossings`
        are sequences joined by ``|``, `groups` a list joined by ``;``, `country_km` is a JSON
        object of kilometres by country. Missing routes have NaN numbers and a status that says
        why. Where any route carries vehicles, `VEHICLE_COLUMNS` stand before the geometry.
        `attrs` hold the version of the package.
    """
    import geopandas as gpd

    rows = [_row(route) for route in routes]
    vehicles = VEHICLE_COLUMNS if any(route.carries_vehicles for route in routes) else ()
    columns = ["destination", *COLUMNS[:-1], *vehicles, COLUMNS[-1]]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs="EPSG:4326")
    frame.attrs["horgos_geo"] = version("horgos-geo")
    return frame.set_index("destination")


def _row(route: Route) -> dict[str, Any]:
    from shapely import LineString

    line = route.lonlat
    found, scenario, destination = route.found, route.scenario, route.destination
    bands = (*BANDS, *(VEHICLE_BANDS if route.carries_vehicles else ()))
    row: dict[str, Any] = {
        "destination": destination.id,
        "origin": route.origin.name,
        "name": destination.name,
        "country": destination.country,
        "groups": ";".join(destination.groups),
        "lon": destination.lon,
        "lat": destination.lat,
        "scenario": scenario.name,
        "mode": scenario.mode_label,
        "objective": scenario.minimise,
        "status": route.status,
        "length_km": route.length_km,
        "error_km": route.error_km,
        "raw_length_km": route.raw_length_km,
        "great_circle_km": route.great_circle_km,
        "circuity": route.circuity,
        "snap_origin_km": route.snap_km[0],
        "snap_dest_km": route.snap_km[1],
        "borders": len(route.crossings) if found else None,
        "gauge_breaks": len(route.gauge_breaks) if found else None,
        "transfers": len(route.transfers) if found else None,
        "countries": "|".join(route.countries),
        "country_km": json.dumps({code: round(km, 3) for code, km in route.country_km.items()}),
        "crossings": "|".join(crossing.id for crossing in route.crossings),
        "geometry": LineString(line) if len(line) > 1 else None,
    }
    for name in bands if found else ():
        band = getattr(route, name)
        row |= {name: band.central, f"{name}_low": band.low, f"{name}_high": band.high}
    return row
