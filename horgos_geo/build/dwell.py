"""Waits at crossings: named figures first, then those of a pair, a country or a region."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from horgos_geo.model.network import Crossing
from horgos_geo.model.parameters import Parameters, load_parameters


@cache
def _parameters() -> Parameters:
    return load_parameters()


def with_dwell(crossing: Crossing) -> Crossing:
    """Return a crossing with its waits by direction filled in from the parameter tables.

    Parameters
    ----------
    crossing
        A crossing with its gauges set. Where there is no control, and on ferries, nothing waits.

    Returns
    -------
    Crossing
        `dwell_basis` is that of the better known direction.
    """
    if not crossing.is_event or crossing.mode == "ferry":
        return crossing
    a_to_b = _parameters().dwell_of(crossing, True)
    back = _parameters().dwell_of(crossing, False)
    order = ("named", "pair", "country", "region", "none")
    basis = min(a_to_b.basis, back.basis, key=lambda b: order.index(b) if b in order else 9)
    sources = list(
        dict.fromkeys(row.source for d in (a_to_b, back) for row in d.rows if row.source)
    )
    return replace(
        crossing,
        dwell_ab_h=a_to_b.band.central, dwell_ab_low_h=a_to_b.band.low,
        dwell_ab_high_h=a_to_b.band.high, dwell_ba_h=back.band.central,
        dwell_ba_low_h=back.band.low, dwell_ba_high_h=back.band.high,
        dwell_basis=basis, dwell_source="; ".join(sources),
    )  # fmt: skip
