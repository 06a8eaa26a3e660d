"""Network and scenario to numbers: what each edge costs, and what is shut.

A weight is the distance, time, money, emission or generalised cost of an edge in one direction.
Waiting stands on the edges where it happens: crossings, breaks of gauge, transfers, ferries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.countries import CHINA
from horgos_geo.model import places
from horgos_geo.model.network import Crossing, Network
from horgos_geo.model.parameters import Parameters
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.costs import FERRY, RAIL, ROAD, TRANSFER, Costs, Element
from horgos_geo.routing.engine import INFINITE, Topology

Floats = NDArray[np.float64]
Integers = NDArray[np.uint32]
Bools = NDArray[np.bool_]

# Integer steps to one unit of each objective: two metres, seconds, cents, milligrams.
STEPS = {"distance": 500.0, "time": 3600.0, "cost": 100.0, "co2e": 1000.0, "generalised": 100.0}
FIELDS = {"time": "time_h", "cost": "cost_usd_per_teu", "co2e": "co2e_kg_per_t"}
VEHICLE_FIELDS = {**FIELDS, "cost": "cost_usd_per_vehicle", "co2e": "co2e_kg_per_vehicle"}
# A practical path costs its length and a detour for each event, but what people want to read is
# the length alone. So distance weights carry a count of detours in their low bits: the best cost
# then tells both, and a whole matrix of lengths needs no paths.
COUNT = 128
DETOUR_KM = 37.5
# Arrays over all edges that scenarios with the same objective share; more would fill the memory.
_MAX_TABLES = 24


class Weights:
    """The numbers of one network under one scenario.

    Parameters
    ----------
    network
        The network.
    scenario
        What was asked.
    parameters
        Speeds, waits, prices and emissions, each with its source.
    tables
        Where arrays that do not depend on what is shut are kept for other scenarios over the same
        network and parameters.
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
        self._tables = {} if tables is None else tables
        self._open_beyond: dict[frozenset[str], Bools] = {}
        self.costs: Costs = self._shared(
            ("costs", scenario.borders, *self._cargo_key),
            lambda: Costs(network, scenario, parameters),
        )

    def _shared(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return what other scenarios use too, made when first asked for."""
        if key not in self._tables:
            made = make()  # may itself ask for shared arrays
            while len(self._tables) >= _MAX_TABLES:
                self._tables.pop(next(iter(self._tables)))
            self._tables[key] = made
        return self._tables[key]

    @cached_property
    def _objective_key(self) -> tuple[Any, ...]:
        """What the objective of an edge depends on; closures are no part of it."""
        scenario = self.scenario
        value = scenario.value_of_time_usd_per_h if scenario.minimise == "generalised" else None
        ignore_border_penalty = scenario.ignore_border_penalty and scenario.minimise == "distance"
        borders = scenario.borders if scenario.minimise in ("time", "generalised") else None
        cargo = None if scenario.minimise == "distance" else self._cargo_key
        return scenario.minimise, ignore_border_penalty, borders, value, cargo

    @property
    def _cargo_key(self) -> tuple[str, int | None]:
        return self.scenario.cargo, self.scenario.cars_per_unit

    @property
    def _fields(self) -> dict[str, str]:
        """The field of `Impacts` that each objective adds up."""
        return VEHICLE_FIELDS if self.costs.vehicles else FIELDS

    # What is shut -----------------------------------------------------------------------------

    def crossing_is_open(self, crossing: Crossing) -> bool:
        """Whether freight may use a crossing or ferry line under the scenario."""
        if crossing.id in self.scenario.closed_crossings or self._is_other_gateway(crossing):
            return False
        if crossing.mode == "ferry" and not self._ferry_is_open(crossing.id):
            return False
        return crossing.id in self.scenario.opened_crossings or crossing.status in (
            "open",
            "limited",
        )

    def _is_other_gateway(self, crossing: Crossing) -> bool:
        """Whether a crossing leaves China elsewhere than through the scenario's gateway."""
        if self.scenario.gateway is None or not crossing.is_event:
            return False
        ends = (crossing.country_a, crossing.country_b)
        return CHINA in ends and crossing.id not in self.gateway_crossings

    @cached_property
    def gateway_crossings(self) -> frozenset[str]:
        """Ids of the crossings of the scenario's gateway, empty for one that is not known."""
        gateway = self.scenario.gateway
        for place in places.gateways():
            if place.id == gateway:
                return frozenset((place.gateway or {}).values())
        return frozenset({gateway or ""} & set(self.network.crossing_index))

    def _ferry_is_open(self, line: str) -> bool:
        ferries = self.scenario.ferries
        return ferries if isinstance(ferries, bool) else line in ferries

    @cached_property
    def _open_edges(self) -> Bools:
        network = self.network
        # The last cell answers for "no crossing" (-1).
        by_crossing = np.array([self.crossing_is_open(c) for c in network.crossings] + [True])
        open_ = by_crossing[network.crossing]
        # A ferry inside one country, such as the train ferry of Lake Van, is a part of its line
        # and runs without being asked for; its name shuts it.
        for name in self.scenario.closed_crossings:
            if name in network.links and name not in network.crossing_index:
                line = network.links.index(name)
                open_ = open_ & ~((network.mode == FERRY) & (network.link == line))
        return np.asarray(open_)

    def open_edges(self, closed_countries: frozenset[str]) -> Bools:
        """Return which edges (M) may be used when nothing may enter `closed_countries`."""
        network = self.network
        codes = [network.country_code[c] for c in closed_countries if c in network.country_code]
        if not codes:
            return self._open_edges
        if closed_countries not in self._open_beyond:
            free = np.ones(len(network.countries), dtype=np.bool_)
            free[codes] = False
            from_, to = self._end_countries
            self._open_beyond[closed_countries] = self._open_edges & free[from_] & free[to]
        return self._open_beyond[closed_countries]

    @property
    def _end_countries(self) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Country codes of both ends of every edge (M)."""
        network = self.network
        ends: tuple[NDArray[np.int16], NDArray[np.int16]] = self._shared(
            ("ends",), lambda: (network.node_country[network.u], network.node_country[network.v])
        )
        return ends

    # What an edge costs -----------------------------------------------------------------------

    def objective(self, closed_countries: frozenset[str]) -> tuple[Floats, Floats]:
        """Return what the path search minimises, forward and backward, inf where shut.

        Parameters
        ----------
        closed_countries
            Countries that nothing may enter in this search.

        Returns
        -------
        tuple of arrays (M,)
            Kilometres, hours, dollars or kilograms from u to v and from v to u.
        """
        shut = ~self.open_edges(closed_countries)
        forward, backward = self._objective
        return np.where(shut, np.inf, forward), np.where(shut, np.inf, backward)

    @property
    def _objective(self) -> tuple[Floats, Floats]:
        both: tuple[Floats, Floats] = self._shared(
            ("objective", *self._objective_key), self._make_objective
        )
        return both

    def _make_objective(self) -> tuple[Floats, Floats]:
        minimise = self.scenario.minimise
        if minimise == "distance":
            both = self.network.length_km + DETOUR_KM * self.detours
            return both, both
        if minimise == "generalised":
            value = self.scenario.value_of_time_usd_per_h
            forward, backward = (
                self._spread(self._fields["cost"], way) + value * self._spread("time_h", way)
                for way in (+1, -1)
            )
            return forward, backward
        name = self._fields[minimise]
        return self._spread(name, +1), self._spread(name, -1)

    @cached_property
    def detours(self) -> NDArray[np.int64]:
        """How often `DETOUR_KM` a shipper would go round to avoid each edge's event, shape (M,)."""
        network = self.network
        if self.scenario.ignore_border_penalty:
            return np.zeros(network.edge_count, dtype=np.int64)
        of_crossing = [self.parameters.detours(crossing) for crossing in network.crossings]
        detours = np.array([*of_crossing, 0], dtype=np.int64)[network.crossing]
        detours[network.gauge_mm != network.gauge_to_mm] += self.parameters.gauge_detours
        for edge in np.flatnonzero(network.mode == TRANSFER):
            terminal, side = self.costs.terminal(int(edge))
            detours[edge] += self.parameters.transfer_detours(terminal, side)
        return detours

    # Integers for the path engines --------------------------------------------------------------

    def arcs(
        self, topology: Topology, closed_countries: frozenset[str], home: str = ""
    ) -> Integers:
        """Return the objective as integers an arc of a topology, `INFINITE` where shut.

        Parameters
        ----------
        topology
            The arcs.
        closed_countries
            Countries that nothing may enter in this search.
        home
            The country that the path begins in: coming back into it from abroad costs a detour,
            since a shipper who has left a country does not enter it again to save some kilometres.
            Empty for none.
        """
        open_: Integers = self._shared(
            ("arcs", topology.modes, *self._objective_key),
            lambda: topology.arc_weights(*self._integers),
        )
        usable = self.open_edges(closed_countries)[topology.edge]
        arcs: Integers = np.where(usable, open_, np.uint32(INFINITE))
        if home and self.discourages_return:
            detours = self.parameters.return_detours
            more = round(detours * DETOUR_KM * STEPS["distance"]) * COUNT + detours
            back = self._entering(topology, home)
            dearer = np.minimum(arcs[back].astype(np.int64) + more, INFINITE - 1)
            arcs[back] = np.where(arcs[back] < INFINITE, dearer, INFINITE).astype(np.uint32)
        return arcs

    @property
    def discourages_return(self) -> bool:
        """Whether coming back into the first country costs more: time and money know it already."""
        return self.scenario.minimise == "distance" and not self.scenario.ignore_border_penalty

    def _entering(self, topology: Topology, country: str) -> NDArray[np.int64]:
        """Return the arcs that come into a country from abroad past a border post."""

        def find() -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
            network = self.network
            events = np.array([*(crossing.is_event for crossing in network.crossings), False])
            arcs = np.flatnonzero(events[network.crossing[topology.edge]])
            tail, head = (topology.node[end[arcs]] for end in (topology.tail, topology.head))
            return arcs, network.node_country[tail], network.node_country[head]

        arcs, from_, to = self._shared(("border arcs", topology.modes), find)
        code = self.network.country_code.get(country, -1)
        entering: NDArray[np.int64] = arcs[(from_ != code) & (to == code)]
        return entering

    @property
    def _integers(self) -> tuple[Integers, Integers]:
        both: tuple[Integers, Integers] = self._shared(
            ("integers", *self._objective_key), self._make_integers
        )
        return both

    @property
    def _steps(self) -> float:
        """Integer steps to one unit; a vehicle's share of a short edge is less than a cent."""
        steps = STEPS[self.scenario.minimise]
        dollars = self.scenario.minimise in ("cost", "generalised")
        return steps * 10.0 if self.costs.vehicles and dollars else steps

    def _make_integers(self) -> tuple[Integers, Integers]:
        steps = self._steps
        # At least one step, so that edges of no length make no ties that hang on node order.
        forward, backward = (
            np.maximum(np.rint(side * steps), 1).astype(np.int64) for side in self._objective
        )
        if self.scenario.minimise == "distance":
            detours = self.detours
            forward, backward = forward * COUNT + detours, backward * COUNT + detours
        return (
            np.minimum(forward, INFINITE - 1).astype(np.uint32),
            np.minimum(backward, INFINITE - 1).astype(np.uint32),
        )

    def steps(self, edges: NDArray[np.int_], start: Floats, end: Floats) -> NDArray[np.int64]:
        """Return the integer costs of elements of paths: all of an edge or a part of it.

        Parameters
        ----------
        edges, start, end
            Edges (k) and the fractions where a path enters and leaves them.
        """
        forward, backward = self._integers
        whole = np.where(end >= start, forward[edges], backward[edges])
        share = np.abs(end - start)
        if self.scenario.minimise == "distance":
            some = np.rint(whole // COUNT * share) * COUNT
        else:
            some = np.rint(whole * share)
        return np.where(share == 1.0, whole, some).astype(np.int64)

    def snap_steps(self, snap_km: Floats) -> NDArray[np.int64]:
        """Return the integer costs of the straight lines (n) between places and the network.

        They take time at a stated speed, and are no part of any other objective.
        """
        value = {"time": 1.0, "generalised": self.scenario.value_of_time_usd_per_h}
        rate = value.get(self.scenario.minimise, 0.0) * self._steps
        return np.rint(snap_km * (rate / self.parameters.snap_kmh.central)).astype(np.int64)

    def total(self, path: Sequence[Element]) -> int:
        """Return the integer cost of a path."""
        edges, start, end = map(np.array, zip(*path, strict=True))
        return int(self.steps(edges, start, end).sum())

    def units(self, costs: Floats) -> Floats:
        """Return integer costs as kilometres over the network, hours, dollars or kilograms."""
        steps = self._steps
        if self.scenario.minimise != "distance":
            return costs / steps
        known = np.isfinite(costs)
        whole = np.where(known, costs, 0).astype(np.int64)
        km = whole // COUNT / steps - DETOUR_KM * (whole % COUNT)
        return np.where(known, km, np.inf)

    # The same for all edges at once ---------------------------------------------------------------

    def _spread(self, name: str, direction: int) -> Floats:
        borders = self.scenario.borders if name == "time_h" else None
        spread: Floats = self._shared(
            ("spread", name, direction, borders, self._cargo_key),
            lambda: self._make_spread(name, direction),
        )
        return spread

    def _make_spread(self, name: str, direction: int) -> Floats:
        """Return the central value of one field of `Impacts` for every edge (M) in one direction.

        Parameters
        ----------
        name
            Such as ``time_h`` or ``cost_usd_per_teu``.
        direction
            +1 from u to v, -1 from v to u.
        """
        network, costs = self.network, self.costs
        values = np.zeros(network.edge_count)
        for code, mode in ((ROAD, "road"), (RAIL, "rail")):
            rates = np.zeros(len(network.countries))
            on_mode = network.mode == code
            for iso3 in np.unique(network.edge_country[on_mode]):
                rate = costs.rate(mode, network.countries[iso3])
                rates[iso3] = getattr(rate, name).central
            values[on_mode] = (network.length_km * rates[network.edge_country])[on_mode]
        if name == "time_h":
            signed = np.isfinite(network.speed_kmh)
            values[signed] = network.length_km[signed] / network.speed_kmh[signed]
        for edge in np.flatnonzero(costs.eventful).tolist():
            events = costs.events(edge, direction > 0)
            values[edge] = sum(getattr(event.impacts, name).central for event in events)
        return values
