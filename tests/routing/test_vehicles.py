"""Vehicles as cargo: what may carry them, what one takes, and that its parts add up."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.analysis import comparison
from horgos_geo.analysis.comparison import compare
from horgos_geo.analysis.matrix import write_matrix
from horgos_geo.cli import main
from horgos_geo.core.errors import ScenarioError
from horgos_geo.model.network import load_network
from horgos_geo.model.parameters import load_parameters
from horgos_geo.model.scenario import (
    VEHICLES,
    Scenario,
    load_scenario,
    make_scenario,
    scenario_from_options,
)
from horgos_geo.routing.router import Router
from horgos_geo.routing.sources import numbers_behind

NETWORK = fixture_network()
PARAMETERS = load_parameters()
WAYS = [
    ("vehicles-driven", "road"),
    ("vehicles-carrier", "road"),
    ("vehicles-rail", "rail"),
    ("vehicles-rail", "multimodal"),
]


def route(destination, **scenario):
    return Router(NETWORK, make_scenario(scenario)).route(PLACES["horgos"], PLACES[destination])


def test_a_train_chooses_rail_and_all_else_road():
    assert Scenario(cargo="vehicles-rail").modes == ("rail",)
    assert Scenario(cargo="vehicles-driven").modes == ("road",)
    assert Scenario().with_(cargo="vehicles-rail").modes == ("rail",)
    assert scenario_from_options("base", cargo="vehicles-rail").modes == ("rail",)
    assert (
        scenario_from_options("base", cargo="vehicles-rail", cars_per_unit=232).cars_per_unit == 232
    )


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"cargo": "vehicles-driven", "modes": "rail"}, "cannot go by rail"),
        ({"cargo": "vehicles-carrier", "modes": "multimodal"}, "cannot go by rail"),
        ({"cargo": "vehicles-rail", "modes": "road"}, "cannot go by road alone"),
        ({"cars_per_unit": 9}, "cars_per_unit is of a carrier lorry or a train"),
        ({"cargo": "vehicles-driven", "cars_per_unit": 9}, "cars_per_unit"),
        ({"cargo": "vehicles-carrier", "cars_per_unit": 0}, "greater than or equal to 1"),
        ({"cargo": "cars"}, "cargo"),
    ],
)
def test_a_contradiction_is_one_sentence(values, says):
    with pytest.raises(ScenarioError, match=says) as caught:
        make_scenario(values)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_yaml_holds_the_cargo(tmp_path):
    scenario = Scenario(cargo="vehicles-carrier", cars_per_unit=8)
    file = tmp_path / "cars.yaml"
    file.write_text(scenario.to_yaml(), encoding="utf-8")
    assert load_scenario(file) == scenario


@pytest.mark.parametrize(("cargo", "mode"), WAYS)
@pytest.mark.parametrize("destination", ["moscow", "baku"])
@pytest.mark.parametrize("minimise", ["distance", "time", "cost", "co2e", "generalised"])
def test_parts_add_up_to_totals(cargo, mode, destination, minimise):
    found = route(destination, cargo=cargo, modes=mode, minimise=minimise, ferries=True)
    if not found.found:
        pytest.skip("no way by this mode")
    values = found.to_dict()
    for name in ("cost_usd_per_vehicle", "co2e_kg_per_vehicle"):
        for end in ("", "_low", "_high"):
            parts = sum(leg[f"{name}{end}"] for leg in values["legs"])
            assert parts == pytest.approx(values[f"{name}{end}"], abs=0.05)
        assert 0 < values[f"{name}_low"] <= values[name] <= values[f"{name}_high"]
    assert values["cargo"] == cargo
    cars = values["cars_per_unit"]
    per_vehicle = values["cost_usd_per_vehicle"]
    assert values["cost_usd_per_unit"] == pytest.approx(per_vehicle * cars, rel=1e-3)


@pytest.mark.parametrize(("cargo", "mode"), WAYS)
@pytest.mark.parametrize(
    ("minimise", "name"),
    [("cost", "cost_usd_per_vehicle"), ("co2e", "co2e_kg_per_vehicle"), ("time", "time_h")],
)
def test_the_matrix_says_what_the_route_does(cargo, mode, minimise, name):
    router = Router(NETWORK, make_scenario({"cargo": cargo, "modes": mode, "minimise": minimise}))
    ends = (PLACES["horgos"], PLACES["moscow"])
    found = router.route(*ends)
    value = router.od_matrix([ends[0]], [ends[1]])[0][0, 0]
    assert value == pytest.approx(getattr(found, name).central, rel=1e-3)


def test_least_cost_of_a_vehicle_is_least():
    best = route("moscow", cargo="vehicles-carrier", minimise="cost", ferries=True)
    for minimise in ("distance", "time", "co2e"):
        other = route("moscow", cargo="vehicles-carrier", minimise=minimise, ferries=True)
        assert best.cost_usd_per_vehicle.central <= other.cost_usd_per_vehicle.central * (1 + 1e-6)


def test_rates_are_those_of_the_tables():
    lorry = route("moscow", cargo="vehicles-carrier")
    road = next(leg for leg in lorry.legs if leg.kind == "road")
    teu = PARAMETERS.vehicle("teu_per_unit", "car carrier truck").central
    cars = PARAMETERS.vehicle("cars_per_unit", "car carrier truck").central
    rate = PARAMETERS.cost_usd_per_teu_km("road", road.country).central
    assert road.measure.cost_usd_per_vehicle.central == pytest.approx(
        road.length_km * rate * teu / cars
    )
    driven = route("moscow", cargo="vehicles-driven")
    road = next(leg for leg in driven.legs if leg.kind == "road")
    rate = PARAMETERS.vehicle("cost_usd_per_car_km", "driven").central
    assert road.measure.cost_usd_per_vehicle.central == pytest.approx(road.length_km * rate)


def test_a_lone_driver_takes_longer_on_the_road_than_a_crew():
    driven, lorry = (
        sum(leg.time_h.central for leg in route("moscow", cargo=cargo).legs if leg.kind == "road")
        for cargo in ("vehicles-driven", "vehicles-carrier")
    )
    hours = PARAMETERS.row("driving_h_per_day", mode="road").band.central
    own = PARAMETERS.vehicle("driving_h_per_day", "driven").central
    assert driven == pytest.approx(lorry * hours / own)


def test_fewer_cars_on_a_train_cost_more_each():
    usual, few = (
        route("moscow", cargo="vehicles-rail", **more) for more in ({}, {"cars_per_unit": 100})
    )
    assert few.cars_per_unit.central == 100
    assert few.cost_usd_per_vehicle.central > usual.cost_usd_per_vehicle.central
    assert few.cost_usd_per_unit.central == pytest.approx(usual.cost_usd_per_unit.central)


def test_a_container_says_nothing_of_vehicles():
    values = route("moscow").to_dict()
    assert not [key for key in values if "vehicle" in key or "unit" in key or key == "cargo"]
    assert not [key for leg in values["legs"] for key in leg if "vehicle" in key]


@pytest.mark.parametrize(("cargo", "mode"), WAYS)
def test_numbers_of_vehicles_lead_to_their_rows(cargo, mode):
    router = Router(NETWORK, make_scenario({"cargo": cargo, "modes": mode}))
    found = router.route(PLACES["horgos"], PLACES["moscow"])
    numbers = {number.row.parameter for number in numbers_behind(found)}
    assert {"teu_per_unit", "co2e_kg_per_car_km"} <= numbers
    assert ("cost_usd_per_car_km" in numbers) == (cargo == "vehicles-driven")
    assert ("cars_per_unit" in numbers) == (cargo != "vehicles-driven")


def test_driven_cars_pass_the_lorries_at_horgos():
    network = load_network()
    waits = {}
    for cargo in ("vehicles-driven", "vehicles-carrier"):
        router = Router(network, Scenario(cargo=cargo))
        found = router.route("Horgos", "Almaty")
        waits[cargo] = found.legs[0].time_h.central
        assert found.legs[0].crossing_id == "khorgos-nur-zholy-road"
        rows = {number.row.parameter for number in numbers_behind(found)}
        assert ("clearance_h" in rows) == (cargo == "vehicles-driven")
    entering = PARAMETERS.row(
        "entering_h", mode="road", country="CHN", to_country="KAZ"
    ).band.central
    own = PARAMETERS.vehicle("clearance_h", "driven", "khorgos-nur-zholy-road").central
    assert waits["vehicles-driven"] == pytest.approx(own + entering)
    assert waits["vehicles-carrier"] > waits["vehicles-driven"]


def test_the_command_takes_the_cargo(capsys):
    main(["route", "Horgos", "Almaty", "--cargo", "vehicles-rail", "-f", "json"])
    values = json.loads(capsys.readouterr().out)
    assert values["mode"] == "rail"
    assert values["cost_usd_per_vehicle_low"] < values["cost_usd_per_vehicle"]
    main(["route", "Horgos", "Almaty", "--cargo", "vehicles-carrier", "--cars-per-unit", "8"])
    text = capsys.readouterr().out
    assert "USD per vehicle" in text
    assert "8 vehicles on one lorry" in text
    with pytest.raises(SystemExit):
        main(["route", "Horgos", "Almaty", "--cargo", "vehicles-driven", "-m", "rail"])
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(SystemExit):
        main(["gateways", "--to", "Almaty", "--cargo", "vehicles-driven"])
    assert "for containers" in capsys.readouterr().err


def test_tables_gain_columns_for_vehicles(tmp_path):
    ends = [PLACES["moscow"], PLACES["tokyo"]]
    router = Router(NETWORK, Scenario(cargo="vehicles-carrier", minimise="cost"))
    frame = compare(router, PLACES["horgos"], ends)
    assert set(comparison.VEHICLE_COLUMNS) <= set(frame.columns)
    route = router.route(PLACES["horgos"], PLACES["moscow"])
    assert frame["cost_usd_per_vehicle"].iloc[0] == route.cost_usd_per_vehicle.central
    assert frame["co2e_kg_per_vehicle_high"].iloc[0] == route.co2e_kg_per_vehicle.high
    assert frame["cost_usd_per_vehicle"].isna().tolist() == [False, True]
    plain = compare(router.with_(cargo="container"), PLACES["horgos"], ends)
    assert list(plain.columns) == list(comparison.COLUMNS)
    for name in ("origins", "destinations"):
        (tmp_path / f"{name}.csv").write_text("id,lon,lat\na,82.0,44.0\n", encoding="utf-8")
    files = [tmp_path / name for name in ("origins.csv", "destinations.csv", "out")]
    write_matrix(router, *files)
    assert "cost_usd_per_vehicle" in pd.read_parquet(files[-1]).columns


def test_every_cargo_of_vehicles_has_words():
    assert set(VEHICLES) == {cargo for cargo, _ in WAYS}
