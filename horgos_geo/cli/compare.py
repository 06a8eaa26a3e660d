"""`horgos compare`: one row a destination, mode and scenario."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import DestinationsOption, FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import MAPS, TABLES, Output, as_table

if TYPE_CHECKING:
    import geopandas as gpd

    from horgos_geo.model.scenario import Scenario

_PLACE = "A name, lat,lon, or a country code."
# Head, column, digits and divisor of what is printed.
_SHOWN = (
    ("km", "length_km", 0, 1.0),
    ("±", "error_km", 0, 1.0),
    ("days", "time_h", 1, 24.0),
    ("USD/TEU", "cost_usd_per_teu", 0, 1.0),
    ("kg/t", "co2e_kg_per_t", 0, 1.0),
    ("borders", "borders", 0, 1.0),
)
_EXTRA = (("+km", "extra_km", 0, 1.0), ("+days", "extra_h", 1, 24.0))


@asks
def compare(
    question: Question,
    origin: Annotated[str, typer.Argument(help=_PLACE, metavar="ORIGIN")],
    destinations: Annotated[
        list[str] | None,
        typer.Argument(
            help=f"{_PLACE} Or a group, such as central-asia.",
            metavar="[DESTINATION]...",
            show_default=False,
        ),
    ] = None,
    mode: Annotated[
        list[str] | None,
        typer.Option(
            "--mode", "-m", help="road, rail or multimodal; again for more.", metavar="MODE"
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            help="A YAML file or a shipped one; again for more, held against the first.",
            metavar="FILE",
        ),
    ] = None,
    table: DestinationsOption = None,
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Compare destinations: one row a destination, mode and scenario.

    With several scenarios, what each takes beyond the first stands beside it. A destination that
    cannot be reached has a status that says why. Road and rail where no mode is named.

    [bold]Examples[/bold]

    horgos compare Horgos KAZ UZB RUS Duisburg --mode rail

    horgos compare Horgos headline --scenario base --scenario no-russia-belarus -o routes.xlsx

    horgos compare Chongqing --destinations depots.xlsx --mode rail -o depots.xlsx
    """
    from horgos_geo.analysis.comparison import compare as rows_of
    from horgos_geo.core.errors import PlaceNotFound

    out = Output.of(format_, output, *TABLES, *MAPS)
    start = question.place(origin)
    ends = question.places(destinations or [], table)
    if not ends:
        raise PlaceNotFound(
            "Name a destination, a group such as central-asia, or a table with --destinations."
        )
    asked = [_named(question.under(name).scenario(), name) for name in scenario or []]
    frame = rows_of(question.router(), start, ends, mode or ("road", "rail"), asked or None)
    out.write(
        text=lambda: _as_text(frame),
        json=lambda: {
            "origin": start.name,
            **frame.attrs,
            "rows": [_as_dict(row) for row in frame.reset_index().to_dict("records")],
        },
        table=lambda: frame,
    )


def _named(scenario: Scenario, file: str) -> Scenario:
    """Return a scenario under the name of its file, where it says none itself."""
    return scenario.with_(name=Path(file).stem) if scenario.name == "base" else scenario


def _as_dict(row: dict[str, Any]) -> dict[str, Any]:
    row |= {name: round(cell, 3) for name, cell in row.items() if isinstance(cell, float)}
    row["country_km"] = json.loads(row["country_km"])
    for name in ("countries", "crossings"):
        row[name] = row[name].split("|") if row[name] else []
    del row["geometry"]
    return row


def _as_text(frame: gpd.GeoDataFrame) -> str:
    several = frame["scenario"].nunique() > 1
    shown = (*_SHOWN, *(_EXTRA if "extra_km" in frame else ()))
    about = ["", "", "Mode", *(["Scenario"] if several else [])]
    rows = [[*about, *(head for head, *_ in shown)]]
    for row in frame.to_dict("records"):
        name = row["name"] if row["status"] == "ok" else f"{row['name']} ({row['status']})"
        texts = [name, row["country"], row["mode"], *([row["scenario"]] if several else [])]
        rows.append([*texts, *(_number(row[column], *how) for _, column, *how in shown)])
    first = frame.iloc[0]
    numbers = range(len(about), len(rows[0]))
    head = f"From {first['origin']}, least {first['objective']}"
    return f"{head}\n\n{as_table(rows, right=numbers)}"


def _number(value: float | None, digits: int, divisor: float) -> str:
    known = value is not None and math.isfinite(value)
    return f"{value / divisor:,.{digits}f}" if known and value is not None else ""
