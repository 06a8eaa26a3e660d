"""The report on gateways: counts, ties and catchments as its tables have them."""

from __future__ import annotations

import pandas as pd
import pytest
from fixture import fixture_network
from places_fixture import PLACES
from report_pages import assert_whole, head, numbers, standfirst, table, words

from horgos_geo.analysis.catchments import catchments
from horgos_geo.analysis.gateways import gateways, inland
from horgos_geo.core.text import LANGUAGES
from horgos_geo.routing.router import Router
from horgos_geo.views.reports.gateways import GatewaysReport

ROUTER = Router(fixture_network())
PORTS = [PLACES["horgos"], PLACES["dostyk"]]
ENDS = [PLACES[name] for name in ("almaty", "astana", "tashkent")]
TOWNS = [PLACES[name] for name in ("almaty", "astana", "tashkent", "tokyo", "yining")]


@pytest.fixture(scope="module")
def frame():
    found = gateways(ROUTER, ENDS, ["road"], ports=PORTS)
    found["region"] = "central-asia"
    return found


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request, frame):
    return GatewaysReport(frame, "horgos", request.param)


@pytest.fixture(scope="module")
def towns():
    found = catchments(ROUTER, "distance", TOWNS, PORTS)
    found["population"] = 1_000_000
    return found


def test_the_verdict_counts_what_the_strips_show(report):
    strips = table(report.standings_chart(), "standings")
    alone, tied, behind = (int(value) for value in strips.iloc[0, 1:])
    assert alone + tied + behind == len(ENDS)
    said = numbers(head(report.answer()), report.text.language)
    assert sorted(said) == sorted([alone, len(ENDS), tied])
    title = numbers(head(report.standings_chart()), report.text.language)
    assert sorted(title) == sorted([alone + tied, len(ENDS), tied])


def test_the_heat_map_stripes_ties(report, frame):
    figure = report.differences(frame)
    mine = frame[frame["gateway"] == "horgos"]
    alone = int(((mine["rank_distance"] == 1) & ~mine["tied_distance"]).sum())
    said = numbers(head(figure), report.text.language)
    assert sorted(said) == sorted([alone, len(ENDS), int(mine["tied_distance"].sum())])
    assert str(figure.html).count("hm-striped") == int(frame["tied_distance"].sum())


def test_people_of_a_catchment_are_those_of_its_table(report, towns):
    figure = report.catchment(towns, "road")
    frame = table(figure, "catchments-road-distance")
    served = frame[frame[3].notna()]
    assert served[2].sum() == pytest.approx(3.0)  # millions; China and Japan are not served
    assert served[3].sum() == pytest.approx(100, abs=0.1)
    mine = served[served[0] == report.name]
    millions = float(mine[2].iloc[0]) if len(mine) else 0.0
    assert report.text.people(millions * 1e6) in head(figure)
    assert str(figure.html).count('<svg class="map-svg') == 2
    assert report.text.say("in_China") in words(str(figure.html))


def test_cities_with_one_answer_stand_in_one_row(report):
    one = inland(ROUTER, [PLACES["yining"]], ENDS, "horgos-road")
    detours = pd.concat([one, one.assign(origin="urumqi", origin_name="Urumqi")])
    figure = report.inland(detours, "road")
    assert len(table(figure, "inland-road")) == 1


def test_the_page_is_whole(report, frame, towns):
    detours = inland(ROUTER, [PLACES["yining"]], ENDS, "horgos-road")
    parts = [report.answer(), report.standings_chart(), report.differences(frame)]
    page = assert_whole([*parts, report.catchment(towns, "road"), report.inland(detours, "road")])
    assert "<script" not in page
    assert standfirst(report.answer())
