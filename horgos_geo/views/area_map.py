"""Static maps of areas: what is reached, and whose catchment is where."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from horgos_geo.analysis.grid import Grid
from horgos_geo.core.text import Text
from horgos_geo.model.places import Place
from horgos_geo.views.chart_forms import Key
from horgos_geo.views.display import Figure
from horgos_geo.views.drawing import Area, Drawing
from horgos_geo.views.map_caption import caption
from horgos_geo.views.map_symbols import Symbol
from horgos_geo.views.projection import conic, project
from horgos_geo.views.rendering import render
from horgos_geo.views.static_map import pictures

if TYPE_CHECKING:
    import pandas as pd

# How far a town's catchment is painted around it, and how coarsely.
_AROUND_KM = 140.0
_CELL_KM = 30.0
_COLOURS = tuple(f"area{number}" for number in range(2, 9))


def area_map(
    areas: Sequence[Area],
    places: Sequence[Place],
    about: str,
    text: Text,
    viewpoint: str,
    around: Any = None,
    cut: float = 0.0,
) -> Figure:
    """Draw areas over the basemap, with a key.

    Parameters
    ----------
    areas
        The lowest first.
    places
        Named points; the first one as the origin.
    about
        What the map shows, in words.
    text, viewpoint
        As for route maps.
    around
        Longitudes and latitudes (n, 2) that must be in the picture; the places when None.
    cut
        Share of them that may lie outside at each edge.
    """
    window = None if around is None else np.quantile(project(around), [cut, 1 - cut], axis=0)
    symbols = tuple(_symbol(place, rank, text) for rank, place in enumerate(places))
    drawing = Drawing(symbols=symbols, areas=tuple(areas), window=window, about=about)
    words = f"{about}|{text.language}|{viewpoint}"
    uid = "a" + hashlib.sha256(words.encode()).hexdigest()[:10]
    html = render(
        "maps/areas",
        keys=[Key("sw", area.words, area.colour) for area in areas],
        pictures=pictures(drawing, text, viewpoint, uid),
        caption=caption(text, viewpoint),
    )
    return Figure(html)


def _symbol(place: Place, rank: int, text: Text) -> Symbol:
    x, y = project([[place.lon, place.lat]])[0]
    kind = "gateway" if rank == 0 else "destination"
    return Symbol(kind, (float(x), float(y)), text.place(place), key=place.id, rank=float(rank))


def catchment_areas(table: pd.DataFrame, names: dict[str, str], focus: str) -> list[Area]:
    """Return the land around the towns of each gateway.

    Parameters
    ----------
    table
        As `catchments` gives it.
    names
        Words for each gateway shown, in the order shown.
    focus
        Id of the gateway in the first colour.
    """
    served = table[table["gateway"] != ""]
    xy = project(served[["lon", "lat"]].to_numpy())
    left, bottom = xy.min(axis=0) - _AROUND_KM
    columns, rows = (
        int(n) for n in np.ceil((xy.max(axis=0) + _AROUND_KM - (left, bottom)) / _CELL_KM)
    )
    x = left + (np.arange(columns) + 0.5) * _CELL_KM
    y = bottom + (np.arange(rows) + 0.5) * _CELL_KM
    points = np.column_stack([np.tile(x, rows), np.repeat(y, columns)])
    away, nearest = cKDTree(xy).query(points, distance_upper_bound=_AROUND_KM)
    owner = served["gateway"].to_numpy()[np.where(np.isfinite(away), nearest, 0)]
    owner = np.where(np.isfinite(away), owner, "").reshape(rows, columns)
    colours = iter(_COLOURS)
    areas = []
    for gateway, words in names.items():
        inside = np.where(owner == gateway, 0.0, 1.0)
        polygon = Grid(inside, float(left), float(bottom), _CELL_KM, conic()).polygon(0.0)
        colour = "area1" if gateway == focus else next(colours, "area8")
        areas.append(Area(polygon, colour, words))
    return areas
