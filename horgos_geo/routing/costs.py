"""What each kind of edge takes: moving, a border, a change of gauge, a transfer, a ferry.

Moving adds up by mode and country; all else happens at one place and is an `Event`. Every number
carries the rows of the parameter files behind it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core import datasets
from horgos_geo.core.choices import MODES
from horgos_geo.core.countries import CHINA
from horgos_geo.model.estimate import ZERO, Estimate
from horgos_geo.model.network import Crossing, Network
from horgos_geo.model.parameters import Parameters
from horgos_geo.model.scenario import VEHICLES, Scenario
from horgos_geo.routing.impacts import ZERO_IMPACTS, Impacts

Floats = NDArray[np.float64]
Element = tuple[int, float, float]  # an edge and the fractions where a path enters and leaves it
ROAD, RAIL, FERRY, TRANSFER = map(MODES.index, ("road", "rail", "ferry", "transfer"))

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


@dataclass(frozen=True)
class Event:
    """What happens at one edge of a path, other than moving along it.

    Attributes
    ----------
    kind
        ``border``, ``boundary`` (a border without posts), ``gauge``, ``transfer`` or ``ferry``.
    key
        What one parameter decides: events of the same key are sure or unsure together.
    impacts
        What it takes.
    name
        Of the crossing, terminal or ferry line; empty for a change of gauge between posts.
    crossing
        The crossing or international ferry line.
    part
        Id of the terminal or ferry line, with the side that a ship is boarded from.
    """

    kind: str
    key: Hashable
    impacts: Impacts
    name: str = ""
    crossing: Crossing | None = None
    part: str = ""


class Costs:
    """What any part of a route takes under one scenario.

    Parameters
    ----------
    network
        The network.
    scenario
        What is carried, and which end of the waits at borders counts.
    parameters
        Speeds, waits, prices and emissions, each with its source.
    """

    def __init__(self, network: Network, scenario: Scenario, parameters: Parameters) -> None:
        self.network = network
        self.scenario = scenario
        self.parameters = parameters
        self.vehicles = Vehicles(parameters, scenario) if scenario.cargo in VEHICLES else None
        self._rates: dict[tuple[str, str], Impacts] = {}

    @cached_property
    def eventful(self) -> NDArray[np.bool_]:
        """Which edges (M) have an event; along all others a path only moves."""
        network = self.network
        breaks = network.gauge_mm != network.gauge_to_mm
        return np.asarray((network.mode > RAIL) | (network.crossing >= 0) | breaks)

    # Moving -------------------------------------------------------------------------------------

    def rate(self, mode: str, country: str) -> Impacts:
        """Return what a kilometre of one mode in one country takes, without borders."""
        if (mode, country) not in self._rates:
            parameters, vehicles = self.parameters, self.vehicles
            by_vehicle = (ZERO, ZERO)
            if vehicles:
                by_vehicle = vehicles.usd_per_km(mode, country), vehicles.co2e_kg_per_km(mode)
            self._rates[mode, country] = Impacts(
                1.0 / (vehicles or parameters).speed_kmh(mode, country),
                parameters.cost_usd_per_teu_km(mode, country),
                parameters.co2e_g_per_tkm(mode, country) / 1000.0,
                *by_vehicle,
            )
        return self._rates[mode, country]

    def moving(self, mode: str, country: str, edges: NDArray[np.int_], share: Floats) -> Impacts:
        """Return what it takes to move along parts of edges of one mode in one country.

        Parameters
        ----------
        mode
            ``road`` or ``rail``.
        country
            ISO 3166-1 alpha-3 code.
        edges, share
            Edges (k) and the part of each that is travelled, 0 to 1.
        """
        km = self.network.length_km[edges] * share
        rate = self.rate(mode, country)
        impacts = rate * float(km.sum())
        known = self.network.speed_kmh[edges].astype(np.float64)
        signed = np.isfinite(known)
        if not signed.any():
            return impacts
        signed_h = float((km[signed] / known[signed]).sum())
        time_h = Estimate(signed_h, signed_h, signed_h)
        if not signed.all():
            time_h = time_h + rate.time_h * float(km[~signed].sum())
        return Impacts(time_h, *impacts.values[1:])

    def snap(self, snap_km: float) -> Impacts:
        """Return what the straight line between a place and the network takes: time alone."""
        return Impacts(snap_km / self.parameters.snap_kmh)

    # Events -------------------------------------------------------------------------------------

    def events(self, edge: int, forward: bool) -> tuple[Event, ...]:
        """Return what happens on an edge from u to v, or back; nothing where a path only moves."""
        network = self.network
        if network.mode[edge] == TRANSFER:
            return (self._transfer(edge),)
        position = int(network.crossing[edge])
        crossing = network.crossings[position] if position >= 0 else None
        if network.mode[edge] == FERRY:
            return (self._ferry(edge, crossing),)
        found = []
        if crossing:
            start = network.u[edge] if forward else network.v[edge]
            a_to_b = network.countries[network.node_country[start]] == crossing.country_a
            found.append(self._border(crossing, a_to_b))
        if network.gauge_mm[edge] != network.gauge_to_mm[edge]:
            name = crossing.name if crossing else ""
            found.append(Event("gauge", "gauge", self.gauge_change, name, crossing))
        return tuple(found)

    def _border(self, crossing: Crossing, a_to_b: bool) -> Event:
        kind = "border" if crossing.is_event else "boundary"
        key = (crossing.id, a_to_b)
        return Event(kind, key, self.border(crossing, a_to_b), crossing.name, crossing)

    def border(self, crossing: Crossing, a_to_b: bool) -> Impacts:
        """Return what a border crossing takes; `a_to_b` from its country_a to its country_b."""
        if not crossing.is_event:
            return ZERO_IMPACTS
        own = self.vehicles.dwell_h(crossing, a_to_b) if self.vehicles else None
        more_h, more_usd = self.parameters.caution(crossing)
        dwell_h = (own or self.parameters.dwell_h(crossing, a_to_b)) + more_h
        ends = crossing.ends(a_to_b)
        usd = self.parameters.border_usd_per_teu(crossing.mode, *ends) + more_usd
        return Impacts(
            dwell_h.at(self.scenario.borders), usd, ZERO, *self._share(usd, ZERO, crossing.mode)
        )

    @cached_property
    def gauge_change(self) -> Impacts:
        """What a change of gauge takes."""
        time_h = self.vehicles.gauge_change_h() if self.vehicles else self.parameters.gauge_change_h
        usd = self.parameters.gauge_change_usd_per_teu
        return Impacts(time_h, usd, ZERO, *self._share(usd, ZERO, "rail"))

    def _transfer(self, edge: int) -> Event:
        terminal, side = self.terminal(edge)
        parameters, vehicles = self.parameters, self.vehicles
        handling = usd = parameters.transfer_usd_per_teu(terminal, side)
        co2e = parameters.transfer_co2e_kg_per_t
        by_vehicle, kg = self._share(handling, co2e, side)
        if not side:
            # Coming by lorry costs the same for 5 km as for 50: nobody reloads for 40 km.
            turn = parameters.lorry_turn_usd_per_teu
            usd = handling + turn
            by_vehicle = by_vehicle + turn / vehicles.cars_per_unit("road") if vehicles else ZERO
        return Event(
            "transfer",
            ("transfer", terminal),
            Impacts(parameters.transfer_h(terminal, side), usd, co2e, by_vehicle, kg),
            name=self._terminal_names.get(terminal, terminal),
            part="/".join(filter(None, (terminal, side))),
        )

    def _ferry(self, edge: int, crossing: Crossing | None) -> Event:
        line = self.network.links[self.network.link[edge]]
        length_km = float(self.network.length_km[edge])
        ferry = self.parameters.ferry(line, length_km)
        co2e = self.parameters.co2e_g_per_tkm("ferry", "") * (length_km / 1000.0)
        usd = ferry.cost_usd_per_teu
        name = crossing.name if crossing else _ferry_names().get(line, line)
        impacts = Impacts(ferry.time_h, usd, co2e, *self._share(usd, co2e))
        return Event("ferry", ("ferry", edge), impacts, name, crossing, part=line)

    def _share(
        self, usd: Estimate, kg_per_t: Estimate, mode: str = ""
    ) -> tuple[Estimate, Estimate]:
        """Return one vehicle's share of US dollars per TEU and of kilograms per tonne."""
        if self.vehicles is None:
            return ZERO, ZERO
        by_mass = kg_per_t * self.vehicles.mass_t if kg_per_t.rows else ZERO
        return usd * self.vehicles.teu(mode), by_mass

    def terminal(self, edge: int) -> tuple[str, str]:
        """Return the terminal of a transfer edge, and the mode that meets a ship there, or ''."""
        network = self.network
        ends = {int(network.u[edge]), int(network.v[edge])}
        modes = [name for name, nodes in zip(MODES, self._nodes_by_mode, strict=False)
                 if ends & nodes]  # fmt: skip
        return network.links[network.link[edge]], modes[0] if len(modes) == 1 else ""

    @cached_property
    def _nodes_by_mode(self) -> tuple[frozenset[int], frozenset[int]]:
        """Nodes with a road and nodes with a railway, of those that have a transfer."""
        network = self.network
        here = np.zeros(network.node_count, dtype=np.bool_)
        reloads = network.mode == TRANSFER
        here[network.u[reloads]] = here[network.v[reloads]] = True
        road, rail = (
            frozenset(np.concatenate([side[(network.mode == code) & here[side]]
                                      for side in (network.u, network.v)]).tolist())
            for code in (ROAD, RAIL)
        )  # fmt: skip
        return road, rail

    @cached_property
    def _terminal_names(self) -> dict[str, str]:
        return {terminal.id: terminal.name for terminal in self.network.terminals}


@dataclass(frozen=True)
class Vehicles:
    """The numbers of one vehicle: on its own wheels, or with others on a lorry or a train.

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

    def kind(self, mode: str = "") -> str:
        """Return what carries a vehicle by a mode; by the scenario's main one if that has none."""
        by_mode = _CARRIED_BY[self.scenario.cargo]
        return by_mode.get(mode) or by_mode.get("rail") or by_mode["road"]

    def cars_per_unit(self, mode: str = "") -> Estimate:
        """Return how many vehicles one unit carries: as the scenario says, or as usual."""
        kind, said = self.kind(mode), self.scenario.cars_per_unit
        if kind == DRIVEN:
            return Estimate(1.0, 1.0, 1.0)
        if said and kind == self.kind():
            return Estimate(float(said), float(said), float(said))
        return self.parameters.vehicle("cars_per_unit", _UNIT.get(kind, kind))

    def teu(self, mode: str = "") -> Estimate:
        """Return the TEU that one vehicle stands for."""
        kind = self.kind(mode)
        unit = self.parameters.vehicle("teu_per_unit", _UNIT.get(kind, kind))
        return unit / self.cars_per_unit(mode)

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
        hours = self.parameters.row("driving_h_per_day", unit_kind=DRIVEN)
        return self.parameters.driven_kmh(country, hours)

    def dwell_h(self, crossing: Crossing, a_to_b: bool) -> Estimate | None:
        """Return the wait of vehicles at a crossing, None where it is that of any freight.

        Vehicles on their own wheels leave China past the lorries, then enter what lies beyond.
        """
        from_, to = crossing.ends(a_to_b)
        if from_ != CHINA or self.kind() != DRIVEN:
            return None
        own = self.parameters.find("clearance_h", unit_kind=DRIVEN, crossing=crossing.id)
        entering = self.parameters.find(
            "entering_h", mode=crossing.mode, country=from_, to_country=to
        )
        return own.band + entering.band if own and entering else None

    def gauge_change_h(self) -> Estimate:
        """Return the hours that a change of gauge takes."""
        own = self.parameters.find("gauge_change_h", unit_kind=self.kind("rail"))
        return (own or self.parameters.row("gauge_change_h")).band


@lru_cache(maxsize=1)
def _ferry_names() -> dict[str, str]:
    """Return the names of the listed ferry lines by id."""
    return {row["id"]: row["name"] for row in datasets.read_rows("reference/ferries.csv")}
