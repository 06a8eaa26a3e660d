"""Tables of places as offices write them: every one is read, or refused with the reason."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from horgos_geo.core.errors import DataError
from horgos_geo.core.table_files import readable
from horgos_geo.model.place_tables import PlaceBlock, read_blocks, read_places
from horgos_geo.model.table_columns import pair_columns, place_columns, role_of

TABLES = Path(__file__).resolve().parents[1] / "tables"
ALMATY, TASHKENT = (76.91, 43.25), (69.24, 41.3)

#: Files whose first row is a place in Almaty, and how many rows they have.
READ = {
    "blanklines.csv": 2, "bom.csv": 2, "cat.parquet": 1, "cp1251.csv": 1, "cr.csv": 2,
    "crlf.csv": 2,
    "crs84.geojson": 1, "dms.csv": 1, "gb18030.csv": 1, "google.kml": 2, "hemi.csv": 1,
    "longnames.csv": 1, "multi.geojson": 2, "p.fgb": 2, "p.geojson": 2, "p.gpx": 1, "p.kml": 2,
    "p.pq": 1, "p.shp": 2, "p3857.geojson": 2, "p3857.gpkg": 2, "p3857.parquet": 2,
    "p3d.geojson": 1,
    "p4490.gpkg": 2, "p_geo.parquet": 2, "plain.csv": 2, "quoted.csv": 2, "quotednl.csv": 1,
    "sci.csv": 1, "semi.csv": 2, "semi_dec.csv": 2, "sepline.csv": 1, "swapped_head.csv": 1,
    "tab_dec.csv": 1, "upper.csv": 1, "utf16.csv": 2, "xy.csv": 1,
}  # fmt: skip


def block_of(path: Path, **more: str) -> PlaceBlock:
    return PlaceBlock.joined(list(read_blocks(path, 3, **more)))  # type: ignore[arg-type]


def written(tmp_path: Path, text: str, name: str = "t.csv", encoding: str = "utf-8") -> Path:
    (tmp_path / name).write_bytes(text.encode(encoding))
    return tmp_path / name


@pytest.mark.parametrize("name", READ)
def test_it_is_read(name: str) -> None:
    block = block_of(TABLES / name)
    assert block.good.all()
    assert len(block) == READ[name]
    for row, (lon, lat) in enumerate((ALMATY, TASHKENT)[: len(block)]):
        assert (block.lon[row], block.lat[row]) == pytest.approx((lon, lat), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("cp1251.csv", ("Алматы",)),
        ("gb18030.csv", ("阿拉木图",)),
        ("google.kml", ("Almaty", "Tashkent")),
        ("p.gpx", ("Almaty",)),
        ("utf16.csv", ("almaty", "tashkent")),
        ("names_only.csv", ("1", "2")),
    ],
)
def test_ids(name: str, ids: tuple[str, ...]) -> None:
    assert block_of(TABLES / name).ids == ids


def test_names_stand_in_the_place_of_coordinates() -> None:
    block = block_of(TABLES / "names_only.csv")
    assert [place.id for place in block.places] == ["almaty", "tashkent"]
    # A listed place keeps its rail terminal.
    assert block.places[0].terminal_lon is not None
    assert [place.id for place in read_places(TABLES / "names_only.csv")] == ["1", "2"]


def test_countries_by_code_or_name() -> None:
    assert block_of(TABLES / "ctry.csv").country[:5] == ("", "AFG", "AFG", "AFG", "")
    block = block_of(TABLES / "country_lc.csv")
    assert block.country == ("KAZ", "UZB", "KAZ", "")
    assert block.faults == ("", "", "", "unknown country")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("swapped_val.csv", "longitude and latitude exchanged.*Exchange the names"),
        ("mercator.csv", "line 2: bad coordinates .*degrees"),
        ("poly.geojson", "no points"),
        ("dupid.csv", "twice"),
        ("dup.csv", "no column lon, lat"),
    ],
)
def test_it_is_refused_with_the_reason(name: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        block_of(TABLES / name)


@pytest.mark.parametrize("name", ["emptypoint.geojson", "nullgeom.geojson"])
def test_a_row_without_a_point_takes_no_other_along(name: str) -> None:
    assert block_of(TABLES / name).faults == ("no point", "")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("b,,", "bad coordinates"),
        ("b,NA,NULL", "bad coordinates"),
        ("b,200,10", "bad coordinates"),
        ("b,43.25N,76.91E", "bad coordinates"),
        ("b,43.25,80.41", "longitude and latitude exchanged"),
        ("b,1,2,3,4", "more cells than columns"),
        ("b,1", "bad coordinates"),
        (",69.24,41.3", "no id"),
    ],
)
def test_a_bad_row_takes_no_other_along(tmp_path: Path, row: str, fault: str) -> None:
    path = written(tmp_path, f"id,lon,lat\na,76.91,43.25\n{row}\nc,69.24,41.3\n")
    block = block_of(path)
    assert block.faults == ("", fault, "")
    assert [place.id for place in block.places] == ["a", "c"]
    assert any("line 3" in note and fault in note for note in block.notes)


def test_bad_names_take_no_others_along(tmp_path: Path) -> None:
    path = written(tmp_path, "город;страна\nАлматы;\nZzyzx;\nБрест;Франция\nCairo;\n")
    block = block_of(path)
    assert block.faults == ("", "unknown place", "", "unknown place")
    assert block.country == ("KAZ", "", "FRA", "")
    with pytest.raises(DataError, match="line 2: unknown place"):
        block_of(written(tmp_path, "name\nZzyzx\n"))


def test_wrong_coordinates_are_not_passed_over_for_a_name(tmp_path: Path) -> None:
    block = block_of(written(tmp_path, "name,lon,lat\nAlmaty,,\nOsh,7O.1,40\n"))
    assert block.faults == ("", "bad coordinates")


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("编号,经度,纬度", "a,76.91,43.25"),
        ("Код\tДолгота\tШирота", "a\t76,91\t43,25"),
        ("id;Longitude (deg);Latitude (deg)", "a;76,91;43,25"),
        ("ID|GPS lon|GPS lat", "a|76.91|43.25"),
        ("id,POINT_X,POINT_Y", "a,76.91,43.25"),
        ("id;coordinates", "a;43.25, 76.91"),
        ("编号;坐标", "a;43.25,76.91"),
        ("编号;经纬度", "a;76.91,43.25"),
        ("id;WKT", "a;POINT (76.91 43.25)"),
        ("id,lat,lon", "a,43°15′0″N,76°54′36″E"),
    ],
)
def test_heads_in_any_words(tmp_path: Path, head: str, row: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        block = block_of(written(tmp_path, f"{head}\n{row}\n", encoding=encoding))
        assert block.ids == ("a",)
        assert (block.lon[0], block.lat[0]) == pytest.approx(ALMATY, abs=1e-6)


def test_a_spreadsheet(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Город", "Долгота", "Широта", None])
    book.active.append(["Алматы", 76.91, 43.25])
    book.active.append([])
    book.active.append(["Ташкент", "69,24", "41,3", "remark beyond the head"])
    book.active.append([7.0, 69.24, 41.3])
    book.save(tmp_path / "t.xlsx")
    block = block_of(tmp_path / "t.xlsx")
    assert block.ids == ("Алматы", "Ташкент", "7")
    assert block.faults == ("", "more cells than columns", "")
    assert any("row 4" in note for note in block.notes)
    (tmp_path / "broken.xlsx").write_bytes(b"PK")
    with pytest.raises(DataError, match="spreadsheet"):
        block_of(tmp_path / "broken.xlsx")


def test_rows_without_an_id_go_by_name_or_number(tmp_path: Path) -> None:
    by_name = block_of(written(tmp_path, "name,lon,lat\nDepot,76.91,43.25\nDepot,69.24,41.3\n"))
    assert by_name.ids == ("Depot", "Depot (line 3)")
    assert block_of(written(tmp_path, "x,y\n76.91,43.25\n69.24,41.3\n")).ids == ("2", "3")


def test_maps_made_in_china() -> None:
    # Tian'anmen as Chinese maps show it; Almaty is shown where it is.
    block = PlaceBlock.joined(list(read_blocks(_chinese("gcj02"), 5, "gcj02")))
    assert (block.lon[0], block.lat[0]) == pytest.approx((116.39747, 39.90882), abs=2e-5)
    assert (block.lon[1], block.lat[1]) == ALMATY
    baidu = PlaceBlock.joined(list(read_blocks(_chinese("bd09"), 5, "bd09")))
    assert (baidu.lon[0], baidu.lat[0]) == pytest.approx((116.39747, 39.90882), abs=2e-5)


def _chinese(datum: str) -> Path:
    return TABLES / f"{datum}.csv"


def test_whatever_comes_through_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe:
        buffer: io.BytesIO

    for name in ("semi_dec.csv", "p.geojson", "p_geo.parquet", "p3857.gpkg", "google.kml", "p.gpx"):
        Pipe.buffer = io.BytesIO((TABLES / name).read_bytes())
        monkeypatch.setattr("sys.stdin", Pipe)
        with readable(Path("-")) as path:
            block = block_of(path)
        assert (block.lon[0], block.lat[0]) == pytest.approx(ALMATY, abs=1e-6), name
        assert not path.exists()


def test_parts_and_places_go_together(tmp_path: Path) -> None:
    path = written(tmp_path, "name\nAlmaty\nZzyzx\nOsh\nTashkent\n")
    block = block_of(path)
    part = block.part(1, 4)
    assert [place.id for place in part.places] == ["osh", "tashkent"]
    assert part.faults == ("unknown place", "", "")
    assert np.isnan(part.lon[0])


def test_what_columns_say() -> None:
    assert place_columns(["ID", "Town", "Lng", "Lat"]) == {"id": 0, "name": 1, "lon": 2, "lat": 3}
    assert pair_columns(["Откуда", "Куда"]) == {"origin": {"name": 0}, "dest": {"name": 1}}
    assert pair_columns(["起点经度", "起点纬度", "终点"]) == {
        "origin": {"lon": 0, "lat": 1},
        "dest": {"name": 2},
    }
    assert role_of("origin_lon") == ""
