"""Catchments: the Chinese land port that is nearest to each town over land."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.analysis.gateways import open_gateways
from horgos_geo.core.countries import CHINA
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.routing.router import Router
from horgos_geo.routing.status import CLOSED, DESTINATION_FAR, NO_PATH, STATUSES

if TYPE_CHECKING:
    import pandas as pd

#: Least number of people of a town that is counted.
TOWN = 15_000
COLUMNS = ("name", "country", "lon", "lat", "population", "gateway", "value", "reason")
IN_CHINA = "in China"
NO_WAY = "no way over land"
_REASONS = {NO_PATH: NO_WAY, DESTINATION_FAR: DESTINATION_FAR, CLOSED: CLOSED}


def catchments(
    router: Router,
    measure: str = "distance",
    towns: Sequence[Place] | None = None,
    ports: Sequence[Place] | None = None,
) -> pd.DataFrame:
    """Give each town the open gateway that is nearest to it over land.

    Each town has one gateway, or none and the reason. Towns in China belong to none: what leaves
    through a gateway goes abroad.

    Parameters
    ----------
    router
        By one mode; what it minimises is replaced.
    measure
        ``distance``, ``time`` or ``cost``.
    towns
        All towns of 15,000 and more in Europe and Asia when left out.
    ports
        Gateways; all that are open when left out.

    Returns
    -------
    pandas.DataFrame
        One row a town, index `town` (place id), columns `COLUMNS`; `value` in kilometres, hours or
        dollars, NaN where there is no gateway.
    """
    import pandas as pd

    mode = router.scenario.modes[0]
    router = router.with_(modes=mode, minimise=measure, gateway=None)
    ends = list(places.towns(TOWN) if towns is None else towns)
    gates = list(open_gateways(router, mode) if ports is None else ports)
    gateway = np.full(len(ends), "", dtype=object)
    value = np.full(len(ends), np.nan)
    reason = np.full(len(ends), NO_WAY, dtype=object)
    if gates and ends:
        values, codes, *_ = router.od_matrix(gates, ends, through_china=False)
        gateway, value, reason = _nearest(values, codes, gates)
    inside = np.array([place.country == CHINA for place in ends], dtype=bool)
    gateway[inside], value[inside], reason[inside] = "", np.nan, IN_CHINA
    columns = {
        "name": [place.name for place in ends],
        "country": [place.country for place in ends],
        "lon": [place.lon for place in ends],
        "lat": [place.lat for place in ends],
        "population": [place.population for place in ends],
        "gateway": gateway,
        "value": value,
        "reason": reason,
    }
    return pd.DataFrame(columns, index=pd.Index([place.id for place in ends], name="town"))


def _nearest(
    values: NDArray[np.float64], codes: NDArray[np.int8], gates: list[Place]
) -> tuple[NDArray[np.object_], NDArray[np.float64], NDArray[np.object_]]:
    filled = np.where(np.isfinite(values), values, np.inf)
    best = filled.argmin(axis=0)  # the first of equals, in the order of the list
    value = filled.min(axis=0)
    found = np.isfinite(value)
    ids = np.array([place.id for place in gates], dtype=object)
    # All gateways start on the same network, so the first one's reason is as good as any.
    why = [_REASONS.get(STATUSES[code], NO_WAY) for code in codes.max(axis=0)]
    return (
        np.where(found, ids[best], ""),
        np.where(found, value, np.nan),
        np.where(found, "", np.array(why, dtype=object)),
    )


def shares(table: pd.DataFrame) -> pd.DataFrame:
    """Sum a table of catchments up: towns and people of each gateway, and of those without.

    Parameters
    ----------
    table
        What `catchments` gives.

    Returns
    -------
    pandas.DataFrame
        One row a gateway, the largest first, then one a reason, index `gateway`, columns
        `reason, towns, population, share_pct` (of all people in the table), `served_pct` (of those
        that have a gateway) and `median_value`.
    """
    grouped = table.groupby(["gateway", "reason"], sort=True)
    result = grouped.agg(
        towns=("population", "size"),
        population=("population", "sum"),
        median_value=("value", "median"),
    ).reset_index()
    everyone = result["population"].sum()
    served = result.loc[result["gateway"] != "", "population"].sum()
    result["share_pct"] = 100.0 * result["population"] / everyone if everyone else np.nan
    result["served_pct"] = 100.0 * result["population"].where(result["gateway"] != "") / served
    result["none"] = result["gateway"] == ""
    result = result.sort_values(["none", "population"], ascending=[True, False], kind="stable")
    names = ["reason", "towns", "population", "share_pct", "served_pct", "median_value"]
    return result.set_index("gateway")[names]
