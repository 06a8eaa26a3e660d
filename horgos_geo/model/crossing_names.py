"""Crossings and ferries by name, in three languages, wherever an id is taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from horgos_geo.core import datasets, point_names
from horgos_geo.core.countries import countries_by_key, country_code
from horgos_geo.core.name_keys import fold
from horgos_geo.model.listed_places import listed

#: Tables of crossings and what they are called.
TABLES = (
    point_names.TABLE,
    "reference/crossings_road.csv",
    "reference/crossings_rail.csv",
)
_BETWEEN = re.compile(r"\s+[-–—]\s+|–|—|/")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_FIRST_IDEOGRAPH = "\u4e00"
_BRACKETS = re.compile(r"\s*[(（](.*?)[)）]\s*")


def crossing_ids(name: str) -> tuple[str, ...]:
    """Return the ids that a name means, or the name itself where it means none.

    Parameters
    ----------
    name
        An id; the whole name of a crossing or ferry in English, Chinese or Russian; the name of
        either side of it; or that of a Chinese land port, which means its road and its railway.

    Examples
    --------
    >>> crossing_ids("Khorgos")
    ('khorgos-altynkol-rail', 'khorgos-nur-zholy-road')
    >>> crossing_ids("Алашанькоу – Достык"), crossing_ids("nowhere")
    (('alashankou-dostyk-rail', 'alashankou-dostyk-road'), ('nowhere',))
    """
    # What is written as an id is one, if not of the listed ones then of somebody's own network.
    if _ID.fullmatch(name):
        return (name,)
    return tuple(sorted(_ids_by_key().get(fold(name), [name])))


def split_closures(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return what is to be shut as codes of countries and ids of crossings and ferries.

    Parameters
    ----------
    names
        Codes and names of countries, and what `crossing_ids` takes.
    """
    codes: list[str] = []
    ids: list[str] = []
    for name in names:
        code = country_code(name)
        if code:
            codes.append(code)
        else:
            ids += crossing_ids(name)
    return codes, ids


@cache
def _ids_by_key() -> dict[str, set[str]]:
    """Return the ids of crossings and ferries by the keys of ids and names."""
    found: dict[str, set[str]] = {}
    rows = [row for name in TABLES for row in datasets.read_rows(name)]
    for row in rows:
        if row["kind"] in ("crossing", "ferry", "post"):
            for language in ("name", "name_zh", "name_ru"):
                for spelling in (row["id"], *_spellings(row.get(language, ""))):
                    found.setdefault(fold(spelling), set()).add(row["id"])
    for names, place in listed().aliases:
        if place.gateway:
            # A port is its own two crossings, whatever else is called so.
            for spelling in (place.id, place.name, *place.names.values(), *names.split(";")):
                if spelling:
                    found[fold(spelling)] = set(place.gateway.values())
    # What stands in brackets may be a country or the number of a road.
    return {key: ids for key, ids in found.items() if not _says_nothing(key)}


def _says_nothing(key: str) -> bool:
    return key in countries_by_key() or (len(key) < 3 and not key > _FIRST_IDEOGRAPH)


def _spellings(name: str) -> Iterator[str]:
    """Yield a name of a crossing, its two sides, and each without and by what is in brackets."""
    for part in (name, *_BETWEEN.split(_BRACKETS.sub(" ", name)), *_BETWEEN.split(name)):
        yield part
        yield _BRACKETS.sub(" ", part)
        yield from _BRACKETS.findall(part)
