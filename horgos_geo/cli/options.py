"""Options that commands share, and the scenario that they make."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.output import Format, note
from horgos_geo.core.choices import Cargo, Datum, Level, Minimise, ModeLabel

if TYPE_CHECKING:
    from horgos_geo.model.places import Place
    from horgos_geo.model.scenario import Scenario
    from horgos_geo.routing.router import Router

PANEL = "Scenario"


DatumOption = Annotated[
    Datum,
    typer.Option(
        "--datum",
        help="Of the coordinates: wgs84; or of Chinese maps, gcj02 (Amap, Tencent) or bd09 (Baidu),"
        " which show places some hundred metres off.",
    ),
]
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="text to read, json to compute with, or what the ending of --output says.",
        show_default=False,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write here instead of to stdout.", metavar="FILE"),
]
DestinationsOption = Annotated[
    Path | None,
    typer.Option(
        "--destinations",
        help="A table of places of your own: Excel, CSV, GeoJSON and others, names or coordinates.",
        metavar="FILE",
    ),
]
NetworkOption = Annotated[
    Path | None,
    typer.Option(
        "--network",
        help="Folder of another network, as `horgos network build` writes it.",
        metavar="DIR",
        rich_help_panel=PANEL,
    ),
]


def _option(*names: str, help: str, **more: Any) -> Any:  # noqa: A002
    return typer.Option(*names, help=help, rich_help_panel=PANEL, **more)


@dataclass(frozen=True)
class Question:
    """What the shared options ask: changes to a scenario, and over which network."""

    base: str | None
    changes: dict[str, Any]
    network: Path | None
    #: What names were taken for, to be said once everything that was asked is known to be sound.
    notes: list[str] = field(default_factory=list)

    def place(self, text: str) -> Place:
        """Return the place that an argument means, and note what it was taken for."""
        from horgos_geo.model.places import resolve

        place = resolve(text)
        if place.note and place.note not in self.notes:
            self.notes.append(place.note)
        return place

    def places(self, names: Iterable[str], file: Path | None) -> list[Place]:
        """Return the places that arguments and a table mean, each once.

        Raises
        ------
        MissingData, DataError
            A table that is not there or has no place that can be used.
        """
        from horgos_geo.model.places import select

        found = select([*names, *([file] if file else [])])
        self.notes.extend(p.note for p in found if p.note and p.note not in self.notes)
        return found

    def under(self, base: str) -> Question:
        """Return the same question under another scenario file or shipped scenario."""
        return replace(self, base=base)

    def scenario(self) -> Scenario:
        """Return the scenario: the file or shipped one, changed by the other options."""
        from horgos_geo.core.errors import ScenarioError
        from horgos_geo.model.scenario import scenario_from_options

        changes = dict(self.changes)
        if changes["gateway"] is not None:
            changes["gateway"] = self.place(changes["gateway"]).id
        for name in changes["via"] or []:
            self.place(name)
        if self.base == "":
            raise ScenarioError("--scenario names nothing. Give a YAML file or a shipped scenario.")
        return scenario_from_options(self.base or "", **changes)

    def router(self) -> Router:
        """Return a router over the network for the scenario."""
        scenario = self.scenario()  # checked before the network is read
        for sentence in self.notes:
            note(sentence)
        from horgos_geo.model.network import load_network
        from horgos_geo.routing.router import Router

        return Router(load_network(self.network), scenario)


def _question(
    mode: Annotated[
        ModeLabel | None,
        _option("--mode", "-m", help="road (default), rail, or both with transfers."),
    ] = None,
    minimise: Annotated[
        Minimise | None,
        _option("--minimise", help="What the path has least of. [default: distance]"),
    ] = None,
    scenario: Annotated[
        str | None,
        _option(
            "--scenario",
            help="A YAML file, or a shipped one such as no-russia-belarus.",
            metavar="FILE",
        ),
    ] = None,
    close: Annotated[
        list[str] | None,
        _option(
            "--close",
            help="Shut a country or a crossing, by code, id or name; again for more.",
            metavar="NAME",
        ),
    ] = None,
    open_: Annotated[
        list[str] | None,
        _option(
            "--open", help="Open a crossing that is listed as shut, by id or name.", metavar="NAME"
        ),
    ] = None,
    ferry: Annotated[bool, _option("--ferry", help="Let ferries be used.")] = False,
    via: Annotated[
        list[str] | None, _option("--via", help="Pass this place; again for more.", metavar="PLACE")
    ] = None,
    gateway: Annotated[
        str | None,
        _option("--gateway", help="Leave China through this land port.", metavar="PLACE"),
    ] = None,
    cargo: Annotated[
        Cargo | None,
        _option("--cargo", help="What is carried: a container (default), or vehicles and how."),
    ] = None,
    cars_per_unit: Annotated[
        int | None,
        _option("--cars-per-unit", help="Vehicles on one lorry or train.", metavar="N", min=1),
    ] = None,
    borders: Annotated[
        Level | None, _option("--borders", help="Short, central or long waits at borders.")
    ] = None,
    parameter: Annotated[
        list[str] | None,
        _option(
            "--parameter",
            help="A number of your own, such as dwell_h.khorgos-altynkol-rail=10; again for more.",
            metavar="NAME=NUMBER",
        ),
    ] = None,
    ignore_border_penalty: Annotated[
        bool,
        _option("--ignore-border-penalty", help="Bare shortest path, with no penalty for borders."),
    ] = False,
    network: NetworkOption = None,
) -> Question:
    changes: dict[str, Any] = {
        "modes": mode,
        "minimise": minimise,
        "opened_crossings": open_,
        "ferries": ferry,
        "via": via,
        "gateway": gateway,
        "cargo": cargo,
        "cars_per_unit": cars_per_unit,
        "borders": borders,
        "parameters": parameter,
        "ignore_border_penalty": ignore_border_penalty,
    }
    if close:
        from horgos_geo.model.crossing_names import split_closures

        changes["closed_countries"], changes["closed_crossings"] = split_closures(close)
    return Question(scenario, changes, network)


def asks(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command all scenario options; it receives them as its first argument, a `Question`.

    A command's own option takes the place of a shared one of the same name.
    """
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    known = {item.name for item in own}
    every = inspect.signature(_question, eval_str=True).parameters.values()
    shared = [item for item in every if item.name not in known]

    @wraps(function)
    def _command(**values: Any) -> None:
        question = _question(**{item.name: values.pop(item.name) for item in shared})
        function(question, **values)

    parameters = [item.replace(kind=inspect.Parameter.KEYWORD_ONLY) for item in [*own, *shared]]
    _command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    _command.__annotations__ = {item.name: item.annotation for item in parameters}
    del _command.__wrapped__  # typer would look through it to the bare function
    return _command
