"""Why a route is long: water, mountains and gaps."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from horgos_geo.model.network import Network
from horgos_geo.validation.circuity import CircuityDiagnosis, by_mountains, by_water


def ends(*line: float) -> tuple[SimpleNamespace, SimpleNamespace]:
    return (
        SimpleNamespace(country="", lon=line[0], lat=line[1], node=0),
        SimpleNamespace(country="", lon=line[2], lat=line[3], node=3),
    )


BAKU_KRASNOVODSK = ends(49.87, 40.38, 52.97, 40.02)
ALMATY_BISHKEK_OVER_THE_ALATAU = ends(76.93, 43.24, 76.98, 42.45)
KOKSHETAU_PETROPAVL = ends(69.39, 53.28, 69.15, 54.87)


def test_water_and_mountains_are_told_from_plains() -> None:
    assert by_water(*BAKU_KRASNOVODSK).startswith("water: 2")
    assert by_mountains(*ALMATY_BISHKEK_OVER_THE_ALATAU).startswith("mountains: ")
    assert by_water(*KOKSHETAU_PETROPAVL) == ""
    assert by_mountains(*KOKSHETAU_PETROPAVL) == ""


@pytest.mark.parametrize(("apart_km", "said"), [(5.0, ""), (30.0, "no nearer"), (90.0, "60 km")])
def test_a_short_gap_explains_nothing(network: Network, apart_km: float, said: str) -> None:
    degree = 111.19
    rail = np.flatnonzero(network.is_mode("rail") & (network.crossing < 0))[:2]
    only = np.isin(np.arange(network.edge_count), rail)
    # Two lines of 40 km beside each other: nodes 0 - 1 and 2 - 3.
    u, v, lon, lat = network.u.copy(), network.v.copy(), network.lon.copy(), network.lat.copy()
    u[rail], v[rail] = [0, 2], [1, 3]
    lon[:4], lat[:4] = [0.0, 0.5, 0.0, 0.5], [0.0, 0.0, apart_km / degree, apart_km / degree]
    mode = np.where(only, network.mode, 0)
    two = replace(network, u=u, v=v, lon=lon, lat=lat, mode=mode, length_km=np.full(len(u), 40.0))
    found = CircuityDiagnosis(two, "rail").by_gap(*ends(0.0, 0.0, 0.5, lat[3]), 200.0)
    assert said in found
    assert bool(said) == bool(found)
