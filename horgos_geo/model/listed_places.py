"""The listed places: gateways, destinations and origins, as the tables hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from horgos_geo.core import datasets
from horgos_geo.core.name_keys import fold


@dataclass(frozen=True)
class Place:
    """A point that a route can start or end at.

    `country` is an ISO 3166-1 alpha-3 code, empty for bare coordinates. `kind` is gateway,
    capital, city, port, terminal, town or point. `terminal_lon` and `terminal_lat` are where its
    rail freight is handled. `names` holds spellings by language: en, zh, ru. `gateway` holds, for a
    Chinese land port, the id of its crossing by mode (road, rail). `note` says what a name was
    taken for, where that is not plain. All coordinates are degrees.
    """

    id: str
    name: str
    country: str
    lon: float
    lat: float
    kind: str
    population: int = 0
    terminal_lon: float | None = None
    terminal_lat: float | None = None
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    groups: tuple[str, ...] = ()
    gateway: Mapping[str, str] | None = field(default=None, hash=False)
    terminal_name: str = ""
    note: str = field(default="", compare=False)

    def label(self, language: str = "en") -> str:
        """Return the name in a language (en, zh, ru), in English where it has none."""
        return self.names.get(language) or self.name


@dataclass(frozen=True)
class Listed:
    """Every listed place, and the names that they go by."""

    gateways: tuple[Place, ...]
    destinations: tuple[Place, ...]
    origins: tuple[Place, ...]
    by_id: Mapping[str, Place]
    by_key: Mapping[str, Place]
    aliases: tuple[tuple[str, Place], ...]
    by_geonames: Mapping[int, Place]


@cache
def listed() -> Listed:
    """Return what the reference tables list, read once."""
    port_rows = datasets.read_rows("reference/gateways.csv")
    rows = datasets.read_rows("reference/destinations.csv")
    origin_rows = datasets.read_rows("reference/origins.csv")
    ports = tuple(map(_gateway, port_rows))
    ends = tuple(map(_city, rows))
    starts = tuple(map(_city, origin_rows))
    everything = (*ports, *ends, *starts)
    by_key: dict[str, Place] = {}
    for place in everything:
        for name in (place.name, *place.names.values(), place.id):
            by_key.setdefault(fold(name), place)
    lists = [row["aliases"] for row in (*port_rows, *rows, *origin_rows)]
    return Listed(
        gateways=ports,
        destinations=ends,
        origins=starts,
        by_id={place.id: place for place in reversed(everything)},
        by_key=by_key,
        aliases=tuple(zip(lists, everything, strict=True)),
        by_geonames={
            int(row["geonames_id"]): place
            for row, place in zip((*rows, *origin_rows), (*ends, *starts), strict=True)
            if row["geonames_id"]
        },
    )


def find_gateway(name: str) -> Place | None:
    """Return the Chinese land port of that id, name or alias, or None."""
    key = fold(name)
    found = (listed().by_id.get(name), listed().by_key.get(key), by_alias().get(key))
    return next((place for place in found if place and place.gateway), None)


@cache
def by_alias() -> dict[str, Place]:
    """Return gateways and destinations by the keys of their aliases, read when first needed."""
    by_key: dict[str, Place] = {}
    for names, place in listed().aliases:
        for name in filter(None, names.split(";")):
            by_key.setdefault(fold(name), place)
    return by_key


def _spelled(row: Mapping[str, str]) -> dict[str, str]:
    return {"en": row["name"], "zh": row["name_zh"], "ru": row["name_ru"]}


def _gateway(row: Mapping[str, str]) -> Place:
    ids = {"road": row["road_crossing_id"], "rail": row["rail_crossing_id"]}
    return Place(
        id=row["id"],
        name=row["name"],
        country=row["country"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        kind="gateway",
        names=_spelled(row),
        groups=("gateways", row["region"].lower().replace(" ", "-")),
        gateway={mode: id_ for mode, id_ in ids.items() if id_},
    )


def _city(row: Mapping[str, str]) -> Place:
    lon, lat = row["terminal_lon"], row["terminal_lat"]
    return Place(
        id=row["id"],
        name=row["name"],
        country=row["country"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        kind=row["kind"],
        population=int(row["population"] or 0),
        terminal_lon=float(lon) if lon else None,
        terminal_lat=float(lat) if lat else None,
        names=_spelled(row),
        groups=tuple(filter(None, row["groups"].split(";"))),
        terminal_name=row["terminal_name"],
    )
