"""The report on land and sea: the headline is the median row of chart and table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from look_fixture import HORGOS, place, route
from report_pages import assert_whole, head, numbers, standfirst, table, tens

from horgos_geo.core.text import LANGUAGES
from horgos_geo.views.reports.land_and_sea import LandAndSeaReport

ENDS = {"moscow": 1.0, "warsaw": 1.2, "duisburg": 1.5, "tashkent": 0.5}
WAYS = {"rail": (14.0, 3850.0, 202.0), "road": (16.0, 7000.0, 800.0), "sea": (36.0, 2590.0, 279.0)}


def made(ends=ENDS):
    rows = []
    for end, factor in ends.items():
        for way, values in WAYS.items():
            none = way == "sea" and end == "tashkent"
            row = {
                "destination": end, "name": end.title(), "country": "RUS", "way": way,
                "status": "no port near" if none else "ok", "length_km": 5000.0 * factor,
                "port_from": "", "port_to": "",
            }  # fmt: skip
            for name, value in zip(
                ("days", "cost_usd_per_teu", "co2e_kg_per_t"), values, strict=True
            ):
                central = np.nan if none else value * factor
                row |= {name: central, f"{name}_low": central / 2, f"{name}_high": central * 2}
            rows.append(row)
    return pd.DataFrame(rows).set_index("destination")


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request):
    routes = [route(name, mode) for name in ("moscow", "warsaw") for mode in ("rail", "road")]
    return LandAndSeaReport(made(), place("almaty"), HORGOS, routes, request.param)


def test_the_page_is_whole(report):
    assert_whole([report.answer(), report.compared(), report.map(), report.table()])


def test_the_headline_is_the_median_row_of_the_table(report):
    frame = table(report.table(), "land-and-sea")
    middle, rest = frame.iloc[:3], frame.iloc[3:]
    near = rest[rest[0] != rest[0].iloc[-1]]  # the last one has no port
    for way in (0, 2):
        part = near.iloc[way::3]
        for column in (3, 6):
            assert float(middle[column].iloc[way]) == pytest.approx(part[column].median())
    days = [round(float(middle[3].iloc[way])) for way in (0, 2)]
    dollars = [tens(float(middle[6].iloc[way])) for way in (0, 2)]
    assert sorted(numbers(head(report.answer()), report.text.language)) == sorted([*days, *dollars])
    emitted = [tens(float(middle[9].iloc[way])) for way in (0, 2)]
    assert set(emitted) <= set(numbers(standfirst(report.answer()), report.text.language))


def test_the_title_counts_destinations_with_a_port(report):
    said = numbers(head(report.compared()), report.text.language)
    assert sorted(said) == [0, 3, 3, 3]
    assert 3 in numbers(standfirst(report.answer()), report.text.language)


def test_emissions_have_a_chart_of_their_own(report):
    assert str(report.compared().html).count("chart-dots") == 3


def test_words_from_data_are_escaped():
    frame = made({"moscow": 1.0})
    frame["name"], frame["port_from"], frame["port_to"] = "<b>x</b>", "<img>", "&"
    frame.index = ["nowhere"] * len(frame)
    report = LandAndSeaReport(frame, place("almaty"), HORGOS)
    html = str(report.table().html) + str(report.compared().html)
    assert "<b>x" not in html
    assert "<img>" not in html


def test_without_a_port_the_page_says_so():
    report = LandAndSeaReport(made({"tashkent": 1.0}), place("almaty"), HORGOS)
    assert "none of these destinations" in head(report.answer())
