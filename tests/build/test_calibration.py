"""The calibration: what it changes, what it leaves, and how it is fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from horgos_geo.build import calibration, relief
from horgos_geo.build.calibration import Model
from horgos_geo.core import datasets
from horgos_geo.model.network import SOURCES, Network
from horgos_geo.validation import fitting
from horgos_geo.validation.fitting import Sample

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


def samples(count: int, wrong: int = 0) -> list[Sample]:
    random = np.random.default_rng(7)
    found = []
    for number in range(count):
        km, slope = random.uniform(100, 900), random.uniform(0, 2)
        true = km * (1.03 + 0.05 * slope)
        if number < wrong:
            true *= 1.25
        terms = {"constant": km, "relief": km * slope}
        terms |= {name: km * random.uniform(0, 0.1) for name in ("coarse", "sinuosity")}
        found.append(
            Sample(true, km, terms, f"group{number // 3}", "new" if number % 2 else "shared")
        )
    return found


def test_fit_finds_the_coefficients_in_spite_of_wrong_routes() -> None:
    fitted = fitting.fit(samples(90, wrong=12), ("constant", "relief"))
    assert fitted["constant"] == pytest.approx(0.03, abs=0.006)
    assert fitted["relief"] == pytest.approx(0.05, abs=0.006)


def test_left_out_errors_come_from_other_groups_alone() -> None:
    many = samples(60)
    odd = [replace(s, published_km=s.published_km * 1.1) for s in many[:3]]
    left = fitting.left_out_errors([*odd, *many[3:]], ("constant", "relief"))
    assert np.allclose(left[:3], 1 / 1.1 - 1, atol=0.01)
    assert np.abs(left[3:]).max() < 0.01


def test_the_simplest_sufficient_terms_are_chosen() -> None:
    assert fitting.choose(samples(60)) == ("constant", "relief")
    flat = [replace(s, published_km=s.least_km * 1.03) for s in samples(60)]
    assert fitting.choose(flat) == ("constant",)


def test_spread_names_what_the_network_states() -> None:
    found = fitting.spread(np.array([-0.1, 0.0, 0.02, 0.04]))
    assert set(found) == set(calibration.BANDS)
    assert found["median_pct"] == pytest.approx(3.0)
    assert found["n"] == 4


def test_stored_table_has_a_note_for_every_row() -> None:
    rows = datasets.read_rows(calibration.TABLE)
    assert rows
    assert all(row["note"] and float(row["value"]) is not None for row in rows)
