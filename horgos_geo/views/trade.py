"""Sections on trade: cars to their buyers, land against sea, each with its finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from horgos_geo.analysis import cars as cars_
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.views.charts import headline, section, side_by_side
from horgos_geo.views.display import Figure
from horgos_geo.views.study_charts import Range, amount_bars, range_dots, table
from horgos_geo.views.study_words import Words

if TYPE_CHECKING:
    import pandas as pd

# The mode whose colour and form each way is drawn in.
_CARS = {"driven": "multimodal", "carrier truck": "road", "JSQ train": "rail"}
_SHIP = {"sea": "ferry"}


# Cars ---------------------------------------------------------------------------------------------


def cars_answer(frame: pd.DataFrame, language: str = "en", title: str = "") -> Figure:
    """Return how far and how long a car travels by train to each country's people."""
    words = Words(language)
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
    words = Words(language)
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
    charts = _two_charts(named, ways, "cost_usd_per_car", words.say("usd_car"), words)
    return section(title, words.say("band_sub"), Figure(charts.html + below.html), "cars",
                   words.say("way"))  # fmt: skip


def cars_sentence(frame: pd.DataFrame, language: str = "en") -> Figure:
    """Return the cheapest way to each country's people, in one sentence."""
    words = Words(language)
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
    words = Words(language)
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
    both = Figure(bars.html + table(heads, rows, words, "exports").html)
    return section(title, words.say("exports_sub"), both, "exports", words.say("vehicles"))


# Land and sea -------------------------------------------------------------------------------------


def sea_answer(frame: pd.DataFrame, origin: Place, language: str = "en", title: str = "") -> Figure:
    """Return to how many destinations rail is quicker than the sea, by how much and how dear."""
    words = Words(language)
    name = words.place(origin)
    rail, sea = (frame[frame["way"] == way] for way in ("rail", "sea"))
    both = rail.index[(rail["days"].notna() & sea["days"].notna()).to_numpy()]
    faster = (sea.loc[both, "days"] - rail.loc[both, "days"])[lambda gain: gain > 0]
    sentence = words.say("sea_none")
    if len(faster):
        dearer = (
            rail.loc[faster.index, "cost_usd_per_teu"] / sea.loc[faster.index, "cost_usd_per_teu"]
        )
        money = 100.0 * (float(dearer.median()) - 1.0)
        sentence = words.say(
            "sea_answer" if money >= 0 else "sea_answer_less", name=name, k=len(faster),
            n=len(both), days=words.days(float(faster.median()) * 24),
            money=words.number(abs(money)),
        )  # fmt: skip
    top = title or words.stop(sentence)
    return headline(top, words.say("sea_sub"), words.say("eyebrow_sea", name=name))


def sea_section(frame: pd.DataFrame, language: str = "en") -> Figure:
    """Return the table of ways by rail, road and sea."""
    words = Words(language)
    heads = [words("col_destination"), words.say("way"), words.say("km"), words.say("days"),
             words.say("low"), words.say("high"), words.say("usd_teu"), words.say("co2_t"),
             words.say("ports")]  # fmt: skip
    known = {place.id: words.place(place) for place in places.destinations()}
    ways = {"rail": words("rail"), "road": words("road"), "sea": words.say("sea")}
    named = [
        (known.get(str(end), str(end)), part) for end, part in frame.groupby(level=0, sort=False)
    ]
    charts = _two_charts(
        named, {way: (name, _SHIP.get(way, way)) for way, name in ways.items()},
        "cost_usd_per_teu", words.say("usd_teu"), words,
    )  # fmt: skip
    columns = ("length_km", "days", "days_low", "days_high", "cost_usd_per_teu", "co2e_kg_per_t")
    rows = [
        [known.get(str(end), str(row["name"])), ways[row["way"]],
         *(float(row[c]) for c in columns), _ports(row, words)]
        for end, row in frame.iterrows()
    ]  # fmt: skip
    below = table(heads, rows, words, "land-and-sea", [0, 0, -1, 1, 1, 1, -1, 0, 0])
    both = Figure(charts.html + below.html)
    return section(_ways_title(frame, words), words.say("band_sub"), both, "sea", words.say("days"))


def _ways_title(frame: pd.DataFrame, words: Words) -> str:
    """Return to how many destinations rail is quicker and the sea cheaper."""
    rail, sea = (frame[frame["way"] == way] for way in ("rail", "sea"))
    both = rail.index[rail["days"].notna()].intersection(sea.index[sea["days"].notna()])
    if not len(both):
        return words.say("days_title")
    rail, sea = rail.loc[both], sea.loc[both]
    cheaper = sea["cost_usd_per_teu"] < rail["cost_usd_per_teu"]
    quicker = rail["days"] < sea["days"]
    return words.say("ways_title", k=int(quicker.sum()), n=len(both), m=int(cheaper.sum()))


def sea_sentence(frame: pd.DataFrame, language: str = "en") -> Figure:
    """Return what rail and the sea take at the median where there are both, in one sentence."""
    words = Words(language)
    rail, sea = (frame[frame["way"] == way] for way in ("rail", "sea"))
    both = rail.index[(rail["days"].notna() & sea["days"].notna()).to_numpy()]
    values: dict[str, str] = {"n": words.number(len(both))}
    for letter, part in (("a", rail), ("b", sea)):
        middle = part.loc[both, ["days", "cost_usd_per_teu", "co2e_kg_per_t"]].median()
        values[f"days_{letter}"] = words.days(float(middle["days"]) * 24)
        values[f"usd_{letter}"] = words.usd(float(middle["cost_usd_per_teu"]))
        values[f"co2_{letter}"] = words.number(float(middle["co2e_kg_per_t"]))
    sentence = words.say("sea_last", **values) if len(both) else words.say("sea_none")
    return section(words.stop(sentence), "", None, "answer", words.say("last"))


def _ports(row: pd.Series, words: Words) -> str:
    if row["way"] != "sea":
        return ""
    if row["status"] != "ok":
        return words.say("no_port")
    return f"{words.point(row['port_from'])} – {words.point(row['port_to'])}"


# Both ---------------------------------------------------------------------------------------------


def _two_charts(
    rows: Sequence[tuple[str, pd.DataFrame]],
    ways: dict[str, tuple[str, str]],
    cost: str,
    unit: str,
    words: Words,
) -> Figure:
    """Draw days and cost of each way beside one another; a name's rows tell its ways."""
    charts = []
    for measure, name in (("days", words.say("days")), (cost, unit)):
        values = [(title, [_range(part, way, measure) for way in ways]) for title, part in rows]
        axis = words.say("days_unit") if measure == "days" else ""
        charts.append(range_dots(values, [*ways.values()], axis, words, name))
    return side_by_side(*charts)


def _range(part: pd.DataFrame, way: str, measure: str) -> Range | None:
    columns = [f"{measure}_low", measure, f"{measure}_high"]
    found = part.loc[part["way"] == way, columns].dropna()
    if found.empty:
        return None
    low, central, high = (float(value) for value in found.iloc[0])
    return low, central, high
