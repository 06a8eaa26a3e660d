"""Lengths and fractions on the globe."""

from __future__ import annotations

import numpy as np
import pytest

from horgos_geo.core.geodesy import (
    along,
    arc_km,
    chord,
    distance_km,
    distances_km,
    ranges,
    unit_vectors,
)


def test_a_degree_of_the_equator():
    assert distance_km(70.0, 0.0, 71.0, 0.0) == pytest.approx(111.319, abs=0.001)
    assert distances_km([70.0, 70.0], 0.0, [71.0, 72.0], 0.0) == pytest.approx(
        [111.319, 222.639], abs=0.001
    )


def test_chords_and_arcs_undo_each_other():
    for km in (0.001, 1.0, 40.0, 20_000.0):
        assert arc_km(np.array([chord(km)]))[0] == pytest.approx(km, rel=1e-6)
    assert arc_km(np.array([np.inf]))[0] == np.inf


def test_chords_of_unit_vectors_are_distances():
    a, b = unit_vectors([80.41, 76.91], [44.21, 43.25])
    assert arc_km(np.linalg.norm(a - b, keepdims=True))[0] == pytest.approx(
        distance_km(80.41, 44.21, 76.91, 43.25), rel=0.005
    )


def test_fractions_run_from_zero_to_one():
    line = np.array([[70.0, 40.0], [71.0, 40.0], [71.0, 40.0], [73.0, 40.0]])
    assert along(line) == pytest.approx([0, 1 / 3, 1 / 3, 1], abs=1e-4)
    assert along(np.array([[70.0, 40.0], [70.0, 40.0]])).tolist() == [0.0, 1.0]


def test_ranges_of_no_length():
    assert ranges(np.array([5, 7]), np.array([0, 1])).tolist() == [7]
    assert ranges(np.array([], dtype=int), np.array([], dtype=int)).tolist() == []
