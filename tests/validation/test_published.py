"""Published distances and transit times: complete, plausible, sourced and honestly marked."""

from __future__ import annotations

import itertools

import pytest
from pyproj import Geod

from horgos_geo.core import datasets

GEOD = Geod(ellps="WGS84")
RETRIEVED = {"retrieved", "recalled"}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module", params=["road", "rail"])
def distances(request: pytest.FixtureRequest) -> Rows:
    return datasets.read_rows(f"reference/published_{request.param}_distances.csv")


@pytest.fixture(scope="module")
def times() -> Rows:
    return datasets.read_rows("reference/published_transit_times.csv")


def great_circle_km(row: dict[str, str]) -> float:
    lon, lat, dest_lon, dest_lat = (
        float(row[f"{end}_{axis}"]) for end in ("origin", "dest") for axis in ("lon", "lat")
    )
    return float(GEOD.inv(lon, lat, dest_lon, dest_lat)[2]) / 1000


def test_every_distance_has_ends_length_group_and_source(distances: Rows) -> None:
    for row in distances:
        where = f"{row['origin']} - {row['dest']}"
        assert all(row[column] for column in ("origin", "dest", "group", "source")), where
        assert row["usable"] in {"yes", "loose", "no"}, where
        assert row["split"] in {"shared", "new", "second"}, where
        assert row["retrieved"] in RETRIEVED, where
        assert float(row["km"]) > 0, where


def test_usable_distances_fit_the_globe(distances: Rows) -> None:
    for row in distances:
        if row["usable"] == "yes":
            straight_km, km = great_circle_km(row), float(row["km"])
            where = f"{row['origin']} - {row['dest']}: {km} km, {straight_km:.0f} km straight"
            # A kilometre of grace for towns that are not points.
            assert straight_km - 1 <= km <= 3 * straight_km + 1, where


def test_no_distance_stands_twice(distances: Rows) -> None:
    seen = [
        (frozenset((row["origin"], row["dest"])), row["km"], row["source"])
        for row in distances
        if row["usable"] == "yes"
    ]
    assert len(seen) == len(set(seen))


def test_what_is_not_used_says_why(distances: Rows) -> None:
    silent = [row for row in distances if row["usable"] == "no" and not row["note"]]
    assert silent == []


@pytest.mark.parametrize("split", ["new", "second"])
def test_there_is_enough_that_was_not_given(distances: Rows, split: str) -> None:
    new = [row for row in distances if row["split"] == split and row["usable"] == "yes"]
    assert len(new) >= 60
    assert len({row["group"] for row in new}) >= 25
    assert sum(row["retrieved"] == "retrieved" for row in new) >= len(new) / 2


def test_rows_between_the_same_ends_share_a_group(distances: Rows) -> None:
    usable = [row for row in distances if row["usable"] == "yes"]
    by_ends = sorted((sorted((row["origin"], row["dest"])), row["group"]) for row in usable)
    for _, found in itertools.groupby(by_ends, key=lambda item: item[0]):
        assert len({group for _, group in found}) == 1


def test_transit_times_are_ordered_and_sourced(times: Rows) -> None:
    for row in times:
        where = f"{row['origin']} - {row['destination']}"
        low, days, high = (float(row[name]) for name in ("days_low", "days", "days_high"))
        assert 0 < low <= days <= high < 100, where
        assert row["mode"] in {"road", "rail", "multimodal"}, where
        assert row["usable"] in {"yes", "loose", "no"}, where
        assert row["split"] in {"shared", "new", "held"}, where
        assert row["retrieved"] in RETRIEVED, where
        assert all(row[column] for column in ("what", "source", "year")), where


def test_what_a_transit_time_closes_is_known(times: Rows) -> None:
    files = [datasets.read_rows(f"reference/crossings_{mode}.csv") for mode in ("road", "rail")]
    known = {row["id"] for file in files for row in file}
    countries = {row[end] for file in files for row in file for end in ("country_a", "country_b")}
    closed = {name for row in times for name in row["close"].split("|")} - {""}
    assert closed <= known | countries


def test_transit_times_reach_from_horgos_to_every_side(times: Rows) -> None:
    from_horgos = {row["destination"] for row in times if row["origin"] == "Khorgos"}
    assert {"Tashkent", "Warsaw", "Brest", "Baku", "Poti", "Constanta"} <= from_horgos
    for split, fewest in (("new", 40), ("held", 70)):
        assert sum(row["split"] == split and row["usable"] == "yes" for row in times) >= fewest


def test_no_transit_time_stands_twice(times: Rows) -> None:
    keys = ("origin", "destination", "mode", "days", "source")
    seen = [tuple(row[key] for key in keys) for row in times]
    assert len(seen) == len(set(seen))


def test_speed_of_published_trips_is_possible(times: Rows) -> None:
    for row in times:
        if row["km"] and row["usable"] != "no":
            speed_kmh = float(row["km"]) / (float(row["days"]) * 24)
            assert 5 < speed_kmh < 55, f"{row['origin']} - {row['destination']}: {speed_kmh:.0f}"
