"""From the source's lengths to corrected ones: a few coefficients fitted on published distances.

The raw lines are drawn with few points, so that they are too short where roads wind. An edge's
corrected length is the larger of its raw length and the length of its drawn line, times
``1 + constant + relief × slope + coarse × slope × spacing + sinuosity × excess``, of which the fit
keeps the terms that help. Lengths of curated links are published ones and stay. Sums over edges
stay sums: the parts of a route add up to its total.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.relief import load_relief
from horgos_geo.core import datasets
from horgos_geo.core.choices import MODES, SOURCES
from horgos_geo.core.geodesy import distances_km
from horgos_geo.model.network import Network

TABLE = "curation/calibration.csv"
CALIBRATED = ("road", "rail")
TERMS = ("constant", "relief", "coarse", "sinuosity")
#: Quantities of the table that go to network.json: left-out errors in percent, and their number.
BANDS = ("bias_pct", "median_pct", "p90_pct", "band_pct", "within_5_pct", "n")
#: Links of this name are edges that have the published length of the road they stand for.
SECTION = "section-"
#: A slope of this many metres a kilometre has a relief of one.
UNIT_SLOPE = 10.0
#: A line with a point every so many kilometres is coarse by one.
UNIT_SPACING_KM = 50.0
#: Wider spacing than this says no more, kilometres.
MOST_SPACING_KM = 100.0
#: A raw line longer than its drawn one by more than this share says no more than one by this.
MOST_EXCESS = 0.5
#: Shorter lines are drawn too coarsely to say how much they wind, kilometres.
LEAST_LINE_KM = 1.0
#: How far apart the points are at which the relief under a line is read, kilometres.
SAMPLE_KM = 3.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """The coefficients of one mode, by term; a term that is not named counts nothing."""

    mode: str
    coefficients: dict[str, float]

    def factor(self, features: dict[str, Floats]) -> Floats:
        """Return what lengths are multiplied by, never less than one."""
        sizes = (value * features[term] for term, value in self.coefficients.items())
        return np.maximum(1.0 + np.asarray(sum(sizes)), 1.0)


def drawn_km(network: Network) -> Floats:
    """Return the length of each edge's drawn line (M), kilometres."""
    edge, _, length = _segments(network)
    return np.asarray(np.bincount(edge, length, minlength=network.edge_count), dtype=np.float64)


def least_km(network: Network) -> Floats:
    """Return the raw length of each edge (M), or that of its drawn line where this is longer.

    Edges are cut at places that lie off the straight line; the parts then show that the raw
    length of the whole was too short.
    """
    land = network.is_mode(*CALIBRATED) & (network.raw_length_km > 0)
    least = np.maximum(network.raw_length_km, drawn_km(network))
    return np.where(land, least, network.raw_length_km)


def features(network: Network) -> dict[str, Floats]:
    """Return what explains the error of each edge (M), by term.

    `relief` is the mean slope of the land under the line, in units of `UNIT_SLOPE`; `coarse` is
    that times the mean spacing of the line's points: bends between few points are not drawn;
    `sinuosity` is how much longer the raw length is than the drawn line, as a share.
    """
    edge, points, length = _segments(network)
    count = network.edge_count
    pieces = np.maximum(1, np.ceil(length / SAMPLE_KM)).astype(np.int64)
    owner = np.repeat(np.arange(len(edge)), pieces)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (step + 0.5) / pieces[owner]
    lon = points[0][owner] * (1 - share) + points[2][owner] * share
    lat = points[1][owner] * (1 - share) + points[3][owner] * share
    slope = load_relief().at(lon, lat) / UNIT_SLOPE
    weight = (length / pieces)[owner]
    total = np.bincount(edge[owner], weight, minlength=count)
    summed = np.bincount(edge[owner], weight * slope, minlength=count)
    relief = np.divide(summed, total, out=np.zeros(count), where=total > 0)
    drawn = np.bincount(edge, length, minlength=count)
    longer = np.divide(network.raw_length_km, drawn, out=np.ones(count), where=drawn > 0) - 1
    excess = np.where(drawn >= LEAST_LINE_KM, np.clip(longer, 0.0, MOST_EXCESS), 0.0)
    spacing = drawn / np.maximum(np.bincount(edge, minlength=count), 1)
    coarse = relief * np.minimum(spacing, MOST_SPACING_KM) / UNIT_SPACING_KM
    return {
        "constant": np.ones(count), "relief": relief, "coarse": coarse, "sinuosity": excess
    }  # fmt: skip


def is_published(network: Network) -> NDArray[np.bool_]:
    """Return which edges (M) have a published length: those of curated links."""
    return np.asarray(network.source == SOURCES.index("curated"))


def corrected_km(network: Network, models: dict[str, Model]) -> Floats:
    """Return the corrected length of each edge (M), kilometres.

    Parameters
    ----------
    network
        Raw lengths and drawn lines count; its corrected lengths do not.
    models
        By mode.
    """
    corrected, columns = least_km(network), features(network)
    for mode, model in models.items():
        mine = (network.mode == MODES.index(mode)) & ~is_published(network)
        corrected[mine] *= model.factor({k: v[mine] for k, v in columns.items()})
    # As they are stored, so that a network is the same before it is written and after.
    return corrected.astype(np.float32).astype(np.float64)


def stored() -> tuple[dict[str, Model], dict[str, dict[str, float]]]:
    """Read the fitted coefficients and the errors that they leave.

    Returns
    -------
    tuple
        Models by mode; and by mode `BANDS`, found by leaving out whole groups of routes.
    """
    models: dict[str, dict[str, float]] = {mode: {} for mode in CALIBRATED}
    bands: dict[str, dict[str, float]] = {mode: {} for mode in CALIBRATED}
    for row in datasets.read_rows(TABLE):
        if row["quantity"] in TERMS:
            models[row["mode"]][row["quantity"]] = float(row["value"])
        elif row["quantity"] in BANDS:
            bands[row["mode"]][row["quantity"]] = float(row["value"])
    for mode in CALIBRATED:
        if "n" in bands[mode]:
            bands[mode]["n"] = int(bands[mode]["n"])
    return {mode: Model(mode, found) for mode, found in models.items()}, bands


def calibrated(network: Network) -> Network:
    """Return a network with corrected lengths and the error that is left, by mode.

    Parameters
    ----------
    network
        With raw lengths.
    """
    models, bands = stored()
    meta: dict[str, Any] = {**network.meta, "error": bands}
    named = np.array([name.startswith(SECTION) for name in network.links])[network.link]
    known = named & (network.length_km != network.raw_length_km)
    length = np.where(known, network.length_km, corrected_km(network, models))
    return replace(network, length_km=length, meta=meta)


def _segments(network: Network) -> tuple[NDArray[np.int64], tuple[Floats, ...], Floats]:
    """Return the straight pieces of all edges: their edge, ends (lon, lat, lon, lat), length."""
    offset = network.coord_offset
    ends = np.zeros(len(network.coord_lon), dtype=np.bool_)
    ends[offset[1:] - 1] = True
    start = np.flatnonzero(~ends)
    edge = np.repeat(np.arange(network.edge_count), np.diff(offset) - 1)
    lon, lat = network.coord_lon, network.coord_lat
    points = (lon[start], lat[start], lon[start + 1], lat[start + 1])
    return edge, points, distances_km(*points)
