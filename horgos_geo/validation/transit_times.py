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

import csv
import io
import math
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from horgos_geo.core import datasets
from horgos_geo.core.countries import CHINA
from horgos_geo.core.errors import PlaceNotFound
from horgos_geo.model.network import Network
from horgos_geo.model.parameters import Estimate
from horgos_geo.model.places import resolve
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.route import Leg, Route, likely_hours
from horgos_geo.routing.router import Router
from horgos_geo.routing.weights import ZERO_IMPACTS

TABLE = "reference/published_transit_times.csv"
# A central value this close to the published one counts as near.
NEAR_PCT = 30.0


@dataclass(frozen=True, eq=False)
class Comparison:
    """One published time and the model's.

    Attributes
    ----------
    origin, destination, mode, what, basis, source, year, usable, split
        As the table has them; `basis` is empty for a usual service.
    published_days
        Low, central and high as published.
    model_days
        Low, central and high of the model, NaN where it finds no way.
    likely_days
        The same with the likely low and high.
    route
        The model's route, the first of a chain; None for a place that is not known.
    """

    origin: str
    destination: str
    mode: str
    what: str
    basis: str
    source: str
    year: str
    usable: str
    split: str
    published_days: Estimate
    model_days: Estimate
    likely_days: Estimate
    route: Route | None

    @property
    def inside(self) -> bool:
        """Whether the published time lies in the model's own band."""
        return self.model_days.low <= self.published_days.central <= self.model_days.high

    @property
    def likely(self) -> bool:
        """Whether the published time lies in the narrower band that is likely."""
        return self.likely_days.low <= self.published_days.central <= self.likely_days.high

    @property
    def error_pct(self) -> float:
        """Central value of the model over the published one, in percent above or below."""
        return (self.model_days.central / self.published_days.central - 1.0) * 100.0

    @property
    def near(self) -> bool:
        """Whether the central value is within `NEAR_PCT` of the published one."""
        return abs(self.error_pct) <= NEAR_PCT

    @property
    def found(self) -> bool:
        """Whether the model has an answer."""
        return math.isfinite(self.model_days.central)


@dataclass(frozen=True)
class Summary:
    """How a set of comparisons came out.

    Attributes
    ----------
    count
        Comparisons with an answer.
    inside_share, likely_share, near_share
        Parts of them inside the band, inside the likely band, and within `NEAR_PCT`, 0 to 1.
    median_error_pct, median_absolute_error_pct
        Middle of the errors, with and without their signs.
    """

    count: int
    inside_share: float
    likely_share: float
    near_share: float
    median_error_pct: float
    median_absolute_error_pct: float


def compare_transit_times(
    network: Network,
    usable: Sequence[str] = ("yes",),
    split: Sequence[str] = ("shared", "new", "held"),
) -> list[Comparison]:
    """Ask the model for each published transit time.

    Parameters
    ----------
    network
        The network.
    usable
        Which rows: ``yes``, ``loose`` (ends or conditions not named), ``no``.
    split
        Which rows: ``shared`` and ``new`` were at hand when parameters were chosen, ``held`` were
        found afterwards and judged before anything was changed.

    Returns
    -------
    list of Comparison
        In the order of the table.
    """
    router: Router | None = None
    result = []
    for row in datasets.read_rows(TABLE):
        if row["usable"] not in usable or row["split"] not in split:
            continue
        changes = _changes(row, network)
        asked = {**Scenario().model_dump(), **changes}
        router = router.with_(**asked) if router else Router(network, Scenario().with_(**asked))
        result.append(_compared(router, row))
    return result


def _changes(row: dict[str, str], network: Network) -> dict[str, Any]:
    """Return the fields of the scenario that a row was published for."""
    shut = [name for name in row["close"].split("|") if name]
    ferries = row["ferries"] == "yes"
    return {
        "name": f"{row['origin']} – {row['destination']}",
        # A train that takes a ferry stays a train: "multimodal" there means rail and ship.
        "modes": "rail" if row["mode"] == "multimodal" else row["mode"],
        "minimise": "time",
        "ferries": ferries,
        "gateway": row["gateway"] or None,
        "closed_countries": [name for name in shut if len(name) == 3],
        "closed_crossings": [n for n in shut if len(n) > 3 and n in network.crossing_index],
    }


def _compared(router: Router, row: dict[str, str]) -> Comparison:
    try:
        routes = _routes(router, row)
    except PlaceNotFound:
        routes = []
    days = likely_days = Estimate(math.nan, math.nan, math.nan)
    if routes and all(route.found for route in routes):
        legs = [leg for route in routes for leg in _legs(route, row["inside"] == "yes")]
        # Where a chain changes its mode, the freight waits as in any terminal.
        legs += [_change(router)] * len(routes[1:])
        hours = sum((leg.time_h for leg in legs), Estimate(0.0, 0.0, 0.0))
        days, likely_days = hours * (1 / 24), likely_hours(legs) * (1 / 24)
    return Comparison(
        origin=row["origin"],
        destination=row["destination"],
        mode=row["mode"],
        what=row["what"],
        basis=row["basis"],
        source=row["source"],
        year=row["year"],
        usable=row["usable"],
        split=row["split"],
        published_days=Estimate(*(float(row[key]) for key in ("days_low", "days", "days_high"))),
        model_days=days,
        likely_days=likely_days,
        route=routes[0] if routes else None,
    )


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
    return [leg for leg in route.network_legs if not (without_china and leg.crossing_id in chinese)]


def _change(router: Router) -> Leg:
    """Return the wait in a terminal where a chain changes its mode."""
    wait = replace(ZERO_IMPACTS, time_h=router.parameters.transfer_h(""))
    return Leg(kind="transfer", from_name="", to_name="", country="", measure=wait)


def summarise(comparisons: Iterable[Comparison]) -> Summary:
    """Return how comparisons came out, those without an answer left aside.

    Parameters
    ----------
    comparisons
        From `compare_transit_times`.
    """
    known = [item for item in comparisons if item.found]
    if not known:
        return Summary(0, *[math.nan] * 5)
    errors = [item.error_pct for item in known]
    return Summary(
        count=len(known),
        inside_share=sum(item.inside for item in known) / len(known),
        likely_share=sum(item.likely for item in known) / len(known),
        near_share=sum(item.near for item in known) / len(known),
        median_error_pct=statistics.median(errors),
        median_absolute_error_pct=statistics.median(map(abs, errors)),
    )


def as_csv(comparisons: Iterable[Comparison]) -> str:
    """Return comparisons as CSV text, one row each, days with one decimal."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(
        ["origin", "destination", "mode", "basis", "published_days", "model_days", "model_days_low",
         "model_days_high", "likely_days_low", "likely_days_high", "inside", "error_pct", "usable",
         "split", "year", "source"]
    )  # fmt: skip
    for item in comparisons:
        model, usual = item.model_days, item.likely_days
        numbers = [model.central, model.low, model.high, usual.low, usual.high]
        writer.writerow(
            [item.origin, item.destination, item.mode, item.basis,
             f"{item.published_days.central:g}",
             *(f"{n:.1f}" if math.isfinite(n) else "" for n in numbers),
             "yes" if item.inside else "no",
             f"{item.error_pct:.0f}" if item.found else "",
             item.usable, item.split, item.year, item.source]
        )  # fmt: skip
    return stream.getvalue()


def describe(comparisons: Sequence[Comparison]) -> str:
    """Return a line a comparison, the furthest off first, and how each kind came out.

    Parameters
    ----------
    comparisons
        From `compare_transit_times`.
    """
    lines = ["error  published  model (likely; low-high)"]
    known = [item for item in comparisons if item.found]
    for item in sorted(known, key=lambda item: -abs(item.error_pct)):
        model, usual = item.model_days, item.likely_days
        band = (
            f"{model.central:.1f} ({usual.low:.1f}-{usual.high:.1f}; "
            f"{model.low:.1f}-{model.high:.1f})"
        )
        outside = "" if item.inside else " OUTSIDE"
        lines.append(
            f"{item.error_pct:+4.0f} %  {item.published_days.central:9.1f}  {band:29}  "
            f"{item.origin} - {item.destination}, {item.mode}, {item.basis or 'usual'}{outside}"
        )
    kinds = {"all": known}
    for basis in sorted({item.basis for item in known}):
        kinds[basis or "usual"] = [item for item in known if item.basis == basis]
    kinds["held out"] = [item for item in known if item.split == "held"]
    for name, some in kinds.items():
        found = summarise(some)
        if found.count:
            lines.append(
                f"{name}: {found.count}, {found.inside_share:.0%} inside the band, "
                f"{found.likely_share:.0%} inside the likely band, "
                f"{found.near_share:.0%} within {NEAR_PCT:.0f} %, "
                f"median error {found.median_error_pct:+.0f} %"
            )
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    from horgos_geo.model.network import load_network

    sys.stdout.write(describe(compare_transit_times(load_network())) + "\n")
