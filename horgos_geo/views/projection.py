"""The map's plane: Lambert conformal conic, parallels 38° and 54° N, in kilometres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
PARALLELS = (38.0, 54.0)
#: Between Duisburg and Horgos, so that the trunk lies level.
CENTRAL_MERIDIAN = 55.0
ORIGIN_LATITUDE = 46.0


@cache
def conic() -> Any:
    """Return the projection of the plane, metres."""
    from pyproj import Proj

    return Proj(
        proj="lcc",
        lat_1=PARALLELS[0],
        lat_2=PARALLELS[1],
        lat_0=ORIGIN_LATITUDE,
        lon_0=CENTRAL_MERIDIAN,
        ellps="WGS84",
    )


def project(lonlat: ArrayLike) -> Points:
    """Project degrees to kilometres east and north of 55° E, 46° N.

    Parameters
    ----------
    lonlat
        Shape (n, 2), degrees.

    Returns
    -------
    ndarray
        Shape (n, 2), kilometres.
    """
    points = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    x, y = conic()(points[:, 0], points[:, 1])
    return np.column_stack([x, y]) / 1000.0


def unproject(xy: ArrayLike) -> Points:
    """Turn kilometres on the map back into degrees, shape (n, 2)."""
    points = np.asarray(xy, dtype=float).reshape(-1, 2) * 1000.0
    lon, lat = conic()(points[:, 0], points[:, 1], inverse=True)
    return np.column_stack([lon, lat])


def graticule(step: float = 10.0) -> list[Points]:
    """Return meridians and parallels every `step` degrees as projected lines."""
    lines = [
        project(np.column_stack([np.full(33, lon), np.linspace(0, 80, 33)]))
        for lon in np.arange(-20, 171, step)
    ]
    lines += [
        project(np.column_stack([np.linspace(-20, 170, 96), np.full(96, lat)]))
        for lat in np.arange(0, 81, step)
    ]
    return lines


@dataclass(frozen=True)
class Frame:
    """A window on the plane: size in pixels, and the kilometres at its top left corner."""

    width: float
    height: float
    km_per_px: float
    left_km: float
    top_km: float

    def to_px(self, xy: ArrayLike) -> Points:
        """Turn kilometres on the plane into pixels from the top left corner."""
        points = np.asarray(xy, dtype=float).reshape(-1, 2)
        return np.column_stack(
            [
                (points[:, 0] - self.left_km) / self.km_per_px,
                (self.top_km - points[:, 1]) / self.km_per_px,
            ]
        )

    @property
    def bounds_km(self) -> tuple[float, float, float, float]:
        """West, south, east, north on the plane."""
        return (
            self.left_km,
            self.top_km - self.height * self.km_per_px,
            self.left_km + self.width * self.km_per_px,
            self.top_km,
        )


def fit_frame(
    xy: ArrayLike,
    width: float,
    height: float,
    margins: tuple[float, float, float, float],
    least_km_per_px: float = 0.4,
) -> Frame:
    """Choose the frame that shows all of `xy` with room for the labels around it.

    Parameters
    ----------
    xy
        Shape (n, 2), kilometres.
    width, height
        Pixels.
    margins
        Left, top, right, bottom, pixels.
    least_km_per_px
        Never closer than this, where the data has no more to show.
    """
    points = np.asarray(xy, dtype=float).reshape(-1, 2)
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    left, top, right, bottom = margins
    inner_w, inner_h = width - left - right, height - top - bottom
    scale = max((east - west) / inner_w, (north - south) / inner_h, least_km_per_px)
    # What one direction leaves over is shared by both sides.
    spare_x = inner_w * scale - (east - west)
    spare_y = inner_h * scale - (north - south)
    return Frame(
        width=width,
        height=height,
        km_per_px=float(scale),
        left_km=float(west - left * scale - spare_x / 2),
        top_km=float(north + top * scale + spare_y / 2),
    )


def orthographic(lonlat: ArrayLike, lon_0: float, lat_0: float) -> tuple[Points, NDArray[np.bool_]]:
    """Project degrees to a globe of radius 1 seen from above `lon_0`, `lat_0`.

    Returns
    -------
    tuple
        Points, shape (n, 2), those on the far side pushed out to the rim; and which are in sight.
    """
    points = np.radians(np.asarray(lonlat, dtype=float).reshape(-1, 2))
    lam, phi, phi_0 = points[:, 0] - np.radians(lon_0), points[:, 1], np.radians(lat_0)
    x = np.cos(phi) * np.sin(lam)
    y = np.cos(phi_0) * np.sin(phi) - np.sin(phi_0) * np.cos(phi) * np.cos(lam)
    depth = np.sin(phi_0) * np.sin(phi) + np.cos(phi_0) * np.cos(phi) * np.cos(lam)
    far = depth < 0
    radius = np.hypot(x, y)
    radius[radius == 0] = 1.0
    x = np.where(far, x / radius, x)
    y = np.where(far, y / radius, y)
    return np.column_stack([x, y]), ~far
