"""Whole commands, each as a cold process: `python -m benchmarks.commands [--sweep]`.

With `--sweep` also 24 report runs on one worker and on two, which takes minutes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import yaml

from benchmarks.graph import SEED
from benchmarks.peers import TASKS
from benchmarks.tables import beside

HORGOS = [sys.executable, "-m", "horgos_geo.cli"]
SWEEP = """
name: bench
notebooks: [1]
grid:
  origin: [Horgos, Alashankou, Erenhot, Manzhouli]
  minimise: [distance, time]
  closed_countries: [[], [BLR], [TKM]]
"""


def main() -> None:
    """Run the commands and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweep", action="store_true")
    print_table(parser.parse_args().sweep)


def print_table(sweep: bool = False) -> None:
    """Run the commands and their peers; print wall time, processor time and peak memory."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Whole tasks, each a cold process")
    for name in ("task", "by", "wall s", "processor s", "peak MB", "fastest peer to ours", "note"):
        table.add_column(name, justify="right" if name[-2:] in (" s", "MB") else "left")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for task, (arguments, note) in commands(folder).items():
            ours = measure([*HORGOS, *arguments])
            theirs = {peer: _peer(task, peer, folder) for peer in PEERS[task]}
            walls = {peer: row[0] for peer, row in theirs.items() if not isinstance(row, str)}
            table.add_row(task, "horgos", *_cells(ours), beside(ours[0], walls), note(folder))
            for peer, row in theirs.items():
                cells = ("–", "–", "–") if isinstance(row, str) else _cells(row)
                said = row if isinstance(row, str) else _written(folder / f"{peer}.html")
                table.add_row("", peer, *cells, "", said)
        if sweep:
            for line in sweeps(folder):
                table.add_row(*line)
    Console(width=130).print(table)


PEERS = {**{task: [*peers] for task, peers in TASKS.items()}, "report": ["folium"]}


def commands(folder: Path) -> dict[str, tuple[list[str], Callable[[Path], str]]]:
    """Return the arguments of each command, and what to say of it when it is done."""
    origins, destinations = places(folder / "o.csv", 200), places(folder / "d.csv", 30_000)
    road = ["--mode", "road"]
    return {
        "route": (["route", "Horgos", "Tashkent", *road, "-f", "json"], lambda _: "by road"),
        "isochrone": (["isochrones", "--from", "Horgos", "--within", "72h", *road],
                      lambda _: "72 h from Horgos by road"),
        "matrix": (["matrix", str(origins), str(destinations), "-o", str(folder / "m"), *road],
                   lambda _: "200 × 30,000 by road, 6 million rows on disk"),
        "report": (["report", "1", "--out", str(folder / "r")],
                   lambda at: _written(at / "r" / "01-routes-from-horgos.html")),
    }  # fmt: skip


def sweeps(folder: Path) -> Iterator[tuple[str, ...]]:
    """Give the rows of 24 reports: as separate commands, on one worker, on two."""
    (folder / "s.yaml").write_text(SWEEP)
    spec = yaml.safe_load(SWEEP)
    rows = {}
    start = time.perf_counter()
    runs = []
    for number, values in enumerate(itertools.product(*spec["grid"].values())):
        asked = dict(zip(spec["grid"], values, strict=True))
        texts = {key: value if isinstance(value, str) else json.dumps(value)
                 for key, value in asked.items()}  # fmt: skip
        settings = [f"--set={key}={text}" for key, text in texts.items()]
        runs.append(
            measure([*HORGOS, "report", "1", *settings, "--out", str(folder / f"a{number}")])
        )
    rows["24 × horgos report"] = (time.perf_counter() - start, sum(run[1] for run in runs),
                                  max(run[2] for run in runs))  # fmt: skip
    for workers in (1, 2):
        out = ["--out", str(folder / f"s{workers}"), "--workers", str(workers)]
        rows[f"horgos sweep, {workers} workers"] = measure(
            [*HORGOS, "sweep", str(folder / "s.yaml"), *out]
        )
    alone, one = rows["24 × horgos report"][0], rows["horgos sweep, 1 workers"][0]
    for name, row in rows.items():
        speed = f"× {alone / row[0]:.2f} of 24 commands, × {one / row[0]:.2f} of one worker"
        yield "sweep, 24 reports", name, *_cells(row), "no peer", speed


def _peer(task: str, peer: str, folder: Path) -> tuple[float, float, float] | str:
    """Measure a peer, or say in a line why it could not be."""
    try:
        return measure([sys.executable, "-m", "benchmarks.peers", task, peer, str(folder)])
    except SystemExit as error:
        return str(error).splitlines()[-1][-60:]


def _cells(row: tuple[float, float, float]) -> tuple[str, str, str]:
    return f"{row[0]:,.1f}", f"{row[1]:,.1f}", f"{row[2]:,.0f}"


def _written(file: Path) -> str:
    return f"{file.stat().st_size / 1000:,.0f} kB" if file.is_file() else ""


def measure(command: list[str]) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and peak megabytes of a command's largest process."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if status:
            said.seek(0)
            text = said.read().decode(errors="replace").strip()
            raise SystemExit(f"{' '.join(command[2:5])} failed: {text[-300:]}")
    wall = time.perf_counter() - start
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def places(file: Path, count: int) -> Path:
    """Write a table of random road nodes."""
    from horgos_geo.model.network import load_network

    network = load_network()
    random = np.random.default_rng(SEED + count)
    nodes = random.choice(np.unique(network.u[network.mode == 0]), count, replace=False)
    lines = [f"n{n},{network.lon[n]:.5f},{network.lat[n]:.5f}" for n in nodes.tolist()]
    file.write_text("\n".join(["id,lon,lat", *lines]) + "\n")
    return file


if __name__ == "__main__":
    main()
