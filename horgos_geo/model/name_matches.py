"""Which places a name may mean, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from horgos_geo.core.countries import countries
from horgos_geo.core.geodesy import distance_km
from horgos_geo.core.name_keys import fold, is_spelling
from horgos_geo.model import gazetteer
from horgos_geo.model.listed_places import Place, by_alias, listed

#: A town that is called so itself comes before a listed place that was or is called so elsewhere,
#: when it has at least this many people and this share of the other's.
TOWN_OF_WEIGHT = 15_000
SHARE_OF_WEIGHT = 0.01
#: A town's own name counts so much more than another name of a larger one.
_OWN_NAME = 3
#: Places of one name and country nearer than this are one place, such as Delhi and New Delhi.
_SAME_PLACE_KM = 30.0
#: A city outside takes the name from one here that has so many times fewer people.
_OUTSIDE_TIMES = 200


@dataclass(frozen=True)
class Match:
    """A place that a name may mean, and whether it is the place's own name today."""

    place: Place
    own: bool

    @property
    def in_reach(self) -> bool:
        """Whether land reaches its country."""
        country = countries().get(self.place.country)
        return country is None or country.by_land


def as_place(town: gazetteer.Town) -> Place:
    """Return a town as a place."""
    return Place(
        id=f"gn{town.id}",
        name=town.name,
        country=town.country,
        lon=town.lon,
        lat=town.lat,
        kind="town",
        population=town.population,
        names={"en": town.name},
    )


def known_place(town: gazetteer.Town) -> Place:
    """Return a town as a place; one that is listed is given as listed, with its terminal."""
    return listed().by_geonames.get(town.id) or as_place(town)


def matches(key: str, country: str = "") -> list[Match]:
    """Return the places with a name, the likeliest first.

    Listed places by their own names and gateways by any name come first, then towns of weight by
    their own name, other names of listed places, and the other towns by their size.

    Parameters
    ----------
    key
        As `fold` gives it.
    country
        Only in this country, ISO 3166-1 alpha-3.
    """
    named, alias = listed().by_key.get(key), by_alias().get(key)
    towns = list(_towns(key, country))
    found = [Match(named, own=True)] if named else []
    if alias:
        of_weight = [] if alias.gateway else _of_weight(alias, towns)
        if not any(_is_part(key, alias, match.place) for match in of_weight):
            found += of_weight
        found.append(Match(alias, own=False))
    unique: dict[str, Match] = {}
    for match in (*found, *towns):
        if country in ("", match.place.country):
            unique.setdefault(match.place.id, match)
    return list(unique.values())


def _towns(key: str, country: str) -> Iterator[Match]:
    """Yield towns of that name: those of weight by their own name, then by size."""
    found = [
        Match(known_place(town), own=_is_own(key, town))
        for town in gazetteer.find(key, country=country)
    ]
    largest = max((match.place.population for match in found), default=0)

    def rank(match: Match) -> tuple[bool, int]:
        people = match.place.population
        of_weight = match.own and match.in_reach and people >= TOWN_OF_WEIGHT
        times = _OWN_NAME if match.own else 1
        return of_weight and people >= SHARE_OF_WEIGHT * largest, people * times

    yield from sorted(found, key=rank, reverse=True)


def _is_own(key: str, town: gazetteer.Town) -> bool:
    """Tell whether a key is a town's own name, as it stands or in another alphabet."""
    name = fold(town.name)
    return key == name or (not key.isascii() and is_spelling(key, name))


def _of_weight(alias: Place, towns: Iterable[Match]) -> list[Match]:
    """Return the towns that come before a listed place of another name."""
    least = max(TOWN_OF_WEIGHT, SHARE_OF_WEIGHT * alias.population)
    return [
        match for match in towns if match.own and match.in_reach and match.place.population >= least
    ]


def _is_part(key: str, alias: Place, town: Place) -> bool:
    """Tell whether a listed place is the same as a town whose name is a part of its own."""
    return key in fold(alias.name) and is_same(alias, town)


def is_same(a: Place, b: Place) -> bool:
    """Tell whether two places of one name are one and the same."""
    return a.country == b.country and distance_km(a.lon, a.lat, b.lon, b.lat) < _SAME_PLACE_KM


def outside(key: str, inside: Match | None) -> gazetteer.Town | None:
    """Return the city of another continent that a name means rather than a place here.

    Parameters
    ----------
    key
        As `fold` gives it.
    inside
        The likeliest place here.
    """
    city = city_outside(key)
    if city is None or inside is None:
        return city
    place = inside.place
    if place.kind != "town" and (inside.own or place.gateway):
        return None
    times = _OUTSIDE_TIMES if inside.own and place.population >= TOWN_OF_WEIGHT else 1
    return None if inside.in_reach and city.population <= times * place.population else city


def city_outside(key: str) -> gazetteer.Town | None:
    """Return the largest city of another continent with that name, before others its own."""
    found = gazetteer.find(key, outside=True)
    called_so = [town for town in found if is_spelling(key, fold(town.name))]
    return next(iter(called_so or found), None)


def namesakes(key: str, found: Sequence[Match]) -> list[str]:
    """Return the places of weight, but for the first, that a name may mean, as ``Brest, FRA``.

    Parameters
    ----------
    key
        As `fold` gives it.
    found
        As `matches` gives them.
    """
    chosen, *others = (match.place for match in found)
    least = max(1_000 if chosen.gateway else TOWN_OF_WEIGHT, chosen.population // 10)
    of_weight = [
        place
        for place in others
        if not is_same(place, chosen) and (place.population >= least or place.gateway)
    ]
    names = [f"{place.name}, {place.country}" for place in of_weight[:4]]
    city = city_outside(key)
    if city and city.population >= least and is_spelling(key, fold(city.name)):
        names.append(f"{city.name}, {city.country} (outside Europe and Asia)")
    return list(dict.fromkeys(names))
