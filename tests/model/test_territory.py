"""Which country points lie in, and on which piece of land."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from horgos_geo.core import datasets
from horgos_geo.model.gazetteer import FILE
from horgos_geo.model.territory import territory


def at(*points):
    """Return longitudes and latitudes of points, latitude first."""
    lat, lon = np.array(points, dtype=float).T
    return lon, lat


def test_every_town_of_the_gazetteer_lies_in_its_country():
    table = pq.read_table(datasets.path(FILE), columns=["lon", "lat", "country"])
    lon, lat = (table[name].to_numpy() for name in ("lon", "lat"))
    assert territory().countries(lon, lat) == table["country"].to_pylist()


def test_towns_are_placed_by_the_outlines_and_the_other_towns():
    """With each town left out in turn, at most one in a hundred comes out in another country."""
    table = pq.read_table(datasets.path(FILE), columns=["lon", "lat", "country"])
    some = slice(None, None, 17)
    lon, lat = (table[name].to_numpy()[some] for name in ("lon", "lat"))
    found = np.array(territory().countries(lon, lat, skip=1))
    assert (found != np.array(table["country"].to_pylist())[some]).mean() < 0.01


def test_points_far_from_land_have_no_country():
    assert territory().countries(*at((20.0, 66.0), (0.0, 0.0), (45.0, -20.0))) == ["", "", ""]


def test_pieces_of_land_hang_together():
    # Both sides of a mainland; two islands; a mainland and an exclave.
    lon, lat = at(
        (43.2, 76.9), (51.2, 51.4), (35.7, 139.7), (43.1, 141.3), (55.7, 37.6), (54.7, 20.5)
    )
    pieces = territory().pieces(lon, lat, ["KAZ", "KAZ", "JPN", "JPN", "RUS", "RUS"])
    assert (pieces >= 0).all()
    assert pieces[0] == pieces[1]
    assert pieces[2] != pieces[3]
    assert pieces[4] != pieces[5]
    assert territory().is_apart(*at((54.7, 20.5)), "RUS")
    assert not territory().is_apart(*at((55.7, 37.6)), "RUS")


def test_open_water_is_measured():
    begin, end = at((60.17, 24.94), (43.2, 76.9)), at((59.44, 24.75), (43.3, 77.4))
    water_km = territory().over_water_km(*begin, *end)
    assert water_km[0] == pytest.approx(70, abs=15)  # Helsinki to Tallinn
    assert water_km[1] == 0.0
