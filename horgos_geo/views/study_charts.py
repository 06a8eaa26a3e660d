"""Charts of the studies: bars, values with their range, tables to sort and download."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from horgos_geo.core.text import Text
from horgos_geo.views import tables
from horgos_geo.views.chart_parts import axis, figure, gridlines, key_list, pct, plain_table, ticks
from horgos_geo.views.display import Figure
from horgos_geo.views.sections import side_by_side
from horgos_geo.views.svg import esc
from horgos_geo.views.tables import Column

if TYPE_CHECKING:
    import pandas as pd

Cell = str | float | int | None
Range = tuple[float, float, float]  # low, central, high


def share_bars(
    rows: Sequence[tuple[str, Sequence[float]]],
    kinds: Sequence[tuple[str, str]],
    text: Text,
    label: str,
    caption: str = "",
) -> Figure:
    """Draw counts as bars of a common length, one row each.

    Parameters
    ----------
    rows
        Name and counts.
    kinds
        Words and colour token of each count.
    text
        The language.
    label
        What the picture shows, in words.
    caption
        Words under it.
    """
    lines = []
    for name, counts in rows:
        total = sum(counts)
        parts = "".join(
            f'<i title="{esc(words)} {count:g}" style="background:var(--{colour});'
            f'width:{pct(count * 0.92, total)}"></i>'
            for count, (words, colour) in zip(counts, kinds, strict=True)
            if count
        )
        lines.append(
            f'<div class="row"><div class="row-n">{esc(name)}</div><div class="plot plot-bars">'
            f'<div class="bar-line">{parts}<span>{total:g}</span></div></div></div>'
        )
    keys = [(f'<i class="sw" style="background:var(--{c})"></i>', words) for words, c in kinds]
    body = f'{key_list(keys)}<div class="rows rows-1">{"".join(lines)}</div>'
    head = ["", *(words for words, _ in kinds)]
    cells = [[name, *(text.number(count) for count in counts)] for name, counts in rows]
    return figure("days", label, body, caption, plain_table(head, cells, text))


def amount_bars(
    rows: Sequence[tuple[str, float]], colour: str, text: Text, label: str, caption: str = ""
) -> Figure:
    """Draw amounts as bars on a common scale, one row each.

    Parameters
    ----------
    rows
        Name and amount.
    colour
        Colour token.
    text
        The language.
    label
        What the picture shows, in words.
    caption
        Words under it.
    """
    most = max((value for _, value in rows), default=1.0) or 1.0
    lines = [
        f'<div class="row"><div class="row-n">{esc(name)}</div><div class="plot plot-bars">'
        f'<div class="bar-line"><i style="background:var(--{colour});'
        f'width:calc((100% - 72px) * {value / most:.4f})"></i>'
        f"<span>{esc(text.number(value))}</span></div></div></div>"
        for name, value in rows
    ]
    body = f'<div class="rows rows-1">{"".join(lines)}</div>'
    return figure("days", label, body, caption)


def range_dots(
    rows: Sequence[tuple[str, Sequence[Range | None]]],
    ways: Sequence[tuple[str, str]],
    unit: str,
    text: Text,
    label: str,
    caption: str = "",
) -> Figure:
    """Draw a value and its range for each way to each name, on a common scale.

    Parameters
    ----------
    rows
        Name and, a way each, low, central and high value, or None where there is no way.
    ways
        Words and mode (its colour and form) of each way.
    unit
        Of the values, for the axis.
    text
        The language.
    label
        What the picture shows, in words.
    caption
        Words under it.
    """
    most = max((high for _, some in rows for _, _, high in filter(None, some)), default=1.0) * 1.02
    at = ticks(most)
    lines = []
    for name, some in rows:
        marks, values = [], []
        for i, (found, (_, mode)) in enumerate(zip(some, ways, strict=True)):
            values.append(f'<span class="t-{mode}">{text.tens(found[1]) if found else "–"}</span>')
            if found:
                low, central, high = found
                top = f"top:{(i + 0.5) / len(ways) * 100:.0f}%"
                marks.append(
                    f'<i class="band band-{mode}" style="{top};left:{pct(low, most)};'
                    f'width:{pct(high - low, most)}"></i>'
                    f'<i class="dot dot-{mode}" style="{top};left:{pct(central, most)}"></i>'
                )
        lines.append(
            f'<div class="row"><div class="row-n">{esc(name)}</div><div class="plot">'
            f'{"".join(marks)}</div><div class="row-v">{"".join(values)}</div></div>'
        )
    keys = [(f'<i class="dot dot-{mode}"></i>', words) for words, mode in ways]
    keys.append(('<i class="band"></i>', f"{text('g_low')} – {text('g_high')}"))
    body = (
        f'<p class="chart-name">{esc(label)}</p>{key_list(keys)}'
        f'<div class="rows rows-{len(ways)}"><div class="row row-ax"><span></span>'
        f'{axis(at, most, text, unit)}<span></span></div><div class="row row-grid"><span></span>'
        f'<div class="plot">{gridlines(at, most)}</div><span></span></div>{"".join(lines)}</div>'
    )
    return figure("dots", label, body, caption)


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[Any]],
    text: Text,
    name: str,
    digits: Sequence[int] | None = None,
    caption: str = "",
) -> Figure:
    """Return a table that sorts, copies and downloads.

    Parameters
    ----------
    head
        Column names.
    rows
        Cells; the first names the row, numbers are written in the language.
    text
        The language.
    name
        Name of the downloaded file, without its ending.
    digits
        Decimals of each column, -1 for tens; none when left out.
    caption
        Words under the table.
    """
    places = list(digits or [0] * len(head))
    kinds = [any(isinstance(row[i], float | int) for row in rows) for i in range(len(head))]
    columns = [Column(h, d, not k) for h, d, k in zip(head, places, kinds, strict=True)]
    return tables.table(columns, rows, text, name, caption=caption)


def two_range_charts(
    rows: Sequence[tuple[str, pd.DataFrame]],
    ways: dict[str, tuple[str, str]],
    cost: str,
    unit: str,
    text: Text,
) -> Figure:
    """Draw days and cost of each way beside one another; a name's rows tell its ways."""
    charts = []
    for measure, name in (("days", text("g_days")), (cost, unit)):
        values = [(title, [_range(part, way, measure) for way in ways]) for title, part in rows]
        axis_unit = text("g_days_unit") if measure == "days" else ""
        charts.append(range_dots(values, [*ways.values()], axis_unit, text, name))
    return side_by_side(*charts)


def _range(part: pd.DataFrame, way: str, measure: str) -> Range | None:
    columns = [f"{measure}_low", measure, f"{measure}_high"]
    found = part.loc[part["way"] == way, columns].dropna()
    if found.empty:
        return None
    low, central, high = (float(value) for value in found.iloc[0])
    return low, central, high
