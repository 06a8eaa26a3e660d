"""Find places by name in any listed spelling, by coordinates or by country code."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from horgos_geo.core.countries import Country, countries, countries_by_key
from horgos_geo.core.errors import BadCoordinates, PlaceNotFound
from horgos_geo.core.hints import close_names, did_you_mean
from horgos_geo.core.name_keys import clean, fold, spellings
from horgos_geo.model import gazetteer
from horgos_geo.model.listed_places import Place, beyond, by_alias, listed

__all__ = [
    "LONGEST_NAME",
    "Country",
    "Place",
    "countries",
    "destinations",
    "gateways",
    "group_names",
    "origins",
    "resolve",
    "search",
    "select",
    "towns",
]

LONGEST_NAME = 200
# Land that a lorry from Horgos could reach, with a margin: what lies outside was mistyped.
_NORTH, _SOUTH, _WEST = 73.0, 0.0, -11.0

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+|nan|inf(?:inity)?)"
_PAIR = re.compile(
    rf"\(?\s*(?P<a>{_NUMBER})\s*°?\s*(?P<a_side>[nsew])?\s*[,;\s]\s*"
    rf"(?P<b>{_NUMBER})\s*°?\s*(?P<b_side>[nsew])?\s*\)?",
    re.IGNORECASE,
)
_LOOKS_NUMERIC = re.compile(r"[\d\s.,;°+\-−()]*\d[\d\s.,;°+\-−()nsew]*", re.IGNORECASE)
_COMMAS = re.compile(r"[,，،、]")
#: How many guesses are given, and how like the name they must be.
_SIMILAR: Any = {"most": 3, "cutoff": 0.75}
_EXAMPLE = "Write latitude, then longitude, in degrees, such as 44.21,80.41."


def resolve(text: str) -> Place:
    """Return the one place that a text means.

    Gateways come before destinations, destinations before all other towns; of several towns of one
    name the largest is meant, unless a country follows: ``Brest, FRA``. A country, by name or code,
    means its capital.

    Parameters
    ----------
    text
        A name in any listed spelling or script, a place id, an ISO 3166 code of two or three
        letters, or ``lat,lon`` in degrees.

    Raises
    ------
    PlaceNotFound
        Nothing is called that.
    BadCoordinates
        Coordinates that are swapped, out of range or not numbers.
    """
    wanted = clean(text[: LONGEST_NAME + 1])
    if not wanted:
        raise PlaceNotFound("No place was given. Name one, such as Almaty, or write 43.25,76.91.")
    if len(text) > LONGEST_NAME:
        raise PlaceNotFound(
            f"A place name has at most {LONGEST_NAME} characters; this one has {len(text)}. "
            "Shorten it."
        )
    point = _point(wanted)
    if point:
        return point
    place = _one(wanted)
    if place is None:
        raise PlaceNotFound(_miss(wanted))
    return place


def search(text: str, limit: int = 10) -> list[Place]:
    """Return the places that a text may mean, likeliest first.

    Parameters
    ----------
    text
        As for `resolve`; the beginning of a name will do.
    limit
        Give at most so many.

    Returns
    -------
    list of Place
        Exact matches, then names that begin so, then similar ones; empty when nothing is like it.

    Raises
    ------
    BadCoordinates
        As for `resolve`.
    """
    wanted = clean(text[: LONGEST_NAME + 1])
    if not wanted or len(text) > LONGEST_NAME or limit < 1:
        return []
    point = _point(wanted)
    if point:
        return [point]
    found: dict[str, Place] = {}

    def add(place: Place | None) -> None:
        """Keep a place once, as long as more are wanted."""
        if place is not None and len(found) < limit:
            found.setdefault(place.id, place)

    add(_one(wanted))
    name, country = _qualified(wanted)
    iso3 = country.iso3 if country else ""
    for key in filter(None, spellings(fold(name))):
        for place in _beginning(key, listed().by_key, iso3):
            add(place)
        for place in _towns(key, iso3):
            add(place)
        for place in _beginning(key, by_alias(), iso3):
            add(place)
        for place in _towns(key, iso3, whole=False, limit=limit):
            add(place)
    if not found:
        for similar in close_names(fold(wanted), _known_names(fold(wanted)), **_SIMILAR):
            add(_one(similar))
    return list(found.values())


def destinations(groups: str | Iterable[str] | None = None) -> list[Place]:
    """Return the shipped destinations, all or those in any of the groups.

    Parameters
    ----------
    groups
        Names of groups, such as ``story`` or ``central-asia``, or ISO alpha-3 codes of countries.

    Raises
    ------
    PlaceNotFound
        No such group.
    """
    everything = listed().destinations
    if groups is None:
        return list(everything)
    wanted = [groups] if isinstance(groups, str) else list(groups)
    known = {g for place in everything for g in (*place.groups, place.country)}
    for group in wanted:
        if group not in known:
            known_groups = f"Known are {', '.join(group_names())}."
            hint = did_you_mean(str(group).lower(), known, known_groups)
            raise PlaceNotFound(f"There is no group “{clean(str(group)[:80])}”. {hint}")
    return [p for p in everything if {*p.groups, p.country} & set(wanted)]


def select(names: Iterable[str]) -> list[Place]:
    """Return the places that names and groups mean, each once, in the order given.

    Parameters
    ----------
    names
        Groups of destinations, such as ``central-asia``, or whatever `resolve` takes.

    Raises
    ------
    PlaceNotFound, BadCoordinates
        As in `resolve`.
    """
    groups = set(group_names())
    found: dict[str, Place] = {}
    for name in names:
        for place in destinations(name) if name in groups else [resolve(name)]:
            found.setdefault(place.id, place)
    return list(found.values())


def group_names() -> list[str]:
    """Return the names of all groups of destinations, sorted."""
    return sorted({group for place in listed().destinations for group in place.groups})


def gateways() -> list[Place]:
    """Return the Chinese land ports that are open to freight."""
    return list(listed().gateways)


def origins(groups: str | None = None) -> list[Place]:
    """Return inland Chinese cities that goods set out from, such as those that make cars.

    Parameters
    ----------
    groups
        A group, such as ``car-makers``; without it, all.
    """
    return [p for p in listed().origins if groups is None or groups in p.groups]


def towns(population: int = 15_000) -> list[Place]:
    """Return the towns of Europe and Asia with at least so many people, the largest first.

    Parameters
    ----------
    population
        Least number of people.
    """
    return [_as_place(town) for town in gazetteer.larger(population)]


def _one(wanted: str) -> Place | None:
    tables = listed()
    if wanted in tables.by_id:
        return tables.by_id[wanted]
    if re.fullmatch(r"gn\d{1,9}", wanted):
        return _town(int(wanted[2:]))
    # Capitals tell a code from a name: KAZ is a country, Osh a city.
    if re.fullmatch(r"[A-Z]{2,3}", wanted) and fold(wanted) in countries_by_key():
        return _capital(countries_by_key()[fold(wanted)])
    for key in filter(None, spellings(fold(wanted))):
        place = _named(key)
        if place:
            return place
        if key in countries_by_key():
            return _capital(countries_by_key()[key])
    far = beyond().get(fold(wanted))
    if far:
        raise PlaceNotFound(f"{far} cannot be reached by land. Name a place in Europe or Asia.")
    for key in filter(None, spellings(fold(wanted))):
        towns = _towns(key)
        if towns:
            return towns[0]
    name, country = _qualified(wanted)
    return _in_country(name, country) if country else None


def _named(key: str) -> Place | None:
    """Return the gateway, destination or origin of that name or alias."""
    return listed().by_key.get(key) or by_alias().get(key)


def _beginning(key: str, places: Mapping[str, Place], country: str) -> list[Place]:
    return [
        place
        for known, place in places.items()
        if known.startswith(key) and country in ("", place.country)
    ]


def _in_country(name: str, country: Country) -> Place | None:
    """Return the place of that name in a country."""
    for key in filter(None, spellings(fold(name))):
        place = _named(key)
        if place and place.country == country.iso3:
            return place
        towns = _towns(key, country.iso3)
        if towns:
            return towns[0]
    return None


def _qualified(wanted: str) -> tuple[str, Country | None]:
    """Split “Brest, France” into a name and its country."""
    parts = _COMMAS.split(wanted)
    if len(parts) > 1:
        country = countries_by_key().get(fold(parts[-1]))
        if country:
            return parts[0], country
    return wanted, None


def _capital(country: Country) -> Place | None:
    known = listed().by_id.get(country.capital)
    if known or not country.capital.startswith("gn"):
        return known
    return _town(int(country.capital[2:]))


def _towns(key: str, country: str = "", *, whole: bool = True, limit: int = 20) -> list[Place]:
    """Return towns by key, the likeliest first; a town that is a destination is given as that."""
    rows = gazetteer.find(key, whole=whole, country=country, limit=limit)
    return [listed().by_geonames.get(row.id) or _as_place(row) for row in rows]


def _town(geonames_id: int) -> Place | None:
    row = gazetteer.get(geonames_id)
    return listed().by_geonames.get(geonames_id) or (_as_place(row) if row else None)


def _as_place(row: gazetteer.Town) -> Place:
    return Place(
        id=f"gn{row.id}",
        name=row.name,
        country=row.country,
        lon=row.lon,
        lat=row.lat,
        kind="town",
        population=row.population,
        names={"en": row.name},
    )


def _point(wanted: str) -> Place | None:
    """Return the place that coordinates mean; None where the text is none."""
    match = _PAIR.fullmatch(wanted)
    if not match:
        if _LOOKS_NUMERIC.fullmatch(wanted):
            raise BadCoordinates(f"“{wanted[:80]}” is not a pair of coordinates. {_EXAMPLE}")
        return None
    lat, lon = float(match["a"]), float(match["b"])
    sides = ((match["a_side"] or "") + (match["b_side"] or "")).upper()
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise BadCoordinates(f"“{wanted[:80]}” holds no two numbers. {_EXAMPLE}")
    if sides and re.fullmatch(r"[EW][NS]?|[NS]{2}", sides):
        raise BadCoordinates(f"“{wanted[:80]}” names its directions in another order. {_EXAMPLE}")
    lat = -lat if "S" in sides else lat
    lon = -lon if "W" in sides else lon
    if not (_SOUTH <= lat <= _NORTH and lon >= _WEST) and _here(lon, lat):
        raise BadCoordinates(
            f"“{wanted[:80]}” looks like longitude before latitude. "
            f"Write {_short(lon)},{_short(lat)} if that is the place."
        )
    if abs(lat) > 90 or abs(lon) > 180:
        raise BadCoordinates(
            f"“{wanted[:80]}” is not on Earth: latitude goes to 90, longitude to 180. {_EXAMPLE}"
        )
    name = f"{_short(lat)},{_short(lon)}"
    return Place(id=name, name=name, country="", lon=lon, lat=lat, kind="point")


def _here(lat: float, lon: float) -> bool:
    """Whether a point could be a land destination from Horgos."""
    return _SOUTH <= lat <= _NORTH and _WEST <= lon <= 180


def _short(degrees: float) -> str:
    return f"{degrees:.5f}".rstrip("0").rstrip(".")


def _miss(wanted: str) -> str:
    advice = "Try another spelling, or coordinates such as 44.21,80.41."
    hint = did_you_mean(fold(wanted), _known_names(fold(wanted)), advice, **_SIMILAR)
    return f"No place called “{wanted[:80]}” is known. {hint}"


def _known_names(key: str) -> dict[str, str]:
    """Return known names by their keys, for guesses at a key that means none."""
    if len(key) < 3:
        return {}
    tables = listed()
    names = {key_: place.name for key_, place in {**by_alias(), **tables.by_key}.items()}
    names.update((key_, country.name) for key_, country in countries_by_key().items())
    for name in gazetteer.names_like(key):
        names.setdefault(fold(name), name)
    return names
