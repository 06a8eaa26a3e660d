"""Published distances beside ours: read, compared, summarised and shown."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest

from horgos_geo.core import datasets
from horgos_geo.model.network import Network, load_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.validation import distances as accuracy


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
        made("road", 400.0, math.nan),
        made("rail", 500.0, 505.0),
    ]
)


@pytest.mark.parametrize("mode", accuracy.MODES)
def test_published_pairs_are_long_enough_and_usable(mode: str) -> None:
    pairs = accuracy.published(mode)
    assert len(pairs) > 100
    assert pairs["published_km"].min() >= accuracy.LEAST_KM
    assert set(pairs["split"]) == {"shared", "new", "second"}
    everything = len(accuracy.published(mode, 0.0)) + len(accuracy.published(mode, 0.0, "loose"))
    assert everything > len(pairs)


def test_scores_count_what_has_no_route_apart() -> None:
    road = {s.method: s for s in accuracy.scores(CHECKS).itertuples() if s.mode == "road"}
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
    scores = accuracy.scores(CHECKS, ["new"])
    new = next(s for s in scores.itertuples() if s.method == "ours")
    assert new.pairs == 3
    assert new.p90_pct < 6


def test_misses_begin_with_missing_routes_then_the_worst() -> None:
    missed = accuracy.misses(CHECKS)
    assert missed["published_km"].to_list() == [400.0, 1000.0]
    assert missed["error_pct"].iloc[1] == pytest.approx(20)


def test_each_pair_is_routed_and_held_against_what_was_published(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = {"origin_lon": 77.0, "origin_lat": 43.3, "dest_lon": 71.4, "dest_lat": 51.2}
    pair = {"mode": "road", "origin": "Almaty", "destination": "Astana", "published_km": 1000.0,
            "dest_country": "", "group": "a", "split": "new", "source": "b", **ends}  # fmt: skip
    island = pair | {"destination": "Tokyo", "dest_lon": 139.7, "dest_lat": 35.7}
    router = Router(network, Scenario(outbound=False))
    monkeypatch.setattr(accuracy, "published", lambda mode, km: pd.DataFrame([pair, island]))
    checks = accuracy.check(router, ["road"])
    route = router.route("43.3,77.0", "51.2,71.4")
    assert checks["length_km"][0] == pytest.approx(route.length_km)
    assert checks["error_pct"][0] == pytest.approx((route.length_km / 1000 - 1) * 100)
    assert checks["countries"].to_list() == ["KAZ", ""]
    assert checks["great_circle_km"][0] == pytest.approx(974.5, abs=0.1)
    assert math.isnan(checks["length_km"][1])
    assert checks["status"][1] != "ok"


def test_reasons_and_baseline_name_published_pairs() -> None:
    pairs = [accuracy.published(mode, 0.0, u) for mode in accuracy.MODES for u in ("yes", "loose")]
    known = set(pd.concat(pairs)[[*accuracy.KEY]].itertuples(index=False, name=None))
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
def test_the_committed_network_keeps_its_promise() -> None:
    checks = accuracy.check(Router(load_network()))
    for score in accuracy.scores(checks).itertuples():
        if score.method == "ours":
            limit = {"road": (5.0, 16.0), "rail": (2.0, 8.0)}[score.mode]
            assert score.found == score.pairs
            assert (score.median_pct, score.p90_pct) < limit
    missed = accuracy.misses(checks)
    assert missed[missed["reason"] == ""].empty
    assert checks["length_km"].notna().all()
