"""The report on closures: what a closure costs those that it does not shut in."""

from __future__ import annotations

import pytest
from fixture import fixture_network
from places_fixture import PLACES
from report_pages import assert_whole, head, numbers, table, words

from horgos_geo.analysis.closures import closures
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.text import LANGUAGES
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.views.reports.closures import ClosuresReport, cost_h, is_inside, is_longer

ROUTER = Router(fixture_network(), Scenario(minimise="time", opened_crossings=["ustyurt-road"]))
START = PLACES["horgos"]
ENDS = [PLACES[name] for name in ("almaty", "moscow", "tashkent", "tehran")]


@pytest.fixture(scope="module")
def items():
    return closures(ROUTER, START, ENDS, ["UZB", "RUS", "petropavl-road"])


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request, items):
    return ClosuresReport(items, START, request.param)


def test_the_page_is_whole(report):
    assert_whole([report.answer(), report.heat(), report.map(), report.table()])


def test_the_headline_counts_places_outside_what_is_shut(report):
    worst = report.order[0]
    frame = table(report.table(), "closures")
    mine = frame[frame[0] == report.name(worst)]
    longer = mine[mine[3].notna()]
    outside = [item for item in report.by_closure[worst] if not is_inside(item)]
    said = numbers(head(report.answer()), report.text.language)
    if len(longer):
        extra = (longer[3].astype(float) - longer[2].astype(float)).mean()
        assert said[-1 - (said[-1] == round(said[-1])) * 0] >= 0
        assert round(extra, 1) in [round(value, 1) for value in said]
        assert len(longer) in said
    assert len(outside) in said


def test_those_inside_count_for_nothing(items):
    for item in items:
        if is_inside(item):
            assert cost_h([item]) == 0.0


def test_the_heat_map_counts_what_changes(report):
    changed = len(table(report.table(), "closures"))
    said = numbers(head(report.heat()), report.text.language)
    assert sorted(said) == sorted([changed, len(report.items)])
    assert report.text.say("inside") in words(str(report.heat().html))


def test_the_map_shows_routes_before_and_after(items):
    report = ClosuresReport(items, START, focus="petropavl-road")
    html = str(report.map().html)
    assert ("is-shut" in html) == bool(report.diverted)
    assert all(is_longer(item) for item in report.diverted)


def test_a_focus_that_was_not_tried_is_refused(items):
    with pytest.raises(ScenarioError, match="none of the closures tried"):
        ClosuresReport(items, START, focus="POL")


def test_closures_that_touch_nothing_say_so():
    found = closures(ROUTER, START, [PLACES["almaty"]], ["RUS"])
    assert "None of these closures" in head(ClosuresReport(found, START).answer())
