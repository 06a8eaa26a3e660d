"""Which edges hang together once a scenario has shut some."""

from __future__ import annotations

from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.choices import MODES
from horgos_geo.routing.engine import Topology

# A part of fewer edges, and of a smaller share of the largest, is a stub beside a closed border.
_STUB = 50
_STUB_SHARE = 0.05


def main_component(
    topology: Topology,
    open_edges: NDArray[np.bool_],
    doors: NDArray[np.integer] | None = None,
) -> NDArray[np.bool_]:
    """Return which open network edges (M) belong to the mainland.

    The mainland is the largest connected piece when all crossings and ferries run. A closure may
    cut it in parts, such as Central Asia when Russia and Iran are shut: each part that is no mere
    stub still counts, for its places reach one another.

    Edges inside one country, borders and ferries apart, open and shut together in a scenario. So
    their pieces are found once for a topology, and a closure only joins pieces.

    Parameters
    ----------
    topology
        The arcs that the scenario's modes can use.
    open_edges
        Which network edges (M) are open.
    doors
        Network nodes where routes begin: the part that holds one counts however small it is.
    """
    if topology not in _PIECES:
        _PIECES[topology] = _Pieces(topology)
    local = topology.local[doors] if doors is not None else np.zeros(0, dtype=np.int32)
    return _PIECES[topology].mainland(open_edges, local[local >= 0])


def stubs(topology: Topology) -> NDArray[np.bool_]:
    """Return which network edges (M) lie on small pieces of their country's network.

    They hang together with the rest, if at all, over a border or a ferry.
    """
    if topology not in _PIECES:
        _PIECES[topology] = _Pieces(topology)
    return _PIECES[topology].stubs


class _Pieces:
    """Connected pieces of the edges inside each country, and the links that may join them."""

    def __init__(self, topology: Topology) -> None:
        network, edges = topology.network, topology.edges
        u, v = network.u[edges], network.v[edges]
        inland = (
            (network.crossing[edges] < 0)
            & (network.mode[edges] != MODES.index("ferry"))
            & (network.node_country[u] == network.node_country[v])
        )
        a, b = topology.local[u], topology.local[v]
        self.size = network.edge_count
        self.edges = edges
        self.links = edges[~inland]
        label = _labels(len(topology.node), a[inland], b[inland])
        self.count = int(label.max(initial=-1)) + 1
        self.of_node, self.piece = label, label[a]  # of each node, of each of `edges`
        self.from_, self.to = label[a[~inland]], label[b[~inland]]

        whole = _labels(self.count, self.from_, self.to)
        sizes = np.bincount(whole, np.bincount(self.piece, minlength=self.count))
        self.inside = whole == sizes.argmax() if len(sizes) else np.zeros(0, dtype=bool)

    @cached_property
    def stubs(self) -> NDArray[np.bool_]:
        """Edges (M) on pieces of less than `_STUB` edges."""
        result = np.zeros(self.size, dtype=bool)
        result[self.edges] = (np.bincount(self.piece, minlength=self.count) < _STUB)[self.piece]
        return result

    def mainland(
        self, open_edges: NDArray[np.bool_], doors: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        result = np.zeros(self.size, dtype=bool)
        open_ = open_edges[self.edges]
        if not open_.any():
            return result
        usable = open_edges[self.links]
        label = _labels(self.count, self.from_[usable], self.to[usable])
        counts = np.bincount(self.piece[open_], minlength=self.count) * self.inside
        sizes = np.bincount(label, counts)
        parts = sizes >= min(_STUB, max(_STUB_SHARE * sizes.max(), 1))
        parts[label[self.of_node[doors]]] = True
        result[self.edges] = open_ & (parts[label] & self.inside)[self.piece]
        return result


def _labels(count: int, u: NDArray[np.int32], v: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the number of the connected piece of each of `count` nodes."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label)


_PIECES: WeakKeyDictionary[Topology, _Pieces] = WeakKeyDictionary()
