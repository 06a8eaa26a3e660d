"""Run one notebook by papermill, in a kernel of the interpreter that runs this."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from horgos_geo.core.errors import OutputError, ReportError

_kernels: set[int] = set()
_stopping = threading.Event()

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Failure:
    """The cell that failed: its number in the notebook's code cells, its text, the error."""

    number: int
    source: str
    error: str
    traceback: str


@dataclass(frozen=True)
class Run:
    """An executed notebook and, when it did not run to its end, why."""

    notebook: Any
    failure: Failure | None = None


def execute(path: Path, parameters: dict[str, Any], log: Path) -> Run:
    """Run a notebook from top to bottom.

    Parameters
    ----------
    path
        The notebook.
    parameters
        Checked values; papermill puts them below the parameters cell.
    log
        Receives what the kernel writes to its standard error.

    Raises
    ------
    OutputError
        The log cannot be written.
    ReportError
        The kernel stopped, twice.
    """
    import zmq
    from nbclient.exceptions import DeadKernelError

    unlucky = (DeadKernelError, zmq.ZMQError, RuntimeError, TimeoutError)
    try:
        return _execute_once(path, parameters, log)
    except unlucky:
        # Two kernels that start in the same moment may be given the same port; once more helps.
        if _stopping.is_set():
            raise ReportError(f"{path.stem} was interrupted.") from None
    try:
        return _execute_once(path, parameters, log)
    except unlucky as error:
        raise ReportError(
            f"The kernel that ran {path.stem} stopped: {str(error) or type(error).__name__}. "
            f"It may have run out of memory; see {log}."
        ) from error


def stop_all() -> None:
    """End every kernel that runs now, as when a person presses Ctrl-C."""
    _stopping.set()
    for process in list(_kernels):
        with suppress(OSError):
            os.kill(process, signal.SIGTERM)


def _execute_once(path: Path, parameters: dict[str, Any], log: Path) -> Run:
    with _without_grammar():
        import nbformat
        import papermill
        from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="horgos-") as folder:
        output = Path(folder) / "executed.ipynb"
        try:
            stderr = log.open("a", encoding="utf-8")
        except OSError as error:
            raise OutputError(
                f"Cannot write {log}: {error.strerror}. Choose a folder that you may write to."
            ) from None
        with stderr:
            try:
                executed = papermill.execute_notebook(
                    nbformat.read(path, as_version=4),
                    output,
                    parameters,
                    kernel_name="python3",
                    language="python",
                    progress_bar=False,
                    start_timeout=120,
                    kernel_manager_class=_kernel_manager(stderr, Path(folder)),
                )
            except PapermillExecutionError as error:
                return _failed(nbformat.read(output, as_version=4), error)
    return Run(executed)


@contextmanager
def _without_grammar() -> Iterator[None]:
    """Let jsonschema do without a grammar of web addresses, which takes a second to build.

    It is optional there, and no part of a notebook is checked by it.
    """
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop(name, None)


def _kernel_manager(stderr: IO[str], folder: Path) -> type:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    # Whatever kernels are registered on this machine, and whatever IPython start-up files its
    # user has, a report runs in the interpreter and the packages that were asked to make it.
    spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3",
        language="python",
    )

    class RunningInterpreter(AsyncKernelManager):  # type: ignore[misc]
        provisioner: Any

        @property
        def kernel_spec(self) -> KernelSpec:
            return spec

        async def start_kernel(self, **options: Any) -> None:
            environment = {
                **os.environ,
                "IPYTHONDIR": str(folder),
                "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            }
            await super().start_kernel(**{**options, "env": environment, "stderr": stderr})
            _kernels.add(self.provisioner.pid)

        async def cleanup_resources(self, restart: bool = False) -> None:
            _kernels.discard(getattr(self.provisioner, "pid", 0))
            await super().cleanup_resources(restart)

    return RunningInterpreter


def _failed(notebook: Any, error: Any) -> Run:
    # papermill marks a failure with cells of its own, which point to anchors of its own.
    notebook.cells = [
        cell
        for cell in notebook.cells
        if not any(tag.startswith("papermill-error") for tag in cell.metadata.get("tags", []))
    ]
    number = 0
    for cell in notebook.cells:
        number += cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get(
            "tags", []
        )
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            cell.outputs = [item for item in cell.outputs if item.output_type != "error"]
            break
    traceback = _ANSI.sub("", "\n".join(error.traceback))
    sentence = f"{error.ename}: {error.evalue}".removesuffix(": ")
    return Run(notebook, Failure(number, error.source, _ANSI.sub("", sentence), traceback))
