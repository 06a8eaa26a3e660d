"""Parameters of reports checked before a kernel starts: their names, their types, their meaning.

Those of one name mean the same in every notebook, so that a value that is invalid is refused in
one sentence here, not in a cell after a minute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from horgos_geo.analysis.isochrones import budget
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.hints import did_you_mean
from horgos_geo.core.text import Text
from horgos_geo.model import places
from horgos_geo.model.basemap import viewpoints
from horgos_geo.model.own_numbers import check_own
from horgos_geo.model.scenario import Scenario, scenario_from_options
from horgos_geo.reports.notebook import Notebook
from horgos_geo.reports.parameters import shortened


def check_parameters(
    notebooks: Sequence[Notebook],
    values: Mapping[str, Any] | None = None,
    settings: Sequence[str] = (),
) -> dict[str, dict[str, Any]]:
    """Check parameters against the notebooks before any kernel starts.

    A parameter goes to each notebook that has it; one that no notebook has is refused.

    Parameters
    ----------
    notebooks
        What is to be run.
    values
        Values from Python or a parameter file.
    settings
        Texts ``KEY=VALUE``, which win over `values`.

    Returns
    -------
    dict
        For each notebook's name, its parameters.

    Raises
    ------
    ScenarioError
        An unknown parameter, a wrong type, a list without the one thing that it needs, or a
        setting without ``=``.
    """
    checked: dict[str, dict[str, Any]] = {notebook.name: {} for notebook in notebooks}
    for key, value in (values or {}).items():
        for notebook in _with_parameter(notebooks, key):
            checked[notebook.name][key] = notebook.parameters[key].check(value)
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise ScenarioError(f"{shortened(setting)} is not a setting. Write --set KEY=VALUE.")
        for notebook in _with_parameter(notebooks, key.strip()):
            checked[notebook.name][key.strip()] = notebook.parameters[key.strip()].parse(text)
    for notebook in notebooks:
        for key, value in checked[notebook.name].items():
            if value == [] and notebook.parameters[key].default:
                raise ScenarioError(
                    f"Parameter {key} is empty. Name at least one; its default is "
                    f"{shortened(notebook.parameters[key].default)}."
                )
    return checked


def _with_parameter(notebooks: Sequence[Notebook], key: str) -> list[Notebook]:
    having = [notebook for notebook in notebooks if key in notebook.parameters]
    if not having:
        valid = list(dict.fromkeys(name for notebook in notebooks for name in notebook.parameters))
        where = (
            f"{notebooks[0].name} has no" if len(notebooks) == 1 else "No report asked for has a"
        )
        hint = did_you_mean(key, valid, always=f"Valid: {', '.join(valid) or 'none'}.")
        raise ScenarioError(f"{where} parameter {shortened(key)}. {hint}")
    return having


def validate_values(values: Mapping[str, Any]) -> Scenario:
    """Refuse values that are of their type and still invalid; return the scenario.

    Parameters
    ----------
    values
        All parameters of a notebook.

    Raises
    ------
    HorgosError
        One sentence on the first such value.
    """
    scenario = scenario_of(values)
    check_own(scenario.parameters)
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


def scenario_of(values: Mapping[str, Any]) -> Scenario:
    """Return the scenario that notebook parameters ask for.

    A parameter ``scenario`` names a shipped scenario or a file; parameters named like a field of
    `Scenario` change that field. Each of ``modes``, or ``mode``, is tried, the first is returned.

    Raises
    ------
    ScenarioError
        A value that no scenario can have.
    """
    fields = set(Scenario.model_fields) - {"name", "modes"}
    changes = {name: value for name, value in values.items() if name in fields}
    scenario = scenario_from_options(str(values.get("scenario") or ""), **changes)
    modes = values.get("modes") or values.get("mode") or []
    each = [scenario.with_(modes=mode) for mode in ([modes] if isinstance(modes, str) else modes)]
    return each[0] if each else scenario
