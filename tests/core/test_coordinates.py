"""Coordinates in one cell: however an office writes them."""

from __future__ import annotations

import math

import pytest

from horgos_geo.core.coordinates import parse_degrees, parse_pair, short


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("76.91", 76.91),
        (" 76,91 ", 76.91),
        ("7.691e1", 76.91),
        ("-6.2", -6.2),
        ("−6,2", -6.2),
        ("76.91E", 76.91),
        ("E 76.91", 76.91),
        ("9.1 W", -9.1),
        ("76°54'36\"E", 76.91),
        ("76°54′36″", 76.91),
        ("76° 54.6'", 76.91),
        ("东经76.91", 76.91),
        ("76°54′36″ в.д.", 76.91),
        ("6°12'0\"S", -6.2),
    ],
)
def test_one_cell(text: str, degrees: float) -> None:
    assert parse_degrees(text) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("text", ["", "NA", "NULL", "1_0", "76 91", "N", "1.2.3", "0x10", "七十"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert math.isnan(parse_degrees(text))


def test_a_cell_names_its_own_axis() -> None:
    assert parse_degrees("43.25N", "NS") == 43.25
    assert math.isnan(parse_degrees("43.25N", "EW"))


def test_pairs() -> None:
    assert parse_pair("44.21,80.41") == (44.21, 80.41)
    assert parse_pair("Horgos 2") is None
    assert str(parse_pair("44.210000, 80.41")) == "44.21,80.41"
    assert short(-0.5) == "-0.5"
