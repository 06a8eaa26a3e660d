"""Corridors over the fixture country: they differ, they are limited, blocked ones say why."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.analysis.corridors import MOST, OVERLAP, STRETCH, corridors, name_of
from horgos_geo.cli import main
from horgos_geo.core import datasets
from horgos_geo.model.network import load_network, save_network
from horgos_geo.model.places import countries
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

NETWORK = fixture_network()
OPEN = {"opened_crossings": ["ustyurt-road"]}


def find(origin="horgos", destination="moscow", limits=None, **scenario):
    router = Router(NETWORK, Scenario(**scenario))
    return corridors(router, PLACES[origin], PLACES[destination], **(limits or {}))


def test_ways_through_other_countries_are_found():
    found = [c for c in find(**OPEN) if c.open]
    ways = [c.route.countries for c in found]
    assert set(ways) == {("KAZ", "RUS"), ("KAZ", "UZB", "RUS")}
    assert [c.letter for c in found] == ["A", "B"]
    assert found[0].ratio == 1.0
    assert 1.0 <= found[1].ratio <= STRETCH


@pytest.mark.parametrize("minimise", ["distance", "time", "cost", "co2e", "generalised"])
@pytest.mark.parametrize("modes", ["road", "multimodal"])
def test_limits_hold(modes, minimise):
    for destination in ("moscow", "tehran", "tashkent", "baku"):
        found = [
            c
            for c in find(destination=destination, modes=modes, minimise=minimise, ferries=True)
            if c.open
        ]
        assert 1 <= len(found) <= MOST
        assert all(c.route.found and c.ratio <= STRETCH and c.share <= OVERLAP for c in found)
        assert [c.ratio for c in found] == sorted(c.ratio for c in found)
        for a, b in combinations(found, 2):
            used = [({x.id for x in c.route.crossings}, set(c.route.countries)) for c in (a, b)]
            assert used[0] != used[1]
            assert a.name != b.name


def test_the_best_one_is_the_best_route():
    router = Router(NETWORK, Scenario(minimise="time"))
    best = corridors(router, PLACES["horgos"], PLACES["tehran"])[0]
    route = router.route(PLACES["horgos"], PLACES["tehran"])
    assert best.route.time_h == route.time_h
    assert best.route.countries == route.countries


def test_tighter_limits_find_no_more():
    wide = find(**OPEN, limits={"stretch": 2.0, "blocked": False})
    narrow = find(**OPEN, limits={"stretch": 1.0, "blocked": False})
    assert len(narrow) == 1 <= len(wide)
    assert len(find(**OPEN, limits={"most": 1, "blocked": False})) == 1


def test_blocked_ones_say_why():
    (blocked,) = find(destination="tehran", closed_countries=["TKM"])
    assert (blocked.name, blocked.reason) == (
        "Southern (Turkmenistan–Iran)",
        "the scenario closes TKM",
    )
    assert blocked.shut == ("TKM",)
    assert blocked.route.countries == ("KAZ", "UZB", "TKM", "IRN")
    assert blocked.to_dict()["status"] == "closed by scenario"
    (ferry,) = find(destination="baku")
    assert ferry.shut == ("aktau-alat-ferry",)
    assert ferry.reason.startswith("ferries are off")
    assert ferry.ratio != ferry.ratio  # there is no open one to compare with


def test_nothing_is_listed_where_there_is_no_way():
    assert find(destination="tokyo") == []


def test_asking_again_gives_the_same():
    first, second = ([c.to_dict() for c in find(**OPEN, ferries=True)] for _ in range(2))
    assert first == second


def test_plain_values_are_json():
    values = find(**OPEN)[0].to_dict()
    json.dumps(values, allow_nan=False)
    assert {
        "letter",
        "name",
        "status",
        "blocked",
        "weight_ratio",
        "shared_part",
        "crossings",
    } <= set(values)


def test_names_come_from_the_table():
    by_country = {c.route.countries: name_of(c.route) for c in find(**OPEN)}
    assert by_country["KAZ", "RUS"] == "Northern (Kazakhstan–Russia)"
    assert by_country["KAZ", "UZB", "RUS"] == "Northern (Kazakhstan–Russia)"


def test_the_table_names_what_exists():
    rows = datasets.read_rows("reference/corridors.csv")
    known = {
        row["id"]
        for name in ("crossings_road", "crossings_rail", "ferries")
        for row in datasets.read_rows(f"reference/{name}.csv")
    }
    for row in rows:
        assert set(filter(None, row["crossings"].split("|"))) <= known, row["id"]
        for column in ("needs", "without"):
            assert set(filter(None, row[column].split("|"))) <= set(countries())
        assert row["name"]
        assert row["name_zh"]
        assert row["name_ru"]
        assert row["source"]
        assert row["retrieved"] in ("retrieved", "recalled", "assumption")
    assert len({row["id"] for row in rows}) == len(rows)


def test_the_command_prints_text_and_json(tmp_path, capsys):
    folder = save_network(NETWORK, tmp_path / "network")
    ask = ["corridors", "almaty", "moscow", "--network", str(folder), "--open", "ustyurt-road"]
    main([*ask, "--format", "json"])
    answer = json.loads(capsys.readouterr().out)
    assert (answer["status"], answer["mode"], answer["minimise"]) == ("ok", "road", "distance")
    best = answer["corridors"][0]
    assert best["letter"] == "A"
    assert best["weight_ratio"] == 1.0
    assert not best["blocked"]
    assert best["time_h_low"] <= best["time_h"] <= best["time_h_high"]
    main(ask)
    text = capsys.readouterr().out
    assert text.startswith("Almaty – Moscow by road, least distance")
    assert "KAZ–RUS" in text


def test_the_command_says_why_there_is_none(tmp_path, capsys):
    folder = save_network(NETWORK, tmp_path / "network")
    ask = ["corridors", "almaty", "moscow", "--network", str(folder), "--close", "RUS"]
    main([*ask, "-f", "json"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "closed by scenario"
    assert [corridor["blocked"] for corridor in answer["corridors"]] == [True]
    assert answer["corridors"][0]["weight_ratio"] is None
    main(ask)
    assert "Blocked: the scenario closes RUS." in capsys.readouterr().out


EXPECTED = [
    ("Warsaw", "rail", "distance", {"Northern", "Northern (Baltic branch)", "Middle (TITR)"}),
    ("Duisburg", "rail", "distance", {"Northern", "Middle (TITR)"}),
    ("Duisburg", "road", "distance", {"Northern", "Middle (TITR)", "Upper Lars"}),
    ("Istanbul", "rail", "distance", {"Middle (TITR)", "Southern (Turkmenistan–Iran)", "Northern"}),
    ("Istanbul", "road", "distance", {"Southern (Turkmenistan–Iran)", "Middle (TITR)"}),
    ("Istanbul", "road", "time", {"Southern (Turkmenistan–Iran)", "Northern", "Middle (TITR)"}),
    ("Tehran", "rail", "time", {"Southern (Turkmenistan–Iran)"}),
    ("Tehran", "road", "distance", {"Southern (Turkmenistan–Iran)", "Caspian–Iran"}),
    ("Tashkent", "rail", "time", {"Central Asian line"}),
    ("Tashkent", "road", "distance", {"Central Asian line", "Through Kyrgyzstan"}),
    ("Baku", "rail", "distance", {"Middle (TITR)", "Dagestan–South Caucasus"}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("destination", "mode", "minimise", "names"), EXPECTED)
def test_planners_find_their_corridors(destination, mode, minimise, names):
    asked = Scenario(modes=mode, minimise=minimise, ferries=True)
    found = corridors(Router(load_network(), asked), "Horgos", destination)
    open_ = [c for c in found if c.open]
    assert names <= {name_of(c.route) for c in open_}
    assert all(c.ratio <= STRETCH and c.share <= OVERLAP for c in open_)


@pytest.mark.slow
def test_the_way_back_through_china_is_told_as_blocked():
    found = corridors(Router(load_network(), Scenario()), "Horgos", "Islamabad")
    (back,) = [c for c in found if c.shut == ("CHN",)]
    assert back.name == "Karakoram Highway (KKH)"
    assert back.reason == "it goes back through China"
    assert back.route.length_km < found[0].route.length_km
