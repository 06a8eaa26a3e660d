"""Time and memory of the gateways' catchments: `python -m benchmarks.gateways`."""

from __future__ import annotations

import resource
import time

import numpy as np

GATEWAYS, TOWN = 25, 15_000


def measure() -> str:
    """Sweep distances and times by road from 25 gateways to all towns; return one sentence."""
    from horgos_geo.analysis.gateways import open_gateways
    from horgos_geo.model import places
    from horgos_geo.model.network import load_network
    from horgos_geo.routing.router import Router

    network, towns = load_network(), places.towns(TOWN)
    ports = open_gateways(Router(network), "road")[:GATEWAYS]
    start = time.perf_counter()
    router = Router(network)
    km = router.od_matrix(ports, towns, through_china=False)[0]
    distances = time.perf_counter()
    hours = router.with_(minimise="time").od_matrix(ports, towns, through_china=False)[0]
    end = time.perf_counter()
    found = int(np.isfinite(km).any(axis=0).sum())
    assert found == int(np.isfinite(hours).any(axis=0).sum())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{len(ports)} gateways × {len(towns):,} towns of {TOWN:,} and more, by road: distances "
        f"{distances - start:.1f} s, times {end - distances:.1f} s (budget 10 s in all), peak "
        f"{peak_mb:,.0f} MB; {found:,} towns have a way."
    )


if __name__ == "__main__":
    print(measure())
