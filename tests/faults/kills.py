"""Kill builds at random moments and look at what is left: `python -m tests.faults.kills`.

Each round starts a report build or a sweep in a process group of its own, kills the whole group
with SIGKILL after a random time, and checks every published file: each must be whole, an older
page must still be there, and no page may have shrunk to a part. In the end the sweep is run to its
end and must have lost nothing that was finished.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Kills"},
        {"cell_type": "code", "id": "b", "metadata": {"tags": ["parameters"]}, "outputs": [],
         "execution_count": None, "source": "word: str = 'one'"},
        {"cell_type": "code", "id": "c", "metadata": {}, "outputs": [], "execution_count": None,
         "source": "from IPython.display import HTML\nHTML(f'<h1>{word}</h1>' + 'x' * 500_000)"},
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
    "nbformat": 4, "nbformat_minor": 5,
}  # fmt: skip
SWEEP = "name: k\nnotebooks: [90-kills.ipynb]\ngrid: {{word: [{}]}}\n"


def main() -> None:
    """Run the rounds and print what was found; exit code 1 when anything was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20230718)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        broken = rounds(Path(scratch), given.kills, random.Random(given.seed))
    for problem in broken:
        print(problem)
    print(f"{given.kills} builds killed, {len(broken)} broken or lost files")
    sys.exit(bool(broken))


def rounds(folder: Path, kills: int, chance: random.Random) -> list[str]:
    """Kill `kills` builds and return one sentence for each file that is not whole."""
    notebook = folder / "90-kills.ipynb"
    notebook.write_text(json.dumps(NOTEBOOK))
    sweep = folder / "sweep.yaml"
    words = [f"w{i}" for i in range(12 * kills)]  # more than the sweeps come to
    sweep.write_text(SWEEP.format(", ".join(words)))
    horgos = [sys.executable, "-m", "horgos_geo.cli"]
    report = [*horgos, "report", str(notebook), "--out", str(folder / "reports")]
    swept = [*horgos, "sweep", str(sweep), "--out", str(folder / "out"), "--workers", "1"]
    usual_s = {"report": _timed(report), "sweep": 1.5 * _first_results(swept, folder / "out")}
    problems: list[str] = []
    finished: set[str] = set()
    killed = dict.fromkeys(usual_s, 0)
    while (number := sum(killed.values())) < kills:
        kind = "report" if number % 2 else "sweep"
        command = [*report, "--set", f"word=r{number}"] if kind == "report" else swept
        # Half of the kills fall where files are written, near the end of a build.
        moment = chance.uniform(0.7, 1.1) if chance.random() < 0.5 else chance.uniform(0.05, 1.0)
        start = time.monotonic()
        if _killed(command, usual_s[kind] * moment):
            killed[kind] += 1
        else:
            # It ended first: no kill. Another takes its place, and this is how long one takes now.
            usual_s[kind] = time.monotonic() - start
        problems += [f"kill {number}: {problem}" for problem in broken_files(folder)]
        now = {file.name for file in (folder / "out" / "records").glob("*.json")}
        problems += [f"kill {number}: lost {name}" for name in finished - now]
        finished = now
        print(f"{killed} of {kills} killed, {len(finished)} runs finished", file=sys.stderr)
    records = [folder / "out" / "records" / name for name in sorted(finished)]
    done = [json.loads(record.read_text())["parameters"]["word"] for record in records]
    sweep.write_text(SWEEP.format(", ".join([*done, "last", "least"])))
    return problems + _lost(swept, folder, records)


def _killed(command: list[str], after_s: float) -> bool:
    """Start a build, kill its whole group after a time, and say whether it still ran."""
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _lost(command: list[str], folder: Path, records: list[Path]) -> list[str]:
    """Run a sweep of what was finished and two more to its end; say what was made again."""
    before = {record: record.stat().st_mtime_ns for record in records}
    _timed(command)
    problems = [f"at the end: {problem}" for problem in broken_files(folder)]
    again = [record.name for record, stamp in before.items() if record.stat().st_mtime_ns != stamp]
    if len(list((folder / "out" / "records").glob("*.json"))) != len(records) + 2:
        problems.append("at the end: the last two runs are not there")
    return [*problems, *(f"at the end: {name} was made again" for name in again)]


def _timed(command: list[str]) -> float:
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


def _first_results(command: list[str], out: Path) -> float:
    """Return how long a sweep takes to finish its first two runs, then kill it."""
    start = time.monotonic()
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    while len(list((out / "records").glob("*.json"))) < 2 and time.monotonic() - start < 300:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return time.monotonic() - start


def broken_files(folder: Path) -> list[str]:
    """Return the published files that are not whole; temporary ones begin with a dot."""
    problems = []
    if not (folder / "reports" / "90-kills.html").is_file():
        problems.append("the published report is gone")
    for file in folder.rglob("*"):
        if not file.is_file() or any(
            part.startswith(".") for part in file.relative_to(folder).parts
        ):
            continue
        data = file.read_bytes()
        if file.suffix == ".html" and not data.rstrip().endswith(b"</html>"):
            problems.append(f"{file.name} is cut")
        if file.suffix == ".json":
            record = json.loads(data)
            if record.get("result") and not (folder / "out" / record["result"]).is_file():
                problems.append(f"{file.name} names a result that is not there")
        if file.suffix == ".csv" and not data.endswith(b"\n"):
            problems.append(f"{file.name} is cut")
    return problems


if __name__ == "__main__":
    main()
