"""Print the benchmark tables: `python -m benchmarks [--quick]`, or `make bench`.

Every engine runs in a process of its own on the same graph, so that its peak memory is its own.
Times are the best of a few runs; lengths are compared with scipy's. All of it takes most of an
hour; `--quick` leaves out the sweeps and networks of over a million edges, and takes ten minutes.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np

from benchmarks.tables import beside, cell

CAPTION = (
    "scgraph and networkx: 25 × 2,000 is 25 times 1 × 2,000. Valhalla and OSRM read extracts of "
    "OpenStreetMap and no graph like this: `python -m benchmarks.streets` sets them beside it."
)
#: What an engine may take to build and answer, seconds.
MOST_S = 1800
TASKS = {
    "build": "build",
    "new weights": "customise",
    "one path": "path",
    "1 × 2,000": "one",
    "25 × 2,000": "many",
}


def main() -> None:
    """Run every engine and print the tables, the slowest last."""
    from rich.console import Console

    from benchmarks import closures, growth, sizes
    from benchmarks.commands import print_table

    quick = "--quick" in sys.argv
    console = Console(width=130)
    console.print(engine_table(console))
    console.print(whole_process())
    # In a process of its own, so that its peak memory is its own.
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.gateways"], capture_output=True, text=True, check=True
    )
    console.print(done.stdout.strip())
    closures.main()
    sizes.main()
    print_table(sweep=not quick)
    growth.print_rows(most=6 if quick else 7)


def engine_table(console: Any) -> Any:
    """Ask every engine the same and return one row a task, with the fastest peer's ratio to us."""
    from rich.table import Table

    from benchmarks.engines import ENGINES, OURS, PACKAGES

    answers = {}
    for name in ENGINES:
        with console.status(f"{name} …"):
            answers[name] = run(name)
    good = {name: answer for name, answer in answers.items() if "error" not in answer}
    table = Table(title="Road network, random nodes; milliseconds, the best of a few runs")
    table.add_column("task")
    for name in (*good, "fastest peer to ours"):
        table.add_column(name, justify="right")
    for task, key in TASKS.items():
        seconds = {name: answer[key] for name, answer in good.items()}
        ours = seconds.pop(OURS)
        times = (cell(s and s * 1000) for s in (ours, *seconds.values()))
        table.add_row(task, *times, beside(ours, seconds))
    reference = np.array(good["scipy"]["km"], dtype=float)
    peaks, apart = [], []
    for answer in good.values():
        km = np.array(answer["km"], dtype=float)
        peaks.append(cell(answer["peak_mb"], 0))
        apart.append(cell(float(np.nanmax(np.abs(km - reference[: len(km)]))) * 1000, 0))
    table.add_row("peak, MB", *peaks, "")
    table.add_row("largest difference from scipy, m", *apart, "")
    versions = [f"{PACKAGES[name]} {version(PACKAGES[name])}" for name in good]
    table.add_row("version", *versions, "")
    missing = [f"{name}: {answers[name]['error']}." for name in answers if name not in good]
    table.caption = " ".join([CAPTION, *missing])
    return table


def run(engine: str) -> dict[str, Any]:
    """Run one engine in a new process and return what it measured."""
    command = [sys.executable, "-m", "benchmarks", engine]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=MOST_S)
    except subprocess.TimeoutExpired:
        return {"error": f"not done in {MOST_S // 60} minutes"}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["failed"])[-1]}
    return dict(json.loads(done.stdout))


def child(engine: str) -> None:
    """Measure one engine and print the answer as JSON."""
    from benchmarks.engines import ENGINES
    from benchmarks.graph import road_graph

    answer = ENGINES[engine](road_graph())
    answer["km"] = np.asarray(answer["km"]).tolist()
    answer["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump(answer, sys.stdout)


def whole_process() -> str:
    """Time a cold `horgos route` as a whole process, and loading the network."""
    from benchmarks.commands import HORGOS, measure
    from horgos_geo.model.network import load_network

    command = [*HORGOS, "route", "Horgos", "Tashkent", "--mode", "rail", "--format", "json"]
    runs = [measure(command) for _ in range(5)]
    loads = []
    for _ in range(5):
        start = time.perf_counter()
        load_network()
        loads.append(time.perf_counter() - start)
    wall, peak = np.median([run[0] for run in runs]), max(run[2] for run in runs)
    return (
        f"Cold `horgos route`, whole process: {wall:.2f} s (peak {peak:,.0f} MB). "
        f"Loading the network: {np.median(loads):.2f} s."
    )


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        child(sys.argv[1])
    else:
        main()
