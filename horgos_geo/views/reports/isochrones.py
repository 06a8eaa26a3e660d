"""What the report on isochrones says: sections, each with its finding."""

from __future__ import annotations

import shapely

from horgos_geo.analysis.isochrones import Reach
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.views.area_map import Patch, area_map
from horgos_geo.views.sections import headline, section
from horgos_geo.views.display import Figure
from horgos_geo.views.study_charts import table
from horgos_geo.views.words import Words



def _within(found: Reach, i: int, words: Words) -> str:
    budget = found.areas[i].budget
    key = "hours" if budget.measure == "time" else "kms"
    return words.say(key, n=words.number(budget.value))


def reach_answer(found: Reach, language: str = "en", title: str = "") -> Figure:
    """Return how many people live within the middle budget."""
    words = Words(language)
    i = len(found.areas) // 2
    area, name = found.areas[i], words.place(found.origin)
    sentence = words.say(
        "reach_answer", within=_within(found, i, words), by_mode=words.by(found.mode), name=name,
        people=words.millions(area.population), towns=words.number(area.towns),
    )  # fmt: skip
    more = [
        words.say("reach_more", within=_within(found, j, words), towns=words.number(a.towns),
                  people=words.millions(a.population))
        for j, a in enumerate(found.areas) if j != i
    ]  # fmt: skip
    sub = ("" if language == "zh" else " ").join(more)
    return headline(title or words.stop(sentence), sub, words.say("eyebrow_reach", name=name))


def reach_section(found: Reach, language: str = "en", viewpoint: str = "ISO") -> Figure:
    """Return the map of areas and the table of what lies inside."""
    words = Words(language)
    last = len(found.areas) - 1
    area, name = found.areas[last], words.place(found.origin)
    title = words.say(
        "reach_answer", within=_within(found, last, words), by_mode=words.by(found.mode),
        name=name, people=words.millions(area.population), towns=words.number(area.towns),
    )  # fmt: skip
    patches = [
        Patch(a.polygon, found.mode if found.mode != "multimodal" else "road",
              0.25 + 0.4 * (last - i) / max(last, 1), _within(found, i, words))
        for i, a in reversed(list(enumerate(found.areas)))
        if not a.polygon.is_empty
    ]  # fmt: skip
    around = None if area.polygon.is_empty else shapely.get_coordinates(area.polygon)
    cities = _largest(found, area.budget.value)
    figure = area_map(patches, [found.origin, *cities], title, language, viewpoint, around)
    heads = [words.say(k) for k in ("within", "area", "network", "towns", "population")]
    rows = [
        [_within(found, i, words), a.area_km2 / 1e3, a.network_km, a.towns, a.population / 1e6]
        for i, a in enumerate(found.areas)
    ]
    unit = found.areas[0].budget.measure
    below = table(heads, rows, words, f"reach-{found.mode}-{unit}", [0, 0, 0, 0, 1])
    anchor = f"reach-{found.mode}-{unit}"
    short = words.listed([words(f"atlas_mode_{found.mode}"), words.say(unit)])
    sub = words.say("reach_sub", km=words.number(found.tolerance_km, 1))
    return section(title, sub, Figure(figure.html + below.html), anchor, short)


def reach_sentence(by_rail: Reach, by_road: Reach, language: str = "en") -> Figure:
    """Return how many people a train and a lorry reach within the largest budget."""
    words = Words(language)
    rail, road = by_rail.areas[-1], by_road.areas[-1]
    sentence = words.say(
        "reach_last", name=words.place(by_rail.origin),
        within=_within(by_rail, len(by_rail.areas) - 1, words),
        rail=words.millions(rail.population), road=words.millions(road.population),
    )  # fmt: skip
    return section(words.stop(sentence), "", None, "answer", words.say("last"))


def _largest(found: Reach, most: float, count: int = 8) -> list[Place]:
    inside = found.table[found.table["value"] <= most]
    listed = {p.name: p for p in places.destinations()}
    rows = inside.nlargest(40, "population")
    return [listed[name] for name in rows["name"] if name in listed][:count]
