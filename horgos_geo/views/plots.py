"""Charts on two axes: curves, and points held against a diagonal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from horgos_geo.core.text import Text
from horgos_geo.views.chart_forms import Axis, AxisLabel, Key, figure
from horgos_geo.views.display import Figure
from horgos_geo.views.rendering import render

#: Plots are drawn on a square of this size and stretched to their frame.
_SIZE = 1000.0


@dataclass(frozen=True)
class Curve:
    """A line: its mode (colour and dash) and its vertices."""

    mode: str
    x: Iterable[float]
    y: Iterable[float]


@dataclass(frozen=True)
class Point:
    """A dot: its mode (colour and form), where it is, its range, and what it is."""

    mode: str
    x: float
    y: float
    title: str = ""
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Scale(Axis):
    """An axis that may be logarithmic."""

    logarithmic: bool = field(default=False)

    def share(self, value: float) -> float:
        """Return where a value stands, from 0 to 1; beyond the ends it stands at them."""
        low, high = self.start, self.end
        if self.logarithmic:
            value, low, high = (math.log(max(v, 1e-9)) for v in (value, low, high))
        return min(1.0, max(0.0, (value - low) / (high - low)))

    def place(self, value: float) -> str:
        """Return where a value stands, in percent."""
        return f"{100 * self.share(value):.2f}%"

    def all_labels(self, text: Text) -> list[AxisLabel]:
        """Return a label for each value, the last one with the unit."""
        last = self.values[-1]
        return [
            AxisLabel(
                text.number(value, 0 if value == round(value) else 1)
                + (f" {self.unit}" if value == last and self.unit else ""),
                self.place(value),
            )
            for value in self.values
        ]


def plot(
    x: Scale,
    y: Scale,
    text: Text,
    label: str,
    *,
    keys: Sequence[Key],
    curves: Sequence[Curve] = (),
    points: Sequence[Point] = (),
    band: Sequence[tuple[float, float, float]] = (),
    notes: Sequence[tuple[str, float, float, str]] = (),
    caption: str = "",
    data: Figure | None = None,
) -> Figure:
    """Draw curves and points on two axes.

    Parameters
    ----------
    x, y
        The axes; the unit stands at the last value.
    text
        The language.
    label
        What the picture shows, in words.
    keys
        What each sign means.
    curves, points
        What is drawn.
    band
        Vertices of a band behind them: x, low and high.
    notes
        Words in the picture: mode, x, y, text.
    caption
        Words under it.
    data
        The folded table of its numbers.
    """

    def at(px: float, py: float) -> str:
        """Return a point of the plot in its own units."""
        return f"{_SIZE * x.share(px):.1f} {_SIZE * (1 - y.share(py)):.1f}"

    paths = [
        (curve.mode, "M" + "L".join(at(*vertex) for vertex in zip(curve.x, curve.y, strict=True)))
        for curve in curves
    ]
    edge = [at(px, low) for px, low, _ in band] + [at(px, high) for px, _, high in band[::-1]]
    bars = [(p.mode, f"M{at(p.x, p.low)}L{at(p.x, p.high)}") for p in points if p.high > p.low]
    picture = render(
        "charts/plot",
        keys=keys,
        x_labels=x.all_labels(text),
        y_labels=y.all_labels(text),
        paths=paths,
        bars=bars,
        band=f"M{'L'.join(edge)}z" if edge else "",
        points=[(p.mode, x.place(p.x), y.place(p.y), p.title) for p in points],
        notes=[(mode, x.place(px), y.place(py), words) for mode, px, py, words in notes],
    )
    return figure("plot", label, picture, caption, data=data)
