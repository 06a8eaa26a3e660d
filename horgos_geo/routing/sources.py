"""Where the numbers of a route come from: each speed, wait, fee and price with its row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from horgos_geo.model.network import Crossing
from horgos_geo.model.parameters import Row
from horgos_geo.routing.route import Leg, Route
from horgos_geo.routing.router import Router


@dataclass(frozen=True, eq=False)
class Number:
    """One row of the parameter files, or the wait that a crossing carries, and where it is used.

    Attributes
    ----------
    row
        Value, unit, source, year and file of the number.
    used_on
        The legs that it is used on, in words, in order.
    """

    row: Row
    used_on: tuple[str, ...]

    @property
    def is_assumption(self) -> bool:
        """Whether the number has no published source."""
        return self.row.retrieved == "assumption"

    def to_dict(self) -> dict[str, object]:
        """Return the number and its source as plain values."""
        row = self.row
        return {
            "parameter": row.parameter,
            "applies_to": row.applies_to,
            "value": row.band.central,
            "low": row.band.low,
            "high": row.band.high,
            "unit": row.unit,
            "file": f"{row.file}.csv",
            "line": row.line,
            "source": row.source,
            "year": row.year,
            "basis": row.retrieved,
            "note": row.note,
            "used_on": list(self.used_on),
        }


def numbers_behind(router: Router, route: Route) -> list[Number]:
    """Return every number that the hours, dollars and kilograms of a route rest on.

    Parameters
    ----------
    router
        The router that found it.
    route
        A route; one that was not found rests on nothing.

    Returns
    -------
    list of Number
        In the order in which they are first used.
    """
    used: dict[tuple[str, int, str], tuple[Row, list[str]]] = {}
    for position in range(len(route.legs)):
        for row, words in _of_leg(router, route, position):
            _, where = used.setdefault((row.file, row.line, row.parameter), (row, []))
            if words not in where:
                where.append(words)
    return [Number(row, tuple(where)) for row, where in used.values()]


def _of_leg(router: Router, route: Route, position: int) -> Iterator[tuple[Row, str]]:
    """Yield the rows behind one leg, each with words for the leg."""
    leg, parameters = route.legs[position], router.parameters
    vehicles = router.weights.vehicles
    rows: list[Row] = []
    words = leg.from_name
    if leg.kind in ("road", "rail"):
        words = f"{leg.kind}, {leg.country}"
        if vehicles:
            rows += vehicles.moving_rows(leg.kind, leg.country)
        else:
            rows += parameters.trace("speed_kmh", leg.kind, leg.country)
        for name in ("cost_usd_per_teu_km", "co2e_g_per_tkm"):
            rows += parameters.trace(name, leg.kind, leg.country)
    elif leg.kind == "border":
        crossing = next(c for c in route.crossings if c.id == leg.crossing_id)
        a_to_b = leg.country == crossing.country_a
        own = vehicles.wait_rows(crossing, a_to_b) if vehicles else ()
        rows += own or _wait(router, crossing, a_to_b)
        ends = (crossing.country_a, crossing.country_b)
        ends = ends if a_to_b else ends[::-1]
        rows += parameters.trace("border_usd_per_teu", crossing.mode, *ends)
        rows += parameters.caution(crossing)
        rows += vehicles.share_rows(crossing.mode) if vehicles else ()
    elif leg.kind == "gauge" and vehicles:
        rows += vehicles.gauge_rows()
    elif leg.kind == "gauge":
        rows += parameters.trace("gauge_change_h")
        rows += parameters.trace("gauge_change_usd_per_teu")
    elif leg.kind == "ferry":
        rows += parameters.trace("ferry", leg.part)
        rows += parameters.trace("co2e_g_per_tkm", "ferry", "")
        rows += (*vehicles.share_rows(), vehicles.mass_row()) if vehicles else ()
    elif leg.kind == "transfer":
        rows += _transfer(router, leg)
    for row in rows:
        yield row, words


def _wait(router: Router, crossing: Crossing, a_to_b: bool) -> tuple[Row, ...]:
    found, band = (
        router.parameters.dwell_of(crossing, a_to_b),
        router.parameters.dwell_h(crossing, a_to_b),
    )
    if band == found.band:
        return found.rows
    # The network carries a wait of its own.
    return (
        Row(
            file="crossings",
            line=router.network.crossing_index[crossing.id] + 2,
            parameter="dwell_ab_h" if a_to_b else "dwell_ba_h",
            applies_to=crossing.id,
            keys=(("crossing", crossing.id),),
            band=band,
            unit="h",
            source=crossing.dwell_source or crossing.source or "crossings of the network",
            year=crossing.year,
            retrieved=crossing.retrieved if crossing.dwell_basis == "named" else "assumption",
            note=f"basis: {crossing.dwell_basis}",
        ),
    )


def _transfer(router: Router, leg: Leg) -> Iterator[Row]:
    """Yield the rows of a transfer; beside a ship, those of the side that it is boarded from."""
    parameters, vehicles = router.parameters, router.weights.vehicles
    terminal, _, side = leg.part.partition("/")
    for what in ("transfer_h", "transfer_usd_per_teu"):
        yield from parameters.trace(what, terminal, side)
    yield from parameters.trace("transfer_co2e_kg_per_t")
    if not side:
        yield from parameters.trace("lorry_turn_usd_per_teu")
    if vehicles:
        yield from vehicles.share_rows(side)
        yield vehicles.mass_row()
        if not side:
            yield from vehicles.lorry_rows()
