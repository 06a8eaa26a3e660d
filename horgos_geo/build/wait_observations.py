"""Observations of waits, as the fit takes them: what each is the sum of, and what it counts.

Each row of ``reference/evidence/waits.csv`` that is a wait in hours becomes a sum of effects on the
log scale: of leaving a country and entering one, the two regions, the pair of countries and its
direction, the post and its direction, one side of the border alone, a bad week, an epidemic year.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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

#: An average over both directions is of one side of each border: that of the country.
ONE_SIDE = (("side", "from", 0.5), ("side", "to", 0.5))

Row = dict[str, str]
Loading = list[tuple[str, str, float]]


@dataclass(frozen=True)
class Observation:
    """One figure of one source, as the fit takes it.

    Attributes
    ----------
    ids
        Of its rows in the table of evidence: two where both sides of a post were added up.
    post
        Crossing id, empty where the figure is of a country or a whole border.
    value
        Hours on the log scale, as of a middling passage.
    loadings
        Effects that it is the sum of.
    weight
        What it counts.
    """

    ids: tuple[str, ...]
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

    def effects(self, mode: str, country: str, to_country: str, post: str = "") -> Loading:
        """Return what a wait in one direction is the sum of, at a post or anywhere on a border."""
        regions = "+".join(sorted(self.region.get(c, "") for c in (country, to_country)))
        pair = "+".join(sorted((country, to_country)))
        loadings = [
            ("any", "", 1.0),
            ("country", f"leaving {country}", 1.0),
            ("country", f"entering {to_country}", 1.0),
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
            loadings.append(("post", post, 1.0))
            loadings.append(("post direction", f"{post} {country}>{to_country}", 1.0))
        return loadings

    def of_observation(self, row: Row) -> Loading | None:
        """Return what an observation is the sum of, None where it speaks of no border we know."""
        country, to_country, area = row["country_from"], row["country_to"], row["area"]
        if country and to_country:
            return self.effects(row["mode"], country, to_country, row["crossing"])
        loadings: Loading = [("any", "", 1.0)]
        if country:
            return [*loadings, ("country", f"leaving {country}", 1.0)]
        if to_country:
            return [*loadings, ("country", f"entering {to_country}", 1.0)]
        if area in self.region:
            both = [("country", f"{way} {area}", 0.5) for way in ("leaving", "entering")]
            return [*loadings, *ONE_SIDE, *both]
        if area in AREAS:
            if not AREAS[area]:
                return [*loadings, *ONE_SIDE]
            share = 1.0 / len(AREAS[area])
            return [*loadings, *(("regions", name, share) for name in AREAS[area])]
        return None


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
    for row in _sides_added(_once(waits)):
        loadings = borders.of_observation(row)
        if loadings is None:
            continue
        if row["side"] in ("from", "to"):
            loadings.append(("side", row["side"], 1.0))
        if row["period"] != "usual":
            loadings.append(("period", row["period"], 1.0))
        if row["statistic"] in EXTREMES:
            loadings.append(("statistic", row["statistic"], 1.0))
        value = math.log(max(float(row["value"]), LEAST_H))
        if row["statistic"] == "mean":
            value -= OF_WEEK if row["period"] == "peak" else OF_YEAR
        ids = tuple(row["id"].split("|"))
        result.append(Observation(ids, row["crossing"], value, loadings, _weight(row)))
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


def _sides_added(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield rows, both sides of one post, direction and year as one where both were measured."""
    keys = ("crossing", "country_from", "country_to", "year", "month", "statistic", "period")
    groups: dict[tuple[str, ...], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[tuple(row[key] for key in keys)][row["side"]].append(row)
    for key, sides in groups.items():
        both = key[0] and key[5] == "mean" and sides["from"] and sides["to"]
        if both:
            parts = [sides["from"][0], sides["to"][0]]
            yield {
                **parts[0],
                "id": "|".join(row["id"] for row in parts),
                "side": "both",
                "value": str(sum(float(row["value"]) for row in parts)),
            }
        for side, found in sides.items():
            yield from found[1:] if both and side in ("from", "to") else found


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
