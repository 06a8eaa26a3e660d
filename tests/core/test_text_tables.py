"""Tables of text: how an encoding and a separator are found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from horgos_geo.core.errors import DataError
from horgos_geo.core.text_tables import guess_encoding, open_text_table


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "id,name\n1,Алматы\n"),
        ("utf-8-sig", "id,name\n1,Алматы\n"),
        ("utf-16", "id,name\n1,霍尔果斯\n"),
        ("utf-16-le", "id,lon\na,1\n"),
        ("utf-16-be", "id,lon\na,1\n"),
        ("cp1251", "id;Широта;Долгота\nАлматы;1;2\n"),
        ("cp1251", "id,name\n1,АСТАНА\n2,АЛМАТЫ\n"),
        ("cp1251", "id\nГород Алма-Ата, ул. Абая\n"),
        ("koi8-r", "id,город\n1,Москва\n2,Нижний Новгород\n"),
        ("gb18030", "编号,经度,纬度\n阿拉木图,1,2\n霍尔果斯,1,2\n"),
        ("gb18030", "名称,国家\n北京,中国\n"),
        ("gb18030", "id,name\n1,乌鲁木齐\n2,喀什\n"),
        ("big5", "id,名稱\n1,香港\n2,臺北市\n"),
        ("cp1252", "id,lon,lat\nMünchen,1,2\nKöln,2,3\n"),
        ("cp1252", "id\nZürich\nÖsterreich\n"),
    ],
)
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    assert guess_encoding(path) == encoding
    rows = list(open_text_table(path).rows())
    assert rows[0][1][0] == text.splitlines()[1].replace(";", ",").split(",")[0]


def test_a_late_letter_decides(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"id,name\n" + b"1,a\n" * 400_000 + "2,Алматы\n".encode("cp1251"))
    assert guess_encoding(path) == "cp1251"


@pytest.mark.parametrize(
    ("text", "separator", "names"),
    [
        ("a,b\n1,2\n", ",", ("a", "b")),
        ("a;b\n1,5;2\n", ";", ("a", "b")),
        ("a\tb\n1,5\t2\n", "\t", ("a", "b")),
        ("sep=;\na;b\n1;2\n", ";", ("a", "b")),
        ("\n\nsep\n1\n", ",", ("sep",)),
        ("a, b \n1,2\n", ",", ("a", "b")),
        ("", ",", ()),
    ],
)
def test_separators(tmp_path: Path, text: str, separator: str, names: tuple[str, ...]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    table = open_text_table(path)
    assert (table.separator, table.names) == (separator, names)


def test_what_is_utf_8_in_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("id\n霍尔果斯\n".encode() + b"\xff\xfe\n")
    with pytest.raises(DataError, match="not UTF-8"):
        open_text_table(path)
