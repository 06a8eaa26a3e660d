"""Reports: notebooks run by papermill, published as HTML files that open with no network.

A page is written whole or not at all. A run that fails leaves the last good page in place, writes
``<name>.failed.html`` beside it, and says which cell failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from horgos_geo.reports.route_finder import build as atlas
from horgos_geo.reports import page as _page
from horgos_geo.reports import papermill as _papermill
from horgos_geo.reports import report_index as shelf
from horgos_geo.reports.validate_parameters import check_meaning
from horgos_geo.reports.notebook import Notebook, Parameter, check_parameters, find_notebooks
from horgos_geo.core.errors import HorgosError, ReportError
from horgos_geo.core.files import check_folder, write_atomic
from horgos_geo.model.scenario import read_yaml
from horgos_geo.core.text import Text

__all__ = ["Notebook", "Parameter", "build", "find_notebooks", "write_index"]

Progress = Callable[[str, bool], None]


def build(
    names: Sequence[str] = (),
    *,
    parameters: Mapping[str, Any] | Path | str | None = None,
    settings: Sequence[str] = (),
    out: Path | str = "reports",
    jobs: int = 1,
    progress: Progress | None = None,
) -> list[Path]:
    """Run notebooks and publish their pages and the list of reports.

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
        defaults = {name: item.default for name, item in notebook.parameters.items()}
        check_meaning(defaults | checked[notebook.name])
    folder = Path(out)
    check_folder(folder)

    results: dict[str, Path | HorgosError] = {}

    def _run(notebook: Notebook) -> None:
        try:
            results[notebook.name] = publish(notebook, checked[notebook.name], folder)
        except HorgosError as error:
            results[notebook.name] = error
        if progress:
            progress(notebook.name, isinstance(results[notebook.name], Path))

    _run_all(_run, notebooks, jobs)
    shelf.link_languages(folder)
    write_index(folder)
    errors = [result for result in results.values() if isinstance(result, HorgosError)]
    if errors:
        raise ReportError(" ".join(dict.fromkeys(map(str, errors))))
    return [result for notebook in notebooks if isinstance(result := results[notebook.name], Path)]


def publish(notebook: Notebook, parameters: Mapping[str, Any], folder: Path) -> Path:
    """Run one notebook and write its page into `folder`.

    Raises
    ------
    ReportError
        A cell failed, or the kernel stopped.
    """
    name = _page_name(notebook, parameters)
    page = folder / f"{name}.html"
    failed_page = folder / f"{name}.failed.html"
    log = folder / "logs" / f"{name}.log"
    write_atomic(log, "")
    run = _papermill.execute(notebook.path, dict(parameters), log)
    html = _page.render(notebook, run, parameters)
    if run.failure:
        write_atomic(failed_page, html)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(run.failure.traceback + "\n")
        first_line = run.failure.source.strip().partition("\n")[0][:80]
        raise ReportError(
            f"{notebook.name} failed in code cell {run.failure.number} ({first_line}): "
            f"{_sentence(run.failure.error)} See {failed_page} and {log}."
        )
    write_atomic(page, html)
    failed_page.unlink(missing_ok=True)
    return page


def _page_name(notebook: Notebook, parameters: Mapping[str, Any]) -> str:
    """Name a page after its notebook, and an edition in another language after that as well."""
    item = notebook.parameters.get("language")
    language = str(parameters.get("language") or "")
    own = not language or item is None or language == item.default
    return notebook.name if own else f"{notebook.name}.{language}"


def _run_all(run: Callable[[Notebook], None], notebooks: Sequence[Notebook], jobs: int) -> None:
    if jobs <= 1 or len(notebooks) == 1:
        for notebook in notebooks:
            run(notebook)
        return
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for future in as_completed([pool.submit(run, notebook) for notebook in notebooks]):
                future.result()
        except BaseException:
            # Ctrl-C reaches only this thread; end the kernels that the others wait for.
            pool.shutdown(wait=False, cancel_futures=True)
            _papermill.stop_all()
            raise


def write_index(folder: Path) -> Path:
    """Write ``index.html``: the atlas where there is one, with the reports that lie in `folder`."""
    page = atlas.refresh(folder)
    if page is not None:
        return page
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(_page.TEMPLATES), autoescape=True)
    html = environment.get_template("index.html.j2").render(
        reports=shelf.listed(folder),
        code_version=_page.code_version(),
        attribution=[Text()(key) for key in _page.ATTRIBUTION],
    )
    return write_atomic(folder / "index.html", html)


def _sentence(error: str) -> str:
    line = " ".join(error.split())[:300]
    return line if line.endswith(".") else line + "."
