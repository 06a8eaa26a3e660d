"""Points of Chinese maps in WGS 84.

Maps made in China show places shifted by some hundred metres: GCJ-02 by law, BD-09 on those of
Baidu. The formulas are the public ones (github.com/googollee/eviltransform), good to a metre or so
against the maps themselves; they are turned round here by iteration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from horgos_geo.core.choices import Datum

_AXIS_M = 6378245.0  # of the Krasovsky ellipsoid
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU = np.pi * 3000.0 / 180.0
#: West, south, east, north: outside nothing is shifted.
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)
_ROUNDS = 8

Floats = NDArray[np.float64]


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """Return points in WGS 84.

    Parameters
    ----------
    lon, lat
        Degrees in `datum`, shape (n).
    datum
        ``wgs84`` (nothing to do), ``gcj02`` or ``bd09``.

    Returns
    -------
    tuple of arrays (n)
        Longitude and latitude, degrees.

    Examples
    --------
    >>> lon, lat = to_wgs84([116.404], [39.915], "gcj02")  # Tian'anmen on a Chinese map
    >>> round(float(lon[0]), 4), round(float(lat[0]), 4)
    (116.3978, 39.9136)
    """
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    if datum == "bd09":
        x, y = _from_baidu(x, y)
    if datum in ("gcj02", "bd09"):
        known_x, known_y = x, y
        for _ in range(_ROUNDS):
            shift_x, shift_y = _shift(x, y)
            x, y = known_x - shift_x, known_y - shift_y
    return x, y


def _from_baidu(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return points of BD-09 in GCJ-02."""
    x, y = lon - 0.0065, lat - 0.006
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * _BAIDU)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * _BAIDU)
    inside = _in_china(lon, lat)
    return (
        np.where(inside, radius * np.cos(angle), lon),
        np.where(inside, radius * np.sin(angle), lat),
    )


def _shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return how far GCJ-02 moves points, degrees east and north; zero outside China."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = 20.0 * (np.sin(6.0 * np.pi * x) + np.sin(2.0 * np.pi * x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves * 2 / 3
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)) * 2 / 3
    north += (160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)) * 2 / 3
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves * 2 / 3
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)) * 2 / 3
    east += (150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)) * 2 / 3
    phi = np.radians(lat)
    curvature = 1.0 - _ECCENTRICITY_2 * np.sin(phi) ** 2
    inside = _in_china(lon, lat)
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_2) / curvature**1.5
    parallel_m = _AXIS_M / np.sqrt(curvature) * np.cos(phi)
    return (
        np.where(inside, np.degrees(east / parallel_m), 0.0),
        np.where(inside, np.degrees(north / meridian_m), 0.0),
    )


def _in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    west, south, east, north = _CHINA
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
