"""What the report on gateways says: sections, each with its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from horgos_geo.analysis import catchments as catchments_, gateways as landports
from horgos_geo.model import places
from horgos_geo.views.area_map import area_map, catchment_areas
from horgos_geo.views.charts import heat_map
from horgos_geo.views.display import Figure, join
from horgos_geo.views.sections import headline, section
from horgos_geo.views.study_charts import share_bars, table
from horgos_geo.views.words import Words

if TYPE_CHECKING:
    import pandas as pd

_TESTED = ("central-asia", "europe")
_COLOURS = ("home", "moving", "strip1", "strip2", "faint")
_FIRST = ("first", "tied first")


def gateways_answer(
    summary: pd.DataFrame, gateway: str = "horgos", language: str = "en", title: str = ""
) -> Figure:
    """Return the verdict on a gateway: how often it is first for Central Asia and Europe.

    Parameters
    ----------
    summary
        What `landports.summary` gives.
    gateway
        Its id.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    """
    words = Words(language, "g_")
    name = words.port(gateway)
    tested = summary[summary["measure"] == "distance"].set_index(["mode", "region"])
    modes = list(dict.fromkeys(summary["mode"]))
    modes.sort(key=lambda mode: mode != "rail")  # the stronger case first
    sentences, alone = [], []
    for number, mode in enumerate(modes):
        asia, europe = (tested.loc[(mode, region)] for region in _TESTED)
        values = {
            "name": name, "by_mode": words.by(mode), "by_mode_cap": _capital(words.by(mode)),
            "a": int(asia["first"] + asia["tied first"]), "b": int(asia["reached"]),
            "c": int(europe["first"] + europe["tied first"]), "d": int(europe["reached"]),
        }  # fmt: skip
        sentences.append(words.say("verdict_more" if number else "verdict", **values))
        alone.append(
            words.say("alone_part", by_mode=words.by(mode), a=int(asia["first"]),
                      c=int(europe["first"]))
        )  # fmt: skip
    more = [*sentences[1:], words.say("alone", list=words.listed(alone))]
    top = title or words.stop(sentences[0])
    return headline(top, " ".join(more), words.say("eyebrow_gateways"))


def gateways_sentence(
    summary: pd.DataFrame, gateway: str = "horgos", language: str = "en"
) -> Figure:
    """Return how often a gateway is first or tied by each mode, and its lag where it is not."""
    words = Words(language, "g_")
    whole = summary[(summary["measure"] == "distance") & (summary["region"] == "all")]
    often, behind = [], []
    for mode, row in whole.set_index("mode").iterrows():
        by = words.by(str(mode))
        often.append(words.say("often_part", pct=words.number(row["first_pct"]), by_mode=by))
        if row["median_behind"] == row["median_behind"]:
            km = words.km(row["median_behind"])
            behind.append(words.say("median_part", km=km, by_mode=by))
    sentence = words.say("often", name=words.port(gateway), list=words.listed(often))
    lag = " " * (language != "zh") + words.say("median", list=words.listed(behind))
    whole_sentence = words.stop(sentence) + (lag if behind else "")
    return section(whole_sentence, "", None, "answer", words.say("last"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def standings_section(
    summary: pd.DataFrame,
    mode: str,
    measure: str = "distance",
    gateway: str = "horgos",
    language: str = "en",
) -> Figure:
    """Return bars of how a gateway stands in each region, by one mode and measure."""
    words = Words(language, "g_")
    part = summary[(summary["mode"] == mode) & (summary["measure"] == measure)]
    part = part[part["reached"] > 0].set_index("region")
    name, what = words.port(gateway), words.say(measure)
    pct = words.number(float(part.loc["all", "first_pct"])) if "all" in part.index else "–"
    title = words.say("standing_title", measure=what, name=name, pct=pct, by_mode=words.by(mode))
    kinds = landports.STANDINGS[:5]
    rows = [
        (words.say(str(region)), [float(row[kind]) for kind in kinds])
        for region, row in part.iterrows()
        if region != "all"
    ]
    keys = [(words.say(k.replace(" ", "_")), c) for k, c in zip(kinds, _COLOURS, strict=True)]
    chart = share_bars(rows, keys, words, title)
    anchor = f"standing-{mode}-{measure}"
    short = words.listed([words(f"finder_mode_{mode}"), what])
    return section(title, words.say("standing_sub"), chart, anchor, short)


def differences_section(
    frame: pd.DataFrame,
    mode: str,
    gateway: str = "horgos",
    language: str = "en",
    most: int = 9,
) -> Figure:
    """Return a heat map: kilometres from each gateway beyond those from the nearest one."""
    words = Words(language, "g_")
    part = frame[(frame["mode"] == mode) & frame["length_km"].notna()]
    ranks = part.groupby("gateway")["behind_km"].median().sort_values()
    shown = [gateway, *(port for port in ranks.index if port != gateway)][:most]
    ends = list(dict.fromkeys(part.index))
    known = {place.id: words.place(place) for place in places.destinations()}
    names = {end: known.get(str(end), str(end)) for end in ends}
    values = {
        (names[end], words.port(row["gateway"])): float(row["behind_km"])
        for end, row in part.iterrows()
        if row["gateway"] in shown
    }
    nearest = int((part[part["gateway"] == gateway]["rank_distance"] == 1).sum())
    title = words.say(
        "heat_title", name=words.port(gateway), k=nearest, n=len(ends), by_mode=words.by(mode)
    )
    chart = heat_map(
        [names[end] for end in ends], [words.port(port) for port in shown], values, language,
        title, unit="", digits=-1,
    )  # fmt: skip
    short = words.listed([words(f"finder_mode_{mode}"), words("km")])
    return section(title, words.say("heat_sub"), chart, f"difference-{mode}", short)


def catchment_section(
    frame: pd.DataFrame,
    mode: str,
    gateway: str = "horgos",
    language: str = "en",
    viewpoint: str = "ISO",
    measure: str = "distance",
) -> Figure:
    """Return the map of whose catchment is where, under the share of one gateway."""
    words = Words(language, "g_")
    shares = catchments_.shares(frame)
    served = shares[shares["reason"] == ""]
    own = float(served["population"].get(gateway, 0.0))
    pct = words.number(float(served["served_pct"].get(gateway, 0.0)), 1)
    key = "catch_title_time" if measure == "time" else "catch_title"
    values = {"name": words.port(gateway), "by_mode": words.by(mode), "pct": pct}
    title = words.say(key, people=words.millions(own), **values)
    order = [gateway, *(port for port in served.index if port != gateway)][:8]
    names = {
        port: words.say(
            "people", name=words.port(port),
            people=words.millions(float(served["population"].get(port, 0))),
        )
        for port in order
    }  # fmt: skip
    known = {place.id: place for place in places.gateways()}
    window = frame[frame["gateway"] != ""][["lon", "lat"]].to_numpy()
    figure = area_map(
        catchment_areas(frame, names, gateway), [known[port] for port in order if port in known],
        title, words, viewpoint, window, 0.01,
    )  # fmt: skip
    rows = [
        [words.port(str(port)) if port else words.reason(row["reason"]), int(row["towns"]),
         float(row["population"]) / 1e6, float(row["served_pct"]) if port else None]
        for port, row in shares.iterrows()
    ]  # fmt: skip
    heads = [_capital(words("gateway")), words.say("towns"), words.say("population"),
             words.say("served_pct")]  # fmt: skip
    below = table(heads, rows, words, f"catchments-{mode}-{measure}", [0, 0, 1, 1])
    both = join([figure, below])
    short = words.listed([words.say("catchment"), words.say(measure)])
    return section(title, words.say("catch_sub"), both, f"catchments-{mode}-{measure}", short)


def inland_section(
    detours: pd.DataFrame, mode: str, gateway: str = "horgos", language: str = "en"
) -> Figure:
    """Return the table of inland cities: the port on the best route, and the detour through one."""
    words = Words(language, "g_")
    known = {place.id: words.place(place) for place in (*places.origins(), *places.destinations())}
    ends = [known.get(id_, name) for id_, name in _pairs(detours, "destination").items()]
    first = detours[detours["destination"] == detours["destination"].iloc[0]]
    mine = first[first["value"].notna()]
    through = int((mine["gateway"] == gateway).sum())
    title = words.say(
        "inland_title" if through else "inland_none", k=through, n=len(mine), place=ends[0],
        by_mode=words.by(mode), name=words.port(gateway),
    )  # fmt: skip
    heads = [words.say("city")]
    for end in ends:
        heads += [words.say(key, place=end) for key in ("port_to", "km_more_to")]
    rows: list[list[Any]] = []
    for city, name in _pairs(detours, "origin").items():
        held = detours[detours["origin"] == city]
        cells = zip(held["gateway"], held["detour"].clip(lower=0.0), strict=True)
        pairs = [(words.port(port), detour) for port, detour in cells]
        rows.append([known.get(city, name), *(cell for pair in pairs for cell in pair)])
    chart = table(heads, rows, words, f"inland-{mode}", [-1] * len(heads))
    sub = words.say("inland_sub", name=words.port(gateway))
    return section(title, sub, chart, f"inland-{mode}", _capital(words.mode(mode)))


def _pairs(frame: pd.DataFrame, name: str) -> dict[str, str]:
    """Return the places of a column by id, in order, each with its name."""
    return dict(zip(frame[name], frame[f"{name}_name"], strict=True))
