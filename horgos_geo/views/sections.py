"""The parts of a report around its figures: the answer, key figures, sections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from horgos_geo.views.display import Figure, Heading, join
from horgos_geo.views.rendering import render


def headline(title: str, standfirst: str = "", eyebrow: str = "") -> Figure:
    """Return the top of a report: the answer in one sentence, and what stands behind it.

    Parameters
    ----------
    title
        The answer, with its number and unit.
    standfirst
        One or two sentences more; ``**words**`` are set bold.
    eyebrow
        What the report is, above the title.

    Examples
    --------
    >>> headline("Almaty is 340 km away.", "By rail **too**.").headings[0].text
    'Almaty is 340 km away.'
    """
    html = render("sections/headline", title=title, standfirst=_bold(standfirst), eyebrow=eyebrow)
    return Figure(html, headings=[Heading(1, title)])


def _bold(words: str) -> Markup:
    parts = (
        Markup("<strong>{}</strong>").format(part) if i % 2 else Markup.escape(part)
        for i, part in enumerate(words.split("**"))
    )
    return Markup().join(parts)


def section(
    title: str, sub: str = "", figure: Any = None, anchor: str = "", short: str = ""
) -> Figure:
    """Return a figure under its heading, which states what the figure shows.

    Parameters
    ----------
    title
        A finding, true of the data shown.
    sub
        How to read the figure, one sentence.
    figure
        What stands below: a chart, a table, a map, or several of them; None for a heading alone.
    anchor
        Id for links from the contents.
    short
        One word for the contents; the title when empty.
    """
    figures = figure if isinstance(figure, list | tuple) else [] if figure is None else [figure]
    head = render("sections/section", title=title, sub=sub, anchor=anchor)
    made = join(figures, head, "</section>")
    return Figure(
        made.html,
        made.alone,
        [Heading(2, title, anchor, short), *made.headings],
        made.basemaps,
        made.tables,
    )


def side_by_side(*figures: Any) -> Figure:
    """Put figures beside one another where there is room, below one another on a phone."""
    return join(figures, '<div class="cols">', "</div>")


def key_figures(items: Iterable[tuple[str, str, str]]) -> Figure:
    """Return the row of key figures under the headline.

    Parameters
    ----------
    items
        Value with its unit, band (may be empty), and what it is; five or fewer.
    """
    return Figure(render("sections/key_figures", items=list(items)))
