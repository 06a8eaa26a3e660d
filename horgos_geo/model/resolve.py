"""Find places by name in any listed spelling, by coordinates or by country code."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from horgos_geo.core.coordinates import EXAMPLE, LatLon, parse_pair
from horgos_geo.core.countries import Country, countries_by_key, country_outside
from horgos_geo.core.errors import BadCoordinates, PlaceNotFound
from horgos_geo.core.hints import close_names, did_you_mean
from horgos_geo.core.name_keys import clean, fold, spellings
from horgos_geo.model import gazetteer, name_matches
from horgos_geo.model.listed_places import Place, by_alias, listed
from horgos_geo.model.name_matches import Match, known_place

if TYPE_CHECKING:
    from shapely import Point

#: What stands for one place: a name, ``lat,lon``, a code; a place; (lat, lon); a shapely point.
PlaceLike: TypeAlias = "str | Place | tuple[float, float] | Point"

LONGEST_NAME = 200
# Land that a lorry from Horgos could reach, with a margin: what lies outside was mistyped.
_NORTH, _SOUTH, _WEST = 73.0, 0.0, -11.0
#: A point this near to a town lies on land that someone may have meant.
_NEAR_TOWN_KM = 300.0
_COMMAS = re.compile(r"[,，،、]")
#: How many guesses are given, and how like the name they must be.
_SIMILAR: Any = {"most": 3, "cutoff": 0.75}


def resolve(place: PlaceLike) -> Place:
    """Return the one place that is meant.

    Gateways come before destinations, destinations before all other towns; a town of weight goes
    before a listed place that only was, or abroad is, called so. Of several towns of one name the
    largest is meant, unless a country follows: ``Brest, FRA``. A country means its capital. Where
    the name is not the place's own, or others of weight bear it, `Place.note` says so.

    Parameters
    ----------
    place
        A name in any listed spelling or script, a place id, an ISO 3166 code of two or three
        letters, or ``lat,lon`` in degrees; a pair (latitude, longitude), a shapely point
        (longitude, latitude), or a place, which is returned as it is.

    Raises
    ------
    PlaceNotFound
        Nothing is called that, or only a city on another continent.
    BadCoordinates
        Coordinates that are swapped, out of range or not numbers.

    Examples
    --------
    >>> resolve("Хоргос").id, resolve((43.25, 76.91)).name
    ('horgos', '43.25,76.91')
    >>> resolve("Brest").note
    'Brest is taken as Brest, BLR; also: Brest, FRA.'
    """
    if isinstance(place, Place):
        return place
    if not isinstance(place, str):
        return _place_at(*_lat_lon(place))
    wanted = _checked(place)
    point = parse_pair(wanted)
    if point:
        return _place_at(*point, written=wanted)
    found = _one(wanted)
    if found is None:
        raise PlaceNotFound(_miss(wanted))
    return found


def _checked(text: str) -> str:
    wanted = clean(text[: LONGEST_NAME + 1])
    if not wanted:
        raise PlaceNotFound("No place was given. Name one, such as Almaty, or write 43.25,76.91.")
    if len(text) > LONGEST_NAME:
        raise PlaceNotFound(
            f"A place name has at most {LONGEST_NAME} characters; this one has {len(text)}. "
            "Shorten it."
        )
    return wanted


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
    point = parse_pair(wanted)
    if point:
        return [_place_at(*point, written=wanted)]
    found: dict[str, Place] = {}

    def add(many: Iterable[Place]) -> None:
        """Keep places, each once, as long as more are wanted."""
        for place in many:
            if len(found) < limit:
                found.setdefault(place.id, replace(place, note=""))

    for place in _exact(wanted):
        add([place])
    name, country = _qualified(wanted)
    iso3 = country.iso3 if country else ""
    for key in filter(None, spellings(fold(name))):
        exact = [match.place for match in name_matches.matches(key, iso3)]
        add(_beginning(key, listed().by_key, iso3))
        add(exact)
        add(_beginning(key, by_alias(), iso3))
        add(map(known_place, gazetteer.find(key, whole=False, country=iso3, limit=limit)))
    if not found:
        for similar in close_names(fold(wanted), _known_names(fold(wanted)), **_SIMILAR):
            add(_exact(similar))
    return list(found.values())


def _exact(wanted: str) -> list[Place]:
    """Return the one place that a text means, or nothing."""
    try:
        place = _one(wanted)
    except PlaceNotFound:
        return []
    return [place] if place else []


def is_point(value: Any) -> bool:
    """Tell whether a value is one shapely geometry."""
    # Of a series of geometries, the same attribute is a series.
    return isinstance(getattr(value, "geom_type", None), str)


def _one(wanted: str) -> Place | None:
    """Return the place that a name, an id or a code means, with a note where it is not plain."""
    if wanted in listed().by_id:
        return listed().by_id[wanted]
    if re.fullmatch(r"gn\d{1,9}", wanted):
        town = gazetteer.get(int(wanted[2:]))
        return known_place(town) if town else None
    # Capitals tell a code from a name: KAZ is a country, Osh a city.
    if re.fullmatch(r"[A-Z]{2,3}", wanted) and fold(wanted) in countries_by_key():
        return _capital(wanted, countries_by_key()[fold(wanted)])
    keys = list(filter(None, spellings(fold(wanted))))
    for key in keys:
        if key in countries_by_key() and key not in listed().by_key:
            return _capital(wanted, countries_by_key()[key])
    if not any(key in listed().by_key for key in keys):
        _refuse_outside(wanted)
    for key in keys:
        place = _named(wanted, key)
        if place:
            return place
    name, country = _qualified(wanted)
    if country:
        return _in_country(name, country)
    _refuse_outside(_COMMAS.split(wanted)[-1].strip())
    return None


def _refuse_outside(country: str) -> None:
    name = country_outside(country)
    if name:
        raise PlaceNotFound(f"{name} cannot be reached by land. Name a place in Europe or Asia.")


def _named(wanted: str, key: str) -> Place | None:
    """Return the likeliest place of a name, with a note where it is not the only one."""
    found = name_matches.matches(key)
    city = name_matches.outside(key, found[0] if found else None)
    if city:
        here = dict.fromkeys(f"{match.place.name}, {match.place.country}" for match in found[:3])
        advice = f"If you mean one here, write {' or '.join(here)}." if here else ""
        raise PlaceNotFound(
            f"{wanted[:80]} is taken as {city.name}, {city.country}, which lies outside Europe and "
            f"Asia. {advice or 'Name a place in Europe or Asia.'}"
        )
    if not found:
        return None
    return _with_note(wanted, key, found[0], name_matches.namesakes(key, found))


def _with_note(wanted: str, key: str, match: Match, also: Sequence[str] = ()) -> Place:
    """Return a place that says what a name was taken for, where that is not plain."""
    place = match.place
    own_names = {fold(name) for name in (place.id, place.name, *place.names.values())}
    if not also and key in own_names:
        return place
    more = f"; also: {'; '.join(also)}" if also else ""
    return replace(place, note=f"{wanted[:80]} is taken as {place.name}, {place.country}{more}.")


def _beginning(key: str, places: Mapping[str, Place], country: str) -> list[Place]:
    return [
        place
        for known, place in places.items()
        if known.startswith(key) and country in ("", place.country)
    ]


def _in_country(name: str, country: Country) -> Place | None:
    """Return the place of that name in a country."""
    for key in filter(None, spellings(fold(name))):
        found = name_matches.matches(key, country.iso3)
        if found:
            return _with_note(name, key, found[0])
    return None


def _qualified(wanted: str) -> tuple[str, Country | None]:
    """Split “Brest, France” into a name and its country."""
    parts = _COMMAS.split(wanted)
    if len(parts) > 1:
        country = countries_by_key().get(fold(parts[-1]))
        if country:
            return parts[0], country
    return wanted, None


def _capital(wanted: str, country: Country) -> Place | None:
    place = listed().by_id.get(country.capital)
    if place is None and country.capital.startswith("gn"):
        town = gazetteer.get(int(country.capital[2:]))
        place = known_place(town) if town else None
    if place is None or fold(wanted) == fold(place.name):
        return place
    note = f"{wanted[:80]} is taken as its capital {place.name}, {place.country}."
    return replace(place, note=note)


def _lat_lon(point: Any) -> LatLon:
    """Return latitude and longitude of a pair or of a shapely point.

    Raises
    ------
    BadCoordinates
        It is neither.
    """
    try:
        if is_point(point):
            return LatLon(float(point.y), float(point.x))
        lat, lon = point
        return LatLon(float(lat), float(lon))
    except (TypeError, ValueError, AttributeError):
        raise BadCoordinates(
            f"{clean(repr(point)[:80])} is no place. Give a name, a pair (latitude, longitude), "
            "a shapely point or a place."
        ) from None
    except Exception as error:  # shapely: a point without coordinates
        raise BadCoordinates(f"A point holds no two numbers. {EXAMPLE}") from error


def _place_at(lat: float, lon: float, written: str = "") -> Place:
    """Return the place that coordinates mean.

    Raises
    ------
    BadCoordinates
        They are swapped, out of range or not numbers.
    """
    point, turned = LatLon(lat, lon), LatLon(lon, lat)
    written = written or str(point)
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise BadCoordinates(f"“{written[:80]}” holds no two numbers. {EXAMPLE}")
    if looks_swapped(lat, lon):
        raise BadCoordinates(
            f"“{written[:80]}” looks like longitude before latitude. "
            f"Write {turned} if that is the place."
        )
    if abs(lat) > 90 or abs(lon) > 180:
        raise BadCoordinates(
            f"“{written[:80]}” is not on Earth: latitude goes to 90, longitude to 180. {EXAMPLE}"
        )
    return Place(id=str(point), name=str(point), country="", lon=lon, lat=lat, kind="point")


def looks_swapped(lat: float, lon: float) -> bool:
    """Tell whether a point lies far from all land here, but the same numbers turned do not."""
    if _here(lat, lon) or not _here(lon, lat):
        return False
    return gazetteer.nearest(lat, lon)[1] < _NEAR_TOWN_KM


def _here(lat: float, lon: float) -> bool:
    """Tell whether a point could be a land destination from Horgos."""
    return _SOUTH <= lat <= _NORTH and _WEST <= lon <= 180


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
