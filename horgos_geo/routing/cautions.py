"""What a reader of a route should know: detours round shut borders, exclaves, gaps over borders."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from horgos_geo.core.countries import CHINA, country_name
from horgos_geo.model.territory import territory
from horgos_geo.routing.costs import Element
from horgos_geo.routing.route import Route
from horgos_geo.routing.search import Search
from horgos_geo.routing.status import OK

# A route this many times as long as the straight line is told as such.
LONG = 3.0
# From this ratio on, and from so many kilometres more, a shut border is looked for.
_WINDING, _MORE_KM = 1.5, 100.0
# A border is told when the route over it would be this much shorter.
_SAVES = 0.25


def warnings_of(search: Search, route: Route) -> tuple[str, ...]:
    """Return what to tell about a route, a sentence each.

    Parameters
    ----------
    search
        What found the route.
    route
        A found route.
    """
    return (*_ends(route), *_detour(search, route))


def _ends(route: Route) -> Iterator[str]:
    """Tell of ends that meet the network in another country."""
    for place, legs in ((route.origin, route.legs), (route.destination, route.legs[::-1])):
        leg = next((leg for leg in legs if leg.kind in ("road", "rail", "border")), None)
        # Beside a border post, a path may begin or end with the crossing itself.
        if leg is None or leg.kind == "border" or leg.country == place.country or place.gateway:
            continue
        own, other = country_name(place.country), country_name(leg.country)
        if territory().is_apart(np.array([place.lon]), np.array([place.lat]), place.country):
            yield (
                f"{place.name} lies in an exclave of {own} and is reached by {leg.kind} of "
                f"{other}: the borders around it are not counted."
            )
        else:
            yield (
                f"{place.name} lies in {own}, but the nearest {leg.kind} that can be used is in "
                f"{other}: the border between is not counted."
            )


def _detour(search: Search, route: Route) -> Iterator[str]:
    """Tell of a route that is long for its straight line, and of the shut border it goes round."""
    straight_km, length_km = route.great_circle_km, route.length_km
    if length_km - straight_km < _MORE_KM or length_km < _WINDING * straight_km:
        return
    if length_km >= LONG * straight_km:
        yield (
            f"The route is {length_km / straight_km:.1f} times as long as the straight line of "
            f"{straight_km:,.0f} km."
        )
    yield from _shut_border(search, route)
    yield from _through_china(search, route)


def _shut_border(search: Search, route: Route) -> Iterator[str]:
    """Tell of the border that a much shorter route would cross, if the world had not shut it."""
    context = search.context
    closed = {*route.scenario.closed_crossings}
    borders = [c for c in context.network.crossings if c.mode != "ferry" and c.id not in closed]
    opened = search.changed(opened_crossings=tuple(crossing.id for crossing in borders))
    found, km = _shorter(opened, route)
    for edge, _, _ in found:
        position = int(context.network.crossing[edge])
        crossing = context.network.crossings[position]
        if position >= 0 and not context.weights.crossing_is_open(crossing):
            a, b = (country_name(iso3) for iso3 in crossing.ends())
            yield (
                f"The border of {a} and {b} is shut at {crossing.name}; by there it would be "
                f"{km:,.0f} km."
            )
            return


def _through_china(search: Search, route: Route) -> Iterator[str]:
    """Tell of a much shorter route through China, which is closed to what has left it."""
    closed = search.context.closed(route.origin, route.destination) or frozenset()
    if route.status == OK and CHINA in closed - {*route.scenario.closed_countries}:
        found, km = _shorter(search.changed(outbound=False), route)
        if found:
            yield f"Back through China it would be {km:,.0f} km."


def _shorter(search: Search, route: Route) -> tuple[tuple[Element, ...], float]:
    """Return the path and the kilometres of another search, if it is much shorter than a route."""
    found = search.path(route.origin, route.destination)
    length_km = search.context.network.length_km
    km = float(sum(length_km[edge] * abs(b - a) for edge, a, b in found.elements))
    return (found.elements if km <= (1.0 - _SAVES) * route.length_km else ()), km
