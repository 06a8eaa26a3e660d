"""Sections of the studies on gateways and reach, each with its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from horgos_geo.analysis import catchments as catchments_, gateways as landports
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.views.area_map import Patch, area_map, catchment_patches
from horgos_geo.views.charts import headline, heat_map, section
from horgos_geo.views.display import Figure
from horgos_geo.views.study_charts import share_bars, table
from horgos_geo.views.study_words import Words

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_TESTED = ("central-asia", "europe")
_COLOURS = ("home", "moving", "strip1", "strip2", "faint")
_FIRST = ("first", "tied first")


# Gateways -----------------------------------------------------------------------------------------


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
    words = Words(language)
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
    words = Words(language)
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
    words = Words(language)
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
    short = words.listed([words(f"atlas_mode_{mode}"), what])
    return section(title, words.say("standing_sub"), chart, anchor, short)


def differences_section(
    frame: pd.DataFrame,
    mode: str,
    gateway: str = "horgos",
    language: str = "en",
    most: int = 9,
) -> Figure:
    """Return a heat map: kilometres from each gateway beyond those from the nearest one."""
    words = Words(language)
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
    short = words.listed([words(f"atlas_mode_{mode}"), words("km")])
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
    words = Words(language)
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
        catchment_patches(frame, names, gateway), [known[port] for port in order if port in known],
        title, language, viewpoint, window, 0.01,
    )  # fmt: skip
    rows = [
        [words.port(str(port)) if port else words.reason(row["reason"]), int(row["towns"]),
         float(row["population"]) / 1e6, float(row["served_pct"]) if port else None]
        for port, row in shares.iterrows()
    ]  # fmt: skip
    heads = [_capital(words("gateway")), words.say("towns"), words.say("population"),
             words.say("served_pct")]  # fmt: skip
    below = table(heads, rows, words, f"catchments-{mode}-{measure}", [0, 0, 1, 1])
    both = Figure(figure.html + below.html)
    short = words.listed([words.say("catchment"), words.say(measure)])
    return section(title, words.say("catch_sub"), both, f"catchments-{mode}-{measure}", short)


def inland_section(
    detours: pd.DataFrame, mode: str, gateway: str = "horgos", language: str = "en"
) -> Figure:
    """Return the table of inland cities: the port on the best route, and the detour through one."""
    words = Words(language)
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


# Isochrones ---------------------------------------------------------------------------------------


def _within(area: Any, words: Words) -> str:
    key = "hours" if area.measure == "time" else "kms"
    return words.say(key, n=words.number(area.within))


def _origin(found: gpd.GeoDataFrame) -> Place:
    return Place(**found.attrs["origin"])


def _reached(area: Any, found: gpd.GeoDataFrame, words: Words) -> str:
    """Return how many people live in one area."""
    return words.say(
        "reach_answer", within=_within(area, words), by_mode=words.by(found.attrs["mode"]),
        name=words.place(_origin(found)), people=words.millions(area.population),
        towns=words.number(area.towns),
    )  # fmt: skip


def reach_answer(found: gpd.GeoDataFrame, language: str = "en", title: str = "") -> Figure:
    """Return how many people live within the middle budget."""
    words = Words(language)
    areas = list(found.itertuples())
    middle = areas[len(areas) // 2]
    more = [
        words.say("reach_more", within=_within(area, words), towns=words.number(area.towns),
                  people=words.millions(area.population))
        for area in areas if area is not middle
    ]  # fmt: skip
    sub = ("" if language == "zh" else " ").join(more)
    eyebrow = words.say("eyebrow_reach", name=words.place(_origin(found)))
    return headline(title or words.stop(_reached(middle, found, words)), sub, eyebrow)


def reach_section(found: gpd.GeoDataFrame, language: str = "en", viewpoint: str = "ISO") -> Figure:
    """Return the map of areas and the table of what lies inside."""
    words = Words(language)
    areas, mode = list(found.itertuples()), found.attrs["mode"]
    last, widest = len(areas) - 1, areas[-1].geometry
    title = _reached(areas[-1], found, words)
    patches = [
        Patch(area.geometry, mode if mode != "multimodal" else "road",
              0.25 + 0.4 * (last - i) / max(last, 1), _within(area, words))
        for i, area in reversed(list(enumerate(areas)))
        if not area.geometry.is_empty
    ]  # fmt: skip
    around = None if widest.is_empty else shapely.get_coordinates(widest)
    marked = [_origin(found), *_largest(widest)]
    figure = area_map(patches, marked, title, language, viewpoint, around)
    heads = [words.say(k) for k in ("within", "area", "network", "towns", "population")]
    rows = [
        [_within(a, words), a.area_km2 / 1e3, a.network_km, a.towns, a.population / 1e6]
        for a in areas
    ]
    unit = areas[0].measure
    below = table(heads, rows, words, f"reach-{mode}-{unit}", [0, 0, 0, 0, 1])
    anchor = f"reach-{mode}-{unit}"
    short = words.listed([words(f"atlas_mode_{mode}"), words.say(unit)])
    sub = words.say("reach_sub", km=words.number(found.attrs["tolerance_km"], 1))
    return section(title, sub, Figure(figure.html + below.html), anchor, short)


def reach_sentence(
    by_rail: gpd.GeoDataFrame, by_road: gpd.GeoDataFrame, language: str = "en"
) -> Figure:
    """Return how many people a train and a lorry reach within the largest budget."""
    words = Words(language)
    rail, road = ([*frame.itertuples()][-1] for frame in (by_rail, by_road))
    sentence = words.say(
        "reach_last", name=words.place(_origin(by_rail)), within=_within(rail, words),
        rail=words.millions(rail.population), road=words.millions(road.population),
    )  # fmt: skip
    return section(words.stop(sentence), "", None, "answer", words.say("last"))


def _largest(area: shapely.MultiPolygon, count: int = 8) -> list[Place]:
    """Return the most populous destinations inside an area."""
    inside = [p for p in places.destinations() if shapely.contains_xy(area, p.lon, p.lat)]
    return sorted(inside, key=lambda place: -place.population)[:count]
