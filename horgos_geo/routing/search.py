"""The one search: which pairs of places have a path, at what cost, and along which edges.

Pairs are grouped by the countries that are shut for them, a handful of groups for any number of
pairs, so that nothing is looked up pair by pair. A single question is a batch of one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.countries import CHINA
from horgos_geo.model.places import Place
from horgos_geo.routing.access import SnappedPlaces
from horgos_geo.routing.context import Closed, Recent, SearchContext
from horgos_geo.routing.costs import Element
from horgos_geo.routing.engine import Entry, Tree
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

_MAX_TREES = 8
# Origins that the engine answers in one call: enough to share its preparation.
_AT_ONCE = 16

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int8]
Rows = NDArray[np.int64]
PlaceGroup = tuple[Rows, tuple[Place, ...]]
# For each origin: its row, the columns of what was found to each destination, and whether it was.
Found = Iterator[tuple[int, tuple[NDArray[Any], ...], Bools]]
Ask = Callable[["_Group", SnappedPlaces, SnappedPlaces], Found]


class ODMatrix(NamedTuple):
    """What many origins (S) and destinations (T) are from each other, arrays of shape (S, T).

    Attributes
    ----------
    values
        Kilometres over the network when the scenario minimises distance, else hours, dollars or
        kilograms; NaN where there is no route.
    codes
        Positions in `status.STATUSES`: why there is none.
    snap_origin_km, snap_dest_km
        The straight lines between the places and the network, NaN where there is no route.
    """

    values: Floats
    codes: Codes
    snap_origin_km: NDArray[np.float32]
    snap_dest_km: NDArray[np.float32]

    @classmethod
    def empty(cls, shape: tuple[int, int], code: int | np.int8) -> ODMatrix:
        """Return a matrix of pairs without a route, all for one reason."""
        gaps = (np.full(shape, np.nan, dtype=np.float32) for _ in range(2))
        return cls(np.full(shape, np.nan), np.full(shape, code, dtype=np.int8), *gaps)

    def part(self, rows: slice) -> ODMatrix:
        """Return some of the origins."""
        return ODMatrix(
            self.values[rows],
            self.codes[rows],
            self.snap_origin_km[rows],
            self.snap_dest_km[rows],
        )


class BarePath(NamedTuple):
    """The path of one pair: its status, its elements in order, and what the search paid for it.

    `snap_km` are the straight lines between the places and the network.
    """

    status: str
    elements: tuple[Element, ...] = ()
    cost: int = 0
    snap_km: tuple[float, float] = (math.nan, math.nan)


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
    """Finds costs and paths in one context.

    Parameters
    ----------
    context
        What to search.
    """

    def __init__(self, context: SearchContext) -> None:
        self.context = context
        self.scenario, self.weights = context.scenario, context.weights
        self._trees = Recent(_MAX_TREES)
        self._others: dict[tuple[tuple[str, Any], ...], Search] = {}

    def costs(
        self,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        through_china: bool = True,
    ) -> ODMatrix:
        """Return the costs between all pairs, and why where there are none.

        Parameters
        ----------
        origins, destinations
            Places.
        through_china
            Whether to go back through China where there is no other path.
        """
        found = ODMatrix.empty((len(origins), len(destinations)), CODE[NO_PATH])
        columns = (found.values, found.snap_origin_km, found.snap_dest_km)
        self._answer(origins, destinations, through_china, self._least, columns, found.codes)
        return found

    def path(
        self,
        origin: Place,
        destination: Place,
        leave: int | None = None,
        arrive: int | None = None,
        home: str | None = None,
    ) -> BarePath:
        """Return the path between two places: a batch of one.

        Parameters
        ----------
        origin, destination
            Places.
        leave, arrive
            Which of the scenario's modes to leave and arrive by; any when None.
        home
            The country that is not to be entered again; that of the origin when None.
        """
        paths = np.full((1, 1), None)
        ask = partial(self._paths, leave=leave, arrive=arrive, home=home)
        codes = np.full((1, 1), CODE[NO_PATH], dtype=np.int8)
        self._answer([origin], [destination], True, ask, (paths,), codes)
        return BarePath(STATUSES[codes[0, 0]], *(paths[0, 0] or ()))

    def through(self, stops: Sequence[Place]) -> list[BarePath]:
        """Return the paths from each stop to the next: at stops between, the mode is kept."""
        modes = range(len(self.scenario.modes))
        home = self.context.home(self.context.located(stops)[0])
        between: list[int | None] = [*modes] if len(modes) > 1 else [None]
        best: dict[int | None, tuple[int, list[BarePath]]] = {None: (0, [])}
        for position, (a, b) in enumerate(pairwise(stops), start=1):
            after: dict[int | None, tuple[int, list[BarePath]]] = {}
            for leave, (spent, parts) in best.items():
                for arrive in between if position < len(stops) - 1 else [None]:
                    part = self.path(a, b, leave, arrive, home)
                    cost = spent + part.cost
                    if part.elements and (arrive not in after or cost < after[arrive][0]):
                        after[arrive] = cost, [*parts, part]
            if not after:
                found = self.path(a, b)
                return [BarePath(NO_PATH if found.elements else found.status)]
            best = after
        return min(best.values(), key=lambda item: item[0])[1]

    def tree(self, origin: Place) -> Floats:
        """Return the cost from one place to every network node (N), inf where there is no path.

        Each node is taken for a destination: countries that may only be reached are entered and
        never crossed, and so is China, if the place is one of its gateways.
        """
        (place,) = self.context.located([origin])
        network = self.context.network
        closed = self.context.closed(place, None) or frozenset()
        costs = self._tree(place, closed)
        only = {*self.scenario.destination_only, CHINA} & closed
        for iso3 in sorted(only - {*self.scenario.closed_countries}):
            there = network.node_country == network.country_code.get(iso3, -1)
            if there.any():
                costs[there] = self._tree(place, closed - {iso3})[there]
        return costs

    def _tree(self, place: Place, closed: Closed) -> Floats:
        context = self.context
        costs = np.full(context.network.node_count, np.inf)
        ends = context.ends((place,), closed, outward=True)
        if ends.state[0] != CODE[OK]:
            return costs
        arcs = self.weights.arcs(context.topology, closed, context.home(place))
        tree = self._trees.latest((place, closed), Tree(context.topology, arcs, ends.entries(0)))
        costs[context.topology.node] = self.weights.units(tree.nodes)
        return costs

    # How pairs are answered -----------------------------------------------------------------------

    def _answer(
        self,
        origins: Sequence[Place],
        destinations: Sequence[Place],
        through_china: bool,
        ask: Ask,
        results: tuple[NDArray[Any], ...],
        codes: Codes,
    ) -> None:
        """Write what `ask` finds for all pairs, and codes of why not, into arrays (S, T)."""
        starts, ends = self.context.located(origins), self.context.located(destinations)
        alike = self._alike(starts, destination=False), self._alike(ends, destination=True)
        for again in (False, True) if through_china else (False,):
            for group in self._groups(*alike, again):
                self._sweep(group, ask, results, codes, CODE[THROUGH_CHINA if again else OK])
        missing = codes > CODE[THROUGH_CHINA]
        if missing.any() and (self.scenario.closed_countries or self.scenario.closed_crossings):
            rows, columns = np.flatnonzero(missing.any(axis=1)), np.flatnonzero(missing.any(axis=0))
            some = [starts[i] for i in rows], [ends[j] for j in columns]
            # Do the scenario's own closures stand in the way?
            opened = self.changed(closed_countries=(), closed_crossings=())
            free = opened.costs(*some, through_china).codes
            free = np.where(free <= CODE[THROUGH_CHINA], CODE[CLOSED], free)
            block = np.ix_(rows, columns)
            codes[block] = np.where(missing[block], free, codes[block])

    def changed(self, **changes: Any) -> Search:
        """Return the search of a changed scenario, kept for the next call."""
        key = tuple(sorted(changes.items()))
        if key not in self._others:
            self._others[key] = Search(self.context.with_(**changes, via=()))
        return self._others[key]

    def _groups(
        self, starts: list[PlaceGroup], ends: list[PlaceGroup], through_china: bool
    ) -> Iterator[_Group]:
        """Give blocks of pairs with the countries shut for them."""
        shut = {*self.scenario.closed_countries}
        # Groups with the same destinations follow one another: how those meet the network is kept.
        for columns, there in ends:
            for rows, here in starts:
                closed = self.context.closed(here[0], there[0], through_china)
                if closed is not None and not {here[0].country, there[0].country} & shut:
                    yield _Group(closed, self.context.home(here[0]), rows, columns, here, there)

    def _alike(self, many: Sequence[Place], destination: bool) -> list[PlaceGroup]:
        """Group places, with their positions, that make no difference to what is shut."""
        only = {*self.scenario.destination_only, *self.scenario.closed_countries}
        groups: dict[tuple[str, bool, str], list[int]] = {}
        for i, place in enumerate(many):
            inland = place.country == CHINA and place.gateway is None
            home = "" if destination else self.context.home(place)
            key = (place.country if place.country in only else "", inland, home)
            groups.setdefault(key, []).append(i)
        return [(np.array(rows), tuple(many[i] for i in rows)) for rows in groups.values()]

    def _sweep(
        self,
        group: _Group,
        ask: Ask,
        results: tuple[NDArray[Any], ...],
        codes: Codes,
        answered: np.int8,
    ) -> None:
        """Write the answers and codes of one block of pairs, where they are still missing."""
        missing = codes[np.ix_(group.rows, group.columns)] > CODE[THROUGH_CHINA]
        if not missing.any():
            return
        some_rows, some_columns = (np.asarray(missing.any(axis=axis)) for axis in (1, 0))
        source = self.context.ends(group.starts, group.closed, outward=True).only(some_rows)
        target = self.context.ends(group.ends, group.closed, outward=False).only(some_columns)
        rows, columns = group.rows[some_rows], group.columns[some_columns]
        missing = missing[np.ix_(some_rows, some_columns)]
        lost = np.maximum(CODE[NO_PATH], target.state)
        lost[target.state == CODE[ORIGIN_FAR]] = CODE[DESTINATION_FAR]
        for k, found, ok in ask(group, source, target):
            far = source.state[k] == CODE[ORIGIN_FAR]
            code = np.where(ok, answered, CODE[ORIGIN_FAR] if far else lost)
            open_ = missing[k]
            codes[rows[k], columns[open_]] = code[open_]
            for result, column in zip(results, found, strict=True):
                result[rows[k], columns[open_ & ok]] = column[open_ & ok]

    def _least(self, group: _Group, source: SnappedPlaces, target: SnappedPlaces) -> Found:
        """Find for each origin the least costs to all of `target`, and the gaps at both ends."""
        tree = self._trees.get((group.starts[0], group.closed)) if len(group.starts) == 1 else None
        engine = tree or self.context.engine(group.closed, group.home)
        for begin in range(0, len(source.state), _AT_ONCE):
            some = range(begin, min(begin + _AT_ONCE, len(source.state)))
            # An origin that meets several modes is asked for each, so that its gap is known.
            asked = [(k, mode) for k in some for mode in source.modes(k)] if len(target.row) else []
            entries = [source.entries(*pair) for pair in asked]
            found = engine.costs(entries, target.node) if asked else ()
            rows = dict(zip(asked, found, strict=True))
            for k in some:
                costs, *_, from_km, to_km = self._direct(source, k, target)
                for mode in source.modes(k) if asked else ():
                    total = rows[k, mode] + target.cost
                    nearest = target.least(total)
                    place = target.row[nearest]
                    better = total[nearest] < costs[place]
                    place, nearest = place[better], nearest[better]
                    costs[place] = total[nearest]
                    from_km[place], to_km[place] = source.gap_km(k, mode), target.snap_km[nearest]
                units = self.weights.units(costs)
                yield k, (units, from_km, to_km), np.isfinite(units)

    def _paths(
        self,
        group: _Group,
        source: SnappedPlaces,
        target: SnappedPlaces,
        leave: int | None,
        arrive: int | None,
        home: str | None,
    ) -> Found:
        """Find for each origin the elements and the cost of the best paths to all of `target`."""
        engine = self.context.engine(group.closed, group.home if home is None else home)
        for k in range(len(source.state)):
            found = np.full(len(target.state), None)
            costs, edge, start, end, *gaps = self._direct(source, k, target, leave, arrive)
            sources = source.entries(k, leave)
            for j in range(len(found)):
                targets = target.entries(j, arrive)
                best = engine.path(sources, targets) if sources and targets else None
                if np.isfinite(costs[j]) and costs[j] <= (best[0] if best else np.inf):
                    element = int(edge[j]), float(start[j]), float(end[j])
                    gap_km = float(gaps[0][j]), float(gaps[1][j])
                    found[j] = (element,), int(costs[j]), gap_km
                elif best:
                    first, last = self._ends(best[1]) or _meeting(sources, targets)
                    a, b = source.cheapest(k, first, leave), target.cheapest(j, last, arrive)
                    middle = self._elements(best[1])
                    gap_km = float(source.snap_km[a]), float(target.snap_km[b])
                    elements = (*source.element(a), *middle, *target.element(b))
                    found[j] = elements, int(best[0]), gap_km
            yield k, (found,), np.array([path is not None for path in found])

    def _ends(self, arcs: list[int]) -> tuple[int, int] | None:
        """Return the nodes where a path of some arcs begins and ends, None for one of no arcs."""
        topology = self.context.topology
        return (int(topology.tail[arcs[0]]), int(topology.head[arcs[-1]])) if arcs else None

    def _elements(self, arcs: list[int]) -> list[Element]:
        """Return the edges of some arcs, from one end to the other."""
        topology = self.context.topology
        ahead = [bool(topology.forward[arc]) for arc in arcs]
        return [
            (int(topology.edge[arc]), *((0.0, 1.0) if forward else (1.0, 0.0)))
            for arc, forward in zip(arcs, ahead, strict=True)
        ]

    def _direct(
        self,
        source: SnappedPlaces,
        k: int,
        target: SnappedPlaces,
        leave: int | None = None,
        arrive: int | None = None,
    ) -> tuple[Floats, Rows, Floats, Floats, Floats, Floats]:
        """Return the costs, the elements and the gaps along the one edge that places share.

        Inf where an origin shares none with a destination.
        """
        size = len(target.state)
        costs, edges = np.full(size, np.inf), np.full(size, -1)
        begins, ends, from_km, to_km = (np.full(size, np.nan) for _ in range(4))
        for mode, (own, their) in enumerate(zip(source.snaps, target.snaps, strict=True)):
            edge = int(own.edge[k])
            if edge < 0 or mode != (mode if leave is None else leave):
                continue
            if mode != (mode if arrive is None else arrive):
                continue
            begin, gap_km = float(own.fraction[k]), own.snap_km[k : k + 1]
            same = np.flatnonzero(their.edge == edge)
            if self.context.network.oneway[edge]:
                same = same[their.fraction[same] >= begin]
            end = their.fraction[same]
            steps = self.weights.steps(np.full(len(same), edge), np.full(len(same), begin), end)
            steps += self.weights.snap_steps(gap_km) + self.weights.snap_steps(their.snap_km[same])
            better = steps < costs[same]
            some = same[better]
            costs[some], edges[some] = steps[better], edge
            begins[some], ends[some] = begin, end[better]
            from_km[some], to_km[some] = gap_km[0], their.snap_km[some]
        return costs, edges, begins, ends, from_km, to_km


def _meeting(sources: list[Entry], targets: list[Entry]) -> tuple[int, int]:
    """Return the node, twice, where a path of no arcs begins and ends."""
    left: dict[int, int] = {}
    for node, cost in targets:
        left[node] = min(cost, left.get(node, cost))
    node = min((cost + left[node], node) for node, cost in sources if node in left)[1]
    return node, node
