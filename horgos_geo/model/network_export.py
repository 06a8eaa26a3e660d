"""The network as a graph of networkx, for whatever that can do with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Union

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.choices import MODES, SOURCES
from horgos_geo.core.errors import DataError
from horgos_geo.core.hints import did_you_mean

if TYPE_CHECKING:
    from networkx import MultiDiGraph
    from shapely.geometry.base import BaseGeometry

#: West, south, east and north in degrees, or a polygon, or everywhere.
Area = Union[tuple[float, float, float, float], "BaseGeometry", None]

#: Attributes of nodes, of arcs, and of the graph.
NODE_ATTRIBUTES = ("x", "y", "country")
ARC_ATTRIBUTES = (
    "mode",
    "length_km",
    "raw_length_km",
    "country",
    "gauge_mm",
    "gauge_to_mm",
    "crossing",
    "link",
    "source",
    "oneway",
    "geometry",
)
GRAPH_ATTRIBUTES = ("crs", "name", "snapshot", "digest")


def to_networkx(
    network: Any,
    modes: Sequence[str] = MODES,
    area: Area = None,
) -> MultiDiGraph:
    """Return a part of a network as a directed graph with parallel arcs.

    Parameters
    ----------
    network
        A `Network`.
    modes
        Any of ``road``, ``rail``, ``ferry``, ``transfer``. All of them make a graph of a million
        arcs, which takes some gigabytes.
    area
        Only edges with both ends inside: west, south, east, north in degrees, or a polygon.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are numbers of the network, with `NODE_ATTRIBUTES`: longitude ``x`` and latitude
        ``y`` in degrees, and the ISO 3166-1 alpha-3 code. Arcs have the number of their edge for a
        key and `ARC_ATTRIBUTES`: gauges in mm at their two ends (0 by road), the id of a
        ``crossing`` and of the terminal or ferry line (``link``), or nothing; an edge that is not
        ``oneway`` has an arc in each direction. The graph has `GRAPH_ATTRIBUTES`.

    Raises
    ------
    DataError
        A mode that the network does not know.

    Examples
    --------
    >>> import horgos_geo as hg
    >>> graph = hg.load_network().to_networkx(["rail"], (79.5, 43.5, 81.0, 44.5))
    >>> sorted({country for _, country in graph.nodes(data="country")})
    ['CHN', 'KAZ']
    """
    import networkx as nx

    for mode in modes:
        if mode not in MODES:
            hint = did_you_mean(mode, MODES, f"There are {', '.join(MODES)}.")
            raise DataError(f"The network has no mode {mode[:40]!r}. {hint}")
    chosen = network.is_mode(*modes) & _inside(network, area)
    edges = np.flatnonzero(chosen)
    graph = nx.MultiDiGraph(
        crs="EPSG:4326",
        name=str(network.meta.get("name", "")),
        snapshot=str(network.meta.get("snapshot", "")),
        digest=network.digest,
    )
    nodes = np.unique(np.concatenate([network.u[edges], network.v[edges]]))
    for node in nodes.tolist():
        country = network.countries[network.node_country[node]]
        graph.add_node(
            node, x=float(network.lon[node]), y=float(network.lat[node]), country=country
        )
    for edge in edges.tolist():
        u, v = int(network.u[edge]), int(network.v[edge])
        arc = _arc(network, edge)
        graph.add_edge(u, v, key=edge, **arc)
        if not arc["oneway"]:
            gauges = {"gauge_mm": arc["gauge_to_mm"], "gauge_to_mm": arc["gauge_mm"]}
            back = {**arc, **gauges, "geometry": arc["geometry"].reverse()}
            graph.add_edge(v, u, key=edge, **back)
    return graph


def _inside(network: Any, area: Any) -> NDArray[np.bool_]:
    """Return which edges (M) have both ends in an area."""
    if area is None:
        return np.ones(network.edge_count, dtype=bool)
    import shapely

    polygon = shapely.box(*area) if isinstance(area, Sequence) else area
    shapely.prepare(polygon)
    inside = shapely.intersects_xy(polygon, network.lon, network.lat)
    return np.asarray(inside[network.u] & inside[network.v])


def _arc(network: Any, edge: int) -> dict[str, Any]:
    from shapely import LineString

    crossing = int(network.crossing[edge])
    return {
        "mode": MODES[network.mode[edge]],
        "length_km": float(network.length_km[edge]),
        "raw_length_km": float(network.raw_length_km[edge]),
        "country": network.countries[network.edge_country[edge]],
        "gauge_mm": int(network.gauge_mm[edge]),
        "gauge_to_mm": int(network.gauge_to_mm[edge]),
        "crossing": network.crossings[crossing].id if crossing >= 0 else "",
        "link": network.links[network.link[edge]],
        "source": SOURCES[network.source[edge]],
        "oneway": bool(network.oneway[edge]),
        "geometry": LineString(network.edge_lonlat(edge)),
    }
