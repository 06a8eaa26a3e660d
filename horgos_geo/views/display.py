"""A figure that a notebook shows by itself and a report takes into its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from markupsafe import Markup

from horgos_geo.views.assets import cell_style

#: A report takes this representation, which says what the figure is, and brings its own style.
FIGURE_MIME = "application/vnd.horgos.figure+json"
#: Mathematics is not set in a notebook's figures: two sums in dollars are no formula.
_NO_MATHS = "tex2jax_ignore mathjax_ignore"


@dataclass(frozen=True)
class Heading:
    """A heading in a figure.

    Attributes
    ----------
    level
        1 for the answer of a report, 2 for a finding.
    text
        What it says.
    id
        What a link to it ends in; unique in a report.
    short
        One word for the contents.
    """

    level: int
    text: str
    id: str = ""
    short: str = ""


@dataclass(frozen=True)
class FigureTable:
    """What a table shows, as it can be downloaded.

    Attributes
    ----------
    name
        Of the file, without its ending.
    head
        Names of the columns.
    rows
        Cells: texts, numbers, or None where there is none.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


class Figure:
    """Markup with a style of its own in a notebook and none in a report.

    Attributes
    ----------
    html
        The bare markup, every string in it escaped.
    alone
        What a notebook shows instead, where the bare markup cannot do without its page.
    headings
        Those in the markup.
    basemaps
        Ids of the basemaps that its live maps need of their page.
    tables
        What its tables show; a sweep puts those of its runs together.
    """

    def __init__(
        self,
        html: str,
        alone: str = "",
        headings: Iterable[Heading] = (),
        basemaps: Iterable[str] = (),
        tables: Iterable[FigureTable] = (),
    ) -> None:
        self.html = Markup(html)  # noqa: S704 — made by templates, which escape
        self.alone = Markup(alone or html)  # noqa: S704
        self.headings = tuple(headings)
        self.basemaps = tuple(dict.fromkeys(basemaps))
        self.tables = tuple(tables)

    def __str__(self) -> str:
        return self.html

    def __html__(self) -> str:
        return self.html

    def _repr_html_(self) -> str:
        style = cell_style()
        return f'<div class="hg hg-cell {_NO_MATHS}"><style>{style}</style>{self.alone}</div>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self._repr_html_(), FIGURE_MIME: as_json(self)}


def as_json(figure: Any) -> dict[str, Any]:
    """Return what a report takes of a figure."""
    return {
        "html": figure.html,
        "headings": [asdict(heading) for heading in figure.headings],
        "basemaps": list(figure.basemaps),
        "tables": [asdict(table) for table in figure.tables],
    }


def join(figures: Iterable[Any], before: str = "", after: str = "") -> Figure:
    """Put figures into one, each under the one before it.

    Parameters
    ----------
    figures
        Figures and maps.
    before, after
        Markup around them.
    """
    parts = list(figures)
    return Figure(
        "".join([before, *(part.html for part in parts), after]),
        "".join([before, *(part.alone for part in parts), after]),
        (heading for part in parts for heading in part.headings),
        (name for part in parts for name in part.basemaps),
        (table for part in parts for table in part.tables),
    )
