"""Scenarios: what is accepted, what is refused, in one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from horgos_geo.core.errors import MissingData, ScenarioError
from horgos_geo.core.yaml_files import read_yaml
from horgos_geo.model.scenario import Scenario, load_scenario, make_scenario


def test_modes_are_ordered_and_named():
    assert make_scenario({"modes": ["rail", "road"]}).modes == ("road", "rail")
    assert make_scenario({"modes": "multimodal"}).mode_label == "multimodal"
    assert make_scenario({"modes": "rail"}).mode_label == "rail"


def test_countries_and_crossings_go_by_name_in_three_languages():
    for name in ("Russia", "俄罗斯", "Россия", "ru", "RUS"):
        assert make_scenario({"closed_countries": [name]}).closed_countries == ("RUS",)
    horgos = ("khorgos-altynkol-rail", "khorgos-nur-zholy-road")
    for name in ("Khorgos", "霍尔果斯", "Хоргос", "Horgos"):
        assert make_scenario({"closed_crossings": [name]}).closed_crossings == horgos
    made = make_scenario({"opened_crossings": ["Алашанькоу – Достык", "own-road"]})
    assert made.opened_crossings == (
        "alashankou-dostyk-rail",
        "alashankou-dostyk-road",
        "own-road",
    )
    assert make_scenario({"ferries": ["Aktau - Alat"]}).ferries == ("aktau-alat-ferry",)
    assert make_scenario({"gateway": "阿拉山口"}).gateway == "alashankou"
    assert make_scenario({"modes": ["multimodal"]}).modes == ("road", "rail")


def test_scenarios_are_immutable_and_with_validates():
    base = Scenario()
    changed = base.with_(closed_countries=["rus", "BLR"])
    assert (base.closed_countries, changed.closed_countries) == ((), ("BLR", "RUS"))
    with pytest.raises(ScenarioError, match="minimise"):
        base.with_(minimise="speed")


def test_yaml_round_trip(tmp_path):
    scenario = Scenario(name="no Russia", modes=("rail",), closed_countries=("RUS",), ferries=True)
    file = tmp_path / "s.yaml"
    file.write_text(scenario.to_yaml(), encoding="utf-8")
    assert load_scenario(file) == scenario


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"minimize": "time"}, "Did you mean minimise"),
        ({"modes": "train"}, "road, rail or both .multimodal."),
        ({"modes": ["train"]}, "road, rail or both .multimodal."),
        ({"modes": []}, "at least one mode"),
        ({"closed_countries": ["Rusia"]}, "Did you mean Russia"),
        ({"closed_countries": ["Narnia"]}, "alpha-3"),
        ({"value_of_time_usd_per_h": -1}, "value_of_time"),
        ({"value_of_time_usd_per_h": float("nan")}, "finite"),
        ({"name": ""}, "name"),
    ],
)
def test_bad_values_are_refused(values, says):
    with pytest.raises(ScenarioError, match=says) as caught:
        make_scenario(values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x [1]\nb: *x", "aliases"),
        ("!!python/object/apply:os.system [echo]", "plain YAML"),
        ("- a\n- b", "mapping"),
        ("1: 2", "mapping"),
        ("a: [", "plain YAML"),
        ("a: \x00", "plain YAML"),
    ],
)
def test_bad_yaml_is_refused(tmp_path, text, says):
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=says):
        read_yaml(file)


def test_yaml_of_the_wrong_encoding_or_size(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_bytes("name: Хоргос".encode("cp1251"))
    with pytest.raises(ScenarioError, match="UTF-8"):
        read_yaml(file)
    file.write_bytes(b"name: x\n" * 200_000)
    with pytest.raises(ScenarioError, match="1 MB"):
        read_yaml(file)


def test_a_missing_scenario_names_the_shipped_ones():
    with pytest.raises(MissingData, match="base"):
        load_scenario("nowhere")


@given(
    st.dictionaries(
        st.text(max_size=20), st.one_of(st.none(), st.text(), st.floats(), st.lists(st.text()))
    )
)
def test_any_mapping_gives_a_scenario_or_one_sentence(values):
    try:
        scenario = make_scenario(values)
    except ScenarioError as error:
        assert "\n" not in str(error)
    else:
        assert scenario.with_() == scenario
