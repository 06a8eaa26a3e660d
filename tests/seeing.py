"""Opening pages in a browser: the network cut, every request and error seen, axe at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = {"wide": (1440, 900), "phone": (390, 844)}
LOCAL = ("file:", "data:", "about:", "blob:")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"


@dataclass
class Seen:
    """A page and what it did while it was open."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(LOCAL)]

    @property
    def overflow(self) -> int:
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )


@contextmanager
def opened(
    browser: Browser, url: str, width: str = "wide", scheme: str = "light", **options: object
) -> Iterator[Seen]:
    """Open an address as a reader would, offline, and watch it."""
    wide, high = WIDTHS[width]
    context = browser.new_context(
        viewport={"width": wide, "height": high}, offline=True, color_scheme=scheme, **options
    )
    page = context.new_page()
    seen = Seen(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on(
        "console",
        lambda message: seen.errors.append(message.text) if message.type == "error" else None,
    )
    page.goto(url, wait_until="load")
    page.wait_for_timeout(150)
    yield seen
    context.close()


def serious(page: Page) -> list[str]:
    """Return the serious and critical findings of axe-core; skip where it is not at hand."""
    if not AXE.is_file():
        pytest.skip("tests/vendor/axe.min.js is not there, so access was not checked.")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:120]} ({len(v['nodes'])})"
        for v in found["violations"]
        if v["impact"] in ("serious", "critical")
    ]
