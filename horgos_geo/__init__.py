"""Land routes from Horgos to Belt and Road destinations, by road, rail and both.

>>> import horgos_geo as hg
>>> router = hg.Router(hg.load_network(), hg.Scenario(modes=["rail"]))
>>> route = router.route("Horgos", "Tashkent")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from horgos_geo.comparison import compare
    from horgos_geo.network import Network, load_network
    from horgos_geo.parameters import Band, Parameters, load_parameters
    from horgos_geo.places import Place, destinations, gateways, resolve, search, select
    from horgos_geo.route import Leg, Route
    from horgos_geo.routing import Router
    from horgos_geo.scenario import Scenario, asked, load_scenario

# Name -> module. Each module is read when its first name is asked for, so that a command that
# needs one of them does not wait for all.
_HOME = {
    "Band": "parameters",
    "Leg": "route",
    "Network": "network",
    "Parameters": "parameters",
    "Place": "places",
    "Route": "route",
    "Router": "routing",
    "Scenario": "scenario",
    "asked": "scenario",
    "compare": "comparison",
    "destinations": "places",
    "explore": "explore",
    "gateways": "places",
    "load_network": "network",
    "load_parameters": "parameters",
    "load_scenario": "scenario",
    "resolve": "places",
    "search": "places",
    "select": "places",
}


__all__ = [
    "Band",
    "Leg",
    "Network",
    "Parameters",
    "Place",
    "Route",
    "Router",
    "Scenario",
    "__version__",
    "asked",
    "compare",
    "destinations",
    "explore",
    "gateways",
    "load_network",
    "load_parameters",
    "load_scenario",
    "resolve",
    "search",
    "select",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("horgos-geo")
    if name not in _HOME:
        raise AttributeError(f"module 'horgos_geo' has no attribute {name!r}")
    return getattr(importlib.import_module(f"horgos_geo.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
