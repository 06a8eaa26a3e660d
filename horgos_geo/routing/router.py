"""Router: the one place where paths are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from horgos_geo.core.countries import CHINA
from horgos_geo.core.errors import ScenarioError
from horgos_geo.model import places
from horgos_geo.model.network import Network
from horgos_geo.model.parameters import Parameters, load_parameters
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing import legs
from horgos_geo.routing.engine import CchEngine, Engine, Entry, ScipyEngine, Topology, Tree, has_cch
from horgos_geo.routing.od_matrix import SnappedPlaces, block
from horgos_geo.routing.route import (
    CLOSED,
    DESTINATION_FAR,
    NO_PATH,
    OK,
    ORIGIN_FAR,
    THROUGH_CHINA,
    Route,
)
from horgos_geo.routing.snap_many import Nearby
from horgos_geo.routing.snapping import CAP_KM, Snap, Vertices, main_component
from horgos_geo.routing.weights import Element, Weights

if TYPE_CHECKING:
    import geopandas as gpd

GEOD = Geod(ellps="WGS84")
_MAX_ENGINES = 8
_MOST_ACCESSES = 4096
_COUNTRY_KM = 300.0  # how far to look for the country of a bare point

Closed = frozenset[str]
Approach = tuple[int, tuple[Element, ...]]  # a node and the elements between it and the place


@dataclass(frozen=True)
class Access:
    """How a place meets the network: `approaches` run from the place to a node."""

    place: Place
    snaps: tuple[Snap, ...]
    approaches: tuple[Approach, ...]
    cut_off: bool = False  # by a network, but not by the part that the scenario can use


@dataclass(frozen=True)
class Found:
    """A path: its elements from origin to destination and what was assumed to find it."""

    status: str
    elements: tuple[Element, ...] = ()
    origin: Access | None = None
    destination: Access | None = None


class Router:
    """Finds routes over one network under one scenario.

    Parameters
    ----------
    network
        The network; it is never changed.
    scenario
        What is asked. Default: by road, least distance.
    parameters
        Speeds, waits, prices, emissions. Default: those that come with the package.
    engine
        ``cch`` (default) or ``scipy``, which is slower and needs no compiled hierarchy.
    """

    def __init__(
        self,
        network: Network,
        scenario: Scenario | None = None,
        *,
        parameters: Parameters | None = None,
        engine: str = "cch",
    ) -> None:
        self.network = network
        self.scenario = scenario or Scenario()
        self.parameters = parameters or load_parameters()
        self.engine = engine if engine == "scipy" or has_cch() else "scipy"
        self._tables: dict[tuple[Any, ...], Any] = {}
        self._nearby: dict[Vertices, Nearby] = {}
        self._prepare()

    def _prepare(self) -> None:
        _check_names(self.network, self.scenario)
        self.weights = Weights(self.network, self.scenario, self.parameters, self._tables)
        modes = tuple(self.scenario.modes)
        graphs = self.network.graphs
        if modes not in graphs:
            topology = Topology.of(self.network, modes)
            vertices: dict[str, Vertices] = {mode: Vertices(topology, (mode,)) for mode in modes}
            graphs[modes] = (topology, vertices)
        self._topology: Topology = graphs[modes][0]
        self._vertices: dict[str, Vertices] = graphs[modes][1]
        self._engines: dict[tuple[Closed, str], Engine] = {}
        self._usable: dict[Closed, NDArray[np.bool_]] = {}
        self._accesses: dict[tuple[Place, Closed], Access | None] = {}
        self._trees: dict[tuple[Place, Closed], Tree] = {}
        # What `block` found last: its callers come again and again with the same places.
        self._located: list[tuple[tuple[Place, ...], list[Place]]] = []
        self._ends: list[tuple[tuple[tuple[Place, ...], Closed, bool], SnappedPlaces]] = []

    def with_(self, **changes: Any) -> Router:
        """Return a router for a changed scenario. Only weights are made anew, never the graph."""
        router = object.__new__(Router)
        router.network, router.parameters, router.engine = (
            self.network,
            self.parameters,
            self.engine,
        )
        router.scenario = self.scenario.with_(**changes)
        router._tables = self._tables
        router._nearby = self._nearby
        router._prepare()
        return router

    # Questions ----------------------------------------------------------------------------------

    def route(self, origin: str | Place, destination: str | Place) -> Route:
        """Find the best route between two places.

        Parameters
        ----------
        origin, destination
            Names in any listed spelling, ``lat,lon``, ISO codes, or places.

        Returns
        -------
        Route
            With a status that says why where there is no way.
        """
        start, end = self._place(origin), self._place(destination)
        stops = [start, *(self._place(name) for name in self.scenario.via), end]
        parts = [self._find(a, b) for a, b in pairwise(stops)]
        return self._build(start, end, parts)

    def routes(self, origin: str | Place, destinations: Iterable[str | Place]) -> list[Route]:
        """Find the best route from one place to each of many."""
        start = self._place(origin)
        return [self.route(start, destination) for destination in destinations]

    def compare(self, origin: str | Place, destinations: Iterable[str | Place]) -> gpd.GeoDataFrame:
        """Return one row a destination; see `comparison.table` for the columns."""
        from horgos_geo.analysis.comparison import table

        return table(self.routes(origin, destinations))

    def matrix(
        self,
        origins: Sequence[str | Place],
        destinations: Sequence[str | Place],
        through_china: bool = True,
    ) -> NDArray[np.float64]:
        """Return the costs between all pairs.

        Parameters
        ----------
        origins, destinations
            Names or places.
        through_china
            Whether to go back through China where there is no other way, as `route` does.

        Returns
        -------
        array (origins, destinations)
            Kilometres over the network when the scenario minimises distance, else hours, dollars
            or kilograms; NaN where there is no way.
        """
        return self.block(origins, destinations, through_china)[0]

    def block(
        self,
        origins: Sequence[str | Place],
        destinations: Sequence[str | Place],
        through_china: bool = True,
    ) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Return the costs between all pairs, and why where there are none.

        Parameters
        ----------
        origins, destinations, through_china
            As for `matrix`.

        Returns
        -------
        values
            As `matrix` gives them.
        codes
            Positions in `route.STATUSES`, of the same shape.
        """
        starts, ends = (
            [place if isinstance(place, Place) else places.resolve(place) for place in many]
            for many in (origins, destinations)
        )
        return block(self, starts, ends, through_china)

    def tree(self, origin: str | Place) -> NDArray[np.float64]:
        """Return the cost from one place to every network node (N), inf where there is no way.

        Each node is taken for a destination: countries that may only be reached are entered and
        never crossed, and so is China, if the place is one of its gateways.
        """
        place = self._place(origin)
        closed = self._closed(place, None, through_china=False) or frozenset()
        costs = self._tree(place, closed)
        only = {*self.scenario.destination_only, CHINA} & closed
        for iso3 in sorted(only - {*self.scenario.closed_countries}):
            there = self.network.node_country == self.network.country_code.get(iso3, -1)
            if there.any():
                costs[there] = self._tree(place, closed - {iso3})[there]
        return costs

    def _tree(self, place: Place, closed: Closed) -> NDArray[np.float64]:
        costs = np.full(self.network.node_count, np.inf)
        access = self._access(place, closed)
        if access is None or access.cut_off:
            return costs
        weights = self._arc_weights(closed, self._home(place))
        tree = Tree(self._topology, weights, self._entries(access, outward=True))
        if len(self._trees) >= _MAX_ENGINES:
            self._trees.clear()
        self._trees[place, closed] = tree
        costs[self._topology.node] = self.weights.units(tree.nodes)
        return costs

    def trace(
        self, origin: str | Place, destination: str | Place
    ) -> tuple[str, tuple[Element, ...]]:
        """Return the status and the bare path between two places: quicker than a whole route.

        Returns
        -------
        tuple
            The status, and edges with the fractions where the path enters and leaves them.
        """
        found = self._find(self._place(origin), self._place(destination))
        return found.status, found.elements

    def _place(self, value: str | Place) -> Place:
        """Resolve a name, and give a bare point the country of the network around it."""
        place = value if isinstance(value, Place) else places.resolve(value)
        if place.country:
            return place
        anywhere = np.ones(self.network.edge_count, dtype=bool)
        found = (
            vertices.nearest(place.lon, place.lat, "", anywhere, _COUNTRY_KM)
            for vertices in self._vertices.values()
        )
        nearest = min((snap for snap in found if snap), key=lambda s: s.snap_km, default=None)
        return replace(place, country=nearest.country) if nearest else place

    # How a path is found --------------------------------------------------------------------------

    def _find(self, origin: Place, destination: Place) -> Found:
        status = NO_PATH
        for through_china in (False, True):
            closed = self._closed(origin, destination, through_china)
            if closed is None:
                continue
            found = self._search(origin, destination, closed)
            if found.elements:
                return replace(found, status=THROUGH_CHINA) if through_china else found
            status = found.status
        return Found(self._why(origin, destination, status))

    def _search(self, origin: Place, destination: Place, closed: Closed) -> Found:
        shut = self.scenario.closed_countries
        if origin.country in shut or destination.country in shut:
            return Found(NO_PATH)
        a, b = self._access(origin, closed), self._access(destination, closed)
        if a is None or b is None:
            return Found(ORIGIN_FAR if a is None else DESTINATION_FAR)
        if a.cut_off or b.cut_off:
            return Found(NO_PATH)
        sources, targets = self._entries(a, outward=True), self._entries(b, outward=False)
        if not sources or not targets:
            return Found(NO_PATH)
        best = self._engine(closed, self._home(origin)).path(sources, targets)
        direct = self._same_edge(a, b)
        if direct and (best is None or self.weights.part(direct) <= best[0]):
            return Found(OK, (direct,), a, b)
        if best is None:
            return Found(NO_PATH)
        topology = self._topology
        _, arcs = best
        elements: list[Element] = [
            (int(topology.edge[arc]), 0.0, 1.0) if topology.forward[arc]
            else (int(topology.edge[arc]), 1.0, 0.0)
            for arc in arcs
        ]  # fmt: skip
        if arcs:
            first, last = int(topology.tail[arcs[0]]), int(topology.head[arcs[-1]])
        else:
            first = last = _meeting(sources, targets)
        before = self._cheapest(a, first, outward=True)
        after = self._cheapest(b, last, outward=False)
        return Found(OK, (*before, *elements, *after), a, b)

    def _closed(
        self, origin: Place, destination: Place | None, through_china: bool
    ) -> Closed | None:
        """Return the countries shut for a pair; None where going through China changes nothing."""
        scenario = self.scenario
        ends = {origin.country, destination.country if destination else ""}
        closed = set(scenario.closed_countries) | (set(scenario.destination_only) - ends)
        inland = origin.country == CHINA and origin.gateway is None
        shuts = (
            scenario.outbound and not inland and (destination is None or not _stays(destination))
        )
        if shuts and not through_china and CHINA not in closed:
            closed.add(CHINA)
        elif through_china and (not shuts or CHINA in closed):
            return None
        return frozenset(closed)

    def _access(self, place: Place, closed: Closed) -> Access | None:
        """Return where a place meets the open network, or None where it is too far."""
        key = place, closed
        if key not in self._accesses:
            if len(self._accesses) >= _MOST_ACCESSES:
                self._accesses.clear()
            self._accesses[key] = self._make_access(place, closed)
        return self._accesses[key]

    def _make_access(self, place: Place, closed: Closed) -> Access | None:
        if place.gateway and CHINA in closed:
            return self._gateway_access(place)
        usable = self._usable_edges(closed)
        snaps: list[Snap] = []
        approaches: list[Approach] = []
        near_any = False
        for mode, vertices in self._vertices.items():
            lon, lat = place.lon, place.lat
            if mode == "rail" and place.terminal_lon is not None and place.terminal_lat is not None:
                lon, lat = place.terminal_lon, place.terminal_lat
            snap = vertices.nearest(lon, lat, place.country, usable, CAP_KM[mode])
            if snap is None or snap.island:
                anywhere = np.ones_like(usable)
                near_any |= bool(vertices.nearest(lon, lat, "", anywhere, CAP_KM[mode]))
                continue
            snaps.append(snap)
            u, v = int(self.network.u[snap.edge]), int(self.network.v[snap.edge])
            approaches.append((u, ((snap.edge, snap.fraction, 0.0),)))
            approaches.append((v, ((snap.edge, snap.fraction, 1.0),)))
        if snaps:
            return Access(place, tuple(snaps), tuple(approaches))
        return Access(place, (), (), cut_off=True) if near_any else None

    def _gateway_access(self, place: Place) -> Access:
        """Start on the far side of a gateway's own crossing, which China's closure leaves open."""
        network = self.network
        ids = [
            id_
            for mode, id_ in (place.gateway or {}).items()
            if mode in self.scenario.modes and id_
        ]
        approaches: list[Approach] = []
        for id_ in ids:
            position = network.crossing_index.get(id_)
            if position is None or not self.weights.crossing_is_open(network.crossings[position]):
                continue
            for edge in np.flatnonzero(network.crossing == position):
                u, v = int(network.u[edge]), int(network.v[edge])
                if network.countries[network.node_country[u]] == CHINA:
                    approaches.append((v, ((int(edge), 0.0, 1.0),)))
                else:
                    approaches.append((u, ((int(edge), 1.0, 0.0),)))
        return Access(place, (), tuple(approaches), cut_off=not approaches)

    def _usable_edges(self, closed: Closed) -> NDArray[np.bool_]:
        if closed not in self._usable:
            open_ = self.weights.open_edges(closed)
            self._usable[closed] = main_component(self._topology, open_)
        return self._usable[closed]

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

    def _arc_weights(self, closed: Closed, home: str = "") -> NDArray[np.uint32]:
        return self.weights.arcs(self._topology, closed, home)

    def _engine(self, closed: Closed, home: str = "") -> Engine:
        key = (closed, home)
        if key not in self._engines:
            if len(self._engines) >= _MAX_ENGINES:
                self._engines.pop(next(iter(self._engines)))
            make = CchEngine if self.engine == "cch" else ScipyEngine
            self._engines[key] = make(self._topology, self._arc_weights(closed, home))
        return self._engines[key]

    def _entries(self, access: Access, outward: bool) -> list[Entry]:
        local, part = self._topology.local, self.weights.part
        return [
            (int(local[node]), sum(part(e if outward else _turn(e)) for e in elements))
            for node, elements in self._approaches(access, outward)
        ]

    def _approaches(self, access: Access, outward: bool) -> list[Approach]:
        """Return the approaches that one-way edges allow, out of a place or into it."""

        def runs(element: Element) -> bool:
            edge, start, end = element if outward else _turn(element)
            return start <= end or not self.network.oneway[edge]

        return [item for item in access.approaches if all(map(runs, item[1]))]

    def _cheapest(self, access: Access, node: int, outward: bool) -> tuple[Element, ...]:
        """Return the elements between a place and the local node where its path begins or ends."""
        costs = self._entries(access, outward)
        position = min(
            (i for i, (local, _) in enumerate(costs) if local == node), key=lambda i: costs[i][1]
        )
        elements = self._approaches(access, outward)[position][1]
        kept = [element for element in elements if element[1] != element[2]]
        return tuple(kept) if outward else tuple(_turn(element) for element in reversed(kept))

    def _same_edge(self, a: Access, b: Access) -> Element | None:
        """Return the part of one edge between two places that both lie on it."""
        for first in a.snaps:
            for second in b.snaps:
                onward = second.fraction >= first.fraction
                if first.edge == second.edge and (onward or not self.network.oneway[first.edge]):
                    return (first.edge, first.fraction, second.fraction)
        return None

    def _why(self, origin: Place, destination: Place, status: str) -> str:
        """Say whether the scenario's own closures are what stands in the way."""
        scenario = self.scenario
        if not (scenario.closed_countries or scenario.closed_crossings):
            return status
        opened = self.with_(closed_countries=(), closed_crossings=())
        found = opened._find(origin, destination)
        return CLOSED if found.elements else found.status

    # How an answer is made ------------------------------------------------------------------------

    def _build(self, origin: Place, destination: Place, parts: list[Found]) -> Route:
        great_circle_km = (
            GEOD.inv(origin.lon, origin.lat, destination.lon, destination.lat)[2] / 1000
        )
        missing = next((part.status for part in parts if not part.elements), None)
        if missing:
            return Route(missing, origin, destination, self.scenario, great_circle_km)
        through = any(part.status == THROUGH_CHINA for part in parts)
        return legs.build_route(
            self.weights,
            status=THROUGH_CHINA if through else OK,
            origin=origin,
            destination=destination,
            great_circle_km=great_circle_km,
            parts=[(part.elements, part.origin, part.destination) for part in parts],
        )


def _stays(destination: Place) -> bool:
    """Whether a destination lies in China itself; a gateway is left, not reached."""
    return destination.country == CHINA and destination.gateway is None


def _turn(element: Element) -> Element:
    edge, start, end = element
    return edge, end, start


def _meeting(sources: list[Entry], targets: list[Entry]) -> int:
    """Return the node where a path of no arcs begins and ends."""
    left: dict[int, int] = {}
    for node, cost in targets:
        left[node] = min(cost, left.get(node, cost))
    return min((cost + left[node], node) for node, cost in sources if node in left)[1]


def _check_names(network: Network, scenario: Scenario) -> None:
    """Refuse crossing ids that the network does not have, with the nearest that it has."""
    import difflib

    ferries = () if isinstance(scenario.ferries, bool) else scenario.ferries
    lines = {*network.crossing_index, *network.links} - {""}
    gateway = scenario.gateway
    ports = {place.id for place in places.gateways()} if gateway is not None else set()
    if gateway is not None and gateway not in {*ports, *network.crossing_index}:
        close = difflib.get_close_matches(gateway, sorted(ports), n=3, cutoff=0.5)
        hint = f" Did you mean {', '.join(close)}?" if close else ""
        raise ScenarioError(
            f"There is no gateway {gateway[:80]!r}.{hint} `horgos gateways` lists them."
        )
    for id_ in (*scenario.closed_crossings, *scenario.opened_crossings, *ferries):
        if id_ not in lines:
            close = difflib.get_close_matches(id_, sorted(lines), n=3, cutoff=0.5)
            hint = (
                f"Did you mean {', '.join(close)}?"
                if close
                else "`horgos route --format json` names those on a route."
            )
            raise ScenarioError(f"The network has no crossing or ferry {id_[:80]!r}. {hint}")
