"""Figures of the accuracy report: errors as lines on an axis, and tables of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from horgos_geo.core.text import NBSP, Text
from horgos_geo.validation import distances as accuracy
from horgos_geo.validation.distances import METHODS, MODES
from horgos_geo.validation.transit_times import summarise
from horgos_geo.views import charts
from horgos_geo.views.chart_parts import axis, figure, gridlines, key_list, pct, plain_table
from horgos_geo.views.display import Figure, join
from horgos_geo.views.svg import esc
from horgos_geo.views.tables import Cell, Column, table

#: The axis of errors reaches this far to either side, percent; what lies beyond stands at its end.
REACH = 30.0
#: The shortest published distance is named to this many kilometres.
ROUND = 50.0
#: Classes of length, kilometres.
CLASSES = (100.0, 300.0, 1000.0)


def answer(
    checks: pd.DataFrame, bands: dict[str, Any], language: str = "en", title: str = ""
) -> Figure:
    """Return the top of the page: the median errors, and key figures.

    Parameters
    ----------
    checks
        From `accuracy.check`.
    bands
        The errors that the network states of itself: ``network.meta["error"]``.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    """
    text = Text(language)
    ours = {s.mode: s for s in accuracy.scores(checks).itertuples() if s.method == "ours"}
    if len(ours) == len(MODES):
        values = {mode: text.percent(ours[mode].median_pct, 1) for mode in MODES}
        sentence = text("acc_title", **values)
    else:
        mode, score = next(iter(ours.items()))
        value = text.percent(score.median_pct, 1)
        sentence = text("acc_title_one", mode=text.mode(mode), value=value)
    left = [
        text.aside(text.percent(bands[mode]["median_pct"], 1), text.mode(mode))
        for mode in ours
        if bands.get(mode, {}).get("median_pct") is not None
    ]
    shortest = text.number(checks["published_km"].min() // ROUND * ROUND)
    words = text("acc_standfirst", km=f"{shortest}{NBSP}{text('km')}", left=", ".join(left) or "–")
    figures = []
    for mode, score in ours.items():
        name = text.mode(mode).capitalize()
        for key, size, band in (
            ("acc_kf_median", score.median_pct, "median_pct"),
            ("acc_kf_p90", score.p90_pct, "p90_pct"),
        ):
            stated = bands.get(mode, {}).get(band)
            aside = "" if stated is None else text("acc_kf_left", value=text.percent(stated, 1))
            figures.append((text.percent(size, 1), aside, text(key, mode=name)))
    eyebrow = text("acc_eyebrow", n=len(checks))
    top = charts.headline(title or sentence, words, eyebrow)
    return join([top, charts.key_figures(figures)])


def methods_section(checks: pd.DataFrame, language: str = "en") -> Figure:
    """Return the errors of ours before and after correction beside those of peers.

    Parameters
    ----------
    checks
        From `accuracy.check`.
    language
        ``en``, ``zh`` or ``ru``.
    """
    text = Text(language)
    scores = list(accuracy.scores(checks).itertuples())
    road = {s.method: s.median_pct for s in scores if s.mode == "road"}
    title = text("acc_methods_plain")
    if road and road["ours"] < road["raw"]:
        before, after = text.percent(road["raw"], 1), text.percent(road["ours"], 1)
        title = text("acc_methods_title", before=before, after=after)
    most = 2 * REACH
    at = [i * REACH / 2 for i in range(5)]
    marks = axis(at, most, text, "%")
    for place in at:  # the axis runs from -REACH, which `axis` does not know
        label = text.number(place - REACH)
        marks = marks.replace(f">{text.number(place)}<", f"> {label} <", 1)
        marks = marks.replace(f">{text.number(place)} %<", f"> {text.percent(place - REACH)} <", 1)
    rows = "".join(_method_row(s, checks, text) for s in scores)
    keys = [
        ('<svg width="4" height="14"><path d="M2 0V14" stroke="currentColor"/></svg>',
         text("acc_key_line")),
        ('<i class="band"></i>', text("acc_key_band")),
        ('<i class="gc"></i>', text("acc_key_median")),
    ]  # fmt: skip
    body = (
        f'{key_list(keys)}<div class="rows rows-1">'
        f'<div class="row row-ax"><span></span>{marks}<span></span></div>'
        f'<div class="row row-grid"><span></span><div class="plot">{gridlines(at, most)}</div>'
        f"<span></span></div>{rows}</div>"
    )
    head = [
        text(f"acc_col_{key}") for key in ("method", "pairs", "bias", "median", "p90", "within")
    ]
    cells = [[_name(s, text), *_figures(s, text)] for s in scores]
    label = text("acc_methods_plain")
    chart = figure("errors", label, body, after=plain_table(head, cells, text))
    return charts.section(
        title, text("acc_methods_sub"), chart, "methods", text("acc_methods_short")
    )


def _name(score: Any, text: Text) -> str:
    mode = text.mode(score.mode).capitalize()
    return text(f"acc_{score.method}", mode=mode, factor=text.number(score.factor, 2))


def _figures(score: Any, text: Text) -> list[str]:
    pairs = f"{score.found}" if score.found == score.pairs else f"{score.found} / {score.pairs}"
    sizes = (score.bias_pct, score.median_pct, score.p90_pct)
    return [pairs, *(text.number(v, 1) for v in sizes), text.percent(score.within_5_pct)]


def _method_row(score: Any, checks: pd.DataFrame, text: Text) -> str:
    mine = checks[checks["mode"] == score.mode]
    relative = mine[METHODS[score.method]] * score.factor / mine["published_km"] - 1
    found = np.sort(relative[np.isfinite(relative)] * 100)
    if not len(found):
        return ""
    places = np.clip(found, -REACH, REACH) + REACH
    low, high = (float(np.clip(np.percentile(found, q), -REACH, REACH)) for q in (10, 90))
    middle = float(np.clip(np.median(found), -REACH, REACH)) + REACH
    lines = "".join(f"M{x * 1000 / (2 * REACH):.0f} 0V1" for x in places)
    left, wide = pct(low + REACH, 2 * REACH), pct(high - low, 2 * REACH)
    missing = score.pairs - score.found
    aside = f" ({text('acc_no_way', n=missing)})" if missing else ""
    values = f"{text.number(score.median_pct, 1)} / {text.number(score.p90_pct, 1)}"
    return (
        f'<div class="row"><div class="row-n">{esc(_name(score, text) + aside)}</div>'
        f'<div class="plot t-{score.mode}"><i class="band band-{score.mode}" '
        f'style="top:50%;height:18px;margin-top:-9px;border-radius:0;opacity:.2;'
        f'left:{left};width:{wide}"></i>'
        f'<svg viewBox="0 0 1000 1" preserveAspectRatio="none" style="position:absolute;'
        f'left:0;top:calc(50% - 7px);width:100%;height:14px;overflow:visible">'
        f'<path d="{lines}" stroke="currentColor" stroke-opacity=".55" stroke-width="1" '
        f'vector-effect="non-scaling-stroke" fill="none"/></svg>'
        f'<i class="gc" style="left:{pct(middle, 2 * REACH)}"></i></div>'
        f'<div class="row-v">{esc(values)}</div></div>'
    )


def length_section(checks: pd.DataFrame, language: str = "en") -> Figure:
    """Return the median errors by class of length.

    Parameters
    ----------
    checks
        From `accuracy.check`.
    language
        ``en``, ``zh`` or ``ru``.
    """
    text = Text(language)
    modes = [m for m in MODES if (checks["mode"] == m).any()]
    rows, found = [], {}
    for low, high in zip(CLASSES, [*CLASSES[1:], math.inf], strict=True):
        key = "acc_length_class" if math.isfinite(high) else "acc_length_above"
        row = [text(key, low=text.number(low), high=text.number(high))]
        for mode in modes:
            of_class = checks["published_km"].between(low, high, inclusive="left")
            mine = checks["error_pct"][of_class & (checks["mode"] == mode)].abs().dropna()
            found[low, mode] = mine.median()
            row.append(text.aside(text.percent(found[low, mode], 1), str(len(mine))))
        rows.append(row)
    falls = all(found[CLASSES[0], mode] > found[CLASSES[-1], mode] for mode in modes)
    table = _table([text("acc_col_published"), *(text.mode(m) for m in modes)], rows, text)
    title = text("acc_length_title" if falls else "acc_length_plain")
    return charts.section(title, text("acc_length_sub"), table, "length", text("acc_length_short"))


def misses_section(checks: pd.DataFrame, language: str = "en") -> Figure:
    """Return the table of the lengths that are off by more than a tenth, with reasons.

    Parameters
    ----------
    checks
        From `accuracy.check`.
    language
        ``en``, ``zh`` or ``ru``.
    """
    text = Text(language)
    missed = list(accuracy.misses(checks).itertuples())
    title = text("acc_miss_none")
    if missed:
        title = text("acc_miss_title", n=len(missed), all=len(checks))
    head = [text(f"acc_col_{key}") for key in ("pair", "published", "ours", "error")]
    notes = [text.phrase(c.reason) if c.reason else text("acc_reason_none") for c in missed]
    table = _table(head, [_row(c, text) for c in missed], text, notes)
    return charts.section(title, text("acc_miss_sub"), table, "misses", text("acc_miss_short"))


def times_section(times: pd.DataFrame, language: str = "en") -> Figure:
    """Return the table of published transit times beside those of the model.

    Parameters
    ----------
    times
        From `transit_times.compare_transit_times`.
    language
        ``en``, ``zh`` or ``ru``.
    """
    text = Text(language)
    found = times.dropna(subset="model_days").sort_values("published_days", kind="stable")
    summary = summarise(found)
    title = text("acc_times_title", inside=found["inside"].sum(), all=len(found))
    usual, held = found[found["basis"] == ""], found[found["split"] == "held"]
    sub = text(
        "acc_times_sub", error=text.percent(summary["median_absolute_error_pct"], 1),
        near=text.percent(summary["near_pct"], 1),
        usual=usual["near"].sum(), n=len(usual),
        held=len(held), inside=held["inside"].sum(),
    )  # fmt: skip
    keys = ("pair", "days_published", "days_ours", "error")
    rows = [
        [
            _pair(t.origin, t.destination, t.mode, text) + _basis(t, text),
            _days(t.published_days, t.published_days_low, t.published_days_high, text),
            _days(t.model_days, t.model_days_low, t.model_days_high, text),
            text.number(t.error_pct),
        ]
        for t in found.itertuples()
    ]
    table = _folded(_table([text(f"acc_col_{key}") for key in keys], rows, text), text)
    return charts.section(title, sub, table, "times", text("acc_times_short"))


def _basis(item: Any, text: Text) -> str:
    """Return what makes a published time no usual one."""
    return f" · {text('acc_basis_' + item.basis.replace(' ', '_'))}" if item.basis else ""


def _days(central: float, low: float, high: float, text: Text) -> str:
    days = text.number(central, 1)
    if low == high:
        return days
    return text.aside(days, f"{text.number(low, 1)}–{text.number(high, 1)}")


def table_section(checks: pd.DataFrame, language: str = "en") -> Figure:
    """Return the table of every published distance, for reading and for download.

    Parameters
    ----------
    checks
        From `accuracy.check`.
    language
        ``en``, ``zh`` or ``ru``.
    """
    text = Text(language)
    head = [text(f"acc_col_{key}") for key in ("pair", "published", "ours", "error")]
    ordered = checks.sort_values(["mode", "published_km"], kind="stable")
    file = ordered.round(1).to_csv(index=False, lineterminator="\r\n")
    uri = "data:text/csv;charset=utf-8," + quote("\ufeff" + file, safe="")
    tool = (
        f'<p class="tools"><a class="tool" download="accuracy.csv" href="{uri}">'
        f"{esc(text('download_csv'))}</a></p>"
    )
    table = _folded(_table(head, [_row(c, text) for c in ordered.itertuples()], text), text, tool)
    return charts.section(
        text("acc_table_title"), text("acc_table_sub"), table, "table", text("acc_table_short")
    )


def _folded(table: Figure, text: Text, after: str = "") -> Figure:
    """Return a long table that opens when asked for."""
    fold = f"<summary>{esc(text('show_table'))}</summary>{table.html}"
    return Figure(
        f'<figure class="chart"><details class="figdata">{fold}</details>{after}</figure>'
    )


def _pair(origin: str, destination: str, mode: str, text: Text) -> str:
    ends = f"{text.point(origin)} – {text.point(destination)}"
    return text.comma([ends, text.mode(mode)])


def _row(check: Any, text: Text) -> list[str]:
    name = _pair(check.origin, check.destination, check.mode, text)
    ours = text.number(check.length_km) if math.isfinite(check.length_km) else check.status
    return [name, text.number(check.published_km), ours, text.number(check.error_pct, 1)]


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], text: Text, notes: Sequence[str] = ()
) -> Figure:
    """Return a table whose first column names, with a small line under the name for a note."""
    columns = [Column(cell, words=not i) for i, cell in enumerate(head)]
    cells: list[list[Any]] = [list(row) for row in rows]
    for number, note in enumerate(notes):
        cells[number][0] = Cell(rows[number][0], note=note)
    return table(columns, cells, text, "accuracy")
