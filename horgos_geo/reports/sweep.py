"""Sweeps: many scenarios of many reports and matrices, on Dask.

Every run is one task, and what comes back is written here, whole or not at all, under the run's
key. So the tasks of a killed worker are done again by another, and a sweep that was stopped goes
on where it was.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from horgos_geo.analysis.cluster import WORKER_DIED, client_of, import_dask
from horgos_geo.analysis.matrix import load, opened
from horgos_geo.analysis.matrix_workers import spread
from horgos_geo.core import datasets
from horgos_geo.core.errors import HorgosError, ReportError
from horgos_geo.core.files import write_atomic
from horgos_geo.core.tables import csv_text
from horgos_geo.core.text import Text
from horgos_geo.core.versions import check_versions, versions
from horgos_geo.reports import provenance
from horgos_geo.reports.notebook import Notebook
from horgos_geo.reports.page import environment
from horgos_geo.reports.publish import publish
from horgos_geo.reports.sweep_plan import SweepRun, plan, read_sweep
from horgos_geo.views.display import FigureTable

Progress = Callable[[int, int, str], None]
SUMMARY_EVERY_S = 10.0


@dataclass(frozen=True)
class SweepResult:
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
) -> SweepResult:
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
    SweepResult
        Also on disk: ``summary.csv`` with the figures of each run, ``index.html``, a page or a
        matrix a run, and in ``tables`` each table of the reports with the rows of all runs.

    Raises
    ------
    MissingData, ScenarioError, DataError
        The sweep asks for what is not there or is invalid; nothing has started.
    OutputError
        The folder cannot be written to.
    """
    import_dask()  # before anything is written
    spec = read_sweep(path)
    runs = plan(spec, network)
    book = _Book(Path(out) if out else Path("sweeps") / spec.name, spec.name, runs)
    book.read()
    kept = len(book.records)
    book.summarise()
    todo = [run for run in runs if run.key not in book.records]

    def ended(run: SweepRun, record: dict[str, Any]) -> None:
        """Keep a record, and tell of it."""
        book.keep(run, record)
        if progress:
            progress(len(book.records), len(runs), f"{run.stem}: {record['status']}")

    if todo:
        with client_of(scheduler, min(workers, len(todo)) if workers else 0) as client:
            for run, result in _reports(client, todo, network):
                ended(run, _keep_report(book.folder, run, result))
            for run in todo:
                if run.kind == "matrix":
                    ended(run, _one_matrix(client, book.folder, run, network))
    book.summarise()
    return SweepResult(book.folder, [book.records[run.key] for run in runs], kept)


# Reports ------------------------------------------------------------------------------------------


def _reports(
    client: Any, runs: Sequence[SweepRun], network: Path | None
) -> Iterator[tuple[SweepRun, dict[str, Any]]]:
    """Run the notebooks and yield what each gave as it ends."""
    from distributed import as_completed

    folder = str(network.resolve()) if network else ""
    futures = {}
    for run in runs:
        if run.notebook is not None:
            text = run.notebook.path.read_bytes()
            call = (run.name, text, dict(run.parameters), versions(), folder)
            futures[client.submit(run_notebook, *call, key=f"run-{run.key}")] = run
    for future in as_completed(list(futures), loop=client.loop):  # type: ignore[no-untyped-call]
        run = futures.pop(future)
        try:
            yield run, future.result()
        except Exception as error:
            # A worker that dies again and again, or one that has other data: the others go on.
            yield run, {"error": _one_line(error)}


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
    found: dict[str, Any] = {"error": ""}
    with tempfile.TemporaryDirectory(prefix="horgos-") as scratch:
        folder = Path(scratch)
        path = folder / f"{name}.ipynb"
        path.write_bytes(text)
        try:
            with datasets.using_network(network):
                published = publish(Notebook(path), parameters, folder)
            page = published.path
            found["headline"] = next(iter(published.entry.headlines.values()))
            found["tables"] = [asdict(table) for table in published.tables]
        except ReportError as failure:
            page = folder / f"{name}.failed.html"
            found["error"] = str(failure).partition(" See ")[0]
        found["html"] = page.read_text(encoding="utf-8") if page.exists() else ""
    return {**found, "seconds": round(time.perf_counter() - started, 2)}


def _keep_report(folder: Path, run: SweepRun, found: dict[str, Any]) -> dict[str, Any]:
    """Write the page of a run and return the run's record."""
    html, error = found.get("html", ""), found["error"]
    page = folder / "runs" / f"{run.stem}{'.failed' if error else ''}.html"
    if html:
        write_atomic(page, html)
    if not error:
        page.with_name(f"{run.stem}.failed.html").unlink(missing_ok=True)
    tables = found.get("tables", [])
    return {
        "status": "failed" if error else "done",
        "result": f"runs/{page.name}" if html else "",
        "headline": found.get("headline", ""),
        "figures": dict(pair for table in tables for pair in medians(FigureTable(**table))),
        "tables": tables,
        "seconds": found.get("seconds", 0.0),
        "error": error,
    }


def medians(table: FigureTable) -> Iterator[tuple[str, float]]:
    """Yield the median of each column of numbers, for each mode apart where there is one.

    Parameters
    ----------
    table
        What a report shows.

    Examples
    --------
    >>> dict(medians(FigureTable("routes", ["name", "km"], [["Osh", 1.0], ["Oral", 4.0]])))
    {'routes km': 2.5}
    """
    mode = table.head.index("mode") if "mode" in table.head else None
    for position, column in enumerate(table.head):
        values: dict[str, list[float]] = {}
        for row in table.rows:
            number = _number(row[position])
            if number is not None:
                group = f" {row[mode]}" if mode is not None else ""
                values.setdefault(group, []).append(number)
        for group, numbers in values.items():
            yield f"{table.name} {column}{group}", round(median(numbers), 4)


def _number(cell: Any) -> float | None:
    try:
        return float(cell)
    except (TypeError, ValueError):
        return None


# Matrices -----------------------------------------------------------------------------------------


def _one_matrix(client: Any, folder: Path, run: SweepRun, network: Path | None) -> dict[str, Any]:
    """Answer one matrix with all workers and return the run's record."""
    assert run.matrix is not None
    assert run.scenario is not None
    started = time.perf_counter()
    record: dict[str, Any] = {"status": "failed", "result": "", "headline": "", "figures": {}}
    place = f"matrices/{run.stem}.parquet"
    try:
        tables = (load(run.matrix.origins), *opened(run.matrix.destinations))
        written = spread(client, run.scenario, network, tables, folder / place)
    except Exception as error:
        record["error"] = _one_line(error)
    else:
        words = ", ".join(f"{n:,} {kind}" for kind, n in written.statuses.items())
        figures = {"pairs": written.rows, **written.statuses, "mean": round(written.mean, 3)}
        record |= {
            "status": "done",
            "result": place,
            "headline": f"{written.rows:,} pairs: {words}",
            "figures": {f"{run.name} {name}": number for name, number in figures.items()},
            "error": "",
        }
    return {**record, "seconds": round(time.perf_counter() - started, 2)}


# Records and summary ------------------------------------------------------------------------------


class _Book:
    """The records of a sweep's runs, and what is written of all of them together."""

    def __init__(self, folder: Path, name: str, runs: Sequence[SweepRun]) -> None:
        self.folder, self.name, self.runs = folder, name, runs
        self.records: dict[str, dict[str, Any]] = {}
        self.varied = sorted({key for run in runs for key in run.varied})
        self._told = time.monotonic()

    def read(self) -> None:
        """Read the records of runs whose results stand on disk; failed runs are done again."""
        for run in self.runs:
            try:
                text = self._file(run).read_text(encoding="utf-8")
                record = json.loads(text)
                good = record["status"] == "done" and record["key"] == run.key
                if good and (self.folder / record["result"]).exists():
                    self.records[run.key] = record
            except (OSError, ValueError, KeyError, TypeError):
                continue

    def keep(self, run: SweepRun, record: dict[str, Any]) -> None:
        """Write a record; its run is finished once this stands on disk."""
        about = {"key": run.key, "kind": run.kind, "name": run.name}
        record = {**about, "parameters": dict(run.parameters), **record}
        text = json.dumps(record, ensure_ascii=False, indent=1, default=str)
        write_atomic(self._file(run), text)
        self.records[run.key] = record
        if time.monotonic() - self._told > SUMMARY_EVERY_S:
            self.summarise()

    def _file(self, run: SweepRun) -> Path:
        return self.folder / "records" / f"{run.stem}.json"

    def summarise(self) -> None:
        """Write what is known of all runs: the summary, each table, and the page."""
        facts = ("status", "headline", "seconds", "result", "error")
        records = [self.records.get(run.key, {"status": "waiting"}) for run in self.runs]
        figures = list(dict.fromkeys(name for r in records for name in r.get("figures", ())))
        head = ["kind", "name", *self.varied, *facts[:2], *figures, *facts[2:], "key"]
        rows = []
        for run, record in zip(self.runs, records, strict=True):
            known = [record.get(fact, "") for fact in facts]
            values = [record.get("figures", {}).get(name) for name in figures]
            about = [run.kind, run.name, *self._varied_values(run)]
            rows.append([*about, *known[:2], *values, *known[2:], run.key])
        write_atomic(self.folder / "summary.csv", csv_text(head, rows))
        tables = self._write_tables()
        text = Text()
        html = (
            environment()
            .get_template("sweep.html.j2")
            .render(
                name=self.name,
                rows=[
                    {"name": run.name, "varied": self._varied_values(run), **record}
                    for run, record in zip(self.runs, records, strict=True)
                ],
                varied=self.varied,
                tables=tables,
                done=sum(record["status"] == "done" for record in records),
                failed=sum(record["status"] == "failed" for record in records),
                versions=versions(),
                version=provenance.version(),
                attribution=[text(key) for key in provenance.ATTRIBUTION],
            )
        )
        write_atomic(self.folder / "index.html", html)
        self._told = time.monotonic()

    def _varied_values(self, run: SweepRun) -> list[str]:
        text = Text()
        return [
            provenance.plain(run.varied[key], text) if key in run.varied else ""
            for key in self.varied
        ]

    def _write_tables(self) -> list[str]:
        """Write each table of the reports with the rows of all runs; return the files' names."""
        found: dict[tuple[str, tuple[str, ...]], list[list[Any]]] = {}
        for run in self.runs:
            for values in self.records.get(run.key, {}).get("tables", ()):
                table = FigureTable(**values)
                rows = found.setdefault((f"{run.name}.{table.name}", tuple(table.head)), [])
                rows += [[run.key, *self._varied_values(run), *row] for row in table.rows]
        names: list[str] = []
        for (name, head), rows in found.items():
            # Under other parameters a table may have other columns.
            again = sum(known.startswith(f"{name}.") for known in names)
            names.append(f"{name}.{again + 1}.csv" if again else f"{name}.csv")
            columns = ["run", *self.varied, *head]
            write_atomic(self.folder / "tables" / names[-1], csv_text(columns, rows))
        return names


def _one_line(error: Exception) -> str:
    if isinstance(error, HorgosError):
        return str(error)
    if type(error).__name__ == "KilledWorker":
        return WORKER_DIED
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
