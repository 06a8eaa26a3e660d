"""Land against sea."""

from __future__ import annotations

import builtins

import pytest

from horgos_geo.analysis import sea
from horgos_geo.core.errors import MissingData, ScenarioError
from horgos_geo.model.network import load_network
from horgos_geo.model.parameters import load_parameters
from horgos_geo.routing.router import Router


@pytest.fixture(scope="module")
def table():
    return sea.land_and_sea(Router(load_network()), "Chongqing", ["Hamburg", "Tashkent"])


def test_listed_voyages_are_plausible_and_longer_round_the_cape():
    china, abroad = ({p.id: p for p in sea.ports(side)} for side in ("china", "abroad"))
    hamburg = abroad["hamburg-port"]
    short = sea.voyage_km(china["shanghai-port"], hamburg)
    # Published: Shanghai to Hamburg through Suez some 10,800 nautical miles.
    assert short == pytest.approx(20_000, rel=0.05)
    assert sea.voyage_km(china["shanghai-port"], hamburg, avoid_red_sea=True) > short + 4_000
    for start in china.values():
        for end in abroad.values():
            assert 500 < sea.voyage_km(start, end) <= sea.voyage_km(start, end, avoid_red_sea=True)


def test_a_listed_voyage_is_what_the_package_finds():
    pytest.importorskip("searoute")
    start, end = sea.ports("china")[0], sea.ports("abroad")[-1]
    found = sea.search_km((start.lon, start.lat), (end.lon, end.lat))
    assert found == pytest.approx(sea.voyage_km(start, end), abs=1.0)


def test_without_the_package_other_ports_say_what_to_install(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name == "searoute":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingData, match=r"horgos-geo\[sea\]"):
        sea.search_km((122.0, 31.0), (1.0, 2.0))


def test_each_destination_has_a_row_by_rail_road_and_sea(table):
    assert list(table.columns) == list(sea.COLUMNS)
    assert table["way"].tolist() == [*sea.WAYS, *sea.WAYS]
    hamburg = table.loc["hamburg"].set_index("way")
    assert hamburg.loc["sea", "port_to"] == "Hamburg"
    assert hamburg.loc["sea", "days"] > hamburg.loc["rail", "days"]
    assert hamburg.loc["sea", "cost_usd_per_teu"] < hamburg.loc["road", "cost_usd_per_teu"]
    assert hamburg.loc["sea", "length_km"] > hamburg.loc["sea", "sea_km"] > 15_000


def test_an_inland_destination_has_no_port(table):
    tashkent = table.loc["tashkent"].set_index("way")
    assert tashkent.loc["sea", "status"] == "no port near"
    assert tashkent.loc["rail", "status"] == "ok"


def test_a_voyage_takes_sailing_and_port_time():
    found = sea.voyage(load_parameters(), 10_000.0)
    time_h, cost, co2e = found.time_h, found.cost_usd_per_teu, found.co2e_kg_per_t
    for band in (time_h, cost, co2e):
        assert band.low < band.central < band.high
    assert time_h.central == pytest.approx(192 + 10_000 / 26)


def test_a_gateway_is_no_origin():
    with pytest.raises(ScenarioError, match="Chongqing"):
        sea.land_and_sea(Router(load_network()), "Horgos", ["Hamburg"])
