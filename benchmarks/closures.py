"""A closed country answered again: this project's change in place beside a peer's rebuild."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.graph import road_graph

CLOSED = ("RUS", "BLR", "IRN", "TUR", "UZB")
ENDS = ("Horgos", "Istanbul")


def ours() -> dict[str, float]:
    """Return the median seconds for another closed country, asked in one process."""
    from horgos_geo.model import places
    from horgos_geo.model.network import load_network
    from horgos_geo.model.scenario import Scenario
    from horgos_geo.routing.router import Router

    network = load_network()
    start, end = (places.resolve(name) for name in ENDS)
    result = {}
    for mode in ("road", "rail", "multimodal"):
        for minimise in ("distance", "time"):
            router = Router(network, Scenario(modes=mode, minimise=minimise))
            router.route(start, end)
            router.with_(closed_countries=["KAZ"]).route(start, end)  # the first closure
            walls = []
            for country in CLOSED:
                begin = time.perf_counter()
                router.with_(closed_countries=[country]).route(start, end)
                walls.append(time.perf_counter() - begin)
            result[f"{mode}, least {minimise}"] = float(np.median(walls))
    return result


def peers() -> dict[str, float]:
    """Return the seconds that peers take to drop a country's arcs and find one path."""
    import warnings

    import igraph
    import networkx as nx

    graph = road_graph()
    network, topology = graph.router.network, graph.router.context.topology
    russia = network.node_country[topology.node] == network.country_code["RUS"]
    keep = ~(russia[graph.tail] | russia[graph.head])
    tail, head, metres = graph.tail[keep], graph.head[keep], graph.metres[keep]
    source, target = int(graph.sources[0]), int(graph.targets[0])

    def by_igraph() -> Any:
        peer = igraph.Graph(n=graph.size, edges=np.column_stack([tail, head]), directed=True)
        warnings.simplefilter("ignore", RuntimeWarning)  # the target may be cut off
        return peer.get_shortest_paths(source, target, metres.tolist(), output="epath")

    def by_networkx() -> Any:
        peer = nx.DiGraph()
        arcs = zip(tail.tolist(), head.tolist(), metres.tolist(), strict=True)
        peer.add_weighted_edges_from(arcs)
        try:
            return nx.bidirectional_dijkstra(peer, source, target)
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            return None

    return {"igraph, rebuilt": _wall(by_igraph), "networkx, rebuilt": _wall(by_networkx)}


def _wall(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def lines() -> list[str]:
    """Return the table as lines: what was asked, and milliseconds."""
    found = {**ours(), **peers()}
    return [f"{name:<30}{seconds * 1000:>10,.0f} ms" for name, seconds in found.items()]


def main() -> None:
    """Print the table."""
    print(f"One more closed country, {ENDS[0]} – {ENDS[1]}, network in memory:")
    print("\n".join(lines()))


if __name__ == "__main__":
    main()
