"""`horgos route`: one route and its legs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from horgos_geo.cli.options import FormatOption, OutputOption, Question, asks
from horgos_geo.cli.output import MAPS, TABLES, Format, Output, as_table
from horgos_geo.core.errors import NoRoute

if TYPE_CHECKING:
    from horgos_geo.model.estimate import Estimate
    from horgos_geo.model.network import Crossing
    from horgos_geo.routing.route import Route


_PLACE = "A name, lat,lon, or a country code."


@asks
def route(
    question: Question,
    origin: Annotated[str, typer.Argument(help=_PLACE, metavar="ORIGIN")],
    destination: Annotated[str, typer.Argument(help=_PLACE, metavar="DESTINATION")],
    format_: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Find one route: its length, countries, borders, breaks of gauge, time, cost and legs.

    Where there is no route, one sentence says why and the exit code is 2. With json and geojson
    the answer is a status with empty numbers and the exit code is 0. Tables have one row a leg.

    [bold]Examples[/bold]

    horgos route Horgos Tashkent --mode rail

    horgos route Horgos Warsaw -m rail --close RUS --close BLR --ferry --minimise time -f json

    horgos route 44.21,80.41 KAZ -o astana.geojson
    """
    out = Output.of(format_, output, *TABLES, *MAPS, Format.gpx)
    start, end = question.place(origin), question.place(destination)  # before the network is read
    if start == end and not question.scenario().via:
        raise NoRoute(f"{start.name} is both origin and destination. Name two places, or a --via.")
    found = question.router().route(start, end)
    if not found.found and out.format in ("text", "gpx"):
        raise NoRoute(why_not(found))
    out.write(
        text=lambda: describe(found),
        json=found.to_dict,
        geojson=found.to_geojson,
        gpx=found.to_gpx,
        table=lambda: found.to_geodataframe().rename(columns={"length_km": "distance_km"}),
    )


def why_not(route: Route) -> str:
    """Return one sentence on a missing route: what stands in the way and what to try."""
    from horgos_geo.routing.status import CLOSED, DESTINATION_FAR, ORIGIN_FAR

    ends = f"from {route.origin.name} to {route.destination.name}"
    by = route.scenario.mode_label
    far = {
        ORIGIN_FAR: "Give a starting place nearer to a road or railway.",
        DESTINATION_FAR: "Give a destination nearer to a road or railway.",
    }
    # Nothing that was done already is advised.
    steps = []
    if route.status == CLOSED:
        steps.append("leave out a --close")
    elif by != "multimodal":
        steps.append("try --mode multimodal")
    if not route.scenario.ferries:
        steps.append("open the ferries with --ferry")
    words = ", or ".join(steps) or "name another place, such as a port"
    advice = far.get(route.status, f"{words[0].upper()}{words[1:]}.")
    return f"There is no way {ends} by {by}: {route.status}. {advice}"


def describe(route: Route) -> str:
    """Return a route as lines to read."""
    scenario = route.scenario
    head = (
        f"{route.origin.name} – {route.destination.name} by {scenario.mode_label}, "
        f"least {scenario.minimise}"
    )
    lines = [head]
    if route.status != "ok":
        lines.append(f"Only {route.status}.")
    error = f" ± {route.error_km:,.0f}" if route.error_km == route.error_km else ""
    lines.append(
        f"{route.length_km:,.0f} km{error}   "
        f"(great circle {route.great_circle_km:,.0f} km"
        f"{f', × {route.circuity:.2f}' if route.great_circle_km else ''})"
    )
    by_country = " · ".join(f"{code} {km:,.0f}" for code, km in route.country_km.items())
    lines.append(f"By country, km: {by_country}")
    if route.crossings:
        lines.append(f"Borders: {' · '.join(_border(route, item) for item in route.crossings)}")
    if route.gauge_breaks:
        breaks = " · ".join(f"{a} → {b} mm at {name}" for a, b, name in route.gauge_breaks)
        lines.append(f"Breaks of gauge: {breaks}")
    if route.transfers:
        lines.append(f"Transfers: {' · '.join(route.transfers)}")
    usual, whole = (
        f"{hours.low / 24:,.1f}–{hours.high / 24:,.1f}" for hours in (route.likely_h, route.time_h)
    )
    lines.append(
        f"Time: {route.time_h.central / 24:,.1f} days (likely {usual}, possible {whole})   "
        f"{_cost_and_co2e(route)}"
    )
    lines += ["", as_table(_legs(route), right=(3, 4)).rstrip()]
    lines += ["", *filter(None, (route.note, _outside(route), *route.warnings))]
    return "\n".join(lines).rstrip() + "\n"


def _outside(route: Route) -> str:
    """Say what of the legs is outside the totals."""
    access, gaps = ([leg for leg in route.legs if leg.kind == kind] for kind in ("access", "snap"))
    parts = []
    if access:
        km = sum(leg.length_km for leg in access)
        hours = sum(leg.time_h.central for leg in access)
        usd = sum(leg.cost_usd_per_teu.central for leg in access)
        parts.append(
            f"{km:,.1f} km by road to freight terminals ({hours:,.1f} h, {usd:,.0f} USD per TEU)"
        )
    if gaps:
        km = sum(leg.length_km for leg in gaps)
        parts.append(f"{km:,.1f} km straight to the network, whose hours do count")
    return f"Outside the totals: {'; '.join(parts)}." if parts else ""


def _border(route: Route, crossing: Crossing) -> str:
    """Return a crossing's name and its countries, in the order of travel."""
    left = {leg.crossing_id: leg.country for leg in route.legs if leg.kind == "border"}
    a, b = crossing.country_a, crossing.country_b
    if left.get(crossing.id) == b:
        a, b = b, a
    return f"{crossing.name} ({a}–{b})"


def _cost_and_co2e(route: Route) -> str:
    """Return what a container takes, or what one vehicle and what carries it take."""
    if not route.carries_vehicles:
        return (
            f"Cost: {_band(route.cost_usd_per_teu)} USD per TEU   "
            f"CO2e: {_band(route.co2e_kg_per_t)} kg per t"
        )
    words = (
        f"Cost: {_band(route.cost_usd_per_vehicle)} USD per vehicle   "
        f"CO2e: {_band(route.co2e_kg_per_vehicle)} kg per vehicle"
    )
    cars = route.cars_per_unit
    if cars and cars.central > 1:
        unit = "train" if any(leg.kind == "rail" for leg in route.legs) else "lorry"
        words += f"\n{cars.central:g} vehicles on one {unit}: {_band(route.cost_usd_per_unit)} USD"
    return words


def _band(band: Estimate) -> str:
    return f"{band.central:,.0f} ({band.low:,.0f}–{band.high:,.0f})"


def _legs(route: Route) -> list[list[str]]:
    rows = [["", "From – to", "Country", "km", "h"]]
    for leg in route.legs:
        ends = " – ".join(dict.fromkeys(filter(None, (leg.from_name, leg.to_name))))
        km = f"{leg.length_km:,.1f}" if leg.length_km else ""
        hours = f"{leg.time_h.central:,.1f}" if leg.time_h.central else ""
        rows.append([leg.kind, ends, leg.country, km, hours])
    return rows
