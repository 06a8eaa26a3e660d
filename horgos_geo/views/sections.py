"""The parts of a report around its figures: the answer, key figures, sections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from horgos_geo.views.display import Figure, Heading, join
from horgos_geo.views.svg import esc


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
    """
    top = f'<p class="eyebrow">{esc(eyebrow)}</p>' if eyebrow else ""
    below = f'<p class="standfirst">{_bold(standfirst)}</p>' if standfirst else ""
    html = f'<header class="answer">{top}<h1>{esc(title)}</h1>{below}</header>'
    return Figure(html, headings=[Heading(1, title)])


def _bold(words: str) -> str:
    parts = esc(words).split("**")
    return "".join(f"<strong>{p}</strong>" if i % 2 else p for i, p in enumerate(parts))


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
        What stands below: a chart, a table or a map; nothing for a heading alone.
    anchor
        Id for links from the contents.
    short
        One word for the contents; the title when empty.
    """
    name = f' data-name="{esc(anchor)}"' if anchor else ""
    line = f'<p class="sub">{esc(sub)}</p>' if sub else ""
    head = f'<section class="part"><h2{name}>{esc(title)}</h2>{line}'
    made = join([] if figure is None else [figure], head, "</section>")
    heading = Heading(2, title, anchor, short)
    return Figure(made.html, made.alone, (heading, *made.headings), made.basemaps)


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
    cells = []
    for value, band, words in items:
        extra = f' <span class="kf-band">{esc(band)}</span>' if band else ""
        cells.append(
            f'<div><dt>{esc(words)}</dt><dd><span class="kf-value">{esc(value)}'
            f"</span>{extra}</dd></div>"
        )
    return Figure(f'<dl class="keyfigures">{"".join(cells)}</dl>')
