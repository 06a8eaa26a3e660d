"""How far the lengths are from published ones: every published distance beside ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from horgos_geo.build import calibration
from horgos_geo.core import datasets
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.geodesy import distances_km
from horgos_geo.model.network import Network
from horgos_geo.model.places import Place
from horgos_geo.routing.router import Router

MODES = ("road", "rail")
#: Shorter lengths depend on where in a town they end.
LEAST_KM = 100.0
#: The sets of published distances, in the order in which they were found.
SPLITS = ("shared", "new", "second")
#: A miss by more than this many percent is explained in `curation/misses.csv`.
MISS_PCT = 10.0
BASELINE = "reference/validation_baseline.csv"
REASONS = "curation/misses.csv"
#: What is compared, in the order of tables, with its column: ours, ours before correction, and
#: the peers.
METHODS = {
    "ours": "length_km",
    "raw": "raw_length_km",
    "scgraph": "scgraph_km",
    "great_circle": "great_circle_km",
}
#: What names a published pair in other tables.
KEY = ("mode", "origin", "destination", "published_km")


def published(mode: str, least_km: float = LEAST_KM, usable: str = "yes") -> pd.DataFrame:
    """Read the published distances of one mode.

    Parameters
    ----------
    mode
        ``road`` or ``rail``.
    least_km
        Shorter ones are left out.
    usable
        ``yes`` for those to be judged by, ``loose`` for rounded ones and those of another route.

    Returns
    -------
    DataFrame
        ``mode, origin, destination, published_km, group, split, source`` and, in degrees,
        ``origin_lon, origin_lat, dest_lon, dest_lat``; ``dest_country`` is empty but for an end
        that lies on a border.

    Examples
    --------
    >>> published("rail", 1000.0)["published_km"].min() >= 1000
    np.True_
    """
    rows = pd.DataFrame(datasets.read_rows(f"reference/published_{mode}_distances.csv"))
    rows = rows.rename(columns={"dest": "destination", "km": "published_km"})
    numbers = ["published_km", "origin_lon", "origin_lat", "dest_lon", "dest_lat"]
    rows[numbers] = rows[numbers].astype(float)
    rows.insert(0, "mode", mode)
    if "dest_country" not in rows:
        rows["dest_country"] = ""
    return rows[(rows["usable"] == usable) & (rows["published_km"] >= least_km)].reset_index(
        drop=True
    )


def check(router: Router, modes: Sequence[str] = MODES, least_km: float = LEAST_KM) -> pd.DataFrame:
    """Route every usable published pair and put the answers beside the published lengths.

    Some long edges have the published length of their road. Those of a pair's own group count in
    its length as if they had not: no figure is judged by itself.

    Parameters
    ----------
    router
        The network to judge, and how routes are chosen; the modes of its scenario do not count.
    modes
        Any of ``road``, ``rail``.
    least_km
        Shorter published distances are left out.

    Returns
    -------
    DataFrame
        A row for each distance: ``mode, origin, destination, published_km, length_km, error_pct,
        raw_length_km, great_circle_km, scgraph_km, status, countries, crossings, group, split,
        reason, source``. Lengths are NaN where there is no route. ``raw_length_km`` is before
        correction, ``scgraph_km`` over scgraph's own network; ``countries`` and ``crossings``
        are joined by bars, ``reason`` explains a miss.

    Raises
    ------
    ScenarioError
        No published distance is so long.
    """
    frames = [_checked(router.with_(modes=mode), published(mode, least_km)) for mode in modes]
    checks = pd.concat(frames, ignore_index=True)
    if checks.empty:
        raise ScenarioError(f"No published distance is {least_km:g} km or more. Ask for shorter.")
    checks["error_pct"] = (checks["length_km"] / checks["published_km"] - 1) * 100
    checks["great_circle_km"] = distances_km(
        *(checks[f"{end}_{axis}"] for end in ("origin", "dest") for axis in ("lon", "lat"))
    )
    checks = _beside(_beside(checks, BASELINE), REASONS)
    checks["scgraph_km"] = pd.to_numeric(checks["scgraph_km"])
    checks["reason"] = checks["reason"].fillna("")
    return checks[
        [*KEY, "length_km", "error_pct", "raw_length_km", "great_circle_km", "scgraph_km", "status",
         "countries", "crossings", "group", "split", "reason", "source"]
    ]  # fmt: skip


def traces(
    router: Router, pairs: pd.DataFrame
) -> Iterator[tuple[Any, str, NDArray[np.int64], NDArray[np.float64]]]:
    """Route published pairs.

    Parameters
    ----------
    router
        Of the mode of the pairs.
    pairs
        From `published`.

    Yields
    ------
    tuple
        The row, the status, the edges of the path (N), and how much of each it uses (N), 0 to 1.
    """
    for pair in pairs.itertuples():
        origin = Place("", pair.origin, "", pair.origin_lon, pair.origin_lat, "point")
        end = Place("", pair.destination, pair.dest_country, pair.dest_lon, pair.dest_lat, "point")
        status, elements = router.path(origin, end)
        edges = np.array([edge for edge, _, _ in elements], dtype=np.int64)
        yield pair, status, edges, np.array([abs(stop - start) for _, start, stop in elements])


def _checked(router: Router, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return published pairs of one mode with what the router answers."""
    network = router.network
    alone = calibration.corrected_km(network, calibration.stored()[0])
    rows = []
    for pair, status, edges, share in traces(router, pairs):
        own = np.isin(network.link[edges], _own_links(network, pair.group))
        length = np.where(own, alone[edges], network.length_km[edges])
        raw = network.raw_length_km[edges]
        rows.append(
            {
                "status": status,
                "length_km": share @ length if len(edges) else np.nan,
                "raw_length_km": share @ raw if len(edges) else np.nan,
                "countries": "|".join(_sequence(network, edges)),
                "crossings": "|".join(
                    network.crossings[code].id for code in network.crossing[edges] if code >= 0
                ),
            }
        )
    return pairs.join(pd.DataFrame(rows, index=pairs.index))


def _own_links(network: Network, group: str) -> list[int]:
    """Return the codes of the sections whose length comes from a group of published distances."""
    return [
        code
        for code, name in enumerate(network.links)
        if name.rpartition("-")[0] == f"{calibration.SECTION}{group}"
    ]


def _sequence(network: Network, edges: NDArray[np.int64]) -> list[str]:
    """Return the countries of edges in order, each once a visit."""
    names = [network.countries[code] for code in network.edge_country[edges] if code]
    return [name for i, name in enumerate(names) if not i or names[i - 1] != name]


def _beside(checks: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return checks with the columns that a table keeps by pair."""
    rows = pd.DataFrame(datasets.read_rows(table))
    rows = rows.rename(columns={"dest": "destination", "km": "published_km"})
    rows["published_km"] = rows["published_km"].astype(float)
    return checks.merge(rows.drop_duplicates(list(KEY)), how="left", on=list(KEY))


def scores(checks: pd.DataFrame, splits: Sequence[str] = SPLITS) -> pd.DataFrame:
    """Summarise checks by mode and method.

    Parameters
    ----------
    checks
        From `check`.
    splits
        Which published distances count: ``shared`` are those that the work began with, ``new``
        and ``second`` those found later, in this order.

    Returns
    -------
    DataFrame
        By mode, then by `METHODS`: ``mode, method, factor, pairs``, and the columns of `spread`,
        of which ``found`` counts the pairs that the method has a route for. The great circle is
        multiplied by the factor that leaves the smallest median error, found on the same pairs:
        the best that such a factor can do.
    """
    rows = []
    for mode in MODES:
        mine = checks[(checks["mode"] == mode) & checks["split"].isin(splits)]
        for method, column in METHODS.items() if len(mine) else ():
            factor = best_factor(mine) if method == "great_circle" else 1.0
            relative = mine[column] * factor / mine["published_km"] - 1
            about = {"mode": mode, "method": method, "factor": factor, "pairs": len(mine)}
            rows.append(about | spread(relative.to_numpy()))
    return pd.DataFrame(rows)


def spread(relative: NDArray[np.float64]) -> dict[str, float]:
    """Summarise relative errors as percentages.

    Parameters
    ----------
    relative
        Shares (N); NaN where there is no answer.

    Returns
    -------
    dict
        ``found`` counts those with an answer, which the others are of: ``bias_pct`` is the median
        error; ``median_pct``, ``band_pct`` and ``p90_pct`` are the 50th, 68th and 90th percentile
        of the absolute error; ``within_5_pct`` is the percentage of errors up to 5 %. They are
        NaN where nothing is found.

    Examples
    --------
    >>> spread(np.array([-0.02, 0.01, 0.03, np.nan]))["median_pct"]
    np.float64(2.0)
    """
    found = relative[np.isfinite(relative)] * 100
    if not len(found):
        names = ("bias_pct", "median_pct", "band_pct", "p90_pct", "within_5_pct")
        return {"found": 0, **dict.fromkeys(names, np.nan)}
    size = np.abs(found)
    median, band, p90 = np.percentile(size, (50, 68, 90))
    return {
        "found": len(found),
        "bias_pct": np.median(found),
        "median_pct": median,
        "band_pct": band,
        "p90_pct": p90,
        "within_5_pct": (size <= 5).mean() * 100,
    }


def best_factor(checks: pd.DataFrame) -> float:
    """Return the factor on great circles that leaves the smallest median absolute error.

    Parameters
    ----------
    checks
        From `check`.
    """
    ratios = np.sort((checks["published_km"] / checks["great_circle_km"]).to_numpy())
    # A row for each factor that makes one pair exact.
    left = np.median(np.abs(ratios[:, None] / ratios - 1), axis=1)
    return float(ratios[np.argmin(left)])


def misses(checks: pd.DataFrame) -> pd.DataFrame:
    """Return the checks off by more than `MISS_PCT`: those without a route, then the worst first.

    Parameters
    ----------
    checks
        From `check`.
    """
    missed = checks[~(checks["error_pct"].abs() <= MISS_PCT)]
    return missed.sort_values(
        "error_pct", key=abs, ascending=False, na_position="first", kind="stable"
    )
