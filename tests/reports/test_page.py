"""Every rendered report in reports/: opened at both widths, light and dark, and printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from seeing import WIDTHS, opened, serious

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPORTS = Path(__file__).resolve().parents[2] / "reports"
PAGES = [p for p in sorted(REPORTS.glob("*.html")) if not p.name.endswith(".failed.html")]
MOST_BYTES = {"index": 6_000_000}
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_rendered_page(browser: Browser, page: Path, tmp_path: Path) -> None:
    assert page.stat().st_size <= MOST_BYTES.get(page.stem, 3_000_000)
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            with opened(browser, page.as_uri(), width, scheme) as seen:
                where = f"{page.name}, {width}, {scheme}"
                assert seen.errors == [], where
                assert seen.outside == [], where
                assert seen.overflow <= 0, f"{where} can be scrolled sideways"
                assert serious(seen.page) == [], where
    with opened(browser, page.as_uri()) as seen:
        assert len(seen.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)) > 10_000


def test_the_set_is_small() -> None:
    assert sum(page.stat().st_size for page in PAGES) <= 15_000_000
