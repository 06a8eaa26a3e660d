"""Days of the model beside published ones."""

from __future__ import annotations

import math

import pytest

from horgos_geo.core import datasets
from horgos_geo.model.estimate import Estimate
from horgos_geo.model.network import load_network
from horgos_geo.model.places import resolve
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.validation.transit_times import (
    Comparison,
    as_csv,
    compare_transit_times,
    describe,
    summarise,
)

BASES = ("", "first run", "record", "queues", "market", "no rest")


def comparison(published, low, central, high, likely=(math.nan, math.nan), **values):
    words = {
        "origin": "A", "destination": "B", "mode": "rail", "what": "", "basis": "", "source": "s",
        "year": "2024", "usable": "yes", "split": "new",
    }  # fmt: skip
    return Comparison(
        **{**words, **values},
        published_days=Estimate(published, published, published),
        model_days=Estimate(low, central, high),
        likely_days=Estimate(likely[0], central, likely[1]),
        route=None,
    )


def test_inside_and_error():
    item = comparison(10.0, 6.0, 8.0, 12.0)
    assert item.inside
    assert item.error_pct == pytest.approx(-20.0)
    assert not comparison(13.0, 6.0, 8.0, 12.0).inside
    assert comparison(10.0, 6.0, 8.0, 12.0, likely=(7.0, 10.0)).likely
    assert not comparison(11.0, 6.0, 8.0, 12.0, likely=(7.0, 10.0)).likely


def test_summary_leaves_out_what_was_not_found():
    items = [
        comparison(10.0, 6.0, 8.0, 12.0, likely=(7.0, 9.0)),
        comparison(10.0, 11.0, 15.0, 20.0),
        comparison(10.0, math.nan, math.nan, math.nan),
    ]
    summary = summarise(items)
    assert (summary.count, summary.inside_share, summary.near_share) == (2, 0.5, 0.5)
    assert summary.likely_share == 0.0
    assert summary.median_error_pct == pytest.approx(15.0)
    assert summary.median_absolute_error_pct == pytest.approx(35.0)
    assert summarise([]).count == 0


def test_csv_has_a_row_each():
    known = comparison(10.0, 6.0, 8.0, 12.0, likely=(7.0, 11.0))
    text = as_csv([known, comparison(1.0, *[math.nan] * 3)])
    head, first, second = text.splitlines()
    assert head.startswith("origin,destination,mode,basis,published_days,model_days,")
    assert first == "A,B,rail,,10,8.0,6.0,12.0,7.0,11.0,yes,-20,yes,new,2024,s"
    assert second == "A,B,rail,,1,,,,,,no,,yes,new,2024,s"


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


def test_a_chain_adds_up_its_modes():
    found = compare_transit_times(load_network(), split=("new",))
    chain = next(c for c in found if (c.origin, c.destination) == ("Kashgar", "Hairatan"))
    router = Router(load_network(), Scenario(minimise="time", gateway="irkeshtam"))
    road = router.route("Kashgar", "Osh")
    rail = router.with_(modes="rail").route("Osh", "Hairatan")
    hours = road.time_h + rail.time_h + router.parameters.transfer_h("")
    assert chain.model_days.central * 24 == pytest.approx(hours.central)
    assert chain.model_days.high * 24 == pytest.approx(hours.high)
    assert chain.model_days.low < chain.likely_days.low < chain.model_days.central
    assert chain.model_days.central < chain.likely_days.high < chain.model_days.high


def test_the_check_can_be_printed():
    items = [
        comparison(10.0, 6.0, 8.0, 12.0),
        comparison(10.0, 1.0, 2.0, 3.0, basis="queues", split="held"),
    ]
    text = describe(items)
    assert text.splitlines()[1].startswith(" -80 %")
    assert "OUTSIDE" in text.splitlines()[1]
    assert "usual: 1, 100% inside the band" in text
    assert "all: 2, 50% inside the band" in text
    assert "held out: 1, 0% inside the band" in text


def test_the_model_agrees_with_published_times():
    found = compare_transit_times(load_network())
    summary = summarise(found)
    assert summary.count >= 120
    assert summary.count == len(found), [c.origin for c in found if not c.found]
    assert summary.inside_share >= 0.9
    assert summary.near_share >= 0.75
    assert summary.median_absolute_error_pct <= 24.0
    assert abs(summary.median_error_pct) <= 12.0
    usual = summarise(item for item in found if not item.basis)
    assert usual.count >= 45
    assert usual.inside_share >= 0.95
    assert usual.likely_share >= 0.9
    assert usual.near_share >= 0.9
    # What was not at hand when the parameters were chosen counts for itself.
    held = summarise(item for item in found if item.split == "held")
    assert held.count >= 70
    assert held.inside_share >= 0.9
    assert held.likely_share >= 0.8
    assert held.near_share >= 0.75


def test_the_band_says_something():
    """A band from nothing to everything would hold all published times."""
    known = [item for item in compare_transit_times(load_network()) if item.found]
    widths = sorted(item.model_days.high / item.model_days.low for item in known)
    likely = sorted(item.likely_days.high / item.likely_days.low for item in known)
    assert widths[len(widths) // 2] < 3.0
    assert likely[len(likely) // 2] < 2.0
