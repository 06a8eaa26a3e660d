"""The page of a report: one HTML file that holds its languages and asks the network for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from horgos_geo.reports import provenance
from horgos_geo.reports.edition import Edition
from horgos_geo.views import assets
from horgos_geo.views.bundle import bundle
from horgos_geo.views.maps import page_assets

#: What a link to a language says.
SHORT = {"en": "EN", "zh": "中文", "ru": "РУ"}


@cache
def environment() -> Any:
    """Return the templates of pages; whatever is put into one is escaped."""
    from jinja2 import Environment, FileSystemLoader

    return Environment(
        loader=FileSystemLoader(assets.TEMPLATES), autoescape=True, trim_blocks=False
    )


def render(editions: Sequence[Edition]) -> str:
    """Return the page of a report.

    Parameters
    ----------
    editions
        The report in each language; the first is what a reader sees who asks for none.
    """
    basemaps = [name for edition in editions for name in edition.basemaps]
    return str(
        environment()
        .get_template("report/index.html.j2")
        .render(
            editions=editions,
            style=assets.page_style(),
            script=bundle("report/page.js"),
            assets=page_assets(basemaps) if basemaps else "",
            version=provenance.version(),
            data_hash=provenance.data_hash(),
            data_files=provenance.data_files,
            attribution=provenance.ATTRIBUTION,
            limits=provenance.LIMITS,
            short=SHORT,
        )
    )
