"""Own numbers: read in every form, refused with the nearest name, and in force everywhere."""

from __future__ import annotations

import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.core.errors import ScenarioError
from horgos_geo.model.network import load_network
from horgos_geo.model.own_numbers import OwnNumbers, check_own, read_own
from horgos_geo.model.parameters import load_parameters
from horgos_geo.model.scenario import Scenario, load_scenario, scenario_from_options
from horgos_geo.routing.router import Router
from horgos_geo.routing.sources import numbers_behind

WAIT = "dwell_h.khorgos-altynkol-rail"


@pytest.fixture(scope="module")
def known():
    network = load_network()
    by_id = {crossing.id: crossing for crossing in network.crossings}
    return OwnNumbers(load_parameters(), by_id, network.links)


@pytest.mark.parametrize(
    "given",
    [{WAIT: 10}, {WAIT: [10, 10, 10]}, [f"{WAIT}=10"], f" {WAIT} = 10/10/10 ", [(WAIT, 10.0)]],
)
def test_own_numbers_are_read_in_every_form(given):
    assert read_own(given) == ((WAIT, (10.0, 10.0, 10.0)),)
    assert Scenario(parameters=given).parameters == read_own(given)


def test_a_scenario_keeps_them_through_files_and_changes(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(f"minimise: time\nparameters:\n  {WAIT}: 10\n  gauge_change_h: [1, 2, 6]\n")
    scenario = load_scenario(file)
    assert dict(scenario.parameters)["gauge_change_h"] == (1.0, 2.0, 6.0)
    assert scenario.with_(modes="rail").parameters == scenario.parameters
    added = scenario_from_options(file, parameters=["gauge_change_h=3", "sailing_h.x=1"])
    assert dict(added.parameters) == {
        WAIT: (10.0,) * 3,
        "gauge_change_h": (3.0,) * 3,
        "sailing_h.x": (1.0,) * 3,
    }
    file.write_text(added.to_yaml())
    assert load_scenario(file).parameters == added.parameters


@pytest.mark.parametrize(
    "given", ["dwell_h", "=3", "a=b", "a=-1", "a=3/2/1", "a=1/2", "a=1e9", "a="]
)
def test_what_is_no_number_is_refused(given):
    with pytest.raises(ScenarioError, match="parameters"):
        scenario_from_options(parameters=[given])
    with pytest.raises(ValueError, match="number"):
        read_own([given])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dwel_h", "Did you mean dwell_h"),
        ("dwell_h.khorgos-altynkol-rial", "Did you mean khorgos-altynkol-rail"),
        ("speed_kmh", r"speed_kmh\.MODE"),
        ("speed_kmh.rail.Atlantis", "No speed_kmh is listed for 'Atlantis'"),
        ("gauge_change_h.road", "gauge_change_h=NUMBER"),
        ("", "no parameter"),
    ],
)
def test_a_name_of_nothing_is_refused_with_the_nearest(known, name, words):
    own = ((name, (1.0, 1.0, 1.0)),)
    with pytest.raises(ScenarioError, match=words):
        known.in_force(own)
    with pytest.raises(ScenarioError, match=words):
        check_own(own)


def test_names_and_codes_mean_the_same(known):
    def speed(name):
        own = read_own({name: 33})
        return known.in_force(own).speed_kmh("rail", "TKM").central

    assert speed("speed_kmh.rail.TKM") == speed("speed_kmh.rail.Turkmenistan") == 33.0
    assert speed("speed_kmh.rail.KAZ") != 33.0
    assert speed("speed_kmh.rail.土库曼斯坦") == 33.0


def test_an_own_wait_is_all_of_it_in_both_directions_or_in_one(known):
    crossing = known.crossings["khorgos-altynkol-rail"]
    shipped = known.parameters.dwell_h(crossing, a_to_b=False)
    both = known.in_force(read_own({WAIT: 10}))
    assert [both.dwell_h(crossing, way).central for way in (True, False)] == [10.0, 10.0]
    one = known.in_force(read_own({f"{WAIT}.CHN.KAZ": 10}))
    assert one.dwell_h(crossing, a_to_b=True).high == 10.0
    assert one.dwell_h(crossing, a_to_b=False) == shipped
    by_name = known.in_force(read_own({"dwell_h.Khorgos": 10}))
    road = known.crossings["khorgos-nur-zholy-road"]
    assert by_name.dwell_h(road, a_to_b=True).central == 10.0


def test_routes_and_their_sources_follow():
    router = Router(fixture_network(), Scenario(modes="rail", minimise="time"))
    own = router.with_(parameters={"dwell_h.horgos-rail": 1.0, "gauge_change_h": 0.5})
    ends = PLACES["horgos"], PLACES["moscow"]
    before, after = router.route(*ends), own.route(*ends)
    saved = sum(
        leg.time_h.central for leg in before.legs if leg.crossing_id == "horgos-rail"
    ) - 1.5  # fmt: skip
    assert before.time_h.central - after.time_h.central == pytest.approx(saved)
    numbers = [number for number in numbers_behind(after) if number.row.where == "own"]
    assert {number.row.parameter for number in numbers} == {"dwell_h", "gauge_change_h"}
    assert all(number.to_dict()["basis"] == "own" for number in numbers)
    assert own.with_(parameters={}).route(*ends).time_h == before.time_h
    costs = own.od_matrix([ends[0]], [ends[1]])[0][0, 0]
    assert costs == pytest.approx(after.time_h.central, rel=1e-3)
    with pytest.raises(ScenarioError, match="Did you mean"):
        router.with_(parameters={"dwell_h.horgos-ral": 1.0})
