"""What the parameters of reports mean: those of one name mean the same in every notebook.

So a value that cannot be meant is told before a kernel starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from horgos_geo.model import places
from horgos_geo.reports import page as _page
from horgos_geo.model.basemap import viewpoints
from horgos_geo.core.errors import ScenarioError
from horgos_geo.analysis.isochrones import budget
from horgos_geo.model.scenario import Scenario
from horgos_geo.core.text import Text


def check_meaning(values: Mapping[str, Any]) -> Scenario:
    """Refuse values that are of their type and still cannot be meant; return the scenario.

    Parameters
    ----------
    values
        All parameters of a notebook.

    Raises
    ------
    HorgosError
        One sentence on the first such value.
    """
    scenario = _page.scenario_of(values)
    if scenario.gateway is not None and places.resolve(scenario.gateway).gateway is None:
        raise ScenarioError(
            f"{scenario.gateway[:80]!r} is no Chinese land port. Name one, such as Alashankou."
        )
    Text(str(values.get("language") or "en"))
    view = str(values.get("viewpoint") or "ISO")
    if view not in viewpoints():
        raise ScenarioError(
            f"There is no view {view[:20]} of boundaries: {', '.join(viewpoints())}."
        )
    for name in ("origin", "destination"):
        if isinstance(values.get(name), str):
            places.resolve(values[name])
    for name in ("origins", "destinations", "groups", "shown"):
        if isinstance(values.get(name), list):
            places.select(values[name])
    for name, unit in (("hours", "h"), ("kilometres", "km")):
        for number in values.get(name) or ():
            budget(f"{number}{unit}")
    return scenario
