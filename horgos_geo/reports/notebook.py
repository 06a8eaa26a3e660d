"""Report notebooks: finding them, reading their parameters, checking what is asked of them."""

from __future__ import annotations

import ast
import io
import json
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError, MissingData, ScenarioError
from horgos_geo.core.hints import did_you_mean

# What an annotation in a parameters cell may be made of; anything else is not evaluated.
_TYPES: dict[str, Any] = {
    kind.__name__: kind for kind in (str, int, float, bool, list, tuple, dict)
} | {"Any": Any, "Literal": Literal}
_STRICT = ConfigDict(allow_inf_nan=False, str_max_length=10_000, strict=False)


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: ``name: type = default  # help``."""

    name: str
    type_name: str
    default: Any
    help: str
    type: Any = field(repr=False, compare=False, default=Any)

    def parse(self, text: str) -> Any:
        """Turn the text after ``KEY=`` into a value of this parameter's type.

        Parameters
        ----------
        text
            As typed. Lists are separated by commas, or written as YAML in brackets.

        Raises
        ------
        ScenarioError
            The text is no such value.
        """
        adapter = TypeAdapter(self.type, config=_STRICT)
        kinds = {get_origin(kind) or kind for kind in (self.type, *get_args(self.type))}
        try:
            if type(None) in kinds and text.strip().lower() in {"", "none", "null"}:
                return None
            if kinds & {list, tuple, dict}:
                if text.lstrip()[:1] in {"[", "{"}:
                    return adapter.validate_python(yaml.safe_load(text))
                parts = [part.strip() for part in text.split(",")]
                return adapter.validate_python([part for part in parts if part])
            return adapter.validate_strings(text)
        except (ValidationError, yaml.YAMLError):
            raise self._refusal(text) from None

    def check(self, value: Any) -> Any:
        """Return `value` as this parameter's type, as it came from Python or YAML.

        Raises
        ------
        ScenarioError
            The value is of another type.
        """
        try:
            return TypeAdapter(self.type, config=_STRICT).validate_python(value)
        except ValidationError:
            raise self._refusal(value) from None

    def _refusal(self, value: Any) -> ScenarioError:
        hint = ""
        if isinstance(value, bool) and "bool" not in self.type_name:
            # YAML reads a bare NO, yes or on as true or false.
            hint = " Put the word in quotes if it was meant as text."
        return ScenarioError(
            f"Parameter {self.name} must be {self.type_name}, not {_short(value)}."
            f" Its default is {_short(self.default)}.{hint}"
        )


@dataclass(frozen=True)
class Notebook:
    """A parameterised notebook that makes one report."""

    path: Path

    @property
    def name(self) -> str:
        """Return the file name without its ending, such as ``01-routes-from-horgos``."""
        return self.path.stem

    @property
    def number(self) -> str:
        """Return the digits that the name starts with, or nothing."""
        head = self.name.split("-", 1)[0]
        return head if head.isdigit() else ""

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """Return the cells as they stand in the file."""
        try:
            cells = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
            return [{**cell, "source": "".join(cell["source"])} for cell in cells]
        except FileNotFoundError:
            raise MissingData(f"There is no notebook {self.path}. Check the path.") from None
        except (ValueError, KeyError, TypeError):
            raise DataError(
                f"{self.path} is not a Jupyter notebook. Open it in JupyterLab and save it again."
            ) from None

    @property
    def title(self) -> str:
        """Return the first heading."""
        for cell in self.cells:
            for line in cell["source"].splitlines():
                if cell["cell_type"] == "markdown" and line.startswith("# "):
                    return str(line[2:].strip())
        return self.name

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Return the parameters by name, in the order of the cell tagged ``parameters``."""
        for cell in self.cells:
            if "parameters" in cell.get("metadata", {}).get("tags", []):
                return _read_parameters(cell["source"], self.path)
        return {}


def find_notebooks(names: Sequence[str] = (), folder: Path | None = None) -> list[Notebook]:
    """Find notebooks by name, number, or path; all of them when none is named.

    Parameters
    ----------
    names
        Such as ``01-routes-from-horgos``, ``routes-from-horgos``, ``1``, or the path of an
        ``.ipynb`` file.
    folder
        Where to look; the project's own notebooks by default.

    Raises
    ------
    MissingData
        No notebook of that name; the message names the closest.
    """
    folder = folder or datasets.notebooks()
    known = [Notebook(path) for path in sorted(folder.glob("[0-9]*.ipynb"))]
    if not names:
        if not known:
            raise MissingData(f"There is no notebook in {folder}. Reinstall the package.")
        return known
    spellings = {
        spelling: notebook
        for notebook in known
        for spelling in (
            notebook.name,
            notebook.name.partition("-")[2],
            notebook.number,
            notebook.number.lstrip("0"),
        )
    }
    found: dict[str, Notebook] = {}
    for name in names:
        if name.endswith(".ipynb") and Path(name).is_file():
            notebook = Notebook(Path(name))
        elif name.removesuffix(".ipynb") in spellings:
            notebook = spellings[name.removesuffix(".ipynb")]
        else:
            every = f"Reports: {', '.join(notebook.name for notebook in known)}."
            named = {spelling: notebook.name for spelling, notebook in spellings.items()}
            hint = did_you_mean(name, named, always=every)
            raise MissingData(f"There is no report {_short(name)}. {hint}")
        found.setdefault(notebook.name, notebook)
    return list(found.values())


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
            raise ScenarioError(f"{_short(setting)} is not a setting. Write --set KEY=VALUE.")
        for notebook in _with_parameter(notebooks, key.strip()):
            checked[notebook.name][key.strip()] = notebook.parameters[key.strip()].parse(text)
    for notebook in notebooks:
        for key, value in checked[notebook.name].items():
            if value == [] and notebook.parameters[key].default:
                raise ScenarioError(
                    f"Parameter {key} is empty. Name at least one; its default is "
                    f"{_short(notebook.parameters[key].default)}."
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
        raise ScenarioError(f"{where} parameter {_short(key)}. {hint}")
    return having


def _read_parameters(source: str, path: Path) -> dict[str, Parameter]:
    try:
        statements = ast.parse(source).body
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, tokenize.TokenError):
        raise DataError(
            f"The parameters cell of {path.name} is not Python. Mend the cell."
        ) from None
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokens
        if token.type == tokenize.COMMENT
    }
    parameters = {}
    for statement in statements:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name, kind = statement.target.id, _annotation(statement.annotation)
            type_name = ast.unparse(statement.annotation)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name, kind, type_name = statement.targets[0].id, None, ""
        else:
            continue
        try:
            default = ast.literal_eval(statement.value) if statement.value else None
        except ValueError:
            default, kind = None, Any
        if kind is None:
            kind, type_name = type(default), type(default).__name__
        line = statement.end_lineno or statement.lineno
        parameters[name] = Parameter(name, type_name, default, comments.get(line, ""), kind)
    return parameters


def _annotation(node: ast.expr) -> Any:
    # Built up node by node from known names: a notebook's text is never evaluated here.
    match node:
        case ast.Constant(value=None):
            return None
        case ast.Name(id=name) if name in _TYPES:
            return _TYPES[name]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _annotation(left) | _annotation(right)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            values = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return Literal[tuple(ast.literal_eval(value) for value in values)]
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            return list[_annotation(inner)]  # type: ignore[misc]
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, value])):
            return dict[_annotation(key), _annotation(value)]  # type: ignore[misc]
    return Any


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…" + text[-1]
