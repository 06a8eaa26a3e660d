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
    from horgos_geo.analysis.cars import cars as cars
    from horgos_geo.analysis.catchments import catchments as catchments
    from horgos_geo.analysis.closures import closures as closures
    from horgos_geo.analysis.comparison import compare as compare
    from horgos_geo.analysis.corridors import corridors as corridors
    from horgos_geo.analysis.crossings import crossings as crossings
    from horgos_geo.analysis.gateways import gateways as gateways
    from horgos_geo.analysis.isochrones import isochrones as isochrones
    from horgos_geo.analysis.sea import land_and_sea as land_and_sea
    from horgos_geo.model import places as places
    from horgos_geo.model.estimate import Estimate as Estimate
    from horgos_geo.model.network import Network as Network, load_network as load_network
    from horgos_geo.model.parameters import (
        Parameters as Parameters,
        load_parameters as load_parameters,
    )
    from horgos_geo.model.places import (
        Place as Place,
        destinations as destinations,
        resolve as resolve,
        search as search,
        select as select,
    )
    from horgos_geo.model.scenario import (
        Scenario as Scenario,
        load_scenario as load_scenario,
        scenario_from_options as scenario_from_options,
    )
    from horgos_geo.routing.route import Leg as Leg, Route as Route
    from horgos_geo.routing.router import Router as Router
    from horgos_geo.views import charts as charts, maps as maps
    from horgos_geo.views.explorer import explore as explore

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
    "cars": "analysis.cars:cars",
    "catchments": "analysis.catchments:catchments",
    "charts": "views.charts",
    "closures": "analysis.closures:closures",
    "compare": "analysis.comparison:compare",
    "corridors": "analysis.corridors:corridors",
    "crossings": "analysis.crossings:crossings",
    "destinations": "model.places:destinations",
    "explore": "views.explorer:explore",
    "gateways": "analysis.gateways:gateways",
    "isochrones": "analysis.isochrones:isochrones",
    "land_and_sea": "analysis.sea:land_and_sea",
    "load_network": "model.network:load_network",
    "load_parameters": "model.parameters:load_parameters",
    "load_scenario": "model.scenario:load_scenario",
    "maps": "views.maps",
    "places": "model.places",
    "resolve": "model.places:resolve",
    "scenario_from_options": "model.scenario:scenario_from_options",
    "search": "model.places:search",
    "select": "model.places:select",
}


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
    return ["__version__", *_PUBLIC]


# In a notebook a route is shown as a map, which is drawn by a layer that routing knows nothing of.
if getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)() is not None:
    importlib.import_module("horgos_geo.views.maps")
