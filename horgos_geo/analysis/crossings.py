"""Border crossings and ferry lines: what they are called, whether they are open, what they take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from horgos_geo.core.countries import country_code
from horgos_geo.core.errors import PlaceNotFound
from horgos_geo.core.text import LANGUAGES, Text
from horgos_geo.model.estimate import ZERO, Estimate
from horgos_geo.model.network import Crossing
from horgos_geo.routing.router import Router

if TYPE_CHECKING:
    import geopandas as gpd

_OF_POST = ("mode", "kind", "country_a", "country_b", "status", "status_date")
_GAUGES = ("gauge_a_mm", "gauge_b_mm")
_WAITS = tuple(f"wait_{way}{end}_h" for way in ("ab", "ba") for end in ("", "_low", "_high"))
COLUMNS = (
    "name",
    "name_zh",
    "name_ru",
    *_OF_POST,
    "usable",
    *_GAUGES,
    *_WAITS,
    "wait_basis",
    "wait_source",
    "wait_year",
    "source",
    "note",
    "geometry",
)


def crossings(router: Router, country: str = "", mode: str = "") -> gpd.GeoDataFrame:
    """Return the crossings of a network as a table.

    Parameters
    ----------
    router
        Its network lists them; its scenario opens or shuts some and may set waits of its own.
    country
        Only those of one country, by code or name.
    mode
        Only those of ``road``, ``rail`` or ``ferry``.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a crossing or ferry line, index `id`, columns `COLUMNS`, EPSG:4326. `usable` says
        whether freight may pass under the scenario. `wait_ab_h` is the wait from `country_a` to
        `country_b` with its low and high, `wait_ba_h` that back; NaN where there is no control.

    Raises
    ------
    PlaceNotFound
        No such country.

    Examples
    --------
    >>> import horgos_geo as hg
    >>> found = hg.crossings(hg.Router(hg.load_network()), "Kazakhstan", "rail")
    >>> found.loc["khorgos-altynkol-rail", ["name_zh", "status"]].tolist()
    ['霍尔果斯–阿腾科里', 'open']
    """
    import geopandas as gpd

    code = country_code(country)
    if country and not code:
        raise PlaceNotFound(f"No country is called {country[:60]!r}. Write a name, or a code: KAZ.")
    rows = [
        _row(router, crossing)
        for crossing in router.network.crossings
        if mode in ("", crossing.mode) and code in ("", crossing.country_a, crossing.country_b)
    ]
    points = gpd.points_from_xy([row.pop("lon") for row in rows], [row.pop("lat") for row in rows])
    frame = gpd.GeoDataFrame(rows, columns=["id", *COLUMNS[:-1]], geometry=points, crs="EPSG:4326")
    return frame.set_index("id")


def _row(router: Router, crossing: Crossing) -> dict[str, Any]:
    names = {language: Text(language).point(crossing.name) for language in LANGUAGES}
    waits = [_wait(router, crossing, a_to_b) for a_to_b in (True, False)]
    bands = [(band.central, band.low, band.high) for band in waits]
    behind = waits[0].rows[0] if waits[0].rows else None
    return {
        "id": crossing.id,
        "name": crossing.name,
        **{f"name_{language}": name for language, name in names.items() if language != "en"},
        **{column: getattr(crossing, column) for column in (*_OF_POST, *_GAUGES)},
        "usable": router.weights.crossing_is_open(crossing),
        **dict(zip(_WAITS, (*bands[0], *bands[1]), strict=True)),
        "wait_basis": behind.retrieved if behind else "",
        "wait_source": behind.source if behind else "",
        "wait_year": behind.year if behind else "",
        "source": crossing.source,
        "note": crossing.note,
        "lon": crossing.lon,
        "lat": crossing.lat,
    }


def _wait(router: Router, crossing: Crossing, a_to_b: bool) -> Estimate:
    if crossing.mode == "ferry":
        return router.parameters.ferry(crossing.id, 0.0).waiting_h
    if crossing.is_event:
        return router.parameters.dwell_h(crossing, a_to_b)
    return ZERO * np.nan
