"""Shortest paths over arcs: customisable contraction hierarchies, and scipy as the oracle.

Both engines answer the same two questions for integer arc weights: the best path between two sets
of weighted nodes, and the costs from such sets to many nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from horgos_geo.model.network import Network
from horgos_geo.routing.metrics import Metrics, sequence

if TYPE_CHECKING:
    from routingkit_cch import CCH

# The largest weight that RoutingKit takes for "cannot be used".
INFINITE = 2_147_483_647
# More than any path costs, and whole in a float.
_MOST = 2.0**52

Entry = tuple[int, int]  # a node and the cost already spent (or still to spend) there
ArcWeights = NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Topology:
    """The part of a network that a set of modes can use, as arcs between renumbered nodes.

    `node` maps local nodes to network nodes and `local` the other way (-1 where absent). Each arc
    has its `edge` and whether it runs `forward` (from u to v).
    """

    network: Network
    modes: tuple[str, ...]
    edges: NDArray[np.int32]
    node: NDArray[np.int32]
    local: NDArray[np.int32]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    edge: NDArray[np.int32]
    forward: NDArray[np.bool_]

    @classmethod
    def of(cls, network: Network, modes: tuple[str, ...]) -> Topology:
        """Cut the arcs that `modes`, ferries and transfers can use out of a network."""
        edges = np.flatnonzero(network.is_mode(*modes, "ferry", "transfer")).astype(np.int32)
        u, v = network.u[edges], network.v[edges]
        used = np.zeros(network.node_count, dtype=bool)
        used[u] = used[v] = True
        node = np.flatnonzero(used).astype(np.int32)
        local = np.full(network.node_count, -1, dtype=np.int32)
        local[node] = np.arange(len(node), dtype=np.int32)
        two_way = ~network.oneway[edges]
        return cls(
            network=network,
            modes=modes,
            edges=edges,
            node=node,
            local=local,
            tail=np.concatenate([local[u], local[v[two_way]]]),
            head=np.concatenate([local[v], local[u[two_way]]]),
            edge=np.concatenate([edges, edges[two_way]]),
            forward=np.arange(len(edges) + int(two_way.sum())) < len(edges),
        )

    @cached_property
    def cch(self) -> CCH:
        """The contraction hierarchy, ordered as the network's stored ranks say."""
        from routingkit_cch import CCH

        order = np.argsort(self.network.rank[self.node], kind="stable")
        return CCH(sequence(order), sequence(self.tail), sequence(self.head), False)

    @cached_property
    def by_tail(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The arcs sorted by their tails, and where those of each node begin."""
        order = np.argsort(self.tail, kind="stable")
        begins = np.searchsorted(self.tail[order], np.arange(len(self.node) + 1))
        return order, begins

    @cached_property
    def metrics(self) -> Metrics:
        """The customised weights in use."""
        return Metrics(self.cch)

    def arc_weights(self, forward: ArcWeights, backward: ArcWeights) -> ArcWeights:
        """Return integer weights an arc from those of all network edges (M) in each direction."""
        return np.where(self.forward, forward[self.edge], backward[self.edge])


class Engine(Protocol):
    """What a path engine can answer. Nodes are local to its topology."""

    def path(self, sources: list[Entry], targets: list[Entry]) -> tuple[int, list[int]] | None:
        """Return the total cost and the arcs of the best path, or None."""

    def costs(self, sources: list[list[Entry]], targets: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the costs (S, T) from each of S sets to T nodes, inf where there is no way."""


class CchEngine:
    """Customisable contraction hierarchy (RoutingKit).

    The metric behind it is borrowed from the topology's few: an engine whose metric went to
    another one gets it back, changed by the arcs that differ, when it is asked again.
    """

    def __init__(self, topology: Topology, weights: ArcWeights) -> None:
        self.weights = weights
        self._metrics = topology.metrics

    def path(self, sources: list[Entry], targets: list[Entry]) -> tuple[int, list[int]] | None:
        """Return the total cost and the arcs of the best path, or None."""
        from routingkit_cch import CCHQuery

        with self._metrics.holding(self.weights) as metric:
            result = CCHQuery(metric).run_multi(sources, targets)
            if result.distance is None or result.distance >= INFINITE:
                return None
            return int(result.distance), list(result.arc_path)

    def costs(self, sources: list[list[Entry]], targets: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the costs (S, T) from each of S sets to T nodes, inf where there is no way."""
        from routingkit_cch import CCHOneToMany

        costs = np.empty((len(sources), len(targets)))
        with self._metrics.holding(self.weights) as metric:
            query = CCHOneToMany(metric, sequence(targets))
            for row, entries in enumerate(sources):
                found = query.distances_from_multi(entries)
                costs[row] = np.array(found, dtype=np.float64)  # None becomes NaN
        costs[~(costs < INFINITE)] = np.inf
        return costs


class Tree:
    """Costs from one place to every node by one search of scipy, then those of that place alone.

    Several times as quick to make as a `ScipyEngine`, since no arc need be found again.
    """

    def __init__(self, topology: Topology, weights: ArcWeights, sources: list[Entry]) -> None:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        order, begins = topology.by_tail
        count = len(topology.node)
        # A node of its own carries the costs already spent; +1 since scipy drops zero weights.
        cheapest: dict[int, int] = {}
        for node, spent in sources:
            cheapest[node] = min(spent, cheapest.get(node, spent))
        head = np.append(topology.head[order], np.array([*cheapest], dtype=np.int32))
        cost = np.append(weights[order].astype(np.float64), [c + 1.0 for c in cheapest.values()])
        cost[: -len(cheapest)][weights[order] >= INFINITE] = np.inf
        graph = csr_array((cost, head, np.append(begins, len(cost))), shape=(count + 1, count + 1))
        self.nodes = dijkstra(graph, indices=count, limit=_MOST)[:count] - 1.0

    def costs(self, sources: list[list[Entry]], targets: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the costs from the tree's own place, which all of `sources` stand for."""
        return np.repeat(self.nodes[targets][None], len(sources), axis=0)


class ScipyEngine:
    """Dijkstra in scipy: slower, needs no compiled hierarchy, the oracle of the tests."""

    def __init__(self, topology: Topology, weights: ArcWeights) -> None:
        from scipy.sparse import csr_array

        open_ = np.flatnonzero(weights < INFINITE)
        # The matrix holds one arc for each pair of nodes: keep the cheapest of parallel arcs.
        order = open_[np.lexsort((weights[open_], topology.head[open_], topology.tail[open_]))]
        pair = topology.tail[order].astype(np.int64) * len(topology.node) + topology.head[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = pair[1:] != pair[:-1]
        self._arcs = order[first]
        self._pairs = pair[first]
        self._count = len(topology.node)
        self._tail, self._head = topology.tail[self._arcs], topology.head[self._arcs]
        self._cost = weights[self._arcs].astype(np.float64)
        self._csr = csr_array

    def tree(self, sources: list[Entry]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Return costs to, and predecessors of, every local node from weighted sources."""
        from scipy.sparse.csgraph import dijkstra

        # A node of its own carries the costs already spent; +1 since scipy drops zero weights.
        start = self._count
        tail = np.concatenate([self._tail, np.full(len(sources), start)])
        head = np.concatenate([self._head, [node for node, _ in sources]])
        cost = np.concatenate([self._cost, [spent + 1.0 for _, spent in sources]])
        # Two entries may share a node: keep the cheaper, since the matrix would add them up.
        keep = np.ones(len(tail), dtype=bool)
        best: dict[int, int] = {}
        for position in range(len(self._tail), len(tail)):
            node = int(head[position])
            if node in best and cost[best[node]] <= cost[position]:
                keep[position] = False
                continue
            if node in best:
                keep[best[node]] = False
            best[node] = position
        graph = self._csr(
            (cost[keep], (tail[keep], head[keep])), shape=(self._count + 1, self._count + 1)
        )
        costs, before = dijkstra(graph, indices=start, return_predecessors=True)
        return costs[: self._count] - 1.0, before[: self._count]

    def path(self, sources: list[Entry], targets: list[Entry]) -> tuple[int, list[int]] | None:
        """Return the total cost and the arcs of the best path, or None."""
        costs, before = self.tree(sources)
        total, node = min((costs[node] + left, node) for node, left in targets)
        if not np.isfinite(total):
            return None
        arcs: list[int] = []
        while before[node] != self._count:
            previous = int(before[node])
            position = np.searchsorted(self._pairs, previous * self._count + node)
            arcs.append(int(self._arcs[position]))
            node = previous
        return int(total), arcs[::-1]

    def costs(self, sources: list[list[Entry]], targets: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the costs (S, T) from each of S sets to T nodes, inf where there is no way."""
        rows = [self.tree(entries)[0][targets] for entries in sources]
        return np.array(rows).reshape(len(sources), len(targets))


def has_cch() -> bool:
    """Whether the contraction hierarchy engine can be used here."""
    try:
        import routingkit_cch  # noqa: F401
    except ImportError:
        return False
    return True
