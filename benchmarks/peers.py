"""Whole tasks by other programs: `python -m benchmarks.peers TASK PEER FOLDER`.

Each run is a cold process that reads the bundled road network, builds the peer's graph and does
the bare task over it: no borders, no countries, no snapping and, but for folium, nothing written.
So the peers do less than the commands that stand beside them in the table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.graph import Graph, horgos, road_graph

WITHIN_H = 72.0


def scipy_graph(graph: Graph, weights: NDArray[Any]) -> Any:
    """Return scipy's matrix, the cheapest of parallel arcs in it."""
    from scipy.sparse import csr_array

    order = np.lexsort((weights, graph.head, graph.tail))
    pair = graph.tail[order].astype(np.int64) * graph.size + graph.head[order]
    arcs = order[np.append(True, pair[1:] != pair[:-1])]
    ends = (graph.tail[arcs], graph.head[arcs])
    return csr_array((weights[arcs].astype(float), ends), shape=(graph.size, graph.size))


def igraph_graph(graph: Graph) -> Any:
    """Return igraph's graph."""
    import igraph

    return igraph.Graph(n=graph.size, edges=np.column_stack([graph.tail, graph.head]),
                        directed=True)  # fmt: skip


def networkx_graph(graph: Graph, weights: NDArray[Any]) -> Any:
    """Return networkx's graph."""
    import networkx as nx

    peer = nx.DiGraph()
    arcs = zip(graph.tail.tolist(), graph.head.tolist(), weights.tolist(), strict=True)
    peer.add_weighted_edges_from(arcs)
    return peer


# One path -----------------------------------------------------------------------------------------


def route_scipy(graph: Graph) -> None:
    """Find one path by scipy."""
    from scipy.sparse.csgraph import dijkstra

    matrix = scipy_graph(graph, graph.metres)
    dijkstra(matrix, indices=graph.sources[0], return_predecessors=True)


def route_igraph(graph: Graph) -> None:
    """Find one path by igraph."""
    igraph_graph(graph).get_shortest_paths(
        int(graph.sources[0]), int(graph.targets[0]), graph.metres.tolist(), output="epath"
    )


def route_networkx(graph: Graph) -> None:
    """Find one path by networkx."""
    import networkx as nx

    peer = networkx_graph(graph, graph.metres)
    nx.bidirectional_dijkstra(peer, int(graph.sources[0]), int(graph.targets[0]))


# 200 × 30,000 -------------------------------------------------------------------------------------


def matrix_scipy(graph: Graph) -> None:
    """Find lengths from each source by scipy, in memory only."""
    from scipy.sparse.csgraph import dijkstra

    matrix = scipy_graph(graph, graph.metres)
    np.stack([dijkstra(matrix, indices=source)[graph.targets] for source in graph.sources])


def matrix_igraph(graph: Graph) -> None:
    """Find lengths from all sources by igraph, in memory only."""
    weights = graph.metres.tolist()
    igraph_graph(graph).distances(graph.sources.tolist(), graph.targets.tolist(), weights)


def matrix_scgraph(graph: Graph) -> None:
    """Find lengths from each source by scgraph, in memory only."""
    from scgraph import Graph as ScGraph

    rows: list[dict[int, float]] = [{} for _ in range(graph.size)]
    arcs = zip(graph.tail.tolist(), graph.head.tolist(), graph.metres.tolist(), strict=True)
    for tail, head, metres in arcs:
        rows[tail][head] = min(metres, rows[tail].get(head, metres))
    peer = ScGraph(rows)
    for source in graph.sources.tolist():
        np.array(peer.get_shortest_path_tree(source)["distance_matrix"])[graph.targets]


def matrix_pandana(graph: Graph) -> None:
    """Find lengths of all pairs by pandana, in memory only."""
    import pandana
    import pandas as pd

    weights = pd.DataFrame({"km": graph.metres / 1000.0})
    peer = pandana.Network(pd.Series(graph.lon), pd.Series(graph.lat), pd.Series(graph.tail),
                           pd.Series(graph.head), weights, twoway=False)  # fmt: skip
    for source in graph.sources:
        peer.shortest_path_lengths(np.full(len(graph.targets), source), graph.targets)


# 72 hours from Horgos -----------------------------------------------------------------------------


def _nearest(graph: Graph) -> int:
    place = horgos()
    return int(np.argmin(np.hypot(graph.lon - place.lon, graph.lat - place.lat)))


def _hull(graph: Graph, reached: NDArray[Any]) -> None:
    """Draw the area around nodes as people do: a concave hull by shapely."""
    import shapely

    points = shapely.MultiPoint(np.column_stack([graph.lon[reached], graph.lat[reached]]))
    shapely.concave_hull(points, ratio=0.05)


def reach_scipy(graph: Graph) -> None:
    """Find what lies within 72 h by scipy and shapely."""
    from scipy.sparse.csgraph import dijkstra

    matrix = scipy_graph(graph, graph.hours)
    hours = dijkstra(matrix, indices=_nearest(graph), limit=WITHIN_H)
    _hull(graph, np.flatnonzero(np.isfinite(hours)))


def reach_networkx(graph: Graph) -> None:
    """Find what lies within 72 h by networkx's ego graph and shapely."""
    import networkx as nx

    peer = networkx_graph(graph, graph.hours)
    ego = nx.ego_graph(peer, _nearest(graph), radius=WITHIN_H, distance="weight")
    _hull(graph, np.array(list(ego.nodes)))


# The map of a report ------------------------------------------------------------------------------


def report_folium(folder: Path) -> None:
    """Save the routes of the first report as plain folium does: lines and markers over tiles."""
    import folium

    import horgos_geo as hg

    base = hg.Router(hg.load_network(), hg.Scenario())
    page = folium.Map(location=(48, 60), zoom_start=4)
    for mode, colour in (("road", "red"), ("rail", "blue")):
        router = base.with_(modes=mode)
        for place in hg.select(["headline"]):
            route = router.route("Horgos", place)
            folium.Marker((place.lat, place.lon), popup=place.name).add_to(page)
            for leg in route.legs:
                if len(leg.lonlat) > 1:
                    line = leg.lonlat[:, ::-1].tolist()
                    folium.PolyLine(line, color=colour, tooltip=leg.to_name).add_to(page)
    page.save(folder / "folium.html")


TASKS: dict[str, dict[str, Callable[[Graph], None]]] = {
    "route": {"scipy": route_scipy, "igraph": route_igraph, "networkx": route_networkx},
    "isochrone": {"scipy + shapely": reach_scipy, "networkx + shapely": reach_networkx},
    "matrix": {"scipy": matrix_scipy, "igraph": matrix_igraph, "scgraph": matrix_scgraph,
               "pandana": matrix_pandana},
}  # fmt: skip


def main(task: str, peer: str, folder: str) -> None:
    """Do one task."""
    if task == "report":
        report_folium(Path(folder))
        return
    sizes = (200, 30_000) if task == "matrix" else (25, 2000)
    TASKS[task][peer](road_graph(*sizes))


if __name__ == "__main__":
    main(*sys.argv[1:4])
