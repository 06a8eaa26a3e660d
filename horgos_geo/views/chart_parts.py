"""What all charts share: routes grouped by destination, axes, keys, the figure around them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from horgos_geo.core.text import Text
from horgos_geo.views.display import Figure
from horgos_geo.views.svg import esc
from horgos_geo.views.tables import Column, table

if TYPE_CHECKING:
    from horgos_geo.model.places import Place
    from horgos_geo.routing.route import Route

MODE_ORDER = ("road", "rail", "multimodal")
#: Kinds of time in the order they are stacked; each is a colour in the style sheet.
TIMES = ("moving", "border", "gauge", "transfer", "ferry")
TIME_WORDS = {"gauge": "gauge_change"}


@dataclass
class Row:
    """One destination with its route by each mode."""

    place: Place
    routes: dict[str, Route] = field(default_factory=dict)

    @property
    def great_circle_km(self) -> float:
        """Kilometres, NaN where unknown."""
        return next((r.great_circle_km for r in self.routes.values()), math.nan)

    @property
    def sort_km(self) -> float:
        """What charts sort by: the road distance, else the shortest other one."""
        lengths = [
            self.routes[mode].length_km
            for mode in MODE_ORDER
            if mode in self.routes and math.isfinite(self.routes[mode].length_km)
        ]
        return lengths[0] if lengths else math.inf


def group(routes: Iterable[Route], keep_order: bool = False) -> list[Row]:
    """Group routes by destination, nearest first.

    Parameters
    ----------
    routes
        At most one by destination and mode counts: the last.
    keep_order
        Leave them in the order given.
    """
    rows: dict[str, Row] = {}
    for route in routes:
        row = rows.setdefault(route.destination.id, Row(route.destination))
        row.routes[route.scenario.mode_label] = route
    if keep_order:
        return list(rows.values())
    return sorted(rows.values(), key=lambda row: (row.sort_km, row.place.id))


def modes_of(rows: Iterable[Row]) -> list[str]:
    """Return the modes that occur, in the order of the design."""
    seen = {mode for row in rows for mode in row.routes}
    return [mode for mode in MODE_ORDER if mode in seen]


def hours(route: Route) -> dict[str, float]:
    """Return the hours of a route by kind of time, in stacking order.

    Parameters
    ----------
    route
        A route; one without a way has no hours.
    """
    total = dict.fromkeys(TIMES, 0.0)
    for leg in route.legs:
        value = leg.time_h.central
        if not math.isfinite(value) or leg.kind == "access":
            continue
        total["moving" if leg.kind in ("road", "rail", "snap") else leg.kind] += value
    return total


def ticks(most: float, count: int = 4) -> list[float]:
    """Return round values from 0 up to `most`, about `count` steps.

    Parameters
    ----------
    most
        The largest value shown.
    count
        Steps wished for.
    """
    if not (math.isfinite(most) and most > 0):
        return [0.0]
    raw = most / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= raw * 0.7)
    return [step * i for i in range(int(most / step + 1e-9) + 1)]


def pct(value: float, most: float) -> str:
    """Write a share of the axis as a percentage for a style."""
    return f"{max(0.0, value) / most * 100:.2f}%" if most > 0 else "0%"


def key_list(items: Iterable[tuple[str, str]]) -> str:
    """Return a chart's key.

    Parameters
    ----------
    items
        Pairs of trusted picture markup and words.
    """
    rows = "".join(f"<li>{picture}<span>{esc(words)}</span></li>" for picture, words in items)
    return f'<ul class="keys" aria-hidden="true">{rows}</ul>'


def axis(values: Sequence[float], most: float, text: Text, unit: str) -> str:
    """Return the axis above a chart: a label and a hairline at each value."""
    labels, count = [], len(values)
    for i, value in enumerate(values):
        last = i == count - 1
        words = esc(text.number(value) + (f" {unit}" if last else ""))
        # A phone has room for every other label of many; the last one of those has the unit.
        spare = count > 4 and i % 2 == 1
        if count > 4 and i == count - 2 and not spare:
            words += f'<b class="ax-unit"> {esc(unit)}</b>'
        side = ' class="ax-last"' if last and value > 0.9 * most else ""
        side = ' class="ax-spare"' if spare else side
        labels.append(f'<span{side} style="left:{pct(value, most)}">{words}</span>')
    return f'<div class="ax">{"".join(labels)}</div>'


def gridlines(values: Sequence[float], most: float) -> str:
    """Return the hairlines behind the rows."""
    return "".join(f'<i class="grid" style="left:{pct(value, most)}"></i>' for value in values)


def figure(
    kind: str, label: str, body: str, caption: str = "", after: str = "", before: str = ""
) -> Figure:
    """Wrap a chart: the picture with its description, the caption, what may be operated.

    Parameters
    ----------
    kind
        Class of the figure.
    label
        What the picture shows, in words.
    body
        Trusted markup of the picture.
    caption
        Words under it.
    after
        Trusted markup after it, such as the table of its figures.
    before
        Trusted markup before it, such as a switch.
    """
    foot = f"<figcaption>{esc(caption)}</figcaption>" if caption else ""
    return Figure(
        f'<figure class="chart chart-{kind}">{before}<div class="chart-pic" role="img" '
        f'aria-label="{esc(label)}">{body}</div>{foot}{after}</figure>'
    )


def plain_table(head: Sequence[str], rows: Iterable[Sequence[str]], text: Text) -> str:
    """Return the figures of a chart as a folded table, the first column names."""
    columns = [Column(cell, words=not i) for i, cell in enumerate(head)]
    return table(columns, rows, text, "figures", folded=True).html


def brief_table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Iterable[int],
    text: Text,
    name: str = "table",
) -> Figure:
    """Return an open table of words and numbers, the first column names."""
    right = set(numbers)
    columns = [Column(cell, words=i not in right) for i, cell in enumerate(head)]
    return table(columns, rows, text, name)
