"""The list of the reports in a folder."""

from __future__ import annotations

import json
from pathlib import Path

from horgos_geo.reports.report_index import (
    MANIFEST,
    Entry,
    read_manifest,
    update_manifest,
    write_list,
)


def made(folder: Path, name: str, title: str = "How & far") -> Entry:
    (folder / f"{name}.html").write_text("x" * 2600, encoding="utf-8")
    titles, headlines = {"en": title, "zh": "多远"}, {"en": "It is 5 < 6 km.", "zh": ""}
    return Entry(name, f"{name}.html", name[:2], titles, headlines, 3)


def test_what_lies_in_a_folder_is_listed_by_name(tmp_path: Path) -> None:
    first, second = made(tmp_path, "02-far"), made(tmp_path, "01-near")
    update_manifest(tmp_path, [first])
    update_manifest(tmp_path, [second])
    assert read_manifest(tmp_path) == [second, first]
    (tmp_path / "02-far.html").unlink()
    assert read_manifest(tmp_path) == [second]
    update_manifest(tmp_path, [])
    names = [row["name"] for row in json.loads((tmp_path / MANIFEST).read_text())["reports"]]
    assert names == ["01-near"]


def test_a_manifest_that_is_none_lists_nothing(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == []
    for text in ("{", "[]", '{"reports": [{"name": "x"}]}', '{"reports": 3}'):
        (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
        assert read_manifest(tmp_path) == []


def test_the_list_escapes_what_it_lists(tmp_path: Path) -> None:
    update_manifest(tmp_path, [made(tmp_path, "01-x", "<script>alert(1)</script>")])
    html = write_list(tmp_path).read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert "It is 5 &lt; 6 km." in html
    assert 'href="01-x.html"' in html
