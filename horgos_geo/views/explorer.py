"""A panel for JupyterLab: change the question, and only the route on the map changes."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Iterable
from typing import Any

from horgos_geo.core.errors import HorgosError
from horgos_geo.core.text import Text
from horgos_geo.model import places
from horgos_geo.model.network import Network, load_network
from horgos_geo.model.parameters import Parameters
from horgos_geo.model.places import Place, PlaceLike, PlacesLike
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.views import assets, explorer_data as explore_data
from horgos_geo.views.browser_words import words_json
from horgos_geo.views.live import basemap_id, basemap_json

__all__ = ["Explorer", "explore"]

MODES = ("road", "rail", "multimodal")
#: Between the steps that make other modes ready, so that a click may come first.
_PAUSE_S = 0.25
CRITERIA = ("time", "distance", "cost", "co2e")


class Explorer:
    """The panel: controls, a map that stays, and the totals of the route.

    Parameters
    ----------
    router
        The network and the scenario to begin with.
    origin
        Where routes begin.
    destinations
        What the list offers; the field takes any other place too.
    language
        ``en``, ``zh`` or ``ru``.
    viewpoint
        Whose view of the boundaries.

    Attributes
    ----------
    route
        The route on the map.
    widget
        The panel as an ipywidgets box.
    seconds
        How long the last change took to compute and send.
    unready
        Modes whose graphs have not been built yet.
    """

    def __init__(
        self,
        router: Router,
        origin: Place,
        destinations: Iterable[Place],
        language: str = "en",
        viewpoint: str = "ISO",
    ) -> None:
        import ipywidgets as w

        self.router, self.origin, self.text = router, origin, Text(language)
        self.viewpoint, self.uid = viewpoint, "x" + uuid.uuid4().hex[:10]
        self.seconds = 0.0
        text, scenario = self.text, router.scenario
        self.places = sorted(destinations, key=lambda place: place.label(language))
        named = {f"{p.label(language)}, {text.country(p.country)}": p.id for p in self.places}
        lands = sorted({p.country for p in self.places if p.country}, key=text.country)
        crossings = sorted(
            (text.aside(text.point(c.name), text.mode(c.mode)), c.id)
            for c in router.network.crossings
            if c.is_event and c.mode != "ferry"
        )
        wide = w.Layout(width="auto")
        first = next((label for label, id_ in named.items() if id_ == "duisburg"), "")
        self.destination = w.Combobox(
            options=list(named), value=first or next(iter(named), ""), ensure_option=False,
            continuous_update=False, layout=wide, placeholder=text("finder_search"),
        )  # fmt: skip
        self._named = named
        self.mode = w.ToggleButtons(
            options=[(text(f"finder_mode_{m}"), m) for m in MODES],
            value=scenario.mode_label, style={"button_width": "102px"},
        )  # fmt: skip
        self.minimise = w.ToggleButtons(
            options=[(text(f"finder_min_{c}"), c) for c in CRITERIA],
            value=scenario.minimise if scenario.minimise in CRITERIA else "time",
            style={"button_width": "82px"},
        )  # fmt: skip
        self.ferries = w.Checkbox(
            value=bool(scenario.ferries), description=text("finder_ferries"), indent=False
        )
        self.closed_countries = w.SelectMultiple(
            options=[(text.country(code), code) for code in lands], rows=5, layout=wide,
            value=[c for c in scenario.closed_countries if c in lands],
        )  # fmt: skip
        self.closed_crossings = w.SelectMultiple(
            options=crossings, rows=5, layout=wide, value=list(scenario.closed_crossings)
        )
        self.totals = w.HTML()
        self._map, self._layer = w.Output(), w.Output()
        self.widget = self._assemble(w)
        self.route: Any = None
        self._map.outputs = (_html(self._page()),)
        for control in (self.destination, self.mode, self.minimise, self.ferries,
                        self.closed_countries, self.closed_crossings):  # fmt: skip
            control.observe(lambda _: self.update(), names="value")
        self.update()
        self.unready = [mode for mode in MODES if mode != self.mode.value]
        self._make_ready()

    def _assemble(self, w: Any) -> Any:
        text = self.text

        def field(label: str, control: Any) -> Any:
            return w.VBox([w.HTML(f"<b>{_esc(text(label))}</b>"), control])

        panel = w.VBox(
            [
                field("finder_destination", self.destination),
                field("finder_mode", self.mode),
                field("finder_minimise", self.minimise),
                self.ferries,
                field("finder_closed_countries", self.closed_countries),
                field("finder_closed_crossings", self.closed_crossings),
                self.totals,
            ],
            layout=w.Layout(width="362px", flex="0 0 362px", padding="0 12px 0 0"),
        )
        picture = w.VBox([self._map, self._layer], layout=w.Layout(flex="1 1 0", min_width="0"))
        return w.HBox([panel, picture])

    def _make_ready(self) -> None:
        """Build the graphs of the other modes once the panel is shown, one between two events.

        Then no click waits for them. Without an event loop each is built when it is asked for.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return

        def step() -> None:
            if self.unready and self.places:
                mode = self.unready.pop(0)
                self.router.with_(modes=mode).route(self.origin, self.places[0])
                loop.call_later(_PAUSE_S, step)

        loop.call_later(_PAUSE_S, step)

    def scenario_changes(self) -> dict[str, Any]:
        """Return what the controls ask for as scenario fields."""
        return {
            "modes": self.mode.value,
            "minimise": self.minimise.value,
            "ferries": bool(self.ferries.value),
            "closed_countries": list(self.closed_countries.value),
            "closed_crossings": list(self.closed_crossings.value),
        }

    def update(self) -> None:
        """Find the route that the controls ask for, and send its layer alone."""
        began = time.perf_counter()
        try:
            asked = self.destination.value
            place = places.resolve(self._named.get(asked, asked))
            self.route = self.router.with_(**self.scenario_changes()).route(self.origin, place)
        except HorgosError as error:
            self.totals.value = f"<p>{_esc(error)}</p>"
            return
        layer = explore_data.layer(self.route, self.text)
        payload = assets.script_safe(json.dumps(layer, ensure_ascii=False, separators=(",", ":")))
        # Only this line of script travels; the map and its ground stay where they are.
        self._layer.outputs = (
            _html(
                f'<script>window.HorgosExplore&&HorgosExplore.show("{self.uid}",{payload})</script>'
            ),
        )
        self.totals.value = explore_data.totals(self.route, self.text)
        self.seconds = time.perf_counter() - began

    def _page(self) -> str:
        words = words_json(self.text.language, self.viewpoint)
        base = basemap_json(basemap_id(self.viewpoint), outlines=True)
        key = "finder_disputed_ISO" if self.viewpoint == "ISO" else "finder_disputed_view"
        dashed = self.text(key, view=self.viewpoint)
        return (
            f"<style>{explore_data.style()}</style>"
            '<div class="hg hg-explore"><div class="map-frame">'
            f'<div class="map-live" id="{self.uid}" role="application" tabindex="0" '
            f'aria-label="{_esc(self.text("finder"))}"></div>'
            f'<p class="map-credit" data-overlay>{_esc(self.text("finder_map_credit"))} '
            f"{_esc(dashed)}</p></div></div>"
            f"<script>{explore_data.map_script()}\n"
            f'HorgosExplore.make("{self.uid}",{words},{base});</script>'
        )

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def explore(
    origin: PlaceLike = "Horgos",
    *,
    network: Network | None = None,
    scenario: Scenario | None = None,
    parameters: Parameters | None = None,
    destinations: PlacesLike | None = None,
    language: str = "en",
    viewpoint: str = "ISO",
) -> Explorer:
    """Open a panel in a notebook: pick a destination, close borders, see the route change.

    Parameters
    ----------
    origin
        Where routes begin.
    network
        Default: the one that comes with the package.
    scenario
        What to begin with. Default: by rail, least time.
    parameters
        Speeds, waits, prices. Default: those that come with the package.
    destinations
        What the list offers. Default: the shipped destinations.
    language
        ``en``, ``zh`` or ``ru``.
    viewpoint
        Whose view of the boundaries: ``ISO`` or a two-letter code.

    Returns
    -------
    Explorer
        Shown as the panel; `route` is the route on the map.

    Examples
    --------
    >>> import horgos_geo
    >>> panel = horgos_geo.explore()
    """
    router = Router(
        network or load_network(),
        scenario or Scenario(modes=("rail",), minimise="time"),
        parameters=parameters,
    )
    start = places.resolve(origin)
    ends = places.destinations() if destinations is None else places.select(destinations)
    return Explorer(router, start, ends, language, viewpoint)


def _html(markup: str) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {"text/html": markup}, "metadata": {}}


def _esc(value: Any) -> str:
    from html import escape

    return escape(str(value), quote=True)
