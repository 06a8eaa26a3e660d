"""The overlay: the small part of a network over which all best routes between listed places run.

Inside one country a kilometre takes the same everywhere by one mode, so that the shortest stretch
between two places of a country is the best one whatever is minimised. The union of the shortest
stretches among all border posts, terminals, ports, breaks of gauge and listed places of each
country therefore holds every best route, with whatever crossings, countries and ferries shut. Where
edges have speeds of their own, the stretches of least time are in it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.countries import CHINA
from horgos_geo.core.choices import MODES
from horgos_geo.model.network import Network
from horgos_geo.model.parameters import Parameters, load_parameters
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.costs import Costs
from horgos_geo.routing.impacts import Impacts
from horgos_geo.routing.router import Router
from horgos_geo.routing.snapping import CAP_KM, Snaps

Modes = tuple[Literal["road", "rail"], ...]
MOVING: Modes = ("road", "rail")
#: The modes that a question may use.
CHOICES: tuple[Modes, ...] = (("road",), ("rail",), MOVING)
# Trees found at a time: as many as fit well into memory for the largest country.
_AT_ONCE = 32
# What takes nothing would be no edge to scipy.
_LEAST = 1e-6

Bools = NDArray[np.bool_]
Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stretch:
    """A chain of edges of one mode in one country, between two nodes of the overlay.

    `edges` are network edges in order from `u` to `v` (positions in the overlay's nodes), each
    with whether it runs that way. `forth` and `back` tell which ways it may be passed. Of its
    length, `signed_km` take `signed_h`; on the rest the speed is that of the country.
    """

    u: int
    v: int
    mode: str
    country: str
    length_km: float
    signed_km: float
    signed_h: float
    edges: tuple[tuple[int, bool], ...]
    forth: bool = True
    back: bool = True

    def lonlat(self, network: Network) -> NDArray[np.float64]:
        """Return the vertices from u to v, shape (n, 2), degrees."""
        parts = [network.edge_lonlat(edge)[:: 1 if ahead else -1] for edge, ahead in self.edges]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


@dataclass(frozen=True, eq=False)
class Access:
    """Where places (n) meet the stretches of one mode: at a `fraction` of one, -1 for none.

    `cut_off` tells those that stand near a piece of network which is not joined to the rest.
    """

    stretch: Ids
    fraction: NDArray[np.float64]
    snap_km: NDArray[np.float64]
    cut_off: Bools


@dataclass(frozen=True, eq=False)
class Overlay:
    """Nodes, stretches between them, and edges at which something happens.

    Attributes
    ----------
    network
        What it was made from.
    nodes
        Network nodes (n).
    stretches
        What is travelled along.
    events
        Network edges (k) with a border, a break of gauge, a transfer or a ferry.
    ends
        Positions in `nodes` of both ends of each event (k, 2).
    places
        The places that it serves, in order.
    access
        By the modes that are used and one of them, where those meet it.
    """

    network: Network
    nodes: Ids
    stretches: tuple[Stretch, ...]
    events: Ids
    ends: Ids
    places: tuple[Place, ...]
    access: dict[tuple[Modes, str], Access]


def build_overlay(
    network: Network, places: Sequence[Place], parameters: Parameters | None = None
) -> Overlay:
    """Find the overlay of a network for some places.

    Parameters
    ----------
    network
        The network.
    places
        Where routes may begin and end.
    parameters
        Speeds. Default: those that come with the package.
    """
    costs = Costs(network, Scenario(modes=MOVING), parameters or load_parameters())
    snaps = {key: snap for modes in CHOICES for key, snap in _snaps(network, places, modes)}
    breaks = network.gauge_mm != network.gauge_to_mm
    eventful = ~network.is_mode(*MOVING) | (network.crossing >= 0) | breaks
    events = np.flatnonzero(eventful).astype(np.int64)
    terminal = np.zeros(network.node_count, dtype=np.bool_)
    terminal[network.u[events]] = terminal[network.v[events]] = True
    used = np.zeros(network.edge_count, dtype=np.bool_)
    for snap in snaps.values():
        met = snap.edge[snap.edge >= 0]
        terminal[network.u[met]] = terminal[network.v[met]] = True
        used[met] = True
    for mode in MOVING:
        on = network.is_mode(mode) & ~eventful
        for country in np.unique(network.edge_country[on]).tolist():
            edges = np.flatnonzero(on & (network.edge_country == country))
            for weight in _measures(network, edges, costs.rate(mode, network.countries[country])):
                used[_best_edges(network, edges, weight, terminal)] = True
    nodes, chains = _chains(network, np.flatnonzero(used), terminal)
    number = np.full(network.node_count, -1, dtype=np.int64)
    number[nodes] = np.arange(len(nodes))
    stretches = tuple(_stretch(network, number, chain) for chain in chains)
    return Overlay(
        network=network,
        nodes=nodes,
        stretches=stretches,
        events=events,
        ends=np.column_stack([number[network.u[events]], number[network.v[events]]]),
        places=tuple(places),
        access={key: _access(stretches, snap) for key, snap in snaps.items()},
    )


def _snaps(
    network: Network, places: Sequence[Place], modes: Modes
) -> Iterator[tuple[tuple[Modes, str], Snaps]]:
    """Yield where places meet each mode, of what hangs together when all is open to them."""
    context = Router(network, Scenario(modes=modes, ferries=True)).context
    groups: dict[frozenset[str], list[int]] = {}
    for i, place in enumerate(places):
        closed = context.closed(place, None) or frozenset()
        groups.setdefault(closed - {CHINA} if place.gateway else closed, []).append(i)
    for mode, snapper in context.snappers.items():
        edge = np.full(len(places), -1, dtype=np.int32)
        fraction, snap_km = np.zeros(len(places)), np.full(len(places), np.nan)
        cut_off = np.zeros(len(places), dtype=np.bool_)
        for closed, rows in groups.items():
            some = [places[i] for i in rows]
            points = np.array([_point(place, mode) for place in some])
            country = np.array([network.country_code.get(place.country, 0) for place in some])
            usable = context.usable(closed)
            found = snapper.snap(points[:, 0], points[:, 1], country, usable, CAP_KM[mode])
            edge[rows], fraction[rows], snap_km[rows] = found.edge, found.fraction, found.snap_km
            cut_off[rows] = found.cut_off
        yield (modes, mode), Snaps(edge, fraction, snap_km, cut_off)


def _point(place: Place, mode: str) -> tuple[float, float]:
    if mode == "rail" and place.terminal_lon is not None and place.terminal_lat is not None:
        return place.terminal_lon, place.terminal_lat
    return place.lon, place.lat


def _measures(network: Network, edges: Ids, rate: Impacts) -> Iterator[NDArray[np.float64]]:
    """Yield by what edges of a country are best: length, and hours where some have a speed."""
    length_km, speed_kmh = network.length_km[edges], network.speed_kmh[edges].astype(np.float64)
    yield length_km
    signed = np.isfinite(speed_kmh)
    if signed.any():
        yield np.where(signed, length_km / speed_kmh, length_km * rate.time_h.central)


def _best_edges(
    network: Network, edges: Ids, weight: NDArray[np.float64], terminal: Bools
) -> Ids:
    """Return those edges of a country that lie on a best path between two of its terminals."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    nodes, local = np.unique(
        np.concatenate([network.u[edges], network.v[edges]]), return_inverse=True
    )
    ends = np.flatnonzero(terminal[nodes])
    if len(ends) < 2:
        return edges[:0]
    tail, head = local[: len(edges)], local[len(edges) :]
    two_way = ~network.oneway[edges]
    tail, head = np.concatenate([tail, head[two_way]]), np.concatenate([head, tail[two_way]])
    edges = np.concatenate([edges, edges[two_way]])
    weight = np.concatenate([weight, weight[two_way]])
    count = len(nodes)
    # Of parallel edges the shortest; a sparse matrix would add them up.
    key = tail.astype(np.int64) * count + head
    order = np.lexsort((weight, key))
    keys, first = np.unique(key[order], return_index=True)
    best = order[first]
    costs = np.maximum(weight[best], _LEAST)
    graph = csr_array((costs, (tail[best], head[best])), shape=(count, count))
    found = np.zeros(len(best), dtype=np.bool_)
    for begin in range(0, len(ends), _AT_ONCE):
        some = ends[begin : begin + _AT_ONCE]
        total, before = dijkstra(graph, indices=some, return_predecessors=True)
        for arcs in _walk_back(total, before, ends):
            found[np.searchsorted(keys, arcs)] = True
    return edges[best[found]]


def _walk_back(costs: NDArray[np.float64], before: NDArray[np.int32], ends: Ids) -> list[Ids]:
    """Return the arcs (tail · count + head) of some trees that lead to ends, step by step."""
    count = costs.shape[1]
    rows, columns = np.nonzero(np.isfinite(costs[:, ends]))
    at = rows * count + ends[columns]
    seen = np.zeros(costs.size, dtype=np.bool_)
    arcs = []
    while len(at):
        seen[at] = True
        rows, heads = np.divmod(at, count)
        tails = before[rows, heads]
        inner = tails >= 0
        rows, heads, tails = rows[inner], heads[inner], tails[inner].astype(np.int64)
        arcs.append(np.unique(tails * count + heads))
        at = np.unique(rows * count + tails)
        at = at[~seen[at]]
    return arcs


def _chains(
    network: Network, edges: NDArray[np.int64], terminal: Bools
) -> tuple[Ids, list[list[tuple[int, bool]]]]:
    """Join edges at nodes where nothing else meets; return the nodes that stay, and the chains."""
    degree = np.bincount(
        np.concatenate([network.u[edges], network.v[edges]]), minlength=network.node_count
    )
    stays = terminal | ((degree != 2) & (degree > 0))
    at: dict[int, list[int]] = {}
    for edge in edges.tolist():
        for node in (int(network.u[edge]), int(network.v[edge])):
            at.setdefault(node, []).append(edge)
    done: set[int] = set()
    chains = []
    for start in sorted(node for node in at if stays[node]):
        for edge in at[start]:
            if edge in done:
                continue
            chain, node = [], start
            while True:
                ahead = int(network.u[edge]) == node
                chain.append((edge, ahead))
                done.add(edge)
                node = int(network.v[edge] if ahead else network.u[edge])
                if stays[node]:
                    break
                edge = next(other for other in at[node] if other != edge)
            chains.append(chain)
    return np.flatnonzero(stays), chains


def _stretch(network: Network, number: Ids, chain: list[tuple[int, bool]]) -> Stretch:
    edges = np.array([edge for edge, _ in chain])
    (first, ahead), (last, onward) = chain[0], chain[-1]
    speed_kmh = network.speed_kmh[edges].astype(np.float64)
    signed = np.isfinite(speed_kmh)
    one_way = [ahead for edge, ahead in chain if network.oneway[edge]]
    return Stretch(
        u=int(number[network.u[first] if ahead else network.v[first]]),
        v=int(number[network.v[last] if onward else network.u[last]]),
        mode=MODES[network.mode[first]],
        country=network.countries[network.edge_country[first]],
        length_km=float(network.length_km[edges].sum()),
        signed_km=float(network.length_km[edges][signed].sum()),
        signed_h=float((network.length_km[edges][signed] / speed_kmh[signed]).sum()),
        edges=tuple(chain),
        forth=all(one_way),
        back=not any(one_way),
    )


def _access(stretches: Sequence[Stretch], snaps: Snaps) -> Access:
    """Return where places meet the stretches; what one snaps to is a stretch of its own."""
    alone = {
        s.edges[0][0]: (i, s.edges[0][1]) for i, s in enumerate(stretches) if len(s.edges) == 1
    }
    stretch = np.full(len(snaps.edge), -1, dtype=np.int64)
    fraction = np.zeros(len(snaps.edge))
    for i, edge in enumerate(snaps.edge.tolist()):
        if edge >= 0:
            stretch[i], ahead = alone[edge]
            fraction[i] = snaps.fraction[i] if ahead else 1.0 - snaps.fraction[i]
    return Access(stretch, fraction, snaps.snap_km, snaps.cut_off)
