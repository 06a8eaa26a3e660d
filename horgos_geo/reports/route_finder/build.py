"""The route finder: one HTML file that finds any route itself, with no network."""

from __future__ import annotations

from pathlib import Path

from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.files import check_folder, write_atomic
from horgos_geo.core.text import LANGUAGES, Text
from horgos_geo.model import places
from horgos_geo.model.basemap import viewpoints
from horgos_geo.model.network import load_network
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario, load_scenario, shipped_scenarios
from horgos_geo.reports.report_index import Entry, update_manifest, write_list
from horgos_geo.reports.route_finder.data import to_json
from horgos_geo.reports.route_finder.overlay import build_overlay
from horgos_geo.reports.route_finder.page import Start, render

__all__ = ["NAME", "Start", "build", "known_places", "scenarios"]

NAME = "route-finder"
#: As the page offers them: the plain one, what opens, what shuts, how long one waits.
ORDER = (
    "base", "all-ferries", "caspian", "no-russia-belarus", "iran-closed", "horgos-closed",
    "optimistic-borders", "pessimistic-borders",
)  # fmt: skip


def build(out: Path | str = "out", *, language: str = "en", viewpoint: str = "ISO") -> Path:
    """Write the route finder into a folder, and the list of what lies there.

    Parameters
    ----------
    out
        The folder.
    language
        The one that the page opens in; all three are in it.
    viewpoint
        Whose view of the boundaries: ``ISO`` or a two-letter code.

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
    Text(language)
    if viewpoint not in viewpoints():
        raise ScenarioError(
            f"There is no viewpoint {viewpoint[:20]!r}. Choose one of {', '.join(viewpoints())}."
        )
    folder = Path(out)
    check_folder(folder)
    served = known_places()
    data = to_json(build_overlay(load_network(), served), scenarios())
    html = render(data, language=language, viewpoint=viewpoint)
    page = write_atomic(folder / f"{NAME}.html", html)
    update_manifest(folder, [_entry(page, len(served))])
    write_list(folder)
    return page


def known_places() -> list[Place]:
    """Return the places that the page knows: gateways, destinations and inland origins."""
    every = (*places.gateways(), *places.destinations(), *places.origins())
    return list({place.id: place for place in every}.values())


def scenarios() -> dict[str, Scenario]:
    """Return the shipped scenarios by id, the plain one first."""
    order = {name: i for i, name in enumerate(ORDER)}
    names = sorted(shipped_scenarios(), key=lambda name: (order.get(name, len(order)), name))
    return {name: load_scenario(name) for name in names}


def _entry(page: Path, count: int) -> Entry:
    texts = {language: Text(language) for language in LANGUAGES}
    return Entry(
        name=NAME,
        file=page.name,
        number="",
        titles={language: text("finder") for language, text in texts.items()},
        headlines={language: text("finder_lead", places=count) for language, text in texts.items()},
        size_kb=round(page.stat().st_size / 1000),
    )
