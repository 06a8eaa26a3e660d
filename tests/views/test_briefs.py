"""Sentences and tables of the pages on corridors and closures, in three languages."""

from __future__ import annotations

import csv
import string

import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.analysis.closures import closures
from horgos_geo.analysis.corridors import corridors
from horgos_geo.core.text import CATALOGUES
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.routing.sources import numbers_behind
from horgos_geo.views.reports import closures as shut, corridors as report

ROUTER = Router(fixture_network(), Scenario(minimise="time", opened_crossings=["ustyurt-road"]))
CATALOGUE = CATALOGUES / "briefs.csv"
START, END = PLACES["horgos"], PLACES["moscow"]


@pytest.fixture(scope="module")
def found():
    return corridors(ROUTER, START, END)


@pytest.fixture(scope="module")
def items():
    ends = [PLACES[name] for name in ("almaty", "moscow", "tashkent", "tehran")]
    return closures(ROUTER, START, ends, ["UZB", "RUS", "petropavl-road"])


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_corridor_pages_are_whole(found, language):
    asked = ROUTER.route(START, END)
    routes = report.corridor_routes(found, language)
    assert [route.destination.id for route in routes] == ["A", "B"]
    numbers = numbers_behind(asked)
    page = "".join(
        figure.html
        for figure in (
            report.corridor_answer(found, asked, language),
            report.corridor_map(found, None, language),
            report.corridor_days(routes, None, language),
            report.corridor_trip(asked, None, language),
            report.corridor_table(found, language),
            report.number_table(numbers, language),
            report.corridor_sentence(found, asked, language),
        )
    )
    assert "{" not in page
    assert "nan" not in page.lower()
    assert page.count("<h1>") == 1
    for anchor in ("map", "days", "trip", "table", "sources", "answer"):
        assert f'data-name="{anchor}"' in page


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_closure_pages_are_whole(items, language):
    rows, columns, values = shut.closure_values(items, language)
    assert (len(rows), len(columns)) == (4, 3)
    assert set(values) == {(row, column) for row in rows for column in columns}
    page = "".join(
        figure.html
        for figure in (
            shut.closure_answer(items, START, language),
            shut.closure_heat(items, None, language),
            shut.closure_map(items, None, "", language),
            shut.closure_table(items, language),
            shut.closure_sentence(items, language),
        )
    )
    assert "{" not in page
    assert page.count("<h1>") == 1


def test_the_answer_names_the_best_days(found):
    days = round(found[0].route.time_h.central / 24)
    sentence = report.corridor_sentence(found, ROUTER.route(START, END)).html
    assert f"{days}\u00a0days" in sentence
    assert found[0].name in sentence


def test_a_blocked_page_says_so():
    router = ROUTER.with_(closed_countries=["RUS"])
    found = corridors(router, START, END)
    asked = router.route(START, END)
    page = report.corridor_answer(found, asked).html
    assert "No corridor from Horgos to Moscow is open" in page
    assert "blocked" in report.corridor_table(found).html


def test_titles_are_escaped(found):
    page = report.corridor_answer(found, ROUTER.route(START, END), title="<script>x</script>").html
    assert "<script>" not in page


def test_the_worst_closure_is_the_one_that_cuts_off_most(items):
    assert shut.worst(items) == "UZB"
    assert shut.worst([]) == ""
    assert all(route.found for route in shut.diverted(items, "petropavl-road"))


def test_every_phrase_has_three_languages_and_the_same_fields():
    with CATALOGUE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            fields = [
                {name for _, name, _, _ in string.Formatter().parse(row[language]) if name}
                for language in ("en", "zh", "ru")
            ]
            assert fields[1] <= fields[0], row["key"]
            assert fields[2] <= fields[0], row["key"]
            assert all(row[language] for language in ("en", "zh", "ru"))
