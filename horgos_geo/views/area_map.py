"""Static maps of areas: what is reached, and whose catchment is where."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from horgos_geo.core.text import Text
from horgos_geo.model.places import Place
from horgos_geo.views.chart_parts import key_list
from horgos_geo.views.display import Figure
from horgos_geo.views.drawing import Drawing
from horgos_geo.views.map_symbols import Symbol
from horgos_geo.views.projection import project
from horgos_geo.views.static_map import FORMS, StaticMap, _polygons
from horgos_geo.views.svg import esc

if TYPE_CHECKING:
    import pandas as pd

# How far a town's catchment is painted around it, and how coarsely.
_AROUND_KM = 140.0
_CELL_KM = 30.0
_SWATCH = '<i class="sw" style="background:var(--{colour});opacity:{strength:.2f}"></i>'


@dataclass(frozen=True, eq=False)
class Patch:
    """An area to paint: its polygon in degrees, a colour token, how strong, and its words."""

    polygon: Any
    colour: str
    strength: float
    words: str


class AreaFigure(StaticMap):
    """A static map with areas in place of routes.

    Parameters
    ----------
    patches
        Areas, the lowest first.
    description
        What the map shows, in words.
    drawing, text, form, viewpoint, uid
        As for `StaticMap`.
    """

    def __init__(
        self,
        patches: Sequence[Patch],
        description: str,
        drawing: Drawing,
        text: Text,
        form: str,
        viewpoint: str,
        uid: str,
    ) -> None:
        super().__init__(drawing, text, form, viewpoint, uid)
        self.patches, self.words = patches, description

    def description(self) -> str:
        """Return what the map shows in words."""
        return self.words

    def _routes(self) -> str:
        import shapely

        self._thick: list[Any] = []
        self.layout.set_lines([])
        window = (0.0, 0.0, self.style.width, self.style.height)
        paths = []
        for patch in self.patches:
            flat = shapely.transform(
                shapely.segmentize(patch.polygon, 2.0), lambda xy: self.frame.to_px(project(xy))
            )
            flat = shapely.simplify(shapely.clip_by_rect(shapely.make_valid(flat), *window), 0.6)
            flat = shapely.intersection(shapely.make_valid(flat), self._land)
            paths.append(
                f'<path fill="var(--{patch.colour})" fill-opacity="{patch.strength:.2f}" '
                f'stroke="var(--{patch.colour})" stroke-opacity=".7" stroke-width=".8" '
                f'fill-rule="evenodd" d="{_polygons([flat])}">'
                f"<title>{esc(patch.words)}</title></path>"
            )
        return f'<g class="areas">{"".join(paths)}</g>'


def area_map(
    patches: Sequence[Patch],
    places: Sequence[Place],
    description: str,
    language: str,
    viewpoint: str,
    around: Any = None,
    cut: float = 0.0,
) -> Figure:
    """Draw areas over the basemap, with a key.

    Parameters
    ----------
    patches
        Areas, the lowest first.
    places
        Named points; gateways in their own symbol, the first one as the origin.
    description
        What the map shows, in words.
    language, viewpoint
        As for route maps.
    around
        Longitudes and latitudes (n, 2) that must be in the picture; the places when None.
    cut
        Share of them that may lie outside at each edge.
    """
    text = Text(language)
    symbols = tuple(_symbol(place, i, text) for i, place in enumerate(places))
    drawing = _Framed(
        lines=(), symbols=symbols, straight=(), modes=(), places={}, origin="",
        closed_countries=(), passed=(),
    )  # fmt: skip
    if around is not None:
        drawing.__dict__["window"] = np.quantile(project(around), [cut, 1 - cut], axis=0)
    uid = "a" + hashlib.sha256(f"{description}|{language}|{viewpoint}".encode()).hexdigest()[:10]
    pictures = "".join(
        AreaFigure(patches, description, drawing, text, form, viewpoint, uid).svg()
        for form in FORMS
    )
    swatches = [
        (_SWATCH.format(colour=patch.colour, strength=patch.strength), patch.words)
        for patch in patches
    ]
    disputed = text("disputed_ISO") if viewpoint == "ISO" else text("disputed_view", view=viewpoint)
    caption = f"{text('map_caption', disputed=disputed)} {text('map_credit')}"
    return Figure(
        f'<figure class="map map-areas">{key_list(swatches)}<div class="map-frame">{pictures}</div>'
        f'<figcaption class="map-cap"><span>{esc(caption)}</span></figcaption></figure>'
    )


class _Framed(Drawing):
    """A drawing whose window is given."""

    @property
    def extent(self) -> Any:
        """Every vertex that must be in the picture, kilometres."""
        window = self.__dict__.get("window")
        return Drawing.extent.fget(self) if window is None else window  # type: ignore[attr-defined]


def _symbol(place: Place, rank: int, text: Text) -> Symbol:
    x, y = project([[place.lon, place.lat]])[0]
    kind = "gateway" if rank == 0 else "destination"
    return Symbol(kind, (float(x), float(y)), text.place(place), key=place.id, rank=float(rank))


def catchment_patches(
    table: pd.DataFrame, names: dict[str, str], focus: str, most: int = 8
) -> list[Patch]:
    """Return the land around the towns of each gateway, the largest gateways and the focus.

    Parameters
    ----------
    table
        What `catchments.catchments` gives.
    names
        Words for each gateway shown, in the order shown.
    focus
        Id of the gateway in the strongest colour.
    most
        At most so many.
    """
    from scipy.spatial import cKDTree

    from horgos_geo.analysis.grid import Grid
    from horgos_geo.views.projection import _conic

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
    colours = ["moving", "ferry", "gauge", "transfer", "road", "border", "home", "coast"]
    patches = []
    for number, (gateway, words) in enumerate(list(names.items())[:most]):
        inside = np.where(owner == gateway, 0.0, 1.0)
        polygon = Grid(inside, float(left), float(bottom), _CELL_KM, _conic()).polygon(0.0)
        colour = "rail" if gateway == focus else colours[number % len(colours)]
        patches.append(Patch(polygon, colour, 0.6 if gateway == focus else 0.42, words))
    return patches
