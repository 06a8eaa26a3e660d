"""How time and memory grow with the network: `python -m benchmarks.growth [--most 7]`.

The road network is tiled: copies of its largest piece side by side, each joined to the next by one
edge, cut down to 10^4, 10^5, 10^6 and 10^7 edges. Each size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

import numpy as np
from numpy.typing import NDArray

from benchmarks.graph import SEED, road_graph

NAMES = ("edges", "order_s", "build_s", "weights_ms", "path_ms", "one_to_2000_ms",
         "tree_scipy_ms", "peak_mb")  # fmt: skip


def main() -> None:
    """Run every size and print a row each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=7, choices=(4, 5, 6, 7))
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.size:
        json.dump(measure(given.size), sys.stdout)
    else:
        print_rows(given.most)


def print_rows(most: int) -> None:
    """Print each row as soon as it is measured: the last one takes longer than all before it.

    Parameters
    ----------
    most
        The largest power of ten of edges.
    """
    print("Growth with the network, one core")
    print("".join(f"{name:>16}" for name in NAMES))
    for power in range(4, most + 1):
        command = [sys.executable, "-m", "benchmarks.growth", "--size", str(10**power)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"10^{power}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")
            continue
        row = json.loads(done.stdout)
        print("".join(f"{row[name]:>16,.4g}" for name in NAMES), flush=True)


Arrays = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64],
               NDArray[np.float64]]  # fmt: skip


def tiled(size: int) -> Arrays:
    """Return about `size` undirected edges (u, v, metres) and node coordinates (lon, lat)."""
    graph = road_graph(2, 2)
    once = graph.tail < graph.head
    u, v, metres = graph.tail[once], graph.head[once], graph.metres[once]
    if size < len(u):
        # The part nearest to the middle, so that small graphs hang together too.
        away = np.hypot(graph.lon[u] - 60.0, graph.lat[u] - 45.0)
        near = np.argsort(away, kind="stable")[:size]
        u, v, metres = u[near], v[near], metres[near]
    nodes, ends = np.unique(np.concatenate([u, v]), return_inverse=True)
    u, v = ends[: len(u)].astype(np.int64), ends[len(u) :].astype(np.int64)
    copies = max(1, round(size / len(u)))
    n = len(nodes)
    shift = np.arange(copies)
    joins = shift[:-1]
    all_u = np.concatenate([(u[None] + shift[:, None] * n).ravel(), joins * n])
    all_v = np.concatenate([(v[None] + shift[:, None] * n).ravel(), (joins + 1) * n])
    all_m = np.concatenate([np.tile(metres, copies), np.full(len(joins), 1000)])
    lon = (graph.lon[nodes][None] + shift[:, None] * 0.001).ravel()
    lat = np.tile(graph.lat[nodes], copies)
    return all_u, all_v, all_m.astype(np.int64), lon, lat


def measure(size: int) -> dict[str, float]:
    """Measure one size."""
    import routingkit_cch as rk
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    u, v, metres, lon, lat = tiled(size)
    start = time.perf_counter()
    order = rk.compute_order_inertial(
        len(lon), u.astype(np.uint32), v.astype(np.uint32), lat.astype(np.float32),
        lon.astype(np.float32),
    )  # fmt: skip
    order_s = time.perf_counter() - start
    tail, head = np.concatenate([u, v]), np.concatenate([v, u])
    weights = np.concatenate([metres, metres]).astype(np.uint32)
    start = time.perf_counter()
    cch = rk.CCH(list(order), tail.astype(np.uint32).tolist(), head.astype(np.uint32).tolist(),
                 False)  # fmt: skip
    build_s = time.perf_counter() - start
    listed = weights.tolist()
    start = time.perf_counter()
    metric = rk.CCHMetric(cch, listed)
    weights_ms = (time.perf_counter() - start) * 1000
    random = np.random.default_rng(SEED)
    ends = random.integers(0, len(lon), (100, 2)).tolist()
    query = rk.CCHQuery(metric)
    start = time.perf_counter()
    for a, b in ends:
        result = query.run(a, b)
        _ = list(result.arc_path) if result.distance is not None else []
        del result
    path_ms = (time.perf_counter() - start) * 10
    targets = random.integers(0, len(lon), 2000).tolist()
    many = rk.CCHOneToMany(metric, targets)
    many.distances_from(ends[0][0])
    start = time.perf_counter()
    many.distances_from(ends[1][0])
    one_ms = (time.perf_counter() - start) * 1000
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    graph = csr_array((weights.astype(float), (tail, head)), shape=(len(lon), len(lon)))
    start = time.perf_counter()
    dijkstra(graph, indices=ends[0][0])
    tree_ms = (time.perf_counter() - start) * 1000
    return {"edges": len(u), "order_s": order_s, "build_s": build_s, "weights_ms": weights_ms,
            "path_ms": path_ms, "one_to_2000_ms": one_ms, "tree_scipy_ms": tree_ms,
            "peak_mb": peak_mb}  # fmt: skip


if __name__ == "__main__":
    main()
