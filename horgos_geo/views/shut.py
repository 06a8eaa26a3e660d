"""The names of what a scenario shuts."""

from __future__ import annotations

from horgos_geo.core.text import Text
from horgos_geo.routing.route import Route


def shut_name(name: str, route: Route | None, text: Text) -> str:
    """Return the name of a country, crossing or ferry that is shut.

    Parameters
    ----------
    name
        ISO 3166-1 alpha-3 code, or id of a crossing or ferry.
    route
        A route over it, which may know the name of the crossing.
    text
        The language.
    """
    if len(name) == 3:
        return text.country(name)
    used = route.crossings if route else ()
    return next((text.point(c.name) for c in used if c.id == name), text.point_of(name))
