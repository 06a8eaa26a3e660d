"""Ranges of days, dollars and emissions by each mode of transport, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from horgos_geo.core.text import Text
from horgos_geo.model.estimate import Estimate
from horgos_geo.views.chart_forms import DotRow, Key, dot_chart
from horgos_geo.views.display import Figure

if TYPE_CHECKING:
    import pandas as pd

Groups = Sequence[tuple[str, "pd.DataFrame"]]


def estimate(part: pd.DataFrame, way: str, measure: str) -> Estimate | None:
    """Return a value with its ends, None where there is none.

    Parameters
    ----------
    part
        Rows of a column `way`; columns `measure`, and the same with ``_low`` and ``_high``.
    way
        Which row.
    measure
        Which columns.
    """
    columns = [f"{measure}_low", measure, f"{measure}_high"]
    found = part.loc[part["way"] == way, columns].dropna()
    return None if found.empty else Estimate(*(float(value) for value in found.iloc[0]))


def range_chart(
    groups: Groups,
    ways: dict[str, tuple[str, str]],
    measure: str,
    name: str,
    text: Text,
    *,
    label: str,
    unit: str = "",
    words: Callable[[float], str] | None = None,
) -> Figure:
    """Draw one measure by each way of transport with its range.

    Parameters
    ----------
    groups
        Names, each with its rows as `estimate` takes them.
    ways
        For each way its words and mode (colour and form).
    measure
        Which columns.
    name
        Title of the chart.
    text
        The language.
    label
        What the picture shows, in words.
    unit
        Stands at the end of the axis.
    words
        How a value is written; to tens when left out.
    """
    write = words or text.tens
    rows = []
    for title, part in groups:
        found = [estimate(part, way, measure) for way in ways]
        shown = [write(value.central) if value else "–" for value in found]
        rows.append(DotRow(title, found, shown))
    keys = [Key("band", f"{text('low')} – {text('high')}")]
    return dot_chart(rows, [*ways.values()], unit, text, label, keys=keys, name=name)
