"""Read small YAML files of parameters, safely."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from horgos_geo.core.errors import MissingData, ScenarioError

_MAX_BYTES = 1_000_000
_MAX_DEPTH = 50
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML in which a key that stands twice is a mistake, not the last one's victory."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping of a node whose keys differ."""
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key twice", node.start_mark)
        return mapping


def read_yaml(file: Path) -> dict[str, Any]:
    """Read a small YAML mapping safely: no tags, no aliases, at most 1 MB and 50 levels.

    Parameters
    ----------
    file
        The file to read.

    Raises
    ------
    MissingData
        It cannot be read.
    ScenarioError
        Not UTF-8, not YAML, not a mapping, too large or deep, or with aliases that could swell.
    """
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise ScenarioError(f"{file} is over 1 MB, too large for parameters. Check the file.")
        text = file.read_text(encoding="utf-8-sig")
        _refuse_bombs(file, text)
        values = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except UnicodeDecodeError:
        raise ScenarioError(f"{file} is not UTF-8 text. Save it as UTF-8 and try again.") from None
    except OSError as error:
        raise MissingData(f"Cannot read {file}: {error.strerror}. Check the path.") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        what = getattr(error, "problem", None) or "a value that cannot be"
        raise ScenarioError(f"{file} is not plain YAML{where}: {what}. Mend it.") from None
    if values is None:
        return {}
    if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
        raise ScenarioError(
            f"{file} must be a mapping of names to values, such as `minimise: time`."
        )
    return values


def _refuse_bombs(file: Path, text: str) -> None:
    """Refuse what makes a small file cost much memory or time; parameters need none of it."""
    depth = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            raise ScenarioError(f"{file} uses YAML aliases (*name). Write the values out.")
        if isinstance(token, yaml.TagToken):
            raise ScenarioError(f"{file} is not plain YAML: it has a tag (!name). Leave it out.")
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > _MAX_DEPTH:
            raise ScenarioError(
                f"{file} is YAML nested over {_MAX_DEPTH} levels deep. Check its brackets."
            )
