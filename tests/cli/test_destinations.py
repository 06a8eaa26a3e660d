"""`--destinations FILE`: places of one's own, in every command that compares."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from horgos_geo.cli import main
from horgos_geo.model.network import Network, save_network


@pytest.fixture(scope="module")
def folder(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the fixture network and a table of places in two formats."""
    folder = save_network(network, tmp_path_factory.mktemp("network"))
    rows = [("depot", 77.0, 43.3), ("yard", 71.4, 51.2)]
    frame = pd.DataFrame(rows, columns=["id", "lon", "lat"])
    frame.to_csv(folder / "own.csv", index=False)
    frame.to_excel(folder / "own.xlsx", index=False)
    return folder


@pytest.mark.parametrize("name", ["own.csv", "own.xlsx"])
def test_compare_takes_a_table(name, folder, capsys):
    ask = ["compare", "moscow", "--destinations", str(folder / name), "-m", "road"]
    main([*ask, "--network", str(folder), "-f", "json"])
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["destination"], row["status"]) for row in rows] == [
        ("depot", "ok"),
        ("yard", "ok"),
    ]


def test_gateways_and_cars_take_a_table(folder, capsys):
    main(["gateways", "--destinations", str(folder / "own.csv"), "-m", "road", "-f", "json"])
    found = json.loads(capsys.readouterr().out)["results"]
    assert [result["destination"] for result in found] == ["depot", "yard"]
    main(["cars", "--destinations", str(folder / "own.csv"), "-f", "json"])
    cars = json.loads(capsys.readouterr().out)["cars"]
    assert {row["country"] for row in cars} == {"KAZ"}
    assert {row["towns"] for row in cars} == {2}
    assert all(row["served_pct"] == 100.0 for row in cars)


def test_a_table_that_is_not_there_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["compare", "Horgos", "--destinations", str(tmp_path / "gone.xlsx")])
    assert "gone.xlsx" in capsys.readouterr().err


def test_gateways_answer_road_and_rail_where_no_mode_is_named(capsys):
    main(["gateways", "--to", "Tashkent", "-f", "json"])
    found = json.loads(capsys.readouterr().out)["results"]
    assert [result["mode"] for result in found] == ["road", "rail"]
