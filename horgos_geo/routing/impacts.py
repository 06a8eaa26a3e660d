"""What the parts of a route take: hours, dollars, kilograms, each a band."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core import datasets
from horgos_geo.model.network import Crossing, Network
from horgos_geo.model.parameters import Estimate, Parameters
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.vehicles import Vehicles

Floats = NDArray[np.float64]
ROAD, RAIL, FERRY, TRANSFER = range(4)
# Arrays over all edges that scenarios with the same objective share; more would fill the memory.
_MAX_TABLES = 24
ZERO = Estimate(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Impacts:
    """Hours, US dollars per TEU and kg CO2e per tonne of some part of a route, as bands.

    Where vehicles are carried, the last two say what one vehicle takes; the figures per TEU and
    per tonne are then those of a container over the same way.
    """

    time_h: Estimate
    cost_usd_per_teu: Estimate
    co2e_kg_per_t: Estimate
    cost_usd_per_vehicle: Estimate = ZERO
    co2e_kg_per_vehicle: Estimate = ZERO

    def __add__(self, other: Impacts) -> Impacts:
        return Impacts(
            self.time_h + other.time_h,
            self.cost_usd_per_teu + other.cost_usd_per_teu,
            self.co2e_kg_per_t + other.co2e_kg_per_t,
            self.cost_usd_per_vehicle + other.cost_usd_per_vehicle,
            self.co2e_kg_per_vehicle + other.co2e_kg_per_vehicle,
        )


ZERO_IMPACTS = Impacts(ZERO, ZERO, ZERO)


class Parts:
    """The measure of any part of a route.

    Parameters
    ----------
    network, scenario, parameters
        As in `Weights`.
    tables
        Arrays shared with other scenarios over the same network and parameters.
    """

    def __init__(
        self,
        network: Network,
        scenario: Scenario,
        parameters: Parameters,
        tables: dict[tuple[Any, ...], Any] | None = None,
    ) -> None:
        self.network = network
        self.scenario = scenario
        self.parameters = parameters
        self.vehicles = Vehicles.of(parameters, scenario)
        self._tables = {} if tables is None else tables

    def _shared(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return an array that other scenarios use too, made when first asked for."""
        if key not in self._tables:
            made = make()  # may itself ask for shared arrays
            while len(self._tables) >= _MAX_TABLES:
                self._tables.pop(next(iter(self._tables)))
            self._tables[key] = made
        return self._tables[key]

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
        known = self.network.speed_kmh[edges].astype(np.float64)
        usual = self.speed_kmh(mode, country)
        signed = np.isfinite(known)
        length_km = float(km.sum())
        fixed_h = float((km[signed] / known[signed]).sum())
        rest_km = float(km[~signed].sum())
        time_h = Estimate(
            low=rest_km / usual.high + fixed_h,
            central=rest_km / usual.central + fixed_h,
            high=rest_km / usual.low + fixed_h,
        )
        return Impacts(
            time_h,
            self.parameters.cost_usd_per_teu_km(mode, country) * length_km,
            self.parameters.co2e_g_per_tkm(mode, country) * (length_km / 1000.0),
            *self._moving_vehicle(mode, country, length_km),
        )

    def speed_kmh(self, mode: str, country: str) -> Estimate:
        """Return the speed of what is carried, over day and night and without borders."""
        return (self.vehicles or self.parameters).speed_kmh(mode, country)

    def _moving_vehicle(
        self, mode: str, country: str, length_km: float
    ) -> tuple[Estimate, Estimate]:
        if self.vehicles is None:
            return ZERO, ZERO
        return (
            self.vehicles.usd_per_km(mode, country) * length_km,
            self.vehicles.co2e_kg_per_km(mode) * length_km,
        )

    def _share(
        self, cost: Estimate, co2e_kg_per_t: Estimate, mode: str = ""
    ) -> tuple[Estimate, Estimate]:
        """Return one vehicle's share of US dollars per TEU and of kilograms per tonne."""
        if self.vehicles is None:
            return ZERO, ZERO
        return cost * self.vehicles.teu(mode), co2e_kg_per_t * self.vehicles.mass_t

    def border(self, crossing: Crossing, a_to_b: bool) -> Impacts:
        """Return what a border crossing takes; `a_to_b` from its country_a to its country_b."""
        if not crossing.is_event:
            return ZERO_IMPACTS
        own = self.vehicles.dwell_h(crossing, a_to_b) if self.vehicles else None
        dwell_h = own or self.parameters.dwell_h(crossing, a_to_b)
        from_, to = crossing.country_a, crossing.country_b
        ends = (from_, to) if a_to_b else (to, from_)
        cost = self.parameters.border_usd_per_teu(crossing.mode, *ends)
        for row in self.parameters.caution(crossing):
            if row.unit == "h":
                dwell_h = dwell_h + row.band
            else:
                cost = cost + row.band
        share = self._share(cost, ZERO, crossing.mode)
        return Impacts(self._at_level(dwell_h), cost, ZERO, *share)

    def _at_level(self, dwell_h: Estimate) -> Estimate:
        """Move the central value of a wait to the end of its band that the scenario asks for."""
        central = getattr(dwell_h, self.scenario.borders)
        return Estimate(dwell_h.low, central, dwell_h.high)

    def gauge_change(self) -> Impacts:
        """Return what a change of gauge takes."""
        time_h = self.vehicles.gauge_change_h() if self.vehicles else self.parameters.gauge_change_h
        cost = self.parameters.gauge_change_usd_per_teu
        return Impacts(time_h, cost, ZERO, *self._share(cost, ZERO, "rail"))

    def transfer(self, edge: int) -> Impacts:
        """Return what a transfer edge takes: from one mode to another, or on board or ashore."""
        terminal, side = self.terminal(edge)
        handling = cost = self.parameters.transfer_usd_per_teu(terminal, side)
        turn = self.parameters.lorry_turn_usd_per_teu
        co2e = self.parameters.transfer_co2e_kg_per_t
        if not side:
            # Coming by lorry costs the same for 5 km as for 50: nobody reloads for 40 km.
            cost = handling + turn
        usd, kg = self._share(handling, co2e, side)
        if self.vehicles and not side:
            usd = usd + self.vehicles.lorry_turn_usd(turn)
        return Impacts(self.parameters.transfer_h(terminal, side), cost, co2e, usd, kg)

    def terminal(self, edge: int) -> tuple[str, str]:
        """Return the terminal of a transfer edge, and the mode that meets a ship there, or ''."""
        network = self.network
        ends = {int(network.u[edge]), int(network.v[edge])}
        road, rail = self._nodes_by_mode
        modes = [name for name, nodes in (("road", road), ("rail", rail)) if ends & nodes]
        return network.links[network.link[edge]], modes[0] if len(modes) == 1 else ""

    @property
    def _nodes_by_mode(self) -> tuple[frozenset[int], frozenset[int]]:
        """Nodes with a road and nodes with a railway, of those that have a transfer."""
        both: tuple[frozenset[int], frozenset[int]] = self._shared(
            ("nodes by mode",), self._make_nodes_by_mode
        )
        return both

    def _make_nodes_by_mode(self) -> tuple[frozenset[int], frozenset[int]]:
        network = self.network
        here = np.zeros(len(network.lon), dtype=np.bool_)
        reloads = network.mode == TRANSFER
        here[network.u[reloads]] = here[network.v[reloads]] = True
        road, rail = (
            np.concatenate(
                [side[(network.mode == code) & here[side]] for side in (network.u, network.v)]
            )
            for code in (ROAD, RAIL)
        )
        return frozenset(road.tolist()), frozenset(rail.tolist())

    def ferry(self, edge: int) -> Impacts:
        """Return what a ferry line takes, waiting and sailing."""
        length_km = float(self.network.length_km[edge])
        line = self.parameters.ferry(self.network.links[self.network.link[edge]], length_km)
        emission = self.parameters.co2e_g_per_tkm("ferry", "") * (length_km / 1000.0)
        share = self._share(line.cost_usd_per_teu, emission)
        return Impacts(line.time_h, line.cost_usd_per_teu, emission, *share)

    def line_name(self, line: str) -> str:
        """Return the name of a ferry line by its id."""
        return ferry_names().get(line, line)

    def terminal_name(self, terminal: str) -> str:
        """Return the name of a terminal by its id."""
        return self._terminal_names.get(terminal, terminal)

    @cached_property
    def _terminal_names(self) -> dict[str, str]:
        return {terminal.id: terminal.name for terminal in self.network.terminals}


@lru_cache(maxsize=1)
def ferry_names() -> dict[str, str]:
    """Return the names of the listed ferry lines by id."""
    return {row["id"]: row["name"] for row in datasets.read_rows("reference/ferries.csv")}
