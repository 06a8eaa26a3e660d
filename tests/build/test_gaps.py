"""Dangling ends joined, and those that must not be."""

from __future__ import annotations

import pytest
from raw_fixture import draft_of, two_countries

from horgos_geo.build.draft import HEALED, RAIL
from horgos_geo.build.gaps import SINUOSITY, bridge_gaps, dijkstra_within


def test_dangling_ends_are_joined_but_never_across_a_border() -> None:
    points = [(75.0, 45.0), (75.2, 45.0), (75.4, 45.0), (75.6, 45.0), (79.9, 45.0), (80.1, 45.0),
              (79.7, 45.0), (80.3, 45.0)]  # fmt: skip
    draft = draft_of(points, [(0, 1), (2, 3), (6, 4), (5, 7)], RAIL)
    assert bridge_gaps(draft, RAIL, two_countries()) == 1
    assert {int(draft.u[-1]), int(draft.v[-1])} == {1, 2}
    assert draft.source[-1] == HEALED
    assert draft.km[-1] == pytest.approx(SINUOSITY * draft.chord_km()[-1])


def test_a_gap_with_a_short_detour_stays_open() -> None:
    points = [(75.0, 45.0), (75.1, 45.0), (75.1, 45.05), (75.0, 45.02)]
    draft = draft_of(points, [(0, 1), (1, 2), (0, 3)], RAIL)
    assert bridge_gaps(draft, RAIL, two_countries()) == 0


def test_distances_end_at_the_limit() -> None:
    draft = draft_of([(75.0 + i, 45.0) for i in range(4)], [(0, 1), (1, 2), (2, 3)], RAIL)
    reached = dijkstra_within(0, 180.0, draft.matrix())
    assert reached == {0: 0.0, 1: pytest.approx(draft.km[0]), 2: pytest.approx(draft.km[:2].sum())}
