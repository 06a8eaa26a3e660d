"""What the report on cars says: sections, each with its finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from horgos_geo.analysis import cars as cars_
from horgos_geo.views.sections import headline, section
from horgos_geo.views.display import Figure, join
from horgos_geo.views.study_charts import amount_bars, table, two_range_charts
from horgos_geo.views.words import Words

if TYPE_CHECKING:
    import pandas as pd

# The mode whose colour and form each way is drawn in.
_CARS = {"driven": "multimodal", "carrier truck": "road", "JSQ train": "rail"}


def cars_answer(frame: pd.DataFrame, language: str = "en", title: str = "") -> Figure:
    """Return how far and how long a car travels by train to each country's people."""
    words = Words(language, "g_")
    name = words.port("horgos")
    train = frame[(frame["way"] == "JSQ train") & (frame["status"] == "ok")]
    parts = [
        words.say("cars_part", km=words.km(row["length_km"]), days=words.days(row["days"] * 24),
                  country=words.country(row["country"]))
        for _, row in train.iterrows()
    ]  # fmt: skip
    top = title or words.stop(words.say("cars_answer", name=name, list=words.listed(parts)))
    return headline(top, words.say("cars_sub"), words.say("eyebrow_cars"))


def cars_section(frame: pd.DataFrame, language: str = "en") -> Figure:
    """Return the table of ways to move a car, under what the train saves."""
    words = Words(language, "g_")
    cost = frame.groupby("way")["cost_usd_per_car"].mean()
    saved = 100.0 * (1.0 - cost["JSQ train"] / cost["carrier truck"])
    title = words.say("cars_title", pct=words.number(saved))
    heads = [words.say("country"), words.say("way"), words.say("km"), "±", words.say("days"),
             words.say("low"), words.say("high"), words.say("usd_car"),
             words.say("low"), words.say("high"), words.say("co2_car")]  # fmt: skip
    columns = ("length_km", "error_km", "days", "days_low", "days_high", "cost_usd_per_car",
               "cost_usd_per_car_low", "cost_usd_per_car_high", "co2e_kg_per_car")  # fmt: skip
    rows = [
        [words.country(row["country"]), words.say(str(row["way"]).replace(" ", "_")),
         *(float(row[c]) for c in columns)]
        for _, row in frame.iterrows()
    ]  # fmt: skip
    digits = [0, 0, -1, -1, 1, 1, 1, -1, -1, -1, 0]
    below = table(heads, rows, words, "cars", digits)
    named = [
        (words.country(str(name)), part) for name, part in frame.groupby("country", sort=False)
    ]
    ways = {way: (words.say(way.replace(" ", "_")), mode) for way, mode in _CARS.items()}
    charts = two_range_charts(named, ways, "cost_usd_per_car", words.say("usd_car"), words)
    return section(title, words.say("band_sub"), join([charts, below]), "cars",
                   words.say("way"))  # fmt: skip


def cars_sentence(frame: pd.DataFrame, language: str = "en") -> Figure:
    """Return the cheapest way to each country's people, in one sentence."""
    words = Words(language, "g_")
    known = frame[frame["cost_usd_per_car"].notna()]
    best = known.loc[known.groupby("country", sort=False)["cost_usd_per_car"].idxmin()]
    parts = [
        words.say("cars_last_part", country=words.country(row["country"]),
                  way=words.say(str(row["way"]).replace(" ", "_")),
                  usd=words.usd(row["cost_usd_per_car"]), days=words.days(row["days"] * 24))
        for _, row in best.iterrows()
    ]  # fmt: skip
    sentence = (
        words.say("cars_last", list=words("semicolon").join(parts))
        if parts
        else words.say("cars_none")
    )
    return section(words.stop(sentence), "", None, "answer", words.say("last"))


def exports_section(language: str = "en") -> Figure:
    """Return exports by year as customs count them, and all published figures with their basis."""
    words = Words(language, "g_")
    yearly = cars_.yearly()
    last = max(yearly)
    title = words.say("exports_title", n=words.number(yearly[last]), year=last)
    bars = amount_bars([(str(y), float(n)) for y, n in yearly.items()], "home", words, title)
    heads = [words.say(k) for k in ("year", "period", "vehicles", "basis", "source")]
    frame = cars_.exports()
    rows = [
        [
            str(r["year"]),
            words.phrase(r["period"]),
            int(r["vehicles"]),
            words.phrase(r["basis"]),
            r["source"],
        ]
        for r in frame[frame["gateway"] == "horgos"].to_dict("records")
    ]
    both = join([bars, table(heads, rows, words, "exports")])
    return section(title, words.say("exports_sub"), both, "exports", words.say("vehicles"))
