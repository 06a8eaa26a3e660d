"""Why the way between two near cities is long: what can be told from the data alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from horgos_geo.build.draft import GEOD, unit_vectors
from horgos_geo.build.relief import load_relief
from horgos_geo.model.basemap import Ring, load_basemap

#: The straight line is looked at every so many kilometres.
STEP_KM = 1.0
#: So much of the straight line over water keeps a way from following it.
WATER_SHARE, WATER_KM = 0.15, 8.0
#: Mean slope under the straight line from which it leads over mountains, metres a kilometre.
MOUNTAIN_SLOPE = 25.0
#: Lines that come this near to each other, kilometres, may want a link: no explanation.
NEAR_KM = 10.0
#: Wider gaps are looked for at these distances, kilometres.
WIDER_KM = (20.0, 40.0, 60.0)
#: A line over a gap is this much longer than the gap.
SINUOSITY = 1.1


def _points(line: tuple[float, float, float, float], km: float) -> NDArray[np.float64]:
    """Return points (n, 2) on the great circle between two places, evenly, ends left out."""
    return np.asarray(GEOD.npts(*line, max(int(km / STEP_KM), 1)))


@cache
def _land() -> shapely.Geometry:
    """Return the land without its lakes."""
    basemap = load_basemap()

    def union(polygons: tuple[tuple[Ring, ...], ...]) -> shapely.Geometry:
        rings = [shapely.make_valid(shapely.Polygon(p[0], p[1:])) for p in polygons]
        return shapely.union_all(rings)

    land = shapely.difference(union(basemap.land), union(basemap.lakes))
    shapely.prepare(land)
    return land


def by_water(line: tuple[float, float, float, float], km: float) -> str:
    """Say how much of the straight line is water, or nothing if it is little.

    Parameters
    ----------
    line
        Longitude and latitude of one city, then of the other, degrees.
    km
        Great circle between them.
    """
    points = _points(line, km)
    wet = float((~shapely.contains_xy(_land(), points[:, 0], points[:, 1])).mean())
    if wet < WATER_SHARE or wet * km < WATER_KM:
        return ""
    return f"water: {wet * km:.0f} of {km:.0f} km of the straight line"


def by_mountains(line: tuple[float, float, float, float], km: float) -> str:
    """Say how steep the land under the straight line is, or nothing if it is gentle.

    Parameters
    ----------
    line, km
        As for `by_water`.
    """
    points = _points(line, km)
    slope = float(load_relief().at(points[:, 0], points[:, 1]).mean())
    if slope < MOUNTAIN_SLOPE:
        return ""
    return f"mountains: {slope:.0f} m a kilometre is the mean slope under the straight line"


class Gaps:
    """How near the lines on either side of a gap come to each other."""

    def __init__(
        self, graph: csr_array, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> None:
        self.graph = graph
        self._points = unit_vectors(lon, lat)

    def between(self, start: int, end: int, most_km: float) -> str:
        """Say that no link of a few kilometres would shorten the way, or nothing if one would.

        Parameters
        ----------
        start, end
            Nodes of the two cities.
        most_km
            A way up to this length would not be suspect.
        """
        reach = [dijkstra(self.graph, indices=node, limit=most_km) for node in (start, end)]
        near, far = (np.flatnonzero(np.isfinite(km)) for km in reach)
        tree = cKDTree(self._points[far])
        free = 0.0
        for radius in (NEAR_KM, *WIDER_KM):
            for node, others in zip(
                near.tolist(), tree.query_ball_point(self._points[near], radius), strict=True
            ):
                other = far[others]
                gap = np.linalg.norm(self._points[other] - self._points[node], axis=1)
                way = reach[0][node] + SINUOSITY * gap + reach[1][other]
                if (way <= most_km).any():
                    return _no_line(free)
            free = radius
        return _no_line(free)


def _no_line(km: float) -> str:
    if not km:
        return ""
    return (
        "no line between them in the network: the lines on either side come "
        f"no nearer to each other than {km:.0f} km"
    )
