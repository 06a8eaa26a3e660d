"""The report on corridors: the best and its days, what is blocked, the numbers behind."""

from __future__ import annotations

import pytest
from fixture import fixture_network
from places_fixture import PLACES
from report_pages import assert_whole, head, numbers, standfirst, table, words

from horgos_geo.analysis.corridors import corridors
from horgos_geo.core.text import LANGUAGES, Text
from horgos_geo.model.parameters import load_parameters
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.views.reports.corridors import CorridorsReport

ROUTER = Router(fixture_network(), Scenario(minimise="time", opened_crossings=["ustyurt-road"]))
START, END = PLACES["horgos"], PLACES["moscow"]


@pytest.fixture(scope="module")
def found():
    return corridors(ROUTER, START, END)


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request, found):
    return CorridorsReport(found, ROUTER.route(START, END), request.param)


def parts(report):
    return [report.answer(), report.map(), report.days(), report.trip(), report.table(),
            report.sources()]  # fmt: skip


def test_the_page_is_whole(report):
    page = assert_whole(parts(report))
    for name in ("map", "days", "trip", "table", "sources"):
        assert f'data-name="{name}"' in page
    assert [route.destination.id for route in report.routes] == ["A", "B"]


def test_the_answer_has_the_days_of_the_table(report):
    frame = table(report.table(), "corridors")
    best = float(frame[2].iloc[0])
    said = numbers(head(report.answer()), report.text.language)
    assert round(best) in said
    assert len(frame) in said


def test_waiting_is_the_same_in_title_and_chart(report):
    frame = table(report.days(), "days")
    # moving stands first and the total last; no ferry sails here
    shares = sorted(1 - float(row[2]) / float(row[len(row) - 1]) for row in frame.to_numpy())
    said = numbers(head(report.days()), report.text.language)
    assert said[0] == pytest.approx(100 * shares[0], abs=0.6)
    assert said[-1] == pytest.approx(100 * shares[-1], abs=0.6)


def test_assumptions_are_counted_in_the_table_of_sources(report):
    frame = table(report.sources(), "sources")
    assumed = (frame[5] == report.text.say("basis_assumption")).sum()
    said = numbers(head(report.sources()), report.text.language)
    assert sorted(said) == sorted([len(frame), assumed])


def test_no_debris_of_data_files_is_shown(report):
    page = words(str(report.sources().html))
    assert "_" not in page
    assert ".csv" not in page


def test_a_blocked_page_says_so():
    router = ROUTER.with_(closed_countries=["RUS"])
    found = corridors(router, START, END)
    report = CorridorsReport(found, router.route(START, END))
    assert "No corridor from Horgos to Moscow is open" in head(report.answer())
    assert "Blocked in this scenario" in standfirst(report.answer())
    assert "Russia" in str(report.table().html)


def test_titles_are_escaped(found):
    report = CorridorsReport(found, ROUTER.route(START, END), title="<script>x</script>")
    assert "<script>" not in str(report.answer().html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_parameter_in_force_has_a_name(language):
    text = Text(language)
    for name in {row.parameter for row in load_parameters().rows}:
        assert text.parameter(name) != name.replace("_", " ") or "_" not in name, name
