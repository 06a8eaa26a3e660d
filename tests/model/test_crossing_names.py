"""Crossings by name: whole names, sides and ports, in three languages."""

from __future__ import annotations

import pytest

from horgos_geo.core import datasets, point_names
from horgos_geo.model.crossing_names import crossing_ids, split_closures
from horgos_geo.model.places import gateways


def test_every_id_and_whole_name_means_its_own_crossing() -> None:
    for row in datasets.read_rows(point_names.TABLE):
        if row["kind"] in ("crossing", "ferry"):
            assert crossing_ids(row["id"]) == (row["id"],)
            for name in filter(None, (row["name"], row["name_zh"], row["name_ru"])):
                assert row["id"] in crossing_ids(name), name


def test_a_port_is_its_road_and_its_railway() -> None:
    for port in gateways():
        for name in (port.name, port.label("zh"), port.label("ru")):
            assert set(crossing_ids(name)) == set(port.gateway.values())


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Dostyk", "alashankou-dostyk-rail"),
        ("Достык", "alashankou-dostyk-road"),
        ("Nizhny Panj", "panji-poyon-shirkhan-bandar-road"),
        ("King Hussein", "allenby-king-hussein-road"),
        ("Aktau", "aktau-alat-ferry"),
    ],
)
def test_either_side_will_do(name: str, id_: str) -> None:
    assert id_ in crossing_ids(name)


def test_countries_come_before_crossings() -> None:
    codes, ids = split_closures(["Georgia", "俄罗斯", "blr", "Khorgos", "no-such-road"])
    assert codes == ["GEO", "RUS", "BLR"]
    assert ids == ["khorgos-altynkol-rail", "khorgos-nur-zholy-road", "no-such-road"]
