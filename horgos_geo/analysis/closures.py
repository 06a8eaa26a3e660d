"""Closures: what a shut country or crossing costs each destination.

A closure can only cost. One case needs care: what leaves through a gateway does not come back
through China, unless nothing else is left. So shutting the gateway itself, or the country behind
it, opens a route that was not asked for before, and it may even be quicker, by the hours that the
gateway's own queue takes. Such a closure is therefore held against the best route with China open
(`Diversion.reference`): the same question before and after.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from horgos_geo.core.errors import ScenarioError
from horgos_geo.model.crossing_names import split_closures
from horgos_geo.model.places import Place, PlaceLike, PlacesLike, select
from horgos_geo.routing.route import Route
from horgos_geo.routing.router import Router
from horgos_geo.routing.status import OK, THROUGH_CHINA


@dataclass(frozen=True, eq=False)
class Diversion:
    """One destination before and after a closure.

    Attributes
    ----------
    closure
        ISO 3166-1 alpha-3 code or crossing id.
    before, after
        The best route without and with the closure; `after` may be missing and says why.
    with_china
        Where the closure sends freight back through China: the best route that could have gone
        through China before it. None elsewhere.
    """

    closure: str
    before: Route
    after: Route
    with_china: Route | None = None

    @property
    def reference(self) -> Route:
        """What `after` is held against: the best route before, under the same rule on China."""
        return self.with_china or self.before

    @property
    def destination(self) -> Place:
        """Where both lead."""
        return self.before.destination

    @property
    def touched(self) -> bool:
        """Whether the closure shuts something that the route used."""
        return self.closure in _used(self.before)

    @property
    def cut_off(self) -> bool:
        """Whether the closure leaves no route."""
        return self.before.found and not self.after.found

    @property
    def extra_h(self) -> float:
        """Hours more, NaN where there is no route."""
        if not (self.before.found and self.after.found):
            return math.nan
        return self.after.time_h.central - self.reference.time_h.central


def closures(
    router: Router,
    origin: PlaceLike,
    destinations: PlacesLike,
    shut: Sequence[str],
) -> list[Diversion]:
    """Ask for every destination what each closure does to it.

    Parameters
    ----------
    router
        The network under the scenario before the closures.
    origin
        Where the routes begin.
    destinations
        Where they end.
    shut
        Countries and crossings, by code, id or name, each shut alone.

    Returns
    -------
    list of Diversion
        Closure by closure, destination by destination.

    Raises
    ------
    ScenarioError
        A closure that is neither a country nor a crossing of the network.

    Examples
    --------
    >>> import horgos_geo as hg
    >>> router = hg.Router(hg.load_network(), hg.Scenario(minimise="time"))
    >>> [found] = hg.closures(router, "Horgos", ["Moscow"], ["RUS"])
    >>> found.before.countries, found.after.status
    (('KAZ', 'RUS'), 'closed by scenario')
    """
    before = router.routes(origin, select(destinations))
    with_china = router.with_(outbound=False)
    result = []
    for name in shut:
        closed = with_closure(router, name)
        codes, ids = split_closures([name])
        closure = name if len(codes + ids) > 1 else (codes + ids)[0]
        for route in before:
            # A route that does not use what is shut stays the best.
            untouched = route.found and not {*codes, *ids} & {
                *_used(route),
                route.destination.country,
            }
            after = route if untouched else closed.route(route.origin, route.destination)
            back = after.status == THROUGH_CHINA and route.status == OK
            free = with_china.route(route.origin, route.destination) if back else None
            result.append(Diversion(closure, route, after, free))
    return result


def _used(route: Route) -> set[str]:
    return {*route.countries, *(crossing.id for crossing in route.crossings)}


def with_closure(router: Router, name: str) -> Router:
    """Return a router for the same scenario with one more country or crossing shut.

    Parameters
    ----------
    router
        The router to start from.
    name
        A country, by code or name, or a crossing or ferry, by id or name.

    Raises
    ------
    ScenarioError
        Neither a country nor a crossing.
    """
    scenario = router.scenario
    codes, ids = split_closures([name])
    if codes:
        return router.with_(closed_countries=(*scenario.closed_countries, *codes))
    if any(id_ in router.network.crossing_index or id_ in router.network.links for id_ in ids):
        return router.with_(closed_crossings=(*scenario.closed_crossings, *ids))
    raise ScenarioError(
        f"{name[:60]!r} is neither an ISO 3166 alpha-3 code nor a crossing of the network. "
        "Write RUS, for example, or khorgos-altynkol-rail."
    )


def total(items: Iterable[Diversion]) -> dict[str, float]:
    """Return the hours that each closure adds over all destinations that it still leaves a route.

    Parameters
    ----------
    items
        From `closures`.
    """
    hours: dict[str, float] = {}
    for item in items:
        added = item.extra_h if math.isfinite(item.extra_h) else 0.0
        hours[item.closure] = hours.get(item.closure, 0.0) + added
    return hours
