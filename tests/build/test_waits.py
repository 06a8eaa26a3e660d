"""Waits at border posts, estimated together."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from horgos_geo.build import waits
from horgos_geo.build.opening import opening_rows, opening_wait
from horgos_geo.build.wait_observations import OF_YEAR, Borders, Observation, observations
from horgos_geo.core import datasets

Row = dict[str, str]


@pytest.fixture(scope="module")
def evidence() -> list[Row]:
    return datasets.read_rows(waits.EVIDENCE)


@pytest.fixture(scope="module")
def borders() -> Borders:
    return Borders()


@pytest.fixture(scope="module")
def fitted(evidence: list[Row], borders: Borders) -> dict[tuple[str, str], waits.Wait]:
    """Waits by road at the listed posts, by post and country that is left."""
    return {
        (wait.post, wait.country): wait for wait in waits.waits(evidence, "road", borders)
    }  # fmt: skip


def seen(**cells: str) -> Row:
    """Return a row of evidence: ten hours from Kazakhstan to Russia at Auyl, unless said."""
    row = {
        "id": "x", "crossing": "auyl-veseloyarsk-road", "country_from": "KAZ", "country_to": "RUS",
        "mode": "road", "year": "2025", "month": "", "value": "10", "statistic": "usual",
        "period": "usual", "what": "wait", "side": "from", "area": "", "retrieved": "retrieved",
        "service": "",
    }  # fmt: skip
    return {**row, **cells}


def kinds(item: Observation) -> set[tuple[str, str]]:
    return {(kind, name) for kind, name, _ in item.loadings}


# Observations -------------------------------------------------------------------------------------


def test_an_observation_is_of_countries_regions_pair_and_post(borders: Borders) -> None:
    (item,) = observations([seen()], "road", borders)
    assert item.value == pytest.approx(math.log(10))
    assert item.weight == 1.0
    assert {
        ("country", "leaving KAZ"), ("side", "from"), ("union", "eaeu"),
        ("regions", "central-asia+russia"), ("pair", "KAZ+RUS"), ("pair direction", "KAZ>RUS"),
        ("post", "auyl-veseloyarsk-road"), ("post side", "auyl-veseloyarsk-road KAZ"),
    } <= kinds(item)  # fmt: skip
    assert ("country", "entering RUS") not in kinds(item)


def test_old_epidemic_and_assumed_figures_count_less(borders: Borders) -> None:
    rows = [
        seen(id="now"),
        seen(id="old", year="2021"),
        seen(id="epidemic", year="2021", period="epidemic"),
        seen(id="assumed", retrieved="assumption"),
        seen(id="undated", year=""),
    ]
    weight = {item.id: item.weight for item in observations(rows, "road", borders)}
    assert weight == {
        "now": 1.0, "old": 0.5, "epidemic": 0.125, "assumed": 0.25,
        "undated": pytest.approx(1 / (1 + 1.25**2)),
    }  # fmt: skip


def test_a_figure_of_both_sides_is_made_of_each_by_its_share(borders: Borders) -> None:
    (item,) = observations([seen(side="both")], "road", borders)
    share = {(kind, name): size for kind, name, size in item.loadings if kind == "country"}
    assert share == {("country", "leaving KAZ"): 0.7, ("country", "entering RUS"): 0.3}
    # Seven hours on one side and three on the other: the sum of logarithms is that of the ten.
    assert item.value == pytest.approx(0.7 * math.log(7) + 0.3 * math.log(3))


def test_an_average_over_a_year_is_above_an_ordinary_week(borders: Borders) -> None:
    (item,) = observations([seen(statistic="mean")], "road", borders)
    assert item.value == pytest.approx(math.log(10) - OF_YEAR)


def test_an_average_of_both_directions_does_not_count_beside_each_of_them(
    borders: Borders,
) -> None:
    country = {"crossing": "", "statistic": "mean", "area": "KAZ", "side": ""}
    rows = [
        seen(id="all", country_from="", country_to="", **country),
        seen(id="out", country_to="", **{**country, "side": "from"}),
        seen(id="in", country_from="", country_to="KAZ", **{**country, "side": "to"}),
        seen(id="earlier", country_from="", country_to="", **{**country, "year": "2019"}),
    ]
    found = observations(rows, "road", borders)
    assert [item.id for item in found] == ["out", "in", "earlier"]
    assert ("country", "entering KAZ") in kinds(found[2])


def test_queues_and_other_modes_are_left_aside(borders: Borders) -> None:
    rows = [seen(what="queue"), seen(mode="rail", crossing="")]
    assert not observations(rows, "road", borders)


# Estimates ----------------------------------------------------------------------------------------


def test_quantiles_of_a_mixture() -> None:
    q = np.array([0.1, 0.5, 0.9])
    one = waits.mixture(10.0, 0.6, [1.0], [1.0], q)
    assert one[1] == pytest.approx(10.0)
    assert one[2] == pytest.approx(10.0 * math.exp(0.6 * 1.2815516), rel=1e-4)
    random = np.random.default_rng(0)
    bad = random.random(400_000) < 0.15
    drawn = 10.0 * np.exp(0.6 * random.normal(size=400_000)) * np.where(bad, 7.0, 1.0)
    both = waits.mixture(10.0, 0.6, [0.85, 0.15], [1.0, 7.0], q)
    assert both == pytest.approx(np.quantile(drawn, q), rel=0.02)


def test_every_listed_post_has_both_directions(
    fitted: dict[tuple[str, str], waits.Wait], borders: Borders
) -> None:
    for post, row in borders.posts["road"].items():
        for country in (row["country_a"], row["country_b"]):
            wait = fitted[post, country]
            assert 0 < wait.low < wait.value < wait.high < 1000


def test_a_post_without_evidence_is_never_better_than_the_main_one_of_its_pair(
    fitted: dict[tuple[str, str], waits.Wait],
) -> None:
    judged = 0
    for (post, country), wait in fitted.items():
        if wait.own_share or not wait.main_post or not country:
            continue
        main = fitted[wait.main_post, country]
        assert wait.low >= main.low, post
        assert wait.value >= main.value, post
        assert wait.high >= main.high, post
        judged += 1
    assert judged > 100


def test_main_posts_are_those_that_the_trade_knows(
    fitted: dict[tuple[str, str], waits.Wait],
) -> None:
    def main(post: str, country: str) -> str:
        return fitted[post, country].main_post

    assert main("baketu-bakhty-road", "CHN") == "khorgos-nur-zholy-road"
    assert main("kazygurt-ghishtkuprik-road", "KAZ") == "b-konysbayeva-yallama-road"
    assert main("vakhtangisi-ikhtapa-road", "AZE") == "red-bridge-krasny-most-tsiteli-khidi-road"
    assert main("brest-terespol-road", "BLR") == "kozlovichi-kukuryki-road"
    assert main("heihe-blagoveshchensk-road", "CHN") == "manzhouli-zabaikalsk-road"


def test_own_evidence_counts_more_where_there_is_more(
    fitted: dict[tuple[str, str], waits.Wait],
) -> None:
    share = {post: fitted[post, "KAZ"].own_share for post, country in fitted if country == "KAZ"}
    assert share["khorgos-nur-zholy-road"] > 0.5
    assert 0 < share["baketu-bakhty-road"] < share["khorgos-nur-zholy-road"]
    assert share["zhibek-zholy-gisht-kuprik-road"] == 0.0
    listed = fitted["khorgos-nur-zholy-road", "CHN"].evidence
    assert "w-khorgos-nur-zholy-chn-kaz-road-2023-1" in listed


def test_the_wait_at_khorgos_is_that_of_a_middling_lorry(
    fitted: dict[tuple[str, str], waits.Wait],
) -> None:
    """The average of 2023 was 51 h on the Chinese side alone; most lorries waited less."""
    wait = fitted["khorgos-nur-zholy-road", "CHN"]
    assert 16 < wait.value < 45
    assert wait.low < 16.4
    assert wait.high > 77.5


def test_kazakhstan_to_russia_is_nearer_to_a_day_than_to_three_hours_where_queues_were(
    fitted: dict[tuple[str, str], waits.Wait],
) -> None:
    for post in ("kairak-bugristoye-road", "auyl-veseloyarsk-road", "zhanazhol-petukhovo-road"):
        wait = fitted[post, "KAZ"]
        assert math.log(wait.value / 3) > math.log(24 / wait.value)
        assert wait.high > 36


# Post hours ---------------------------------------------------------------------------------------


def test_waiting_for_a_post_to_open_over_the_week() -> None:
    low, mean, high = opening_wait(5, 24)
    assert (low, mean) == (0.0, pytest.approx(48**2 / 2 / 168, rel=0.01))
    assert high == pytest.approx(48 - 0.1 * 168, abs=0.2)
    assert opening_wait(7, 12)[1] == pytest.approx(12**2 / 2 / 24, rel=0.01)


def test_only_posts_that_shut_have_a_row() -> None:
    rows = {row["crossing"]: row for row in opening_rows(datasets.read_rows(waits.OPENING))}
    assert "irkeshtam-irkeshtam-road" in rows
    assert "torugart-torugart-road" in rows
    assert "khorgos-nur-zholy-road" not in rows
    assert rows["irkeshtam-irkeshtam-road"]["parameter"] == "opening_h"
    assert float(rows["irkeshtam-irkeshtam-road"]["value"]) > 6


# The table ----------------------------------------------------------------------------------------


def test_the_shipped_table_is_that_of_the_evidence(tmp_path: Path) -> None:
    written = waits.write(tmp_path / "waits.csv").read_bytes()
    assert written == datasets.path(waits.TABLE).read_bytes(), "Run `horgos network fit`."


def test_observations_behind_a_wait_stand_in_the_evidence(evidence: list[Row]) -> None:
    ids = {row["id"] for row in evidence}
    for row in datasets.read_rows(waits.TABLE):
        if row["parameter"] == "dwell_h" and row["evidence"]:
            assert set(row["evidence"].split("|")) <= ids
        if float(row["own_share"] or 0) or (row["parameter"] == "dwell_h" and not row["crossing"]):
            assert row["evidence"], row["applies_to"]
