"""Names of crossings, terminals, ports and breaks of gauge in Chinese and Russian."""

from __future__ import annotations

import math
import re
from functools import cache

from horgos_geo.core import datasets

TABLE = "reference/point_names.csv"
#: Tables of places whose names are known as well.
PLACES = ("reference/origins.csv", "reference/destinations.csv", "reference/gateways.csv")
#: A break of gauge inside a country is named after the listed place within this distance.
_GAUGE_KM = 25.0
#: What the network calls a border without a post that the tables list.
_UNLISTED = re.compile(r"([A-Z]{3})–([A-Z]{3}) border \((no control|unverified)\)")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(datasets.read_rows(TABLE))


@cache
def names(language: str) -> dict[str, str]:
    """Return the names in one language by the Latin name; empty for English."""
    if language == "en":
        return {}
    column = f"name_{language}"
    tables = [*map(datasets.read_rows, PLACES), _rows()]  # the last one wins
    return {row["name"]: row[column] for rows in tables for row in rows if row[column]}


@cache
def by_id() -> dict[str, str]:
    """Return the Latin names by id."""
    return {row["id"]: row["name"] for row in _rows()}


def unlisted(name: str) -> tuple[str, str, str] | None:
    """Return both countries of an unlisted border and what is said of it, or None."""
    found = _UNLISTED.fullmatch(name)
    return (found[1], found[2], found[3]) if found else None


def gauge_place(lon: float, lat: float) -> str:
    """Return the Latin name of the listed break of gauge near a point, or nothing.

    Parameters
    ----------
    lon, lat
        Degrees.
    """
    best, best_km = "", _GAUGE_KM
    for row in _rows():
        if row["kind"] != "gauge":
            continue
        east = (float(row["lon"]) - lon) * math.cos(math.radians(lat))
        away_km = math.hypot(east, float(row["lat"]) - lat) * 111.2
        if away_km < best_km:
            best, best_km = row["name"], away_km
    return best
