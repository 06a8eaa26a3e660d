"""The reference tables: complete, consistent, and each row with its source."""

from __future__ import annotations

import math
import re
from collections import Counter

import pytest

from horgos_geo.core import datasets
from horgos_geo.model import places

Rows = list[dict[str, str]]
TABLES = ["destinations", "gateways", "origins", "countries", "rail_terminals", "horgos_facts"]
HEADLINE = {
    "Almaty", "Bishkek", "Tashkent", "Novosibirsk", "Tehran", "Moscow", "Baku", "Warsaw",
    "Istanbul", "Duisburg",
}  # fmt: skip


def rows(name: str) -> Rows:
    return datasets.read_rows(f"reference/{name}.csv")


def great_circle_km(a: dict[str, str], b: tuple[str, str]) -> float:
    lon1, lat1, lon2, lat2 = map(math.radians, map(float, (a["lon"], a["lat"], *b)))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 6371 * 2 * math.asin(math.sqrt(h))


@pytest.mark.parametrize("name", TABLES)
def test_ids_are_unique_and_plain(name: str) -> None:
    ids = [row["iso3" if name == "countries" else "id"] for row in rows(name)]
    assert not [id_ for id_, count in Counter(ids).items() if count > 1]
    assert all(re.fullmatch(r"[a-zA-Z0-9-]+", id_) for id_ in ids)


@pytest.mark.parametrize("name", [*TABLES, "bri_countries"])
def test_every_row_has_a_source(name: str) -> None:
    source, retrieved = ("names_source", None) if name == "countries" else ("source", "retrieved")
    for row in rows(name):
        assert row[source]
        assert retrieved is None or re.fullmatch(r"yes|recalled|\d{4}-\d\d-\d\d", row[retrieved])


@pytest.mark.parametrize("name", ["destinations", "gateways", "origins", "rail_terminals"])
def test_coordinates_lie_in_eurasia(name: str) -> None:
    for row in rows(name):
        assert -10 <= float(row["lon"]) <= 145
        assert 1 <= float(row["lat"]) <= 72


def test_destinations_cover_the_belt_and_road() -> None:
    destinations = rows("destinations")
    assert len(destinations) >= 120
    wanted = {
        row["iso3"]
        for row in rows("countries")
        if row["bri_signed"] == "yes" and row["land_reachable"] == "yes"
    }
    assert not wanted - {row["country"] for row in destinations}
    count = Counter(row["country"] for row in destinations)
    assert count["KAZ"] >= 20
    assert count["UZB"] >= 12
    assert count["RUS"] >= 30
    capitals = {row["country"] for row in destinations if row["kind"] == "capital"}
    # The Palestinian seat of government is no capital by every list.
    assert wanted - capitals <= {"PSE"}


def test_groups_mean_what_they_say() -> None:
    destinations = rows("destinations")
    groups = {row["name"]: row["groups"].split(";") for row in destinations}
    assert {name for name, of in groups.items() if "headline" in of} == HEADLINE
    for row in destinations:
        of = groups[row["name"]]
        assert ("story" in of) == (row["country"] in ("KAZ", "UZB", "RUS"))
        assert ("bri" in of) == (row["bri_signed"] == "yes")
        assert ("capitals" in of) == (row["kind"] == "capital")
        assert row["kind"] in ("capital", "city", "terminal", "port")
    assert "bri" not in groups["Milan"]
    assert sum("eu-terminals" in of for of in groups.values()) >= 20


def test_membership_agrees_between_tables() -> None:
    world = {row["iso3"]: row for row in rows("bri_countries")}
    for row in (*rows("destinations"), *rows("countries")):
        code = row.get("country") or row["iso3"]
        if code in world:
            assert (row["bri_signed"], row["bri_year"]) == (
                world[code]["bri_signed"], world[code]["bri_year"],
            )  # fmt: skip
    assert all(re.fullmatch(r"20\d\d|", row["bri_year"]) for row in world.values())


def test_terminals_are_near_their_cities() -> None:
    for row in (*rows("destinations"), *rows("origins")):
        has = [bool(row[f"terminal_{part}"]) for part in ("name", "lon", "lat", "source")]
        assert len(set(has)) == 1
        if has[0]:
            assert great_circle_km(row, (row["terminal_lon"], row["terminal_lat"])) < 90


def test_spellings_are_in_their_scripts() -> None:
    for name in ("destinations", "gateways", "origins", "countries"):
        for row in rows(name):
            assert re.search("[\u4e00-\u9fff]", row["name_zh"]), row
            assert re.search("[а-яА-Я]", row["name_ru"]), row
            assert not re.search("[а-яА-Я\u4e00-\u9fff]", row["name"]), row


def test_gateways_name_listed_crossings() -> None:
    crossings = {
        mode: {row["id"]: row for row in rows(f"crossings_{mode}")} for mode in ("road", "rail")
    }
    for gateway in rows("gateways"):
        ids = {mode: gateway[f"{mode}_crossing_id"] for mode in crossings}
        assert any(ids.values())
        for mode, id_ in ids.items():
            if id_:
                crossing = crossings[mode][id_]
                sides = {crossing["country_a"], crossing["country_b"]}
                assert sides == {"CHN", gateway["country_beyond"]}
                assert great_circle_km(gateway, (crossing["lon"], crossing["lat"])) < 30


def test_every_open_chinese_crossing_has_a_gateway() -> None:
    used = {row[f"{mode}_crossing_id"] for row in rows("gateways") for mode in ("road", "rail")}
    for mode in ("road", "rail"):
        for row in rows(f"crossings_{mode}"):
            if "CHN" in (row["country_a"], row["country_b"]) and row["status"] == "open":
                assert row["id"] in used


def test_no_post_is_listed_twice() -> None:
    for mode in ("road", "rail"):
        at = [
            (frozenset((r["country_a"], r["country_b"])), r["lon"], r["lat"])
            for r in rows(f"crossings_{mode}")
        ]
        assert len(at) == len(set(at))


def test_the_gateways_of_the_comparison_are_there() -> None:
    ids = {row["id"] for row in rows("gateways")}
    assert {
        "horgos", "alashankou", "bakhty", "torugart", "irkeshtam", "khunjerab", "erenhot",
        "manzhouli", "suifenhe",
    } <= ids  # fmt: skip
    horgos = places.resolve("horgos")
    assert horgos.gateway == {"road": "khorgos-nur-zholy-road", "rail": "khorgos-altynkol-rail"}


def test_car_makers() -> None:
    assert len(places.origins("car-makers")) >= 12
    assert {p.country for p in places.origins()} == {"CHN"}


def test_facts_keep_their_bases_apart() -> None:
    facts = {row["id"]: row for row in rows("horgos_facts")}
    yearly = [
        row
        for row in facts.values()
        if row["unit"] == "vehicles" and row["period"] == "year" and row["basis"] == "customs"
    ]
    assert {(row["year"], row["value"]) for row in yearly} == {
        ("2025", "450000"), ("2024", "421000"), ("2023", "303800"),
    }  # fmt: skip
    assert "closest ports" in facts["claim-2023"]["value"]
    for row in facts.values():
        assert row["unit"]
        if row["unit"].startswith("vehicles"):
            assert row["basis"]


def test_no_row_names_a_path_of_a_machine() -> None:
    for name in [*TABLES, "bri_countries"]:
        text = datasets.path(f"reference/{name}.csv").read_text("utf-8").lower()
        assert not re.search(r"(?<![\w./-])/(?:home|root|tmp|users|work)/", text)
