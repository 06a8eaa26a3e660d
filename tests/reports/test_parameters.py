"""Lists as people type them: quotes hold one item together, and so does a pair of numbers."""

from __future__ import annotations

import pytest

from horgos_geo.core.errors import ScenarioError
from horgos_geo.reports.parameters import Parameter, split_list


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('Warsaw,"51.43,6.76"', ["Warsaw", "51.43,6.76"]),
        ("Warsaw,51.43,6.76", ["Warsaw", "51.43,6.76"]),  # a shell has taken the quotes
        ("51.43, 6.76, -8.5,115.2, KAZ", ["51.43,6.76", "-8.5,115.2", "KAZ"]),
        ('"Horgos, CHN", Osh,', ["Horgos, CHN", "Osh"]),
        ("central-asia", ["central-asia"]),
        ("", []),
    ],
)
def test_a_coordinate_is_one_value(text, items):
    assert split_list(text) == items
    names = Parameter("destinations", "list[str]", [], "", type=list[str])
    assert names.parse(text) == items


def test_numbers_stay_apart_where_numbers_are_meant():
    hours = Parameter("hours", "list[int]", [], "", type=list[int])
    assert hours.parse("72, 96,168") == [72, 96, 168]
    with pytest.raises(ScenarioError):
        hours.parse('72,"a"')
    with pytest.raises(ScenarioError):
        hours.parse("72,\n96")
