"""Days of the model beside published ones."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from horgos_geo.core import datasets
from horgos_geo.model.network import load_network
from horgos_geo.model.places import resolve
from horgos_geo.routing.router import Router
from horgos_geo.validation.transit_times import (
    compare_transit_times,
    judged,
    summaries,
    summarise,
)

BASES = ("", "first run", "record", "queues", "market", "no rest")


def times(*days: tuple[float, ...], **columns: object) -> pd.DataFrame:
    """Return times of (published, low, central, high, likely low, likely high)."""
    names = ["published_days", "model_days_low", "model_days", "model_days_high",
             "likely_days_low", "likely_days_high"]  # fmt: skip
    about = {"basis": "", "split": "new", **columns}
    return judged(pd.DataFrame(days, columns=names).assign(**about))


def test_what_lies_inside_a_band_is_told() -> None:
    found = times((10.0, 6.0, 8.0, 12.0, 7.0, 10.0), (13.0, 6.0, 8.0, 12.0, 7.0, 10.0),
                  (11.0, 6.0, 8.0, 12.0, 7.0, 10.0), (10.0, *[math.nan] * 5))  # fmt: skip
    assert found["inside"].to_list() == [True, False, True, False]
    assert found["likely"].to_list() == [True, False, False, False]
    assert found["near"].to_list() == [True, False, True, False]
    assert found["error_pct"][0] == pytest.approx(-20.0)


def test_summary_leaves_out_what_was_not_found() -> None:
    found = times(
        (10.0, 6.0, 8.0, 12.0, 7.0, 9.0),
        (10.0, 11.0, 15.0, 20.0, 12.0, 18.0),
        (10.0, *[math.nan] * 5),
    )
    summary = summarise(found)
    assert (summary["count"], summary["inside_pct"], summary["near_pct"]) == (2, 50, 50)
    assert summary["likely_pct"] == 0.0
    assert summary["median_error_pct"] == pytest.approx(15.0)
    assert summary["median_absolute_error_pct"] == pytest.approx(35.0)
    assert summarise(found[:0])["count"] == 0


def test_kinds_are_summed_up_apart() -> None:
    usual = times((10.0, 6.0, 8.0, 12.0, 7.0, 11.0))
    queues = times((10.0, 1.0, 2.0, 3.0, 1.5, 2.5), basis="queues", split="held")
    found = summaries(pd.concat([usual, queues]))
    assert found.index.to_list() == ["all", "usual", "queues", "held out"]
    assert found["inside_pct"].to_list() == [50, 100, 0, 0]


def test_the_columns_that_say_how_to_ask_are_filled_well():
    gateways = {row["id"] for row in datasets.read_rows("reference/gateways.csv")}
    for row in datasets.read_rows("reference/published_transit_times.csv"):
        assert row["gateway"] in gateways | {""}
        assert row["ferries"] in ("yes", "")
        assert row["inside"] in ("yes", "")
        assert row["basis"] in BASES
        # What is set apart says why.
        assert not row["basis"] or row["note"] or row["basis"].split()[0] in row["what"]
        for leg in filter(None, row["legs"].split("|")):
            mode, _, place = leg.partition(":")
            assert mode in ("road", "rail")
            assert not place or resolve(place)


@pytest.fixture(scope="module")
def router() -> Router:
    return Router(load_network())


@pytest.fixture(scope="module")
def found(router: Router) -> pd.DataFrame:
    return compare_transit_times(router)


def test_a_chain_adds_up_its_modes(router: Router, found: pd.DataFrame) -> None:
    chain = found[(found["origin"] == "Kashgar") & (found["destination"] == "Hairatan")].iloc[0]
    first = router.with_(minimise="time", gateway="irkeshtam")
    road = first.route("Kashgar", "Osh")
    rail = first.with_(modes="rail").route("Osh", "Hairatan")
    hours = road.time_h + rail.time_h + first.parameters.transfer_h("")
    assert chain["model_days"] * 24 == pytest.approx(hours.central)
    assert chain["model_days_high"] * 24 == pytest.approx(hours.high)
    assert chain["model_days_low"] < chain["likely_days_low"] < chain["model_days"]
    assert chain["model_days"] < chain["likely_days_high"] < chain["model_days_high"]


def test_the_model_agrees_with_published_times(found: pd.DataFrame) -> None:
    summary = summarise(found)
    assert summary["count"] >= 120
    assert summary["count"] == len(found), found[found["model_days"].isna()]
    assert summary["inside_pct"] >= 90
    assert summary["near_pct"] >= 75
    assert summary["median_absolute_error_pct"] <= 24.0
    assert abs(summary["median_error_pct"]) <= 12.0
    usual = summarise(found[found["basis"] == ""])
    assert usual["count"] >= 45
    assert usual["inside_pct"] >= 95
    assert usual["likely_pct"] >= 90
    assert usual["near_pct"] >= 90
    # What was not at hand when the parameters were chosen counts for itself.
    held = summarise(found[found["split"] == "held"])
    assert held["count"] >= 70
    assert held["inside_pct"] >= 90
    assert held["likely_pct"] >= 80
    assert held["near_pct"] >= 75


def test_the_band_says_something(found: pd.DataFrame) -> None:
    """A band from nothing to everything would hold all published times."""
    assert (found["likely_days_high"] / found["likely_days_low"]).median() < 2.1
