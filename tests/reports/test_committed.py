"""The committed reports are what the code builds from the committed data, to the byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from horgos_geo.core.text import LANGUAGES
from horgos_geo.reports import provenance
from horgos_geo.reports.notebook import find_notebooks
from horgos_geo.reports.publish import build
from horgos_geo.reports.report_index import MANIFEST, read_manifest, write_list
from horgos_geo.reports.route_finder.build import NAME, build as build_route_finder

REPORTS = Path(__file__).resolve().parents[2] / "reports"
# Report 07 lists every published figure, three times over: one for each language.
MOST_BYTES = {NAME: 6_000_000, "07-accuracy": 1_800_000}
pytestmark = pytest.mark.slow


def test_the_manifest_names_what_lies_there_and_what_it_was_made_from() -> None:
    content = json.loads((REPORTS / MANIFEST).read_text(encoding="utf-8"))
    assert content["version"] == provenance.version()
    assert content["data"] == provenance.data_hash()
    listed = {entry.file for entry in read_manifest(REPORTS)}
    assert listed == {f"{name}.html" for name in (NAME, *(n.name for n in find_notebooks()))}
    assert {page.name for page in REPORTS.glob("*.html")} == {*listed, "index.html"}


def test_every_page_tells_the_data_and_holds_three_languages() -> None:
    for entry in read_manifest(REPORTS):
        html = (REPORTS / entry.file).read_text(encoding="utf-8")
        assert provenance.data_hash()[:16] in html, entry.file
        assert set(entry.titles) == set(LANGUAGES), entry.file
        assert all(entry.headlines.values()), entry.file
        assert len(html.encode()) <= MOST_BYTES.get(entry.name, 1_500_000), entry.file


@pytest.mark.parametrize("name", ["01-routes-from-horgos", "08-land-and-sea"])
def test_a_committed_report_is_what_its_notebook_makes(name: str, tmp_path: Path) -> None:
    (page,) = build([name], out=tmp_path, jobs=2)
    assert page.read_bytes() == (REPORTS / page.name).read_bytes()


def test_the_committed_route_finder_and_list_are_what_is_built(tmp_path: Path) -> None:
    page = build_route_finder(tmp_path)
    assert page.read_bytes() == (REPORTS / page.name).read_bytes()
    (tmp_path / MANIFEST).write_bytes((REPORTS / MANIFEST).read_bytes())
    for entry in json.loads((REPORTS / MANIFEST).read_text(encoding="utf-8"))["reports"]:
        (tmp_path / entry["file"]).touch()
    assert write_list(tmp_path).read_bytes() == (REPORTS / "index.html").read_bytes()
