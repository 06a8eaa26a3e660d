"""What was asked: one validated, immutable model for notebooks, files and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)

from horgos_geo.core import datasets
from horgos_geo.core.choices import Cargo, Level, Minimise, Mode
from horgos_geo.core.countries import countries, country_code
from horgos_geo.core.errors import MissingData, ScenarioError
from horgos_geo.core.hints import did_you_mean
from horgos_geo.core.yaml_files import read_yaml
from horgos_geo.model.crossing_names import crossing_ids
from horgos_geo.model.listed_places import find_gateway
from horgos_geo.model.own_numbers import OwnNumber, read_own

#: Cargoes that are vehicles, in words.
VEHICLES = {
    "vehicles-driven": "vehicles on their own wheels",
    "vehicles-carrier": "vehicles on a carrier lorry",
    "vehicles-rail": "vehicles on a double-deck train",
}
MULTIMODAL = "multimodal"


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
        The gateway that an inland Chinese origin leaves through, by id or name; any when None.
    via
        Places to pass, in order.
    closed_countries
        What nothing may enter: ISO 3166-1 codes, or names in English, Chinese or Russian.
    closed_crossings, opened_crossings
        Crossings to shut, or to open whatever their listed status: ids, or names of crossings, of
        either side or of a Chinese land port.
    ferries
        Whether ferries may be used: all of them, none, or some by id or name.
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
    parameters
        Own numbers in the place of those of the parameter files, such as
        ``{"dwell_h.khorgos-altynkol-rail": 10}``; see `own_numbers`.
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
    parameters: tuple[OwnNumber, ...] = ()

    @field_validator("parameters", mode="before")
    @classmethod
    def _read_own(cls, value: Any) -> tuple[OwnNumber, ...]:
        return read_own(value)

    @field_serializer("parameters")
    def _own_as_mapping(self, value: tuple[OwnNumber, ...]) -> dict[str, float | list[float]]:
        return {name: own[1] if len({*own}) == 1 else list(own) for name, own in value}

    @field_validator("modes", mode="before")
    @classmethod
    def _order_modes(cls, value: Any) -> Any:
        many = [value] if isinstance(value, str) else value
        if not isinstance(many, list | tuple | set):
            return value
        if not many:
            raise ValueError("name at least one mode: road, rail or both")
        for mode in many:
            if mode not in ("road", "rail", MULTIMODAL):
                raise ValueError(f"name road, rail or both ({MULTIMODAL})")
        # "multimodal" is what people say for road and rail together.
        return tuple(mode for mode in ("road", "rail") if {mode, MULTIMODAL} & {*many})

    @field_validator("closed_countries", "destination_only", mode="after")
    @classmethod
    def _check_countries(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not country_code(name):
                is_code = len(name) == 3 and name.isascii() and name.isalpha()
                hint = did_you_mean(name, [country.name for country in countries().values()])
                raise ValueError(
                    f"{name} is the code of no country in Europe or Asia"
                    if is_code
                    else f"{name[:40]!r} is no country in Europe or Asia, by name or by ISO 3166-1 "
                    f"alpha-3 code such as RUS. {hint}".rstrip(" ?.")
                )
        return tuple(sorted({country_code(name) for name in value}))

    @field_validator("closed_crossings", "opened_crossings", mode="after")
    @classmethod
    def _find_crossings(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({id_ for name in value for id_ in crossing_ids(name)}))

    @field_validator("ferries", mode="after")
    @classmethod
    def _find_ferries(cls, value: bool | tuple[str, ...]) -> bool | tuple[str, ...]:
        if isinstance(value, bool):
            return value
        return tuple(dict.fromkeys(id_ for name in value for id_ in crossing_ids(name)))

    @field_validator("gateway", mode="after")
    @classmethod
    def _find_gateway(cls, value: str | None) -> str | None:
        port = find_gateway(value) if value else None
        return port.id if port else value

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
        return self.modes[0] if len(self.modes) == 1 else MULTIMODAL

    def with_(self, **changes: Any) -> Scenario:
        """Return a copy with some fields changed, validated like a new one.

        Parameters
        ----------
        **changes
            Field names and their new values.

        Raises
        ------
        ScenarioError
            An unknown field or an invalid value.
        """
        # What nobody set stays open, so that a cargo can still choose its mode.
        return make_scenario({**self.model_dump(exclude_unset=True), **changes})

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
        Not a mapping of scenario fields, or an invalid value.
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

    Closures, openings, via points and own numbers add to those of the scenario; anything else
    replaces what stands there; None, False and what is empty leave it as it is.

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
    if given.get("parameters"):
        try:
            given["parameters"] = [*base.parameters, *read_own(given["parameters"])]
        except ValueError as error:
            raise ScenarioError(f"Scenario field parameters: {error}.") from None
    return base.with_(**given)


def shipped_scenarios() -> list[str]:
    """Return the names of the scenarios that come with the package."""
    folder = datasets.root() / "scenarios"
    return sorted(file.stem for file in folder.glob("*.yaml"))


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
