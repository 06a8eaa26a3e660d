"""Reports: notebooks run by papermill, published as HTML files that open with no network.

A page is written whole or not at all. A run that fails leaves the last good page in place, writes
``<name>.failed.html`` beside it, and says which cell failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from horgos_geo.core.errors import HorgosError, ReportError
from horgos_geo.core.files import check_folder, write_atomic
from horgos_geo.core.text import LANGUAGES
from horgos_geo.core.yaml_files import read_yaml
from horgos_geo.reports import papermill
from horgos_geo.reports.edition import make_edition
from horgos_geo.reports.notebook import Notebook, find_notebooks
from horgos_geo.reports.page import render
from horgos_geo.reports.papermill import Failure, Run
from horgos_geo.reports.report_index import Entry, entry, update_manifest, write_list
from horgos_geo.reports.validate_parameters import check_parameters, validate_values
from horgos_geo.views.display import FigureTable

__all__ = ["Published", "build", "find_notebooks", "publish"]

Progress = Callable[[str, bool], None]


@dataclass(frozen=True)
class Published:
    """A page that was written, what a list says of it, and what the tables on it show."""

    path: Path
    entry: Entry
    tables: tuple[FigureTable, ...] = ()


def build(
    names: Sequence[str] = (),
    *,
    parameters: Mapping[str, Any] | Path | str | None = None,
    settings: Sequence[str] = (),
    out: Path | str = "out",
    jobs: int = 1,
    progress: Progress | None = None,
) -> list[Path]:
    """Run notebooks and publish their pages and the list of reports.

    A notebook with a parameter ``language`` runs once for each language, unless one is asked for;
    its page holds them all.

    Parameters
    ----------
    names
        Notebooks by name, number or path; all of the project's own when empty.
    parameters
        Values for the notebooks' parameters, or the path of a YAML file with them.
    settings
        Texts ``KEY=VALUE``, which win over `parameters`.
    out
        Folder for the pages. Nothing is written outside it.
    jobs
        How many notebooks run at a time.
    progress
        Called with a notebook's name and whether it went well, as each one ends.

    Returns
    -------
    list of Path
        The pages, in the order of the notebooks.

    Raises
    ------
    ScenarioError
        An unknown or ill-typed parameter; no kernel has started.
    MissingData
        No such notebook or parameter file.
    OutputError
        The folder cannot be written to.
    ReportError
        Notebooks failed; the message names the cells. The others are published.
    """
    notebooks = find_notebooks(names)
    values = read_yaml(Path(parameters)) if isinstance(parameters, str | Path) else parameters
    checked = check_parameters(notebooks, values, settings)
    for notebook in notebooks:
        validate_values(notebook.defaults | checked[notebook.name])
    folder = Path(out)
    check_folder(folder)

    results: dict[str, Published | HorgosError] = {}

    def _finish(notebook: Notebook, runs: dict[str, Run | HorgosError]) -> None:
        try:
            results[notebook.name] = _write(notebook, checked[notebook.name], folder, runs)
        except HorgosError as error:
            results[notebook.name] = error
        if progress:
            progress(notebook.name, isinstance(results[notebook.name], Published))

    _run_all({notebook: checked[notebook.name] for notebook in notebooks}, folder, jobs, _finish)
    done = [results[notebook.name] for notebook in notebooks]
    update_manifest(folder, [item.entry for item in done if isinstance(item, Published)])
    write_list(folder)
    errors = [str(item) for item in done if isinstance(item, HorgosError)]
    if errors:
        raise ReportError(" ".join(dict.fromkeys(errors)))
    return [item.path for item in done if isinstance(item, Published)]


def publish(notebook: Notebook, parameters: Mapping[str, Any], folder: Path) -> Published:
    """Run one notebook, in one language, and write its page into `folder`.

    Raises
    ------
    ReportError
        A cell failed, or the kernel stopped.
    """
    language = str(parameters.get("language") or notebook.defaults.get("language") or "")
    write_atomic(_log(notebook, folder), "")
    run = _execute(notebook, parameters, language, folder)
    return _write(notebook, parameters, folder, {language: run})


def _languages(notebook: Notebook, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    if "language" not in notebook.parameters:
        return ("",)
    return (str(parameters["language"]),) if parameters.get("language") else LANGUAGES


def _run_all(
    asked: Mapping[Notebook, Mapping[str, Any]],
    folder: Path,
    jobs: int,
    finish: Callable[[Notebook, dict[str, Run | HorgosError]], None],
) -> None:
    """Run each notebook in each of its languages, some at a time; finish each when all are done."""
    runs: dict[Notebook, dict[str, Run | HorgosError]] = {notebook: {} for notebook in asked}
    for notebook in asked:
        write_atomic(_log(notebook, folder), "")
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        tasks = {
            pool.submit(_execute, notebook, values, language, folder): (notebook, language)
            for notebook, values in asked.items()
            for language in _languages(notebook, values)
        }
        try:
            for task in as_completed(tasks):
                notebook, language = tasks[task]
                try:
                    runs[notebook][language] = task.result()
                except HorgosError as error:
                    runs[notebook][language] = error
                if len(runs[notebook]) == len(_languages(notebook, asked[notebook])):
                    finish(notebook, runs[notebook])
        except BaseException:
            # Ctrl-C reaches only this thread; end the kernels that the others wait for.
            pool.shutdown(wait=False, cancel_futures=True)
            papermill.stop_all()
            raise


def _execute(notebook: Notebook, parameters: Mapping[str, Any], language: str, folder: Path) -> Run:
    return papermill.execute(
        notebook.path, _with_language(parameters, language), _log(notebook, folder)
    )


def _with_language(parameters: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {**parameters, **({"language": language} if language else {})}


def _log(notebook: Notebook, folder: Path) -> Path:
    return folder / "logs" / f"{notebook.name}.log"


def _write(
    notebook: Notebook,
    parameters: Mapping[str, Any],
    folder: Path,
    runs: Mapping[str, Run | HorgosError],
) -> Published:
    """Write the page of a notebook that has run, in the order of the languages."""
    editions = []
    for language in _languages(notebook, parameters) if len(runs) > 1 else runs:
        run = runs[language]
        if isinstance(run, HorgosError):
            raise run
        editions.append(make_edition(notebook, run, _with_language(parameters, language)))
        if run.failure:
            page = write_atomic(folder / f"{notebook.name}.failed.html", render(editions[-1:]))
            raise _failed(notebook, run.failure, page, _log(notebook, folder))
    page = write_atomic(folder / f"{notebook.name}.html", render(editions))
    (folder / f"{notebook.name}.failed.html").unlink(missing_ok=True)
    listed = entry(notebook.name, notebook.number, page, editions)
    return Published(page, listed, editions[0].tables)


def _failed(notebook: Notebook, failure: Failure, page: Path, log: Path) -> ReportError:
    with log.open("a", encoding="utf-8") as stream:
        stream.write(failure.traceback + "\n")
    first_line = failure.source.strip().partition("\n")[0][:80]
    return ReportError(
        f"{notebook.name} failed in code cell {failure.number} ({first_line}): "
        f"{_sentence(failure.error)} See {page} and {log}."
    )


def _sentence(error: str) -> str:
    line = " ".join(error.split())[:300]
    return line if line.endswith(".") else line + "."
