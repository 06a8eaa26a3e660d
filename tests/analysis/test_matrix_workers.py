"""Matrices on many processes: the same rows, whatever dies on the way, and no wait for ever."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from horgos_geo.analysis import matrix_workers
from horgos_geo.analysis.cluster import client_of, in_order
from horgos_geo.analysis.matrix import load, opened, write_matrix
from horgos_geo.analysis.matrix_workers import _Helper, answer_block, spread
from horgos_geo.core.errors import DataError, MissingData, ReportError
from horgos_geo.core.versions import versions
from horgos_geo.model.network import Network, save_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

MOST_S = 240


@pytest.fixture(scope="module")
def project(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a network and two tables of places."""
    folder = tmp_path_factory.mktemp("workers")
    save_network(network, folder / "net")
    dice = random.Random(20230718)
    towns = [(77.0, 43.3), (71.4, 51.2), (69.3, 41.3)]
    for name, count in (("origins", 40), ("destinations", 3)):
        ends = [dice.choice(towns) for _ in range(count)]
        rows = [f"{i},{x + dice.random() / 9},{y}" for i, (x, y) in enumerate(ends)]
        (folder / f"{name}.csv").write_text("\n".join(["id,lon,lat", *rows]) + "\n")
    return folder


def rows_of(folder: Path) -> list[str]:
    parts = [pq.read_table(part).to_pylist() for part in sorted(folder.glob("*.parquet"))]
    return sorted(repr(row) for part in parts for row in part)


@pytest.fixture(scope="module")
def expected(project: Path, network: Network) -> list[str]:
    tables = (project / "origins.csv", project / "destinations.csv")
    return rows_of(write_matrix(Router(network), *tables, project / "one").path)


def run(project: Path, client: object, name: str) -> list[str]:
    tables = (load(project / "origins.csv"), *opened(project / "destinations.csv"))
    written = spread(client, Scenario(), project / "net", tables, project / name)
    return rows_of(written.path)


def test_two_workers_write_the_same_rows(project: Path, expected: list[str]) -> None:
    with client_of(None, 2) as client:
        assert run(project, client, "two") == expected


def test_a_small_matrix_starts_no_workers(
    project: Path, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix_workers, "client_of", None)
    tables = (project / "origins.csv", project / "destinations.csv")
    written = matrix_workers.write_matrix_on_workers(
        Scenario(), project / "net", *tables, project / "small", workers=2
    )
    assert rows_of(written.path) == expected
    assert len(expected) == 120
    assert sum("'status': 'ok'" in row for row in expected) > 60
    assert matrix_workers.seconds(2000, 2) < matrix_workers.WORTH_S
    assert matrix_workers.seconds(2000, 50_000) > matrix_workers.WORTH_S


def test_a_process_that_dies_is_said_and_the_next_block_gets_a_new_one(project: Path) -> None:
    table = load(project / "origins.csv")
    block = (Scenario().model_dump_json(), str(project / "net"), table, table, versions())
    first = answer_block(*block)
    helper = _Helper.of_this_worker()
    helper.process.kill()
    with pytest.raises(ReportError, match="ended"):
        helper.ask(block[:4], 60.0)
    assert repr(answer_block(*block).to_pylist()) == repr(first.to_pylist())
    assert _Helper.of_this_worker() is not helper
    with pytest.raises(ReportError, match="ended"):
        _Helper.of_this_worker().ask(block[:4], 0.0)  # a block may take so long and no longer
    with pytest.raises(MissingData, match="no network"):
        answer_block(block[0], str(project / "nowhere"), *block[2:])
    with pytest.raises(DataError, match="other code"):
        answer_block(*block[:4], {**versions(), "code": "another"})
    _Helper.of_this_worker().end()


def _fail(flag: str) -> str:
    if Path(flag).exists():
        return "done"
    Path(flag).touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def _always_fail() -> None:
    raise ValueError("no luck")


def test_a_task_that_dies_is_done_again_and_one_that_always_fails_is_told(tmp_path: Path) -> None:
    with client_of(None, 1) as client:
        assert list(in_order(client, _fail, [(str(tmp_path / "flag"),)], window=1)) == ["done"]
        with pytest.raises(ValueError, match="no luck"):
            list(in_order(client, _always_fail, [()], window=1))


def test_without_workers_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("horgos_geo.analysis.cluster.ASK_AFTER_S", 0.2)
    with client_of(None, 1) as client:
        client.cluster.scale(0)
        with pytest.raises(ReportError, match="No Dask worker"):
            list(in_order(client, time.sleep, [(0,)], window=1))


@contextmanager
def loaded_machine() -> Iterator[None]:
    """Keep every processor busy twice over while the block runs."""
    code = "while True: pass"
    count = 2 * (os.cpu_count() or 1)
    busy = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def kill_one(parent: psutil.Process, after_s: float) -> None:
    """Kill a process that answers blocks, or a worker, a while after it has started."""
    time.sleep(after_s)
    with suppress(psutil.Error, IndexError):
        children = parent.children(recursive=True)
        answering = [c for c in children if "matrix_workers" in " ".join(c.cmdline())]
        workers = [c for c in children if "spawn_main" in " ".join(c.cmdline())]
        random.Random(after_s).choice(answering or workers).kill()


def many_runs(project: Path, expected: list[str], count: int) -> None:
    tables = (str(project / "origins.csv"), str(project / "destinations.csv"))
    code = (
        "import sys; from pathlib import Path; from horgos_geo.analysis import matrix_workers as m;"
        "from horgos_geo.model.scenario import Scenario; m.WORTH_S = 0.0;"
        "m.write_matrix_on_workers(Scenario(), *map(Path, sys.argv[1:]), workers=2)"
    )
    with loaded_machine():
        for number in range(count):
            out = project / f"run-{number}"
            command = [sys.executable, "-c", code, str(project / "net"), *tables, str(out)]
            process = subprocess.Popen(command, stderr=subprocess.PIPE)
            after_s = 2.0 + number % 7
            killer = threading.Thread(target=kill_one, args=(psutil.Process(process.pid), after_s))
            if number % 2:
                killer.start()
            try:
                _, said = process.communicate(timeout=MOST_S)
            finally:
                process.kill()
            assert process.returncode == 0, said.decode()[-2000:]
            assert rows_of(out) == expected


@pytest.mark.slow
def test_runs_on_a_loaded_machine_always_end(project: Path, expected: list[str]) -> None:
    """Every other run loses a process on the way; HORGOS_RUNS=50 is the test at full length."""
    many_runs(project, expected, int(os.environ.get("HORGOS_RUNS", "2")))
