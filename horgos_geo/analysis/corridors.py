"""Corridors: the few routes between two places that differ for a planner.

Two routes differ when they use other countries, crossings or ports, not when one takes a parallel
street. They are found by closing what the found ones use and asking again.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from horgos_geo.analysis.comparison import routes_table
from horgos_geo.core import datasets
from horgos_geo.core.countries import CHINA
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.text import LANGUAGES, Text
from horgos_geo.model.network import Crossing
from horgos_geo.model.places import Place, PlaceLike, resolve
from horgos_geo.routing.route import Route
from horgos_geo.routing.router import Router
from horgos_geo.routing.status import CLOSED, OK

if TYPE_CHECKING:
    import geopandas as gpd

# Limits in the words of the literature on alternative routes.
MOST = 5
STRETCH = 1.4
OVERLAP = 0.6
# Questions to the router for one pair: each takes some tens of milliseconds.
_QUESTIONS = 36
_QUESTIONS_BLOCKED = 14
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, eq=False)
class Corridor:
    """One of the routes between two places.

    Attributes
    ----------
    letter
        A for the best, then in order of weight; a blocked one has a letter after the open ones.
    name
        Its usual name, or its countries.
    route
        The route. A blocked corridor has the route that it would take.
    ratio
        Weight over that of the best open one, NaN when none is open. The weight is what the
        scenario minimises, by distance with the detours for borders.
    share
        Largest part of its length, 0 to 1, that it shares with one corridor before it.
    reason
        Why the scenario blocks it; empty when it is open.
    shut
        The countries, crossings and ferries behind `reason`.
    names
        The name by language: ``en``, ``zh``, ``ru``.
    """

    letter: str
    name: str
    route: Route
    ratio: float
    share: float
    reason: str = ""
    shut: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether the scenario lets it be used."""
        return not self.reason

    def to_dict(self) -> dict[str, object]:
        """Return the corridor and its route as plain values."""
        return {
            "letter": self.letter,
            "name": self.name,
            "blocked": not self.open,
            "reason": self.reason,
            "shut": list(self.shut),
            "weight_ratio": round(self.ratio, 4) if math.isfinite(self.ratio) else None,
            "shared_part": round(self.share, 4),
            **self.route.to_dict(),
            "status": self.route.status if self.open else CLOSED,
        }


def corridors(
    router: Router,
    origin: PlaceLike,
    destination: PlaceLike,
    most: int = MOST,
    stretch: float = STRETCH,
    overlap: float = OVERLAP,
    blocked: bool = True,
) -> list[Corridor]:
    """Find the few routes between two places that differ for a planner.

    Parameters
    ----------
    router
        The network under the scenario that is asked.
    origin, destination
        Names in any listed spelling, ``lat,lon``, ISO codes, or places.
    most
        How many open ones at most.
    stretch
        How much heavier than the best one may be.
    overlap
        How much of its length one may share with a better one.
    blocked
        Whether to list named corridors that the scenario blocks, too.

    Returns
    -------
    list of Corridor
        Open ones by weight, then blocked ones; empty where there is no route at all.

    Raises
    ------
    ScenarioError
        Fewer than one is asked for.

    Examples
    --------
    >>> import horgos_geo as hg
    >>> router = hg.Router(hg.load_network(), hg.Scenario(modes="rail", ferries=True))
    >>> [found.name for found in hg.corridors(router, "Horgos", "Baku") if found.open]
    ['Middle (TITR)', 'Dagestan–South Caucasus']
    """
    if most < 1:
        raise ScenarioError("Ask for one corridor at least.")
    start, end = resolve(origin), resolve(destination)
    search = _Search(router, start, end, stretch, _QUESTIONS)
    chosen = _chosen(search.candidates(), most, stretch, overlap)
    best = chosen[0][0].weight if chosen else 0
    names = _names([candidate for candidate, _ in chosen])
    found = [
        Corridor(letter, title["en"], search.route(one), one.weight / best, share, names=title)
        for letter, title, (one, share) in zip(_LETTERS, names, chosen, strict=False)
    ]
    if not blocked:
        return found
    known = {name_of(candidate) for candidate, _ in chosen}
    for one, share, opened in chain(
        _without_closures(router, start, end, best, stretch, overlap),
        _back_through_china(router, start, end, best, stretch),
    ):
        name = name_of(one)
        if name in known:
            continue
        known.add(name)
        reason, shut = _reason(router, one)
        if not shut:
            reason, shut = "it goes back through China", (CHINA,)
        ratio = one.weight / best if best else math.nan
        route = replace(opened.route(one), scenario=router.scenario)
        title = {language: name_of(one, language) for language in LANGUAGES}
        letter = _LETTERS[len(found)]
        found.append(Corridor(letter, name, route, ratio, share, reason, shut, title))
        if len(known) >= most + 3:
            break
    return found


@dataclass(frozen=True, order=True)
class _Closed:
    """What is shut on top of the scenario."""

    countries: tuple[str, ...] = ()
    crossings: tuple[str, ...] = ()

    def and_country(self, code: str) -> _Closed:
        return _Closed(tuple(sorted({*self.countries, code})), self.crossings)

    def and_crossing(self, id_: str) -> _Closed:
        return _Closed(self.countries, tuple(sorted({*self.crossings, id_})))


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A path that was found, as far as it takes to tell it from others."""

    closure: _Closed
    weight: int
    edges: dict[int, float]  # kilometres by edge
    countries: tuple[str, ...]
    crossings: tuple[Crossing, ...]

    @property
    def signature(self) -> frozenset[str]:
        return frozenset({*self.countries, *(crossing.id for crossing in self.crossings)})

    @property
    def lands(self) -> frozenset[str]:
        """Countries and ferry lines: what tells corridors apart at first sight."""
        ferries = (crossing.id for crossing in self.crossings if crossing.mode == "ferry")
        return frozenset({*self.countries, *ferries})

    def shared(self, other: _Candidate) -> float:
        """Return the part of this path's length that `other` uses too."""
        total = sum(self.edges.values())
        both = sum(km for edge, km in self.edges.items() if edge in other.edges)
        return both / total if total else 1.0


def corridors_table(found: Sequence[Corridor]) -> gpd.GeoDataFrame:
    """Return corridors as a table, one row each.

    Parameters
    ----------
    found
        From `corridors`.

    Returns
    -------
    geopandas.GeoDataFrame
        Index `letter`; columns `corridor, weight_ratio, shared_part, reason` (why it is blocked,
        empty where it is open), then those of `comparison.routes_table`.
    """
    import pandas as pd

    frame = routes_table([item.route for item in found]).reset_index()
    frame["status"] = [item.route.status if item.open else CLOSED for item in found]
    names = {"corridor": "name", "weight_ratio": "ratio", "shared_part": "share"}
    for position, (column, name) in enumerate({**names, "reason": "reason"}.items()):
        frame.insert(position, column, [getattr(item, name) for item in found])
    return frame.set_index(pd.Index([item.letter for item in found], name="letter"))


def _without_closures(
    router: Router, start: Place, end: Place, best: int, stretch: float, overlap: float
) -> Iterator[tuple[_Candidate, float, _Search]]:
    """Yield what would be there if the scenario shut nothing and all ferries ran."""
    scenario = router.scenario
    opened = router.with_(closed_countries=(), closed_crossings=(), ferries=True)
    if opened.scenario == scenario:
        return
    search = _Search(opened, start, end, stretch, _QUESTIONS_BLOCKED)
    for path, share in _chosen(search.candidates(), MOST, stretch, overlap):
        if _reason(router, path)[1] and (not best or path.weight <= stretch * best):
            yield path, share, search


def _back_through_china(
    router: Router, start: Place, end: Place, best: int, stretch: float
) -> Iterator[tuple[_Candidate, float, _Search]]:
    """Yield the best route back through China, which freight from a gateway does not take."""
    if start.gateway is None or not router.scenario.outbound:
        return
    search = _Search(router.with_(outbound=False), start, end, stretch, 1)
    for path in search.candidates():
        leaves = next((crossing.id for crossing in path.crossings), "")
        back = leaves not in start.gateway.values() or CHINA in path.countries[1:]
        if back and (not best or path.weight <= stretch * best):
            yield path, 0.0, search


def _reason(router: Router, path: _Candidate) -> tuple[str, tuple[str, ...]]:
    """Return why the scenario of `router` blocks a route: a sentence and what is shut."""
    scenario, weights = router.scenario, router.weights
    countries = [code for code in path.countries if code in scenario.closed_countries]
    posts = [c for c in path.crossings if not weights.crossing_is_open(c)]
    ferries = [c for c in posts if c.mode == "ferry" and c.id not in scenario.closed_crossings]
    shut = [c for c in posts if c not in ferries]
    parts = []
    if countries:
        parts.append(f"the scenario closes {', '.join(countries)}")
    if shut:
        parts.append(f"the scenario closes {', '.join(c.name for c in shut)}")
    if ferries:
        parts.append(f"ferries are off ({', '.join(c.name for c in ferries)})")
    return "; ".join(parts), (*countries, *(c.id for c in posts))


def _chosen(
    candidates: Iterable[_Candidate], most: int, stretch: float, overlap: float
) -> list[tuple[_Candidate, float]]:
    """Choose those that differ enough, by weight, each with the largest part that it shares.

    Those of another name come first, then those through other countries and ports, last those
    that only cross a border elsewhere.
    """
    light = sorted(candidates, key=lambda path: (path.weight, path.closure))
    chosen: list[_Candidate] = []
    kinds: tuple[Callable[[_Candidate], Hashable], ...] = (name_of, attrgetter("lands"), id)
    for what in kinds:
        known = {what(path) for path in chosen}
        for path in light:
            if len(chosen) == most or path.weight > stretch * light[0].weight:
                break
            if what(path) not in known and all(path.shared(other) <= overlap for other in chosen):
                chosen.append(path)
                known.add(what(path))
    chosen.sort(key=lambda path: (path.weight, path.closure))
    shares = [
        max((path.shared(other) for other in chosen[:i]), default=0.0)
        for i, path in enumerate(chosen)
    ]
    return list(zip(chosen, shares, strict=True))


def _names(candidates: list[_Candidate]) -> list[dict[str, str]]:
    """Return names that differ, by language: those of one name get a crossing that tells them."""
    usual = [name_of(candidate) for candidate in candidates]
    names = []
    for i, one in enumerate(candidates):
        others = [c for j, c in enumerate(candidates) if j != i and usual[j] == usual[i]]
        used = {crossing.id for other in others for crossing in other.crossings}
        own = [c.name for c in one.crossings if c.id not in used][:1] if others else []
        names.append(
            {
                text.language: text.comma([name_of(one, text.language), *map(text.point, own)])
                for text in map(Text, LANGUAGES)
            }
        )
    return names


@dataclass
class _Search:
    """Asks for routes with more and more shut, the lightest one's parts first."""

    router: Router
    origin: Place
    destination: Place
    stretch: float
    budget: int
    _found: dict[_Closed, _Candidate | None] = field(default_factory=dict)

    def candidates(self) -> list[_Candidate]:
        first = self._ask(_Closed())
        if first is None:
            return []
        kept = {first.signature: first}
        # Countries and ferries tell corridors apart; crossings come after them.
        queue = [(0, first.weight, 0, closure) for closure in self._larger(first)]
        queue += [(1, first.weight, 0, closure) for closure in self._finer(first)]
        heapq.heapify(queue)
        seen = {closure for *_, closure in queue}
        while queue and len(self._found) < self.budget:
            _, _, depth, closure = heapq.heappop(queue)
            path = self._ask(closure)
            if path is None or path.weight > self.stretch * first.weight or path.signature in kept:
                continue
            kept[path.signature] = path
            for rank, closures in ((0, self._larger(path)), (2, self._finer(path))):
                for more in closures:
                    if more not in seen and depth < 3:
                        seen.add(more)
                        heapq.heappush(queue, (rank, path.weight, depth + 1, more))
        return list(kept.values())

    def _larger(self, path: _Candidate) -> list[_Closed]:
        """Return the closures of each country passed, but the ends', and of each ferry."""
        ends = {self.origin.country, self.destination.country}
        if self.origin.gateway:
            ends.add(path.countries[0])
        transit = [code for code in dict.fromkeys(path.countries) if code not in ends]
        ferries = [c.id for c in path.crossings if c.mode == "ferry"]
        return [path.closure.and_country(code) for code in transit] + [
            path.closure.and_crossing(id_) for id_ in ferries
        ]

    def _finer(self, path: _Candidate) -> list[_Closed]:
        """Return the closures of each border post passed, but the origin's own."""
        own = set((self.origin.gateway or {}).values())
        return [
            path.closure.and_crossing(c.id)
            for c in path.crossings
            if c.mode != "ferry" and c.id not in own and c.is_event
        ]

    def _ask(self, closure: _Closed) -> _Candidate | None:
        if closure not in self._found:
            self._found[closure] = self._asked(closure)
        return self._found[closure]

    def _closed(self, closure: _Closed) -> Router:
        scenario = self.router.scenario
        return self.router.with_(
            closed_countries=(*scenario.closed_countries, *closure.countries),
            closed_crossings=(*scenario.closed_crossings, *closure.crossings),
        )

    def _asked(self, closure: _Closed) -> _Candidate | None:
        router = self._closed(closure)
        status, elements = router.path(self.origin, self.destination)
        first = self._found.get(_Closed())
        if not elements or (first is not None and status != OK):
            return None
        network = router.network
        edges = {
            edge: float(network.length_km[edge]) * abs(end - start) for edge, start, end in elements
        }
        countries: list[str] = []
        crossings: list[Crossing] = []
        for edge, _, _ in elements:
            position = int(network.crossing[edge])
            if position >= 0:
                crossings.append(network.crossings[position])
            code = network.countries[network.edge_country[edge]]
            if code and network.length_km[edge] > 0 and (not countries or countries[-1] != code):
                countries.append(code)
        return _Candidate(
            closure=closure,
            weight=router.weights.total(elements),
            edges=edges,
            countries=tuple(countries) or (self.destination.country,),
            crossings=tuple(c for c in crossings if c.is_event),
        )

    def route(self, path: _Candidate) -> Route:
        """Return a candidate as a route; what was shut to find it is no part of its scenario."""
        route = self._closed(path.closure).route(self.origin, self.destination)
        return replace(route, scenario=self.router.scenario)


@dataclass(frozen=True)
class _Rule:
    """A line of corridors.csv: a name, and what a route must and must not use."""

    names: dict[str, str]
    needs: frozenset[str]
    without: frozenset[str]
    crossings: frozenset[str]

    def fits(self, countries: set[str], crossings: set[str]) -> bool:
        return (
            self.needs <= countries
            and not self.without & countries
            and (not self.crossings or bool(self.crossings & crossings))
        )


@cache
def _rules() -> tuple[_Rule, ...]:
    def cut(cell: str) -> frozenset[str]:
        return frozenset(filter(None, cell.split("|")))

    return tuple(
        _Rule(
            {"en": row["name"], "zh": row["name_zh"], "ru": row["name_ru"]},
            cut(row["needs"]),
            cut(row["without"]),
            cut(row["crossings"]),
        )
        for row in datasets.read_rows("reference/corridors.csv")
    )


def name_of(route: Route | _Candidate, language: str = "en") -> str:
    """Return the usual name of a route, from ``reference/corridors.csv``, or its countries.

    Parameters
    ----------
    route
        A route, or what was found of one.
    language
        ``en``, ``zh`` or ``ru``.
    """
    countries, crossings = set(route.countries), {crossing.id for crossing in route.crossings}
    for rule in _rules():
        if rule.fits(countries, crossings):
            return rule.names[language]
    return "–".join(dict.fromkeys(route.countries))
