"""Dask workers: a local cluster of processes, or somebody's scheduler."""

from __future__ import annotations

import logging
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from horgos_geo.core.errors import MissingData, ReportError

Progress = Callable[[int, int], None]
WORKER_DIED = "The worker died each time this was tried; it may have run out of memory."
#: How often what failed is done again, and after how many seconds one looks whether anybody is
#: still at work.
RETRIES, ASK_AFTER_S = 3, 15.0

_ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://[^\s/]+:\d{1,5}")


def import_dask() -> tuple[Any, Any]:
    """Return the modules dask and distributed.

    Raises
    ------
    MissingData
        They are not installed.
    """
    try:
        return import_module("dask"), import_module("distributed")
    except ImportError:
        raise MissingData(
            "This needs Dask, which is not installed. Run: pip install distributed."
        ) from None


@contextmanager
def client_of(scheduler: str | None, workers: int) -> Iterator[Any]:
    """Give a Dask client.

    Parameters
    ----------
    scheduler
        Address of a running scheduler; a cluster of processes on this machine without it.
    workers
        Processes of that cluster; as many as there are processors when 0.

    Raises
    ------
    MissingData
        Dask is not installed, or no scheduler answers at the address.
    ReportError
        The processes of a local cluster do not start.
    """
    dask, distributed = import_dask()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    settings = {
        # Workers start processes of their own, the kernels.
        "distributed.worker.daemon": False,
        "distributed.admin.log-format": "%(message)s",
        "distributed.scheduler.allowed-failures": RETRIES + 1,
        "distributed.worker.profile.enabled": False,
        # A worker that computes for minutes is not a lost one.
        "distributed.comm.timeouts.connect": "60s",
        "distributed.worker.memory.terminate": False,
    }
    with dask.config.set(settings):
        if scheduler is not None:
            if not _ADDRESS.fullmatch(scheduler):
                raise MissingData(
                    f"{scheduler[:200]!r} is no address of a Dask scheduler. "
                    "Write one such as tcp://host:8786."
                )
            try:
                client = distributed.Client(scheduler, timeout="20s", set_as_default=False)
            except (OSError, ValueError, TimeoutError) as error:
                raise MissingData(
                    f"No Dask scheduler answers at {scheduler[:200]}: {_first(error)}. "
                    "Check the address, such as tcp://host:8786."
                ) from None
            with client:
                yield client
            return
        with (
            _cluster(distributed, workers or os.cpu_count() or 1) as cluster,
            distributed.Client(cluster, set_as_default=False) as client,
        ):
            yield client


def _cluster(distributed: Any, workers: int) -> Any:
    def start() -> Any:
        return distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            # Any free port: the usual one is taken where another sweep runs.
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
            memory_limit=None,
        )

    try:
        return start()
    except (RuntimeError, OSError, TimeoutError):
        # On a busy machine a process may come too late, or find its port taken; once more helps.
        pass
    try:
        return start()
    except (RuntimeError, OSError, TimeoutError) as error:
        raise ReportError(
            f"The Dask workers did not start: {_first(error)}. Ask for fewer with --workers."
        ) from None


def _first(error: Exception) -> str:
    return " ".join(str(error).split())[:120].rstrip(".") or type(error).__name__


def in_order(
    client: Any, task: Callable[..., Any], calls: Iterable[tuple[Any, ...]], window: int
) -> Iterator[Any]:
    """Run a task for many arguments and yield the results in order.

    At most `window` of them are under way or waiting to be taken, so that memory stays flat. One
    that fails, or whose worker dies, is done again; when it fails each time, that is raised.

    Parameters
    ----------
    client
        From `client_of`.
    task
        A function that the workers can import.
    calls
        Arguments of each call.
    window
        How many at a time.

    Raises
    ------
    ReportError
        The workers died each time, or none is left.
    """
    waiting: deque[tuple[Any, tuple[Any, ...]]] = deque()
    for arguments in calls:
        waiting.append((_submit(client, task, arguments), arguments))
        if len(waiting) >= window:
            yield _result(client, task, *waiting.popleft())
    while waiting:
        yield _result(client, task, *waiting.popleft())


def _submit(client: Any, task: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return client.submit(task, *arguments, pure=False, retries=RETRIES)


def _result(client: Any, task: Callable[..., Any], future: Any, arguments: tuple[Any, ...]) -> Any:
    """Return what a task gave, asking now and then whether anybody is still at work."""
    lost = alone = 0
    while True:
        try:
            return future.result(timeout=ASK_AFTER_S)
        except TimeoutError:
            alone = 0 if _has_workers(client) else alone + 1
            if alone > RETRIES:
                raise ReportError(
                    "No Dask worker is left. Start workers, or ask for fewer with --workers."
                ) from None
        except CancelledError:  # the scheduler forgot it, with a worker that it lost
            lost += 1
            if lost > RETRIES or not _has_workers(client):
                raise ReportError("The Dask scheduler has gone. Start it again.") from None
            future = _submit(client, task, arguments)
        except Exception as error:
            if type(error).__name__ == "KilledWorker":
                raise ReportError(WORKER_DIED) from None
            raise


def _has_workers(client: Any) -> bool:
    with suppress(OSError, TimeoutError):
        return bool(client.status == "running" and client.scheduler_info(n_workers=-1)["workers"])
    return False
