"""The list of the reports in a folder: what each is called, what it answers, where it lies.

It stands in ``manifest.json`` beside the pages, is written with them, and is what every list of
reports reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from horgos_geo.core.files import write_atomic
from horgos_geo.core.text import LANGUAGES, Text
from horgos_geo.reports import provenance
from horgos_geo.reports.edition import Edition
from horgos_geo.reports.page import SHORT, environment
from horgos_geo.views import assets
from horgos_geo.views.bundle import bundle

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Entry:
    """A published report.

    Attributes
    ----------
    name
        Of its notebook.
    file
        Of its page.
    number
        Digits that the name starts with, or nothing.
    titles, headlines
        By language.
    size_kb
        Of the page.
    """

    name: str
    file: str
    number: str
    titles: dict[str, str]
    headlines: dict[str, str]
    size_kb: int


def entry(name: str, number: str, file: Path, editions: Sequence[Edition]) -> Entry:
    """Return the entry of a page that has been written.

    Parameters
    ----------
    name, number
        Of the notebook.
    file
        The page.
    editions
        What it holds.
    """
    return Entry(
        name,
        file.name,
        number,
        {edition.text.language: edition.title for edition in editions},
        {edition.text.language: edition.headline for edition in editions},
        round(file.stat().st_size / 1000),
    )


def read_manifest(folder: Path) -> list[Entry]:
    """Return the entries of the reports that lie in a folder, by name."""
    try:
        rows = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["reports"]
        entries = [Entry(**row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        # Written anew with the next report.
        return []
    return [item for item in entries if (folder / item.file).is_file()]


def update_manifest(folder: Path, new: Iterable[Entry]) -> Path:
    """Put entries into the manifest of a folder; those whose page is gone leave it.

    Parameters
    ----------
    folder
        Where the pages lie.
    new
        Entries of pages just written.
    """
    entries = {item.name: item for item in (*read_manifest(folder), *new)}
    content = {
        "version": provenance.version(),
        "data": provenance.data_hash(),
        "reports": [asdict(entries[name]) for name in sorted(entries, key=_order)],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return write_atomic(folder / MANIFEST, text + "\n")


def _order(name: str) -> tuple[bool, str]:
    # What has no number, the route finder, stands before the numbered reports.
    return name[:1].isdigit(), name


def write_list(folder: Path) -> Path:
    """Write ``index.html``, the list of what lies in a folder, in all languages."""
    html = (
        environment()
        .get_template("index.html.j2")
        .render(
            reports=read_manifest(folder),
            texts=[Text(language) for language in LANGUAGES],
            short=SHORT,
            style=assets.page_style(),
            script=bundle("report/page.js"),
            version=provenance.version(),
            data_hash=provenance.data_hash(),
            attribution=provenance.ATTRIBUTION,
        )
    )
    return write_atomic(folder / "index.html", html)
