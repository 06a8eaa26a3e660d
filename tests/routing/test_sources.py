"""Every number of a route leads to its row."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.cli import main
from horgos_geo.core import datasets
from horgos_geo.model.network import load_network, save_network
from horgos_geo.model.parameters import Parameters
from horgos_geo.model.scenario import Scenario, make_scenario
from horgos_geo.routing.legs import build_route
from horgos_geo.routing.router import Router
from horgos_geo.routing.sources import numbers_behind
from horgos_geo.routing.weights import Weights

NETWORK = fixture_network()


def ask(destination, **scenario):
    router = Router(NETWORK, Scenario(**scenario))
    route = router.route(PLACES["horgos"], PLACES[destination])
    return route, numbers_behind(route)


@pytest.mark.parametrize(
    ("destination", "scenario", "parameters"),
    [
        ("moscow", {}, {"moving_speed_kmh", "driving_h_per_day", "dwell_h"}),
        ("moscow", {"modes": "rail"}, {"gauge_change_h", "gauge_change_usd_per_teu", "speed_kmh"}),
        ("baku", {"ferries": True}, {"waiting_h", "transfer_h", "border_usd_per_teu"}),
        ("tashkent", {}, {"caution_h", "caution_usd_per_teu"}),
    ],
)
def test_each_kind_of_leg_names_its_rows(destination, scenario, parameters):
    route, numbers = ask(destination, **scenario)
    assert route.found
    assert parameters <= {number.row.parameter for number in numbers}
    for number in numbers:
        assert number.row.source
        assert number.row.year
        assert number.used_on


def test_rows_are_where_they_say():
    _, numbers = ask("moscow", modes="rail")
    for number in numbers:
        rows = datasets.read_rows(f"reference/parameters/{number.row.file}.csv")
        assert float(rows[number.row.line - 2]["value"]) == number.row.band.central


def test_assumptions_are_marked_and_values_are_plain():
    _, numbers = ask("moscow")
    assert any(number.is_assumption for number in numbers)
    assert any(not number.is_assumption for number in numbers)
    json.dumps([number.to_dict() for number in numbers], allow_nan=False)


def test_a_missing_route_rests_on_nothing():
    assert ask("tokyo")[1] == []


def test_the_command_lists_them(tmp_path, capsys):
    folder = save_network(NETWORK, tmp_path / "network")
    ask = ["trace", "almaty", "moscow", "--network", str(folder)]
    main([*ask, "-f", "json"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["status"] == "ok"
    assert {"parameter", "value", "unit", "source", "year", "file", "line", "basis"} <= set(
        answer["numbers"][0]
    )
    main(ask)
    text = capsys.readouterr().out
    assert f"{len(answer['numbers'])} numbers, " in text
    with pytest.raises(SystemExit) as stop:
        main([*ask, "--close", "RUS"])
    said = capsys.readouterr()
    assert (stop.value.code, said.out) == (2, "")
    assert "no way from Almaty to Moscow by road: closed by scenario" in said.err


def measured(router, route, path, change):
    """Return what a path takes with some rows of the parameters tenfold.

    So much lets each of two rows show of which the greater counts.
    """
    rows = tuple(
        replace(row, band=row.band * 10) if change(row) else row for row in router.parameters.rows
    )
    weights = Weights(router.network, router.scenario, Parameters(rows))
    again = build_route(
        weights, status="ok", great_circle_km=0.0, parts=[(path, route.origin, route.destination)]
    )
    return again.measure


QUESTIONS = [
    ("Horgos", "Warsaw", {"modes": "rail"}),
    ("Horgos", "Poti", {"modes": "rail", "ferries": True, "closed_countries": ["RUS", "IRN"]}),
    ("Urumqi", "Baku", {"modes": "multimodal", "ferries": True, "closed_countries": ["RUS"]}),
    ("Horgos", "Van", {"modes": "rail", "ferries": True, "closed_countries": ["RUS", "AZE"]}),
    ("Horgos", "Tashkent", {"modes": "road"}),
    ("Horgos", "Baku", {"cargo": "vehicles-driven", "ferries": True}),
    ("Horgos", "Baku", {"cargo": "vehicles-carrier", "ferries": True}),
    ("Horgos", "Baku", {"cargo": "vehicles-rail", "ferries": True, "closed_countries": ["RUS"]}),
    ("Urumqi", "Osh", {"cargo": "vehicles-rail", "modes": "multimodal"}),
    ("Horgos", "Tashkent", {"cargo": "vehicles-rail", "cars_per_unit": 232}),
]


@pytest.mark.parametrize(("start", "end", "asked"), QUESTIONS)
def test_the_list_is_whole_and_has_nothing_idle(start, end, asked):
    """What is not listed changes no number of a route; each row that is listed changes one."""
    router = Router(load_network(), make_scenario({"minimise": "cost", **asked}))
    route = router.route(start, end)
    assert route.found
    _, path = router.path(route.origin, route.destination)
    listed = {(n.row.file, n.row.line) for n in numbers_behind(route)}
    rest = measured(router, route, path, lambda row: (row.file, row.line) not in listed)
    assert rest == route.measure
    for place in listed:
        changed = measured(router, route, path, lambda row, at=place: (row.file, row.line) == at)
        assert changed != route.measure, place
