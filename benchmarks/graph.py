"""The graph that every engine gets: the road network under one scenario, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from horgos_geo.model import places
from horgos_geo.model.network import load_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

SEED = 20230718


@dataclass(frozen=True)
class Graph:
    """Arcs with integer weights (metres), node coordinates, and the questions to ask."""

    router: Router
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    metres: NDArray[np.int64]
    hours: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    sources: NDArray[np.int32]
    targets: NDArray[np.int32]

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.lon)


def road_graph(sources: int = 25, targets: int = 2000) -> Graph:
    """Return the largest piece of the road network, with random questions, the same each time."""
    network = load_network()
    router = Router(network, Scenario(ignore_border_penalty=True))
    topology = router.context.topology
    usable = router.context.usable(frozenset()).edges
    keep = usable[topology.edge]
    random = np.random.default_rng(SEED)
    nodes = np.unique(topology.tail[keep])
    picked = random.choice(nodes, sources + targets, replace=False).astype(np.int32)
    forward, backward = router.with_(minimise="time").weights.objective(frozenset())
    hours = np.where(topology.forward, forward[topology.edge], backward[topology.edge])
    return Graph(
        router=router,
        tail=topology.tail[keep],
        head=topology.head[keep],
        metres=np.maximum(np.rint(network.length_km[topology.edge[keep]] * 1000), 1).astype(
            np.int64
        ),
        hours=hours[keep],
        lon=network.lon[topology.node],
        lat=network.lat[topology.node],
        sources=picked[:sources],
        targets=picked[sources:],
    )


def horgos() -> places.Place:
    """Return the gateway of the study."""
    return places.resolve("Horgos")
