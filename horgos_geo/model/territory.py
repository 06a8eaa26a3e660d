"""Which country a point lies in, and on which piece of its land.

Outlines of the basemap are right to a few kilometres, and the gazetteer says in which country each
town lies. Together they place a point near a border better than either alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from horgos_geo.core import datasets
from horgos_geo.core.geodesy import arc_km, chord, ranges, unit_vectors
from horgos_geo.model.basemap import load_basemap
from horgos_geo.model.gazetteer import FILE

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

# How far an outline may be from the true border or coast: 95 of 100 towns that lie outside that of
# their country are nearer to it.
BAND_KM = 6.0
# Narrower water, and what is nearer to a shore, does not count as open.
SHORE_KM = 1.5
# A point this near to a town lies where the town does.
_TOWN_KM = 1.0
# A town counts for its country as far as this.
_FAR_KM = 100.0
# A kilometre outside a country's outline weighs as much as so many kilometres to its towns.
_OUTLINE = 8.0
_KM_PER_DEGREE = 111.2

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Territory:
    """The pieces of land of each country.

    A piece is a part of a country that hangs together: a mainland, an island, an exclave.
    """

    iso3: NDArray[np.str_]
    outlines: NDArray[Any]

    @cached_property
    def _tree(self) -> Any:
        import shapely

        shapely.prepare(self.outlines)
        return shapely.STRtree(self.outlines)

    def _inside(self, lon: Floats, lat: Floats) -> tuple[Indices, Indices]:
        """Return pairs of a point and a piece that it lies inside."""
        import shapely

        points = shapely.points(lon, lat)
        point, piece = self._tree.query(points)
        inside = shapely.intersects(self.outlines[piece], points[point])
        return point[inside], piece[inside]

    def _near(self, lon: Floats, lat: Floats) -> tuple[Indices, Indices, Floats]:
        """Return pairs of a point and a piece within the band, and the kilometres between."""
        import shapely

        points = shapely.points(lon, lat)
        # Degrees of longitude shrink towards the poles: a box that is wide enough for all.
        margin = BAND_KM / _KM_PER_DEGREE
        wide = margin / np.maximum(np.cos(np.radians(lat)), 0.05)
        boxes = shapely.box(lon - wide, lat - margin, lon + wide, lat + margin)
        point, piece = self._tree.query(boxes)
        near = shapely.dwithin(self.outlines[piece], points[point], wide[point])
        point, piece = point[near], piece[near]
        away_km = np.zeros(len(point))
        out = ~shapely.intersects(self.outlines[piece], points[point])
        line = shapely.shortest_line(points[point[out]], self.outlines[piece[out]])
        ends = shapely.get_coordinates(line).reshape(-1, 2, 2)
        east, north = (ends[:, 1] - ends[:, 0]).T * _KM_PER_DEGREE
        away_km[out] = np.hypot(east * np.cos(np.radians(ends[:, 0, 1])), north)
        near = away_km <= BAND_KM
        return point[near], piece[near], away_km[near]

    def pieces(self, lon: Floats, lat: Floats, country: Sequence[str]) -> Indices:
        """Return the piece of land that each point (n) of a known country lies on.

        Returns
        -------
        array
            Rows of `iso3`; of another country where the point lies inside that one and far from
            its own, as an exclave does that the outlines do not show; -1 off the coast of all.
        """
        names = np.array(country, dtype=np.str_)
        result = np.full(len(lon), -1)
        point, piece = self._inside(lon, lat)
        own = self.iso3[piece] == names[point]
        result[point[own]] = piece[own]
        rest = np.flatnonzero(result < 0)
        point, piece, away_km = self._near(lon[rest], lat[rest])
        own = self.iso3[piece] == names[rest][point]
        order = np.lexsort((away_km, ~own, point))
        first = order[np.flatnonzero(np.diff(point[order], prepend=-1))]
        result[rest[point[first]]] = piece[first]
        return result

    def is_apart(self, lon: Floats, lat: Floats, country: str) -> bool:
        """Return whether a point of a country lies off its mainland, its largest piece."""
        import shapely

        own = np.flatnonzero(self.iso3 == country)
        piece = int(self.pieces(lon, lat, [country])[0])
        return len(own) > 0 and piece != own[np.argmax(shapely.area(self.outlines[own]))]

    def over_water_km(self, lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
        """Return how much of straight lines (n) lies over open water, to a kilometre.

        Water is open where it is over `SHORE_KM` from all land.
        """
        import shapely

        ends = np.stack([np.column_stack([lon, lat]), np.column_stack([to_lon, to_lat])], axis=1)
        lines = shapely.linestrings(ends)
        line, piece = self._tree.query(lines)
        inland = np.zeros(len(lon), dtype=bool)
        inland[line[shapely.covers(self.outlines[piece], lines[line])]] = True
        found = np.zeros(len(lon))
        some = np.flatnonzero(~inland)
        found[some] = self._sampled_km(lon[some], lat[some], to_lon[some], to_lat[some])
        return found

    def _sampled_km(self, lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
        length = arc_km(
            np.linalg.norm(unit_vectors(lon, lat) - unit_vectors(to_lon, to_lat), axis=1)
        )
        count = np.maximum(length.astype(np.int64), 1)
        line = np.repeat(np.arange(len(lon)), count)
        share = (ranges(np.zeros_like(count), count) + 0.5) / count[line]
        x = lon[line] + (to_lon - lon)[line] * share
        y = lat[line] + (to_lat - lat)[line] * share
        dry = np.zeros(len(x), dtype=bool)
        dry[self._inside(x, y)[0]] = True
        wet = np.flatnonzero(~dry)
        point, _, away_km = self._near(x[wet], y[wet])
        dry[wet[point[away_km <= SHORE_KM]]] = True
        return np.bincount(line, ~dry, minlength=len(lon)) * length / count

    def outlined(self, lon: Floats, lat: Floats) -> NDArray[np.str_]:
        """Return the country whose outline holds each point (n), empty for none: quick."""
        point, piece = self._inside(lon, lat)
        result = np.full(len(lon), "", dtype=self.iso3.dtype)
        result[point] = self.iso3[piece]
        return result

    def countries(self, lon: Floats, lat: Floats, skip: int = 0) -> list[str]:
        """Return the country of each point (n), empty far from all land.

        Parameters
        ----------
        lon, lat
            Degrees.
        skip
            Leave so many of the nearest towns out, for tests.
        """
        tree, homes = _towns()
        unit = unit_vectors(lon, lat)
        away, town = tree.query(unit, k=skip + 1)
        nearest_km = arc_km(away).reshape(len(lon), -1)[:, skip]
        nearest = town.reshape(len(lon), -1)[:, skip]
        result = np.where(nearest_km <= _TOWN_KM, homes[nearest], "")
        result[(result == "") & (nearest_km <= _FAR_KM)] = "?"
        # Of each country within the band, the piece that is nearest.
        point, piece, away_km = self._near(lon, lat)
        order = np.lexsort((away_km, self.iso3[piece], point))
        point, iso3, away_km = point[order], self.iso3[piece[order]], away_km[order]
        new = (np.diff(point, prepend=-1) != 0) | (iso3 != np.append("", iso3[:-1]))
        point, iso3, away_km = point[new], iso3[new], away_km[new]
        count = np.bincount(point, minlength=len(lon))
        open_ = ~(nearest_km <= _TOWN_KM)
        single = open_[point] & (count[point] == 1)
        result[point[single]] = iso3[single]
        first = np.searchsorted(point, np.arange(len(lon) + 1))
        for i in np.flatnonzero(open_ & (count > 1)).tolist():
            rows = slice(first[i], first[i + 1])
            scores = dict(
                zip(iso3[rows].tolist(), (_OUTLINE * away_km[rows]).tolist(), strict=True)
            )
            result[i] = self._likeliest(unit[i], scores, skip)
        result = np.where(result == "?", homes[nearest], result)
        return [str(iso3) for iso3 in result]

    def _likeliest(self, unit: Floats, scores: dict[str, float], skip: int) -> str:
        """Return the country whose outline and nearest town are nearest together."""
        tree, homes = _towns()
        around = np.array(tree.query_ball_point(unit, chord(_FAR_KM)), dtype=np.int64)
        km = arc_km(np.linalg.norm(tree.data[around] - unit, axis=1))
        if skip:
            keep = np.argsort(km)[skip:]
            around, km = around[keep], km[keep]
        town_km = {iso3: km[homes[around] == iso3].min(initial=_FAR_KM) for iso3 in scores}
        return min(scores, key=lambda iso3: scores[iso3] + town_km[iso3])


@cache
def territory() -> Territory:
    """Return the pieces of land of the basemap."""
    import shapely

    countries = load_basemap().countries
    parts = [(iso3, rings) for iso3, c in countries.items() for rings in c.rings]
    outlines = [shapely.Polygon(rings[0], rings[1:]) for _, rings in parts]
    return Territory(np.array([iso3 for iso3, _ in parts]), np.array(outlines))


@cache
def _towns() -> tuple[cKDTree, NDArray[np.str_]]:
    """Return a search tree over all towns of the gazetteer, and their countries."""
    from scipy.spatial import cKDTree

    with pq.ParquetFile(datasets.path(FILE)) as parquet:
        table = parquet.read(columns=["lon", "lat", "country"])
    lon, lat = (np.array(table[name].to_pylist()) for name in ("lon", "lat"))
    tree = cKDTree(unit_vectors(lon, lat), balanced_tree=False, compact_nodes=False)
    return tree, np.array(table["country"].to_pylist())
