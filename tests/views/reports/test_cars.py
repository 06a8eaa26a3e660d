"""The report on cars: days and dollars as in its table, figures with what they count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from look_fixture import HORGOS, route
from report_pages import assert_whole, head, numbers, table, words

from horgos_geo.core.text import LANGUAGES
from horgos_geo.views.reports.cars import CarsReport

ROWS = [
    ("KAZ", "driven", 3.4, 400.0),
    ("KAZ", "carrier truck", 4.6, 425.0),
    ("KAZ", "JSQ train", 3.5, 221.0),
    ("RUS", "driven", 8.0, 900.0),
    ("RUS", "carrier truck", 8.8, 990.0),
    ("RUS", "JSQ train", 6.5, 470.0),
]


def made(rows=ROWS):
    frame = pd.DataFrame(rows, columns=["country", "way", "days", "cost_usd_per_car"])
    for name in ("days", "cost_usd_per_car"):
        frame[f"{name}_low"], frame[f"{name}_high"] = frame[name] / 2, frame[name] * 2
    for name in ("length_km", "error_km", "co2e_kg_per_car"):
        frame[name] = frame[f"{name}_low"] = frame[f"{name}_high"] = 100.0
    return frame


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request):
    routes = [route(name, mode) for name in ("almaty", "moscow") for mode in ("rail", "road")]
    return CarsReport(made(), HORGOS, routes, request.param)


def test_the_page_is_whole(report):
    assert_whole([report.answer(), report.costs(), report.map(), report.exports()])


def test_the_headline_has_the_days_of_the_train_to_a_tenth(report):
    frame = table(report.costs(), "cars")
    train = frame[frame[1] == report.ways["JSQ train"][0]]
    days = [round(float(value), 1) for value in train[5]]
    assert numbers(head(report.answer()), report.text.language) == days == [3.5, 6.5]


def test_the_title_has_the_dollars_of_the_table(report):
    said = numbers(head(report.costs()), report.text.language)
    assert said == [220, 470, 430, 990] or said == [220, 470, 420, 990]


def test_exports_say_what_they_count(report):
    figure = report.exports()
    page = words(str(figure.html))
    assert report.text.say("what_both") in page
    frame = table(figure, "exports")
    last = frame[frame[1] == report.text.phrase("year")]
    year, count = max(zip(last[0].astype(int), last[2].astype(int), strict=True))
    assert set(numbers(head(figure), report.text.language)) == {year, count}


def test_sources_are_links():
    html = str(CarsReport(made(), HORGOS).exports().html)
    assert '<a href="http://en.people.cn/' in html


def test_a_country_that_no_train_reaches_is_left_out():
    rows = [row if row[:2] != ("RUS", "JSQ train") else (*row[:2], np.nan, np.nan) for row in ROWS]
    report = CarsReport(made(rows), HORGOS)
    assert numbers(head(report.answer())) == [3.5]
    assert "cheapest" not in head(report.costs())
