"""Large matrices on many processes: blocks of pairs spread over Dask workers.

The compiled hierarchies must be used and taken apart by the thread that made them, and a Dask
worker has other threads, which look into the one that computes and collect garbage. So each worker
keeps a process of its own that holds the network and answers blocks, and passes them on. When that
process dies, its block is asked again of a new one.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from horgos_geo.analysis.cluster import Progress, client_of, in_order
from horgos_geo.analysis.matrix import (
    Written,
    answer,
    check_output,
    collect,
    load,
    opened,
    write_matrix,
)
from horgos_geo.core import datasets
from horgos_geo.core.choices import Datum
from horgos_geo.core.errors import HorgosError, ReportError
from horgos_geo.core.versions import check_versions, versions
from horgos_geo.model.network import Network, load_network
from horgos_geo.model.scenario import Scenario, make_scenario
from horgos_geo.routing.router import Router

if TYPE_CHECKING:
    import pyarrow as pa

    from horgos_geo.model.place_tables import PlaceBlock

#: Seconds that one process takes for an origin, and for a pair; what both workers must save.
ORIGIN_S, PAIR_S, WORTH_S = 4e-3, 7e-6, 20.0
PAIRS_A_TASK = 1_000_000
MOST_ORIGINS_A_TASK = 500
# A block that takes so much longer than it should has hung.
_PATIENCE, _LEAST_PATIENCE_S = 100.0, 600.0


def seconds(origins: int, destinations: int) -> float:
    """Return about how long one process takes for all pairs, in seconds on a common machine."""
    return origins * ORIGIN_S + origins * destinations * PAIR_S


def write_matrix_on_workers(
    scenario: Scenario,
    network: Path | None,
    origins: Path,
    destinations: Path,
    output: Path,
    *,
    workers: int = 0,
    scheduler: str | None = None,
    datum: Datum = "wgs84",
    progress: Progress | None = None,
) -> Written:
    """Write a matrix as `matrix.write_matrix` does, with its blocks spread over processes.

    Parameters
    ----------
    scenario
        What is asked.
    network
        Folder of another network.
    origins, destinations, output
        As for `matrix.write_matrix`.
    workers
        Processes to spread over, where that is quicker than one; as many as there are processors
        when 0.
    scheduler
        Address of a Dask scheduler whose workers to use instead.
    datum, progress
        As for `matrix.write_matrix`.

    Raises
    ------
    MissingData
        Dask is not installed, or no scheduler answers.
    ReportError
        A block failed again and again, or no worker is left.
    """
    check_output(output)
    starts = load(origins, datum)
    many, blocks = opened(destinations, datum)
    if scheduler is None and (workers == 1 or seconds(len(starts), many) < WORTH_S):
        router = Router(load_network(network), scenario)
        return write_matrix(router, origins, destinations, output, datum=datum, progress=progress)
    with client_of(scheduler, workers) as client:
        return spread(client, scenario, network, (starts, many, blocks), output, progress)


def spread(
    client: Any,
    scenario: Scenario,
    network: Path | None,
    tables: tuple[PlaceBlock, int, Iterator[PlaceBlock]],
    output: Path,
    progress: Progress | None = None,
) -> Written:
    """Write a matrix with the workers of a Dask client.

    Parameters
    ----------
    client
        From `client_of`.
    scenario, network
        As for `write_matrix_on_workers`.
    tables
        The origins, how many destinations there are, and these in blocks.
    output, progress
        As for `write_matrix_on_workers`.
    """
    starts, many, blocks = tables
    asked = scenario.model_dump_json()
    folder = str(network.resolve()) if network else ""
    workers = client.scheduler_info(n_workers=-1)["workers"]

    notes = [*starts.notes]

    def calls() -> Iterator[tuple[Any, ...]]:
        """Give the arguments of each task."""
        for ends in blocks:
            notes.extend(ends.notes)
            step = _origins_a_task(len(starts), len(ends), len(workers))
            for first in range(0, len(starts), step):
                yield asked, folder, starts.part(first, first + step), ends, versions()

    answers = in_order(client, answer_block, calls(), window=2 * max(1, len(workers)))
    written = collect(answers, output, len(starts) * many, progress)
    return replace(written, notes=tuple(dict.fromkeys(notes)))


def _origins_a_task(origins: int, destinations: int, workers: int) -> int:
    """Return how many origins go into one task: few enough that each worker gets several."""
    fair = -(-origins // (4 * max(1, workers)))
    return max(1, min(fair, MOST_ORIGINS_A_TASK, PAIRS_A_TASK // max(1, destinations)))


def answer_block(
    scenario: str,
    network: str,
    origins: PlaceBlock,
    destinations: PlaceBlock,
    expected: dict[str, str],
) -> pa.Table:
    """Answer the pairs of two blocks in a Dask worker, by the process that it keeps for that.

    Parameters
    ----------
    scenario
        As JSON.
    network
        Folder of another network, or empty.
    origins, destinations
        The two blocks.
    expected
        Hashes of data and code that this worker must have.
    """
    check_versions(expected)
    limit = max(_LEAST_PATIENCE_S, _PATIENCE * seconds(len(origins), len(destinations)))
    return _Helper.of_this_worker().ask((scenario, network, origins, destinations), limit)


class _Helper:
    """A process that answers blocks, one after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "horgos_geo.analysis.matrix_workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    _one: _Helper | None = None
    _lock = threading.Lock()

    @classmethod
    def of_this_worker(cls) -> _Helper:
        """Return the helper of this process, a new one where the last has ended."""
        if cls._one is None or cls._one.process.poll() is not None:
            cls._one = cls()
        return cls._one

    def ask(self, question: tuple[Any, ...], limit_s: float) -> Any:
        """Return the answer to a question.

        Raises
        ------
        ReportError
            The process ended before it answered, or took longer than it may.
        HorgosError
            What it says about the question.
        """
        assert self.process.stdin
        assert self.process.stdout
        timer = threading.Timer(limit_s, self.process.kill)
        with self._lock:
            try:
                timer.start()
                pickle.dump(question, self.process.stdin)
                self.process.stdin.flush()
                # Written by our own process.
                found = pickle.load(self.process.stdout)  # noqa: S301
            except (EOFError, OSError, pickle.UnpicklingError):
                raise ReportError(
                    f"The process that answered a block of pairs ended (code {self.end()}); it may "
                    "have run out of memory. Ask for fewer with --workers."
                ) from None
            finally:
                timer.cancel()
        if isinstance(found, Exception):
            raise found
        return found

    def end(self) -> int:
        """End the process and return its code."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what was not written yet has no reader
                assert pipe
                pipe.close()
        return self.process.wait()


@cache
def _network(folder: str, changed_ns: int) -> Network:
    """Return a network, read once for each time that its files were written."""
    return load_network(folder or None)


@cache
def _router(scenario: str, network: str, changed_ns: int) -> Router:
    return Router(_network(network, changed_ns), make_scenario(json.loads(scenario)))


def serve() -> None:
    """Answer the blocks that come in on stdin until it closes."""
    import pyarrow as pa

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            # Written by the worker that started this process.
            scenario, network, origins, destinations = pickle.load(sys.stdin.buffer)  # noqa: S301
            found: Any
            try:
                edges = Path(network or datasets.network()) / "edges.parquet"
                changed_ns = edges.stat().st_mtime_ns if edges.exists() else 0
                router = _router(scenario, network, changed_ns)
                found = pa.concat_tables(answer(router, origins, destinations))
            except HorgosError as error:
                found = error
            except Exception as error:
                found = ReportError(f"{type(error).__name__}: {error}")
            pickle.dump(found, answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    serve()
