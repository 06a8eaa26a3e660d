"""The report on isochrones: people and towns as its tables have them."""

from __future__ import annotations

import pytest
from fixture import fixture_network
from places_fixture import PLACES
from report_pages import assert_whole, head, numbers, table

from horgos_geo.analysis.isochrones import isochrones, reached_towns
from horgos_geo.core.text import LANGUAGES
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.views.reports.isochrones import IsochronesReport

NETWORK = fixture_network()
TOWNS = [PLACES[name] for name in ("almaty", "astana", "tashkent")]
START = PLACES["almaty"]


@pytest.fixture(scope="module")
def found():
    routers = {mode: Router(NETWORK, Scenario(modes=[mode])) for mode in ("rail", "road")}
    times = [isochrones(r, START, ["24h", "96h"], TOWNS) for r in routers.values()]
    length = isochrones(routers["road"], START, ["400km", "900km"], TOWNS)
    reached = {mode: reached_towns(r, START, towns=TOWNS) for mode, r in routers.items()}
    for frame in (*times, length):
        frame["population"] = frame["towns"] * 1_000_000
    for frame in reached.values():
        frame["population"] = 1_000_000
    return times[0], times[1], length, reached


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request, found):
    return IsochronesReport(*found, request.param)


def test_the_page_is_whole(report):
    page = assert_whole([report.answer(), report.maps(), report.people(), report.distances()])
    assert page.count("map-svg map-half") == 2
    assert page.count("map-svg map-wide") == 1
    assert page.count("map-svg map-phone") == 3


def test_the_headline_has_the_people_of_the_table_and_of_the_curve(report):
    frame = table(report.maps(), "reached-hours")
    last = frame.groupby(1, sort=False)[5].last()
    answer = head(report.answer())
    curve = table(report.people(), "people-by-day")
    for millions, at_the_end in zip(last, curve.iloc[-1, 1:], strict=True):
        assert report.text.people(float(millions) * 1e6) in answer
        assert millions == pytest.approx(at_the_end)


def test_towns_in_the_title_are_those_of_the_table(report):
    frame = table(report.maps(), "reached-hours")
    said = numbers(head(report.maps()), report.text.language)
    assert [int(n) for n in frame.groupby(1, sort=False)[4].last()] == said[1:]


def test_classes_are_opaque_and_the_nearest_is_painted_last(report):
    html = str(report.distances().html)
    assert "fill-opacity" not in html
    assert html.index("var(--step1)") < html.rindex("var(--step4)")


def test_whole_days_are_said_as_days(found):
    report = IsochronesReport(*found)
    assert report.within(next(found[0].itertuples())) == "24 h"
    assert report.within([*found[0].itertuples()][-1]) == "4\u00a0days"
