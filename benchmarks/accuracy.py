"""Print how far each way to find a length is from published ones: `python -m benchmarks.accuracy`.

Where scgraph_data is installed (`pip install scgraph_data`, or `--raw FOLDER`), the lengths over
scgraph's own network, unmended, are found anew and kept in the table `accuracy.BASELINE`.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from horgos_geo.core import datasets
from horgos_geo.core.errors import MissingData
from horgos_geo.core.files import write_atomic
from horgos_geo.model.network import load_network
from horgos_geo.routing.router import Router
from horgos_geo.validation import distances as accuracy

#: West, east and south of what is read, degrees.
BOX = (-12.0, 180.0, -11.0)


def scgraph_km(pairs: pd.DataFrame, mode: str, raw: Path | None) -> np.ndarray:
    """Return lengths over the raw graph as it is; infinite where its parts are not connected.

    As scgraph itself answers, a place is joined to the nearest node by a straight line, which
    counts.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra
    from scipy.spatial import cKDTree

    from horgos_geo.build.scgraph import read_graph
    from horgos_geo.core.geodesy import distances_km, unit_vectors

    lon, lat, u, v, km = read_graph(mode, raw)
    inside = (lon > BOX[0]) & (lon < BOX[1]) & (lat > BOX[2])
    edges = inside[u] & inside[v]
    number = np.cumsum(inside) - 1
    u, v, km = number[u[edges]], number[v[edges]], np.maximum(km[edges], 1e-6)
    lon, lat = lon[inside], lat[inside]
    graph = csr_array((km, (u, v)), shape=(len(lon), len(lon)))
    tree = cKDTree(unit_vectors(lon, lat))

    def nearest(end: str) -> tuple[np.ndarray, np.ndarray]:
        x, y = pairs[f"{end}_lon"].to_numpy(), pairs[f"{end}_lat"].to_numpy()
        _, node = tree.query(unit_vectors(x, y))
        return node, distances_km(x, y, lon[node], lat[node])

    start, before = nearest("origin")
    end, after = nearest("dest")
    sources, row = np.unique(start, return_inverse=True)
    found = np.empty(len(pairs))
    for i, source in enumerate(sources):
        mine = np.flatnonzero(row == i)
        most = 3.0 * pairs["published_km"][mine].max() + 500.0
        costs = dijkstra(graph, directed=False, indices=source, limit=most)
        found[mine] = costs[end[mine]] + before[mine] + after[mine]
    return found


def store_baseline(raw: Path | None) -> None:
    """Find scgraph's lengths and keep them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("mode", "origin", "dest", "km", "scgraph_km"))
    for mode in accuracy.MODES:
        pairs = accuracy.published(mode)
        for pair, km in zip(pairs.itertuples(), scgraph_km(pairs, mode, raw), strict=True):
            length = f"{km:.1f}" if np.isfinite(km) else ""
            writer.writerow((mode, pair.origin, pair.destination, f"{pair.published_km:g}", length))
    write_atomic(datasets.root() / accuracy.BASELINE, text.getvalue())


def main(arguments: list[str]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    raw = Path(arguments[1]) if arguments[:1] == ["--raw"] else None
    console = Console()
    try:
        store_baseline(raw)
    except MissingData as error:
        console.print(f"{error} Taking the stored lengths.")
    checks = accuracy.check(Router(load_network()))
    for title, splits in (
        ("All", accuracy.SPLITS),
        ("Distances added later", accuracy.SPLITS[1:]),
        ("Distances added last", accuracy.SPLITS[2:]),
    ):
        table = Table(title=f"{title}: published lengths of {accuracy.LEAST_KM:.0f} km and more")
        for name in ("mode", "method", "pairs", "with a way", "bias %", "median |error| %",
                     "90th percentile %", "within 5 %"):  # fmt: skip
            table.add_column(name, justify="left" if name in ("mode", "method") else "right")
        for s in accuracy.scores(checks, splits).itertuples():
            name = s.method + (f" × {s.factor:.2f}" if s.factor != 1 else "")
            sizes = (f"{s.median_pct:.1f}", f"{s.p90_pct:.1f}", f"{s.within_5_pct:.0f}")
            counts = (str(s.pairs), str(s.found), f"{s.bias_pct:+.1f}")
            table.add_row(s.mode, name, *counts, *sizes)
        console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
