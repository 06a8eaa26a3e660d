"""Cars to a country: how far, how long, how dear from a gateway, beside what was exported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.analysis.gateways import error_pct
from horgos_geo.core import datasets
from horgos_geo.core.countries import STORY
from horgos_geo.core.errors import PlaceNotFound
from horgos_geo.model import places
from horgos_geo.model.estimate import Estimate
from horgos_geo.model.places import Place, PlaceLike
from horgos_geo.routing.path_uncertainty import bare_path
from horgos_geo.routing.router import Router

if TYPE_CHECKING:
    import pandas as pd

#: Ways to move a car: the cargo of a scenario and the mode of each.
WAYS = {
    "driven": ("vehicles-driven", "road"),
    "carrier truck": ("vehicles-carrier", "road"),
    "JSQ train": ("vehicles-rail", "rail"),
}
COLUMNS = (
    "country",
    "way",
    "mode",
    "status",
    "towns",
    "population",
    "served_pct",
    "length_km",
    "error_km",
    "days",
    "days_low",
    "days_high",
    "cost_usd_per_car",
    "cost_usd_per_car_low",
    "cost_usd_per_car_high",
    "co2e_kg_per_car",
    "co2e_kg_per_car_low",
    "co2e_kg_per_car_high",
    "cars_per_unit",
)
TOWN = 15_000
# What is asked for least of, and where the bands of it stand on a path.
_BANDS = {"time": "time_h", "cost": "cost_usd_per_vehicle", "co2e": "co2e_kg_per_vehicle"}
# The spread of a mean is taken from a country's largest towns, where most of its people live.
_TRACED = 40


def cars(
    router: Router,
    countries: Iterable[str] = STORY,
    origin: PlaceLike = "Horgos",
    towns: Sequence[Place] | None = None,
) -> pd.DataFrame:
    """Return what it takes to bring one car to a country's people, by each way to move it.

    Numbers are means over the country's towns of 15,000 people and more, weighted by population,
    each of the route that has least of it: shortest for kilometres, quickest for days, cheapest
    for dollars. They are those of routes with that cargo, fees at borders and changes of gauge
    included.

    Parameters
    ----------
    router
        Its cargo, modes and what it minimises are replaced.
    countries
        ISO 3166-1 alpha-3 codes; those of `towns` when empty.
    origin
        Where the cars set out.
    towns
        Places in the stead of the countries' towns; they count alike unless all have a population.

    Returns
    -------
    pandas.DataFrame
        One row a country and way (`WAYS`), columns `COLUMNS`. `served_pct` is the share of the
        people counted who can be reached; numbers are NaN where none can.

    Raises
    ------
    PlaceNotFound
        A country without towns in the gazetteer.
    """
    import pandas as pd

    start = places.resolve(origin)
    ends = places.towns(TOWN) if towns is None else router.search.located(towns)
    every = list(countries) or list(dict.fromkeys(town.country for town in ends))
    by_country: dict[str, list[Place]] = {country: [] for country in every}
    for town in ends:
        if town.country in by_country:
            by_country[town.country].append(town)
    for country, found in by_country.items():
        if not found:
            raise PlaceNotFound(
                f"No town of {country[:40]!r} is known. Name countries by ISO 3166-1 alpha-3 code, "
                "such as KAZ."
            )
    rows = []
    for way, (cargo, mode) in WAYS.items():
        asked = {"cargo": cargo, "modes": mode, "cars_per_unit": None}
        least = {name: router.with_(**asked, minimise=name) for name in ("distance", *_BANDS)}
        for country, found in by_country.items():
            rows.append({"country": country, "way": way, **_row(least, start, found)})
    order = [*by_country]
    rows.sort(key=lambda row: (order.index(str(row["country"])), [*WAYS].index(str(row["way"]))))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(least: dict[str, Router], start: Place, towns: Sequence[Place]) -> dict[str, object]:
    """Return the means over some towns by one way."""
    router = least["distance"]
    people = _weights(towns)
    km = router.od_matrix([start], towns)[0][0]
    known = np.isfinite(km)
    served = float(people[known].sum())
    length_km = float((km[known] * people[known]).sum() / served) if served else np.nan
    bands = {name: mean(least[name], start, towns) for name in _BANDS}
    vehicles = router.weights.costs.vehicles
    return {
        "mode": router.scenario.mode_label,
        "status": "ok" if served else "no path",
        "towns": len(towns),
        "population": int(people.sum()),
        "served_pct": 100.0 * served / float(people.sum()),
        "length_km": length_km,
        "error_km": length_km * error_pct(router) / 100.0,
        **_columns("days", bands["time"] * (1 / 24)),
        **_columns("cost_usd_per_car", bands["cost"]),
        **_columns("co2e_kg_per_car", bands["co2e"]),
        "cars_per_unit": vehicles.cars_per_unit().central if vehicles else np.nan,
    }


def _weights(towns: Sequence[Place]) -> NDArray[np.float64]:
    """Return the people of each town, or one for each where that is not known of all."""
    people = np.array([town.population for town in towns], dtype=np.float64)
    return people if people.all() else np.ones(len(towns))


def _columns(name: str, band: Estimate) -> dict[str, float]:
    return {name: band.central, f"{name}_low": band.low, f"{name}_high": band.high}


def mean(router: Router, start: Place, towns: Sequence[Place]) -> Estimate:
    """Return the mean over towns, by people, of what the scenario has least of.

    Parameters
    ----------
    router
        A scenario that minimises time, cost or co2e.
    start
        Where the cars set out.
    towns
        The largest come first: the band is spread as on the ways to them.

    Returns
    -------
    Estimate
        Hours, or dollars or kilograms a vehicle.
    """
    name = _BANDS[router.scenario.minimise]
    people = _weights(towns)
    values = router.od_matrix([start], towns)[0][0]
    known = np.isfinite(values)
    if not known.any():
        return Estimate(np.nan, np.nan, np.nan)
    average = float((values[known] * people[known]).sum() / people[known].sum())
    total = Estimate(0.0, 0.0, 0.0)
    for i in np.flatnonzero(known)[:_TRACED].tolist():  # the largest come first
        path = bare_path(router, start, towns[i])
        if path is not None:
            band: Estimate = getattr(path.impacts, name)
            total = total + band * people[i]
    return (
        total * (average / total.central) if total.central else Estimate(average, average, average)
    )


def exports() -> pd.DataFrame:
    """Return published counts of vehicles that left through a gateway.

    Returns
    -------
    pandas.DataFrame
        One row a figure: `gateway, year, period, vehicles, qualifier, basis, fact, source`. Figures
        of different `basis` (customs, border inspection of the road port) count different things
        and make no series together.
    """
    import pandas as pd

    rows = [
        {
            "gateway": "torugart" if row["fact"].startswith("Torugart") else "horgos",
            "year": int(row["year"]),
            "period": row["period"],
            "vehicles": int(row["value"]),
            "qualifier": row["qualifier"],
            "basis": row["basis"],
            "fact": row["fact"],
            "source": row["source"],
        }
        for row in datasets.read_rows("reference/horgos_facts.csv")
        if row["unit"] == "vehicles"
    ]
    frame = pd.DataFrame(rows)
    return frame.sort_values(["gateway", "basis", "year", "vehicles"], kind="stable").reset_index(
        drop=True
    )


def yearly() -> dict[int, int]:
    """Return vehicles exported through Horgos by whole year, on the customs' basis alone."""
    frame = exports()
    whole = frame[
        (frame["gateway"] == "horgos") & (frame["basis"] == "customs") & (frame["period"] == "year")
    ]
    return {
        int(year): int(count) for year, count in zip(whole["year"], whole["vehicles"], strict=True)
    }
