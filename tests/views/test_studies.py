"""The sections of the studies, in every language."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.analysis import catchments, gateways as landports
from horgos_geo.analysis.isochrones import isochrones
from horgos_geo.core.text import CATALOGUES, LANGUAGES
from horgos_geo.routing.router import Router
from horgos_geo.views.reports import cars, gateways, isochrones as reach_report, land_and_sea

PORTS = [PLACES["horgos"], PLACES["dostyk"]]
ENDS = [PLACES[name] for name in ("almaty", "astana", "tashkent")]


def test_every_phrase_stands_in_every_language_with_the_same_values():
    with (CATALOGUES / "gateways.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            assert None not in row, row["key"]
            assert all(row[language] for language in LANGUAGES), row["key"]
            values = [
                {part.split("}")[0] for part in row[lang].split("{")[1:]} for lang in LANGUAGES
            ]
            assert values[0] == values[1] == values[2], row["key"]


@pytest.fixture(scope="module")
def table():
    return landports.gateways(Router(fixture_network()), ENDS, ["road"], ports=PORTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_gateway_sections_say_what_the_tables_say(table, language):
    summary = landports.summary(landports.standings(table))
    for region, count in (("central-asia", 3), ("europe", 2)):
        rows = (summary["region"] == region) & (summary["measure"] == "distance")
        summary.loc[rows, ["reached", "first"]] = [count + 1, count]
    answer = gateways.gateways_answer(summary, "horgos", language).html
    assert all(str(number) in answer for number in (3, 4, 2))
    bars = gateways.standings_section(summary, "road", language=language).html
    assert "<h2" in bars
    heat = gateways.differences_section(table, "road", language=language).html
    assert heat.count("<tr>") == 1 + len(ENDS)


def test_inland_and_catchments_draw():
    network = fixture_network()
    router = Router(network)
    detours = landports.inland(router, [PLACES["yining"]], ENDS, "horgos-road")
    html = gateways.inland_section(detours, "road", "horgos").html
    assert html.count("<tr>") == 2
    towns = [PLACES[name] for name in ("almaty", "astana", "tashkent", "tokyo", "yining")]
    frame = catchments.catchments(Router(network), "distance", towns, PORTS)
    frame["population"] = [1_000_000] * len(frame)
    drawn = gateways.catchment_section(frame, "road").html
    assert drawn.count('<svg class="map-svg') == 2
    assert "in China" in drawn  # a reason in words


def test_reach_draws_an_area_for_each_budget():
    found = isochrones(Router(fixture_network()), PLACES["almaty"], ["400km", "900km"], ENDS)
    html = reach_report.reach_section(found, "ru").html
    assert html.count('<path class="area"') == 4
    assert "<h1>" in reach_report.reach_answer(found, "zh").html


def test_words_from_data_are_escaped():
    frame = pd.DataFrame(
        {"name": ["<b>x</b>"], "country": ["KAZ"], "way": ["sea"], "status": ["ok"],
         "length_km": [np.nan], "days": [1.0], "days_low": [1.0], "days_high": [2.0],
         "cost_usd_per_teu": [1.0], "cost_usd_per_teu_low": [1.0],
         "cost_usd_per_teu_high": [1.0], "co2e_kg_per_t": [1.0], "port_from": ["<img>"],
         "port_to": ["&"]},
        index=["nowhere"],
    )  # fmt: skip
    html = land_and_sea.sea_section(frame).html
    assert "<b>x" not in html
    assert "<img>" not in html


def test_exports_name_their_bases():
    html = cars.exports_section().html
    assert "border inspection, road port only" in html
    assert "450,000" in html


def test_ranges_stand_on_one_scale_and_the_sentence_names_the_cheapest():
    rows = [
        ("KAZ", "driven", 3.0, 400.0), ("KAZ", "carrier truck", 4.0, 425.0),
        ("KAZ", "JSQ train", 2.0, 221.0), ("RUS", "driven", 8.0, 900.0),
        ("RUS", "carrier truck", np.nan, np.nan), ("RUS", "JSQ train", np.nan, np.nan),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["country", "way", "days", "cost_usd_per_car"])
    for name in ("days", "cost_usd_per_car"):
        frame[f"{name}_low"], frame[f"{name}_high"] = frame[name] / 2, frame[name] * 2
    for name in ("length_km", "error_km", "co2e_kg_per_car"):
        frame[name] = 1.0
    html = cars.cars_section(frame).html
    assert html.count('class="dot dot-rail" style=') == 2  # Kazakhstan, in days and in dollars
    assert html.count('class="dot dot-multimodal" style=') == 4
    said = cars.cars_sentence(frame).html
    assert "Kazakhstan – double-deck train (JSQ), US$ 220" in said
    assert "Russia – driven, US$ 900" in said
