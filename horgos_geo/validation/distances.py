"""How far the lengths are from published ones: every published distance beside ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from horgos_geo.build import calibration
from horgos_geo.core import datasets
from horgos_geo.core.errors import ScenarioError
from horgos_geo.model.network import Network
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

if TYPE_CHECKING:
    import pandas as pd

MODES = ("road", "rail")
GEOD = Geod(ellps="WGS84")
#: Shorter ways hang on where in a town they end.
LEAST_KM = 100.0
#: The sets of published distances, in the order in which they were found.
SPLITS = ("shared", "new", "second")
#: A miss by more than this is explained in `curation/misses.csv`.
MISS = 0.10
BASELINE = "reference/validation_baseline.csv"
REASONS = "curation/misses.csv"
#: What is compared, in the order of tables: ours, ours before correction, and the peers.
METHODS = ("ours", "raw", "scgraph", "great_circle")

Key = tuple[str, str, str, float]


@dataclass(frozen=True)
class Published:
    """A published distance of one mode between two places, kilometres."""

    mode: str
    origin: Place
    destination: Place
    km: float
    group: str
    split: str
    source: str

    @property
    def key(self) -> Key:
        """What names the pair in other tables."""
        return self.mode, self.origin.name, self.destination.name, self.km

    @property
    def great_circle_km(self) -> float:
        """The straight line between the two places."""
        a, b = self.origin, self.destination
        return float(GEOD.inv(a.lon, a.lat, b.lon, b.lat)[2]) / 1000.0


@dataclass(frozen=True)
class Check:
    """A published distance beside the lengths that we and others give, kilometres; NaN for none.

    Some long edges have the published length of their road. Those of this pair's own group count
    in `length_km` as if they had not: no figure is judged by itself. `great_circle_km` is the
    straight line; `scgraph_km` the way over scgraph's own network.
    """

    published: Published
    status: str
    length_km: float
    raw_km: float
    great_circle_km: float
    scgraph_km: float
    countries: tuple[str, ...]
    crossings: tuple[str, ...]
    reason: str

    @property
    def error(self) -> float:
        """Our relative error, NaN where we have no way."""
        return self.length_km / self.published.km - 1

    @cached_property
    def is_miss(self) -> bool:
        """Whether we are off by more than `MISS` or have no way."""
        return not abs(self.error) <= MISS


def published(mode: str, least_km: float = LEAST_KM, usable: str = "yes") -> list[Published]:
    """Read the published distances of one mode.

    Parameters
    ----------
    mode
        ``road`` or ``rail``.
    least_km
        Shorter ones are left out.
    usable
        ``yes`` for those to be judged by, ``loose`` for rounded ones and those of another way.
    """
    found = []
    for row in datasets.read_rows(f"reference/published_{mode}_distances.csv"):
        if row["usable"] != usable or float(row["km"]) < least_km:
            continue
        ends = (
            Place(
                id=f"{row[f'{end}_lat']},{row[f'{end}_lon']}",
                name=row[name],
                country=row.get(f"{end}_country", ""),
                lon=float(row[f"{end}_lon"]),
                lat=float(row[f"{end}_lat"]),
                kind="point",
            )
            for name, end in (("origin", "origin"), ("dest", "dest"))
        )
        origin, destination = ends
        found.append(
            Published(mode, origin, destination, float(row["km"]), row["group"], row["split"],
                      row["source"])
        )  # fmt: skip
    return found


def check(
    network: Network,
    modes: Sequence[str] = MODES,
    least_km: float = LEAST_KM,
    scenario: Scenario | None = None,
) -> list[Check]:
    """Route every usable published pair and put the answers beside the published lengths.

    Parameters
    ----------
    network
        The network to judge.
    modes
        Any of ``road``, ``rail``.
    least_km
        Shorter published distances are left out.
    scenario
        How ways are chosen. Default: the practical path, as everywhere.

    Raises
    ------
    ScenarioError
        No published distance is so long.
    """
    reasons = {_key(row): row["reason"] for row in datasets.read_rows(REASONS)}
    peers = {_key(row): row for row in datasets.read_rows(BASELINE)}
    base, alone = scenario or Scenario(), calibration.corrected_km(network, calibration.stored()[0])
    checks = []
    for mode in modes:
        router = Router(network, base.with_(modes=mode))
        for pair in published(mode, least_km):
            status, elements = router.path(pair.origin, pair.destination)
            edges = np.array([edge for edge, _, _ in elements], dtype=np.int64)
            share = np.array([abs(end - start) for _, start, end in elements])
            own = np.isin(network.link[edges], _own_links(network, pair.group))
            peer = peers.get(pair.key, {}).get("scgraph_km", "")
            lengths = np.where(own, alone[edges], network.length_km[edges])
            checks.append(
                Check(
                    published=pair,
                    status=status,
                    length_km=float(np.sum(share * lengths)) if elements else math.nan,
                    raw_km=(
                        float(np.sum(share * network.raw_length_km[edges]))
                        if elements
                        else math.nan
                    ),
                    great_circle_km=pair.great_circle_km,
                    scgraph_km=float(peer) if peer else math.nan,
                    countries=_sequence(network, edges),
                    crossings=tuple(
                        network.crossings[code].id for code in network.crossing[edges] if code >= 0
                    ),
                    reason=reasons.get(pair.key, ""),
                )
            )
    if not checks:
        raise ScenarioError(f"No published distance is {least_km:g} km or more. Ask for shorter.")
    return checks


def _own_links(network: Network, group: str) -> list[int]:
    """Return the codes of the sections whose length comes from a group of published distances."""
    return [
        code
        for code, name in enumerate(network.links)
        if name.rpartition("-")[0] == f"{calibration.SECTION}{group}"
    ]


def _sequence(network: Network, edges: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the countries of edges in order, each once a visit."""
    names = [network.countries[code] for code in network.edge_country[edges] if code]
    return tuple(name for i, name in enumerate(names) if not i or names[i - 1] != name)


def _key(row: dict[str, str]) -> Key:
    return row["mode"], row["origin"], row["dest"], float(row["km"])


@dataclass(frozen=True)
class Score:
    """How far one method is from the published lengths of one mode, percent.

    `pairs` counts all distances and `found` those that the method has a way for; the other
    figures are of those found. `factor` is what the great circle was multiplied by.
    """

    mode: str
    method: str
    pairs: int
    found: int
    bias_pct: float
    median_pct: float
    p90_pct: float
    within_5_pct: float
    factor: float = 1.0


def scores(checks: Iterable[Check], splits: Sequence[str] = SPLITS) -> list[Score]:
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
    list of Score
        By mode, then by `METHODS`. The great circle is multiplied by the factor that leaves the
        smallest median error, found on the same pairs: the best that such a factor can do.
    """
    chosen = [c for c in checks if c.published.split in splits]
    result = []
    for mode in MODES:
        mine = [c for c in chosen if c.published.mode == mode]
        if not mine:
            continue
        factor = best_factor(mine)
        lengths: dict[str, Callable[[Check], float]] = {
            "ours": lambda c: c.length_km,
            "raw": lambda c: c.raw_km,
            "scgraph": lambda c: c.scgraph_km,
            "great_circle": lambda c: c.great_circle_km,
        }
        for method in METHODS:
            by = factor if method == "great_circle" else 1.0
            relative = np.array([lengths[method](c) * by / c.published.km - 1 for c in mine])
            result.append(_score(mode, method, relative, by))
    return result


def _score(mode: str, method: str, relative: NDArray[np.float64], factor: float) -> Score:
    found = relative[np.isfinite(relative)]
    size = np.abs(found) * 100
    if not len(found):
        nan = math.nan
        return Score(mode, method, len(relative), 0, nan, nan, nan, nan, factor)
    return Score(
        mode, method, len(relative), len(found), float(np.median(found)) * 100,
        float(np.median(size)), float(np.percentile(size, 90)), float((size <= 5).mean()) * 100,
        factor,
    )  # fmt: skip


def best_factor(checks: Sequence[Check]) -> float:
    """Return the factor on great circles that leaves the smallest median absolute error."""
    ratios = sorted(c.published.km / c.great_circle_km for c in checks)
    return min(
        ratios,
        key=lambda f: median(abs(f * c.great_circle_km / c.published.km - 1) for c in checks),
    )


def misses(checks: Iterable[Check]) -> list[Check]:
    """Return the checks off by more than `MISS`, the worst first."""
    return sorted(
        (c for c in checks if c.is_miss),
        key=lambda c: -abs(c.error) if math.isfinite(c.error) else -math.inf,
    )


def table(checks: Iterable[Check], factors: dict[str, float] | None = None) -> pd.DataFrame:
    """Return one row a published distance, ready to be written.

    Parameters
    ----------
    checks
        From `check`.
    factors
        By mode, what great circles are multiplied by; found from the checks when left out.
    """
    import pandas as pd

    rows = list(checks)
    if factors is None:
        by_mode = {m: [c for c in rows if c.published.mode == m] for m in MODES}
        factors = {m: best_factor(mine) for m, mine in by_mode.items() if mine}
    return pd.DataFrame([_row(c, factors[c.published.mode]) for c in rows])


def _row(c: Check, factor: float) -> dict[str, Any]:
    return {
        "mode": c.published.mode,
        "origin": c.published.origin.name,
        "destination": c.published.destination.name,
        "published_km": c.published.km,
        "length_km": round(c.length_km, 1),
        "error_pct": round(c.error * 100, 1),
        "raw_length_km": round(c.raw_km, 1),
        "great_circle_times_factor_km": round(c.great_circle_km * factor, 1),
        "scgraph_km": round(c.scgraph_km, 1),
        "status": c.status,
        "countries": "|".join(c.countries),
        "crossings": "|".join(c.crossings),
        "group": c.published.group,
        "split": c.published.split,
        "reason": c.reason,
        "source": c.published.source,
    }
