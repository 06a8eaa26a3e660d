"""What results say in one sentence: headlines and headings computed from routes.

Each sentence stays true when the data change, or gives way to a neutral one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from horgos_geo.core.countries import KAZAKHSTAN, STORY
from horgos_geo.model import places
from horgos_geo.views.chart_parts import hours
from horgos_geo.views.sections import headline, key_figures, section
from horgos_geo.views.display import Figure, join
from horgos_geo.views.words import Words

if TYPE_CHECKING:
    from horgos_geo.model.places import Place
    from horgos_geo.routing.route import Route

_ALIKE = 0.02  # relative difference below which two lengths are called equal





def largest_cities(countries: Sequence[str] = STORY, count: int = 4) -> list[Place]:
    """Return the largest listed cities of each country, country by country.

    Parameters
    ----------
    countries
        ISO 3166-1 alpha-3 codes.
    count
        At most so many of each country.

    Raises
    ------
    PlaceNotFound
        No destination is listed in a country.
    """
    cities = []
    for country in countries:
        listed = sorted(places.destinations(country), key=lambda place: -place.population)
        cities += listed[:count]
    return cities


def answer(routes: Sequence[Route], language: str = "en", title: str = "") -> Figure:
    """Return the top of a page: the distances that matter most, and the key figures.

    Kazakhstan, Uzbekistan and Russia come first: the largest city of each among the destinations.

    Parameters
    ----------
    routes
        From one origin, by one mode or several.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    """
    words = Words(language, "f_")
    origin = words.place(routes[0].origin)
    modes = _modes(routes)
    chosen = [_of_mode(_leading(routes), mode) for mode in modes]
    first = next((found for found in chosen if found), [])
    sentence = words.say("none", origin=origin)
    if first:
        parts = [
            words.say(
                "next" if number else "first",
                place=words.place(route.destination),
                km=words.km(route.length_km),
                origin=origin,
                by_mode=words.by(_mode(route)),
            )
            for number, route in enumerate(first)
        ]
        sentence = words.comma(parts)
    more = [
        words.say("other_mode", by_mode=words.by(_mode(found[0])), list=_pairs(found, words))
        for found in chosen
        if found and found is not first
    ]
    more += _unreached(routes, words)
    count = len({route.destination.id for route in routes})
    eyebrow = words.say("eyebrow", origin=origin, n=count)
    top = headline(title or sentence + words.say("stop"), " ".join(more), eyebrow)
    figures = _key_figures(routes, first, words)
    return join([top, key_figures(figures)] if figures else [top])


def map_section(routes: Sequence[Route], figure: Any, language: str = "en") -> Figure:
    """Return a map under its heading: how many routes lead through Kazakhstan."""
    words = Words(language, "f_")
    found = [route for route in routes if route.found]
    through = [route for route in found if KAZAKHSTAN in route.country_km]
    country = words.country(KAZAKHSTAN)
    if through and len(through) == len(found):
        title = words.say("map_all", country=country)
    elif through:
        title = words.say("map_some", k=len(through), n=len(found), country=country)
    else:
        title = words.say("map_none", origin=words.place(routes[0].origin))
    best = f"best_{routes[0].scenario.minimise}"
    sub = words.say(best, modes=words.both([words.by(mode) for mode in _modes(routes)]))
    return section(title, sub, figure, "map", words.say("map"))


def story_section(routes: Sequence[Route], figure: Any, language: str = "en") -> Figure:
    """Return a figure of the story's countries under their distances, weighted by people."""
    words = Words(language, "f_")
    mode = _modes(routes)[0]
    parts = []
    for country in dict.fromkeys(route.destination.country for route in routes):
        cities = [
            (route.length_km, route.destination.population)
            for route in _of_mode(routes, mode)
            if route.destination.country == country
        ]
        people = sum(population for _, population in cities)
        if people:
            km = sum(length * population for length, population in cities) / people
            parts.append(words.say("pair", place=words.country(country), km=words.km(km)))
    title = words.say("story_none")
    if parts:
        title = words.say("story_title", by_mode=words.by(mode), list=words.comma(parts))
    return section(title, words.say("story_sub"), figure, "story", words.say("story"))


def distance_section(routes: Sequence[Route], figure: Any, language: str = "en") -> Figure:
    """Return a figure of distances under its heading: how rail compares with road."""
    words = Words(language, "f_")
    origin = words.place(routes[0].origin)
    road = {route.destination.id: route.length_km for route in _of_mode(routes, "road")}
    ratios = [
        route.length_km / road[route.destination.id]
        for route in _of_mode(routes, "rail")
        if road.get(route.destination.id)
    ]
    title = words.say("distance_one", origin=origin)
    if ratios:
        more = median(ratios) - 1
        key = "distance_longer" if more > 0 else "distance_shorter"
        key = "distance_equal" if abs(more) < _ALIKE else key
        title = words.say(key, pct=words.number(abs(more) * 100))
    sub = words.say("distance_sub", origin=origin)
    bands = _bands(routes, words)
    return section(title, f"{sub} {bands}".strip(), figure, "distance", words.say("distance"))


def days_section(routes: Sequence[Route], figure: Any, language: str = "en") -> Figure:
    """Return a figure of days under its heading: how much of them is waiting."""
    words = Words(language, "f_")
    parts = []
    for mode in _modes(routes):
        kinds = [hours(route) for route in _of_mode(routes, mode)]
        shares = [1 - kind["moving"] / sum(kind.values()) for kind in kinds if sum(kind.values())]
        if shares:
            pct = words.percent(median(shares) * 100)
            parts.append(words.say("days_part", pct=pct, by_mode=words.by(mode)))
    title = words.say("days_title", list=words.both(parts)) if parts else words.say("days_none")
    return section(title, words.say("days_sub"), figure, "days", words.say("days"))


def country_section(routes: Sequence[Route], figure: Any, language: str = "en") -> Figure:
    """Return a figure of countries under its heading: the least share of Kazakhstan."""
    words = Words(language, "f_")
    parts = []
    for mode in _modes(routes):
        shares = [
            route.country_km.get(KAZAKHSTAN, 0.0) / route.length_km
            for route in _of_mode(routes, mode)
            if route.length_km
        ]
        # Rounded down, so that "at least" holds.
        least = math.floor(min(shares, default=0.0) * 100)
        if least:
            parts.append(words.say("countries_part", pct=least, by_mode=words.by(mode)))
    title = words.say("countries_none")
    if parts:
        listed = words.comma(parts)
        title = words.say("countries_share", country=words.country(KAZAKHSTAN), list=listed)
    return section(title, words.say("countries_sub"), figure, "countries", words.say("countries"))


def table_section(figure: Any, language: str = "en") -> Figure:
    """Return the table of all figures under its heading."""
    words = Words(language, "f_")
    title, sub = words.say("table_title"), words.say("table_sub")
    return section(title, sub, figure, "table", words.say("table"))


def _mode(route: Route) -> str:
    return route.scenario.mode_label


def _modes(routes: Iterable[Route]) -> list[str]:
    return list(dict.fromkeys(_mode(route) for route in routes))


def _of_mode(routes: Iterable[Route], mode: str) -> list[Route]:
    return [route for route in routes if route.found and _mode(route) == mode]


def _leading(routes: Sequence[Route]) -> list[Route]:
    """Return the routes to the largest city in each of the story's countries, else the nearest."""
    chosen: list[str] = []
    for country in STORY:
        inside = {
            r.destination.id: r.destination for r in routes if r.destination.country == country
        }
        if inside:
            chosen.append(max(inside.values(), key=lambda place: place.population).id)
    if not chosen:
        nearest = sorted((r for r in routes if r.found), key=lambda route: route.length_km)
        chosen = list(dict.fromkeys(route.destination.id for route in nearest))[:3]
    order = {place: position for position, place in enumerate(chosen)}
    leading = [route for route in routes if route.destination.id in order]
    return sorted(leading, key=lambda route: order[route.destination.id])


def _pairs(routes: Iterable[Route], words: Words) -> str:
    return words.comma(
        words.say("pair", place=words.place(route.destination), km=words.km(route.length_km))
        for route in routes
    )


def _unreached(routes: Sequence[Route], words: Words) -> list[str]:
    sentences = []
    for mode in _modes(routes):
        missing = [
            words.place(route.destination)
            for route in routes
            if not route.found and _mode(route) == mode
        ]
        if missing:
            names = words.comma(missing[:5]) + (" …" if len(missing) > 5 else "")
            sentences.append(words.say("unreached", by_mode=words.by(mode), list=names))
    return sentences


def _key_figures(
    routes: Sequence[Route], leading: Sequence[Route], words: Words
) -> list[tuple[str, str, str]]:
    items = [
        (
            words.km(route.length_km),
            words.error(route.error_km),
            words.say(
                "kf_city",
                place=words.place(route.destination),
                country=words.country(route.destination.country),
                by_mode=words.by(_mode(route)),
            ),
        )
        for route in leading
    ]
    found = [route for route in routes if route.found]
    if found:
        far = max(found, key=lambda route: route.length_km)
        label = words.say(
            "kf_far", place=words.place(far.destination), by_mode=words.by(_mode(far))
        )
        items.append((words.km(far.length_km), words.error(far.error_km), label))
    mode = _modes(routes)[0]
    detours = [route.circuity for route in _of_mode(routes, mode) if math.isfinite(route.circuity)]
    if detours:
        label = words.say("kf_circuity", mode=words.mode(mode), n=len(detours))
        items.append((words.number(median(detours), 2), "", label))
    return items


def _bands(routes: Sequence[Route], words: Words) -> str:
    parts = []
    for mode in _modes(routes):
        known = [r.error_pct for r in _of_mode(routes, mode) if math.isfinite(r.error_pct)]
        if known:
            pct = words.number(median(known), 1)
            parts.append(words.say("band", pct=pct, mode=words.mode(mode)))
    return words.say("bands", list=words.comma(parts)) if parts else ""
