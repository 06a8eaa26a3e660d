"""Report 01: how far it is from one place to others, by which roads and rails, in how many days.

Each sentence is computed from the routes that the figure under it shows, or gives way to a neutral
one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median

from horgos_geo.core.countries import KAZAKHSTAN, STORY
from horgos_geo.core.text import Text
from horgos_geo.model import places
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route
from horgos_geo.views.charts import (
    country_strips,
    data_table,
    days_chart,
    distance_chart,
)
from horgos_geo.views.display import Figure, join
from horgos_geo.views.maps import route_map
from horgos_geo.views.route_rows import waiting_share
from horgos_geo.views.sections import headline, key_figures, section, side_by_side

#: A sentence names so many exceptions or unreached places at most.
MOST_NAMED = 3
MOST_UNREACHED = 5


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

    Examples
    --------
    >>> [place.name for place in largest_cities(["UZB"], 2)]
    ['Tashkent', 'Namangan']
    """
    cities = []
    for country in countries:
        listed = sorted(places.destinations(country), key=lambda place: -place.population)
        cities += listed[:count]
    return cities


class RoutesReport:
    """The report on routes from one origin.

    Parameters
    ----------
    routes
        From one origin, by one mode or several.
    cities
        Routes to the large cities that are shown country by country.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    viewpoint
        Whose view of the boundaries the map shows.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        cities: Sequence[Route] = (),
        language: str = "en",
        title: str = "",
        viewpoint: str = "ISO",
    ) -> None:
        self.text = Text(language, "routes_")
        self.routes, self.cities = list(routes), list(cities)
        self.title, self.viewpoint = title, viewpoint
        self.modes = list(dict.fromkeys(map(_mode, self.routes)))
        self.origin = self.text.place(self.routes[0].origin)

    def answer(self) -> Figure:
        """Return the top of the page: the distances that matter most, and the key figures.

        Kazakhstan, Uzbekistan and Russia come first: the largest city of each.
        """
        text = self.text
        chosen = [found for mode in self.modes if (found := _of_mode(self.leading, mode))]
        first = chosen[0] if chosen else []
        sentence = text.say("none", origin=self.origin)
        if first:
            sentence = text.say("between").join(
                text.say(
                    "next" if number else "first",
                    place=text.place(route.destination),
                    km=text.km(route.length_km),
                    origin=self.origin,
                    by_mode=text.by(_mode(route)),
                )
                for number, route in enumerate(first)
            )
        more = [self._pairs(found) for found in chosen[1:]] + self._unreached()
        count = len({route.destination.id for route in self.routes})
        eyebrow = text.plural("eyebrow", count, origin=self.origin)
        top = headline(self.title or text.sentence(sentence), text.paragraph(more), eyebrow)
        figures = self._key_figures()
        return join([top, key_figures(figures)] if figures else [top])

    @property
    def leading(self) -> list[Route]:
        """Routes to the largest city in each of the story's countries, else to the nearest."""
        chosen: list[str] = []
        for country in STORY:
            ends = {r.destination.id: r.destination for r in self.routes}
            inside = [place for place in ends.values() if place.country == country]
            if inside:
                chosen.append(max(inside, key=lambda place: place.population).id)
        if not chosen:
            nearest = sorted(self._found(), key=lambda route: route.length_km)
            chosen = list(dict.fromkeys(route.destination.id for route in nearest))[:3]
        leading = [route for route in self.routes if route.destination.id in chosen]
        return sorted(leading, key=lambda route: chosen.index(route.destination.id))

    def _found(self) -> list[Route]:
        return [route for route in self.routes if route.found]

    def _pairs(self, routes: Sequence[Route]) -> str:
        text = self.text
        pairs = [
            text.say("pair", place=text.place(r.destination), km=text.km(r.length_km))
            for r in routes
        ]
        by_mode = _capital(text.by(_mode(routes[0])))
        return text.say("other", by_mode=by_mode, list=text.say("between").join(pairs))

    def _unreached(self) -> list[str]:
        text, sentences = self.text, []
        for mode in self.modes:
            missing = [r for r in self.routes if not r.found and _mode(r) == mode]
            names = [text.place(route.destination) for route in missing[:MOST_UNREACHED]]
            if missing:
                listed = text.list_of(names, last_and=len(names) == len(missing))
                listed += " …" * (len(names) < len(missing))
                sentences.append(text.say("unreached", by_mode=text.by(mode), list=listed))
        return sentences

    def _key_figures(self) -> list[tuple[str, str, str]]:
        """Return what the headline does not say: the farthest, the detour, the share, the days."""
        text, found, items = self.text, self._found(), []
        if not found:
            return []
        far = max(found, key=lambda route: route.length_km)
        place, by_mode = text.place(far.destination), text.by(_mode(far))
        label = text.say("kf_far", place=place, by_mode=by_mode)
        items.append((text.km(far.length_km), text.error(far.error_km), label))
        mode = self.modes[0]
        ratios = [r.circuity for r in _of_mode(found, mode) if r.circuity >= 1.0]
        if ratios:
            label = text.say("kf_ratio", mode=text.mode(mode), n=len(ratios))
            items.append((text.number(median(ratios), 2), "", label))
        for mode in self.modes:
            shares = _shares(_of_mode(found, mode))
            if shares and max(shares) > 0:
                ends = dict.fromkeys(text.number(share) for share in (min(shares), max(shares)))
                value = text.percent(max(shares)).replace(text.number(max(shares)), "–".join(ends))
                home = text.country(KAZAKHSTAN)
                label = text.say("kf_share", by_mode=text.by(mode), country=home)
                items.append((value, "", label))
        for route in _of_mode(self.leading[-len(self.modes) :], self.modes[-1]):
            band = text.days_range(route.time_h.low, route.time_h.high)
            end = text.place(route.destination)
            label = text.say("kf_days", place=end, by_mode=text.by(_mode(route)))
            items.append((text.days(route.time_h.central), band, label))
        return items

    def map(self) -> Figure:
        """Return the map under the countries that the routes lead on into."""
        text = self.text
        onward = Counter(filter(None, map(_after_kazakhstan, self._found())))
        title = text.say("map_plain", origin=self.origin)
        sub = [text.say(f"best_{self.routes[0].scenario.minimise}", modes=self._by_modes())]
        if onward:
            parts = [text.aside(text.country(code), str(n)) for code, n in onward.most_common()]
            title = text.say(
                "map_onward", country=text.country(KAZAKHSTAN), list=text.list_of(parts)
            )
            sub.append(text.say("map_counts"))
        ferries = self._ferries_kept()
        if ferries:
            sub.append(text.say("ferry_kept", names=text.list_of(ferries)))
        drawn = route_map(self.routes, text.language, self.viewpoint)
        return section(title, text.paragraph(sub), drawn, "map", text.say("s_map"))

    def _by_modes(self) -> str:
        return self.text.list_of(map(self.text.by, self.modes))

    def _ferries_kept(self) -> list[str]:
        """Return the ferries that routes take though the scenario leaves ferries out."""
        taken = [
            leg.from_name
            for route in self._found()
            for leg in route.legs
            if leg.kind == "ferry" and not route.scenario.ferries
        ]
        return [self.text.point(name) for name in dict.fromkeys(taken)]

    def distances(self) -> Figure:
        """Return the chart of distances under how rail compares with road."""
        text = self.text
        road = {r.destination.id: r for r in _of_mode(self.routes, "road")}
        pairs = [
            (road[rail.destination.id], rail)
            for rail in _of_mode(self.routes, "rail")
            if rail.destination.id in road
        ]
        title = text.say("distance_one", origin=self.origin)
        if pairs:
            apart = [rail for by_road, rail in pairs if not _alike(by_road, rail)]
            alike = len(pairs) - len(apart)
            title = text.say("distance_alike", k=alike, n=len(pairs))
            if alike and 0 < len(apart) <= MOST_NAMED:
                names = text.list_of(text.place(route.destination) for route in apart)
                title = text.say("distance_but", sentence=title, list=names)
        sub = text.paragraph([text.say("distance_sub", origin=self.origin), self._bands()])
        chart = distance_chart(self.routes, text.language)
        return section(title, sub, chart, "distance", text.say("s_distance"))

    def _bands(self) -> str:
        text, parts = self.text, []
        for mode in self.modes:
            known = [r.error_pct for r in _of_mode(self.routes, mode) if math.isfinite(r.error_pct)]
            if known:
                pct = text.percent(median(known), 1)
                parts.append(text.say("band", pct=pct, by_mode=text.by(mode)))
        return text.say("bands", list=text.clauses(parts)) if parts else ""

    def days(self) -> Figure:
        """Return the chart of days under how much of them is waiting."""
        text, parts = self.text, []
        for mode in self.modes:
            shares = [waiting_share(route) for route in _of_mode(self.routes, mode)]
            shares = [share for share in shares if math.isfinite(share)]
            if shares:
                pct = text.percent(median(shares) * 100)
                parts.append(text.say("days_part", pct=pct, by_mode=text.by(mode)))
        title = text.say("days", list=text.clauses(parts)) if parts else text.say("days_plain")
        chart = days_chart(self.routes, text.language)
        return section(title, text.say("days_sub"), chart, "days", text.say("s_days"))

    def distances_and_days(self) -> Figure:
        """Return the two charts beside one another, their rows in the same order."""
        return side_by_side(self.distances(), self.days())

    def large_cities(self) -> Figure:
        """Return the chart of the large cities under how far they are, country by country."""
        text, mode = self.text, self.modes[0]
        found = _of_mode(self.cities, mode)
        parts = []
        for country in dict.fromkeys(route.destination.country for route in found):
            lengths = [r.length_km for r in found if r.destination.country == country]
            ends = dict.fromkeys(text.km_number(km) for km in (min(lengths), max(lengths)))
            name = text.country(country)
            parts.append(text.say("pair", place=name, km=f"{'–'.join(ends)} {text('km')}"))
        title = text.say("cities_none")
        if parts:
            listed = text.say("between").join(parts)
            title = text.say("cities", by_mode=text.by(mode), list=listed)
        chart = distance_chart(self.cities, text.language)
        return section(title, text.say("cities_sub"), chart, "cities", text.say("s_cities"))

    def countries(self) -> Figure:
        """Return the strips of countries under the least share of Kazakhstan."""
        text, parts = self.text, []
        for mode in self.modes:
            # Rounded down, so that "at least" holds.
            least = math.floor(min(_shares(_of_mode(self.routes, mode)), default=0.0))
            if least:
                pct = text.percent(least)
                parts.append(text.say("countries_part", pct=pct, by_mode=text.by(mode)))
        title = text.say("countries_plain")
        if parts:
            listed = text.clauses(parts)
            title = text.say("countries", country=text.country(KAZAKHSTAN), list=listed)
        chart = country_strips(self.routes, text.language)
        sub, short = text.say("countries_sub"), text.say("s_countries")
        return section(title, sub, chart, "countries", short)

    def table(self) -> Figure:
        """Return the table of all figures."""
        text = self.text
        figure = data_table(self.routes, text.language, name="routes")
        title, sub = text.say("table"), text.say("table_sub")
        return section(title, sub, figure, "table", text.say("s_table"))


def _mode(route: Route) -> str:
    return route.scenario.mode_label


def _of_mode(routes: Iterable[Route], mode: str) -> list[Route]:
    return [route for route in routes if route.found and _mode(route) == mode]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _shares(routes: Iterable[Route]) -> list[float]:
    """Return the percentage of each route that lies in Kazakhstan."""
    return [
        100.0 * route.country_km.get(KAZAKHSTAN, 0.0) / route.length_km
        for route in routes
        if route.length_km
    ]


def _alike(one: Route, other: Route) -> bool:
    """Return whether two lengths differ by no more than the error of their difference."""
    errors = [route.error_km for route in (one, other) if math.isfinite(route.error_km)]
    return abs(one.length_km - other.length_km) <= math.hypot(*errors)


def _after_kazakhstan(route: Route) -> str:
    """Return the country that a route enters when it first leaves Kazakhstan, if it does."""
    countries = [*route.countries]
    if KAZAKHSTAN not in countries:
        return ""
    after = countries[countries.index(KAZAKHSTAN) + 1 :]
    return after[0] if after else ""
