"""Routes to what a map draws: lines that destinations share, and symbols that say what is there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.text import Text
from horgos_geo.views.map_symbols import Symbol, summary, symbols_of
from horgos_geo.views.projection import project

if TYPE_CHECKING:
    from horgos_geo.analysis.corridors import Corridor
    from horgos_geo.model.places import Place
    from horgos_geo.routing.route import Leg, Route

MOVING = ("road", "rail", "ferry")
Points = NDArray[np.float64]
#: Key of the lines of routes before a change.
BEFORE = "before"
#: Vertices are the same when they agree to about a metre.
SAME_DEG = 1e-5
MODES = ("road", "rail", "ferry")


@dataclass(frozen=True)
class Line:
    """A stretch that the same destinations share, in one country, by one mode.

    `xy` is kilometres on the map's plane, shape (n, 2); `destinations` are place ids.
    """

    mode: str
    xy: Points
    destinations: tuple[str, ...]
    country: str
    from_name: str
    to_name: str
    length_km: float
    time_h: float
    next_crossing: str
    #: Only corridors that the scenario blocks run here.
    blocked: bool = False

    @property
    def shared(self) -> int:
        """How many destinations share the line."""
        return len(self.destinations)


@dataclass(frozen=True, eq=False)
class Area:
    """An area to paint: its polygon in degrees, its colour token, what it is.

    `hatched` is the colour of stripes over it, where it belongs to two; `label` stands in it.
    """

    polygon: Any
    colour: str
    words: str
    hatched: str = ""
    label: str = ""


@dataclass(frozen=True)
class Drawing:
    """All that a map of some routes draws over its basemap."""

    lines: tuple[Line, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    straight: tuple[Points, ...] = ()
    modes: tuple[str, ...] = ()
    places: dict[str, str] = field(default_factory=dict)
    origin: str = ""
    closed_countries: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    #: Lines lead along corridors to one place, not to several places.
    lettered: bool = False
    #: Painted under lines and symbols, the lowest first.
    areas: tuple[Area, ...] = ()
    #: Corners of what must be in the picture, kilometres; all that is drawn when None.
    window: Points | None = None
    #: What the map shows in words, where it shows no routes to several places.
    about: str = ""

    @property
    def has_before(self) -> bool:
        """Whether lines of routes before a change are drawn."""
        return any(line.destinations == (BEFORE,) for line in self.lines)

    @property
    def extent(self) -> Points:
        """Every vertex that must be in the picture, kilometres."""
        if self.window is not None:
            return self.window
        parts = [line.xy for line in self.lines]
        parts += [np.array([s.xy]) for s in self.symbols if s.kind in ("gateway", "destination")]
        return np.concatenate(parts) if parts else project([[80.4, 44.2], [69.2, 41.3]])

    @cached_property
    def most_shared(self) -> int:
        """The largest number of destinations on one line."""
        return max((line.shared for line in self.lines), default=1)


def make_drawing(
    routes: Iterable[Route],
    text: Text,
    corridors: Sequence[Corridor] = (),
    before: Sequence[Route] = (),
    ports: Sequence[Place] = (),
) -> Drawing:
    """Work out lines and symbols of some routes.

    Parameters
    ----------
    routes
        Any number, by any mode, from one origin or several; those without a way add only their
        destination.
    text
        The language of names.
    corridors
        Draw these, each with its letter, in place of the routes.
    before
        Routes that the others take the place of: drawn thin where no other runs.
    ports
        Sea ports to mark.
    """
    corridors = [item for item in corridors if item.route.found]
    routes = [item.route for item in corridors] or list(routes)
    keys = [item.letter for item in corridors] or [r.destination.id for r in routes]
    blocked = {item.letter for item in corridors if not item.open}
    if corridors:
        titles = [item.names.get(text.language, item.name) for item in corridors]
        places = {key: f"{key} · {title}" for key, title in zip(keys, titles, strict=True)}
    else:
        places = {r.destination.id: text.place(r.destination) for r in routes}
    modes = tuple(dict.fromkeys(r.scenario.mode_label for r in routes))
    keyed = list(zip(keys, routes, strict=True))
    old = [(BEFORE, route) for route in before]
    if old:
        places[BEFORE] = text("route_before")
    lines = [line for mode in MODES for line in _shared_lines([*keyed, *old], mode, blocked, text)]
    straight = tuple(
        project(leg.lonlat)
        for route in routes
        for leg in route.legs
        if leg.kind in ("snap", "access") and len(leg.lonlat) > 1
    )
    closed = {code for r in routes for code in getattr(r.scenario, "closed_countries", ())}
    closed |= {code for item in corridors for code in item.shut if len(code) == 3}
    passed: dict[str, None] = {}
    for route in routes:
        passed.update(dict.fromkeys(route.countries))
    symbols = symbols_of(keyed, modes, corridors, text)
    return Drawing(
        lines=tuple(lines),
        symbols=(*symbols, *_letters(lines, corridors, text), *_sea_ports(ports, text)),
        straight=straight,
        modes=modes,
        places=places,
        origin=text.place(routes[0].origin) if routes else "",
        closed_countries=tuple(sorted(closed)),
        passed=tuple(passed),
        lettered=bool(corridors),
    )


def _letters(lines: Sequence[Line], corridors: Sequence[Corridor], text: Text) -> list[Symbol]:
    """Return each corridor's letter, in the middle of the longest stretch of its own."""
    found = []
    for rank, item in enumerate(corridors):
        mine = [line for line in lines if item.letter in line.destinations]
        least = min((line.shared for line in mine), default=0)
        own = [xy for _, xy in chain([line for line in mine if line.shared == least])]
        if not own:
            continue
        x, y = _middle(max(own, key=_length_km))
        found.append(
            Symbol(
                "letter", (x, y), item.letter, key=f"l-{item.letter}", rank=rank,
                destinations={item.letter}, details=[summary(item.route, text)],
            )
        )  # fmt: skip
    return found


def _sea_ports(ports: Sequence[Place], text: Text) -> list[Symbol]:
    """Return the symbols of sea ports."""
    found = []
    for place in ports:
        (x, y), *_ = project([(place.lon, place.lat)])
        name = text.point(place.name)
        found.append(Symbol("port", (float(x), float(y)), name, key=f"s-{place.id}"))
    return found


def _length_km(xy: Points) -> float:
    return float(np.hypot(*np.diff(xy, axis=0).T).sum())


def _middle(xy: Points) -> tuple[float, float]:
    """Return the point half way along a line."""
    along = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T).cumsum()])
    x, y = (float(np.interp(along[-1] / 2, along, xy[:, axis])) for axis in (0, 1))
    return x, y


def chain(lines: Iterable[Line]) -> list[tuple[Line, Points]]:
    """Join pieces that follow one another with the same destinations, so that dashes run on."""
    chains: list[tuple[Line, list[Points]]] = []
    for line in lines:
        if chains:
            last, parts = chains[-1]
            same = last.mode == line.mode and last.destinations == line.destinations
            if same and np.allclose(parts[-1][-1], line.xy[0], atol=0.01):
                parts.append(line.xy[1:])
                continue
        chains.append((line, [line.xy]))
    return [(line, np.concatenate(parts)) for line, parts in chains]


def _pieces(
    routes: Sequence[tuple[str, Route]], mode: str, text: Text
) -> list[tuple[str, Leg, Points, tuple[str, str, str]]]:
    # Key, leg, vertices; where the leg begins and ends and the next crossing after it, in words.
    found = []
    for key, route in routes:
        ends = {route.origin.name: text.place(route.origin)}
        for name in (route.destination.name, route.destination.terminal_name):
            ends[name] = text.place(route.destination)
        upcoming = ""
        mine = []
        for leg in reversed(route.legs):
            if leg.kind == "border":
                upcoming = text.point(leg.from_name)
            elif leg.kind == mode and len(leg.lonlat) > 1:
                a, b = (ends.get(n) or text.point(n) for n in (leg.from_name, leg.to_name))
                mine.append((key, leg, np.asarray(leg.lonlat), (a, b, upcoming)))
        found += mine[::-1]
    return found


def _shared_lines(
    routes: Sequence[tuple[str, Route]], mode: str, blocked: set[str], text: Text
) -> list[Line]:
    pieces = _pieces(routes, mode, text)
    users: dict[tuple[int, ...], set[str]] = {}
    keyed = []
    for key, leg, points, words in pieces:
        grid = np.rint(points / SAME_DEG).astype(np.int64)
        segments = [
            (*min(a, b), *max(a, b))
            for a, b in zip(*(map(tuple, g) for g in (grid[:-1], grid[1:])), strict=True)
        ]
        for segment in segments:
            users.setdefault(segment, set()).add(key)
        keyed.append((leg, points, words, segments))
    drawn: set[tuple[int, ...]] = set()
    lines: list[Line] = []
    for leg, points, (from_name, to_name, upcoming), segments in keyed:
        start = 0
        while start < len(segments):
            if segments[start] in drawn:
                start += 1
                continue
            group = users[segments[start]]
            # A route before a change is drawn only where no other runs.
            shown = group - {BEFORE} or group
            end = start
            while (
                end < len(segments) and segments[end] not in drawn and users[segments[end]] == group
            ):
                drawn.add(segments[end])
                end += 1
            part = points[start : end + 1]
            share = _length(part) / max(_length(points), 1e-9)
            lines.append(
                Line(
                    mode=mode,
                    xy=project(part),
                    destinations=tuple(sorted(shown)),
                    country=text.country(leg.country),
                    from_name=from_name,
                    to_name=to_name,
                    length_km=leg.length_km * share,
                    time_h=leg.time_h.central * share,
                    next_crossing=upcoming,
                    blocked=shown <= blocked | {BEFORE},
                )
            )
            start = end
    return lines


def _length(points: Points) -> float:
    if len(points) < 2:
        return 0.0
    steps = np.diff(points, axis=0)
    steps[:, 0] *= math.cos(math.radians(float(points[:, 1].mean())))
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())
