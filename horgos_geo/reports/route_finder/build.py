"""The atlas: one HTML file with every computed route, found by clicking, with no network.

The routes stand in the page together with a hash of the data and the code that they were made
from, so that a page whose hash still holds is written anew without routing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from horgos_geo.core import datasets
from horgos_geo.model import places
from horgos_geo.reports.route_finder import page as _atlas_page
from horgos_geo.reports.route_finder import routes as _atlas_routes
from horgos_geo.reports.route_finder.data import to_json
from horgos_geo.reports.route_finder.page import Start
from horgos_geo.reports.route_finder.routes import Computed, Progress
from horgos_geo.reports import provenance
from horgos_geo.reports.report_index import read_manifest
from horgos_geo.model.basemap import viewpoints
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.files import write_atomic
from horgos_geo.core.text import Text

__all__ = ["Start", "build", "refresh", "render"]

NAME = "index.html"
#: Data that routes and the names of places depend on.
DATA = ("network/*", "scenarios/*.yaml", "reference/*.csv", "reference/parameters/*.csv")
#: Code that they depend on.
CODE = (
    "core/*.py",
    "model/*.py",
    "routing/*.py",
    "analysis/corridors.py",
    "reports/route_finder/data.py",
    "reports/route_finder/lines.py",
    "reports/route_finder/routes.py",
    "views/projection.py",
)
_ROUTES = re.compile(
    r'<script type="application/json" id="atlas-data" data-key="([0-9a-f]{64})">([^<]*)</script>'
)


def build(
    out: Path | str = "reports",
    *,
    language: str = "en",
    viewpoint: str = "ISO",
    jobs: int = 1,
    force: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write the atlas into a folder.

    Parameters
    ----------
    out
        The folder; the reports that lie in it are listed.
    language
        The one that the page opens in; all three are in it.
    viewpoint
        Whose view of the boundaries: ``ISO`` or a two-letter code.
    jobs
        Processes to route with.
    force
        Route even if the page's routes are those of the present data and code.
    progress
        Called with how many of how many tables of routes are done.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ScenarioError
        An unknown language or viewpoint.
    OutputError
        The folder cannot be written to.
    """
    _check(language, viewpoint)
    folder = Path(out)
    key = fingerprint()
    known = None if force else _read(folder / NAME)
    if known is not None and known[0] == key:
        data = known[1]
    else:
        computed = _atlas_routes.compute(
            places.resolve("Horgos"), places.destinations(), jobs=jobs, progress=progress
        )
        data = to_json(computed, _aliases())
    return write_atomic(folder / NAME, _page(data, key, folder, language, viewpoint))


def refresh(folder: Path | str) -> Path | None:
    """Write the atlas of a folder anew around the routes that it has.

    Returns
    -------
    Path or None
        The page; None where the folder has no atlas.
    """
    known = _read(Path(folder) / NAME)
    if known is None:
        return None
    key, data = known
    page = (Path(folder) / NAME).read_text(encoding="utf-8")
    language = re.search(r'<html class="hg" lang="(\w\w)', page)
    viewpoint = re.search(r'"viewpoint":"(\w+)"', page)
    return write_atomic(
        Path(folder) / NAME,
        _page(
            data,
            key,
            Path(folder),
            language[1] if language else "en",
            viewpoint[1] if viewpoint else "ISO",
        ),
    )


def render(
    computed: Computed,
    *,
    language: str = "en",
    viewpoint: str = "ISO",
    reports: Sequence[Any] = (),
    start: Start | None = None,
) -> str:
    """Return the page of some computed routes.

    Parameters
    ----------
    computed
        The routes, as `_atlas.routes.compute` returns them.
    language, viewpoint
        As for `build`.
    reports
        What to list, as in the manifest.
    start
        What the page shows first.
    """
    _check(language, viewpoint)
    data = to_json(computed, _aliases())
    key = hashlib.sha256(data.encode()).hexdigest()
    return _atlas_page.page(
        data,
        key,
        language=language,
        viewpoint=viewpoint,
        reports=reports,
        about=_about(),
        start=start,
    )


def fingerprint() -> str:
    """Return the hash of the data and the code that the routes depend on."""
    digest = hashlib.sha256()
    root, here = datasets.root(), Path(__file__).resolve().parents[2]
    found = [(root, pattern) for pattern in DATA] + [(here, pattern) for pattern in CODE]
    if datasets.network() != root / "network":
        found.append((datasets.network(), "*"))
    files = [file for base, pattern in found for file in sorted(base.glob(pattern))]
    for file in filter(Path.is_file, files):
        digest.update(file.name.encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _page(data: str, key: str, folder: Path, language: str, viewpoint: str) -> str:
    return _atlas_page.page(
        data,
        key,
        language=language,
        viewpoint=viewpoint,
        reports=_reports(folder),
        about=_about(),
    )


def _reports(folder: Path) -> Sequence[Any]:
    return read_manifest(folder)


def _about() -> dict[str, Any]:
    return {
        "version": provenance.version(),
        "attribution": provenance.ATTRIBUTION,
        "limits": provenance.LIMITS,
    }


def _read(file: Path) -> tuple[str, str] | None:
    """Return the key and the routes of a page, or None where there are none."""
    if not file.is_file():
        return None
    found = _ROUTES.search(file.read_text(encoding="utf-8", errors="replace"))
    return (found[1], found[2]) if found else None


def _aliases() -> dict[str, str]:
    return {row["id"]: row["aliases"] for row in datasets.read_rows("reference/destinations.csv")}


def _check(language: str, viewpoint: str) -> None:
    Text(language)
    if viewpoint not in viewpoints():
        raise ScenarioError(
            f"There is no viewpoint {viewpoint[:20]!r}. Choose one of {', '.join(viewpoints())}."
        )
