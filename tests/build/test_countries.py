"""Which country a point lies in."""

from __future__ import annotations

from raw_fixture import two_countries


def test_country_of_a_point_off_the_shore_is_the_nearest() -> None:
    where = two_countries()
    found = where.locate([75.0, 85.0, 70.0, 10.0], [45.0, 45.0, 39.5, 10.0])
    assert [where.codes[code] for code in found] == ["KAZ", "CHN", "KAZ", ""]
