"""Days of the model beside published ones: how far the times can be trusted.

Every row of ``reference/published_transit_times.csv`` is asked as it was published: its mode, its
gateway, what it went round, and where a chain of modes changes hands (`legs`). A figure that
leaves out the wait at the Chinese border (`inside`) is held against the route without that wait.
Figures that are not of a usual service (`basis`: a first run, a record, a week of queues, a market
figure, driving without rest) are summed up apart as well, and so are those that were found when the
parameters stood (`split` is ``held``).

``python -m horgos_geo.validation.transit_times`` prints the check.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from horgos_geo.core import datasets
from horgos_geo.core.countries import CHINA
from horgos_geo.core.errors import PlaceNotFound
from horgos_geo.model.estimate import Estimate
from horgos_geo.model.network import Network, load_network
from horgos_geo.model.places import resolve
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.impacts import ZERO_IMPACTS
from horgos_geo.routing.route import Leg, Route, likely_hours
from horgos_geo.routing.router import Router

TABLE = "reference/published_transit_times.csv"
#: A central value this close to the published one counts as near.
NEAR_PCT = 30.0
_AS_PUBLISHED = (
    "origin", "destination", "mode", "what", "basis", "usable", "split", "year", "source",
)  # fmt: skip


def compare_transit_times(
    router: Router,
    usable: Sequence[str] = ("yes",),
    split: Sequence[str] = ("shared", "new", "held"),
) -> pd.DataFrame:
    """Ask the model for each published transit time.

    Parameters
    ----------
    router
        The network and the parameters to judge; its scenario does not count.
    usable
        Which rows: ``yes``, ``loose`` (ends or conditions not named), ``no``.
    split
        Which rows: ``shared`` and ``new`` were at hand when parameters were chosen, ``held`` were
        found afterwards and judged before anything was changed.

    Returns
    -------
    DataFrame
        In the order of the table: ``origin, destination, mode, what, basis, usable, split, year,
        source`` as it has them, `basis` empty for a usual service; ``published_days``,
        ``model_days`` and ``likely_days``, each also with ``_low`` and ``_high``, of the model NaN
        where it finds no route. ``error_pct`` is the model's central value over the published
        one; ``inside``, ``likely`` and ``near`` say whether the published one lies in the model's
        band, in the narrower band that is likely, and within `NEAR_PCT` of the central value.
    """
    rows = []
    for row in datasets.read_rows(TABLE):
        if row["usable"] in usable and row["split"] in split:
            router = router.with_(**{**Scenario().model_dump(), **_changes(row, router.network)})
            published = Estimate(*(float(row[key]) for key in ("days_low", "days", "days_high")))
            model, likely = _model_days(router, row)
            about = {name: row[name] for name in _AS_PUBLISHED}
            bands = {"published_days": published, "model_days": model, "likely_days": likely}
            rows.append(
                about
                | {name: band.central for name, band in bands.items()}
                | {f"{name}_low": band.low for name, band in bands.items()}
                | {f"{name}_high": band.high for name, band in bands.items()}
            )
    return judged(pd.DataFrame(rows))


def judged(times: pd.DataFrame) -> pd.DataFrame:
    """Return times with what `compare_transit_times` says of the model's days beside published."""
    days = times["published_days"]
    error_pct = (times["model_days"] / days - 1.0) * 100.0
    return times.assign(
        error_pct=error_pct,
        inside=days.between(times["model_days_low"], times["model_days_high"]),
        likely=days.between(times["likely_days_low"], times["likely_days_high"]),
        near=error_pct.abs() <= NEAR_PCT,
    )


def _changes(row: dict[str, str], network: Network) -> dict[str, Any]:
    """Return the fields of the scenario that a row was published for."""
    shut = [name for name in row["close"].split("|") if name]
    return {
        "name": f"{row['origin']} – {row['destination']}",
        # A train that takes a ferry stays a train: "multimodal" there means rail and ship.
        "modes": "rail" if row["mode"] == "multimodal" else row["mode"],
        "minimise": "time",
        "ferries": row["ferries"] == "yes",
        "gateway": row["gateway"] or None,
        "closed_countries": [name for name in shut if len(name) == 3],
        "closed_crossings": [n for n in shut if len(n) > 3 and n in network.crossing_index],
    }


def _model_days(router: Router, row: dict[str, str]) -> tuple[Estimate, Estimate]:
    """Return the model's days with their band, and with the narrower band that is likely."""
    try:
        routes = _routes(router, row)
    except PlaceNotFound:
        routes = []
    if not routes or not all(route.found for route in routes):
        return (Estimate(np.nan, np.nan, np.nan),) * 2
    legs = [leg for route in routes for leg in _legs(route, row["inside"] == "yes")]
    # Where a chain changes its mode, the freight waits as in any terminal.
    wait = replace(ZERO_IMPACTS, time_h=router.parameters.transfer_h(""))
    change = Leg(kind="transfer", from_name="", to_name="", country="", measure=wait)
    legs += [change] * len(routes[1:])
    hours = sum((leg.time_h for leg in legs), Estimate(0.0, 0.0, 0.0))
    return hours * (1 / 24), likely_hours(legs) * (1 / 24)


def _routes(router: Router, row: dict[str, str]) -> list[Route]:
    """Return the route of a row, or those of each mode that its chain names."""
    origin, end = resolve(row["origin"]), resolve(row["destination"])
    if not row["legs"]:
        return [router.route(origin, end)]
    routes = []
    for leg in row["legs"].split("|"):
        mode, _, place = leg.partition(":")
        there = resolve(place) if place else end
        routes.append(router.with_(modes=mode).route(origin, there))
        origin = there
    return routes


def _legs(route: Route, without_china: bool) -> list[Leg]:
    """Return the legs of a route, where asked without the wait at the Chinese border."""
    chinese = {c.id for c in route.crossings if CHINA in (c.country_a, c.country_b)}
    return [leg for leg in route.counted_legs if not (without_china and leg.crossing_id in chinese)]


def summarise(times: pd.DataFrame) -> pd.Series:
    """Return how a set of times came out, those without an answer left aside.

    Parameters
    ----------
    times
        From `compare_transit_times`.

    Returns
    -------
    Series
        ``count`` of times with an answer, and of them, in percent, ``inside_pct, likely_pct,
        near_pct``; ``median_error_pct`` and ``median_absolute_error_pct``.
    """
    known = times.dropna(subset="model_days")
    return pd.Series(
        {
            "count": len(known),
            "inside_pct": known["inside"].mean() * 100,
            "likely_pct": known["likely"].mean() * 100,
            "near_pct": known["near"].mean() * 100,
            "median_error_pct": known["error_pct"].median(),
            "median_absolute_error_pct": known["error_pct"].abs().median(),
        }
    )


def summaries(times: pd.DataFrame) -> pd.DataFrame:
    """Return how times came out: all of them, those of each basis, and those held out.

    Parameters
    ----------
    times
        From `compare_transit_times`.

    Returns
    -------
    DataFrame
        The columns of `summarise`, by ``all``, ``usual`` and the other names of `basis`, and
        ``held out``.
    """
    kinds = {"all": times}
    kinds |= {str(basis) or "usual": some for basis, some in times.groupby("basis")}
    kinds["held out"] = times[times["split"] == "held"]
    return pd.DataFrame({name: summarise(some) for name, some in kinds.items()}).T


def main() -> None:
    """Print every time, the furthest off first, and how each kind came out."""
    times = compare_transit_times(Router(load_network()))
    worst = times.sort_values("error_pct", key=abs, ascending=False)
    columns = ["error_pct", "published_days", "model_days", "model_days_low", "model_days_high",
               "inside", "origin", "destination", "mode", "basis"]  # fmt: skip
    text = (worst[columns], summaries(times))
    sys.stdout.write("\n\n".join(frame.round(1).to_string() for frame in text) + "\n")


if __name__ == "__main__":
    main()
