"""The report on accuracy: errors of what was left out, misses counted, days held against days."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from report_pages import assert_whole, head, numbers, standfirst, table, words

from horgos_geo.core.text import LANGUAGES
from horgos_geo.validation.transit_times import judged
from horgos_geo.views.reports.accuracy import AccuracyReport

BANDS = {
    "road": {"median_pct": 4.6, "p90_pct": 13.0},
    "rail": {"median_pct": 1.4, "p90_pct": 2.2},
}


def made(mode: str, km: float, ours: float, **columns: object) -> dict[str, object]:
    row = {
        "mode": mode, "origin": "A & B", "destination": "C <d>", "published_km": km,
        "length_km": ours, "error_pct": (ours / km - 1) * 100, "raw_length_km": ours * 0.95,
        "great_circle_km": km * 0.8, "scgraph_km": math.nan, "status": "ok", "countries": "KAZ",
        "crossings": "", "group": "g", "split": "new", "reason": "", "source": "somebody",
    }  # fmt: skip
    return row | columns


CHECKS = pd.DataFrame(
    [
        made("road", 100.0, 104.0),
        made("road", 200.0, 191.0, scgraph_km=150.0),
        made("road", 1000.0, 1200.0, split="shared"),
        made("road", 400.0, math.nan, status="no path"),
        made("rail", 500.0, 505.0),
    ]
)
TIMES = judged(
    pd.DataFrame(
        [
            {
                "origin": "A", "destination": "B", "mode": "rail", "what": "", "basis": basis,
                "usable": "yes", "split": split, "year": "2024", "source": "https://a.example/x",
                "published_days": 10.0, "published_days_low": 10.0, "published_days_high": 12.0,
                "model_days": ours, "model_days_low": ours * 0.7, "model_days_high": ours * 1.5,
                "likely_days": ours, "likely_days_low": ours, "likely_days_high": ours,
            }
            for ours, basis, split in ((9.0, "", "held"), (4.0, "record", "new"), (12, "", "new"))
        ]
    )
)  # fmt: skip


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request):
    return AccuracyReport(CHECKS, BANDS, TIMES, request.param)


def test_the_page_is_whole_and_escapes_names(report):
    parts = [report.answer(), report.methods(), report.by_length(), report.misses()]
    page = assert_whole([*parts, report.transit_times(), report.table()])
    assert "C &lt;d&gt;" in page
    assert "<d>" not in page


def test_the_headline_has_the_error_of_figures_left_out(report):
    language = report.text.language
    assert numbers(head(report.answer()), language) == [4.6, 1.4]
    fitted = numbers(standfirst(report.answer()), language)
    methods = table(report.methods(), "methods")
    assert fitted[-2:] == [round(float(methods[3].iloc[row]), 1) for row in (0, 4)]


def test_misses_are_counted_in_the_table(report):
    figure = report.misses()
    said = numbers(head(figure), report.text.language)
    assert len(table(figure, "worst-misses")) in said
    assert len(CHECKS) in said


def test_times_inside_the_band_are_counted_in_the_table(report):
    figure = report.transit_times()
    frame = table(figure, "transit-times")
    days = frame[[2, 6, 7]].astype(float)
    inside = int(days[2].between(days[6], days[7]).sum())
    assert numbers(head(figure), report.text.language)[:2] in ([inside, 3], [3, inside])
    assert str(figure.html).count('class="dot dot-rail" style') == 3
    assert '<a href="https://a.example/x">a.example</a>' in str(figure.html)


def test_one_mode_alone_makes_a_headline():
    rail = CHECKS[CHECKS["mode"] == "rail"]
    report = AccuracyReport(rail, {})
    assert numbers(head(report.answer())) == [1.0]
    assert "No length" in head(report.misses())


def test_all_distances_are_in_the_file_with_their_sources(report):
    frame = table(report.table(), "published-distances")
    assert len(frame) == len(CHECKS)
    assert (frame[frame.columns[-1]] == "somebody").all()
    assert "no path" not in words(str(report.table().html)) or report.text.language == "en"
