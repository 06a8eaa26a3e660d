"""Chinese map coordinates: back to WGS 84 to a metre, and nothing moved that is not shifted."""

from __future__ import annotations

import numpy as np
import pytest

from horgos_geo.core.datum import to_wgs84


@pytest.mark.parametrize(
    ("shifted", "true"),
    [
        # Published pairs of github.com/googollee/eviltransform.
        ((121.531541859215, 31.17530398364597), (121.5272106, 31.1774276)),
        ((113.9171764808363, 22.540796131694766), (113.912316, 22.543847)),
    ],
)
def test_gcj_02(shifted: tuple[float, float], true: tuple[float, float]) -> None:
    lon, lat = to_wgs84([shifted[0]], [shifted[1]], "gcj02")
    # A hundred-thousandth of a degree is a metre.
    assert (lon[0], lat[0]) == pytest.approx(true, abs=1e-6)


def test_what_is_not_shifted_stays() -> None:
    lon, lat = np.array([37.6, 2.35]), np.array([55.75, 48.85])
    for datum in ("wgs84", "gcj02"):
        x, y = to_wgs84(lon, lat, datum)  # type: ignore[arg-type]
        assert np.array_equal(x, lon)
        assert np.array_equal(y, lat)
    x, y = to_wgs84([np.nan], [np.nan], "bd09")
    assert np.isnan(x[0])
    assert np.isnan(y[0])
