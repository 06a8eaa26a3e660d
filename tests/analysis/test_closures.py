"""What closures cost: nothing where they do not touch, and never less than before."""

from __future__ import annotations

import math

import pytest
from fixture import fixture_network
from places_fixture import PLACES

from horgos_geo.analysis.closures import closures, total, with_closure
from horgos_geo.core.errors import ScenarioError
from horgos_geo.model.network import load_network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.routing.status import THROUGH_CHINA
from horgos_geo.views.reports.closures import ClosuresReport

ROUTER = Router(fixture_network(), Scenario(minimise="time"))
ENDS = [PLACES[name] for name in ("almaty", "omsk", "moscow", "tashkent", "tehran")]


def test_every_pair_is_answered():
    found = closures(ROUTER, PLACES["horgos"], ENDS, ["RUS", "petropavl-road"])
    assert [(d.closure, d.destination.id) for d in found] == [
        (closure, place.id) for closure in ("RUS", "petropavl-road") for place in ENDS
    ]


def test_what_is_not_touched_stays():
    for item in closures(ROUTER, PLACES["horgos"], ENDS, ["UZB", "RUS"]):
        direct = with_closure(ROUTER, item.closure).route(PLACES["horgos"], item.destination)
        assert item.after.status == direct.status
        assert item.after.time_h == direct.time_h
        if not item.touched and item.destination.country != item.closure:
            assert item.extra_h == 0.0


def test_closing_costs():
    found = {d.destination.id: d for d in closures(ROUTER, PLACES["horgos"], ENDS, ["UZB"])}
    assert found["tashkent"].cut_off
    assert math.isnan(found["tashkent"].extra_h)
    assert found["moscow"].extra_h == 0.0
    assert all(not d.extra_h < 0 for d in found.values())
    assert total(found.values())["UZB"] >= 0.0


def test_a_closure_that_is_no_place_is_refused():
    with pytest.raises(ScenarioError, match="neither"):
        closures(ROUTER, PLACES["horgos"], ENDS, ["Atlantis"])


def test_shutting_the_gateway_itself_costs_too():
    horgos = (PLACES["horgos"].gateway or {})["road"]
    found = closures(ROUTER, PLACES["horgos"], ENDS, [horgos, "KAZ", "RUS"])
    back = [item for item in found if item.after.status == THROUGH_CHINA]
    assert {item.closure for item in back} == {horgos}
    for item in back:
        assert item.with_china is not None
        assert item.reference is item.with_china
        assert item.extra_h >= 0.0
    assert all(item.reference is item.before for item in found if item not in back)
    rest = [item for item in found if item not in back]
    whole, part = (ClosuresReport(some, found[0].before.origin).table() for some in (found, rest))
    assert "through China before" in whole.html
    assert "through China before" not in part.html


@pytest.mark.slow
@pytest.mark.parametrize(
    ("modes", "minimise", "name"),
    [
        ("road", "time", "time_h"),
        ("rail", "time", "time_h"),
        ("road", "cost", "cost_usd_per_teu"),
        ("multimodal", "co2e", "co2e_kg_per_t"),
    ],
)
def test_no_closure_is_a_gain_over_the_real_network(modes, minimise, name):
    """Closing Horgos lets Tashkent be reached over Irkeshtam: quicker, but not by the closure."""
    router = Router(load_network(), Scenario(modes=modes, minimise=minimise, ferries=True))
    ends = ["Tashkent", "Baku", "Novosibirsk", "Moscow", "Tehran", "Warsaw"]
    own = ["khorgos-nur-zholy-road", "khorgos-altynkol-rail"]
    shut = [id_ for id_ in own if modes == "multimodal" or id_.endswith(modes)]
    names = [*shut, "KAZ", "RUS", "UZB", "TKM", "aktau-alat-ferry", "terespol-brest-rail"]
    found = closures(router, "Horgos", ends, names)
    assert any(item.with_china for item in found) or modes == "multimodal"
    for item in found:
        if item.after.found:
            before, after = (getattr(r, name).central for r in (item.reference, item.after))
            assert after >= before * (1 - 1e-3), (item.closure, item.destination.name)
