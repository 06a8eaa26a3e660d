"""An executed notebook as the edition of a report in one language: what stands where on its page.

The figures of a notebook say what they are (`views.display.Figure`): their markup, their headings,
the basemap that they need. Nothing is found out by reading markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import mistune
from markupsafe import Markup

from horgos_geo.core.text import Text, read_catalogue
from horgos_geo.reports import provenance
from horgos_geo.reports.notebook import Notebook
from horgos_geo.reports.papermill import Failure, Run
from horgos_geo.reports.provenance import Row
from horgos_geo.views.display import FIGURE_MIME, FigureTable, Heading

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Block:
    """One thing on the page: a text, or an output.

    Attributes
    ----------
    kind
        ``question`` (a text that is one heading), ``text``, ``figure``, ``html``, ``plain`` or
        ``png``.
    content
        Markup, or text that the template escapes.
    headings
        Those in it.
    basemaps
        Ids of those that its live maps need.
    tables
        What its tables show.
    """

    kind: str
    content: str
    headings: tuple[Heading, ...] = ()
    basemaps: tuple[str, ...] = ()
    tables: tuple[FigureTable, ...] = ()


@dataclass(frozen=True)
class Cell:
    """A cell of the notebook on the page.

    Attributes
    ----------
    blocks
        Its text, or its outputs.
    code
        Markup of its source.
    question
        What its figure answers, asked above it in small type.
    """

    blocks: tuple[Block, ...]
    code: str = ""
    question: str = ""

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Return the headings of its blocks."""
        return tuple(heading for block in self.blocks for heading in block.headings)


@dataclass(frozen=True)
class Edition:
    """A report in one language."""

    text: Text
    title: str
    cells: tuple[Cell, ...]
    parameters: tuple[Row, ...]
    scenario: tuple[Row, ...]
    failure: Failure | None = None

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Return all headings, in order."""
        return tuple(heading for cell in self.cells for heading in cell.headings)

    @property
    def headline(self) -> str:
        """Return the answer: the first heading of the first level in a figure."""
        return next((h.text for cell in self.cells for h in _answer(cell)), "")

    @property
    def has_title(self) -> bool:
        """Return whether a heading of the first level stands in the page already."""
        return any(heading.level == 1 for heading in self.headings)

    @property
    def sections(self) -> tuple[Heading, ...]:
        """Return the headings that can be linked to."""
        return tuple(heading for heading in self.headings if heading.level == 2 and heading.id)

    @property
    def tables(self) -> tuple[FigureTable, ...]:
        """Return what its tables show, in order."""
        blocks = (block for cell in self.cells for block in cell.blocks)
        return tuple(table for block in blocks for table in block.tables)

    @property
    def basemaps(self) -> tuple[str, ...]:
        """Return the ids of the basemaps that its live maps need, each once."""
        used = (name for cell in self.cells for block in cell.blocks for name in block.basemaps)
        return tuple(dict.fromkeys(used))


def make_edition(notebook: Notebook, run: Run, values: Mapping[str, Any]) -> Edition:
    """Return the edition that an executed notebook makes.

    Parameters
    ----------
    notebook
        The notebook as it stands in the project.
    run
        What came of running it.
    values
        The parameters that differ from the notebook's own.
    """
    every = notebook.defaults | dict(values)
    text = Text(str(every.get("language") or "en"))
    cells = _translated(run.notebook.cells, notebook.name, text.language)
    return Edition(
        text,
        str(every.get("title") or notebook.title),
        tuple(_answers_first([_cell(cell) for cell in cells])),
        tuple(provenance.parameter_rows(notebook, values, text)),
        tuple(provenance.scenario_rows(every, text)),
        run.failure,
    )


def _translated(cells: Iterable[Any], name: str, language: str) -> Iterable[Any]:
    """Yield the cells, text in the reader's language where the catalogue has it."""
    known = {row["cell"]: row for row in read_catalogue("notebooks") if row["notebook"] == name}
    for cell in cells:
        if cell.cell_type == "markdown" and cell.get("id") in known:
            cell.source = known[cell.id].get(language) or cell.source
        yield cell


class _Headings(mistune.HTMLRenderer):
    """Markdown to HTML; collects the headings."""

    def __init__(self) -> None:
        super().__init__(escape=True)
        self.found: list[Heading] = []

    def heading(self, text: str, level: int, **attributes: Any) -> str:
        words = Markup(text).striptags()  # noqa: S704 - it takes the markup off
        self.found.append(Heading(level, words, "-".join(words.split())))
        return super().heading(text, level, **attributes)


def _cell(cell: Any) -> Cell:
    if cell.cell_type != "code":
        return Cell(tuple(_text(cell.source)))
    injected = "injected-parameters" in cell.metadata.get("tags", [])
    code = "" if injected or not cell.source.strip() else _highlighted(cell.source)
    return Cell(tuple(b for output in cell.get("outputs", []) for b in _output(output)), code)


def _text(source: str) -> list[Block]:
    renderer = _Headings()
    html = str(mistune.create_markdown(renderer=renderer, plugins=["table"])(source)).strip()
    alone = len(renderer.found) == 1 and "\n" not in source.strip()
    kind = "question" if alone else "text"
    return [Block(kind, html, tuple(renderer.found))] if html else []


def _highlighted(source: str) -> str:
    from pygments import highlight

    return str(highlight(source, *_highlighter()))


@cache
def _highlighter() -> tuple[Any, Any]:
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return PythonLexer(), HtmlFormatter(nowrap=True)


def _output(output: Any) -> list[Block]:
    """Return what a page shows of an output: nothing of widgets, which have no server there."""
    match output.output_type:
        case "stream":
            return [] if output.name == "stderr" else [Block("plain", _ANSI.sub("", output.text))]
        case "error":
            return [Block("plain", f"{output.ename}: {output.evalue}")]
    data = output.data
    if FIGURE_MIME in data:
        figure = data[FIGURE_MIME]
        headings = tuple(Heading(**heading) for heading in figure["headings"])
        tables = tuple(FigureTable(**table) for table in figure["tables"])
        return [Block("figure", figure["html"], headings, tuple(figure["basemaps"]), tables)]
    if "text/html" in data:
        return [Block("html", data["text/html"])]
    if "text/markdown" in data:
        return _text(data["text/markdown"])
    if "image/png" in data:
        return [Block("png", data["image/png"].strip())]
    return [Block("plain", data["text/plain"])] if _WIDGET not in data else []


def _answer(cell: Cell) -> tuple[Heading, ...]:
    """Return the headings of the first level that a cell's figures have."""
    figures = (block for block in cell.blocks if block.kind == "figure")
    return tuple(heading for block in figures for heading in block.headings if heading.level == 1)


def _answers_first(cells: list[Cell]) -> list[Cell]:
    """Let findings lead: what a notebook asks in its text cells, the page shows answered.

    The first cell, which tells an analyst what to do, goes where a figure has the page's heading.
    A question that the next figure answers with a heading stands above it in small type.
    """
    if any(map(_answer, cells)) and cells[0].blocks and cells[0].blocks[0].kind == "text":
        cells = cells[1:]
    shown: list[Cell] = []
    for cell in cells:
        asked = shown[-1].blocks if shown else ()
        finding = cell.blocks and cell.blocks[0].kind == "figure" and cell.blocks[0].headings
        if finding and finding[0].level == 2 and [block.kind for block in asked] == ["question"]:
            shown[-1] = replace(cell, question=asked[0].headings[0].text)
        else:
            shown.append(cell)
    return shown
