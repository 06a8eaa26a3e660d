"""An executed notebook to one HTML page that asks the network for nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from html.parser import HTMLParser
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any

from horgos_geo.core import datasets
from horgos_geo.reports.notebook import Notebook
from horgos_geo.reports.papermill import Failure, Run
from horgos_geo.views.bundle import bundle
from horgos_geo.views.display import FRAGMENT_MIME
from horgos_geo.core.errors import MissingData
from horgos_geo.model.scenario import Scenario, scenario_from_options
from horgos_geo.core.text import Text, read_catalogue

TEMPLATES = Path(__file__).resolve().parents[1] / "views" / "templates"

ATTRIBUTION = ("page_networks", "page_places", "page_land", "page_crossings")
LIMITS = ("page_limit_route", "page_limit_error", "page_limit_borders", "page_limit_names")


@dataclass(frozen=True)
class Figures:
    """What a page's outputs hold: live maps, the first heading, and the sections."""

    maps: tuple[str, ...]
    heading: str
    sections: tuple[tuple[str, str, str], ...]


def render(notebook: Notebook, run: Run, parameters: Mapping[str, Any]) -> str:
    """Return the HTML page of an executed notebook.

    Parameters
    ----------
    notebook
        The notebook as it stands in the project.
    run
        What came of running it.
    parameters
        The values that differ from the notebook's own.
    """
    executed = run.notebook
    language = str(parameters.get("language", _default(notebook, "language") or "en"))
    _translate(executed, notebook.name, language)
    figures = _prepare(executed)
    page = describe(notebook, parameters, run.failure)
    page["toc"] = [
        {"id": key, "text": text, "short": short} for key, text, short in figures.sections
    ]
    page["has_heading"] = bool(figures.heading)
    page["summary"] = figures.heading
    page["script"] = bundle("report/page.js")
    page["assets"] = _assets(figures.maps) if figures.maps else ""
    html, _ = _exporter().from_notebook_node(executed, resources={"page": page})
    return str(html)


def _exporter() -> Any:
    from nbconvert import HTMLExporter
    from nbconvert.exporters.templateexporter import TemplateExporter
    from nbconvert.filters import Highlight2HTML

    class PageExporter(HTMLExporter):  # type: ignore[misc]
        def from_notebook_node(self, nb: Any, resources: Any = None, **options: Any) -> Any:
            # HTMLExporter parses and writes every page anew, which takes seconds for maps and
            # changes what the template says; ours needs none of what it adds.
            self.register_filter("highlight_code", Highlight2HTML("ipython3", parent=self))
            ready = self._init_resources(resources)
            return TemplateExporter.from_notebook_node(self, nb, ready, **options)

    return PageExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def describe(
    notebook: Notebook, parameters: Mapping[str, Any], failure: Failure | None = None
) -> dict[str, Any]:
    """Return what the page says about itself: title, parameters, scenario, data, limits."""
    values = {name: item.default for name, item in notebook.parameters.items()} | dict(parameters)
    text = Text(str(values.get("language") or "en"))
    return {
        "name": notebook.name,
        "number": notebook.number,
        "title": values.get("title") or notebook.title,
        "language": text.language,
        "text": text,
        "edition": today(text),
        "code_version": code_version(),
        "parameters": [
            {
                "name": name,
                "value": plain(values[name], text),
                "help": item.help if text.language == "en" else "",
                "changed": values[name] != item.default,
            }
            for name, item in notebook.parameters.items()
        ],
        "scenario": [
            {
                "name": text.said(text("scenario"), name),
                "value": text.phrase(plain(value, text)) if name == "name" else plain(value, text),
            }
            for name, value in scenario_of(values).model_dump(exclude_defaults=True).items()
            if name != "modes"
        ],
        "sources": _sources(text),
        "attribution": [text(key) for key in ATTRIBUTION],
        "limits": [text(key) for key in LIMITS],
        "failed": failure,
    }


def scenario_of(values: Mapping[str, Any]) -> Scenario:
    """Return the scenario that notebook parameters ask for.

    A parameter ``scenario`` names a shipped scenario or a file; parameters named like a field of
    `Scenario` change that field. Each of ``modes``, or ``mode``, is tried, the first is returned.

    Raises
    ------
    ScenarioError
        A value that no scenario can have.
    """
    fields = set(Scenario.model_fields) - {"name", "modes"}
    changes = {name: value for name, value in values.items() if name in fields}
    scenario = scenario_from_options(str(values.get("scenario") or ""), **changes)
    modes = values.get("modes") or values.get("mode") or []
    each = [scenario.with_(modes=mode) for mode in ([modes] if isinstance(modes, str) else modes)]
    return each[0] if each else scenario


@cache
def code_version() -> str:
    """Return the version of the package and, in a checkout, its commit."""
    version = metadata.version("horgos-geo")
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / ".git").exists():
        return version
    try:
        commit = subprocess.run(
            ["git", "rev-parse", "--short=10", "HEAD"],  # noqa: S607
            cwd=checkout,
            capture_output=True,
            text=True,
            check=True,
            timeout=5,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return version
    return f"{version} ({commit})"


def _default(notebook: Notebook, name: str) -> Any:
    known = notebook.parameters.get(name)
    return known.default if known else None


def today(text: Text) -> str:
    """Return the date of the edition in words."""
    # Honours the variable that reproducible builds use, so that a page can be built twice alike.
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return text("page_date", day=now.day, month=f"{now:%B}", number=now.month, year=now.year)


def plain(value: Any, text: Text) -> str:
    """Return a parameter's value as people read it."""
    match value:
        case None | "" | [] | ():
            return "–"
        case bool():
            return text("yes" if value else "no")
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)


def _sources(text: Text) -> list[dict[str, str]]:
    try:
        rows = datasets.read_rows("sources.csv")
    except MissingData:
        return []
    said = ("name", "licence")
    rows = [row | {key: text.phrase(row[key]) for key in said} for row in rows]
    own = datasets.network()
    if own == datasets.root() / "network":
        return rows
    # Of a network of one's own the page says what that holds.
    rows = [row for row in rows if not row["path"].startswith("network/")]
    name = str(json.loads((own / "network.json").read_text(encoding="utf-8"))["name"])
    return rows + [
        {"path": f"{own.name}/{file.name}", "name": name, "version": "", "licence": "ODbL 1.0",
         "sha256": datasets.sha256(file)}
        for file in sorted(own.iterdir()) if file.is_file()
    ]  # fmt: skip


def _assets(fragments: Iterable[str]) -> str:
    from horgos_geo.views.maps import page_assets

    return page_assets(fragments)


def _prepare(notebook: Any) -> Figures:
    """Leave in each cell what belongs on the page; maps leave their iframes here.

    A map shows itself in JupyterLab as an iframe that needs nothing else. On a page it stands as
    the bare figure, beside a map library and a basemap that the page holds once.
    """
    maps: list[str] = []
    for number, cell in enumerate(notebook.cells):
        # papermill draws random ids; the same results should give the same page.
        cell.id = f"cell-{number}"
        kept = []
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                continue
            data = output.get("data", {})
            if FRAGMENT_MIME in data:
                data["text/html"] = data[FRAGMENT_MIME]
                if "data-basemap=" in data[FRAGMENT_MIME]:
                    maps.append(data[FRAGMENT_MIME])
            for kind in [kind for kind in data if kind.startswith("application/")]:
                # Widgets and scripts have no server to talk to on a page.
                del data[kind]
            kept.append(output)
        if "outputs" in cell:
            cell.outputs = kept
    _answer_first(notebook)
    outline = _Outline()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            outline.add_markdown(cell.source)
        for output in cell.get("outputs", []):
            outline.feed(output.get("data", {}).get("text/html", ""))
    return Figures(tuple(maps), outline.heading, tuple(outline.sections))


def _translate(notebook: Any, name: str, language: str) -> None:
    """Put the text cells into the reader's language where the catalogue has them."""
    known = {row["cell"]: row for row in read_catalogue("notebooks") if row["notebook"] == name}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.get("id") in known:
            cell.source = known[cell.id].get(language) or cell.source


def _answer_first(notebook: Any) -> None:
    """Let findings lead: what a notebook asks in its text cells, the page shows answered.

    The first cell, which tells an analyst what to do, goes where an output has the page's heading.
    A question that the next output answers with a heading stands above it in small type.
    """
    cells = notebook.cells
    shown = [output for cell in cells for output in cell.get("outputs", []) if "data" in output]
    if any("<h1" in output.data.get("text/html", "") for output in shown):
        cells[0].source = "" if cells[0].cell_type == "markdown" else cells[0].source
    for cell, after in pairwise(cells):
        outputs = after.get("outputs", [])
        first: dict[str, str] = outputs[0].get("data", {}) if outputs else {}
        if cell.cell_type == "markdown" and "<h2" in first.get("text/html", ""):
            asked = cell.source.lstrip("# ").strip()
            question = f'<p class="eyebrow question">{escape(asked)}</p>'
            html = first["text/html"]
            # Above two figures side by side it stands once for both.
            beside = html.startswith('<div class="cols">')
            first["text/html"] = (
                question + html if beside else html.replace("<h2", question + "<h2", 1)
            )
            cell.source = ""


class _Outline(HTMLParser):
    """Collects the first heading and the second-level ones that can be linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[tuple[str, str, str]] = []
        self.heading = ""
        self._open = self._short = self._text = ""

    def add_markdown(self, source: str) -> None:
        for line in source.splitlines():
            if line.startswith("## "):
                text = re.sub(r"[*_`]", "", line[3:].strip())
                self.sections.append((line[3:].strip().replace(" ", "-"), text, text))

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        if tag == "h1":
            self._text = ""
        if tag == "h2":
            values = dict(attrs)
            self._open, self._short = values.get("id") or "", values.get("data-short") or ""
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "h1" and not self.heading:
            self.heading = " ".join(self._text.split())
        if tag == "h2" and self._open:
            text = " ".join(self._text.split())
            self.sections.append((self._open, text, self._short or text))
            self._open = ""
