"""What a warm process reads before it forks kernels; importing this module does it."""

from __future__ import annotations

import importlib
from contextlib import suppress

# In the order of use; one that is missing costs a run some time and no more.
for _name in (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline",
    "geopandas", "folium", "horgos_geo.analysis.comparison", "horgos_geo.views.charts", "horgos_geo.views.maps",
    "horgos_geo.views.findings", "horgos_geo.analysis.corridors", "horgos_geo.analysis.gateways", "horgos_geo.analysis.isochrones",
):  # fmt: skip
    with suppress(Exception):
        importlib.import_module(_name)

with suppress(Exception):
    from horgos_geo.model.basemap import load_basemap
    from horgos_geo.model.network import keep_network
    from horgos_geo.routing.router import Router
    from horgos_geo.model.scenario import Scenario

    load_basemap()
    # A route each brings the graphs, which all routers share, and the tables into memory.
    for _mode in ("road", "rail"):
        Router(keep_network(), Scenario(modes=(_mode,))).route("Horgos", "Almaty")
