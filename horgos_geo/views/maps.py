"""Maps of routes: a live one (Leaflet through folium, offline) and a static one (SVG)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.files import write_atomic
from horgos_geo.core.text import Text
from horgos_geo.model.places import Place
from horgos_geo.routing.route import Route, register_html
from horgos_geo.views import assets
from horgos_geo.views.display import FIGURE_MIME, Figure, FigureTable, Heading, as_json, join
from horgos_geo.views.drawing import Drawing, make_drawing
from horgos_geo.views.itinerary import route_summary
from horgos_geo.views.live import basemap_id, basemap_json, map_json
from horgos_geo.views.map_caption import caption, keys
from horgos_geo.views.map_ground import FORMS
from horgos_geo.views.rendering import render
from horgos_geo.views.static_map import StaticMap, pictures

if TYPE_CHECKING:
    from horgos_geo.analysis.corridors import Corridor

__all__ = ["RouteMap", "corridor_map", "page_assets", "route_figure", "route_html", "route_map"]


def _routes(routes: Route | Iterable[Route]) -> list[Route]:
    many = list(routes) if isinstance(routes, Iterable) else [routes]
    if not many:
        raise ScenarioError("There is no route to draw. Give at least one.")
    return many


def _uid(routes: list[Route], *more: str) -> str:
    # The same routes get the same ids, so that a report is the same bytes each time.
    words = [f"{r.origin.id}>{r.destination.id}:{r.scenario!r}:{r.length_km:.3f}" for r in routes]
    return "m" + hashlib.sha256("|".join([*words, *more]).encode()).hexdigest()[:10]


def route_figure(
    routes: Route | Iterable[Route],
    width: str = "wide",
    language: str = "en",
    viewpoint: str = "ISO",
) -> Figure:
    """Draw a static map of routes as SVG.

    Parameters
    ----------
    routes
        One route or several.
    width
        ``wide`` (1216 × 655 pixels), ``phone`` (390 × 316, fewer labels), or ``both``, of which
        a page shows the one that fits.
    language
        ``en``, ``zh`` or ``ru``.
    viewpoint
        Whose view of the boundaries to draw.

    Raises
    ------
    ScenarioError
        No route, or an unknown width, language or viewpoint.
    """
    if width not in (*FORMS, "both"):
        raise ScenarioError(f"There is no width {width[:20]!r}. Choose wide, phone or both.")
    routes, text = _routes(routes), Text(language)
    drawing = make_drawing(routes, text)
    forms = FORMS if width == "both" else (width,)
    uid = _uid(routes, language, viewpoint, "figure")
    drawn = [StaticMap(drawing, text, form, viewpoint, uid).svg() for form in forms]
    html = render(
        "maps/static",
        keys=keys(drawing, text, live=False),
        pictures=Markup().join(drawn),
        caption=caption(text, viewpoint),
        only="" if width == "both" else width,
    )
    return Figure(html)


def route_map(
    routes: Route | Iterable[Route],
    language: str = "en",
    viewpoint: str = "ISO",
    mercator: bool = False,
    tiles: str | None = None,
    attribution: str = "",
    before: Iterable[Route] = (),
    ports: Iterable[Place] = (),
) -> RouteMap:
    """Draw a live map of routes: move, zoom, point at lines and places, switch layers.

    Parameters
    ----------
    routes
        One route or several.
    language
        ``en``, ``zh`` or ``ru``.
    viewpoint
        Whose view of the boundaries to draw.
    mercator
        Use Web Mercator instead of the conic plane, as tiles need.
    tiles
        URL template of a tile layer, off until the reader switches it on; needs `mercator`.
    attribution
        Who made the tiles.
    before
        Routes that these take the place of, drawn thin and grey.
    ports
        Sea ports to mark.

    Returns
    -------
    RouteMap
        A `folium.Map`; see there for how notebooks and reports show it.

    Raises
    ------
    ScenarioError
        No route, an unknown language or viewpoint, or tiles on the conic plane.
    """
    if tiles and not mercator:
        raise ScenarioError("Tiles fit Web Mercator only. Pass mercator=True with them.")
    text, many, old, sea = Text(language), _routes(routes), list(before), list(ports)
    drawing = make_drawing(many, text, before=old, ports=sea)
    more = [str(mercator), tiles or "", *(place.id for place in sea)]
    uid = _uid([*many, *old], language, viewpoint, *more)
    return _live_map(drawing, text, viewpoint, uid, mercator, tiles, attribution)


def corridor_map(
    found: Iterable[Corridor], asked: Route, language: str = "en", viewpoint: str = "ISO"
) -> RouteMap:
    """Draw a live map of corridors, each with its letter; blocked ones thin, with what shuts them.

    Parameters
    ----------
    found
        From `corridors.corridors`.
    asked
        What to draw where there is no corridor.
    language
        ``en``, ``zh`` or ``ru``.
    viewpoint
        Whose view of the boundaries to draw.
    """
    text, many = Text(language), list(found)
    drawing = make_drawing([asked], text, many)
    routes = [item.route for item in many] or [asked]
    letters = "".join(item.letter + "-" * (not item.open) for item in many)
    uid = _uid(routes, language, viewpoint, letters)
    return _live_map(drawing, text, viewpoint, uid)


def page_assets(basemaps: Iterable[str]) -> Markup:
    """Return what a page with live maps needs once: Leaflet, basemaps, the map script.

    Parameters
    ----------
    basemaps
        Ids of those that its figures name.

    Returns
    -------
    Markup
        To stand after the last map.
    """
    return render(
        "maps/page_assets",
        style=assets.leaflet_style(),
        basemaps=[(name, basemap_json(name)) for name in dict.fromkeys(basemaps)],
        scripts=[assets.leaflet_script(), assets.map_script()],
    )


def _live_map(
    drawing: Drawing,
    text: Text,
    viewpoint: str,
    uid: str,
    mercator: bool = False,
    tiles: str | None = None,
    attribution: str = "",
) -> RouteMap:
    base = basemap_id(viewpoint, mercator)
    payload = map_json(drawing, text, viewpoint, uid, base, mercator)
    parts = {
        "keys": keys(drawing, text, live=True),
        "data": payload,
        "caption": caption(text, viewpoint, live=True, mercator=mercator),
    }
    drawn = pictures(drawing, text, viewpoint, uid)
    return RouteMap(parts, drawn, uid, base, text, mercator, tiles, attribution)


class RouteMap:
    """A folium map of routes that needs no other host.

    In JupyterLab it shows as an iframe that holds everything; a report takes the fragment and
    brings Leaflet and the basemap once (`page_assets`).

    Attributes
    ----------
    map
        The `folium.Map`, on the conic plane in kilometres unless made with ``mercator``: what is
        added to it shows in notebook and report. `point` turns degrees into its coordinates.
    """

    def __init__(
        self,
        parts: dict[str, str],
        drawn: Markup,
        uid: str,
        base: str,
        text: Text,
        mercator: bool,
        tiles: str | None,
        attribution: str,
    ) -> None:
        import folium

        self._parts, self._pictures, self._text = parts, drawn, text
        self.uid, self.mercator = uid, mercator
        self.headings: tuple[Heading, ...] = ()
        self.tables: tuple[FigureTable, ...] = ()
        self.basemaps = (base,)
        self.map = folium.Map(
            location=[0, 0],
            tiles=None,
            crs="EPSG3857" if mercator else "Simple",
            zoom_start=1,
            zoom_control=False,
            attribution_control=bool(tiles),
            scroll_wheel_zoom=False,
            zoom_snap=0,
            zoom_animation=False,
            fade_animation=False,
            # Without tiles folium drops min_zoom and max_zoom, so these go by Leaflet's own names.
            minZoom=2 if mercator else -5,
            maxZoom=12 if mercator else 3,
        )
        self.map._id = uid
        if tiles:
            layer = folium.TileLayer(tiles, attr=attribution or "tiles", show=False, overlay=True)
            layer.add_to(self.map)
            folium.LayerControl().add_to(self.map)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Turn degrees into the map's own coordinates, in folium's order (up, right)."""
        from horgos_geo.views.projection import project

        if self.mercator:
            return lat, lon
        x, y = project([[lon, lat]])[0]
        return float(y), float(x)

    def add_child(self, child: Any) -> RouteMap:
        """Add a folium element to the map."""
        self.map.add_child(child)
        return self

    @property
    def html(self) -> Markup:
        """The fragment for a page that has `page_assets` after it."""
        return self._fragment(self._pictures)

    def _fragment(self, drawn: Markup) -> Markup:
        root: Any = self.map.get_root()
        root.render()
        script = root.script.render()
        return render(
            "maps/live",
            uid=self.uid,
            name=self.map.get_name(),
            script=script,
            pictures=drawn,
            t=self._text,
            **self._parts,
        )

    @property
    def alone(self) -> Markup:
        """What a notebook shows: an iframe that holds all that the map needs."""
        # An iframe has its script, so the pictures for paper would only weigh.
        return render("maps/frame", page=str(self._page(self._fragment(Markup()))))

    def page(self) -> str:
        """Return a whole page with this map alone."""
        return str(self._page(self.html))

    def _page(self, body: Markup) -> Markup:
        return render(
            "maps/page",
            language=self._text.language,
            style=assets.cell_style(),
            body=body,
            assets=page_assets(self.basemaps),
        )

    def save(self, path: Path | str) -> Path:
        """Write the map as one page that opens without a network."""
        return write_atomic(path, self.page())

    def _repr_html_(self) -> str:
        return self.alone

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), FIGURE_MIME: as_json(self)}


def route_html(route: Route, language: str = "en") -> str:
    """Return what a notebook shows for one route: totals, a static map, its stages.

    Parameters
    ----------
    route
        Found or not.
    language
        ``en``, ``zh`` or ``ru``.
    """
    parts = [route_summary(route, language=language)]
    if route.legs:
        parts.append(route_figure(route, language=language))
    return join(parts)._repr_html_()


register_html(route_html)
