"""`horgos cars`: what it takes to bring one car to a country's people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import DestinationsOption, FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import TABLES, Output, as_table

if TYPE_CHECKING:
    import pandas as pd

    from horgos_geo.model.places import Place


@asks
def cars(
    question: Question,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="A country, by name or code; again for more.", metavar="COUNTRY"),
    ] = None,
    from_: Annotated[
        str, typer.Option("--from", help="Where the cars set out.", metavar="PLACE")
    ] = "Horgos",
    table: DestinationsOption = None,
    output: OutputOption = None,
    format_: FormatOption = None,
) -> None:
    """Tell how far, how long and how dear a car is: driven, on a lorry, on a double-deck train.

    Means over a country's towns, weighted by population, or over places of your own; beside them,
    exports by year. Kazakhstan, Uzbekistan and Russia where nothing is named.

    [bold]Example[/bold]

    horgos cars --to KAZ --to UZB --format json
    """
    from horgos_geo.analysis import cars as model
    from horgos_geo.core.countries import STORY

    out = Output.of(format_, output, *TABLES)
    start = question.place(from_)
    towns = question.places([], table) if table else None
    named = to or ([] if towns else STORY)
    countries = [question.place(name).country for name in named]
    taken = model.cars(question.router(), countries, start, towns)
    out.write(
        text=lambda: _as_text(taken, start),
        json=lambda: {
            "origin": start.name,
            "cars": taken.to_dict("records"),
            "exports": model.exports().to_dict("records"),
        },
        table=lambda: taken,
    )


def _as_text(table: pd.DataFrame, start: Place) -> str:
    from horgos_geo.analysis.cars import yearly

    rows = [["", "Carried", "km", "Days", "USD a car", "kg CO2e a car"]]
    rows += [_cells(row) for row in table.to_dict("records")]
    years = ", ".join(f"{year}: {count:,}" for year, count in yearly().items())
    return (
        f"From {start.name}, mean over towns weighted by people\n"
        f"{as_table(rows, right=(2, 3, 4, 5))}"
        f"Vehicles exported through Horgos, customs: {years}.\n"
    )


def _cells(row: dict[str, Any]) -> list[str]:
    days = f"{row['days']:.1f} ({row['days_low']:.1f}–{row['days_high']:.1f})"
    if not row["served_pct"]:
        return [row["country"], row["way"], "no route", "", "", ""]
    numbers = (row[name] for name in ("length_km", "cost_usd_per_car", "co2e_kg_per_car"))
    km, cost, co2e = (f"{number:,.0f}" for number in numbers)
    return [row["country"], row["way"], km, days, cost, co2e]
