"""Dask workers: a local cluster of processes, or somebody's scheduler."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from horgos_geo.core.errors import MissingData, ReportError

_ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://[^\s/]+:\d{1,5}")


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
    try:
        dask, distributed = (import_module(name) for name in ("dask", "distributed"))
    except ImportError:
        raise MissingData(
            "Sweeps need Dask, which is not installed. Run: pip install 'horgos-geo[sweep]'."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    settings = {
        # Workers start processes of their own, the kernels.
        "distributed.worker.daemon": False,
        "distributed.admin.log-format": "%(message)s",
        "distributed.scheduler.allowed-failures": 4,
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

    At most `window` of them are under way or waiting to be taken, so that memory stays flat.
    """
    waiting: list[Any] = []
    for arguments in calls:
        waiting.append(client.submit(task, *arguments, pure=False))
        if len(waiting) >= window:
            yield waiting.pop(0).result()
    while waiting:
        yield waiting.pop(0).result()
