"""Land routes from Horgos to Belt and Road destinations, by road, rail and both.

>>> import horgos_geo as hg
>>> router = hg.Router(hg.load_network(), hg.Scenario(modes=["rail"]))
>>> router.route("Horgos", "Tashkent").countries
('KAZ', 'UZB')
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from horgos_geo.analysis.comparison import compare
    from horgos_geo.model import places
    from horgos_geo.model.estimate import Estimate
    from horgos_geo.model.network import Network, load_network
    from horgos_geo.model.parameters import Parameters, load_parameters
    from horgos_geo.model.places import Place, destinations, resolve, search, select
    from horgos_geo.model.scenario import Scenario, load_scenario, scenario_from_options
    from horgos_geo.routing.route import Leg, Route
    from horgos_geo.routing.router import Router
    from horgos_geo.views import charts, maps
    from horgos_geo.views.explorer import explore

# Name -> its module, and where it is no module itself, its name there. Each is read when it is
# first asked for, so that a command that needs one of them does not wait for all.
_PUBLIC = {
    "Estimate": "model.estimate:Estimate",
    "Leg": "routing.route:Leg",
    "Network": "model.network:Network",
    "Parameters": "model.parameters:Parameters",
    "Place": "model.places:Place",
    "Route": "routing.route:Route",
    "Router": "routing.router:Router",
    "Scenario": "model.scenario:Scenario",
    "scenario_from_options": "model.scenario:scenario_from_options",
    "charts": "views.charts",
    "compare": "analysis.comparison:compare",
    "destinations": "model.places:destinations",
    "explore": "views.explorer:explore",
    "load_network": "model.network:load_network",
    "load_parameters": "model.parameters:load_parameters",
    "load_scenario": "model.scenario:load_scenario",
    "maps": "views.maps",
    "places": "model.places",
    "resolve": "model.places:resolve",
    "search": "model.places:search",
    "select": "model.places:select",
}


__all__ = [
    "Estimate",
    "Leg",
    "Network",
    "Parameters",
    "Place",
    "Route",
    "Router",
    "Scenario",
    "__version__",
    "charts",
    "compare",
    "destinations",
    "explore",
    "load_network",
    "load_parameters",
    "load_scenario",
    "maps",
    "places",
    "resolve",
    "scenario_from_options",
    "search",
    "select",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("horgos-geo")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'horgos_geo' has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].partition(":")
    found = importlib.import_module(f"horgos_geo.{module}")
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return __all__


# In a notebook a route is shown as a map, which is drawn by a layer that routing knows nothing of.
if getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)() is not None:
    importlib.import_module("horgos_geo.views.maps")
