"""What `horgos network info` tells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.choices import MODES
from horgos_geo.model.network import Network


def describe(network: Network) -> dict[str, Any]:
    """Return the facts of a network: counts by mode, kilometres, components, crossings, sources."""
    modes: dict[str, Any] = {}
    for mode in MODES:
        edges = network.is_mode(mode)
        if edges.any():
            modes[mode] = {
                "edges": int(edges.sum()),
                "length_km": round(float(network.length_km[edges].sum()), 1),
                **_components(network, edges),
            }
    statuses: dict[str, int] = {}
    for crossing in network.crossings:
        key = f"{crossing.mode}, {crossing.status}"
        statuses[key] = statuses.get(key, 0) + 1
    meta = dict(network.meta)
    return {
        "name": meta.get("name", ""),
        "snapshot": meta.get("snapshot", ""),
        "nodes": network.node_count,
        "edges": network.edge_count,
        "countries": len(set(network.countries) - {""}),
        "modes": modes,
        "crossings": dict(sorted(statuses.items())),
        "terminals": len(network.terminals),
        "error": meta.get("error", {}),
        "sources": meta.get("sources", []),
    }


def _components(network: Network, edges: NDArray[np.bool_]) -> dict[str, int]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    u, v = network.u[edges], network.v[edges]
    nodes, flat = np.unique(np.concatenate([u, v]), return_inverse=True)
    size = len(nodes)
    graph = coo_array((np.ones(len(u), np.int8), (flat[: len(u)], flat[len(u) :])), (size, size))
    count, label = connected_components(graph, directed=False)
    return {
        "nodes": size,
        "components": int(count),
        "largest_component_nodes": int(np.bincount(label).max()),
    }


def lines(facts: dict[str, Any]) -> list[str]:
    """Return the facts as lines to read."""
    statuses = "; ".join(f"{key}: {count}" for key, count in facts["crossings"].items())
    return [
        f"{facts['name'] or 'Network'}, snapshot {facts['snapshot'] or 'unknown'}",
        ", ".join(f"{facts[key]:,} {key}" for key in ("nodes", "edges", "countries", "terminals")),
        *(_mode_line(mode, item) for mode, item in facts["modes"].items()),
        f"Crossings: {statuses}",
        *(_error_line(mode, item) for mode, item in facts["error"].items()),
        *(f"From {_source(source)}" for source in facts["sources"]),
    ]


def _mode_line(mode: str, item: dict[str, Any]) -> str:
    return (
        f"  {mode}: {item['edges']:,} edges, {item['length_km']:,.0f} km, "
        f"{item['components']:,} components, the largest with {item['largest_component_nodes']:,} "
        f"of {item['nodes']:,} nodes"
    )


def _error_line(mode: str, item: dict[str, Any]) -> str:
    numbers = ", ".join(f"{key} {value}" for key, value in item.items())
    return f"Error of {mode} lengths against published ones: {numbers}"


def _source(source: Any) -> str:
    return ", ".join(map(str, source.values())) if isinstance(source, dict) else str(source)
