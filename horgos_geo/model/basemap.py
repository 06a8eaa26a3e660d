"""The committed basemap, read once: land, lakes, boundaries in one viewpoint, names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError, ScenarioError
from horgos_geo.core.polyline import decode

Ring = NDArray[np.float64]
BOUNDARY, DISPUTED = "b", "d"


@dataclass(frozen=True)
class CountryOutline:
    """A country as the basemap has it: names, where its label stands, its outline in degrees."""

    iso3: str
    names: dict[str, str]
    lon: float
    lat: float
    rank: int
    rings: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True)
class Basemap:
    """Everything under the routes, in degrees; `boundaries` as one viewpoint draws them."""

    viewpoint: str
    land: tuple[tuple[Ring, ...], ...]
    lakes: tuple[tuple[Ring, ...], ...]
    boundaries: tuple[Ring, ...]
    disputed: tuple[Ring, ...]
    countries: dict[str, CountryOutline]
    water: tuple[dict[str, Any], ...]
    globe: tuple[Ring, ...]


@cache
def _raw() -> dict[str, Any]:
    file = datasets.path("basemap/basemap.json")
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{file} is damaged. Restore it or run `horgos network build`.") from error
    return content


def _polygons(rows: list[list[str]], step: float) -> tuple[tuple[Ring, ...], ...]:
    return tuple(tuple(decode(ring, step) for ring in polygon) for polygon in rows)


def viewpoints() -> tuple[str, ...]:
    """Return the codes of the viewpoints that boundaries can be drawn in."""
    return tuple(_raw()["views"])


@cache
def load_basemap(viewpoint: str = "ISO") -> Basemap:
    """Load the basemap.

    Parameters
    ----------
    viewpoint
        Whose view of the boundaries to draw: ``ISO`` or a two-letter code of `viewpoints`.

    Raises
    ------
    ScenarioError
        A viewpoint that the data does not have.
    """
    raw = _raw()
    if viewpoint not in raw["views"]:
        raise ScenarioError(
            f"There is no viewpoint {viewpoint[:20]!r}. Choose one of {', '.join(raw['views'])}."
        )
    step = raw["step_deg"]
    kinds: dict[str, list[Ring]] = {BOUNDARY: [], DISPUTED: []}
    for row in raw["lines"]:
        kind = row["views"].get(viewpoint, row["class"])
        if kind:
            kinds[kind] += [decode(line, step) for line in row["lines"]]
    countries = {
        row["iso3"]: CountryOutline(
            iso3=row["iso3"],
            names={key: row[key] or row["en"] for key in ("en", "zh", "ru")},
            lon=row["lon"],
            lat=row["lat"],
            rank=row["rank"],
            rings=_polygons(row["rings"], step),
        )
        for row in raw["countries"]
    }
    return Basemap(
        viewpoint=viewpoint,
        land=_polygons(raw["land"], step),
        lakes=_polygons(raw["lakes"], step),
        boundaries=tuple(kinds[BOUNDARY]),
        disputed=tuple(kinds[DISPUTED]),
        countries=countries,
        water=tuple(raw["water"]),
        globe=tuple(p[0] for p in _polygons(raw["globe"], raw["globe_step_deg"])),
    )
