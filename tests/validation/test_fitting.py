"""The fit of lengths to published distances, and how it is judged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from horgos_geo.build import calibration
from horgos_geo.core.geodesy import GEOD
from horgos_geo.model.network import Network
from horgos_geo.validation import fitting


def samples(count: int, wrong: int = 0) -> pd.DataFrame:
    """Return routes whose true lengths are known; some took a wrong road."""
    random = np.random.default_rng(7)
    km, slope = random.uniform(100, 900, count), random.uniform(0, 2, count)
    true = km * (1.03 + 0.05 * slope)
    true[:wrong] *= 1.25
    number = np.arange(count)
    return pd.DataFrame(
        {
            "published_km": true,
            "least_km": km,
            "constant": km,
            "relief": km * slope,
            "coarse": km * random.uniform(0, 0.1, count),
            "sinuosity": km * random.uniform(0, 0.1, count),
            "group": [f"group{n // 3}" for n in number],
            "split": np.array(["shared", "new", "second"])[number % 3],
        }
    )


def test_fit_finds_the_coefficients_in_spite_of_wrong_routes() -> None:
    fitted = fitting.fit(samples(90, wrong=12), ("constant", "relief"))
    assert fitted["constant"] == pytest.approx(0.03, abs=0.006)
    assert fitted["relief"] == pytest.approx(0.05, abs=0.006)


def test_left_out_errors_come_from_other_groups_alone() -> None:
    many = samples(60)
    many.loc[:2, "published_km"] *= 1.1
    left = fitting.left_out_errors(many, ("constant", "relief"))
    assert np.allclose(left[:3], 1 / 1.1 - 1, atol=0.01)
    assert np.abs(left[3:]).max() < 0.01


def test_the_simplest_sufficient_terms_are_chosen() -> None:
    many = samples(60)
    assert fitting.choose(many) == ("constant", "relief")
    many["published_km"] = many["least_km"] * 1.03
    assert fitting.choose(many) == ("constant",)


def test_bands_name_what_the_network_states() -> None:
    found = fitting.bands(np.array([-0.1, 0.0, 0.02, 0.04]))
    assert tuple(found) == calibration.BANDS
    assert found["median_pct"] == pytest.approx(3.0)
    assert found["n"] == 4


def test_the_table_holds_coefficients_then_errors_of_each_set() -> None:
    table = fitting.table_of("road", samples(60), ("constant", "relief")).set_index("quantity")
    assert table["value"]["relief"] == pytest.approx(0.05, abs=0.006)
    assert table["value"]["n"] == 60
    assert table["value"]["new_to_second_n"] == 20
    assert table["value"]["raw_bias_pct"] < -3
    assert set(table["mode"]) == {"road"}
    assert (table["note"] != "").all()


def test_what_the_terms_multiply_is_summed_along_routes(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = {
        "mode": "road", "origin": "Almaty", "destination": "Astana", "published_km": 1200.0,
        "origin_lon": 77.0, "origin_lat": 43.3, "dest_lon": 71.4, "dest_lat": 51.2,
        "dest_country": "", "group": "a", "split": "new",
    }  # fmt: skip
    far = pair | {"destination": "Tokyo", "dest_lon": 139.7, "dest_lat": 35.7}
    monkeypatch.setattr(fitting, "published", lambda mode: pd.DataFrame([pair, far]))
    (found,) = fitting.collect(network, "road").itertuples()
    bend = [(77.0, 43.3), (74.5, 46.0), (72.0, 49.0), (71.4, 51.2)]
    drawn_km = GEOD.line_length(*zip(*bend, strict=True)) / 1000
    assert found.least_km == pytest.approx(drawn_km, rel=1e-3)
    assert found.constant == pytest.approx(found.least_km)
