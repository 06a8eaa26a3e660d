"""Static maps of areas: what is reached, and whose catchment is where."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
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
# Smaller catchments are left to the table.
_LEAST_SHARE = 0.005
_COLOURS = tuple(f"area{number}" for number in range(2, 9))


def area_map(
    areas: Sequence[Area],
    places: Sequence[Place],
    about: str,
    text: Text,
    viewpoint: str,
    around: Any = None,
    cut: float = 0.0,
    half: bool = False,
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
    half
        Two such maps stand beside one another.
    """
    window = None if around is None else np.quantile(project(around), [cut, 1 - cut], axis=0)
    symbols = tuple(_symbol(place, rank, text) for rank, place in enumerate(places))
    drawing = Drawing(symbols=symbols, areas=tuple(areas), window=window, about=about)
    words = f"{about}|{text.language}|{viewpoint}"
    uid = "a" + hashlib.sha256(words.encode()).hexdigest()[:10]
    forms = ("half" if half else "wide", "phone")
    html = render(
        "maps/areas",
        keys=[Key("sw", area.words, area.colour, area.hatched) for area in areas],
        pictures=pictures(drawing, text, viewpoint, uid, forms),
        caption=caption(text, viewpoint),
    )
    return Figure(html)


def _symbol(place: Place, rank: int, text: Text) -> Symbol:
    x, y = project([[place.lon, place.lat]])[0]
    kind = "gateway" if rank == 0 else "destination"
    return Symbol(kind, (float(x), float(y)), text.place(place), key=place.id, rank=float(rank))


@dataclass(frozen=True, eq=False)
class Catchment:
    """The land nearest to one port over land, or to two that tie.

    Attributes
    ----------
    ports
        Ids of one gateway or of two, the one asked for first.
    towns, people
        In the towns of it.
    polygon
        The land around them, degrees.
    colours
        Colour tokens, one a port.
    shown
        Whether it is large enough for a map.
    """

    ports: tuple[str, ...]
    towns: int
    people: int
    polygon: Any
    colours: tuple[str, ...]
    shown: bool

    def area(self, words: str) -> Area:
        """Return it as an area of a map."""
        stripes = self.colours[1] if self.colours[1:] else ""
        return Area(self.polygon, self.colours[0], words, stripes, label=words)


def catchments(frame: pd.DataFrame, focus: str) -> list[Catchment]:
    """Return whose catchment is where, those with most people first.

    Parameters
    ----------
    frame
        From `horgos_geo.catchments`.
    focus
        Id of the gateway in the first colour.
    """
    served = frame[frame["gateway"] != ""]
    whose = np.empty(len(served), dtype=object)
    rows = zip(served["gateway"], served["rival"], served["tied"], strict=True)
    for i, (first, second, tied) in enumerate(rows):
        pair = sorted((first, second), key=lambda port: (port != focus, port))
        whose[i] = tuple(pair) if tied else (first,)
    people = served["population"].to_numpy()
    totals: dict[tuple[str, ...], int] = {}
    for ports, count in zip(whose, people, strict=True):
        totals[ports] = totals.get(ports, 0) + int(count)
    order = sorted(totals, key=lambda ports: -totals[ports])
    colours = _port_colours(order, focus)
    polygons = _polygons(served[["lon", "lat"]].to_numpy(), whose, order)
    least = sum(totals.values()) * _LEAST_SHARE
    counts = Counter(whose)
    return [
        Catchment(
            ports,
            counts[ports],
            totals[ports],
            polygon,
            tuple(colours[port] for port in ports),
            totals[ports] >= least or focus in ports,
        )
        for ports, polygon in zip(order, polygons, strict=True)
    ]


def _port_colours(order: Sequence[tuple[str, ...]], focus: str) -> dict[str, str]:
    ports = dict.fromkeys(port for ports in order for port in ports if port != focus)
    others = dict(zip(ports, _COLOURS, strict=False))
    return {focus: "area1"} | {port: others.get(port, _COLOURS[-1]) for port in ports}


def _polygons(lonlat: Any, whose: Any, order: Sequence[tuple[str, ...]]) -> list[Any]:
    """Return the land around the towns of each, on a grid."""
    xy = project(lonlat)
    left, bottom = xy.min(axis=0) - _AROUND_KM
    columns, rows = (
        int(n) for n in np.ceil((xy.max(axis=0) + _AROUND_KM - (left, bottom)) / _CELL_KM)
    )
    x = left + (np.arange(columns) + 0.5) * _CELL_KM
    y = bottom + (np.arange(rows) + 0.5) * _CELL_KM
    points = np.column_stack([np.tile(x, rows), np.repeat(y, columns)])
    away, nearest = cKDTree(xy).query(points, distance_upper_bound=_AROUND_KM)
    number = {ports: i for i, ports in enumerate(order)}
    codes = np.array([number[ports] for ports in whose])
    near = np.isfinite(away)
    owner = np.where(near, codes[np.where(near, nearest, 0)], -1).reshape(rows, columns)
    return [
        Grid(np.where(owner == i, 0.0, 1.0), float(left), float(bottom), _CELL_KM, conic()).polygon(
            0.0
        )
        for i in range(len(order))
    ]
