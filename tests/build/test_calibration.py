"""The calibration: what it changes and what it leaves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from horgos_geo.build import calibration, relief
from horgos_geo.build.calibration import Model
from horgos_geo.core import datasets
from horgos_geo.core.choices import SOURCES
from horgos_geo.model.network import Network

MODELS = {
    "road": Model("road", {"constant": 0.02, "relief": 0.05}),
    "rail": Model("rail", {"constant": 0.01}),
}


def test_corrected_lengths_are_never_below_raw_or_drawn_ones(network: Network) -> None:
    corrected = calibration.corrected_km(network, MODELS)
    land = network.is_mode("road", "rail") & (network.raw_length_km > 0)
    assert (corrected[land] >= network.raw_length_km[land] * 0.999999).all()
    assert (corrected[land] >= calibration.drawn_km(network)[land] * 0.999999).all()


def test_crossings_ferries_and_transfers_stay_as_they_are(network: Network) -> None:
    corrected = calibration.corrected_km(network, MODELS)
    other = ~network.is_mode("road", "rail") | (network.raw_length_km == 0)
    assert np.allclose(corrected[other], network.raw_length_km[other], rtol=1e-6)


def test_curated_links_keep_their_published_length(network: Network) -> None:
    curated = replace(network, source=np.full(network.edge_count, SOURCES.index("curated"), "i1"))
    corrected = calibration.corrected_km(curated, MODELS)
    assert np.allclose(corrected, calibration.least_km(network), rtol=1e-6)


def test_calibrating_twice_changes_nothing_more(network: Network) -> None:
    once = calibration.calibrated(network)
    again = calibration.calibrated(once)
    assert np.array_equal(once.length_km, again.length_km)
    assert np.array_equal(once.raw_length_km, network.raw_length_km)
    assert {"median_pct", "p90_pct", "band_pct", "n"} <= set(once.meta["error"]["road"])


def test_stored_coefficients_are_plausible() -> None:
    models, bands = calibration.stored()
    assert 0.0 <= models["road"].coefficients["constant"] < 0.15
    assert 0.0 <= models["rail"].coefficients["constant"] < 0.05
    for mode in calibration.CALIBRATED:
        assert 0 < bands[mode]["median_pct"] < bands[mode]["band_pct"] < bands[mode]["p90_pct"]
        assert isinstance(bands[mode]["n"], int)


def test_mountains_are_steeper_than_plains() -> None:
    lon, lat = np.array([77.0, 74.6, 65.0, 37.6]), np.array([43.0, 36.3, 45.5, 55.7])
    slope = relief.load_relief().at(lon, lat)
    assert slope[:2].min() > 20
    assert slope[2:].max() < 10
    assert np.isfinite(relief.load_relief().at(np.array([-170.0]), np.array([89.0]))).all()


def test_slope_of_a_plane_is_the_plane() -> None:
    north = 0.5
    rising = np.arange(12.0)[:, None] * np.ones(12) * (111.2 / relief.CELLS) * 10.0
    assert np.allclose(relief.slope_of(rising, north), 10.0)


def test_stored_table_has_a_note_for_every_row() -> None:
    rows = datasets.read_rows(calibration.TABLE)
    assert rows
    assert all(row["note"] and float(row["value"]) is not None for row in rows)
