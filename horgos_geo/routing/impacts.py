"""What a part of a route takes: hours, dollars, kilograms, each an estimate with its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import add

from horgos_geo.model.estimate import ZERO, Estimate
from horgos_geo.model.parameters import Row


@dataclass(frozen=True)
class Impacts:
    """Hours, US dollars per TEU and kg CO2e per tonne of some part of a route, as estimates.

    Where vehicles are carried, the last two say what one vehicle takes; the figures per TEU and
    per tonne are then those of a container over the same route.
    """

    time_h: Estimate = ZERO
    cost_usd_per_teu: Estimate = ZERO
    co2e_kg_per_t: Estimate = ZERO
    cost_usd_per_vehicle: Estimate = ZERO
    co2e_kg_per_vehicle: Estimate = ZERO

    @property
    def values(self) -> tuple[Estimate, ...]:
        """The five estimates in the order of the fields."""
        return (
            self.time_h,
            self.cost_usd_per_teu,
            self.co2e_kg_per_t,
            self.cost_usd_per_vehicle,
            self.co2e_kg_per_vehicle,
        )

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the parameter files behind the estimates, each once."""
        return tuple(dict.fromkeys(row for value in self.values for row in value.rows))

    def __add__(self, other: Impacts) -> Impacts:
        return Impacts(*map(add, self.values, other.values))

    def __mul__(self, factor: float) -> Impacts:
        return Impacts(*(value * factor for value in self.values))


ZERO_IMPACTS = Impacts()


def total(parts: Iterable[Impacts]) -> Impacts:
    """Return the sum of the impacts of some parts."""
    return sum(parts, ZERO_IMPACTS)
