"""Land against sea: the voyage from a Chinese port beside the way over land.

Voyages between the listed ports come with the package (reference/sea_distances.csv). Others need
searoute, which is optional: ``pip install horgos-geo[sea]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from horgos_geo.core import datasets
from horgos_geo.core.countries import CHINA
from horgos_geo.core.errors import MissingData, ScenarioError
from horgos_geo.model import places
from horgos_geo.model.parameters import Parameters
from horgos_geo.model.places import Place, PlaceLike, PlacesLike
from horgos_geo.routing.impacts import Impacts
from horgos_geo.routing.path_uncertainty import bare_path
from horgos_geo.routing.router import Router

if TYPE_CHECKING:
    import pandas as pd

WAYS = ("rail", "road", "sea")
COLUMNS = (
    "name",
    "country",
    "way",
    "status",
    "length_km",
    "sea_km",
    "port_from",
    "port_to",
    "days",
    "days_low",
    "days_high",
    "cost_usd_per_teu",
    "cost_usd_per_teu_low",
    "cost_usd_per_teu_high",
    "co2e_kg_per_t",
    "co2e_kg_per_t_low",
    "co2e_kg_per_t_high",
)
# How far a destination may lie from a port, over land, for the sea to be an answer.
NEAR_KM = 1500.0
_PORTS = 3
# Passages that a ship goes round when the Red Sea is avoided.
_RED_SEA = ["suez", "babalmandab", "northwest"]
_OPEN = ["northwest"]


@cache
def ports(side: str) -> list[Place]:
    """Return the sea ports of one side: ``china`` or ``abroad``."""
    return [
        Place(row["id"], row["name"], row["country"], float(row["lon"]), float(row["lat"]), "port")
        for row in datasets.read_rows("reference/sea_ports.csv")
        if row["side"] == side
    ]


def voyage_km(start: Place, end: Place, avoid_red_sea: bool = False) -> float:
    """Return the kilometres of the sea route between two ports.

    Parameters
    ----------
    start, end
        Ports; listed ones are looked up, others searched.
    avoid_red_sea
        Go round the Cape of Good Hope.

    Raises
    ------
    MissingData
        The package searoute is not installed.
    """
    known = _listed().get((start.id, end.id))
    if known:
        return known[1 if avoid_red_sea else 0]
    return search_km((start.lon, start.lat), (end.lon, end.lat), avoid_red_sea)


@cache
def _listed() -> dict[tuple[str, str], tuple[float, float]]:
    """Return the listed voyages: through the Red Sea, and round the Cape."""
    return {
        (row["port_from"], row["port_to"]): (float(row["km"]), float(row["km_round_cape"]))
        for row in datasets.read_rows("reference/sea_distances.csv")
    }


@lru_cache(maxsize=4096)
def search_km(
    start: tuple[float, float], end: tuple[float, float], avoid_red_sea: bool = False
) -> float:
    """Return the kilometres of the sea route between two points, longitude and latitude.

    Raises
    ------
    MissingData
        The package searoute is not installed.
    """
    try:
        import searoute
    except ImportError:
        raise MissingData(
            "Sea routes need the package searoute. Install it with `pip install horgos-geo[sea]`."
        ) from None
    found = searoute.searoute(
        list(start), list(end), units="km", restrictions=_RED_SEA if avoid_red_sea else _OPEN
    )
    return float(found.properties["length"])


def land_and_sea(
    router: Router,
    origin: PlaceLike,
    destinations: PlacesLike,
    gateway: str | None = "horgos",
    avoid_red_sea: bool = False,
) -> pd.DataFrame:
    """Compare the ways from a city in China: by rail, by road, and by sea.

    By sea a container goes by road to the Chinese port, over sea, and on by road, through the two
    ports that make the cheapest chain.

    Parameters
    ----------
    router
        Its modes, gateway and what it minimises are replaced.
    origin
        A city in China, not a land port.
    destinations
        Where to.
    gateway
        The land port that goods over land leave through; any when None.
    avoid_red_sea
        Ships go round the Cape of Good Hope.

    Returns
    -------
    pandas.DataFrame
        Three rows a destination (`WAYS`), index `destination`, columns `COLUMNS`; NaN with a
        status where there is no way, or no port within 1,500 km of the destination.

    Raises
    ------
    ScenarioError
        An origin that is not inside China.
    MissingData
        The package searoute is not installed.
    """
    import pandas as pd

    start = places.resolve(origin)
    if start.country != CHINA or start.gateway:
        raise ScenarioError(
            f"{start.name} is no city inside China, so no goods set out by sea or land from it. "
            "Name one, such as Chongqing or Xi'an."
        )
    ends = places.select(destinations)
    router.scenario.for_containers("Land and sea are compared")
    road = router.with_(modes="road", minimise="time", gateway=gateway)
    chains = _chains(road, start, ends, avoid_red_sea)
    rows: list[dict[str, Any]] = []
    for mode in ("rail", "road"):
        by_mode = road if mode == "road" else road.with_(modes="rail")
        rows += [_land(by_mode, mode, start, end) for end in ends]
    rows += [_sea(road, start, end, chain) for end, chain in zip(ends, chains, strict=True)]
    order = {end.id: i for i, end in enumerate(ends)}
    rows.sort(key=lambda row: (order[row["destination"]], WAYS.index(row["way"])))
    return pd.DataFrame(rows, columns=["destination", *COLUMNS]).set_index("destination")


def _about(end: Place, way: str, status: str) -> dict[str, Any]:
    return {
        "destination": end.id,
        "name": end.name,
        "country": end.country,
        "way": way,
        "status": status,
        "port_from": "",
        "port_to": "",
    }


def _bands(impacts: Impacts) -> dict[str, float]:
    named = {
        "days": impacts.time_h * (1 / 24),
        "cost_usd_per_teu": impacts.cost_usd_per_teu,
        "co2e_kg_per_t": impacts.co2e_kg_per_t,
    }
    values: dict[str, float] = {}
    for name, band in named.items():
        values |= {name: band.central, f"{name}_low": band.low, f"{name}_high": band.high}
    return values


def _land(router: Router, mode: str, start: Place, end: Place) -> dict[str, Any]:
    path = bare_path(router, start, end)
    if path is None:
        return _about(end, mode, router.path(start, end)[0])
    return {
        **_about(end, mode, "ok"),
        "length_km": path.length_km,
        "sea_km": 0.0,
        **_bands(path.impacts),
    }


Chain = tuple[Place, Place, float] | None  # the two ports and the kilometres between them


def _chains(road: Router, start: Place, ends: Sequence[Place], avoid_red_sea: bool) -> list[Chain]:
    """Return the cheapest pair of ports for each destination, None where no port is near."""
    free = road.with_(gateway=None, minimise="cost")
    near = free.with_(minimise="distance").od_matrix(ports("abroad"), ends, False)[0]
    to_port = free.od_matrix([start], ports("china"))[0][0]
    from_port = free.od_matrix(ports("abroad"), ends, False)[0]
    # A voyage takes a tenth of a second to find: look from and to the likeliest ports alone.
    home = [i for i in np.argsort(to_port)[:_PORTS].tolist() if np.isfinite(to_port[i])]
    chains: list[Chain] = []
    for j in range(len(ends)):
        costs = np.where(near[:, j] <= NEAR_KM, from_port[:, j], np.inf)
        away = [i for i in np.argsort(costs)[:_PORTS].tolist() if np.isfinite(costs[i])]
        best, chain = np.inf, None
        for a in home:
            for b in away:
                port_from, port_to = ports("china")[a], ports("abroad")[b]
                sea_km = voyage_km(port_from, port_to, avoid_red_sea)
                total = (
                    to_port[a] + costs[b] + voyage(free.parameters, sea_km).cost_usd_per_teu.central
                )
                if total < best:
                    best, chain = total, (port_from, port_to, sea_km)
        chains.append(chain)
    return chains


def _sea(road: Router, start: Place, end: Place, chain: Chain) -> dict[str, Any]:
    if chain is None:
        return _about(end, "sea", "no port near")
    port_from, port_to, sea_km = chain
    free = road.with_(gateway=None, minimise="cost")
    first, last = bare_path(free, start, port_from), bare_path(free, port_to, end)
    if first is None or last is None:
        return _about(end, "sea", "no path")
    return {
        **_about(end, "sea", "ok"),
        "length_km": first.length_km + sea_km + last.length_km,
        "sea_km": sea_km,
        "port_from": port_from.name,
        "port_to": port_to.name,
        **_bands(first.impacts + voyage(road.parameters, sea_km) + last.impacts),
    }


def voyage(parameters: Parameters, sea_km: float) -> Impacts:
    """Return what a voyage with both its ports takes.

    Parameters
    ----------
    parameters
        Where the numbers stand (parameters/sea.csv).
    sea_km
        Length of the voyage.
    """
    return Impacts(
        parameters.row("port_h", mode="sea").band
        + sea_km / parameters.row("speed_kmh", mode="sea").band,
        parameters.row("handling_usd_per_teu", mode="sea").band
        + parameters.row("cost_usd_per_teu_km", mode="sea").band * sea_km,
        parameters.row("co2e_g_per_tkm", mode="sea").band * (sea_km / 1000.0),
    )
