"""Reports in a real browser with the network cut: no requests, no errors, routes drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from horgos_geo.reports import publish as report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LOCAL = ("file:", "data:", "about:", "blob:")
WIDTHS = {"wide": (1440, 900), "phone": (390, 844)}


@dataclass
class Opened:
    """A page and what it did while it was open."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def opened(
    browser: Browser, path: Path, width: str = "wide", scheme: str = "light"
) -> Iterator[Opened]:
    """Open a file as a reader would, offline, and watch it."""
    wide, high = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high}, offline=True, color_scheme=scheme
    )
    page = context.new_page()
    seen = Opened(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on(
        "console",
        lambda message: seen.errors.append(message.text) if message.type == "error" else None,
    )
    page.goto(path.as_uri(), wait_until="load")
    page.wait_for_timeout(300)
    yield seen
    context.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Path:
    """Return the page of the first notebook for a few destinations, run by papermill."""
    (page,) = report.build(
        ["01-routes-from-horgos"],
        settings=["destinations=almaty,tashkent,moscow"],
        out=tmp_path_factory.mktemp("reports"),
    )
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", list(WIDTHS))
def test_a_report_opens_offline(browser: Browser, built: Path, width: str, scheme: str) -> None:
    with opened(browser, built, width, scheme) as seen:
        outside = [url for url in seen.requests if not url.startswith(LOCAL)]
        assert outside == []
        assert seen.errors == []
        assert len([url for url in seen.requests if url.startswith("file:")]) == 1
        overflow = seen.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, "the page can be scrolled sideways"


def test_the_routes_are_drawn_on_the_live_map(browser: Browser, built: Path) -> None:
    with opened(browser, built) as seen:
        container = seen.page.locator(".leaflet-container").first
        container.scroll_into_view_if_needed()
        seen.page.wait_for_timeout(300)
        box = container.bounding_box()
        assert box is not None
        assert box["width"] > 600
        drawn = seen.page.eval_on_selector_all(
            ".leaflet-container path",
            "paths => paths.map(p => p.getBBox()).filter(b => b.width + b.height > 100).length",
        )
        assert drawn >= 6, "fewer lines than routes"
        for name in ("Almaty", "Tashkent", "Moscow"):
            assert seen.page.get_by_text(name).count() > 0


def test_what_is_shown_is_what_was_computed(browser: Browser, built: Path) -> None:
    import horgos_geo as hg

    router = hg.Router(hg.load_network(), hg.Scenario(modes=["road"]))
    length_km = router.route("Horgos", "Tashkent").length_km
    with opened(browser, built) as seen:
        text = seen.page.inner_text("main").replace("\u00a0", " ")
    assert f"{round(length_km, -1):,.0f}" in text


def test_without_script_a_picture_stands_in(browser: Browser, built: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(built.as_uri())
    assert page.locator("figure svg:visible path").count() > 6
    context.close()


def test_a_report_is_small_and_names_no_host_to_load_from(built: Path) -> None:
    html = built.read_text(encoding="utf-8")
    assert len(html.encode()) <= 3_000_000
    without_links = re.sub(r"<a\b[^>]*>", "", html)
    loaded = re.findall(r"""\b(?:src|href|srcset|poster)\s*=\s*["']?(https?:)?//""", without_links)
    styled = re.findall(r"""url\(\s*["']?(?:https?:)?//""", without_links)
    assert loaded == []
    assert styled == []


def test_the_list_of_reports_leads_to_them(browser: Browser, built: Path) -> None:
    with opened(browser, built.parent / "index.html") as seen:
        assert "Almaty is about" in seen.page.inner_text("body")
        seen.page.locator(f'a[href="{built.name}"]').first.click()
        seen.page.wait_for_load_state()
        assert seen.page.url.endswith(built.name)
        assert [url for url in seen.requests if not url.startswith(LOCAL)] == []


def test_a_failed_report_shows_what_failed(browser: Browser, tmp_path: Path) -> None:
    import nbformat

    from horgos_geo.core.errors import ReportError

    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell("'<b>bold</b>'\nraise ValueError('<img src=x>')")]
    nbformat.write(book, tmp_path / "90-bad.ipynb")
    with pytest.raises(ReportError):
        report.build([str(tmp_path / "90-bad.ipynb")], out=tmp_path / "out")
    with opened(browser, tmp_path / "out" / "90-bad.failed.html") as seen:
        assert seen.errors == []
        assert seen.page.get_by_role("alert").is_visible()
        assert seen.page.locator("img").count() == 0


def test_languages_switch_in_place(browser: Browser, built: Path) -> None:
    with opened(browser, built) as seen:
        page = seen.page
        assert page.evaluate("document.documentElement.lang") == "en"
        page.click(".langs:visible [data-lang=zh]")
        assert page.evaluate("document.documentElement.lang") == "zh"
        assert page.locator(".edition:visible").count() == 1
        assert "阿拉木图" in page.inner_text("h1:visible")
        page.wait_for_selector(".map.is-live:visible")
        labels = page.locator(".map-over:visible .lb-dest").all_text_contents()
        assert "塔什干" in labels
        page.goto(built.as_uri() + "#ru-distance")
        page.reload()
        assert page.evaluate("document.documentElement.lang") == "ru"
        assert 0 <= page.evaluate("document.getElementById('ru-distance').getBoundingClientRect().top") < 400  # fmt: skip
        assert seen.errors == []
        assert len({url.partition("#")[0] for url in seen.requests}) == 1
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(built.as_uri())
    assert page.locator("h1:visible").count() == 3, "without script all languages stand there"
    context.close()
