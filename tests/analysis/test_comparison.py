"""Tables of routes."""

from __future__ import annotations

import json
import math
from importlib.metadata import version

import folium
import geopandas as gpd
import pandas as pd
import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.analysis.comparison import COLUMNS, compare
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.views.charts import frame_table

ENDS = [PLACES[name] for name in ("almaty", "moscow", "tehran", "tokyo")]
MODES = ("road", "rail")


def test_one_row_a_destination_and_mode_with_documented_columns():
    table = compare(Router(fixture_network()), PLACES["horgos"], ENDS, MODES)
    assert tuple(table.columns) == COLUMNS
    assert table.index.name == "destination"
    assert list(zip(table.index, table["mode"], strict=True)) == [
        (place.id, mode) for mode in ("road", "rail") for place in ENDS
    ]
    assert table.crs == "EPSG:4326"
    assert type(table) is gpd.GeoDataFrame
    assert table.attrs["horgos_geo"] == version("horgos-geo")


def test_a_table_says_what_was_asked():
    router = Router(fixture_network(), Scenario(name="trial", modes="rail", minimise="time"))
    table = compare(router, PLACES["horgos"], ENDS[1:2])
    row = table.iloc[0]
    asked = row[["origin", "scenario", "mode", "objective"]].tolist()
    assert asked == ["Horgos", "trial", "rail", "time"]
    assert sum(json.loads(row["country_km"]).values()) == pytest.approx(row["length_km"], abs=0.01)
    assert list(json.loads(row["country_km"])) == row["countries"].split("|")


def test_numbers_and_reasons():
    table = compare(Router(fixture_network()), PLACES["horgos"], ENDS, ["rail"])
    moscow, tokyo = table.loc["moscow"], table.loc["tokyo"]
    assert moscow["countries"] == "KAZ|RUS"
    assert moscow["crossings"] == "horgos-rail|petropavl-rail"
    assert (moscow["borders"], moscow["gauge_breaks"]) == (2, 1)
    assert moscow["circuity"] == moscow["length_km"] / moscow["great_circle_km"]
    assert math.isnan(tokyo["length_km"])
    assert tokyo["status"] == "destination too far from network"
    assert table.geometry.isna().tolist() == [False, False, True, True]


def test_the_same_question_gives_the_same_table():
    first, second = (
        compare(Router(fixture_network()), PLACES["horgos"], ENDS, MODES) for _ in range(2)
    )
    assert first.drop(columns="geometry").equals(second.drop(columns="geometry"))
    assert first.geometry.to_wkb().tolist() == second.geometry.to_wkb().tolist()


def test_a_notebook_shows_the_table_with_its_numbers():
    table = compare(Router(fixture_network()), PLACES["horgos"], ENDS, MODES)
    shown = frame_table(table)._repr_html_()
    assert f"{table['length_km'].iloc[0]:,.0f}" in shown
    assert "destination too far from network" in shown
    assert "<style>" in shown
    assert "download=" in shown


def test_a_hostile_name_is_escaped_and_a_long_table_stays_small():
    table = compare(Router(fixture_network()), PLACES["horgos"], ENDS, MODES)
    table["name"] = "<script>alert(1)</script>"
    long = frame_table(pd.concat([table] * 200))
    assert "<script>" not in long.html
    assert len(long._repr_html_()) < 1_000_000
    assert "1,200 more rows" in long.html
    assert frame_table(table[table["mode"] == "rail"], "ru").html.count("<tr>") == 1 + len(ENDS)


def test_frames_are_drawn_and_written_as_frames_are(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    router = Router(fixture_network())
    route = router.route(PLACES["horgos"], PLACES["moscow"])
    for frame in (compare(router, PLACES["horgos"], ENDS), route.to_geodataframe()):
        assert isinstance(frame.explore(), folium.Map)
        assert frame.plot().lines or frame.plot().collections
        frame.to_excel(tmp_path / "t.xlsx")
        assert len(pd.read_excel(tmp_path / "t.xlsx")) == len(frame)
