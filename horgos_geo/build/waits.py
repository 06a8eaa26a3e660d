"""Waits at border posts: what was seen of few posts in few years, estimated together for all.

`pool` draws what is known of little towards what is known of much: region, pair of countries,
post, direction. The year 2025 counts most. A wait is then a mixture of usual weeks and of bad ones,
whose quantiles are P10, P50 and P90 of a lorry or train that comes on any day of the year. Hours
until a post opens come on top (`opening`). The post of a pair with most observations is its main
one; a post without evidence is worse than it by as much as posts differ.

``horgos network fit`` writes ``reference/parameters/waits.csv``.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from horgos_geo.build.opening import numbers, opening_rows
from horgos_geo.build.pooling import Floats, Pooled, pool
from horgos_geo.build.wait_observations import (
    BAD_SHARE,
    BAD_TIMES,
    BASE_YEAR,
    MODES,
    TRIP_SPREAD,
    Borders,
    Observation,
    Row,
    observations,
    pair_of,
    weighed,
)
from horgos_geo.core import datasets
from horgos_geo.core.countries import CHINA
from horgos_geo.core.files import write_atomic

EVIDENCE, OPENING = "reference/evidence/waits.csv", "reference/evidence/opening.csv"
TABLE = "reference/parameters/waits.csv"
HEADER = (
    "parameter", "applies_to", "mode", "crossing", "country", "to_country", "value", "low", "high",
    "unit", "use", "source", "year", "retrieved", "own_share", "main_post", "evidence", "note",
)  # fmt: skip

#: Spreads that are given, for effects that few names share, log units.
GIVEN = {
    "any": 3.0,
    "side": 0.7,
    "period": 1.5,
    "statistic": 1.0,
    "union": 1.5,
    "break": 1.0,
}
#: An observation that counts less than this in an estimate is not listed behind it.
LEAST_INFLUENCE = 0.03
#: Most observations that are listed behind an estimate.
MOST_LISTED = 12
#: In place of a country that no observation names.
NOWHERE = "-"


@dataclass(frozen=True)
class Wait:
    """The wait at one border or post, in one direction.

    Attributes
    ----------
    low, value, high
        P10, P50 and P90 of a passage, hours.
    own_share
        How far the post's own observations count, 0 to 1.
    main_post
        Crossing id of the post of the pair that has most evidence; empty where none has any.
    evidence
        Ids of the observations behind it, the weightiest first; the table leaves them out where
        they are those of the pair.
    """

    mode: str
    post: str
    country: str
    to_country: str
    low: float
    value: float
    high: float
    own_share: float
    main_post: str
    evidence: tuple[str, ...]
    parameter: str = "dwell_h"

    def times(self, factor: float) -> Wait:
        """Return the wait, longer by a factor."""
        return replace(
            self, low=self.low * factor, value=self.value * factor, high=self.high * factor
        )

    def at_least(self, other: Wait) -> Wait:
        """Return the wait, nowhere below another."""
        return replace(
            self,
            low=max(self.low, other.low),
            value=max(self.value, other.value),
            high=max(self.high, other.high),
        )


def mixture(
    middle: float, spread: float, shares: Sequence[float], times: Sequence[float], q: Floats
) -> Floats:
    """Return quantiles of a mixture of log-normal distributions of one spread.

    Parameters
    ----------
    middle
        Median of the first kind.
    spread
        Standard deviation of each, log units.
    shares
        Of each kind; they add up to one.
    times
        Medians over that of the first kind.
    q
        Which quantiles, 0 to 1.

    Examples
    --------
    >>> mixture(8.0, 0.6, [1.0], [1.0], np.array([0.5])).round(2).tolist()
    [8.0]
    """
    from scipy.special import ndtr

    shift = np.log(np.asarray(times))[:, None]
    low, high = np.full(q.shape, -20.0), np.full(q.shape, 20.0)
    for _ in range(60):
        at = (low + high) / 2
        below = np.asarray(shares) @ ndtr((at - shift) / spread) < q
        low, high = np.where(below, at, low), np.where(below, high, at)
    return np.asarray(middle * np.exp((low + high) / 2))


def waits(rows: Sequence[Row], mode: str, borders: Borders) -> list[Wait]:
    """Estimate the waits of all listed posts, pairs of countries, and of any other border.

    Parameters
    ----------
    rows
        Of the table of evidence.
    mode
        ``road`` or ``rail``.
    borders
        The borders and posts.

    Returns
    -------
    list of Wait
        Both directions; posts first, then pairs, the far sides of Chinese borders, and any border
        (without countries).
    """
    seen = observations(rows, mode, borders)
    main = main_posts(seen, mode, borders)
    model = Model(mode, fit(seen), tuple(seen), borders)
    posts, pairs = [], {}
    for post, row in borders.posts[mode].items():
        for a, b in ((row["country_a"], row["country_b"]), (row["country_b"], row["country_a"])):
            best = main.get(pair_of(row), "")
            posts.append(model.wait(a, b, post, best))
            if (a, b) not in pairs:
                pairs[a, b] = model.wait(a, b, "", best)
    named = {(wait.post, wait.country): wait for wait in posts}
    floored = [
        wait if wait.own_share or not wait.main_post
        else wait.at_least(named[wait.main_post, wait.country].times(model.unseen))
        for wait in [*posts, *pairs.values()]
    ]  # fmt: skip
    entering = [model.wait(*pair, sides=("to",)) for pair in pairs if pair[0] == CHINA]
    # Between countries that no observation names every effect of a border is unknown.
    return [*floored, *entering, model.wait("", NOWHERE)]


def fit(seen: Sequence[Observation]) -> Pooled:
    """Estimate the effects of which observations are the sums."""
    return pool(
        np.array([item.value for item in seen]),
        [item.loadings for item in seen],
        np.array([item.weight for item in seen]),
        GIVEN,
    )


def main_posts(seen: Sequence[Observation], mode: str, borders: Borders) -> dict[str, str]:
    """Return the post of each pair of countries that has most observations."""
    count = Counter(item.post for item in seen if item.post)
    best: dict[str, str] = {}
    for post in sorted(count, key=lambda post: (-count[post], post)):
        if post in borders.posts[mode]:
            best.setdefault(pair_of(borders.posts[mode][post]), post)
    return best


@dataclass(frozen=True)
class Model:
    """A fit of one mode, with the observations that it is of."""

    mode: str
    fitted: Pooled
    seen: tuple[Observation, ...]
    borders: Borders

    @property
    def unseen(self) -> float:
        """How many times the wait of the main post that of a post without observations is.

        Posts differ by a spread. Of one that nobody tells of, lorries make little use, and the
        least of many unknown waits is too good to be true: it is taken at one spread above.
        """
        kinds = ("post", "post direction", "post side")
        return math.exp(math.hypot(*(self.fitted.spread.get(kind, 0.0) for kind in kinds)))

    def wait(
        self,
        country: str,
        to_country: str,
        post: str = "",
        main_post: str = "",
        sides: Sequence[str] = ("from", "to"),
    ) -> Wait:
        """Return the wait in one direction, on both sides of the border or on one."""
        of = [self.borders.side(self.mode, country, to_country, post, side) for side in sides]
        hours = np.exp([self.fitted.predict(loadings)[0] for loadings in of])
        # The logarithm of a sum moves with those of its parts by their shares.
        loadings = weighed(of, (hours / hours.sum()).tolist())
        doubt = self.fitted.predict(loadings)[1]
        low, value, high = mixture(
            float(hours.sum()),
            math.hypot(doubt, TRIP_SPREAD),
            (1 - BAD_SHARE, BAD_SHARE),
            (1.0, BAD_TIMES),
            np.array([0.1, 0.5, 0.9]),
        ).tolist()
        # Rounded first, so that the order does not turn on the last digits.
        counts = self.fitted.influence(loadings).round(6)
        own = np.array([bool(post) and item.post == post for item in self.seen])
        order = np.argsort(-np.abs(counts), kind="stable")
        listed = [i for i in order if abs(counts[i]) >= LEAST_INFLUENCE or own[i]][:MOST_LISTED]
        return Wait(
            mode=self.mode,
            post=post,
            country=country,
            to_country=to_country if to_country != NOWHERE else "",
            low=low,
            value=value,
            high=high,
            own_share=float(np.clip(counts[own].sum(), 0.01, 1.0)) if own.any() else 0.0,
            main_post=main_post,
            evidence=tuple(self.seen[i].id for i in listed),
            parameter="dwell_h" if len(sides) > 1 else "entering_h",
        )


def _row(wait: Wait) -> Row:
    about = wait.post or (
        f"{wait.country} to {wait.to_country}" if wait.country else "any other border"
    )
    return {
        "parameter": wait.parameter,
        "applies_to": about,
        "mode": wait.mode,
        "crossing": wait.post,
        "country": wait.country,
        "to_country": wait.to_country,
        **numbers(wait.low, wait.value, wait.high),
        "source": EVIDENCE,
        "year": str(BASE_YEAR),
        "retrieved": "fitted",
        "own_share": f"{wait.own_share:.2f}",
        "main_post": wait.main_post,
        "evidence": "|".join(wait.evidence) if wait.own_share or not wait.post else "",
    }


def table(evidence: Sequence[Row], opening: Sequence[Row], borders: Borders) -> str:
    """Return the table of waits as CSV text.

    Parameters
    ----------
    evidence, opening
        Rows of the tables of waits and of opening hours.
    borders
        The borders and posts.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    for mode in MODES:
        writer.writerows(_row(wait) for wait in waits(evidence, mode, borders))
    writer.writerows(opening_rows(opening))
    return text.getvalue()


def write(path: Path | None = None) -> Path:
    """Fit the waits anew and write their table.

    Parameters
    ----------
    path
        Where to; the shipped table when None.
    """
    evidence, opening = datasets.read_rows(EVIDENCE), datasets.read_rows(OPENING)
    return write_atomic(path or datasets.path(TABLE), table(evidence, opening, Borders()))


def spreads() -> dict[str, dict[str, float]]:
    """Return the fitted spread of each kind of effect and the noise by mode, log units."""
    evidence, borders = datasets.read_rows(EVIDENCE), Borders()
    found = {mode: fit(observations(evidence, mode, borders)) for mode in MODES}
    return {mode: {**model.spread, "noise": model.noise} for mode, model in found.items()}
