"""Corridors: the few ways between two places that differ for a planner.

Two ways differ when they use other countries, crossings or ports, not when one takes a parallel
street. They are found by closing what the found ones use and asking again.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import attrgetter

from horgos_geo.core import datasets
from horgos_geo.core.countries import CHINA
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.text import LANGUAGES, Text
from horgos_geo.model.network import Crossing
from horgos_geo.model.places import Place, resolve
from horgos_geo.routing.route import CLOSED, OK, Route
from horgos_geo.routing.router import Router

# Limits in the words of the literature on alternative routes.
MOST = 5
STRETCH = 1.4
OVERLAP = 0.6
# Questions to the router for one pair: each takes some tens of milliseconds.
_BUDGET = 36
_BUDGET_BLOCKED = 14
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, eq=False)
class Corridor:
    """One way between two places.

    Attributes
    ----------
    letter
        A for the best, then in order of weight; a blocked one has a letter after the open ones.
    name
        Its usual name, or its countries.
    names
        The name by language: ``en``, ``zh``, ``ru``.
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
            "weight_ratio": round(self.ratio, 4) if self.ratio == self.ratio else None,
            "shared_part": round(self.share, 4),
            **self.route.to_dict(),
            "status": self.route.status if self.open else CLOSED,
        }


@dataclass(frozen=True, order=True)
class _Closure:
    """What is shut on top of the scenario."""

    countries: tuple[str, ...] = ()
    crossings: tuple[str, ...] = ()

    def and_country(self, code: str) -> _Closure:
        return _Closure(tuple(sorted({*self.countries, code})), self.crossings)

    def and_crossing(self, id_: str) -> _Closure:
        return _Closure(self.countries, tuple(sorted({*self.crossings, id_})))


@dataclass(frozen=True, eq=False)
class _Way:
    """A path that was found, as far as it takes to tell it from others."""

    closure: _Closure
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

    def shared(self, other: _Way) -> float:
        """Return the part of this way's length that `other` uses too."""
        total = sum(self.edges.values())
        both = sum(km for edge, km in self.edges.items() if edge in other.edges)
        return both / total if total else 1.0


def corridors(
    router: Router,
    origin: str | Place,
    destination: str | Place,
    most: int = MOST,
    stretch: float = STRETCH,
    overlap: float = OVERLAP,
    blocked: bool = True,
) -> list[Corridor]:
    """Find the few ways between two places that differ for a planner.

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
        Open ones by weight, then blocked ones; empty where there is no way at all.

    Raises
    ------
    ScenarioError
        Fewer than one is asked for.
    """
    if most < 1:
        raise ScenarioError("Ask for one corridor at least.")
    start, end = (p if isinstance(p, Place) else resolve(p) for p in (origin, destination))
    search = _Search(router, start, end, stretch, _BUDGET)
    ways = _chosen(search.ways(), most, stretch, overlap)
    best = ways[0][0].weight if ways else 0
    titles = _titles([way for way, _ in ways])
    found = [
        Corridor(letter, title["en"], search.route(way), way.weight / best, share, names=title)
        for letter, title, (way, share) in zip(_LETTERS, titles, ways, strict=False)
    ]
    if blocked:
        letters = iter(_LETTERS[len(found) :])
        names = {name_of(way) for way, _ in ways}
        others = (
            *_blocked(router, start, end, best, stretch, overlap),
            *_back_through_china(router, start, end, best, stretch),
        )
        for way, share, opened in others:
            name = name_of(way)
            if name in names:
                continue
            names.add(name)
            reason, shut = _reason(router, way)
            if not shut:
                reason, shut = "it goes back through China", (CHINA,)
            ratio = way.weight / best if best else float("nan")
            route = replace(opened.route(way), scenario=router.scenario)
            title = {language: name_of(way, language) for language in LANGUAGES}
            found.append(Corridor(next(letters), name, route, ratio, share, reason, shut, title))
            if len(names) >= most + 3:
                break
    return found


def _blocked(
    router: Router, start: Place, end: Place, best: int, stretch: float, overlap: float
) -> Iterator[tuple[_Way, float, _Search]]:
    """Yield the ways that would be there if the scenario shut nothing and all ferries ran."""
    scenario = router.scenario
    opened = router.with_(closed_countries=(), closed_crossings=(), ferries=True)
    if opened.scenario == scenario:
        return
    search = _Search(opened, start, end, stretch, _BUDGET_BLOCKED)
    for way, share in _chosen(search.ways(), MOST, stretch, overlap):
        if _reason(router, way)[1] and (not best or way.weight <= stretch * best):
            yield way, share, search


def _back_through_china(
    router: Router, start: Place, end: Place, best: int, stretch: float
) -> Iterator[tuple[_Way, float, _Search]]:
    """Yield the best way back through China, which freight that left through a gateway shuns."""
    if start.gateway is None or not router.scenario.outbound:
        return
    search = _Search(router.with_(outbound=False), start, end, stretch, 1)
    for way in search.ways():
        leaves = next((crossing.id for crossing in way.crossings), "")
        back = leaves not in start.gateway.values() or CHINA in way.countries[1:]
        if back and (not best or way.weight <= stretch * best):
            yield way, 0.0, search


def _reason(router: Router, way: _Way) -> tuple[str, tuple[str, ...]]:
    """Return why the scenario of `router` blocks a way: a sentence and what is shut."""
    scenario, weights = router.scenario, router.weights
    countries = [code for code in way.countries if code in scenario.closed_countries]
    posts = [c for c in way.crossings if not weights.crossing_is_open(c)]
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
    ways: Iterable[_Way], most: int, stretch: float, overlap: float
) -> list[tuple[_Way, float]]:
    """Choose the ways that differ enough, by weight, each with the largest part that it shares.

    Ways of another name come first, then those through other countries and ports, last those that
    only cross a border elsewhere.
    """
    light = sorted(ways, key=lambda way: (way.weight, way.closure))
    chosen: list[_Way] = []
    kinds: tuple[Callable[[_Way], Hashable], ...] = (name_of, attrgetter("lands"), id)
    for what in kinds:
        known = {what(way) for way in chosen}
        for way in light:
            if len(chosen) == most or way.weight > stretch * light[0].weight:
                break
            if what(way) not in known and all(way.shared(other) <= overlap for other in chosen):
                chosen.append(way)
                known.add(what(way))
    chosen.sort(key=lambda way: (way.weight, way.closure))
    shares = [
        max((way.shared(other) for other in chosen[:i]), default=0.0)
        for i, way in enumerate(chosen)
    ]
    return list(zip(chosen, shares, strict=True))


def _titles(ways: list[_Way]) -> list[dict[str, str]]:
    """Return names that differ, by language: one of a name gets the crossing that tells it."""
    plain = [name_of(way) for way in ways]
    titles = []
    for i, way in enumerate(ways):
        others = [w for j, w in enumerate(ways) if j != i and plain[j] == plain[i]]
        used = {c.id for other in others for c in other.crossings}
        own = [c.name for c in way.crossings if c.id not in used]
        more = own[:1] if others else []
        titles.append({text.language: _title(way, more, text) for text in map(Text, LANGUAGES)})
    return titles


def _title(way: _Way, more: list[str], text: Text) -> str:
    """Return the name of a way with the crossings that tell it from others."""
    return text.comma([name_of(way, text.language), *map(text.point, more)])


@dataclass
class _Search:
    """Asks for ways with more and more shut, the lightest way's parts first."""

    router: Router
    origin: Place
    destination: Place
    stretch: float
    budget: int
    _found: dict[_Closure, _Way | None] = field(default_factory=dict)

    def ways(self) -> list[_Way]:
        first = self._ask(_Closure())
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
            way = self._ask(closure)
            if way is None or way.weight > self.stretch * first.weight or way.signature in kept:
                continue
            kept[way.signature] = way
            for rank, closures in ((0, self._larger(way)), (2, self._finer(way))):
                for more in closures:
                    if more not in seen and depth < 3:
                        seen.add(more)
                        heapq.heappush(queue, (rank, way.weight, depth + 1, more))
        return list(kept.values())

    def _larger(self, way: _Way) -> list[_Closure]:
        """Return the closures of each country on the way, but the ends', and of each ferry."""
        ends = {self.origin.country, self.destination.country}
        if self.origin.gateway:
            ends.add(way.countries[0])
        transit = [code for code in dict.fromkeys(way.countries) if code not in ends]
        ferries = [c.id for c in way.crossings if c.mode == "ferry"]
        return [way.closure.and_country(code) for code in transit] + [
            way.closure.and_crossing(id_) for id_ in ferries
        ]

    def _finer(self, way: _Way) -> list[_Closure]:
        """Return the closures of each border post on the way, but the origin's own."""
        own = set((self.origin.gateway or {}).values())
        return [
            way.closure.and_crossing(c.id)
            for c in way.crossings
            if c.mode != "ferry" and c.id not in own and c.is_event
        ]

    def _ask(self, closure: _Closure) -> _Way | None:
        if closure not in self._found:
            self._found[closure] = self._asked(closure)
        return self._found[closure]

    def _closed(self, closure: _Closure) -> Router:
        scenario = self.router.scenario
        return self.router.with_(
            closed_countries=(*scenario.closed_countries, *closure.countries),
            closed_crossings=(*scenario.closed_crossings, *closure.crossings),
        )

    def _asked(self, closure: _Closure) -> _Way | None:
        router = self._closed(closure)
        status, elements = router.trace(self.origin, self.destination)
        first = self._found.get(_Closure())
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
        return _Way(
            closure=closure,
            weight=sum(router.weights.part(element) for element in elements),
            edges=edges,
            countries=tuple(countries) or (self.destination.country,),
            crossings=tuple(c for c in crossings if c.is_event),
        )

    def route(self, way: _Way) -> Route:
        """Return a way as a route; what was shut to find it is no part of its scenario."""
        route = self._closed(way.closure).route(self.origin, self.destination)
        return replace(route, scenario=self.router.scenario)


@dataclass(frozen=True)
class _Rule:
    """A line of corridors.csv: a name, and what a way must and must not use."""

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


@lru_cache(maxsize=1)
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


def name_of(way: Route | _Way, language: str = "en") -> str:
    """Return the usual name of a way, from ``reference/corridors.csv``, or its countries.

    Parameters
    ----------
    way
        A route, or what was found of one.
    language
        ``en``, ``zh`` or ``ru``.
    """
    countries, crossings = set(way.countries), {crossing.id for crossing in way.crossings}
    for rule in _rules():
        if rule.fits(countries, crossings):
            return rule.names[language]
    return "–".join(dict.fromkeys(way.countries))
