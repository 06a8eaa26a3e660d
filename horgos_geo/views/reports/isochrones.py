"""What the report on isochrones says: sections, each with its finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.views.area_map import area_map
from horgos_geo.views.display import Figure, join
from horgos_geo.views.drawing import Area
from horgos_geo.views.sections import headline, section
from horgos_geo.views.study_charts import table
from horgos_geo.views.words import Words

if TYPE_CHECKING:
    import geopandas as gpd


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
    words = Words(language, "g_")
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
    words = Words(language, "g_")
    areas, mode = list(found.itertuples()), found.attrs["mode"]
    last, widest = len(areas) - 1, areas[-1].geometry
    title = _reached(areas[-1], found, words)
    patches = [
        Area(area.geometry, f"step{min(4, 1 + last - i)}", _within(area, words))
        for i, area in reversed(list(enumerate(areas)))
        if not area.geometry.is_empty
    ]  # fmt: skip
    around = None if widest.is_empty else shapely.get_coordinates(widest)
    marked = [_origin(found), *_largest(widest)]
    figure = area_map(patches, marked, title, words, viewpoint, around)
    heads = [words.say(k) for k in ("within", "area", "network", "towns", "population")]
    rows = [
        [_within(a, words), a.area_km2 / 1e3, a.network_km, a.towns, a.population / 1e6]
        for a in areas
    ]
    unit = areas[0].measure
    below = table(heads, rows, words, f"reach-{mode}-{unit}", [0, 0, 0, 0, 1])
    anchor = f"reach-{mode}-{unit}"
    short = words.listed([words(f"finder_mode_{mode}"), words.say(unit)])
    sub = words.say("reach_sub", km=words.number(found.attrs["tolerance_km"], 1))
    return section(title, sub, join([figure, below]), anchor, short)


def reach_sentence(
    by_rail: gpd.GeoDataFrame, by_road: gpd.GeoDataFrame, language: str = "en"
) -> Figure:
    """Return how many people a train and a lorry reach within the largest budget."""
    words = Words(language, "g_")
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
