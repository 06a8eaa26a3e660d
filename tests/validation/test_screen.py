"""The screen: long ways between near cities, explained or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from horgos_geo.model.network import Network
from horgos_geo.validation import circuity as causes, screen


@pytest.fixture
def cities(network: Network, monkeypatch: pytest.MonkeyPatch) -> list[screen.City]:
    """The ends of the road nodes of the small network, as cities."""
    monkeypatch.setattr(screen.datasets, "read_rows", lambda name: [])
    road = network.is_mode("road")
    nodes = sorted(set(network.u[road].tolist()) | set(network.v[road].tolist()))
    return [
        screen.City(
            f"city {n}",
            network.countries[network.node_country[n]],
            float(network.lon[n]),
            float(network.lat[n]),
        )
        for n in nodes[:40]
    ]


def test_every_suspect_is_far_about(network: Network, cities: list[screen.City]) -> None:
    for suspect in screen.screen(network, cities, "road"):
        assert suspect.circuity > screen.MAX_CIRCUITY
        assert suspect.great_circle_km <= screen.MAX_APART_KM


def test_what_no_open_crossing_joins_is_explained(
    network: Network, cities: list[screen.City]
) -> None:
    joined = {
        frozenset((c.country_a, c.country_b))
        for c in network.crossings
        if c.mode == "road" and c.status in ("open", "limited")
    }
    for suspect in screen.screen(network, cities, "road"):
        pair = frozenset((suspect.a.country, suspect.b.country))
        if len(pair) == 2 and pair not in joined:
            assert "no open road crossing" in suspect.explained


BAKU_KRASNOVODSK = (49.87, 40.38, 52.97, 40.02)
ALMATY_BISHKEK_OVER_THE_ALATAU = (76.93, 43.24, 76.98, 42.45)
KOKSHETAU_PETROPAVL = (69.39, 53.28, 69.15, 54.87)


def test_water_and_mountains_are_told_from_plains() -> None:
    assert causes.by_water(BAKU_KRASNOVODSK, 264.0).startswith("water: 2")
    assert causes.by_mountains(ALMATY_BISHKEK_OVER_THE_ALATAU, 88.0).startswith("mountains: ")
    assert causes.by_water(KOKSHETAU_PETROPAVL, 178.0) == ""
    assert causes.by_mountains(KOKSHETAU_PETROPAVL, 178.0) == ""


@pytest.mark.parametrize(("apart_km", "said"), [(5.0, ""), (30.0, "no nearer"), (90.0, "60 km")])
def test_a_short_gap_explains_nothing(apart_km: float, said: str) -> None:
    degree = 111.19
    lon = np.array([0.0, 0.5, 0.0, 0.5])
    lat = np.array([0.0, 0.0, apart_km / degree, apart_km / degree])
    edges = ([40.0, 40.0], ([0, 2], [1, 3]))
    graph = csr_array(edges, shape=(4, 4))
    graph = graph + graph.T
    assert said in causes.Gaps(graph, lon, lat).between(0, 3, 200.0)
    assert bool(said) == bool(causes.Gaps(graph, lon, lat).between(0, 3, 200.0))


def test_a_shut_post_is_named(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen.datasets, "read_rows", lambda name: [])
    edges = np.flatnonzero(network.is_mode("road") & (network.crossing >= 0))
    code = int(network.crossing[edges[0]])
    shut = [replace(c, status="closed") for c in network.crossings]
    closed = replace(network, crossings=tuple(shut))
    found = screen.Causes(closed, "road", screen.usable(closed, "road")[0])
    ends = int(network.u[edges[0]]), int(network.v[edges[0]])
    cities = [screen.City(str(n), "", float(network.lon[n]), float(network.lat[n])) for n in ends]
    reason = found.reason((cities[0], cities[1]), ends, 100.0)
    assert reason == f"post shut: {network.crossings[code].name} (closed)"
