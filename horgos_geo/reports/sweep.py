"""Sweeps: many scenarios of many reports and matrices, on Dask.

Every run is one task, and what comes back is written here, whole or not at all, under the run's
key. So the tasks of a killed worker are done again by another, and a sweep that was stopped goes
on where it was.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from horgos_geo.analysis.cluster import WORKER_DIED, client_of
from horgos_geo.analysis.matrix import load, opened
from horgos_geo.analysis.matrix_workers import spread
from horgos_geo.core import datasets
from horgos_geo.core.errors import HorgosError, ReportError
from horgos_geo.core.files import write_atomic
from horgos_geo.core.tables import csv_text
from horgos_geo.core.text import Text
from horgos_geo.core.versions import check_versions, versions
from horgos_geo.reports import provenance, publish as report
from horgos_geo.reports.notebook import Notebook
from horgos_geo.reports.page import environment
from horgos_geo.reports.sweep_plan import Run, plan, read_sweep

Progress = Callable[[int, int, str], None]
SUMMARY_EVERY_S = 10.0
ORIGINS_A_TASK = 50


@dataclass(frozen=True)
class Summary:
    """What a sweep came to: its folder, the records of its runs, and how many were there before."""

    folder: Path
    records: list[dict[str, Any]]
    kept: int

    @property
    def failed(self) -> list[dict[str, Any]]:
        """Return the records of the runs that failed."""
        return [record for record in self.records if record["status"] != "done"]


def sweep(
    path: Path | str,
    *,
    out: Path | str | None = None,
    scheduler: str | None = None,
    workers: int = 0,
    network: Path | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Run a sweep, or what is left of it.

    Parameters
    ----------
    path
        The sweep file; see `SweepSpec`.
    out
        Folder of the results; ``sweeps/<name>`` by default.
    scheduler
        Address of a Dask scheduler; a cluster of processes on this machine without it.
    workers
        Processes of that cluster; as many as there are processors when 0.
    network
        Folder of another network.
    progress
        Called with runs done, runs in all, and a sentence about the last one.

    Returns
    -------
    Summary
        Also on disk: ``summary.csv``, ``index.html``, and a page or a table a run.

    Raises
    ------
    MissingData, ScenarioError, DataError
        The sweep asks for what is not there or cannot be; nothing has started.
    OutputError
        The folder cannot be written to.
    """
    spec = read_sweep(path)
    runs = plan(spec, network)
    folder = Path(out) if out else Path("sweeps") / spec.name
    records = {run.key: record for run in runs if (record := _finished(folder, run))}
    kept = len(records)
    todo = [run for run in runs if run.key not in records]

    told = time.monotonic()

    def ended(run: Run, record: dict[str, Any]) -> None:
        """Keep a record, and tell of it."""
        nonlocal told
        records[run.key] = record
        if time.monotonic() - told > SUMMARY_EVERY_S:
            _summarise(folder, spec.name, runs, records)
            told = time.monotonic()
        if progress:
            progress(len(records), len(runs), f"{run.stem}: {record['status']}")

    _summarise(folder, spec.name, runs, records)
    if todo:
        with client_of(scheduler, min(workers, len(todo)) if workers else 0) as client:
            reports = [run for run in todo if run.kind == "report"]
            _reports(client, folder, reports, network, ended)
            for run in todo:
                if run.kind == "matrix":
                    ended(run, _one_matrix(client, folder, run, network))
    _summarise(folder, spec.name, runs, records)
    return Summary(folder, [records[run.key] for run in runs], kept)


# Reports ------------------------------------------------------------------------------------------


def _reports(
    client: Any, folder: Path, runs: Sequence[Run], network: Path | None,
    ended: Callable[[Run, dict[str, Any]], None],
) -> None:  # fmt: skip
    from distributed import as_completed

    at = str(network.resolve()) if network else ""
    futures = {}
    for run in runs:
        assert run.notebook is not None
        text = run.notebook.path.read_bytes()
        future = client.submit(
            run_notebook, run.name, text, dict(run.parameters), versions(), at,
            key=f"run-{run.key}",
        )  # fmt: skip
        futures[future] = run
    for future in as_completed(list(futures), loop=client.loop):  # type: ignore[no-untyped-call]
        run = futures.pop(future)
        try:
            result = future.result()
        except Exception as error:
            # A worker that dies again and again, or one that has other data: the others go on.
            result = {"error": _one_line(error), "html": "", "seconds": 0.0, "headline": ""}
        ended(run, _keep_report(folder, run, result))


def run_notebook(
    name: str,
    text: bytes,
    parameters: dict[str, Any],
    expected: dict[str, str],
    network: str = "",
) -> dict[str, Any]:
    """Run a notebook in a worker and return its page.

    Parameters
    ----------
    name
        Of the notebook, without its ending.
    text
        The notebook's file.
    parameters
        Checked values.
    expected
        Hashes of data and code that this worker must have.
    network
        Folder of another network.
    """
    check_versions(expected)
    started = time.perf_counter()
    error = headline = ""
    with tempfile.TemporaryDirectory(prefix="horgos-") as scratch:
        folder = Path(scratch)
        path = folder / f"{name}.ipynb"
        path.write_bytes(text)
        try:
            with datasets.using_network(network):
                published = report.publish(Notebook(path), parameters, folder)
            page, headline = published.path, next(iter(published.entry.headlines.values()))
        except ReportError as failure:
            page = folder / f"{name}.failed.html"
            error = str(failure).partition(" See ")[0]
        html = page.read_text(encoding="utf-8") if page.exists() else ""
    seconds = round(time.perf_counter() - started, 2)
    return {"html": html, "error": error, "seconds": seconds, "headline": headline}


def _keep_report(folder: Path, run: Run, result: dict[str, Any]) -> dict[str, Any]:
    good = not result["error"]
    page = folder / "runs" / f"{run.stem}{'' if good else '.failed'}.html"
    if result["html"]:
        write_atomic(page, result["html"])
    if good:
        page.with_name(f"{run.stem}.failed.html").unlink(missing_ok=True)
    return _record(
        folder, run, "done" if good else "failed",
        result=f"runs/{page.name}" if result["html"] else "", headline=result["headline"],
        seconds=result["seconds"], error=result["error"],
    )  # fmt: skip


# Matrices -----------------------------------------------------------------------------------------


def _one_matrix(client: Any, folder: Path, run: Run, network: Path | None) -> dict[str, Any]:
    assert run.matrix is not None
    assert run.scenario is not None
    started = time.perf_counter()
    place = f"matrices/{run.stem}.parquet"
    written, problem = None, ""
    try:
        tables = (load(run.matrix.origins), *opened(run.matrix.destinations))
        written = spread(client, run.scenario, network, tables, folder / place)
    except Exception as error:
        problem = _one_line(error)
    counts = written.statuses if written else {}
    words = ", ".join(f"{n:,} {kind}" for kind, n in counts.items())
    return _record(
        folder, run, "done" if written else "failed", result=place if written else "",
        headline=f"{written.rows:,} pairs: {words}" if written else "", error=problem,
        seconds=round(time.perf_counter() - started, 2),
    )  # fmt: skip


# Records and summary ------------------------------------------------------------------------------


def _record(folder: Path, run: Run, status: str, **facts: Any) -> dict[str, Any]:
    """Write and return what is known of a run; a run is finished once this stands on disk."""
    record = {
        "key": run.key, "kind": run.kind, "name": run.name, "status": status,
        "parameters": dict(run.parameters), **facts,
    }  # fmt: skip
    text = json.dumps(record, ensure_ascii=False, indent=1, default=str)
    write_atomic(folder / "records" / f"{run.stem}.json", text)
    return record


def _finished(folder: Path, run: Run) -> dict[str, Any] | None:
    """Return the record of a run whose result stands on disk; failed runs are done again."""
    try:
        text = (folder / "records" / f"{run.stem}.json").read_text(encoding="utf-8")
        record = json.loads(text)
        good = record["status"] == "done" and record["key"] == run.key
        return record if good and (folder / record["result"]).exists() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _summarise(
    folder: Path, name: str, runs: Sequence[Run], records: dict[str, dict[str, Any]]
) -> None:
    text = Text()
    varied = sorted({key for run in runs for key in run.varied})
    rows = []
    for run in runs:
        record = records.get(run.key, {"status": "waiting"})
        values = {
            key: provenance.plain(run.varied[key], text) if key in run.varied else "" for key in varied
        }
        facts = ("status", "headline", "seconds", "result", "error")
        rows.append({"kind": run.kind, "name": run.name, **{f"p.{k}": v for k, v in values.items()},
                     **{key: record.get(key, "") for key in facts}, "key": run.key})  # fmt: skip
    head = ["kind", "name", *(f"p.{key}" for key in varied), "status", "headline", "seconds",
            "result", "error", "key"]  # fmt: skip
    write_atomic(folder / "summary.csv", _csv(rows, head))
    html = environment().get_template("sweep.html.j2").render(
        name=name, rows=rows, varied=varied, done=sum(row["status"] == "done" for row in rows),
        failed=sum(row["status"] == "failed" for row in rows), versions=versions(),
        version=provenance.version(), attribution=[text(key) for key in provenance.ATTRIBUTION],
    )  # fmt: skip
    write_atomic(folder / "index.html", html)


def _csv(rows: Sequence[dict[str, Any]], head: Sequence[str]) -> str:
    names = [name.removeprefix("p.") for name in head]
    return csv_text(names, ([row.get(name) for name in head] for row in rows))


def _one_line(error: Exception) -> str:
    if isinstance(error, HorgosError):
        return str(error)
    if type(error).__name__ == "KilledWorker":
        return WORKER_DIED
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
