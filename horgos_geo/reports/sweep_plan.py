"""What a sweep consists of: its file, checked, and the runs that it asks for, each with a key.

A run's key is a hash of all that its result depends on: the notebook or the tables, the
parameters, the data and the code. A result with the same key need not be made again.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from horgos_geo.core import datasets
from horgos_geo.core.errors import MissingData, ScenarioError
from horgos_geo.core.hints import did_you_mean
from horgos_geo.core.name_keys import clean
from horgos_geo.core.versions import folder_hash, versions
from horgos_geo.core.yaml_files import read_yaml
from horgos_geo.model.scenario import Scenario, make_scenario
from horgos_geo.reports.notebook import Notebook, find_notebooks
from horgos_geo.reports.validate_parameters import check_parameters, validate_values

MOST_RUNS = 10_000


class MatrixSpec(BaseModel):
    """A matrix of a sweep: two tables of places."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")
    origins: Path
    destinations: Path


class SweepSpec(BaseModel):
    """A sweep file.

    Attributes
    ----------
    name
        Names the folder of the results.
    notebooks
        Reports by number, name or path.
    grid
        For each parameter the values to combine with those of all others.
    cases
        Sets of parameters to run besides, each combined with the grid.
    fixed
        Parameters that are the same in every run.
    matrices
        Tables to answer under every scenario of the grid.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(default="sweep", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$")
    notebooks: list[str | int] = Field(default=[], max_length=100)
    grid: dict[str, list[Any]] = {}
    cases: list[dict[str, Any]] = Field(default=[{}], min_length=1, max_length=MOST_RUNS)
    fixed: dict[str, Any] = {}
    matrices: list[MatrixSpec] = Field(default=[], max_length=100)


@dataclass(frozen=True)
class SweepRun:
    """One notebook or one matrix with its parameters."""

    key: str
    kind: str  # report or matrix
    name: str
    parameters: Mapping[str, Any]
    varied: Mapping[str, Any] = field(compare=False)  # the parameters that the grid varies
    notebook: Notebook | None = None
    matrix: MatrixSpec | None = None
    scenario: Scenario | None = None

    @property
    def stem(self) -> str:
        """Return the file name of the result without its ending."""
        return f"{self.name}-{self.key}"


def read_sweep(path: Path | str) -> SweepSpec:
    """Read and check a sweep file; paths in it start from its folder.

    Raises
    ------
    MissingData
        No such file.
    ScenarioError
        Not a sweep.
    """
    file = Path(path)
    if not file.is_file():
        raise MissingData(f"There is no sweep file {file}. Check the path.")
    values = read_yaml(file)
    try:
        spec = SweepSpec(**values)
    except (ValidationError, TypeError) as error:
        raise ScenarioError(f"{file}: {_sentence(error)}") from None
    if not spec.notebooks and not spec.matrices:
        raise ScenarioError(f"{file} names no notebooks and no matrices. Add one of them.")
    here = file.resolve().parent
    matrices = [
        item.model_copy(
            update={"origins": here / item.origins, "destinations": here / item.destinations}
        )
        for item in spec.matrices
    ]
    notebooks = [
        str(here / name) if name.endswith(".ipynb") and (here / name).is_file() else name
        for name in map(str, spec.notebooks)
    ]
    return spec.model_copy(update={"matrices": matrices, "notebooks": notebooks})


def _sentence(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "a sweep is a mapping of names to values, such as `notebooks: [1]`."
    first = error.errors()[0]
    field_ = clean(".".join(map(str, first["loc"])))[:80]
    if first["type"] == "extra_forbidden":
        known = ", ".join(SweepSpec.model_fields)
        return f"a sweep has no field {field_!r}. Fields: {known}."
    return f"{field_}: {first['msg']}. Mend the value."


def plan(spec: SweepSpec, network: Path | None = None) -> list[SweepRun]:
    """Return the runs of a sweep, each once, checked before anything starts.

    Raises
    ------
    MissingData
        A notebook or a table is not there.
    ScenarioError
        A parameter that nothing in the sweep has, or a value that it cannot have.
    """
    notebooks = find_notebooks([str(name) for name in spec.notebooks]) if spec.notebooks else []
    fields = set(Scenario.model_fields) if spec.matrices else set()
    known = fields | {name for notebook in notebooks for name in notebook.parameters}
    asked = {*spec.grid, *spec.fixed, *(name for case in spec.cases for name in case)}
    for name in sorted(asked - known):
        hint = did_you_mean(name, known, always=f"Valid: {', '.join(sorted(known))}.")
        raise ScenarioError(f"Nothing in the sweep has a parameter {clean(name)[:60]!r}. {hint}")
    for item in spec.matrices:
        for table in (item.origins, item.destinations):
            if not table.exists():
                raise MissingData(f"There is no file {table}, which a matrix of the sweep names.")
    # Read once for all runs, and anew for each plan: the network may have been built again.
    at = folder_hash(network) if network else ""
    runs: dict[str, SweepRun] = {}
    for values in _combinations(spec):
        for notebook in notebooks:
            run = _report(notebook, {**spec.fixed, **values}, values, at)
            runs.setdefault(run.key, run)
        for item in spec.matrices:
            run = _matrix(item, {**spec.fixed, **values}, values, at)
            runs.setdefault(run.key, run)
    return list(runs.values())


def _combinations(spec: SweepSpec) -> Iterator[dict[str, Any]]:
    size = len(spec.cases)
    for name, choices in spec.grid.items():
        if not choices:
            raise ScenarioError(f"The grid gives no values for {clean(name)[:60]!r}. Name some.")
        size *= len(choices)
    if size > MOST_RUNS:
        raise ScenarioError(
            f"The sweep asks for {size:,} combinations; {MOST_RUNS:,} are the most. Cut the grid."
        )
    for case in spec.cases:
        for choice in itertools.product(*spec.grid.values()):
            yield {**dict(zip(spec.grid, choice, strict=True)), **case}


def _report(
    notebook: Notebook, values: Mapping[str, Any], varied: Mapping[str, Any], at: str
) -> SweepRun:
    mine = {name: value for name, value in values.items() if name in notebook.parameters}
    checked = check_parameters([notebook], mine)[notebook.name]
    defaults = {name: item.default for name, item in notebook.parameters.items()}
    # A scenario may be a file, which can change while its name stays.
    scenario = validate_values(defaults | checked).model_dump(mode="json")
    key = _key(
        "report", notebook.name, datasets.sha256(notebook.path), checked, scenario, versions(), at
    )
    shown = {name: value for name, value in varied.items() if name in checked}
    return SweepRun(key, "report", notebook.name, checked, shown, notebook=notebook)


def _matrix(
    spec: MatrixSpec, values: Mapping[str, Any], varied: Mapping[str, Any], at: str
) -> SweepRun:
    mine = {name: value for name, value in values.items() if name in Scenario.model_fields}
    scenario = make_scenario(mine)
    parameters = scenario.model_dump(mode="json", exclude_defaults=True)
    tables = [_table_hash(spec.origins), _table_hash(spec.destinations)]
    key = _key("matrix", spec.name, tables, parameters, versions(), at)
    shown = {name: value for name, value in varied.items() if name in mine}
    return SweepRun(key, "matrix", spec.name, parameters, shown, matrix=spec, scenario=scenario)


def _key(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def _table_hash(path: Path) -> str:
    return folder_hash(path) if path.is_dir() else datasets.sha256(path)
