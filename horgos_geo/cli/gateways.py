"""`horgos gateways`: China's land ports side by side for each destination."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import DestinationsOption, FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import TABLES, Output, as_table

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 5


@asks
def gateways(
    question: Question,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="A destination; again for more.", metavar="PLACE"),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(
            "--group",
            help="All destinations of a group or country; again for more.",
            metavar="GROUP",
        ),
    ] = None,
    table: DestinationsOption = None,
    focus: Annotated[
        str, typer.Option("--focus", help="The gateway whose rank is counted.", metavar="PLACE")
    ] = "Horgos",
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Rank China's land ports for each destination, by distance, time and cost.

    Kilometres, hours and dollars count from the border. A lead smaller than its own error is a
    tie. Without a mode, road and rail are both answered.

    [bold]Examples[/bold]

    horgos gateways --to Tashkent --to Moscow --mode rail

    horgos gateways --group central-asia --mode road --format json
    """
    from horgos_geo.analysis import gateways as ports
    from horgos_geo.core.errors import PlaceNotFound, ScenarioError
    from horgos_geo.model.places import destinations

    out = Output.of(format_, output, *TABLES)
    ends = {place.id: place for place in question.places(to or [], table)}
    ends |= {place.id: place for place in (destinations(group) if group else [])}
    if not ends:
        raise PlaceNotFound(
            "Name a destination: --to Tashkent, --group central-asia, or --destinations FILE."
        )
    port = question.place(focus)
    if not port.gateway:
        raise PlaceNotFound(f"{port.name} is no Chinese land port. Name one, such as Alashankou.")
    scenario = question.scenario()
    if len(scenario.modes) > 1:
        raise ScenarioError("Gateways are compared by one mode: --mode road or --mode rail.")
    modes = scenario.modes if question.changes["modes"] or question.base else ("road", "rail")
    ranked = ports.gateways(question.router(), ends.values(), modes, port.id)
    standing = ports.standings(ranked, port.id)
    out.write(
        text=lambda: _as_text(ranked, standing, port.name),
        json=lambda: _as_dict(ranked, standing, ports.summary(standing), port.id),
        table=lambda: ranked,
    )


def _as_dict(
    table: pd.DataFrame, standing: pd.DataFrame, summary: pd.DataFrame, focus: str
) -> dict[str, Any]:
    results = []
    held = standing.reset_index()
    for (place, mode), group in table.groupby(["destination", "mode"], sort=False):
        first = group.iloc[0]
        ranked = group.sort_values("rank_distance", kind="stable")
        columns = [c for c in group.columns if c not in _OF_DESTINATION]
        own = held[(held["destination"] == place) & (held["mode"] == mode)]
        kept = ["measure", "standing", *_IN_UNITS[:2], "behind_pct", "best"]
        results.append(
            {
                "destination": place,
                **{key: first[key] for key in ("name", "country", "region", "lon", "lat", "mode")},
                "focus": [_with_units(row) for row in own[kept].to_dict("records")],
                "gateways": ranked[columns].to_dict("records"),
            }
        )
    counts = [_with_units(row) for row in summary.to_dict("records")]
    return {"focus": focus, "results": results, "summary": counts}


#: Columns that are kilometres, hours or dollars, as the measure of their row is.
_IN_UNITS = ("behind", "behind_error", "median_behind")


def _with_units(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the unit of its measure in the keys, and no spaces in them."""
    from horgos_geo.analysis.gateways import UNITS

    unit = UNITS[row["measure"]]
    named = {key: f"{key}_{unit}" if key in _IN_UNITS else key.replace(" ", "_") for key in row}
    return {named[key]: value for key, value in row.items()}


_OF_DESTINATION = ("name", "country", "region", "lon", "lat", "mode")


def _as_text(table: pd.DataFrame, standing: pd.DataFrame, focus: str) -> str:
    parts = []
    for (_, mode), group in table.groupby(["destination", "mode"], sort=False):
        first = group.iloc[0]
        ranked = group[group["rank_distance"].notna()].sort_values("rank_distance", kind="stable")
        head = f"{first['name']} ({first['country']}) by {mode}"
        if ranked.empty:
            parts.append(f"{head}\nNo way from any gateway.\n")
            continue
        shown = ranked[(ranked["rank_distance"] <= _SHOWN) | (ranked["gateway_name"] == focus)]
        rows = [["", "Gateway", "km", "±", "behind", "days", "rank", "USD/TEU", "rank"]]
        rows += [_row(row) for _, row in shown.iterrows()]
        parts.append(f"{head}\n{as_table(rows, right=(0, 2, 3, 4, 5, 6, 7, 8))}")
    for (mode, measure), group in standing.groupby(["mode", "measure"], sort=False):
        counts = group["standing"].value_counts()
        words = ", ".join(f"{name} {counts[name]}" for name in counts.index)
        parts.append(f"{focus} by {mode}, {measure}: {words}.")
    note = "= marks a tie: the lead is smaller than its own error."
    return "\n".join([*parts, note]) + "\n"


def _row(row: pd.Series) -> list[str]:
    def number(name: str, digits: int = 0, scale: float = 1.0) -> str:
        value = float(row[name]) / scale
        return f"{value:,.{digits}f}" if math.isfinite(value) else ""

    def rank(name: str) -> str:
        value = row[f"rank_{name}"]
        tie = "=" if row[f"tied_{name}"] else ""
        return f"{tie}{value:.0f}" if math.isfinite(value) else ""

    return [
        rank("distance"),
        str(row["gateway_name"]),
        number("length_km"),
        number("error_km"),
        number("behind_km"),
        number("time_h", 1, 24.0),
        rank("time"),
        number("cost_usd_per_teu"),
        rank("cost"),
    ]
