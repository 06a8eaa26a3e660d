"""Forms of charts: dots with their ranges, stacked bars, ticks, tints, curves, and what they share.

A chart is HTML that works without script, network or colour: every mark also has a number in
words, and every number stands in a table below.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from horgos_geo.core.text import Text
from horgos_geo.model.estimate import Estimate
from horgos_geo.views.display import Figure
from horgos_geo.views.rendering import render
from horgos_geo.views.tables import Column, table


@dataclass(frozen=True)
class Key:
    """One line of a chart's key: the class of its sign, what it means, and colour tokens."""

    sign: str
    words: str
    colour: str = ""
    stripes: str = ""


@dataclass(frozen=True)
class Mark:
    """A sign in a row: its class and where it stands, in percent of the axis."""

    sign: str
    left: str
    width: str = ""
    top: str = ""
    title: str = ""
    colour: str = ""


@dataclass(frozen=True)
class AxisLabel:
    """A label of an axis, its place in percent, and its class where it stands at an end."""

    words: str
    place: str
    side: str = ""
    phone_unit: str = ""


@dataclass(frozen=True)
class Axis:
    """The axis of a chart, from `start` to `end`, with round values on it."""

    end: float
    values: tuple[float, ...]
    unit: str = ""
    start: float = 0.0

    def place(self, value: float) -> str:
        """Return where a value stands, in percent."""
        return pct(value - self.start, self.end - self.start)

    def labels(self, text: Text, digits: int = 0) -> list[AxisLabel]:
        """Return the labels of the axis; a phone has room for every other one of many."""
        count, found = len(self.values), []
        for i, value in enumerate(self.values):
            last, spare = i == count - 1, count > 4 and i % 2 == 1
            words = text.number(value, digits) + (f" {self.unit}" if last and self.unit else "")
            side = "ax-last" if last and value > self.start + 0.9 * (self.end - self.start) else ""
            unit = self.unit if count > 4 and i == count - 2 and not spare else ""
            found.append(AxisLabel(words, self.place(value), "ax-spare" if spare else side, unit))
        return found


@dataclass(frozen=True)
class ChartRow:
    """One row: its name, its marks or its bars, and values in words with the class of each."""

    name: str
    marks: Sequence[Mark] = ()
    bars: Sequence[Bar] = ()
    values: Sequence[tuple[str, str]] = ()
    extra: Markup = field(default_factory=Markup)


@dataclass(frozen=True)
class Bar:
    """One line of stacked parts, and the words at its end with their class."""

    parts: Sequence[Mark]
    words: str
    kind: str = ""


@dataclass(frozen=True)
class DotRow:
    """A name with its value by each series, and a tick beside them."""

    name: str
    values: Sequence[Estimate | None]
    words: Sequence[str]
    tick: float = math.nan


def ticks(most: float, count: int = 4) -> list[float]:
    """Return round values from 0 up to `most`, about `count` steps.

    Parameters
    ----------
    most
        The largest value shown.
    count
        Steps wished for.

    Examples
    --------
    >>> ticks(8400)
    [0.0, 2000.0, 4000.0, 6000.0, 8000.0]
    """
    if not (math.isfinite(most) and most > 0):
        return [0.0]
    raw = most / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= raw * 0.7)
    return [step * i for i in range(int(most / step + 1e-9) + 1)]


def axis_to(most: float, unit: str = "", count: int = 4) -> Axis:
    """Return an axis from 0 to `most` with round values."""
    return Axis(most, tuple(ticks(most, count)), unit)


def pct(value: float, most: float) -> str:
    """Write a share of the axis as a percentage for a style."""
    return f"{max(0.0, value) / most * 100:.2f}%" if most > 0 else "0%"


def figure(
    kind: str,
    label: str,
    picture: Markup,
    caption: str = "",
    *,
    data: Figure | None = None,
    before: Markup | str = "",
) -> Figure:
    """Wrap a chart: the picture with its description, the caption, its numbers as a table.

    Parameters
    ----------
    kind
        Class of the figure.
    label
        What the picture shows, in words.
    picture
        Its markup.
    caption
        Words under it.
    data
        The folded table of its numbers.
    before
        Markup before it, such as a switch.
    """
    html = render(
        "charts/figure",
        kind=kind,
        label=label,
        picture=picture,
        caption=caption,
        data=data or "",
        before=before,
    )
    return Figure(html, tables=data.tables if data else ())


def rows_picture(
    rows: Sequence[ChartRow],
    keys: Sequence[Key],
    text: Text,
    *,
    axis: Axis | None = None,
    lines: int = 1,
    name: str = "",
) -> Markup:
    """Return the picture of rows on one axis.

    Parameters
    ----------
    rows
        From above.
    keys
        What each sign means.
    text
        The language.
    axis
        The axis; none where lengths are only compared.
    lines
        How many marks stand under one another in a row.
    name
        Title, where several charts stand side by side.
    """
    labels = axis.labels(text) if axis else ()
    grid = [axis.place(value) for value in axis.values] if axis else ()
    return render(
        "charts/rows",
        rows=rows,
        keys=keys,
        labels=labels,
        grid=grid,
        lines=lines,
        name=name,
        axis=axis is not None,
    )


def dot_chart(
    rows: Sequence[DotRow],
    series: Sequence[tuple[str, str]],
    unit: str,
    text: Text,
    label: str,
    *,
    keys: Sequence[Key] = (),
    name: str = "",
    caption: str = "",
    data: Figure | None = None,
) -> Figure:
    """Draw values as dots with their ranges on one axis.

    Parameters
    ----------
    rows
        Names with a value for each series; None where there is none.
    series
        Words and mode (colour and form) of each series.
    unit
        Of the values, for the axis.
    text
        The language.
    label
        What the picture shows, in words.
    keys
        What the key says besides the series.
    name
        Title, where several charts stand side by side.
    caption
        Words under it.
    data
        The folded table of its numbers.
    """
    highs = [value.high for row in rows for value in row.values if value is not None]
    axis = axis_to(max(highs, default=1.0) * 1.01, unit)
    shown = [
        ChartRow(
            row.name,
            _dots(row, series, axis),
            values=[
                (f"t-{mode}", words) for (_, mode), words in zip(series, row.words, strict=True)
            ],
        )
        for row in rows
    ]
    signs = [*(Key(f"dot dot-{mode}", words) for words, mode in series), *keys]
    picture = rows_picture(shown, signs, text, axis=axis, lines=len(series), name=name)
    return figure("dots", label, picture, caption, data=data)


def _dots(row: DotRow, series: Sequence[tuple[str, str]], axis: Axis) -> list[Mark]:
    marks = []
    found = [value.central for value in row.values if value is not None]
    if found and math.isfinite(row.tick):
        left, right = min(row.tick, *found), max(found)
        marks.append(Mark("reach", axis.place(left), pct(right - left, axis.end)))
        marks.append(Mark("gc", axis.place(row.tick)))
    for i, (value, (_, mode)) in enumerate(zip(row.values, series, strict=True)):
        if value is None:
            continue
        top = f"{(i + 0.5) / len(series) * 100:.0f}%"
        if value.high > value.low:
            width = pct(value.high - value.low, axis.end)
            marks.append(Mark(f"band band-{mode}", axis.place(value.low), width, top))
        marks.append(Mark(f"dot dot-{mode}", axis.place(value.central), top=top))
    return marks


def bar_chart(
    rows: Sequence[ChartRow],
    keys: Sequence[Key],
    text: Text,
    label: str,
    *,
    axis: Axis | None = None,
    caption: str = "",
    data: Figure | None = None,
) -> Figure:
    """Draw stacked bars, one row a name.

    Parameters
    ----------
    rows
        Names with their bars.
    keys
        What each part means.
    text
        The language.
    label
        What the picture shows, in words.
    axis
        The common axis; none where each row says its total.
    caption
        Words under it.
    data
        The folded table of its numbers.
    """
    lines = max((len(row.bars) for row in rows), default=1)
    picture = rows_picture(rows, keys, text, axis=axis, lines=lines)
    return figure("days", label, picture, caption, data=data)


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
    # The words after the longest bar need a place, too.
    bars = [
        (name, Mark("", "", f"calc((100% - 72px) * {value / most:.4f})", colour=colour), value)
        for name, value in rows
    ]
    shown = [ChartRow(name, bars=[Bar([mark], text.number(value))]) for name, mark, value in bars]
    return bar_chart(shown, (), text, label, caption=caption)


def heat_map(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Mapping[tuple[str, str], float],
    language: str = "en",
    title: str = "",
    unit: str = "%",
    digits: int = 0,
    caption: str = "",
    missing: Mapping[tuple[str, str], str] | None = None,
    striped: Collection[tuple[str, str]] = (),
) -> Figure:
    """Draw a table of values with a tint by size, such as what each closure adds.

    Parameters
    ----------
    rows, columns
        Names, in the order shown.
    values
        Value by row and column; NaN where there is no route, absent where nothing was asked.
    language
        ``en``, ``zh`` or ``ru``.
    title
        What the values are, for the description.
    unit
        Written after each value.
    digits
        Decimals, -1 for tens.
    caption
        Words under the chart.
    missing
        Written for NaN by row and column; "no route" where nothing else is given.
    striped
        Row and column of cells that are marked.
    """
    text = Text(language)
    unit = unit.replace(unit.strip(), text.phrase(unit.strip()))
    finite = [abs(v) for v in values.values() if math.isfinite(v)]
    most = max(finite, default=1.0) or 1.0
    none, reasons = text("no_route"), missing or {}

    def tint(at: tuple[str, str]) -> _Tint:
        """Return what one cell shows, striped where it is a tie."""
        found = _tint(values.get(at), most, unit, digits, reasons.get(at, none), text)
        return replace(found, kind=f"{found.kind} hm-striped") if at in striped else found

    body = [(row, [tint((row, column)) for column in columns]) for row in rows]
    gaps = any("hm-none" in cell.kind for _, cells in body for cell in cells)
    words = dict.fromkeys(c.words for _, cells in body for c in cells if "hm-none" in c.kind)
    none = " / ".join(words)
    label = text("heat_alt", title=title, rows=", ".join(rows[:12]), columns=", ".join(columns))
    return Figure(
        render(
            "charts/heat_map",
            columns=columns,
            rows=body,
            label=label,
            caption=caption,
            none=none if gaps else "",
        )
    )


@dataclass(frozen=True)
class _Tint:
    kind: str
    words: str = ""
    strength: str = ""


def _tint(value: float | None, most: float, unit: str, digits: int, none: str, text: Text) -> _Tint:
    if value is None:
        return _Tint("")
    if not math.isfinite(value):
        return _Tint("hm-none", none)
    if round(value, digits) == 0:
        return _Tint("hm-zero", "0")
    words = f"{'+' if value > 0 else ''}{text.number(value, digits)}{unit}"
    return _Tint(
        "hm-more" if value > 0 else "hm-less", words, f"{0.08 + 0.42 * abs(value) / most:.2f}"
    )


@dataclass(frozen=True)
class Share:
    """One part of a whole: the class of its sign, and how many."""

    sign: str
    count: int


@dataclass(frozen=True)
class ShareRow:
    """A whole by its parts."""

    name: str
    shares: Sequence[Share]

    @property
    def total(self) -> int:
        """The number of all."""
        return sum(share.count for share in self.shares)


def share_chart(
    rows: Sequence[ShareRow],
    keys: Sequence[tuple[str, str]],
    text: Text,
    label: str,
    name: str,
) -> Figure:
    """Draw counts as parts of strips of one length, each part with its number.

    Parameters
    ----------
    rows
        From above.
    keys
        Class and words of each part, in order.
    text
        The language.
    label
        What the picture shows, in words.
    name
        Name of the downloaded file, without its ending.
    """
    strips = [
        (row.name, row.total, [(s.sign, s.count, pct(s.count, row.total)) for s in row.shares])
        for row in rows
    ]
    columns = [Column("", words=True), *(Column(words) for _, words in keys)]
    cells = [[row.name, *(share.count for share in row.shares)] for row in rows]
    data = table(columns, cells, text, name, about=label, folded=True)
    signs = [Key(f"sw sh-{sign}", words) for sign, words in keys]
    return figure("shares", label, render("charts/shares", rows=strips, keys=signs), data=data)


def tick_marks(places: Iterable[float], mode: str) -> Markup:
    """Return thin lines over the width of a row, at shares of it from 0 to 1."""
    data = "".join(f"M{place * 1000:.0f} 0V1" for place in places)
    return render("charts/ticks", data=data, mode=mode)
