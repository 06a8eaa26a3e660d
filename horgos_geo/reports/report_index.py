"""The reports that lie in a folder: what a list shows of them, and how their editions link up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

from horgos_geo.core.files import write_atomic
from horgos_geo.core.text import LANGUAGES

#: What a link to an edition in a language says.
SHORT = {"en": "EN", "zh": "中文", "ru": "РУ"}
_LANGS = re.compile("<!--langs-->.*?<!--/langs-->", re.DOTALL)


@dataclass(frozen=True)
class Listed:
    """A published page, as the list of reports shows it."""

    name: str
    title: str
    summary: str
    size_kb: int


def listed(folder: Path) -> list[Listed]:
    """Return the report pages that lie in a folder, by name."""
    pages = []
    for path in sorted(folder.glob("[0-9]*.html")):
        if path.name.endswith(".failed.html"):
            continue
        head = path.read_text(encoding="utf-8", errors="replace")[:20_000]
        title = re.search(r"<title>(.*?)</title>", head, re.DOTALL)
        summary = re.search(r'<meta name="description" content="([^"]*)"', head)
        pages.append(
            Listed(
                path.stem,
                _unescape(title[1]) if title else path.stem,
                _unescape(summary[1]) if summary else "",
                round(path.stat().st_size / 1000),
            )
        )
    return pages


def link_languages(folder: Path) -> None:
    """Let the editions of a page in several languages lead to one another.

    Parameters
    ----------
    folder
        Where the pages lie; those whose links have changed are written anew.
    """
    here = {True: ' aria-current="page"', False: ""}
    families: dict[str, dict[str, Path]] = {}
    for page in sorted(folder.glob("[0-9]*.html")):
        name, _, language = page.stem.partition(".")
        if not language or language in LANGUAGES:
            families.setdefault(name, {})[language or "en"] = page
    for editions in families.values():
        for own, page in editions.items():
            html = page.read_text(encoding="utf-8")
            links = "".join(
                f'<a lang="{code}" href="{escape(editions[code].name)}"{here[code == own]}>'
                f"{SHORT[code]}</a>"
                for code in LANGUAGES
                if code in editions
            )
            links = f'<div class="langs">{links}</div>' if len(editions) > 1 else ""
            linked = _LANGS.sub(f"<!--langs-->{links}<!--/langs-->", html, count=1)
            if linked != html:
                write_atomic(page, linked)


def _unescape(text: str) -> str:
    return " ".join(unescape(text).split())
