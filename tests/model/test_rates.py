"""What a container costs and emits, beside published rates: the right order of size."""

from __future__ import annotations

import statistics

import pytest

from horgos_geo.model.estimate import Estimate
from horgos_geo.model.network import load_network
from horgos_geo.model.parameters import load_parameters
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router

CHINA = "CHN"
TEU_PER_FEU = 2


@pytest.fixture(scope="module")
def trains() -> Router:
    return Router(load_network(), Scenario(modes="rail", minimise="time"))


def published(parameter: str) -> list[tuple[str, str, float]]:
    """Return the ends and the value of each published figure of a way."""
    rows = [row for row in load_parameters().evidence if row.parameter == parameter]
    ways = [(row.applies_to.split(" - "), row.band.central) for row in rows]
    return [(ends[0], ends[1], value) for ends, value in ways if len(ends) == 2]


def usd_per_feu(router: Router, origin: str, destination: str) -> Estimate:
    """Return what the model asks; from the Chinese border as the index has it, without that."""
    route = router.route(origin, destination)
    chinese = {c.id for c in route.crossings if CHINA in (c.country_a, c.country_b)}
    total = Estimate(0.0, 0.0, 0.0)
    for leg in route.network_legs:
        if origin != "Khorgos" or leg.crossing_id not in chinese:
            total = total + leg.cost_usd_per_teu
    return total * TEU_PER_FEU


def test_published_rates_lie_in_the_band(trains: Router) -> None:
    rates = published("rate_usd_per_feu")
    assert len(rates) >= 9
    bands = [usd_per_feu(trains, origin, destination) for origin, destination, _ in rates]
    pairs = [(band, rate) for band, (_, _, rate) in zip(bands, rates, strict=True)]
    inside = [band.low <= rate <= band.high for band, rate in pairs]
    assert sum(inside) >= 0.8 * len(rates)
    errors = [band.central / rate - 1 for band, rate in pairs]
    assert abs(statistics.median(errors)) < 0.2
    assert all(abs(error) < 0.6 for error in errors)


def test_the_index_of_the_broad_gauge_comes_out(trains: Router) -> None:
    assert usd_per_feu(trains, "Khorgos", "Brest").central == pytest.approx(3289, rel=0.1)


def test_published_emissions_lie_in_the_band(trains: Router) -> None:
    for origin, destination, kg in published("co2e_kg_per_t"):
        band = trains.route(origin, destination).co2e_kg_per_t
        assert band.low <= kg <= band.high
        assert band.central == pytest.approx(kg, rel=0.4)


def test_a_lorry_emits_several_times_what_a_train_does(trains: Router) -> None:
    road = trains.with_(modes="road").route("Horgos", "Moscow").co2e_kg_per_t.central
    rail = trains.route("Horgos", "Moscow").co2e_kg_per_t.central
    assert 3 < road / rail < 7  # 137 to 24 grams in the EU, 111 to 17 by another count
