"""China's land ports side by side: how far, how long and how dear from each to a destination."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.countries import CHINA
from horgos_geo.model import places
from horgos_geo.model.places import Place, PlacesLike
from horgos_geo.routing.path_uncertainty import bare_path, lead_error
from horgos_geo.routing.router import Router
from horgos_geo.routing.status import STATUSES

if TYPE_CHECKING:
    import pandas as pd

#: What is compared: what the search minimises, and the column that holds it.
MEASURES = {"distance": "length_km", "time": "time_h", "cost": "cost_usd_per_teu"}
#: The unit of each, as names of columns have it.
UNITS = {"distance": "km", "time": "h", "cost": "usd"}
#: Groups of destinations that together hold each destination once.
REGIONS = (
    "central-asia",
    "caucasus",
    "russia",
    "europe",
    "middle-east",
    "south-asia",
    "south-east-asia",
    "east-asia",
)
#: How a gateway stands for a destination, best first.
STANDINGS = ("first", "tied first", "second", "third", "lower", "no way")
COLUMNS = (
    "name",
    "country",
    "region",
    "lon",
    "lat",
    "mode",
    "gateway",
    "gateway_name",
    "status",
    "length_km",
    "error_km",
    "time_h",
    "time_h_low",
    "time_h_high",
    "cost_usd_per_teu",
    "rank_distance",
    "behind_km",
    "behind_error_km",
    "tied_distance",
    "rank_time",
    "behind_h",
    "behind_error_h",
    "tied_time",
    "rank_cost",
    "behind_usd",
    "behind_error_usd",
    "tied_cost",
)
# Only gateways this near the best are held against it: beyond, no error makes up for it.
_NEAR = 0.25
_MOST = 4

Floats = NDArray[np.float64]


def open_gateways(router: Router, mode: str) -> list[Place]:
    """Return the Chinese land ports whose crossing by a mode is open to freight.

    Parameters
    ----------
    router
        Its network lists the crossings; its scenario may open or close some.
    mode
        ``road`` or ``rail``.
    """
    network = router.network
    found = []
    for place in places.gateways():
        position = network.crossing_index.get((place.gateway or {}).get(mode, ""))
        if position is None or not router.weights.crossing_is_open(network.crossings[position]):
            continue
        if (network.crossing == position).any():
            found.append(place)
    return found


def gateways(
    router: Router,
    destinations: PlacesLike,
    modes: Sequence[str] = ("road", "rail"),
    gateway: str = "horgos",
    ports: Sequence[Place] | None = None,
) -> pd.DataFrame:
    """Compare China's land ports for each destination, road and rail apart.

    Distance, time and cost are each of the path that has least of them, from the border on. A
    difference is a tie when it is smaller than its own error: that of the kilometres which the two
    paths do not share, and of the waits, speeds and prices in which they differ.

    Parameters
    ----------
    router
        Its modes and what it minimises are replaced in turn.
    destinations
        Where to.
    modes
        ``road``, ``rail`` or both.
    gateway
        Id of the one that is always held against the best.
    ports
        Gateways to compare; all that are open when left out.

    Returns
    -------
    pandas.DataFrame
        One row a destination, mode and gateway, index `destination`, columns `COLUMNS`. For each
        measure there is the rank, what the gateway is behind the best, the error of that
        difference (NaN for those far behind) and whether it ties with the best; the best itself
        ties when another one ties with it.
    """
    import pandas as pd

    router.scenario.for_containers("Gateways are compared")
    ends = places.select(destinations)
    parts: list[pd.DataFrame] = []
    for mode in modes:
        by_mode = router.with_(modes=mode, gateway=None)
        here = list(ports) if ports is not None else open_gateways(by_mode, mode)
        if here and ends:
            parts.append(_one_mode(by_mode, mode, here, ends, gateway))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], name="destination"))
    return pd.concat(parts)


def _one_mode(
    router: Router, mode: str, ports: list[Place], ends: list[Place], gateway: str
) -> pd.DataFrame:
    """Return the rows of one mode, the gateways of one destination together."""
    import pandas as pd

    def spread(values: Iterable[Any]) -> NDArray[Any]:
        return np.repeat(np.array(list(values)), len(ports))

    columns: dict[str, Any] = {
        "name": spread(p.name for p in ends),
        "country": spread(p.country for p in ends),
        "region": spread(region(p) for p in ends),
        "lon": spread(p.lon for p in ends),
        "lat": spread(p.lat for p in ends),
        "mode": mode,
        "gateway": np.tile([p.id for p in ports], len(ends)),
        "gateway_name": np.tile([p.name for p in ports], len(ends)),
    }
    for measure in MEASURES:
        columns |= _one_measure(router.with_(minimise=measure), ports, ends, gateway)
    columns["error_km"] = columns["length_km"] * error_pct(router) / 100.0
    index = pd.Index(spread(p.id for p in ends), name="destination")
    return pd.DataFrame(columns, index=index)[list(COLUMNS)]


def _one_measure(
    router: Router, ports: list[Place], ends: list[Place], gateway: str
) -> dict[str, NDArray[Any]]:
    """Return the columns of what the router minimises, destination by destination."""
    import pandas as pd

    measure, pct = router.scenario.minimise, error_pct(router)
    values, codes, *_ = (table.T for table in router.od_matrix(ports, ends, False))
    order = np.argsort(values, axis=1, kind="stable")  # NaN comes last
    behind = values - np.take_along_axis(values, order[:, :1], axis=1)
    error, low, high = (np.full(values.shape, np.nan) for _ in range(3))
    tied = np.zeros(values.shape, dtype=bool)
    for j, end in enumerate(ends):
        held = _held(values[j], order[j], [port.id == gateway for port in ports])
        paths = {i: path for i in held if (path := bare_path(router, ports[i], end))}
        first = paths.get(int(order[j, 0]))
        for i, path in paths.items():
            low[j, i], high[j, i] = path.impacts.time_h.low, path.impacts.time_h.high
            if first and path is not first:
                error[j, i] = lead_error(first, path, measure, pct)
                tied[j, i] = behind[j, i] <= error[j, i]
        tied[j, order[j, 0]] = tied[j].any()
    unit = UNITS[measure]
    columns = {
        "status": np.array(STATUSES)[codes],
        MEASURES[measure]: values,
        f"rank_{measure}": pd.DataFrame(values).rank(axis=1, method="min").to_numpy(),
        f"behind_{unit}": behind,
        f"behind_error_{unit}": error,
        f"tied_{measure}": tied,
    }
    if measure == "time":
        columns |= {"time_h_low": low, "time_h_high": high}
    return {name: table.ravel() for name, table in columns.items()}


def _held(values: Floats, order: NDArray[np.int_], asked: list[bool]) -> list[int]:
    """Return the gateways of one destination that are held against the best, the best first."""
    known = [int(i) for i in order if np.isfinite(values[i])]
    near = [i for i in known if values[i] <= values[known[0]] * (1 + _NEAR)][:_MOST]
    return near + [i for i in known if asked[i] and i not in near]


def standings(table: pd.DataFrame, gateway: str = "horgos") -> pd.DataFrame:
    """Tell how one gateway stands for each destination and mode.

    Parameters
    ----------
    table
        What `gateways` gives.
    gateway
        Its id.

    Returns
    -------
    pandas.DataFrame
        One row a destination, mode and measure: `standing` (one of `STANDINGS`), `behind` and
        `behind_error` in the measure's unit, `behind_pct`, the `best` gateway and its name, the
        `runner_up` and the `lead` over it where the gateway is first.
    """
    import pandas as pd

    columns = {name: table[name].to_numpy() for name in table.columns}
    rows = []
    for (place, mode), at in table.groupby(["destination", "mode"], sort=False).indices.items():
        group = {name: values[at] for name, values in columns.items()}
        about = {"destination": place, "mode": mode}
        rows += [
            {**about, "measure": measure, **_one_standing(group, measure, gateway)}
            for measure in MEASURES
        ]
    names = [
        "destination",
        "mode",
        "measure",
        "name",
        "country",
        "region",
        "standing",
        "value",
        "behind",
        "behind_error",
        "behind_pct",
        "best",
        "best_name",
        "runner_up",
        "lead",
    ]
    return pd.DataFrame(rows, columns=names).set_index("destination")


def _one_standing(group: dict[str, NDArray[Any]], measure: str, gateway: str) -> dict[str, Any]:
    values, unit = group[MEASURES[measure]], UNITS[measure]
    result: dict[str, Any] = {key: group[key][0] for key in ("name", "country", "region")}
    known = np.flatnonzero(np.isfinite(values))
    order = known[np.argsort(values[known], kind="stable")]
    mine = order[group["gateway"][order] == gateway]
    if len(mine) == 0:
        best = {k: group[k][order[0]] if len(order) else "" for k in ("gateway", "gateway_name")}
        return result | {
            "standing": "no way",
            "best": best["gateway"],
            "best_name": best["gateway_name"],
        }
    own = int(mine[0])
    rank = int(group[f"rank_{measure}"][own])
    standing = "first" if rank == 1 else STANDINGS[min(rank, 4)]
    if group[f"tied_{measure}"][own]:
        standing = "tied first"
    best_row = own if rank == 1 else int(order[0])
    after = order[order != own]
    ahead = rank == 1 and len(after) > 0
    behind = float(group[f"behind_{unit}"][own])
    return result | {
        "standing": standing,
        "value": float(values[own]),
        "behind": behind,
        "behind_error": float(group[f"behind_error_{unit}"][own]),
        "behind_pct": 100.0 * behind / float(values[best_row]) if values[best_row] else 0.0,
        "best": group["gateway"][best_row],
        "best_name": group["gateway_name"][best_row],
        "runner_up": group["gateway"][after[0]] if ahead else "",
        "lead": float(values[after[0]] - values[own]) if ahead else np.nan,
    }


def summary(standing: pd.DataFrame) -> pd.DataFrame:
    """Count standings by mode, measure and region.

    Parameters
    ----------
    standing
        What `standings` gives.

    Returns
    -------
    pandas.DataFrame
        One row a mode, measure and region (and ``all``): destinations with a way (`reached`), a
        column of counts for each of `STANDINGS`, the median percentage behind the best, and
        whether that is first (`first_pct`: share that is first or tied).
    """
    import pandas as pd

    rows = []
    for (mode, measure), group in standing.groupby(["mode", "measure"], sort=False):
        for name in (*REGIONS, "all"):
            part = group if name == "all" else group[group["region"] == name]
            counts = part["standing"].value_counts()
            reached = part[part["standing"] != "no way"]
            firsts = sum(int(counts.get(s, 0)) for s in STANDINGS[:2])
            rows.append(
                {
                    "mode": mode,
                    "measure": measure,
                    "region": name,
                    "reached": len(reached),
                    **{s: int(counts.get(s, 0)) for s in STANDINGS},
                    "first_pct": 100.0 * firsts / len(reached) if len(reached) else np.nan,
                    "median_behind": reached["behind"].median() if len(reached) else np.nan,
                    "median_behind_pct": reached["behind_pct"].median() if len(reached) else np.nan,
                }
            )
    return pd.DataFrame(rows)


def region(place: Place) -> str:
    """Return the region of a destination, empty for a place that is none."""
    return next((name for name in REGIONS if name in place.groups), "")


def error_pct(router: Router) -> float:
    """Return the error of a length by the router's mode, percent; NaN before it is known."""
    bands = router.network.meta.get("error", {})
    return max(_pct(bands, mode) for mode in router.scenario.modes)


def _pct(bands: dict[str, Any], mode: str) -> float:
    value = bands.get(mode, {}).get("band_pct")
    return float("nan") if value is None else float(value)


INLAND_COLUMNS = (
    "origin",
    "origin_name",
    "destination",
    "destination_name",
    "gateway",
    "value",
    "through",
    "detour",
)


def inland(
    router: Router,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    gateway: str = "horgos",
) -> pd.DataFrame:
    """Find the gateway on the best route from inland Chinese cities, and the detour through one.

    Parameters
    ----------
    router
        What it minimises is what is compared.
    origins
        Cities in China, such as `places.origins` gives.
    destinations
        Places abroad.
    gateway
        The gateway to be held to: its id, or a crossing's.

    Returns
    -------
    pandas.DataFrame
        One row a pair, columns `INLAND_COLUMNS`: the `gateway` of the best route (empty where
        there is none) and its `value`, the value `through` the gateway asked for, and the `detour`
        between the two, in the unit of what is minimised; NaN where there is no route.
    """
    import pandas as pd

    free = router.with_(gateway=None)
    values = free.od_matrix(origins, destinations)[0]
    through = router.with_(gateway=gateway).od_matrix(origins, destinations)[0]
    ports = {id_: place.id for place in places.gateways() for id_ in (place.gateway or {}).values()}
    rows = []
    for i, origin in enumerate(origins):
        for j, destination in enumerate(destinations):
            used = _gateway_used(free, origin, destination) if np.isfinite(values[i, j]) else ""
            ends = origin.id, origin.name, destination.id, destination.name
            pair = float(values[i, j]), float(through[i, j])
            rows.append((*ends, ports.get(used, used), *pair, pair[1] - pair[0]))
    return pd.DataFrame(rows, columns=list(INLAND_COLUMNS))


def _gateway_used(router: Router, origin: Place, destination: Place) -> str:
    """Return the id of the crossing where the best route leaves China."""
    network = router.network
    _, elements = router.path(origin, destination)
    for edge, _, _ in elements:
        position = int(network.crossing[edge])
        if position >= 0:
            crossing = network.crossings[position]
            if crossing.is_event and CHINA in (crossing.country_a, crossing.country_b):
                return crossing.id
    return ""
