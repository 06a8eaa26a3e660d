"""Catchments: the Chinese land port that is nearest to each town over land."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.analysis.gateways import error_pct, open_gateways
from horgos_geo.core.countries import CHINA
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.routing.path_uncertainty import bare_path, lead_error
from horgos_geo.routing.router import Router
from horgos_geo.routing.status import CLOSED, DESTINATION_FAR, NO_PATH, STATUSES

if TYPE_CHECKING:
    import pandas as pd

#: Least number of people of a town that is counted.
TOWN = 15_000
COLUMNS = (
    "name",
    "country",
    "lon",
    "lat",
    "population",
    "gateway",
    "value",
    "reason",
    "rival",
    "behind",
    "tied",
)
# A second gateway this far behind the first is no rival, whatever the error.
_NEAR = 0.25
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
        dollars, NaN where there is no gateway. The `rival` is the second gateway, `behind` how
        much farther it is, and `tied` whether that is less than the error of the difference.
    """
    import pandas as pd

    mode = router.scenario.modes[0]
    router = router.with_(modes=mode, minimise=measure, gateway=None)
    ends = list(places.towns(TOWN) if towns is None else towns)
    gates = list(open_gateways(router, mode) if ports is None else ports)
    columns: dict[str, NDArray[Any]] = {
        "name": np.array([place.name for place in ends], dtype=object),
        "country": np.array([place.country for place in ends], dtype=object),
        "lon": np.array([place.lon for place in ends], dtype=float),
        "lat": np.array([place.lat for place in ends], dtype=float),
        "population": np.array([place.population for place in ends], dtype=np.int64),
        "gateway": np.full(len(ends), "", dtype=object),
        "value": np.full(len(ends), np.nan),
        "reason": np.full(len(ends), NO_WAY, dtype=object),
        "rival": np.full(len(ends), "", dtype=object),
        "behind": np.full(len(ends), np.nan),
        "tied": np.zeros(len(ends), dtype=bool),
    }
    if gates and ends:
        values, codes, *_ = router.od_matrix(gates, ends, through_china=False)
        columns |= _nearest(values, codes, gates)
        columns["tied"] = _tied(router, gates, ends, columns)
    inside = columns["country"] == CHINA
    nothing = {"gateway": "", "value": np.nan, "rival": "", "behind": np.nan, "tied": False}
    for name, empty in (nothing | {"reason": IN_CHINA}).items():
        columns[name][inside] = empty
    return pd.DataFrame(columns, index=pd.Index([place.id for place in ends], name="town"))


def _nearest(
    values: NDArray[np.float64], codes: NDArray[np.int8], gates: Sequence[Place]
) -> dict[str, NDArray[Any]]:
    """Return the columns of what is nearest and second nearest, of each town."""
    filled = np.where(np.isfinite(values), values, np.inf)
    order = filled.argsort(axis=0, kind="stable")  # the first of equals, in the order of the list
    first, second = order[0], order[min(1, len(gates) - 1)]
    value, next_value = (np.take_along_axis(filled, o[None], axis=0)[0] for o in (first, second))
    found, has_rival = np.isfinite(value), np.isfinite(next_value) & (first != second)
    ids = np.array([place.id for place in gates], dtype=object)
    # All gateways start on the same network, so the first one's reason is as good as any.
    why = [_REASONS.get(STATUSES[code], NO_WAY) for code in codes.max(axis=0)]
    with np.errstate(invalid="ignore"):
        behind = np.where(has_rival, next_value - value, np.nan)
    return {
        "gateway": np.where(found, ids[first], ""),
        "value": np.where(found, value, np.nan),
        "reason": np.where(found, "", np.array(why, dtype=object)),
        "rival": np.where(has_rival, ids[second], ""),
        "behind": behind,
    }


def _tied(
    router: Router, gates: Sequence[Place], ends: Sequence[Place], columns: dict[str, NDArray[Any]]
) -> NDArray[np.bool_]:
    """Return for each town whether its first two gateways differ by less than the error.

    Two routes to a town run together from where they meet, so what they differ by, and its error,
    is the same for all towns beyond: one town of each such group is traced.
    """
    port = {place.id: place for place in gates}
    pct = error_pct(router)
    groups: dict[tuple[str, str, int], bool] = {}
    tied = np.zeros(len(ends), dtype=bool)
    rows = zip(*(columns[name] for name in ("gateway", "rival", "behind", "value")), strict=True)
    for i, (first, second, behind, value) in enumerate(rows):
        if not behind <= _NEAR * value:  # NaN is not
            continue
        key = first, second, round(behind)
        if key not in groups:
            paths = [bare_path(router, port[id_], ends[i]) for id_ in (first, second)]
            best, other = paths
            groups[key] = bool(
                best and other and behind <= lead_error(best, other, router.scenario.minimise, pct)
            )
        tied[i] = groups[key]
    return tied


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
