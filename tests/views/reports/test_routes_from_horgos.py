"""The report on routes: each sentence says what the figure under it shows."""

from __future__ import annotations

import json
import math

import pytest
from look_fixture import missing, route, routes
from report_pages import assert_whole, head, numbers, standfirst, table, tens

from horgos_geo.core.text import LANGUAGES
from horgos_geo.views.reports.routes_from_horgos import RoutesReport, largest_cities

CITIES = [route(name, mode) for name in ("almaty", "tashkent", "moscow") for mode in ("road", "rail")]


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request):
    return RoutesReport(routes(), CITIES, request.param)


def test_the_page_is_whole(report):
    parts = [report.answer(), report.map(), report.distances_and_days(), report.large_cities()]
    assert_whole([*parts, report.countries(), report.table()])


def test_the_answer_names_kilometres_of_the_table(report):
    language = report.text.language
    frame = table(report.table(), "routes")
    known = {tens(km) for km in frame[11]}
    answer = report.answer()
    said = numbers(head(answer), language) + numbers(standfirst(answer), language)
    assert len(said) == 6
    assert set(said) <= known


def test_the_days_say_how_long_freight_stands(report):
    figure = report.days()
    frame = table(figure, "days")
    waiting = {}
    for mode, part in frame.groupby(1, sort=False):
        # moving stands first, the ferry and the total last
        shares = [1 - (row[2] + row[5]) / row[6] for row in part.itertuples(index=False)]
        waiting[mode] = sorted(shares)
    medians = [_median(shares) for shares in waiting.values()]
    assert numbers(head(figure), report.text.language) == pytest.approx(
        [round(100 * share) for share in medians]
    )


def _median(values):
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def test_the_cities_lie_as_far_as_the_chart_shows(report):
    figure = report.large_cities()
    frame = table(figure, "distances")
    lengths = {tens(km) for km in frame[1]}
    assert set(numbers(head(figure), report.text.language)) <= lengths


def test_the_least_share_of_kazakhstan_holds_for_every_route(report):
    frame = table(report.table(), "routes")
    said = numbers(head(report.countries()), report.text.language)
    assert len(said) == 2
    for mode, least in zip(("road", "rail"), said, strict=True):
        mine = frame[frame[8] == mode]
        home = [json.loads(cell).get("KAZ", 0.0) for cell in mine[22]]
        shares = [100 * km / length for km, length in zip(home, mine[11], strict=True)]
        assert least == math.floor(min(shares))


def test_equal_lengths_are_those_within_the_error(report):
    said = numbers(head(report.distances()), report.text.language)
    road = {r.destination.id: r for r in report.routes if r.scenario.mode_label == "road"}
    rail = {r.destination.id: r for r in report.routes if r.scenario.mode_label == "rail"}
    alike = [
        key
        for key in road
        if abs(road[key].length_km - rail[key].length_km)
        <= math.hypot(road[key].error_km, rail[key].error_km)
    ]
    assert sorted(said) == sorted([len(alike), len(road)])


def test_what_is_not_reached_is_said():
    report = RoutesReport([route("almaty", "rail"), missing("tehran", "rail")])
    assert "Not reached by rail: Tehran." in standfirst(report.answer())


def test_largest_cities_come_country_by_country():
    cities = largest_cities(["KAZ", "UZB"], 2)
    assert [place.country for place in cities] == ["KAZ", "KAZ", "UZB", "UZB"]
    assert cities[0].population >= cities[1].population
