"""Warm kernels: notebook kernels forked from a process that has read the network already.

A kernel started afresh spends seconds on imports and on reading the network. A worker that runs
many notebooks keeps one process that has done both, and forks each kernel from it: every run
still has a kernel of its own, and nothing that one run does reaches the next.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from functools import cache
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Any

from horgos_geo.reports import papermill as _papermill


def use() -> bool:
    """Fork the kernels of this process from a warm one; say whether that can be done here."""
    if not _possible():
        return False
    _papermill.provisioner = _provisioner()
    _context()
    forkserver.ensure_running()  # it gets warm while this process reads papermill
    return True


def _possible() -> bool:
    # A daemon process, such as a worker that somebody else's nanny started, may have no children.
    return (
        sys.platform.startswith("linux") and not multiprocessing.current_process().daemon
    )  # fork is not safe beside the system libraries of macOS, and absent on Windows


@cache
def _context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["horgos_geo.reports.prefork_imports"])
    return context


@cache
def _provisioner() -> type:
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner

    class Forked(LocalProvisioner):  # type: ignore[misc]
        async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
            manager: Any = self.parent
            stderr = options["stderr"].name
            process = _Process(manager.connection_file, stderr, dict(options["env"]))
            self.process = process
            self.pid = self.pgid = process.pid
            return self.connection_info

    return Forked


class _Process:
    """A forked kernel, with the part of `subprocess.Popen` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, connection_file: str, stderr: str, environment: dict[str, str]) -> None:
        self._process: BaseProcess = _context().Process(
            target=_kernel, args=(connection_file, stderr, environment)
        )
        self._process.start()
        assert self._process.pid
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _kernel(connection_file: str, stderr: str, environment: dict[str, str]) -> None:
    """Become a kernel. Runs in the forked process."""
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    # The warm process ends when nobody holds this end of its pipe. Were it held here, each of the
    # two would outlive a killed worker by waiting for the other.
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]
    os.environ.update(environment)
    log = os.open(stderr, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, 2)
    np.random.seed(None)  # noqa: NPY002 - forks would otherwise draw the same numbers
    # The kernel ends when the warm process does, which ends with the worker that started it.
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    IPKernelApp.launch_instance(argv=["-f", connection_file, parent])
