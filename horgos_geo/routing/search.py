"""The one search: which pairs of places have a path, at what cost, and along which edges.

Pairs are grouped by the countries that are shut for them, a handful of groups for any number of
pairs, so that nothing is looked up pair by pair. A single question is a batch of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.countries import CHINA
from horgos_geo.model.network import Network
from horgos_geo.model.own_numbers import OwnNumbers
from horgos_geo.model.parameters import Parameters
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.access import SnappedPlaces, snapped
from horgos_geo.routing.components import main_component
from horgos_geo.routing.costs import Element
from horgos_geo.routing.engine import CchEngine, Engine, Entry, ScipyEngine, Topology, Tree
from horgos_geo.routing.snapping import Snapper
from horgos_geo.routing.status import (
    CLOSED,
    CODE,
    DESTINATION_FAR,
    NO_PATH,
    OK,
    ORIGIN_FAR,
    STATUSES,
    THROUGH_CHINA,
)
from horgos_geo.routing.weights import Weights

_COUNTRY_KM = 300.0  # how far to look for the country of a bare point
_MAX_ENGINES = 8
_MOST_KEPT = 16
# Origins that the engine answers in one call: enough to share its preparation.
_AT_ONCE = 16

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]
Rows = NDArray[np.int64]
Closed = frozenset[str]
PlaceGroup = tuple[Rows, tuple[Place, ...]]
# For each origin: its row, what was found to each destination, and whether anything was.
Found = Iterator[tuple[int, NDArray[Any], Bools]]
Ask = Callable[["_Group", SnappedPlaces, SnappedPlaces], Found]


@dataclass(frozen=True, eq=False)
class SearchContext:
    """What a search needs: a network, what may be used of it, and what that costs.

    Attributes
    ----------
    network, scenario, parameters
        Over what, what is asked, and speeds, waits, prices and emissions.
    engine
        ``cch`` or ``scipy``.
    tables
        Where arrays are kept that scenarios share.
    """

    network: Network
    scenario: Scenario
    parameters: Parameters
    engine: str
    tables: dict[tuple[Any, ...], Any]

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


@dataclass(frozen=True, eq=False)
class _Group:
    """Pairs of `rows` and `columns`, which stand for two lists of places.

    The same countries are `closed` for all of them, and all begin in the same `home`.
    """

    closed: Closed
    home: str
    rows: Rows
    columns: Rows
    starts: tuple[Place, ...]
    ends: tuple[Place, ...]


class Search:
    """Finds costs and paths in one context; what it finds on the way is kept for later questions.

    Parameters
    ----------
    context
        What to search.
    """

    def __init__(self, context: SearchContext) -> None:
        self.context = context
        self.network, self.scenario = context.network, context.scenario
        self.weights, self.topology = context.weights, context.topology
        self._engines: dict[tuple[Closed, str], Engine] = {}
        self._usable: dict[Closed, Bools] = {}
        self._trees: dict[tuple[Place, Closed], Tree] = {}
        # Callers come again and again with the same places; the latest used stand last.
        self._located: dict[tuple[Place, ...], tuple[Place, ...]] = {}
        self._snapped: dict[tuple[tuple[Place, ...], Closed, bool], SnappedPlaces] = {}

    # Questions ------------------------------------------------------------------------------------

    def costs(
        self,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        through_china: bool = True,
    ) -> tuple[Floats, Codes]:
        """Return the costs between all pairs, NaN where there are none, and status codes.

        Parameters
        ----------
        origins, destinations
            Places.
        through_china
            Whether to go back through China where there is no other path.
        """
        return self._answer(origins, destinations, through_china, self._least, np.nan)

    def path(self, origin: Place, destination: Place) -> tuple[str, tuple[Element, ...]]:
        """Return the status and the elements of the path between two places, a batch of one."""
        paths, codes = self._answer([origin], [destination], True, self._paths, None)
        return STATUSES[codes[0, 0]], paths[0, 0] or ()

    def tree(self, origin: Place) -> Floats:
        """Return the cost from one place to every network node (N), inf where there is no path.

        Each node is taken for a destination: countries that may only be reached are entered and
        never crossed, and so is China, if the place is one of its gateways.
        """
        (place,) = self.located([origin])
        closed = self.closed(place, None)
        costs = self._tree(place, closed)
        only = {*self.scenario.destination_only, CHINA} & closed
        for iso3 in sorted(only - {*self.scenario.closed_countries}):
            there = self.network.node_country == self.network.country_code.get(iso3, -1)
            if there.any():
                costs[there] = self._tree(place, closed - {iso3})[there]
        return costs

    def _tree(self, place: Place, closed: Closed) -> Floats:
        costs = np.full(self.network.node_count, np.inf)
        ends = self._ends((place,), closed, outward=True)
        if ends.state[0] != CODE[OK]:
            return costs
        arcs = self.weights.arcs(self.topology, closed, self._home(place))
        tree = Tree(self.topology, arcs, ends.entries(0))
        _keep(self._trees, (place, closed), tree, _MAX_ENGINES)
        costs[self.topology.node] = self.weights.units(tree.nodes)
        return costs

    # What is shut, and what that leaves -----------------------------------------------------------

    def closed(self, origin: Place, destination: Place | None) -> Closed:
        """Return the countries that are shut for a pair, or for a place and all others."""
        return self._closed(origin, destination, through_china=False) or frozenset()

    def _closed(
        self, origin: Place, destination: Place | None, through_china: bool
    ) -> Closed | None:
        """Return the countries shut for a pair; None where going through China changes nothing."""
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

    def usable_edges(self, closed: Closed) -> Bools:
        """Return which edges (M) hang together when nothing may enter some countries."""
        if closed not in self._usable:
            self._usable[closed] = main_component(self.topology, self.weights.open_edges(closed))
        return self._usable[closed]

    def located(self, many: Sequence[Place]) -> tuple[Place, ...]:
        """Return places with the country of the network around those that have none."""
        key = tuple(many)
        if key not in self._located:
            result = list(many)
            bare = [i for i, place in enumerate(many) if not place.country]
            for i, country in zip(bare, self._countries([many[i] for i in bare]), strict=True):
                result[i] = replace(many[i], country=country)
            _keep(self._located, key, tuple(result), _MOST_KEPT)
        return self._located[key]

    def _countries(self, many: Sequence[Place]) -> list[str]:
        if not many:
            return []
        lon, lat = (np.array([getattr(place, axis) for place in many]) for axis in ("lon", "lat"))
        anywhere = np.ones(self.network.edge_count, dtype=bool)
        nowhere = np.zeros(len(many), dtype=np.int64)
        best_km, country = np.full(len(many), np.inf), nowhere.copy()
        for snapper in self.context.snappers.values():
            snaps = snapper.snap(lon, lat, nowhere, anywhere, _COUNTRY_KM)
            nearer = (snaps.edge >= 0) & (snaps.snap_km < best_km)
            edge = snaps.edge[nearer]
            best_km[nearer] = snaps.snap_km[nearer]
            country[nearer] = self.network.edge_country[edge]
        return [self.network.countries[code] for code in country.tolist()]

    def _home(self, origin: Place) -> str:
        """Return the country that a path begins in: beyond the gateway, if it begins at one."""
        if not self.weights.discourages_return:
            return ""
        for id_ in (origin.gateway or {}).values():
            position = self.network.crossing_index.get(id_)
            if position is not None:
                crossing = self.network.crossings[position]
                ends = {crossing.country_a, crossing.country_b} - {origin.country}
                return min(ends, default=origin.country)
        return origin.country

    # How pairs are answered -----------------------------------------------------------------------

    def _answer(
        self,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        through_china: bool,
        ask: Ask,
        empty: float | None,
    ) -> tuple[NDArray[Any], Codes]:
        """Return what `ask` finds for all pairs, `empty` where that is nothing, and why."""
        starts, ends = self.located(origins), self.located(destinations)
        values = np.full((len(starts), len(ends)), empty)
        codes = np.full(values.shape, CODE[NO_PATH], dtype=np.int8)
        alike = self._alike(starts, destination=False), self._alike(ends, destination=True)
        for again in (False, True) if through_china else (False,):
            for group in self._groups(*alike, again):
                self._sweep(group, ask, values, codes, CODE[THROUGH_CHINA if again else OK])
        missing = codes > CODE[THROUGH_CHINA]
        if missing.any() and (self.scenario.closed_countries or self.scenario.closed_crossings):
            rows, columns = np.flatnonzero(missing.any(axis=1)), np.flatnonzero(missing.any(axis=0))
            free = self._opened.costs(
                [starts[i] for i in rows], [ends[j] for j in columns], through_china
            )[1]
            some = np.ix_(rows, columns)
            free = np.where(free <= CODE[THROUGH_CHINA], CODE[CLOSED], free)
            codes[some] = np.where(missing[some], free, codes[some])
        return values, codes

    @cached_property
    def _opened(self) -> Search:
        """The search that tells whether the scenario's own closures stand in the way."""
        return Search(self.context.with_(closed_countries=(), closed_crossings=()))

    def _groups(
        self, starts: list[PlaceGroup], ends: list[PlaceGroup], through_china: bool
    ) -> Iterator[_Group]:
        """Give blocks of pairs with the countries shut for them."""
        shut = {*self.scenario.closed_countries}
        # Groups with the same destinations follow one another: how those meet the network is kept.
        for columns, there in ends:
            for rows, here in starts:
                closed = self._closed(here[0], there[0], through_china)
                if closed is not None and not {here[0].country, there[0].country} & shut:
                    yield _Group(closed, self._home(here[0]), rows, columns, here, there)

    def _alike(self, many: Sequence[Place], destination: bool) -> list[PlaceGroup]:
        """Group places, with their positions, that make no difference to what is shut."""
        only = {*self.scenario.destination_only, *self.scenario.closed_countries}
        groups: dict[tuple[str, bool, str], list[int]] = {}
        for i, place in enumerate(many):
            inland = place.country == CHINA and place.gateway is None
            home = "" if destination else self._home(place)
            key = (place.country if place.country in only else "", inland, home)
            groups.setdefault(key, []).append(i)
        return [(np.array(rows), tuple(many[i] for i in rows)) for rows in groups.values()]

    def _sweep(
        self, group: _Group, ask: Ask, values: NDArray[Any], codes: Codes, answered: np.int8
    ) -> None:
        """Write the answers and codes of one block of pairs, where they are still missing."""
        missing = codes[np.ix_(group.rows, group.columns)] > CODE[THROUGH_CHINA]
        if not missing.any():
            return
        some_rows, some_columns = (np.asarray(missing.any(axis=axis)) for axis in (1, 0))
        source = self._ends(group.starts, group.closed, outward=True).only(some_rows)
        target = self._ends(group.ends, group.closed, outward=False).only(some_columns)
        rows, columns = group.rows[some_rows], group.columns[some_columns]
        missing = missing[np.ix_(some_rows, some_columns)]
        lost = np.maximum(CODE[NO_PATH], target.state)
        lost[target.state == CODE[ORIGIN_FAR]] = CODE[DESTINATION_FAR]
        for k, found, ok in ask(group, source, target):
            far = source.state[k] == CODE[ORIGIN_FAR]
            code = np.where(ok, answered, CODE[ORIGIN_FAR] if far else lost)
            open_ = missing[k]
            values[rows[k], columns[open_ & ok]] = found[open_ & ok]
            codes[rows[k], columns[open_]] = code[open_]

    def engine(self, closed: Closed, home: str = "") -> Engine:
        """Return the engine for paths that begin in a country and keep out of some others."""
        key = (closed, home)
        if key not in self._engines:
            make = CchEngine if self.context.engine == "cch" else ScipyEngine
            arcs = self.weights.arcs(self.topology, closed, home)
            _keep(self._engines, key, make(self.topology, arcs), _MAX_ENGINES)
        return self._engines[key]

    def _ends(self, many: tuple[Place, ...], closed: Closed, outward: bool) -> SnappedPlaces:
        """Return how places meet the network that is open to them, kept for the next call."""
        key = (many, closed, outward)
        made = self._snapped.pop(key, None) or snapped(
            self.network,
            self.topology,
            self.weights,
            self.context.snappers,
            many,
            self.usable_edges(closed),
            outward,
            gates=np.array([bool(place.gateway) and CHINA in closed for place in many]),
        )
        _keep(self._snapped, key, made, _MOST_KEPT)
        return made

    def _least(self, group: _Group, source: SnappedPlaces, target: SnappedPlaces) -> Found:
        """Find for each origin the least costs to all of `target`."""
        tree = self._trees.get((group.starts[0], group.closed)) if len(group.starts) == 1 else None
        engine = tree or self.engine(group.closed, group.home)
        met = (source.state == CODE[OK]) & bool(len(target.row))
        nothing = np.full(len(target.state), np.inf)
        for k in np.flatnonzero(~met).tolist():
            yield k, nothing, np.isfinite(nothing)
        ready = np.flatnonzero(met).tolist()
        for begin in range(0, len(ready), _AT_ONCE):
            some = ready[begin : begin + _AT_ONCE]
            rows = engine.costs([source.entries(k) for k in some], target.node)
            for k, costs in zip(some, rows, strict=True):
                best = np.full(len(target.state), np.inf)
                to_nodes = np.minimum.reduceat(costs + target.cost, target.first)
                best[target.row[target.first]] = to_nodes
                units = self.weights.units(np.minimum(best, self._direct(source, k, target)[0]))
                yield k, units, np.isfinite(units)

    def _paths(self, group: _Group, source: SnappedPlaces, target: SnappedPlaces) -> Found:
        """Find for each origin the elements of the best paths to all of `target`."""
        engine = self.engine(group.closed, group.home)
        for k in range(len(source.state)):
            paths = np.full(len(target.state), None)
            costs, edge, start, end = self._direct(source, k, target)
            sources = source.entries(k)
            for j in range(len(paths)):
                targets = target.entries(j)
                best = engine.path(sources, targets) if sources and targets else None
                if costs[j] <= (best[0] if best else np.inf) and np.isfinite(costs[j]):
                    paths[j] = ((int(edge[j]), float(start[j]), float(end[j])),)
                elif best:
                    paths[j] = self._elements(source, k, target, j, best[1])
            yield k, paths, np.array([path is not None for path in paths])

    def _elements(
        self, source: SnappedPlaces, k: int, target: SnappedPlaces, j: int, arcs: list[int]
    ) -> tuple[Element, ...]:
        """Return the elements of a path over some arcs and over what lies at its ends."""
        topology = self.topology
        middle: list[Element] = []
        for arc in arcs:
            ahead = bool(topology.forward[arc])
            middle.append((int(topology.edge[arc]), *((0.0, 1.0) if ahead else (1.0, 0.0))))
        if arcs:
            first, last = int(topology.tail[arcs[0]]), int(topology.head[arcs[-1]])
        else:
            first = last = _meeting(source.entries(k), target.entries(j))
        return (*source.cheapest(k, first), *middle, *target.cheapest(j, last))

    def _direct(
        self, source: SnappedPlaces, k: int, target: SnappedPlaces
    ) -> tuple[Floats, NDArray[np.int64], Floats, Floats]:
        """Return the costs, and elements, along the one edge that an origin shares with others.

        Inf where it shares none with a destination.
        """
        costs = np.full(len(target.state), np.inf)
        edges, begins, ends = np.full(len(costs), -1), np.zeros(len(costs)), np.zeros(len(costs))
        for own, their in zip(source.snaps, target.snaps, strict=True):
            edge = int(own.edge[k])
            if edge < 0:
                continue
            begin = float(own.fraction[k])
            same = np.flatnonzero(their.edge == edge)
            if self.network.oneway[edge]:
                same = same[their.fraction[same] >= begin]
            end = their.fraction[same]
            steps = self.weights.steps(np.full(len(same), edge), np.full(len(same), begin), end)
            better = steps < costs[same]
            some = same[better]
            costs[some], edges[some] = steps[better], edge
            begins[some], ends[some] = begin, end[better]
        return costs, edges, begins, ends


def _meeting(sources: list[Entry], targets: list[Entry]) -> int:
    """Return the node where a path of no arcs begins and ends."""
    left: dict[int, int] = {}
    for node, cost in targets:
        left[node] = min(cost, left.get(node, cost))
    return min((cost + left[node], node) for node, cost in sources if node in left)[1]


def _keep(kept: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    """Keep a value as the latest of some; the one unused for longest gives way."""
    while len(kept) >= most:
        kept.pop(next(iter(kept)))
    kept[key] = value
