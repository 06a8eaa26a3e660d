"""Observations of waits, as the fit takes them: what each is the sum of, and what it counts.

Each row of ``reference/evidence/waits.csv`` that is a wait in hours becomes a sum of effects on the
log scale: of leaving a country or entering one, the two regions, the pair of countries and its
direction, the post, its direction and its side, a bad week, an epidemic year. The two sides of a
border are estimated apart, and their hours add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from horgos_geo.core import datasets

MODES = ("road", "rail")
BASE_YEAR = 2025
#: An observation this many years from the base year counts half.
HALF_YEARS = 4.0
#: How far from the base year an observation without a year is taken to lie.
UNDATED_YEARS = 5.0
#: What an average over many passages counts beside the reading of one day.
AVERAGE_WEIGHT = 3.0
#: What an observation of an epidemic year, or an estimate of this project, counts.
DOUBTFUL_WEIGHT = 0.25
#: Published as no wait at all: controls take half an hour all the same.
LEAST_H = 0.5

#: Assumptions on how waits vary from trip to trip: within a week of one kind, log units; the share
#: of bad weeks; and how many times the usual wait is theirs. Readings of the Polish posts, the most
#: that there are, have P10 and P90 at 0.3 and 3.3 of their median.
TRIP_SPREAD, BAD_SHARE, BAD_TIMES = 0.6, 0.15, 7.0
#: An average over a year is this much above the median of its usual weeks, log units.
OF_YEAR = TRIP_SPREAD**2 / 2 + math.log(1 - BAD_SHARE + BAD_SHARE * BAD_TIMES)
OF_WEEK = TRIP_SPREAD**2 / 2

#: An average of all wagons is taken to be so many times the wait of a block train.
WAGONS_TIMES = 2.0
#: Statistics that are no middle, each with an effect of its own.
EXTREMES = ("max", "p90", "min")

#: Areas without border posts, or with waived customs, whose members share an effect.
UNIONS = {
    "EAEU customs union": "eaeu",
    "GCC customs union": "gcc",
    "Schengen land area": "schengen",
}
#: Neighbours of the European Union to the east, a region of their own beside Russia.
EASTERN = ("BLR", "MDA", "UKR")
WESTERN_BALKANS = ("ALB", "BIH", "MKD", "MNE", "SRB", "XKX")
#: Regions of borders that an observation of an area counts for.
AREAS = {
    "EUROPE": ("balkans+eu", "eu+eu"),
    "EU-WB6": ("balkans+eu",),
    "EU-EAST": ("eastern+eu", "eu+russia"),
    "TUR-IRN-CAUCASUS": ("caucasus+middle-east", "middle-east+middle-east"),
    "CAREC": (),
}

#: How the logarithm of a wait on both sides of a border is taken to be made of those of each side:
#: by their shares, where leaving takes seven tenths, and a constant that is exact at these shares.
SHARES = (0.7, 0.3)
OF_BOTH = -sum(share * math.log(share) for share in SHARES)

Row = dict[str, str]
Loading = list[tuple[str, str, float]]


@dataclass(frozen=True)
class Observation:
    """One figure of one source, as the fit takes it.

    Attributes
    ----------
    id
        Of its row in the table of evidence.
    post
        Crossing id, empty where the figure is of a country or a whole border.
    value
        Hours on the log scale, as of a middling passage of an ordinary week.
    loadings
        Effects that it is the sum of.
    weight
        What it counts.
    """

    id: str
    post: str
    value: float
    loadings: Loading
    weight: float


class Borders:
    """Which effects a border has, by the tables of countries, areas and crossings.

    Attributes
    ----------
    posts
        Rows of the listed crossings where traffic stops, by mode and id.
    """

    def __init__(self) -> None:
        countries = datasets.read_rows("reference/countries.csv")
        self.region = {row["iso3"]: row["region"] for row in countries}
        european = [iso3 for iso3, region in self.region.items() if region == "europe"]
        self.region |= dict.fromkeys(european, "eu")
        self.region |= dict.fromkeys(EASTERN, "eastern")
        self.region |= dict.fromkeys(WESTERN_BALKANS, "balkans")
        self.unions = {
            UNIONS[row["area"]]: set(row["members"].split())
            for row in datasets.read_rows("reference/open_areas.csv")
            if row["area"] in UNIONS
        }
        self.posts = {
            mode: {
                row["id"]: row
                for row in datasets.read_rows(f"reference/crossings_{mode}.csv")
                if row["kind"] != "open_area"
            }
            for mode in MODES
        }
        self._breaks = {
            (mode, pair_of(row)): _has_break(row)
            for mode, rows in self.posts.items()
            for row in rows.values()
        }

    def side(self, mode: str, country: str, to_country: str, post: str, side: str) -> Loading:
        """Return what a wait is the sum of on the side that is left (``from``) or entered."""
        regions = "+".join(sorted(self.region.get(c, "") for c in (country, to_country)))
        pair = "+".join(sorted((country, to_country)))
        loadings = [
            ("any", "", 1.0),
            *country_side(country, to_country, side),
            ("regions", regions, 1.0),
            ("pair", pair, 1.0),
            ("pair direction", f"{country}>{to_country}", 1.0),
        ]
        loadings += [
            ("union", name, 1.0)
            for name, members in self.unions.items()
            if {country, to_country} <= members
        ]
        row = self.posts[mode].get(post)
        if _has_break(row) if row else self._breaks.get((mode, pair), False):
            loadings.append(("break", "", 1.0))
        if post:
            here = country if side == "from" else to_country
            loadings += [
                ("post", post, 1.0),
                ("post direction", f"{post} {country}>{to_country}", 1.0),
                ("post side", f"{post} {here}", 1.0),
            ]
        return loadings

    def of_observation(self, row: Row) -> Loading | None:
        """Return what an observation is the sum of, None where it speaks of no border we know."""
        country, to_country, area = row["country_from"], row["country_to"], row["area"]
        sides = [row["side"]] if row["side"] in ("from", "to") else ["from", "to"]
        if country and to_country:
            of = [self.side(row["mode"], country, to_country, row["crossing"], s) for s in sides]
            return of[0] if len(of) == 1 else weighed(of, SHARES)
        if country or to_country:
            return [("any", "", 1.0), *country_side(country, to_country, row["side"])]
        if area in self.region:
            # Of one side of each border: that of the country.
            of = [country_side(area, area, side) for side in ("from", "to")]
            return [("any", "", 1.0), *weighed(of, (0.5, 0.5))]
        if area in AREAS:
            shares = SHARES if row["side"] == "both" else (0.5, 0.5)
            of = [[("side", side, 1.0)] for side in ("from", "to")]
            regions = [("regions", name, 1.0 / len(AREAS[area])) for name in AREAS[area]]
            return [("any", "", 1.0), *weighed(of, shares), *regions]
        return None


def country_side(country: str, to_country: str, side: str) -> Loading:
    """Return the effects of one side of a border alone: of leaving the one, or entering the other.

    Examples
    --------
    >>> country_side("CHN", "KAZ", "from")
    [('side', 'from', 1.0), ('country', 'leaving CHN', 1.0)]
    """
    what = f"leaving {country}" if side == "from" else f"entering {to_country}"
    return [("side", side, 1.0), ("country", what, 1.0)]


def weighed(loadings: Sequence[Loading], shares: Sequence[float]) -> Loading:
    """Return a weighted sum of effects."""
    return [
        (kind, name, size * share)
        for part, share in zip(loadings, shares, strict=True)
        for kind, name, size in part
    ]


def pair_of(row: Row) -> str:
    """Return the two countries of a crossing as one word, whichever is named first."""
    return "+".join(sorted((row["country_a"], row["country_b"])))


def _has_break(row: Row) -> bool:
    return row["gauge_a_mm"] != row["gauge_b_mm"]


def observations(rows: Iterable[Row], mode: str, borders: Borders) -> list[Observation]:
    """Turn rows of evidence of one mode into what the fit takes.

    Parameters
    ----------
    rows
        Of the table of evidence; those that are no wait in hours are left aside.
    mode
        ``road`` or ``rail``.
    borders
        Says which effects an observation has.
    """
    waits = [row for row in rows if row["what"] == "wait" and row["mode"] == mode]
    result = []
    for row in _once(waits):
        loadings = borders.of_observation(row)
        if loadings is None:
            continue
        if row["period"] != "usual":
            loadings.append(("period", row["period"], 1.0))
        if row["statistic"] in EXTREMES:
            loadings.append(("statistic", row["statistic"], 1.0))
        value = math.log(max(float(row["value"]), LEAST_H))
        if row["service"] == "wagonload":
            value -= math.log(WAGONS_TIMES)
        if row["side"] == "both":
            value -= OF_BOTH
        if row["statistic"] == "mean":
            value -= OF_WEEK if row["period"] == "peak" else OF_YEAR
        result.append(Observation(row["id"], row["crossing"], value, loadings, _weight(row)))
    return result


def _once(rows: Sequence[Row]) -> list[Row]:
    """Leave out averages over both directions of a country and year whose directions stand too."""
    of = {(row["country_from"], row["country_to"], row["year"]) for row in rows}
    return [
        row
        for row in rows
        if row["country_from"] or row["country_to"]
        or not {(row["area"], "", row["year"]), ("", row["area"], row["year"])} <= of
    ]  # fmt: skip


def _weight(row: Row) -> float:
    """Return what an observation counts by its year, its statistic and who says it."""
    off = abs(int(row["year"]) - BASE_YEAR) if row["year"] else UNDATED_YEARS
    weight = 1.0 / (1.0 + (off / HALF_YEARS) ** 2)
    if row["statistic"] == "mean":
        weight *= AVERAGE_WEIGHT
    if row["period"] == "epidemic":
        weight *= DOUBTFUL_WEIGHT
    if row["retrieved"] == "assumption":
        weight *= DOUBTFUL_WEIGHT
    return weight
