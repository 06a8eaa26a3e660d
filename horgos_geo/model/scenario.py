"""What was asked: one validated, immutable model for notebooks, files and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from horgos_geo.core import datasets
from horgos_geo.core.countries import countries
from horgos_geo.core.errors import MissingData, ScenarioError
from horgos_geo.core.hints import did_you_mean

Mode = Literal["road", "rail"]
Minimise = Literal["distance", "time", "cost", "co2e", "generalised"]
Cargo = Literal["container", "vehicles-driven", "vehicles-carrier", "vehicles-rail"]
#: Cargoes that are vehicles, in words.
VEHICLES = {
    "vehicles-driven": "vehicles on their own wheels",
    "vehicles-carrier": "vehicles on a carrier lorry",
    "vehicles-rail": "vehicles on a double-deck train",
}
Level = Literal["low", "central", "high"]
_MAX_BYTES = 1_000_000
_MAX_DEPTH = 50
_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


class Scenario(BaseModel):
    """One question put to the network.

    Attributes
    ----------
    name
        Shown in reports.
    modes
        ``road``, ``rail`` or both; both together make a multimodal scenario with transfers.
    minimise
        What the best path has least of. ``generalised`` is cost plus time at
        `value_of_time_usd_per_h`.
    ignore_border_penalty
        With ``distance``: the bare shortest path, without the penalty for each border event.
    outbound
        What leaves China through a gateway does not come back into China.
    gateway
        Id of the gateway that an inland Chinese origin leaves through; any when None.
    via
        Places to pass, in order.
    closed_countries
        ISO 3166-1 alpha-3 codes that nothing may enter.
    closed_crossings, opened_crossings
        Crossing ids to shut, or to open whatever their listed status.
    ferries
        Whether ferries may be used: all of them, none, or the ids of some.
    destination_only
        Countries that may be reached but not crossed: by default those that through traffic
        between others avoids (Afghanistan, North Korea and, since the war, Ukraine).
    cargo
        What is carried. Vehicles on their own wheels or on a carrier lorry go by road, those on a
        double-deck train by rail, or by rail and road; ferries carry all of them.
    cars_per_unit
        Vehicles on one carrier lorry or one train; as the parameters say when None.
    borders
        Which end of the published waits to use: low (optimistic), central or high.
    value_of_time_usd_per_h
        US dollars per TEU and hour, for ``generalised``; per vehicle where those are the cargo.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = Field(default="base", min_length=1, max_length=100)
    modes: tuple[Mode, ...] = ("road",)
    minimise: Minimise = "distance"
    ignore_border_penalty: bool = False
    outbound: bool = True
    gateway: str | None = None
    via: tuple[str, ...] = Field(default=(), max_length=20)
    closed_countries: tuple[str, ...] = ()
    closed_crossings: tuple[str, ...] = ()
    opened_crossings: tuple[str, ...] = ()
    ferries: bool | tuple[str, ...] = False
    destination_only: tuple[str, ...] = ("AFG", "PRK", "UKR")
    cargo: Cargo = "container"
    cars_per_unit: int | None = Field(default=None, ge=1, le=1000)
    borders: Level = "central"
    value_of_time_usd_per_h: float = Field(default=10.0, ge=0, le=10_000, allow_inf_nan=False)

    @field_validator("modes", mode="before")
    @classmethod
    def _order_modes(cls, value: Any) -> Any:
        # "multimodal" is what people say for road and rail together.
        if isinstance(value, str):
            value = ("road", "rail") if value == "multimodal" else (value,)
        if isinstance(value, list | tuple | set):
            if not value:
                raise ValueError("name at least one mode: road, rail or both")
            order = {"road": 0, "rail": 1}
            unique = dict.fromkeys(str(mode) for mode in value)
            return tuple(sorted(unique, key=lambda mode: (order.get(mode, 2), mode)))
        return value

    @field_validator("closed_countries", "destination_only", mode="after")
    @classmethod
    def _check_countries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        codes = tuple(sorted({code.upper() for code in value}))
        for code in codes:
            if not (len(code) == 3 and code.isascii() and code.isalpha()):
                raise ValueError(f"{code[:40]!r} is not an ISO 3166-1 alpha-3 code such as RUS")
            if code not in countries():
                raise ValueError(f"{code} is the code of no country in Europe or Asia")
        return codes

    @field_validator("closed_crossings", "opened_crossings", mode="after")
    @classmethod
    def _sort_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(value)))

    @model_validator(mode="before")
    @classmethod
    def _choose_mode(cls, values: Any) -> Any:
        # A train needs no word about rail; road is the default for all else.
        if isinstance(values, dict) and values.get("cargo") == "vehicles-rail":
            return {"modes": ("rail",), **values}
        return values

    @model_validator(mode="after")
    def _check_cargo(self) -> Scenario:
        words = VEHICLES.get(self.cargo, "")
        if self.cargo == "vehicles-rail" and "rail" not in self.modes:
            raise ValueError(f"{words} cannot go by road alone; set modes to rail or multimodal")
        if self.cargo in ("vehicles-driven", "vehicles-carrier") and "rail" in self.modes:
            raise ValueError(
                f"{words} cannot go by rail; set modes to road, or cargo to vehicles-rail"
            )
        if self.cars_per_unit and self.cargo not in ("vehicles-carrier", "vehicles-rail"):
            raise ValueError(
                "cars_per_unit is of a carrier lorry or a train; "
                "set cargo to vehicles-carrier or vehicles-rail"
            )
        return self

    def for_containers(self, what: str) -> Scenario:
        """Return the scenario if its cargo is a container.

        Parameters
        ----------
        what
            What is asked of it, to begin a sentence.

        Raises
        ------
        ScenarioError
            The cargo is vehicles.
        """
        if self.cargo != "container":
            raise ScenarioError(
                f"{what} for containers, not for {self.cargo}. Leave out the cargo."
            )
        return self

    @property
    def mode_label(self) -> str:
        """Return ``road``, ``rail`` or ``multimodal``."""
        return self.modes[0] if len(self.modes) == 1 else "multimodal"

    def with_(self, **changes: Any) -> Scenario:
        """Return a copy with some fields changed, validated like a new one.

        Parameters
        ----------
        **changes
            Field names and their new values.

        Raises
        ------
        ScenarioError
            An unknown field or a value that cannot be meant.
        """
        # What nobody set stays open, so that a cargo can still choose its mode.
        return make_scenario({**self.model_dump(exclude_unset=True), **changes})

    @classmethod
    def from_yaml(cls, path: Path | str) -> Scenario:
        """Read a scenario from a YAML file; see `load_scenario`."""
        return load_scenario(path)

    def to_yaml(self) -> str:
        """Return the fields that differ from the defaults as YAML text."""
        changed = self.model_dump(mode="json", exclude_defaults=True)
        values = {"name": self.name, **changed}
        return str(yaml.safe_dump(values, allow_unicode=True, sort_keys=False))


def make_scenario(values: dict[str, Any]) -> Scenario:
    """Validate `values` into a scenario.

    Raises
    ------
    ScenarioError
        One sentence that names the field, the fault and what is valid.
    """
    try:
        return Scenario(**values)
    except ValidationError as error:
        raise ScenarioError(_sentence(error)) from None
    except TypeError:
        raise ScenarioError(
            "A scenario is a mapping of names to values, such as `minimise: time`."
        ) from None


def load_scenario(name: Path | str) -> Scenario:
    """Read a scenario from a YAML file, or one that comes with the package by its name.

    Parameters
    ----------
    name
        Path of a file, or a shipped name such as ``no-russia-belarus``.

    Raises
    ------
    MissingData
        No such file and no such shipped scenario.
    ScenarioError
        Not a mapping of scenario fields, or a value that cannot be meant.
    """
    file = Path(name)
    if str(name) in shipped_scenarios():
        file = datasets.path(f"scenarios/{name}.yaml")
    if not file.is_file():
        known = ", ".join(shipped_scenarios())
        raise MissingData(
            f"There is no scenario {str(name)[:200]!r}. Give a YAML file or one of: {known}."
        )
    return make_scenario(read_yaml(file))


def scenario_from_options(name: Path | str = "", **changes: Any) -> Scenario:
    """Return a scenario with changes as people give them, on a command line or in a notebook.

    Closures, openings and via points add to those of the scenario; anything else replaces what
    stands there; None, False and what is empty leave it as it is.

    Parameters
    ----------
    name
        Path of a file or a shipped name, as in `load_scenario`; the base scenario when empty.
    **changes
        Field names and values.

    Raises
    ------
    MissingData, ScenarioError
        As in `load_scenario`.
    """
    base = load_scenario(name) if str(name) else Scenario()
    given = {
        field: value for field, value in changes.items() if value not in (None, False, "", [], ())
    }
    for field in ("closed_countries", "closed_crossings", "opened_crossings", "via"):
        if isinstance(given.get(field), list | tuple):
            given[field] = [*getattr(base, field), *given[field]]
    return base.with_(**given)


def shipped_scenarios() -> list[str]:
    """Return the names of the scenarios that come with the package."""
    folder = datasets.root() / "scenarios"
    return sorted(file.stem for file in folder.glob("*.yaml"))


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML in which a key that stands twice is a mistake, not the last one's victory."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping of a node whose keys differ."""
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key twice", node.start_mark)
        return mapping


def _refuse_bombs(file: Path, text: str) -> None:
    """Refuse what makes a small file cost much memory or time; parameters need none of it."""
    depth = 0
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, yaml.AliasToken):
            raise ScenarioError(f"{file} uses YAML aliases (*name). Write the values out.")
        if isinstance(token, yaml.TagToken):
            raise ScenarioError(f"{file} is not plain YAML: it has a tag (!name). Leave it out.")
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > _MAX_DEPTH:
            raise ScenarioError(
                f"{file} is YAML nested over {_MAX_DEPTH} levels deep. Check its brackets."
            )


def read_yaml(file: Path) -> dict[str, Any]:
    """Read a small YAML mapping safely: no tags, no aliases, at most 1 MB and 50 levels.

    Raises
    ------
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


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else "scenario"
    valid = ", ".join(Scenario.model_fields)
    if first["type"] == "extra_forbidden":
        hint = did_you_mean(field, list(Scenario.model_fields), always=f"Fields: {valid}.")
        return f"A scenario has no field {field[:60]!r}. {hint}"
    message = first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return f"The scenario contradicts itself: {message}."
    given = repr(first.get("input"))[:60]
    return f"Scenario field {field}: {message} (given {given})."
