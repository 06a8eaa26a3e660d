"""Parameters: bands, look-ups from the named to the general, provenance, broken files."""

from __future__ import annotations

import csv
import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.model.estimate import Estimate, root_sum_of_squares
from horgos_geo.model.network import Crossing
from horgos_geo.model.parameters import FILES, Parameters, load_parameters

FOLDER = datasets.path("reference/parameters")


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    return load_parameters()


def crossing(id_: str, a: str, b: str, mode: str, **values: object) -> Crossing:
    return Crossing(id_, id_, a, b, mode, **values)  # type: ignore[arg-type]


def known_ids(*names: str) -> set[str]:
    return {row["id"] for name in names for row in datasets.read_rows(f"{name}.csv")}


def test_bands_add_and_multiply() -> None:
    assert Estimate(1, 2, 3) + Estimate(10, 20, 30) == Estimate(11, 22, 33)
    assert Estimate(1, 2, 3) * 2 == 2 * Estimate(1, 2, 3) == Estimate(2, 4, 6)
    assert Estimate(1, 2, 3) * Estimate(2, 3, 4) == Estimate(2, 6, 12)


def test_what_is_likely_is_narrower_than_what_is_possible() -> None:
    moving, waits = Estimate(6, 10, 13), [Estimate(2, 5, 9), Estimate(1, 1, 1)]
    assert root_sum_of_squares(moving, waits) == Estimate(16 - 5, 16, 16 + 5)
    assert root_sum_of_squares(moving, []) == moving


def test_every_row_has_number_unit_source_and_provenance(parameters: Parameters) -> None:
    for row in parameters.rows + parameters.evidence:
        where = (row.file, row.line)
        assert 0 <= row.band.low <= row.band.central <= row.band.high < math.inf, where
        assert all((row.unit, row.source, row.parameter)), where
        assert row.retrieved in ("retrieved", "recalled", "assumption", "fitted"), where
        assert 2005 <= int(row.year) <= 2026, where
    assert {row.file for row in parameters.rows} == set(FILES)


def test_a_fact_that_was_fetched_names_more_than_the_project(parameters: Parameters) -> None:
    estimates = [row for row in parameters.rows if row.source.startswith("project estimate")]
    assert {row.retrieved for row in estimates} == {"assumption"}


def test_ids_in_the_files_exist(parameters: Parameters) -> None:
    known = {
        "crossing": known_ids("reference/crossings_road", "reference/crossings_rail"),
        "terminal": known_ids("curation/terminals"),
        "line": known_ids("reference/ferries"),
    }
    for column, ids in known.items():
        used = {row.key(column) for row in parameters.rows + parameters.evidence} - {""}
        used = {id_.split("/")[0] for id_ in used}  # van-pier/rail is one side of van-pier
        assert used
        assert used <= ids


def test_waits_of_a_crossing_are_between_its_two_countries(parameters: Parameters) -> None:
    files = [datasets.read_rows(f"reference/crossings_{mode}.csv") for mode in ("road", "rail")]
    ends = {row["id"]: {row["country_a"], row["country_b"]} for file in files for row in file}
    for row in parameters.rows:
        if row.key("crossing") and row.parameter == "dwell_h":
            assert {row.key("country"), row.key("to_country")} == ends[row.key("crossing")]
            assert row.key("crossing").endswith(row.key("mode"))


def test_every_ferry_line_has_its_own_figures(parameters: Parameters) -> None:
    for row in datasets.read_rows("reference/ferries.csv"):
        line = parameters.ferry(row["id"], float(row["km"]))
        assert {found.key("line") for found in line.time_h.rows} == {row["id"]}
        assert float(row["km"]) / line.sailing_h.central < 110
        assert line.time_h == line.sailing_h + line.waiting_h


def test_an_unknown_ferry_goes_by_its_length(parameters: Parameters) -> None:
    line = parameters.ferry("nowhere", 440.0)
    assert line.sailing_h.central == pytest.approx(20.0)
    assert line.sailing_h.low < line.sailing_h.central < line.sailing_h.high
    assert line.cost_usd_per_teu.central == pytest.approx(300 + 0.5 * 440)


def test_road_speed_holds_the_rest_of_the_driver(parameters: Parameters) -> None:
    moving, hours = parameters.speed_kmh("road", "KAZ").rows
    assert moving.band.central == 51.1
    assert "2022-report/kazakhstan" in moving.source
    assert moving.retrieved == "retrieved"
    expected = moving.band.central * hours.band.central / 24
    assert parameters.speed_kmh("road", "KAZ").central == pytest.approx(expected)
    assert parameters.speed_kmh("rail", "KAZ").central > parameters.speed_kmh("road", "KAZ").central


@pytest.mark.parametrize("mode", ["road", "rail"])
def test_countries_without_a_row_take_the_general_one(parameters: Parameters, mode: str) -> None:
    for get in (
        parameters.speed_kmh,
        parameters.cost_usd_per_teu_km,
        parameters.co2e_g_per_tkm,
    ):
        assert get(mode, "XXX") == get(mode, "")
        assert get(mode, "").low > 0


def test_rail_is_cheaper_and_cleaner_than_road_along_the_northern_corridor(
    parameters: Parameters,
) -> None:
    for country in ("CHN", "KAZ", "RUS", "BLR", "POL"):
        for get in (parameters.cost_usd_per_teu_km, parameters.co2e_g_per_tkm):
            assert get("rail", country).central < get("road", country).central


def test_the_wait_of_the_post_comes_first(parameters: Parameters) -> None:
    horgos = crossing("khorgos-nur-zholy-road", "CHN", "KAZ", "road")
    out = parameters.dwell_h(horgos, a_to_b=True)
    assert [row.key("crossing") for row in out.rows] == [horgos.id]
    assert out.low < out.central < out.high
    assert out != parameters.dwell_h(horgos, a_to_b=False)


def test_a_post_that_shuts_makes_one_wait_for_it(parameters: Parameters) -> None:
    torugart = crossing("torugart-torugart-road", "CHN", "KGZ", "road")
    wait = parameters.dwell_h(torugart, a_to_b=True)
    assert [row.parameter for row in wait.rows] == ["dwell_h", "opening_h"]
    while_open = parameters.dwell("road", torugart.id, "CHN", "KGZ")
    assert wait.central > while_open.central + 6


def test_an_unlisted_post_has_the_wait_of_its_pair_and_then_of_any_border(
    parameters: Parameters,
) -> None:
    pair = parameters.dwell("road", "unknown", "KAZ", "RUS")
    assert pair.rows[0].applies_to == "KAZ to RUS"
    assert parameters.dwell("rail", "", "AAA", "BBB").rows[0].applies_to == "any other border"


def test_borders_that_hardly_wait_hardly_wait(parameters: Parameters) -> None:
    assert parameters.dwell("road", "", "SRB", "HUN").central < 3
    assert parameters.dwell("rail", "", "RUS", "KAZ").central < 8
    assert parameters.dwell("rail", "", "CHN", "KAZ").central > 15


def test_a_wait_names_the_observations_behind_it(parameters: Parameters) -> None:
    own = parameters.row("dwell_h", mode="road", crossing="khorgos-nur-zholy-road",
                         country="CHN", to_country="KAZ")  # fmt: skip
    assert own.own_share > 0.5
    assert own.main_post == "khorgos-nur-zholy-road"
    assert "w-khorgos-nur-zholy-chn-kaz-road-2023-1" in own.evidence
    none = parameters.row("dwell_h", mode="road", crossing="zhibek-zholy-gisht-kuprik-road",
                          country="KAZ", to_country="UZB")  # fmt: skip
    assert none.own_share == 0.0
    assert (
        none.evidence
        == parameters.row("dwell_h", mode="road", country="KAZ", to_country="UZB").evidence
    )


def test_detours_grow_with_doubt(parameters: Parameters) -> None:
    open_ = crossing("x", "CHN", "KAZ", "road")
    assert parameters.detours(open_) == 1
    assert parameters.detours(replace(open_, status="limited")) == 4
    assert parameters.detours(replace(open_, kind="unverified")) == 6
    assert parameters.detours(replace(open_, kind="open_area")) == 0
    for status in ("closed", "passenger", "under_construction"):
        assert parameters.detours(replace(open_, status=status)) == 4
    assert parameters.detours(replace(open_, id="larsi-verkhny-lars-road")) == 10
    assert parameters.gauge_detours == 1
    assert parameters.transfer_detours("elsewhere") == 4
    assert parameters.transfer_detours("van-pier", "rail") == 0
    assert parameters.transfer_detours("van-pier", "road") == 4


def test_terminals_fall_back_to_any_terminal(parameters: Parameters) -> None:
    assert parameters.transfer_h("khorgos-gateway").central == 12
    assert parameters.transfer_h("elsewhere") == parameters.transfer_h("")
    assert parameters.transfer_usd_per_teu("khorgos-gateway").central == 60
    assert parameters.transfer_h("khorgos-gateway").rows[0].file == "transfers"


def test_single_numbers(parameters: Parameters) -> None:
    assert parameters.gauge_change_h == Estimate(0.8, 4.25, 12.0)
    assert parameters.gauge_change_usd_per_teu.central == 112
    assert parameters.vehicle("cars_per_unit", "JSQ train").central == 261
    assert parameters.border_usd_per_teu("road").central == 104
    assert parameters.border_usd_per_teu("road").rows[0].year == "2022"


def test_a_customs_union_pays_no_fee_that_is_in_its_price(parameters: Parameters) -> None:
    assert parameters.border_usd_per_teu("rail", "KAZ", "RUS").central == 0
    assert parameters.border_usd_per_teu("rail", "CHN", "KAZ").central == 107.5
    assert parameters.border_usd_per_teu("road", "KAZ", "RUS").central < 20
    assert parameters.border_usd_per_teu("road", "KAZ", "UZB").central == 104


def test_an_unknown_number_is_an_error(parameters: Parameters) -> None:
    with pytest.raises(DataError, match="no parameter cars_per_unit of balloon"):
        parameters.vehicle("cars_per_unit", "balloon")
    with pytest.raises(DataError, match="no parameter dwell_h of air"):
        parameters.dwell("air", "", "AAA", "BBB")


def spoiled(tmp_path: Path, **changes: str) -> Path:
    """Copy the folder and change cells of the first row of speeds.csv."""
    folder = tmp_path / "parameters"
    shutil.copytree(FOLDER, folder)
    rows = datasets.read_rows(folder / "speeds.csv")
    rows[0].update(changes)
    with (folder / "speeds.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": "fast"}, "line 2: value, low and high must be numbers"),
        ({"low": "99"}, "line 2: low, value and high must rise"),
        ({"low": "nan"}, "line 2: low, value and high must rise"),
        ({"source": ""}, "line 2: no source"),
        ({"retrieved": "yes"}, "line 2: no source, or `retrieved` is none of"),
        ({"country": "KAZ"}, "line 3: the same parameter as line 2"),
    ],
)
def test_broken_rows_are_named(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        load_parameters(spoiled(tmp_path, **changes))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match=r"speeds\.csv"):
        load_parameters(tmp_path)


def test_own_folders_are_read(tmp_path: Path) -> None:
    own = load_parameters(spoiled(tmp_path, value="43"))
    assert own.row("moving_speed_kmh", mode="road").band.central == 43
