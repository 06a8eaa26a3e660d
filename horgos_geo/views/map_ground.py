"""What lies under a static map: its size, its window on the plane, land, water and boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from markupsafe import Markup

from horgos_geo.model.basemap import Basemap, load_basemap
from horgos_geo.views.projection import Frame, Points, fit_frame, graticule, project
from horgos_geo.views.svg import num, path_data, tag

SHORE_PX = 4.0


@dataclass(frozen=True)
class MapStyle:
    """Sizes of one form of the map, pixels."""

    width: float
    height: float
    margins: tuple[float, float, float, float]
    symbol: float
    line: float
    per_destination: float
    rail_offset: float
    gateway: float
    destination: float
    small: float
    country: float
    country_tracking: float
    countries: int
    values: bool
    names: bool
    globe: float
    bar: float


FORMS = {
    "wide": MapStyle(
        width=1216,
        height=655,
        margins=(74, 58, 98, 66),
        symbol=1.0,
        line=1.9,
        per_destination=0.27,
        rail_offset=2.7,
        gateway=16,
        destination=14,
        small=11,
        country=11,
        country_tracking=0.14,
        countries=22,
        values=True,
        names=True,
        globe=58,
        bar=230,
    ),
    "phone": MapStyle(
        width=390,
        height=316,
        margins=(30, 34, 34, 46),
        symbol=0.74,
        line=1.4,
        per_destination=0.14,
        rail_offset=1.7,
        gateway=14,
        destination=12,
        small=11,
        country=10,
        country_tracking=0.05,
        countries=5,
        values=False,
        names=False,
        globe=0,
        bar=90,
    ),
}
#: Two maps beside one another are each half a page wide.
STYLES = FORMS | {
    "half": MapStyle(
        width=592,
        height=420,
        margins=(40, 40, 50, 40),
        symbol=0.9,
        line=1.6,
        per_destination=0.2,
        rail_offset=2.2,
        gateway=14,
        destination=12,
        small=11,
        country=10,
        country_tracking=0.08,
        countries=8,
        values=True,
        names=True,
        globe=0,
        bar=130,
    ),
}


class Ground:
    """The basemap of one static map.

    Parameters
    ----------
    extent
        Shape (n, 2), kilometres on the plane, that must be in the picture.
    form
        ``wide``, ``half`` or ``phone``.
    viewpoint
        Whose view of the boundaries.
    """

    def __init__(self, extent: Points, form: str, viewpoint: str) -> None:
        self.form, self.style = form, STYLES[form]
        self.base: Basemap = load_basemap(viewpoint)
        style = self.style
        self.frame: Frame = fit_frame(extent, style.width, style.height, style.margins)

    @property
    def wide(self) -> bool:
        """Whether there is a wide page's width."""
        return self.form == "wide"

    @property
    def _window(self) -> tuple[float, float, float, float]:
        return (-SHORE_PX, -SHORE_PX, self.style.width + SHORE_PX, self.style.height + SHORE_PX)

    def areas(self, polygons: Iterable[tuple[Points, ...]], least_px2: float) -> list[Any]:
        """Return polygons in pixels, clipped to the window, without the smallest ones.

        Parameters
        ----------
        polygons
            Rings in degrees, the outer one first.
        least_px2
            Smaller parts are left out.
        """
        found = []
        for rings in polygons:
            area = shapely.simplify(self._area(rings), 0.45)
            parts = (part for part in shapely.get_parts(area) if part.geom_type == "Polygon")
            found += [part for part in parts if part.area > least_px2]
        return found

    def _area(self, rings: tuple[Points, ...]) -> Any:
        shell, *holes = (self.frame.to_px(project(ring)) for ring in rings)
        polygon = shapely.Polygon(shell, [hole for hole in holes if len(hole) > 3])
        if not shapely.intersects(shapely.box(*self._window), shapely.box(*polygon.bounds)):
            return shapely.Polygon()
        return shapely.clip_by_rect(shapely.make_valid(polygon), *self._window)

    def strokes(self, lines: Iterable[Points]) -> str:
        """Return lines in kilometres as path data, clipped to the window."""
        data = []
        for line in lines:
            if len(line) < 2:
                continue
            clipped = shapely.clip_by_rect(
                shapely.LineString(self.frame.to_px(line)), *self._window
            )
            parts = shapely.get_parts(shapely.simplify(clipped, 0.4))
            data += [path_data(part.coords) for part in parts if part.geom_type == "LineString"]
        return "".join(data)

    @cached_property
    def _land(self) -> list[Any]:
        return self.areas(self.base.land, 2.0 if self.wide else 3.0)

    @cached_property
    def land(self) -> Any:
        """All land in the window, pixels."""
        return shapely.union_all(self._land) if self._land else shapely.Polygon()

    def svg(self) -> Markup:
        """Return sea, land, lakes, boundaries and, on a wide map, the graticule."""
        lakes = self.areas(self.base.lakes, 4.0 if self.wide else 6.0)
        grid = [tag("path", class_="grat", d=self.strokes(graticule()))] if self.wide else []
        size = f"M0 0H{num(self.style.width)}V{num(self.style.height)}H0z"
        return Markup().join(
            [
                tag("path", class_="sea", d=size),
                *grid,
                tag("path", class_="land", d=polygon_data(self._land)),
                tag("path", class_="lake", d=polygon_data(lakes)),
                *grid,
            ]
        )

    def boundaries(self) -> Markup:
        """Return boundaries between countries, disputed ones apart."""
        kinds = (("bound", self.base.boundaries), ("disp", self.base.disputed))
        data = [(kind, self.strokes(map(project, lines))) for kind, lines in kinds]
        return Markup().join(tag("path", class_=kind, d=d) for kind, d in data if d)

    def hatched(self, countries: Iterable[str], uid: str) -> Markup:
        """Return the hatch over countries.

        Parameters
        ----------
        countries
            ISO 3166-1 alpha-3 codes.
        uid
            Id of the pattern, unique in the page.
        """
        known = [
            self.base.countries[code].rings for code in countries if code in self.base.countries
        ]
        areas = [area for rings in known for area in self.areas(rings, 4.0)]
        if not areas:
            return Markup()
        return hatch(uid) + tag("path", fill=f"url(#{uid})", d=polygon_data(areas))


def hatch(uid: str, colour: str = "") -> Markup:
    """Return a pattern of slanting lines.

    Parameters
    ----------
    uid
        Id, unique in the page.
    colour
        Colour token of the lines; that of closed countries when empty.
    """
    style = f"stroke:var(--{colour});stroke-opacity:1;stroke-width:3.4" if colour else None
    line = tag("path", class_="hatch", style=style, d="M0 0V7")
    return tag(
        "pattern",
        line,
        id=uid,
        width=7,
        height=7,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def polygon_data(areas: Iterable[Any]) -> str:
    """Return polygons in pixels as path data."""
    data = []
    for area in areas:
        for part in shapely.get_parts(area):
            if part.geom_type == "Polygon":
                rings = (part.exterior, *part.interiors)
                data += [path_data(ring.coords[:-1], closed=True) for ring in rings]
    return "".join(data)
