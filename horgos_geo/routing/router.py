"""Router: the one entry point to routes and costs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.geodesy import distance_km
from horgos_geo.core.hints import did_you_mean
from horgos_geo.model.network import Network
from horgos_geo.model.parameters import Parameters, load_parameters
from horgos_geo.model.places import PlaceLike, PlacesLike, gateways, resolve, select
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing import legs
from horgos_geo.routing.cautions import warnings_of
from horgos_geo.routing.context import SearchContext
from horgos_geo.routing.costs import Element
from horgos_geo.routing.engine import has_cch
from horgos_geo.routing.route import Route
from horgos_geo.routing.search import ODMatrix, Search
from horgos_geo.routing.status import OK, THROUGH_CHINA
from horgos_geo.routing.weights import Weights


class Router:
    """Finds routes over one network under one scenario.

    Parameters
    ----------
    network
        The network; it is never changed.
    scenario
        What is asked. Default: by road, least distance.
    parameters
        Speeds, waits, prices, emissions. Default: those that come with the package.
    engine
        ``cch`` (default) or ``scipy``, which is slower and needs no compiled hierarchy.
    """

    def __init__(
        self,
        network: Network,
        scenario: Scenario | None = None,
        *,
        parameters: Parameters | None = None,
        engine: str = "cch",
    ) -> None:
        self._over(
            SearchContext(
                network,
                scenario or Scenario(),
                parameters or load_parameters(),
                engine if engine == "scipy" or has_cch() else "scipy",
            )
        )

    def _over(self, context: SearchContext) -> None:
        _check_names(context.network, context.scenario)
        self.network, self.scenario = context.network, context.scenario
        self.parameters, self.engine = context.in_force, context.engine_name
        self.context, self.search = context, Search(context)

    def __repr__(self) -> str:
        return f"<Router by {self.engine}: {self.scenario!r} over {self.network!r}>"

    @property
    def weights(self) -> Weights:
        """What each edge costs, and what is shut."""
        return self.context.weights

    def with_(self, **changes: Any) -> Router:
        """Return a router for a changed scenario. Only weights are made anew, never the graph."""
        router = object.__new__(Router)
        router._over(self.context.with_(**changes))
        return router

    def route(self, origin: PlaceLike, destination: PlaceLike) -> Route:
        """Find the best route between two places.

        Parameters
        ----------
        origin, destination
            Names in any spelling, ``lat,lon``, ISO codes, pairs (lat, lon), points, places.

        Returns
        -------
        Route
            With a status that says why where there is none.
        """
        stops = self.context.located(
            [resolve(origin), *map(resolve, self.scenario.via), resolve(destination)]
        )
        start, end = stops[0], stops[-1]
        found = self.search.through(stops)
        great_circle_km = distance_km(start.lon, start.lat, end.lon, end.lat)
        missing = next((path.status for path in found if not path.elements), None)
        if missing:
            return Route(missing, start, end, self.scenario, great_circle_km)
        parts = zip(found, pairwise(stops), strict=True)
        route = legs.build_route(
            self.weights,
            status=THROUGH_CHINA if any(path.status == THROUGH_CHINA for path in found) else OK,
            great_circle_km=great_circle_km,
            parts=[(path.elements, *ends) for path, ends in parts],
        )
        return replace(route, warnings=warnings_of(self.search, route))

    def routes(self, origin: PlaceLike, destinations: PlacesLike) -> list[Route]:
        """Find the best route from one place to each of many, which may be given as groups."""
        start = resolve(origin)
        return [self.route(start, end) for end in select(destinations, unique=False)]

    def path(self, origin: PlaceLike, destination: PlaceLike) -> tuple[str, tuple[Element, ...]]:
        """Return the status and the bare path between two places: quicker than a whole route.

        Returns
        -------
        tuple
            The status, and edges with the fractions where the path enters and leaves them.
        """
        found = self.search.path(resolve(origin), resolve(destination))
        return found.status, found.elements

    def od_matrix(
        self,
        origins: PlacesLike,
        destinations: PlacesLike,
        through_china: bool = True,
    ) -> ODMatrix:
        """Return the costs between all pairs, and why where there are none.

        Parameters
        ----------
        origins, destinations
            Names, points, places, or groups of destinations.
        through_china
            Whether to go back through China where there is no other route, as `route` does.

        Returns
        -------
        ODMatrix
            Costs, status codes and gaps, arrays of shape (origins, destinations).
        """
        starts, ends = (select(many, unique=False) for many in (origins, destinations))
        return self.search.costs(starts, ends, through_china)

    def tree(self, origin: PlaceLike) -> NDArray[np.float64]:
        """Return the cost from one place to every network node (N), inf where there is no path.

        Each node is taken for a destination: countries that may only be reached are entered and
        never crossed, and so is China, if the place is one of its gateways.
        """
        return self.search.tree(resolve(origin))


def _check_names(network: Network, scenario: Scenario) -> None:
    """Refuse crossing ids that the network does not have, with the nearest that it has."""
    ferries = () if isinstance(scenario.ferries, bool) else scenario.ferries
    lines = {*network.crossing_index, *network.links} - {""}
    gateway = scenario.gateway
    ports = {place.id for place in gateways()} if gateway is not None else set()
    if gateway is not None and gateway not in {*ports, *network.crossing_index}:
        more = "`horgos gateways` lists them."
        hint = did_you_mean(gateway, sorted(ports), always=more, most=3, cutoff=0.5)
        raise ScenarioError(f"There is no gateway {gateway[:80]!r}. {hint}")
    for id_ in (*scenario.closed_crossings, *scenario.opened_crossings, *ferries):
        if id_ not in lines:
            advice = "`horgos route --format json` names those on a route."
            hint = did_you_mean(id_, sorted(lines), advice, most=3, cutoff=0.5)
            raise ScenarioError(f"The network has no crossing or ferry {id_[:80]!r}. {hint}")
