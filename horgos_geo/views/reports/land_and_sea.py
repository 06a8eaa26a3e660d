"""What the report on land and sea says: sections, each with its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.views.sections import headline, section
from horgos_geo.views.display import Figure, join
from horgos_geo.views.study_charts import table, two_range_charts
from horgos_geo.views.words import Words

if TYPE_CHECKING:
    import pandas as pd

_SHIP = {"sea": "ferry"}



def sea_answer(frame: pd.DataFrame, origin: Place, language: str = "en", title: str = "") -> Figure:
    """Return to how many destinations rail is quicker than the sea, by how much and how dear."""
    words = Words(language, "g_")
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
    words = Words(language, "g_")
    heads = [words("col_destination"), words.say("way"), words.say("km"), words.say("days"),
             words.say("low"), words.say("high"), words.say("usd_teu"), words.say("co2_t"),
             words.say("ports")]  # fmt: skip
    known = {place.id: words.place(place) for place in places.destinations()}
    ways = {"rail": words("rail"), "road": words("road"), "sea": words.say("sea")}
    named = [
        (known.get(str(end), str(end)), part) for end, part in frame.groupby(level=0, sort=False)
    ]
    charts = two_range_charts(
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
    both = join([charts, below])
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
    words = Words(language, "g_")
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
