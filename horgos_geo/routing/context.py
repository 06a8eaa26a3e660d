"""What a search needs: a network, what a scenario leaves open of it, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from horgos_geo.core.countries import CHINA
from horgos_geo.model.network import Network
from horgos_geo.model.own_numbers import OwnNumbers
from horgos_geo.model.parameters import Parameters
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.model.territory import territory
from horgos_geo.routing.access import SnappedPlaces, snapped
from horgos_geo.routing.components import main_component, stubs
from horgos_geo.routing.engine import CchEngine, Engine, ScipyEngine, Topology
from horgos_geo.routing.snapping import Snapper, Usable
from horgos_geo.routing.weights import Weights

_MAX_ENGINES = 8
_MOST_KEPT = 16

Closed = frozenset[str]


class Recent(dict[Any, Any]):
    """The latest of some values; the one unused for longest gives way."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def latest(self, key: Any, value: Any) -> Any:
        """Keep a value as the latest, and return it."""
        self.pop(key, None)
        while len(self) >= self.most:
            self.pop(next(iter(self)))
        self[key] = value
        return value


@dataclass(frozen=True, eq=False)
class SearchContext:
    """One network under one scenario, ready to be searched.

    Attributes
    ----------
    network, scenario, parameters
        Over what, what is asked, and speeds, waits, prices and emissions.
    engine_name
        ``cch`` or ``scipy``.
    tables
        Where arrays are kept that scenarios share.
    """

    network: Network
    scenario: Scenario
    parameters: Parameters
    engine_name: str
    tables: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def with_(self, **changes: Any) -> SearchContext:
        """Return the context of a changed scenario."""
        scenario = self.scenario.with_(**changes)
        same = scenario.parameters == self.scenario.parameters
        return replace(self, scenario=scenario, tables=self.tables if same else {})

    @cached_property
    def in_force(self) -> Parameters:
        """The parameters, with the scenario's own numbers in the place of theirs.

        Raises
        ------
        ScenarioError
            An own number of nothing.
        """
        if not self.scenario.parameters:
            return self.parameters
        crossings = {crossing.id: crossing for crossing in self.network.crossings}
        known = OwnNumbers(self.parameters, crossings, self.network.links)
        return known.in_force(self.scenario.parameters)

    @cached_property
    def weights(self) -> Weights:
        """What each edge costs, and what is shut."""
        return Weights(self.network, self.scenario, self.in_force, self.tables)

    @cached_property
    def topology(self) -> Topology:
        """The arcs that the scenario's modes can use."""
        modes, graphs = tuple(self.scenario.modes), self.network.graphs
        if modes not in graphs:
            graphs[modes] = Topology.of(self.network, modes)
        topology: Topology = graphs[modes]
        return topology

    @cached_property
    def snappers(self) -> dict[str, Snapper]:
        """What finds where places meet each of the scenario's modes."""
        graphs = self.network.graphs
        for mode in self.scenario.modes:
            if ("snapper", mode) not in graphs:
                graphs["snapper", mode] = Snapper(self.network, mode)
        return {mode: graphs["snapper", mode] for mode in self.scenario.modes}

    def closed(
        self, origin: Place, destination: Place | None, through_china: bool = False
    ) -> Closed | None:
        """Return the countries that are shut for a pair, or for a place and all others.

        None where going back through China changes nothing.
        """
        scenario = self.scenario
        ends = {origin.country, destination.country if destination else ""}
        closed = set(scenario.closed_countries) | (set(scenario.destination_only) - ends)
        inland = origin.country == CHINA and origin.gateway is None
        # A gateway is left, not reached: a route to one does not stay in China.
        stays = destination and destination.country == CHINA and destination.gateway is None
        shuts = scenario.outbound and not inland and not stays
        if shuts and not through_china and CHINA not in closed:
            closed.add(CHINA)
        elif through_china and (not shuts or CHINA in closed):
            return None
        return frozenset(closed)

    def home(self, origin: Place) -> str:
        """Return the country that a path begins in: beyond the gateway, if it begins at one.

        Empty where coming back into it costs nothing on top.
        """
        if not self.weights.discourages_return:
            return ""
        for id_ in (origin.gateway or {}).values():
            position = self.network.crossing_index.get(id_)
            if position is not None:
                crossing = self.network.crossings[position]
                return min({*crossing.ends()} - {origin.country}, default=origin.country)
        return origin.country

    @cached_property
    def _usable(self) -> dict[Closed, Usable]:
        return {}

    def usable(self, closed: Closed) -> Usable:
        """Return the edges that can be used when nothing may enter some countries."""
        if closed not in self._usable:
            edges = main_component(self.topology, self.weights.open_edges(closed))
            self._usable[closed] = Usable(edges, stubs(self.topology))
        return self._usable[closed]

    @cached_property
    def _engines(self) -> Recent:
        return Recent(_MAX_ENGINES)

    def engine(self, closed: Closed, home: str = "") -> Engine:
        """Return the engine for paths that begin in a country and keep out of some others."""
        found: Engine | None = self._engines.get((closed, home))
        if found is None:
            make = CchEngine if self.engine_name == "cch" else ScipyEngine
            found = make(self.topology, self.weights.arcs(self.topology, closed, home))
            self._engines.latest((closed, home), found)
        return found

    # Callers come again and again with the same places.

    @cached_property
    def _located(self) -> Recent:
        return Recent(_MOST_KEPT)

    def located(self, many: Sequence[Place]) -> tuple[Place, ...]:
        """Return places with the country that they lie in, where they have none."""
        key = tuple(many)
        if key not in self._located:
            result, bare = list(many), [i for i, place in enumerate(many) if not place.country]
            if bare:
                lon, lat = (np.array([getattr(many[i], at) for i in bare]) for at in ("lon", "lat"))
                for i, country in zip(bare, territory().countries(lon, lat), strict=True):
                    result[i] = replace(many[i], country=country)
            self._located.latest(key, tuple(result))
        found: tuple[Place, ...] = self._located[key]
        return found

    @cached_property
    def _ends(self) -> Recent:
        return Recent(_MOST_KEPT)

    def ends(self, many: tuple[Place, ...], closed: Closed, outward: bool) -> SnappedPlaces:
        """Return how places meet the network that is open to them."""
        key = (many, closed, outward)
        made: SnappedPlaces = self._ends.get(key) or snapped(
            self.network,
            self.topology,
            self.weights,
            self.snappers,
            many,
            self.usable(closed),
            outward,
            gates=np.array([bool(place.gateway) and CHINA in closed for place in many]),
        )
        self._ends.latest(key, made)
        return made
