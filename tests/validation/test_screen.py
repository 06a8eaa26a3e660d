"""The screen: long routes between near cities, explained or not."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from horgos_geo.model.network import Network
from horgos_geo.validation import screen
from horgos_geo.validation.circuity import CircuityDiagnosis


@pytest.fixture
def cities(network: Network, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Return the ends of the road nodes of the small network, as cities."""
    monkeypatch.setattr(screen.datasets, "read_rows", lambda name: [])
    road = network.is_mode("road")
    nodes = np.union1d(network.u[road], network.v[road])[:40]
    return pd.DataFrame(
        {
            "name": [f"city {n}" for n in nodes],
            "country": np.array(network.countries)[network.node_country[nodes]],
            "lon": network.lon[nodes],
            "lat": network.lat[nodes],
        }
    )


def test_every_suspect_is_a_long_detour(network: Network, cities: pd.DataFrame) -> None:
    found = screen.screen(network, cities, "road")
    assert len(found)
    assert (found["circuity"] > screen.MAX_CIRCUITY).all()
    assert (found["great_circle_km"] <= screen.MAX_APART_KM).all()
    assert found["circuity"].is_monotonic_decreasing


def test_what_no_open_crossing_joins_is_explained(network: Network, cities: pd.DataFrame) -> None:
    joined = {
        frozenset((c.country_a, c.country_b))
        for c in network.crossings
        if c.mode == "road" and c.status in ("open", "limited")
    }
    for suspect in screen.screen(network, cities, "road").itertuples():
        pair = frozenset((suspect.country_a, suspect.country_b))
        if len(pair) == 2 and pair not in joined:
            assert "no open road crossing" in suspect.explained


def test_a_listed_reason_comes_first(
    network: Network, cities: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = screen.screen(network, cities, "road").iloc[0]
    row = {"mode": "road", "city_a": first["city_b"], "city_b": first["city_a"], "reason": "seen"}
    monkeypatch.setattr(screen.datasets, "read_rows", lambda name: [row])
    found = screen.screen(network, cities, "road")
    assert found["explained"].to_list().count("seen") == 1


def test_pairs_are_near_and_stand_once(cities: pd.DataFrame) -> None:
    pairs = screen.neighbours(cities)
    assert (pairs["a"] < pairs["b"]).all()
    assert not pairs.duplicated(["a", "b"]).any()
    assert pairs["great_circle_km"].between(screen.MIN_APART_KM, screen.MAX_APART_KM).all()


def test_cities_lie_in_the_countries_of_the_network(network: Network) -> None:
    found = screen.cities(network, 1_000_000)
    assert "Almaty" in set(found["name"])
    assert set(found["country"]) <= set(network.countries)


def test_a_shut_post_is_named(network: Network) -> None:
    edge = np.flatnonzero(network.is_mode("road") & (network.crossing >= 0))[0]
    shut = tuple(replace(c, status="closed") for c in network.crossings)
    diagnosis = CircuityDiagnosis(replace(network, crossings=shut), "road")
    a, b = (
        SimpleNamespace(country="", lon=network.lon[n], lat=network.lat[n], node=int(n))
        for n in (network.u[edge], network.v[edge])
    )
    reason = diagnosis.reason(a, b, 100.0, 190.0)
    assert reason == f"post shut: {network.crossings[network.crossing[edge]].name} (closed)"
