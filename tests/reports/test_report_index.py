"""The list of the reports in a folder."""

from __future__ import annotations

from pathlib import Path

from horgos_geo.reports import report_index as shelf


def test_what_lies_in_a_folder_is_listed_by_name(tmp_path: Path) -> None:
    page = '<title>How  &amp; far</title><meta name="description" content="It is 5 &lt; 6 km.">'
    (tmp_path / "02-far.html").write_text(page, encoding="utf-8")
    (tmp_path / "01-bare.html").write_text("x" * 2600, encoding="utf-8")
    for other in ("03-broken.failed.html", "index.html"):
        (tmp_path / other).write_text(page, encoding="utf-8")
    assert shelf.listed(tmp_path) == [
        shelf.Listed("01-bare", "01-bare", "", 3),
        shelf.Listed("02-far", "How & far", "It is 5 < 6 km.", 0),
    ]


def test_editions_lead_to_one_another(tmp_path: Path) -> None:
    for name in ("01-x", "01-x.zh", "02-y", "03-z.failed"):
        (tmp_path / f"{name}.html").write_text("a<!--langs--><!--/langs-->b", encoding="utf-8")
    shelf.link_languages(tmp_path)
    english = (tmp_path / "01-x.html").read_text(encoding="utf-8")
    assert '<a lang="zh" href="01-x.zh.html">中文</a>' in english
    assert '<a lang="en" href="01-x.html" aria-current="page">EN</a>' in english
    assert "ru" not in english
    assert (tmp_path / "02-y.html").read_text(encoding="utf-8") == "a<!--langs--><!--/langs-->b"
    assert 'langs"' not in (tmp_path / "03-z.failed.html").read_text(encoding="utf-8")
    (tmp_path / "01-x.zh.html").unlink()
    shelf.link_languages(tmp_path)
    assert (tmp_path / "01-x.html").read_text(encoding="utf-8") == "a<!--langs--><!--/langs-->b"
