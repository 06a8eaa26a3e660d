"""Places: one by its name or coordinates, many by groups, countries, tables or size."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from pathlib import Path
from typing import Any, TypeAlias

from horgos_geo.core.countries import Country, countries, country_code
from horgos_geo.core.errors import PlaceNotFound
from horgos_geo.core.hints import did_you_mean
from horgos_geo.core.name_keys import clean
from horgos_geo.core.table_files import is_table
from horgos_geo.model import gazetteer
from horgos_geo.model.listed_places import Place, listed
from horgos_geo.model.name_matches import as_place
from horgos_geo.model.place_tables import read_places
from horgos_geo.model.resolve import LONGEST_NAME, PlaceLike, is_point, resolve, search

__all__ = [
    "LONGEST_NAME",
    "Country",
    "Place",
    "PlaceLike",
    "PlacesLike",
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

#: What stands for places: one, or several, or a table of them.
PlacesLike: TypeAlias = "PlaceLike | Path | Iterable[PlaceLike | Path]"


def destinations(groups: str | Iterable[str] | None = None) -> list[Place]:
    """Return the shipped destinations, all or those in any of the groups.

    Parameters
    ----------
    groups
        Names of groups, such as ``story`` or ``central-asia``, or countries by code or name.

    Raises
    ------
    PlaceNotFound
        No such group.
    """
    everything = listed().destinations
    if groups is None:
        return list(everything)
    known = {g for place in everything for g in (*place.groups, place.country)}
    wanted = set()
    for group in [groups] if isinstance(groups, str) else groups:
        code = group if group in known else country_code(str(group)[:LONGEST_NAME])
        if code not in known:
            known_groups = f"Known are {', '.join(group_names())}."
            hint = did_you_mean(str(group).lower(), known, known_groups)
            raise PlaceNotFound(f"There is no group “{clean(str(group)[:80])}”. {hint}")
        wanted.add(code)
    return [p for p in everything if {*p.groups, p.country} & wanted]


def select(places: PlacesLike, unique: bool = True) -> list[Place]:
    """Return the places that are meant, in the order given.

    Parameters
    ----------
    places
        One or more of what `resolve` takes, of groups of destinations, such as ``central-asia``,
        or of tables of places, such as ``towns.xlsx``.
    unique
        Whether a place that is named again is left out.

    Raises
    ------
    PlaceNotFound, BadCoordinates
        As in `resolve`.
    MissingData, DataError
        A table that cannot be read.

    Examples
    --------
    >>> [place.name for place in select(["Almaty", (41.3, 69.24)])]
    ['Almaty', '41.3,69.24']
    """
    groups = set(group_names())
    many: Any = [places] if _is_one(places) else places
    found: list[Place] = []
    for item in many:
        if isinstance(item, str) and item in groups:
            found += destinations(item)
        elif is_table(item):
            found += read_places(Path(item))
        else:
            found.append(resolve(item))
    if not unique:
        return found
    first: dict[str, Place] = {}
    for place in found:
        first.setdefault(place.id, place)
    return list(first.values())


def _is_one(places: Any) -> bool:
    """Tell whether one place was given and not several."""
    if isinstance(places, tuple):
        return len(places) == 2 and all(isinstance(number, Real) for number in places)
    return isinstance(places, str | Path | Place) or is_point(places)


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
    return [as_place(town) for town in gazetteer.larger(population)]
