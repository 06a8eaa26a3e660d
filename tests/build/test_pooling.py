"""Observations of few things, each drawn towards those like it."""

from __future__ import annotations

import numpy as np
import pytest

from horgos_geo.build.pooling import Pooled, pool

GROUPS = {"a": 1.0, "b": -1.0, "c": 0.2, "d": -0.4, "e": 0.6}


def of(name: str) -> list[tuple[str, str, float]]:
    return [("any", "", 1.0), ("thing", name, 1.0)]


@pytest.fixture(scope="module")
def pooled() -> Pooled:
    """Things around 3 with a spread of about 0.7, each seen twelve times; one more seen once."""
    random = np.random.default_rng(5)
    values, loadings = [], []
    for name, effect in GROUPS.items():
        values += list(3.0 + effect + random.normal(0.0, 0.3, 12))
        loadings += [of(name)] * 12
    return pool(np.array([*values, 6.0]), [*loadings, of("once")], np.ones(61), {"any": 3.0})


def test_spreads_and_noise_come_out_as_they_went_in(pooled: Pooled) -> None:
    assert pooled.noise == pytest.approx(0.3, abs=0.08)
    assert 0.4 < pooled.spread["thing"] < 1.5
    assert pooled.spread["any"] == 3.0


def test_what_is_seen_often_keeps_its_own_figure(pooled: Pooled) -> None:
    middle, doubt = pooled.predict(of("a"))
    assert middle == pytest.approx(4.0, abs=0.2)
    assert doubt < 0.15


def test_what_is_seen_once_is_drawn_to_the_others(pooled: Pooled) -> None:
    middle, doubt = pooled.predict(of("once"))
    assert 4.0 < middle < 6.0
    assert doubt > pooled.predict(of("a"))[1]


def test_what_is_never_seen_is_the_middle_with_the_spread_of_its_kind(pooled: Pooled) -> None:
    middle, doubt = pooled.predict(of("never"))
    assert middle == pytest.approx(pooled.predict([("any", "", 1.0)])[0])
    assert doubt > pooled.spread["thing"]


def test_influence_says_how_far_each_observation_counts(pooled: Pooled) -> None:
    counts = pooled.influence(of("a"))
    assert counts[:12].sum() > 0.9
    assert counts.sum() == pytest.approx(1.0, abs=0.05)
    assert 0.5 < pooled.influence(of("once"))[60] < counts[:12].sum()


def test_the_gradient_leads_to_a_minimum() -> None:
    random = np.random.default_rng(1)
    values = random.normal(0.0, 1.0, 200)
    loadings = [of(str(i % 40)) for i in range(200)]
    found = pool(values, loadings, np.ones(200), {"any": 3.0})
    assert found.noise == pytest.approx(1.0, abs=0.1)
    assert found.spread["thing"] < 0.35


def test_the_same_twice(pooled: Pooled) -> None:
    again = pool(np.array([1.0, 2.0]), [of("a"), of("b")], np.ones(2), {"any": 3.0})
    twice = pool(np.array([1.0, 2.0]), [of("a"), of("b")], np.ones(2), {"any": 3.0})
    assert np.array_equal(again.mean, twice.mean)
