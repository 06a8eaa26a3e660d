"""What one vehicle takes: on its own wheels, or with others on a lorry or a double-deck train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from horgos_geo.core.countries import CHINA
from horgos_geo.model.network import Crossing
from horgos_geo.model.parameters import Estimate, Parameters, Row
from horgos_geo.model.scenario import VEHICLES, Scenario

DRIVEN = "driven"
#: What carries vehicles by each mode: its name in parameters/vehicles.csv for what a car takes.
_CARRIED_BY = {
    "vehicles-driven": {"road": DRIVEN},
    "vehicles-carrier": {"road": "carrier truck"},
    # On the road between a terminal and the place, cars from a train go on with a lorry.
    "vehicles-rail": {"road": "carrier truck", "rail": "JSQ train"},
}
#: The same where it is counted as a unit.
_UNIT = {"carrier truck": "car carrier truck"}
_ONE = Estimate(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Vehicles:
    """The numbers of one vehicle under a scenario that carries vehicles.

    A unit (a car, a lorry, a train) takes as many TEU as `teu_per_unit` says: its share of what is
    paid by TEU. Each vehicle on it bears an equal part.

    Attributes
    ----------
    parameters
        Where the numbers come from.
    scenario
        What is asked; its cargo is vehicles.
    """

    parameters: Parameters
    scenario: Scenario

    @classmethod
    def of(cls, parameters: Parameters, scenario: Scenario) -> Vehicles | None:
        """Return the numbers of a vehicle, or None where the cargo is a container."""
        return cls(parameters, scenario) if scenario.cargo in VEHICLES else None

    def kind(self, mode: str = "") -> str:
        """Return what carries a vehicle by a mode; by the scenario's main one if that has none."""
        by_mode = _CARRIED_BY[self.scenario.cargo]
        return by_mode.get(mode) or by_mode.get("rail") or by_mode["road"]

    def cars_per_unit(self, mode: str = "") -> Estimate:
        """Return how many vehicles one unit carries: as the scenario says, or as usual."""
        kind, said = self.kind(mode), self.scenario.cars_per_unit
        if kind == DRIVEN:
            return _ONE
        if said and kind == self.kind():
            return _ONE * float(said)
        return self.parameters.vehicle("cars_per_unit", _UNIT.get(kind, kind))

    def teu(self, mode: str = "") -> Estimate:
        """Return the TEU that one vehicle stands for."""
        kind = self.kind(mode)
        unit = self.parameters.vehicle("teu_per_unit", _UNIT.get(kind, kind))
        cars = self.cars_per_unit(mode)
        return Estimate(unit.low / cars.high, unit.central / cars.central, unit.high / cars.low)

    def usd_per_km(self, mode: str, country: str) -> Estimate:
        """Return US dollars per vehicle and kilometre of one mode in one country."""
        if self.kind(mode) == DRIVEN:
            return self.parameters.vehicle("cost_usd_per_car_km", DRIVEN)
        return self.parameters.cost_usd_per_teu_km(mode, country) * self.teu(mode)

    def co2e_kg_per_km(self, mode: str) -> Estimate:
        """Return kg CO2e per vehicle and kilometre of one mode."""
        return self.parameters.vehicle("co2e_kg_per_car_km", self.kind(mode))

    @property
    def mass_t(self) -> Estimate:
        """Return the tonnes of one vehicle."""
        return self.parameters.row("car_mass_t", unit_kind="car").band

    def speed_kmh(self, mode: str, country: str) -> Estimate:
        """Return the speed over day and night: a lone driver rests longer than a lorry's crew."""
        if self.kind(mode) != DRIVEN or mode != "road":
            return self.parameters.speed_kmh(mode, country)
        moving, hours = self._driving(country)
        return moving.band * hours.band * (1 / 24)

    def dwell_h(self, crossing: Crossing, a_to_b: bool) -> Estimate | None:
        """Return the wait of vehicles at a crossing, None where it is that of any freight."""
        rows = self._clearance(crossing, a_to_b)
        return rows[0].band + rows[1].band if rows else None

    def gauge_change_h(self) -> Estimate:
        """Return the hours that a change of gauge takes."""
        return self._gauge_change().band

    def lorry_turn_usd(self, turn: Estimate) -> Estimate:
        """Return one vehicle's share of what a lorry costs for coming to a terminal at all."""
        cars = self.cars_per_unit("road")
        return Estimate(turn.low / cars.high, turn.central / cars.central, turn.high / cars.low)

    # Where the numbers stand ----------------------------------------------------------------------

    def _driving(self, country: str) -> tuple[Row, Row]:
        moving = self.parameters.trace("speed_kmh", "road", country)[0]
        return moving, self.parameters.row("driving_h_per_day", unit_kind=DRIVEN)

    def _clearance(self, crossing: Crossing, a_to_b: bool) -> tuple[Row, ...]:
        """Return the rows of leaving China past the lorries, and of entering what lies beyond."""
        from_, to = crossing.country_a, crossing.country_b
        if not a_to_b:
            from_, to = to, from_
        if from_ != CHINA or self.kind() != DRIVEN:
            return ()
        find = self.parameters.find
        own = find("clearance_h", unit_kind=DRIVEN, crossing=crossing.id)
        entering = find("dwell_h", mode=crossing.mode, to_country=to)
        return (own, entering) if own and entering else ()

    def _gauge_change(self) -> Row:
        own = self.parameters.find("gauge_change_h", unit_kind=self.kind("rail"))
        return own or self.parameters.row("gauge_change_h")

    def share_rows(self, mode: str = "") -> Iterator[Row]:
        """Yield the rows of a vehicle's share of what is paid by TEU."""
        unit = _UNIT.get(self.kind(mode), self.kind(mode))
        yield self.parameters.row("teu_per_unit", unit_kind=unit)
        yield from self._count_rows(mode)

    def _count_rows(self, mode: str) -> Iterator[Row]:
        """Yield the row of how many vehicles a unit carries, if the scenario does not say it."""
        kind = self.kind(mode)
        said = self.scenario.cars_per_unit and kind == self.kind()
        if kind != DRIVEN and not said:
            yield self.parameters.row("cars_per_unit", unit_kind=_UNIT.get(kind, kind))

    def moving_rows(self, mode: str, country: str) -> Iterator[Row]:
        """Yield the rows behind moving a vehicle by a mode in a country."""
        kind = self.kind(mode)
        if kind == DRIVEN:
            yield from self._driving(country)
            yield self.parameters.row("cost_usd_per_car_km", unit_kind=kind)
        else:
            yield from self.parameters.trace("speed_kmh", mode, country)
            yield from self.parameters.trace("cost_usd_per_teu_km", mode, country)
            yield from self.share_rows(mode)
        yield self.parameters.row("co2e_kg_per_car_km", unit_kind=kind)

    def wait_rows(self, crossing: Crossing, a_to_b: bool) -> tuple[Row, ...]:
        """Return the rows behind `dwell_h`, none where the wait is that of any freight."""
        return self._clearance(crossing, a_to_b)

    def gauge_rows(self) -> Iterator[Row]:
        """Yield the rows behind a change of gauge."""
        yield self._gauge_change()
        yield from self.parameters.trace("gauge_change_usd_per_teu")
        yield from self.share_rows("rail")

    def lorry_rows(self) -> Iterator[Row]:
        """Yield the rows of how many vehicles come to a terminal on one lorry."""
        yield from self._count_rows("road")

    def mass_row(self) -> Row:
        """Return the row of `mass_t`."""
        return self.parameters.row("car_mass_t", unit_kind="car")
