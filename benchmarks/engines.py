"""Each peer's way to answer the same questions. Every function returns lengths in kilometres."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.graph import Graph

Answer = dict[str, Any]


def timed(work: Callable[[], Any], repeat: int = 3) -> tuple[float, Any]:
    """Return the best of some runs in seconds, and what the last one gave."""
    best, result = float("inf"), None
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def cch(graph: Graph) -> Answer:
    """Measure this project's engine: build, re-customise, one path, one to many, many to many."""
    from routingkit_cch import CCHMetric

    from horgos_geo.routing.engine import INFINITE, CchEngine

    router = graph.router
    topology = router.context.topology
    build_s, _ = timed(lambda: topology.__class__.cch.func(topology), 1)  # type: ignore[attr-defined]
    weights = router.weights.arcs(topology, frozenset())
    topology.cch  # noqa: B018 - built once, before the metric is timed
    # All weights anew; a closure changes some of them in place, see benchmarks/closures.py.
    customise_s, _ = timed(lambda: CCHMetric(topology.cch, weights.tolist()))
    engine = CchEngine(topology, weights)
    path_s, path = timed(
        lambda: engine.path([(int(graph.sources[0]), 0)], [(int(graph.targets[0]), 0)])
    )
    one_s, _ = timed(lambda: engine.costs([[(int(graph.sources[0]), 0)]], graph.targets))
    sources = [[(int(source), 0)] for source in graph.sources]
    many_s, costs = timed(lambda: engine.costs(sources, graph.targets))
    units = router.weights.units
    km = np.where(costs < INFINITE, units(costs), np.nan)
    path_km = float(units(np.array([float(path[0])]))[0]) if path else None
    return {"build": build_s, "customise": customise_s, "path": path_s, "one": one_s,
            "many": many_s, "km": km, "path_km": path_km}  # fmt: skip


def scipy(graph: Graph) -> Answer:
    """Measure scipy's Dijkstra."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    order = np.lexsort((graph.metres, graph.head, graph.tail))
    pair = graph.tail[order].astype(np.int64) * graph.size + graph.head[order]
    first = np.concatenate([[True], pair[1:] != pair[:-1]])
    tail, head, metres = (
        graph.tail[order][first],
        graph.head[order][first],
        graph.metres[order][first],
    )
    shape = (graph.size, graph.size)
    build_s, matrix = timed(lambda: csr_array((metres.astype(float), (tail, head)), shape=shape))
    one_s, _ = timed(lambda: dijkstra(matrix, indices=graph.sources[0])[graph.targets])
    many_s, costs = timed(lambda: dijkstra(matrix, indices=graph.sources)[:, graph.targets], 1)
    return {"build": build_s, "customise": build_s, "path": one_s, "one": one_s, "many": many_s,
            "km": costs / 1000}  # fmt: skip


def igraph(graph: Graph) -> Answer:
    """Measure igraph."""
    import igraph as ig

    arcs = np.column_stack([graph.tail, graph.head])
    build_s, peer = timed(lambda: ig.Graph(n=graph.size, edges=arcs, directed=True), 1)
    weights = graph.metres.tolist()
    source, target = int(graph.sources[0]), int(graph.targets[0])
    path_s, _ = timed(lambda: peer.get_shortest_paths(source, target, weights, output="epath"))
    targets = graph.targets.tolist()
    one_s, _ = timed(lambda: peer.distances([source], targets, weights), 1)
    many_s, costs = timed(lambda: peer.distances(graph.sources.tolist(), targets, weights), 1)
    return {"build": build_s, "customise": None, "path": path_s, "one": one_s, "many": many_s,
            "km": np.array(costs, dtype=float) / 1000}  # fmt: skip


def networkx(graph: Graph) -> Answer:
    """Measure networkx; many to many is one source times their number."""
    import networkx as nx

    def build() -> Any:
        peer = nx.DiGraph()
        rows = np.lexsort((-graph.metres,))  # the shortest of parallel arcs is added last
        peer.add_weighted_edges_from(
            zip(graph.tail[rows].tolist(), graph.head[rows].tolist(), graph.metres[rows].tolist(),
                strict=True))  # fmt: skip
        return peer

    build_s, peer = timed(build, 1)
    source, target = int(graph.sources[0]), int(graph.targets[0])
    path_s, _ = timed(lambda: nx.bidirectional_dijkstra(peer, source, target), 1)
    one_s, costs = timed(lambda: nx.single_source_dijkstra_path_length(peer, source), 1)
    km = np.array([[costs.get(int(t), np.nan) for t in graph.targets]]) / 1000
    return {"build": build_s, "customise": None, "path": path_s, "one": one_s,
            "many": one_s * len(graph.sources), "km": km}  # fmt: skip


def _scgraph(graph: Graph) -> Any:
    from scgraph import Graph as ScGraph

    rows: list[dict[int, float]] = [{} for _ in range(graph.size)]
    arcs = zip(graph.tail.tolist(), graph.head.tolist(), graph.metres.tolist(), strict=True)
    for tail, head, metres in arcs:
        rows[tail][head] = min(metres, rows[tail].get(head, metres))
    return ScGraph(rows)


def scgraph(graph: Graph) -> Answer:
    """Measure scgraph's Dijkstra; many to many is one source times their number."""
    build_s, peer = timed(lambda: _scgraph(graph), 1)
    source, target = int(graph.sources[0]), int(graph.targets[0])
    path_s, _ = timed(lambda: peer.dijkstra(origin_id=source, destination_id=target), 1)
    one_s, tree = timed(lambda: peer.get_shortest_path_tree(source), 1)
    km = np.array([[tree["distance_matrix"][int(t)] for t in graph.targets]]) / 1000
    return {"build": build_s, "customise": None, "path": path_s, "one": one_s,
            "many": one_s * len(graph.sources), "km": km}  # fmt: skip


def scgraph_ch(graph: Graph) -> Answer:
    """Measure scgraph's own contraction hierarchies, which answer pairs.

    New weights mean a new hierarchy; many to many is a pair's time times their number.
    """
    peer = _scgraph(graph)
    build_s, _ = timed(peer.create_contraction_hierarchy, 1)

    def length(target: Any) -> float:
        found = peer.contraction_hierarchy(origin_id=source, destination_id=int(target))
        return float(found["length"])

    source = int(graph.sources[0])
    path_s, _ = timed(lambda: length(graph.targets[0]))
    one_s, metres = timed(lambda: [length(target) for target in graph.targets], 1)
    return {"build": build_s, "customise": build_s, "path": path_s, "one": one_s,
            "many": one_s * len(graph.sources), "km": np.array([metres]) / 1000}  # fmt: skip


def pandana(graph: Graph) -> Answer:
    """Measure pandana, contraction hierarchies of its own; it answers lists of pairs."""
    import pandana as pdna
    import pandas as pd

    weights = pd.DataFrame({"km": graph.metres / 1000.0})
    build_s, peer = timed(
        lambda: pdna.Network(
            pd.Series(graph.lon), pd.Series(graph.lat), pd.Series(graph.tail),
            pd.Series(graph.head), weights, twoway=False),
        1,
    )  # fmt: skip
    sources, targets = graph.sources, graph.targets

    def pairs(some: Any) -> Any:
        starts, ends = np.repeat(some, len(targets)), np.tile(targets, len(some))
        return np.array(peer.shortest_path_lengths(starts, ends)).reshape(len(some), -1)

    path_s, _ = timed(lambda: peer.shortest_path(int(sources[0]), int(targets[0])))
    one_s, _ = timed(lambda: pairs(sources[:1]), 1)
    many_s, km = timed(lambda: pairs(sources), 1)
    return {"build": build_s, "customise": None, "path": path_s, "one": one_s, "many": many_s,
            "km": km}  # fmt: skip


OURS = "horgos_geo (CCH)"
#: The package behind each engine, whose version the table names.
PACKAGES = {
    OURS: "routingkit-cch",
    "scipy": "scipy",
    "igraph": "igraph",
    "networkx": "networkx",
    "scgraph": "scgraph",
    "scgraph (CH)": "scgraph",
    "pandana": "pandana",
}
ENGINES: dict[str, Callable[[Graph], Answer]] = {
    OURS: cch,
    "scipy": scipy,
    "igraph": igraph,
    "networkx": networkx,
    "scgraph": scgraph,
    "scgraph (CH)": scgraph_ch,
    "pandana": pandana,
}
