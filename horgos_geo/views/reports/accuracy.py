"""Report 07: lengths and days held against published ones, with every miss."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from horgos_geo.core.text import NBSP, Text
from horgos_geo.validation import distances
from horgos_geo.validation.distances import METHODS, MODES
from horgos_geo.validation.transit_times import NEAR_PCT, summarise
from horgos_geo.views.chart_forms import (
    Axis,
    ChartRow,
    Key,
    Mark,
    figure,
    pct,
    rows_picture,
    tick_marks,
)
from horgos_geo.views.display import Figure, join
from horgos_geo.views.plots import Curve, Point, Scale, plot
from horgos_geo.views.rendering import with_links
from horgos_geo.views.sections import headline, key_figures, section
from horgos_geo.views.tables import Cell, Column, table

#: The axis of errors reaches this far to either side, percent; what lies beyond stands at its end.
REACH = 30.0
#: The shortest published distance is named to this many kilometres.
ROUND = 50.0
#: Classes of length, kilometres.
CLASSES = (100.0, 300.0, 1000.0)
#: So many misses stand open.
WORST = 12
#: Days that the axes of transit times name.
DAYS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)


class AccuracyReport:
    """The report on accuracy.

    Parameters
    ----------
    checks
        From `horgos_geo.validation.distances.check`.
    bands
        The errors that the network states of itself, found with groups of routes left out of the
        fit in turn: ``network.meta["error"]``.
    times
        From `horgos_geo.validation.transit_times.compare_transit_times`.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    """

    def __init__(
        self,
        checks: pd.DataFrame,
        bands: Mapping[str, Any],
        times: pd.DataFrame | None = None,
        language: str = "en",
        title: str = "",
    ) -> None:
        self.text = Text(language, "accuracy_")
        self.checks, self.times, self.title = checks, times, title
        self.scores = list(distances.scores(checks).itertuples())
        self.ours = {s.mode: s for s in self.scores if s.method == "ours"}
        self.left_out = {
            mode: bands[mode]
            for mode in self.ours
            if bands.get(mode, {}).get("median_pct") is not None
        }

    def _by_mode(self, values: Mapping[str, float]) -> str:
        text = self.text
        return text.clauses(
            text.say("head_part", value=text.percent(value, 1), by_mode=text.by(mode))
            for mode, value in values.items()
        )

    def answer(self) -> Figure:
        """Return the top of the page: the errors of figures that were left out of the fit."""
        text = self.text
        fitted = {mode: score.median_pct for mode, score in self.ours.items()}
        honest = {mode: band["median_pct"] for mode, band in self.left_out.items()}
        key = "head" if honest.keys() == fitted.keys() else "head_fitted"
        top = text.say(key, list=self._by_mode(honest if key == "head" else fitted))
        shortest = text.number(self.checks["published_km"].min() // ROUND * ROUND)
        km = f"{shortest}{NBSP}{text('km')}"
        words = text.say("standfirst", km=km, list=self._by_mode(fitted))
        eyebrow = text.say("eyebrow", n=text.number(len(self.checks)))
        head = headline(self.title or text.sentence(top), words, eyebrow)
        return join([head, key_figures(self._key_figures())])

    def _key_figures(self) -> list[tuple[str, str, str]]:
        text, figures = self.text, []
        for mode, score in self.ours.items():
            for key, size, column in (
                ("kf_median", score.median_pct, "median_pct"),
                ("kf_p90", score.p90_pct, "p90_pct"),
            ):
                left = self.left_out.get(mode, {}).get(column)
                aside = "" if left is None else text.say("kf_fitted", value=text.percent(size, 1))
                value = text.percent(size if left is None else left, 1)
                figures.append((value, aside, text.say(key, mode=_capital(text.mode(mode)))))
        return figures

    def methods(self) -> Figure:
        """Return the errors before and after correction, beside those of peers."""
        text = self.text
        road = {s.method: s.median_pct for s in self.scores if s.mode == "road"}
        title = text.say("methods_plain")
        if road and road["ours"] < road["raw"]:
            before, after = (text.percent(road[key], 1) for key in ("raw", "ours"))
            title = text.say("methods", before=before, after=after)
        axis = Axis(REACH, tuple(np.linspace(-REACH, REACH, 5)), "%", -REACH)
        rows = [row for score in self.scores if (row := self._method_row(score, axis))]
        keys = [
            Key("tick", text.say("key_line")),
            Key("band", text.say("key_band")),
            Key("gc", text.say("key_median")),
        ]
        picture = rows_picture(rows, keys, text, axis=axis)
        columns = [Column(text.say("col_method"), words=True), Column(text.say("col_pairs"))]
        columns += [Column(text.say(f"col_{key}"), 1) for key in ("bias", "median", "p90")]
        columns += [Column(text.say("col_within"))]
        cells = [
            [self._method(s), self._pairs(s), s.bias_pct, s.median_pct, s.p90_pct, s.within_5_pct]
            for s in self.scores
        ]
        named = [f"{self._method(s)} {text.percent(s.median_pct, 1)}" for s in self.scores]
        listed = text("semicolon").join(named)
        label = text.say("methods_alt", n=len(self.scores), list=listed)
        data = table(columns, cells, text, "methods", about=label, folded=True)
        chart = figure("errors", label, picture, data=data)
        sub, short = text.say("methods_sub"), text.say("s_methods")
        return section(title, sub, chart, "methods", short)

    def _method(self, score: Any) -> str:
        mode, factor = _capital(self.text.mode(score.mode)), self.text.number(score.factor, 2)
        return self.text.say(score.method, mode=mode, factor=factor)

    def _pairs(self, score: Any) -> Cell:
        whole = score.found == score.pairs
        return Cell(score.found, "" if whole else f"{score.found} / {score.pairs}")

    def _method_row(self, score: Any, axis: Axis) -> ChartRow | None:
        text = self.text
        mine = self.checks[self.checks["mode"] == score.mode]
        relative = mine[METHODS[score.method]] * score.factor / mine["published_km"] - 1
        found = np.sort(relative[np.isfinite(relative)] * 100)
        if not len(found):
            return None
        low, middle, high = np.clip(np.percentile(found, (10, 50, 90)), -REACH, REACH)
        missing = score.pairs - score.found
        name = self._method(score)
        if missing:
            name = text.aside(name, text.say("no_route", n=missing))
        places = (np.clip(found, -REACH, REACH) + REACH) / (2 * REACH)
        width = pct(high - low, 2 * REACH)
        band = Mark(f"band band-tall band-{score.mode}", axis.place(low), width, "50%")
        values = f"{text.number(score.median_pct, 1)} / {text.number(score.p90_pct, 1)}"
        return ChartRow(
            name,
            [band, Mark("gc", axis.place(middle))],
            values=[("", values)],
            extra=tick_marks(places, score.mode),
        )

    def by_length(self) -> Figure:
        """Return the median errors by class of length."""
        text = self.text
        modes = [mode for mode in MODES if (self.checks["mode"] == mode).any()]
        rows: list[list[Any]] = []
        found: dict[tuple[float, str], float] = {}
        for low, high in zip(CLASSES, [*CLASSES[1:], math.inf], strict=True):
            key = "length_class" if math.isfinite(high) else "length_above"
            row: list[Any] = [text.say(key, low=text.number(low), high=text.number(high))]
            for mode in modes:
                of_class = self.checks["published_km"].between(low, high, inclusive="left")
                mine = self.checks["error_pct"][of_class & (self.checks["mode"] == mode)]
                found[low, mode] = float(mine.abs().median())
                row += [found[low, mode], int(mine.notna().sum())]
            rows.append(row)
        columns = [Column(text.say("col_published"), words=True)]
        for mode in modes:
            name = _capital(text.mode(mode))
            columns.append(Column(text.say("col_error_of", mode=name), 1))
            columns.append(Column(text.say("col_count_of", mode=name)))
        falls = all(found[CLASSES[0], mode] > found[CLASSES[-1], mode] for mode in modes)
        title = text.say("length" if falls else "length_plain")
        made = table(columns, rows, text, "errors-by-length", about=text.say("length_sub"))
        return section(title, text.say("length_sub"), made, "length", text.say("s_length"))

    def misses(self) -> Figure:
        """Return the lengths that are off by more than a tenth, with reasons."""
        text = self.text
        missed = list(distances.misses(self.checks).itertuples())
        title = text.say("misses_none")
        if missed:
            title = text.say("misses", n=len(missed), all=len(self.checks))
        figures = [self._distances(missed[:WORST], "worst-misses", title, reasons=True)]
        if missed[WORST:]:
            figures.append(self._distances(missed, "misses", title, folded=True, reasons=True))
        sub, short = text.say("misses_sub"), text.say("s_misses")
        return section(title, sub, figures, "misses", short)

    def table(self) -> Figure:
        """Return every published distance; the file has its sources."""
        text, title = self.text, self.text.say("table")
        ordered = self.checks.sort_values(["mode", "published_km"], kind="stable").round(1)
        rows = list(ordered.itertuples())
        kept = ordered.drop(columns=["group", "split", "countries", "crossings"])
        plain = kept.astype(object).where(kept.notna(), None)
        file = (list(plain.columns), plain.to_numpy().tolist())
        made = self._distances(rows, "published-distances", title, folded=True, file=file)
        return section(title, text.say("table_sub"), made, "table", text.say("s_table"))

    def _distances(
        self,
        rows: Sequence[Any],
        name: str,
        about: str,
        *,
        folded: bool = False,
        reasons: bool = False,
        file: Any = None,
    ) -> Figure:
        text = self.text
        columns = [
            Column(text.say("col_pair"), words=True),
            Column(text.say("col_published")),
            Column(text.say("col_ours")),
            Column(text.say("col_error"), 1),
        ]
        cells = []
        for row in rows:
            ours: Any = row.length_km
            if not math.isfinite(ours):
                ours = Cell(None, text.status(row.status))
            note = ""
            if reasons:
                note = text.phrase(row.reason) if row.reason else text.say("reason_none")
            pair = text.comma([self._pair(row), text.mode(row.mode)])
            cells.append([Cell(pair, note=note), row.published_km, ours, row.error_pct])
        return table(columns, cells, text, name, about=about, folded=folded, file=file)

    def _pair(self, row: Any) -> str:
        return f"{self.text.point(row.origin)} – {self.text.point(row.destination)}"

    def transit_times(self) -> Figure:
        """Return published transit times held against the model's days."""
        text = self.text
        times = self.times if self.times is not None else pd.DataFrame({"model_days": []})
        found = times.dropna(subset="model_days").sort_values("published_days", kind="stable")
        summary = summarise(found)
        inside = int(found["inside"].sum())
        usual, held = found[found["basis"] == ""], found[found["split"] == "held"]
        sub = [
            text.say(
                "times_sub",
                error=text.percent(summary["median_absolute_error_pct"], 1),
                near=text.percent(summary["near_pct"], 1),
            ),
            text.say("times_usual", n=len(usual), near=int(usual["near"].sum())),
        ]
        if len(held):
            words = text.say("times_cover", held=len(held), inside=int(held["inside"].sum()))
            sub.append(words)
        label = text.say("times_alt", n=len(found), inside=inside)
        title = text.say("times", inside=inside, all=len(found))
        chart = self._times_plot(found, label)
        return section(title, text.paragraph(sub), chart, "times", text.say("s_times"))

    def _times_plot(self, found: pd.DataFrame, label: str) -> Figure:
        text = self.text
        values = pd.concat([found["published_days"], found["model_days"]])
        low, high = float(values.min()) * 0.8, float(values.max()) * 1.25
        named = tuple(days for days in DAYS if low <= days <= high)
        x, y = (
            Scale(high, named, text.say(f"axis_{name}"), low, logarithmic=True)
            for name in ("published", "ours")
        )
        near = NEAR_PCT / 100
        points = [
            Point(
                row.mode, row.published_days, row.model_days, self._pair(row),
                row.model_days_low, row.model_days_high,
            )
            for row in found.itertuples()
        ]  # fmt: skip
        modes = [mode for mode in ("road", "rail", "multimodal") if (found["mode"] == mode).any()]
        keys = [Key(f"dot dot-{mode}", text.mode(mode)) for mode in modes]
        keys.append(Key("key-line m-even", text.say("key_even")))
        keys.append(Key("band", text.say("key_near")))
        return plot(
            x,
            y,
            text,
            label,
            keys=keys,
            curves=[Curve("even", (low, high), (low, high))],
            points=points,
            band=[(end, end * (1 - near), end * (1 + near)) for end in (low, high)],
            data=self._times_table(found, label),
        )

    def _times_table(self, found: pd.DataFrame, about: str) -> Figure:
        text = self.text
        columns = [
            Column(text.say("col_pair"), words=True),
            Column(text.say("col_mode"), words=True),
            Column(text.say("col_days_published"), 1),
            Column(text.say("col_days_ours"), 1),
            Column(text.say("col_error")),
            Column(text.say("col_source"), words=True),
        ]
        rows = [
            [
                Cell(self._pair(row), note=self._basis(row.basis)),
                text.mode(row.mode),
                self._days(row, "published"),
                self._days(row, "model"),
                row.error_pct,
                Cell(row.source, with_links(row.source)),
            ]
            for row in found.itertuples()
        ]
        return table(columns, rows, text, "transit-times", about=about, folded=True)

    def _basis(self, basis: str) -> str:
        """Return what makes a published time no usual one."""
        return self.text.say(f"basis_{basis.replace(' ', '_')}") if basis else ""

    def _days(self, row: Any, whose: str) -> Cell:
        central, low, high = (getattr(row, f"{whose}_days{end}") for end in ("", "_low", "_high"))
        band = "" if low == high else f"{self.text.number(low, 1)}–{self.text.number(high, 1)}"
        return Cell(central, ends=(low, high), band=band)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
