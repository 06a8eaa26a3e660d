"""Draws of parameters: keyed, stratified, and what they say of two routes."""

from __future__ import annotations

import numpy as np
import pytest

from horgos_geo.model.draws import (
    DRAWS,
    chance,
    sharing,
    split_lognormal,
    standard_normals,
)


def test_one_name_has_one_draw_and_two_names_have_two() -> None:
    a, b = standard_normals("dwell_h of a"), standard_normals("dwell_h of b")
    assert np.array_equal(a, standard_normals("dwell_h of a"))
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.1


def test_draws_are_the_same_everywhere() -> None:
    """The generator is defined by its algorithm: other machines draw these very numbers."""
    assert standard_normals("x")[:3] == pytest.approx([0.517252, -1.806753, -0.520052], abs=1e-6)


def test_quantiles_of_a_drawn_parameter_are_its_own() -> None:
    drawn = split_lognormal(3.0, 8.0, 60.0, standard_normals("wait"))
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([3.0, 8.0, 60.0], rel=0.01)


def test_a_factor_widens_on_the_log_scale() -> None:
    drawn = split_lognormal(5.0, 10.0, 20.0, standard_normals("wait"), factor=2.0)
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx([2.5, 10.0, 40.0], rel=0.01)


def test_a_range_that_begins_at_zero_stays_at_or_above_it() -> None:
    drawn = split_lognormal(0.0, 12.0, 36.0, standard_normals("caution"))
    assert drawn.min() == 0.0
    assert np.quantile(drawn, [0.5, 0.9]) == pytest.approx([12.0, 36.0], rel=0.01)


def test_a_number_without_a_range_does_not_vary() -> None:
    assert np.ptp(split_lognormal(4.0, 4.0, 4.0, standard_normals("known"))) == 0.0


def test_what_is_shared_correlates_and_keeps_its_quantiles() -> None:
    a, b = sharing("a", "all", 0.5), sharing("b", "all", 0.5)
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(0.5, abs=0.06)
    assert np.array_equal(np.sort(a), np.sort(standard_normals("a")))
    assert np.array_equal(sharing("a", "all", 0.0), standard_normals("a"))


def test_the_chance_of_what_is_shared_is_that_of_the_rest() -> None:
    """A wait that both routes have cancels: the shorter one is sure to be the quicker."""
    shared = split_lognormal(3.0, 10.0, 90.0, standard_normals("post"))
    assert chance(shared + 1.0, shared + 2.0) == 1.0
    other = split_lognormal(3.0, 10.0, 90.0, standard_normals("another post"))
    assert chance(shared + 1.0, other + 2.0) == pytest.approx(0.52, abs=0.04)
    assert chance(shared, shared) == 0.5
    assert len(shared) == DRAWS
