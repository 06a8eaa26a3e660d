"""Lengths on the ellipsoid, nearness on the sphere, and fractions along a line.

Lengths are geodesics on WGS 84. Searches for what is nearest use unit vectors, whose chords grow
with the distance, so that a search tree over them needs no map projection.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
EARTH_RADIUS_KM = 6371.0088

Floats = NDArray[np.float64]


def distance_km(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Return the geodesic distance between two points, kilometres.

    >>> round(distance_km(80.41, 44.21, 76.91, 43.25))
    301
    """
    return float(GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2]) / 1000.0


def distances_km(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> Floats:
    """Return geodesic distances in kilometres; arguments in degrees, broadcast."""
    arrays = np.broadcast_arrays(
        *(np.asarray(x, dtype=np.float64) for x in (lon_a, lat_a, lon_b, lat_b))
    )
    flat = [np.ascontiguousarray(array).ravel() for array in arrays]
    metres = GEOD.inv(flat[0], flat[1], flat[2], flat[3])[2]
    return np.asarray(metres, dtype=np.float64).reshape(arrays[0].shape) / 1000.0


def unit_vectors(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Return points of the unit sphere, shape (n, 3), for degrees (n)."""
    lam, phi = np.radians(np.asarray(lon, float)), np.radians(np.asarray(lat, float))
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def chord(length_km: float) -> float:
    """Return the chord of the unit sphere under an arc of so many kilometres."""
    return float(2.0 * np.sin(min(length_km / EARTH_RADIUS_KM, np.pi) / 2.0))


def arc_km(chords: Floats) -> Floats:
    """Return kilometres over the sphere for chords of the unit sphere, inf for inf."""
    arcs = 2.0 * EARTH_RADIUS_KM * np.arcsin(np.clip(np.nan_to_num(chords, posinf=0.0) / 2, 0, 1))
    return np.asarray(np.where(np.isfinite(chords), arcs, np.inf))


def nearest_on_arcs(points: Floats, begin: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return how far points are from arcs of great circles, and where along them that is.

    Parameters
    ----------
    points, begin, end
        Unit vectors (n, 3): the points, and the ends of the arc that each is held against.

    Returns
    -------
    away_km
        Kilometres over the sphere to the nearest point of the arc (n).
    share
        Where on the arc that point lies, from 0 at its begin to 1 at its end (n).
    """
    step, apart = end - begin, points - begin
    square = np.einsum("ij,ij->i", step, step)
    # Of a point, the part along the arc's tangent at its begin, in steps: without cancellation.
    cosine = 1.0 - np.einsum("ij,ij->i", apart, apart) / 2.0
    along = np.einsum("ij,ij->i", apart, step) - square / 2.0 * (1.0 - cosine)
    sine = np.sqrt(square * (1.0 - square / 4.0))
    whole = 2.0 * np.arcsin(np.minimum(np.sqrt(square) / 2.0, 1.0))
    sine, whole = np.where(sine > 0, sine, 1.0), np.where(whole > 0, whole, 1.0)
    share = np.clip(np.arctan2(along / sine, cosine) / whole, 0.0, 1.0)
    return arc_km(np.linalg.norm(points - on_arcs(begin, end, share), axis=1)), share


def on_arcs(begin: Floats, end: Floats, share: Floats) -> Floats:
    """Return the points (n, 3) that lie a share (n) of the way along arcs of great circles."""
    whole = 2.0 * np.arcsin(np.minimum(np.linalg.norm(end - begin, axis=1) / 2.0, 1.0))
    sine = np.where(whole > 1e-9, np.sin(whole), 1.0)
    before = np.where(whole > 1e-9, np.sin((1.0 - share) * whole) / sine, 1.0 - share)
    after = np.where(whole > 1e-9, np.sin(share * whole) / sine, share)
    return before[:, None] * begin + after[:, None] * end


def lonlat_of(unit: Floats) -> tuple[Floats, Floats]:
    """Return the longitudes and latitudes of unit vectors (n, 3), degrees."""
    x, y, z = unit.T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))


def point_along(lonlat: Floats, fraction: float) -> tuple[float, float]:
    """Return the longitude and latitude at a fraction of a line with vertices (n, 2) in degrees.

    To a centimetre, so that the fraction of a vertex gives the vertex.

    >>> point_along(np.array([[70.0, 0.0], [72.0, 0.0]]), 0.25)
    (70.5, 0.0)
    """
    fractions = along(lonlat)
    i = int(np.clip(np.searchsorted(fractions, fraction, side="right") - 1, 0, len(lonlat) - 2))
    length = fractions[i + 1] - fractions[i]
    share = np.array([(fraction - fractions[i]) / length if length > 0 else 0.0])
    unit = unit_vectors(lonlat[i : i + 2, 0], lonlat[i : i + 2, 1])
    lon, lat = lonlat_of(on_arcs(unit[:1], unit[1:], share))
    return round(float(lon[0]), 7), round(float(lat[0]), 7)


def along(lonlat: Floats) -> Floats:
    """Return how far along a line each vertex lies, from 0 to 1, for vertices (n, 2) in degrees."""
    steps = np.linalg.norm(np.diff(unit_vectors(lonlat[:, 0], lonlat[:, 1]), axis=0), axis=1)
    total = float(steps.sum())
    if total == 0.0:
        return np.linspace(0.0, 1.0, len(lonlat))
    fractions = np.concatenate([[0.0], np.cumsum(steps)]) / total
    fractions[-1] = 1.0
    return fractions


def ranges(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the concatenation of start, start + 1, … of `count` numbers for each pair.

    >>> ranges(np.array([3, 10]), np.array([2, 3])).tolist()
    [3, 4, 10, 11, 12]
    """
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(starts, counts) + np.arange(int(counts.sum())) - before
