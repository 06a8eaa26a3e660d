"""The parameters of a notebook: read from its cell, each with type, default and help."""

from __future__ import annotations

import ast
import csv
import io
import re
import tokenize
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from horgos_geo.core.errors import DataError, ScenarioError

# What an annotation in a parameters cell may be made of; anything else is not evaluated.
_TYPES: dict[str, Any] = {
    kind.__name__: kind for kind in (str, int, float, bool, list, tuple, dict)
} | {"Any": Any, "Literal": Literal}
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
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
            As typed. Lists are separated by commas, or written as YAML in brackets; what stands in
            quotes is one item, and so are two numbers side by side in a list of names.

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
                return adapter.validate_python(split_list(text, get_args(self.type) == (str,)))
            return adapter.validate_strings(text)
        except (ValidationError, yaml.YAMLError, csv.Error):
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
            f"Parameter {self.name} must be {self.type_name}, not {shortened(value)}."
            f" Its default is {shortened(self.default)}.{hint}"
        )


def read_parameters(source: str, file: str) -> dict[str, Parameter]:
    """Read the lines ``name: type = default  # help`` of a cell; nothing in it is evaluated.

    Parameters
    ----------
    source
        The cell.
    file
        Name of the notebook's file, for the message.

    Raises
    ------
    DataError
        The cell is not Python.

    Examples
    --------
    >>> read_parameters('count: int = 3  # how many', "x.ipynb")["count"].help
    'how many'
    """
    try:
        statements = ast.parse(source).body
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, tokenize.TokenError):
        raise DataError(f"The parameters cell of {file} is not Python. Mend the cell.") from None
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


def split_list(text: str, names: bool = True) -> list[str]:
    """Split what stands between commas, but not inside quotes.

    Parameters
    ----------
    text
        As typed.
    names
        Whether the items are names: then two numbers side by side are one place, ``lat,lon``.

    Examples
    --------
    >>> split_list('Warsaw, 51.43,6.76, "Horgos, CHN"')
    ['Warsaw', '51.43,6.76', 'Horgos, CHN']
    """
    items: list[str] = []
    waiting = False  # for the second number of a pair
    for part in next(csv.reader([text], skipinitialspace=True), []):
        part = part.strip()
        number = names and _NUMBER.fullmatch(part) is not None
        if number and waiting:
            items[-1] += f",{part}"
        elif part:
            items.append(part)
        waiting = number and not waiting
    return items


def shortened(value: Any) -> str:
    """Return a value as it is quoted in a message."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…" + text[-1]
