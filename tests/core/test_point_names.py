"""Names of crossings and terminals in Chinese and Russian."""

from __future__ import annotations

import re

import pytest

import horgos_geo as hg
from horgos_geo.core import datasets, point_names
from horgos_geo.core.text import Text

CJK = re.compile(r"[\u4e00-\u9fff]")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
SCRIPTS = {"zh": CJK, "ru": CYRILLIC}


@pytest.fixture(scope="module")
def story() -> list[hg.Route]:
    router = hg.Router(hg.load_network(), hg.Scenario(modes=("rail",), ferries=True))
    ends = [p for group in ("story", "headline") for p in hg.select([group])]
    modes = ("road", "rail", "multimodal")
    return [r for mode in modes for r in router.with_(modes=mode).routes("Horgos", ends)]


@pytest.mark.parametrize("language", ["zh", "ru"])
def test_every_point_on_the_routes_of_the_story_is_named(
    story: list[hg.Route], language: str
) -> None:
    text = Text(language)
    waits = ("border", "gauge", "transfer", "ferry")
    points = {leg.from_name for r in story for leg in r.legs if leg.kind in waits}
    assert len(points) > 30
    unnamed = {name for name in points if not SCRIPTS[language].search(text.point(name))}
    assert not unnamed


def test_a_break_of_gauge_inside_a_country_has_a_name(story: list[hg.Route]) -> None:
    breaks = [leg for r in story for leg in r.legs if leg.kind == "gauge"]
    assert {leg.from_name for leg in breaks} >= {"Khorgos (Horgos) - Altynkol"}
    assert all(leg.from_name for leg in breaks)
    assert point_names.gauge_place(43.49, 41.33) == "Akhalkalaki"
    assert point_names.gauge_place(80.0, 44.0) == ""


def test_the_table_is_whole() -> None:
    rows = datasets.read_rows(point_names.TABLE)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert CJK.search(row["name_zh"]), row["id"]
        assert CYRILLIC.search(row["name_ru"]), row["id"]
        assert not CJK.search(row["name_ru"]), row["id"]
        assert row["retrieved"] in ("yes", "recalled"), row["id"]
        assert ("GeoNames" in row["source"]) or row["retrieved"] == "recalled", row["id"]


def test_the_table_names_what_the_network_has() -> None:
    network = hg.load_network()
    known = {c.id: c.name for c in network.crossings} | {t.id: t.name for t in network.terminals}
    for row in datasets.read_rows(point_names.TABLE):
        if row["kind"] in ("crossing", "terminal") and row["id"] in known:
            assert known[row["id"]] == row["name"]


@pytest.mark.parametrize("language", ["zh", "ru"])
def test_every_point_of_the_network_is_named(language: str) -> None:
    network, text = hg.load_network(), Text(language)
    points = [*network.crossings, *network.terminals]
    assert len(points) > 700
    assert not [p.id for p in points if not SCRIPTS[language].search(text.point(p.name))]
    ids = {row["id"] for row in datasets.read_rows(point_names.TABLE)}
    assert not [p.id for p in points if p.id not in ids and not point_names.unlisted(p.name)]


def test_names_that_the_table_lacks_stay_latin() -> None:
    assert Text("zh").point("Nowhere Halt") == "Nowhere Halt"
    assert Text("en").point("Terespol - Brest") == "Terespol – Brest"
    assert Text("ru").point("Terespol - Brest") == "Тересполь – Брест"
    assert Text("zh").point("ESP–FRA border (no control)") == "西班牙–法国边境（无检查）"
    assert Text("zh").point_of("khorgos-altynkol-rail") == "霍尔果斯–阿腾科里"


def test_phrases_of_the_data_are_translated() -> None:
    reasons = {row["reason"] for row in datasets.read_rows("curation/misses.csv")}
    for language, script in SCRIPTS.items():
        text = Text(language)
        assert all(script.search(text.phrase(reason)) for reason in reasons if reason)
    assert Text("en").phrase("first half") == "first half"
    assert Text("zh").phrase("not in the list") == "not in the list"


def test_joining_words_follow_the_language() -> None:
    assert Text("zh").said("北线", "9 天") == "北线：9 天"
    assert Text("ru").aside("9", "6–21") == "9 (6–21)"
    assert Text("zh").comma(["a", "b"]) == "a，b"
