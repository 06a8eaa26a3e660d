"""Cars: means over a country's people, bands, and exports with their bases apart."""

from __future__ import annotations

import pytest

from horgos_geo.analysis import cars
from horgos_geo.core import datasets
from horgos_geo.core.errors import PlaceNotFound
from horgos_geo.model import places
from horgos_geo.model.network import load_network
from horgos_geo.model.parameters import load_parameters
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

HORGOS = "khorgos-nur-zholy-road"


@pytest.fixture(scope="module")
def table():
    return cars.cars(Router(load_network()), ["KAZ", "UZB"])


def test_each_country_has_a_row_for_each_way(table):
    assert list(table.columns) == list(cars.COLUMNS)
    assert list(zip(table["country"], table["way"], strict=True)) == [
        (country, way) for country in ("KAZ", "UZB") for way in cars.WAYS
    ]
    assert (table["status"] == "ok").all()
    assert (table["served_pct"] > 95).all()


def test_distances_lie_between_the_nearest_and_the_farthest_town(table):
    router = Router(load_network(), Scenario())
    near, far = (router.route("Horgos", name).length_km for name in ("Zharkent", "Aktau"))
    mean = table[(table["country"] == "KAZ") & (table["mode"] == "road")]["length_km"]
    assert (mean > near).all()
    assert (mean < far).all()


def test_bands_hold_their_value_and_a_lone_driver_is_slower(table):
    for name in ("days", "cost_usd_per_car", "co2e_kg_per_car"):
        assert (table[f"{name}_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_high"]).all()
    days = table.set_index(["country", "way"])["days"]
    # It passes the lorries that wait at Horgos, and loses the days again on the road.
    gained = days["KAZ", "carrier truck"] - days["KAZ", "driven"]
    waits = 51.4 - load_parameters().vehicle("clearance_h", "driven", HORGOS).central
    assert 0 < gained * 24 < waits


@pytest.mark.parametrize("way", cars.WAYS)
def test_a_car_to_one_town_costs_what_its_route_does(way):
    cargo, mode = cars.WAYS[way]
    town = places.resolve("Ashgabat")
    router = Router(load_network(), Scenario(cargo=cargo, modes=mode, minimise="cost"))
    route = router.route("Horgos", town)
    band = cars.mean(router, places.resolve("Horgos"), [town])
    assert route.cost_usd_per_vehicle.central == pytest.approx(band.central, rel=1e-3)
    assert route.cost_usd_per_vehicle.high == pytest.approx(band.high, rel=1e-3)


def test_a_country_that_is_none_is_refused():
    with pytest.raises(PlaceNotFound, match="XXX"):
        cars.cars(Router(load_network()), ["XXX"])


def test_exports_keep_their_bases_apart():
    frame = cars.exports()
    assert {"customs", "border inspection, road port only"} <= set(frame["basis"])
    assert (frame["source"] != "").all()
    assert cars.yearly() == {2023: 303_800, 2024: 421_000, 2025: 450_000}
    counted = [
        r for r in datasets.read_rows("reference/horgos_facts.csv") if r["unit"] == "vehicles"
    ]
    assert len(frame) == len(counted)
    assert "torugart" in set(frame["gateway"])
