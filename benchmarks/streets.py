"""Street level against Valhalla: `python -m benchmarks.streets FILE.osm.pbf --peer PYTHON`.

Builds a network from an extract, draws 200 pairs of its street nodes, and compares the bare
shortest lengths with Valhalla's on the same extract. PYTHON is an interpreter with `pyvalhalla`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.graph import SEED
from horgos_geo.build.osm import build_osm
from horgos_geo.model.network import load_network
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router


def main() -> None:
    """Build, route, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pbf", type=Path)
    parser.add_argument("--peer", default=sys.executable, help="interpreter with pyvalhalla")
    parser.add_argument("--costing", default="truck", choices=("truck", "auto"))
    parser.add_argument("--pairs", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        start = time.perf_counter()
        build_osm([given.pbf], Path(scratch) / "net", progress=lambda s: print(s, file=sys.stderr))
        build_s = time.perf_counter() - start
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        network = load_network(Path(scratch) / "net")
        router = Router(network, Scenario(ignore_border_penalty=True, outbound=False))
        usable = router.context.usable(frozenset()).edges
        streets = np.flatnonzero(np.isfinite(network.speed_kmh) & (network.mode == 0) & usable)
        nodes = np.unique(network.u[streets])
        random = np.random.default_rng(SEED)
        ends = random.choice(nodes, (given.pairs, 2))
        ends = ends[ends[:, 0] != ends[:, 1]]
        start = time.perf_counter()
        ours = np.array([km(router, a, b) for a, b in ends])
        route_s = (time.perf_counter() - start) / len(ends)
        lon, lat = network.lon, network.lat
        pairs = [[float(x) for x in (lon[a], lat[a], lon[b], lat[b])] for a, b in ends]
        asked = {"pbf": str(given.pbf.resolve()), "folder": scratch, "pairs": pairs,
                 "costing": given.costing}  # fmt: skip
        peer = Path(__file__).with_name("valhalla_peer.py")
        done = subprocess.run([given.peer, str(peer)], input=json.dumps(asked), text=True,
                              stdout=subprocess.PIPE, check=True)  # fmt: skip
    answer = json.loads(done.stdout)
    theirs = np.array([np.nan if value is None else value for value in answer["km"]])
    apart = (ours - theirs) / theirs * 100
    good = np.isfinite(apart)
    print(f"{given.pbf.name}: {good.sum()} of {len(ends)} pairs answered by both "
          f"(ours {np.isfinite(ours).sum()}, Valhalla {np.isfinite(theirs).sum()})")  # fmt: skip
    print(f"difference of length: median {np.median(apart[good]):+.2f} %, median absolute "
          f"{np.median(np.abs(apart[good])):.2f} %, 90th percentile "
          f"{np.percentile(np.abs(apart[good]), 90):.2f} %")  # fmt: skip
    print(f"build {build_s:.1f} s with the continent (Valhalla {answer['build_s']:.1f} s, extract "
          f"only), peak {peak_mb:.0f} MB; a route {route_s * 1000:.1f} ms "
          f"(Valhalla {answer['route_s'] * 1000:.1f} ms)")  # fmt: skip
    worst = np.argsort(-np.where(good, np.abs(apart), 0))[:5]
    for i in worst:
        a, b = pairs[i][:2], pairs[i][2:]
        print(f"  {ours[i]:.2f} km, Valhalla {theirs[i]:.2f} km: {a} to {b}")


def km(router: Router, a: int, b: int) -> float:
    """Return the length of the bare shortest path between two nodes."""
    network = router.network
    ends = [
        Place(str(n), str(n), "", float(network.lon[n]), float(network.lat[n]), "point")
        for n in (a, b)
    ]
    return router.route(*ends).length_km


if __name__ == "__main__":
    main()
