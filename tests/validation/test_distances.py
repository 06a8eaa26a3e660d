"""Published distances beside ours: read, compared, summarised and shown."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from horgos_geo.core import datasets
from horgos_geo.model.places import Place
from horgos_geo.validation import distances as accuracy
from horgos_geo.validation.distances import Check, Published
from horgos_geo.views.reports import accuracy as report


def made(mode: str, km: float, ours: float, *, split: str = "new", peer: float = math.nan) -> Check:
    ends = [
        Place(id=name, name=name, country="", lon=70.0, lat=45.0, kind="point")
        for name in ("A & B", "C <d>")
    ]
    pair = Published(mode, ends[0], ends[1], km, "g", split, "somebody")
    return Check(pair, "ok", ours, ours * 0.95, km * 0.8, peer, ("KAZ",), (), "")


CHECKS = [
    made("road", 100.0, 104.0),
    made("road", 200.0, 191.0, peer=150.0),
    made("road", 1000.0, 1200.0, split="shared"),
    made("road", 400.0, math.nan),
    made("rail", 500.0, 505.0),
]


@pytest.mark.parametrize("mode", accuracy.MODES)
def test_published_pairs_are_long_enough_and_usable(mode: str) -> None:
    pairs = accuracy.published(mode)
    assert len(pairs) > 100
    assert min(pair.km for pair in pairs) >= accuracy.LEAST_KM
    assert {pair.split for pair in pairs} == {"shared", "new", "second"}
    everything = len(accuracy.published(mode, 0.0)) + len(accuracy.published(mode, 0.0, "loose"))
    assert everything > len(pairs)


def test_scores_count_what_has_no_way_apart() -> None:
    road = {s.method: s for s in accuracy.scores(CHECKS) if s.mode == "road"}
    ours = road["ours"]
    assert (ours.pairs, ours.found) == (4, 3)
    assert ours.median_pct == pytest.approx(4.5)
    assert ours.bias_pct == pytest.approx(4.0)
    assert ours.within_5_pct == pytest.approx(200 / 3)
    assert road["scgraph"].found == 1
    assert road["scgraph"].median_pct == pytest.approx(25.0)
    # Every published length is 1.25 times its great circle, and so is the factor.
    assert road["great_circle"].factor == pytest.approx(1.25)
    assert road["great_circle"].p90_pct == pytest.approx(0.0, abs=1e-9)


def test_scores_of_one_split_leave_the_other_out() -> None:
    new = next(s for s in accuracy.scores(CHECKS, ["new"]) if s.method == "ours")
    assert new.pairs == 3
    assert new.p90_pct < 6


def test_misses_begin_with_missing_ways_then_the_worst() -> None:
    missed = accuracy.misses(CHECKS)
    assert [c.published.km for c in missed] == [400.0, 1000.0]
    assert missed[1].error == pytest.approx(0.2)


def test_table_has_a_row_for_each_with_its_source() -> None:
    frame = accuracy.table(CHECKS)
    assert list(frame["published_km"]) == [c.published.km for c in CHECKS]
    assert frame["error_pct"].iloc[0] == pytest.approx(4.0)
    assert set(frame["source"]) == {"somebody"}


@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_figures_escape_names_and_say_the_numbers(language: str) -> None:
    bands = {"road": {"median_pct": 4.4, "p90_pct": 13.0}, "rail": {"median_pct": None}}
    figures = [
        report.answer(CHECKS, bands, language),
        report.methods_section(CHECKS, language),
        report.length_section(CHECKS, language),
        report.misses_section(CHECKS, language),
        report.table_section(CHECKS, language),
    ]
    html = "".join(figure.html for figure in figures)
    assert "C &lt;d&gt;" in html
    assert "<d>" not in html
    assert ("4,5" if language == "ru" else "4.5") in figures[0].html


def test_one_mode_alone_makes_a_headline() -> None:
    rail = [c for c in CHECKS if c.published.mode == "rail"]
    assert "1.0" in report.answer(rail, {}).html
    assert report.misses_section(rail).html.count("<tr>") == 1


def test_reasons_and_baseline_name_published_pairs() -> None:
    known = {p.key for mode in accuracy.MODES for p in accuracy.published(mode, 0.0)}
    known |= {p.key for mode in accuracy.MODES for p in accuracy.published(mode, 0.0, "loose")}
    for table in (accuracy.REASONS, accuracy.BASELINE):
        for row in datasets.read_rows(table):
            assert (row["mode"], row["origin"], row["dest"], float(row["km"])) in known
    assert all(row["reason"].endswith(".") for row in datasets.read_rows(accuracy.REASONS))


def test_notebook_is_bare_and_its_cells_are_short() -> None:
    book = json.loads((datasets.notebooks() / "07-accuracy.ipynb").read_text("utf-8"))
    code = [c for c in book["cells"] if c["cell_type"] == "code"]
    assert all(not c["outputs"] for c in code)
    assert all(2 <= len(c["source"]) <= 9 for c in code)


@pytest.mark.slow
def test_the_committed_network_keeps_its_promise(tmp_path: Path) -> None:
    from horgos_geo.model.network import load_network

    network = load_network()
    checks = accuracy.check(network)
    for score in accuracy.scores(checks):
        if score.method == "ours":
            limit = {"road": (5.0, 16.0), "rail": (2.0, 8.0)}[score.mode]
            assert score.found == score.pairs
            assert (score.median_pct, score.p90_pct) < limit
    unexplained = [c.published.key for c in accuracy.misses(checks) if not c.reason]
    assert unexplained == []
    frame = accuracy.table(checks)
    file = tmp_path / "checks.csv"
    frame.to_csv(file, index=False)
    with file.open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(checks)
    assert np.isfinite(frame["length_km"]).all()
    assert replace(checks[0], length_km=math.nan).is_miss
