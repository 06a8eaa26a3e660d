"""Crossings as a table: all of them, named in three languages, with the waits in force."""

from __future__ import annotations

import json
import math

import pytest
from fixture import fixture_network

from horgos_geo.analysis.crossings import COLUMNS, crossings
from horgos_geo.cli import main
from horgos_geo.core.errors import PlaceNotFound
from horgos_geo.model.network import load_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

WAIT = "khorgos-altynkol-rail"


@pytest.fixture(scope="module")
def router():
    return Router(load_network())


def test_each_crossing_has_a_row_with_its_waits(router):
    found = crossings(router)
    assert tuple(found.columns) == COLUMNS
    assert found.index.tolist() == [crossing.id for crossing in router.network.crossings]
    horgos = found.loc[WAIT]
    crossing = router.network.crossings[router.network.crossing_index[WAIT]]
    wait = router.parameters.dwell_h(crossing, a_to_b=False)
    assert (horgos["wait_ba_low_h"], horgos["wait_ba_h"]) == (wait.low, wait.central)
    assert horgos["wait_source"]
    assert (horgos.geometry.x, horgos.geometry.y) == (crossing.lon, crossing.lat)
    assert "霍尔果斯" in horgos["name_zh"]
    assert math.isnan(found[found["kind"] == "open_area"].iloc[0]["wait_ab_h"])
    ferry = found[found["mode"] == "ferry"].iloc[0]
    assert ferry["wait_ab_h"] > 0


def test_a_country_and_a_mode_choose(router):
    found = crossings(router, "Қазақстан", "rail")
    assert set(found["mode"]) == {"rail"}
    assert all("KAZ" in ends for ends in found[["country_a", "country_b"]].to_numpy())
    assert len(found) < len(crossings(router, "KAZ"))
    with pytest.raises(PlaceNotFound, match="Atlantis"):
        crossings(router, "Atlantis")


def test_the_scenario_opens_shuts_and_sets_waits():
    asked = Scenario(closed_crossings=["horgos-road"], parameters={"dwell_h.horgos-rail": 5})
    found = crossings(Router(fixture_network(), asked))
    assert not found.loc["horgos-road", "usable"]
    assert found.loc["horgos-rail", "usable"]
    assert found.loc["horgos-rail", ["wait_ab_h", "wait_ba_h"]].tolist() == [5.0, 5.0]
    assert found.loc["horgos-rail", "wait_basis"] == "own"


def test_the_command(capsys):
    main(["crossings", "--country", "KAZ", "--mode", "rail", "-f", "json"])
    said = json.loads(capsys.readouterr().out)["crossings"]
    assert WAIT in {row["id"] for row in said}
    assert {row["mode"] for row in said} == {"rail"}
    main(["crossings", "--country", "KAZ", "--mode", "rail"])
    text = capsys.readouterr().out
    assert text.splitlines()[0].startswith("Id")
    assert "霍尔果斯" in text
    assert "Хоргос" in text
