"""The points of a map: gateways, destinations, crossings, gauge breaks, ports, what is shut."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from horgos_geo.core import datasets
from horgos_geo.core.text import NBSP, Text
from horgos_geo.views.projection import project

if TYPE_CHECKING:
    from horgos_geo.analysis.corridors import Corridor
    from horgos_geo.routing.route import Leg, Route


@dataclass
class Symbol:
    """A point on the map: what kind, where (km), its label's lines and what to say on hover."""

    kind: str
    xy: tuple[float, float]
    name: str
    values: str = ""
    scripts: tuple[str, ...] = ()
    details: list[str] = field(default_factory=list)
    destinations: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)
    key: str = ""
    #: Which of many destinations is named first where there is no room for all.
    rank: float = 0.0


def symbols_of(
    keyed: Sequence[tuple[str, Route]],
    modes: Sequence[str],
    corridors: Sequence[Corridor],
    text: Text,
) -> list[Symbol]:
    """Return the symbols of some routes, each place once.

    Parameters
    ----------
    keyed
        Routes, each with the key that says whose its lines and symbols are.
    modes
        Modes of the routes, in the order in which values stand.
    corridors
        The corridors that the routes are; empty for routes to several places.
    text
        The language of names.
    """
    symbols: dict[str, Symbol] = {}

    def add(key: str, kind: str, lonlat: Any, name: str, **more: Any) -> Symbol:
        """Return the symbol of a key, made once."""
        if key not in symbols:
            (x, y), *_ = project([lonlat])
            symbols[key] = Symbol(kind, (float(x), float(y)), name, key=key, **more)
        return symbols[key]

    for origin in {r.origin.id: r.origin for _, r in keyed}.values():
        kind = "gateway" if getattr(origin, "gateway", None) else "terminal"
        scripts = _scripts(origin, text)
        add(f"o-{origin.id}", kind, (origin.lon, origin.lat), text.place(origin), scripts=scripts)
    named = {item.letter: item.names.get(text.language, item.name) for item in corridors}
    by_place: dict[str, dict[str, Route]] = {}
    for key, route in keyed:
        place = route.destination
        own = by_place.setdefault(place.id, {})
        # Of several corridors by one mode the first, the best, gives the value.
        own.setdefault(route.scenario.mode_label, route)
        symbol = add(
            f"d-{place.id}", "destination", (place.lon, place.lat), text.place(place),
            rank=_rank(place),
        )  # fmt: skip
        symbol.destinations.add(key)
        words = summary(route, text)
        if key in named:
            words = text.said(f"{key} · {named[key]}", words)
        else:
            words = text.said(text.mode(route.scenario.mode_label), words)
        symbol.details.append(words)
    for id_, own in by_place.items():
        symbols[f"d-{id_}"].values = _values(own, modes, text)
    for key, route in keyed:
        _route_symbols(key, route, add, text)
    _shut(keyed, corridors, add, text)
    return list(symbols.values())


def _rank(place: Any) -> float:
    groups = getattr(place, "groups", ())
    order = next((i for i, g in enumerate(("headline", "story", "capitals")) if g in groups), 3)
    return order - min(getattr(place, "population", 0) or 0, 5e7) / 1e8


def _scripts(place: Any, text: Text) -> tuple[str, ...]:
    names = getattr(place, "names", None) or {}
    others = [names.get(code, "") for code in ("en", "zh", "ru") if code != text.language]
    own = text.place(place)
    return tuple(name for name in others if name and name != own)


def _values(own: dict[str, Route], modes: Sequence[str], text: Text) -> str:
    values = [text.km_number(own[m].length_km) if m in own else "–" for m in modes]
    return " / ".join(values) if any(v != "–" for v in values) else text("no_route")


def summary(route: Route, text: Text) -> str:
    """Return kilometres and days of a route, or why there is none."""
    if not math.isfinite(route.length_km):
        return text.status(route.status)
    parts = [f"{text.km(route.length_km)} {text.error(route.error_km)}"]
    if math.isfinite(route.time_h.central):
        parts.append(text.days(route.time_h.central))
    return text.comma(parts)


def _route_symbols(key: str, route: Route, add: Any, text: Text) -> None:
    for crossing in route.crossings:
        # A ferry's two ends are ports, drawn from its leg.
        if not math.isfinite(crossing.lon) or crossing.mode == "ferry":
            continue
        point = (crossing.lon, crossing.lat)
        symbol = add(f"c-{crossing.id}", "crossing", point, text.point(crossing.name))
        symbol.destinations.add(key)
        symbol.modes.add(crossing.mode)
    for i, leg in enumerate(route.legs):
        if leg.kind == "border" and leg.crossing_id and len(leg.lonlat):
            name = text.point(leg.from_name)
            symbol = add(f"c-{leg.crossing_id}", "crossing", leg.lonlat[0], name)
            _say(symbol, leg, "border", text)
        elif leg.kind == "gauge" and len(leg.lonlat):
            change = f"{leg.gauge_mm} → {leg.gauge_to_mm}{NBSP}{text('mm')}"
            name = text.point(leg.from_name)
            symbol = add(
                f"g-{leg.from_name}-{leg.gauge_mm}", "gauge", leg.lonlat[0], name, values=change
            )
            symbol.destinations.add(key)
            symbol.modes.add("rail")
            before = route.legs[i - 1] if i else leg
            if before.kind == "border":
                # The post under the break of gauge has no symbol of its own.
                _say(symbol, before, "border", text)
            _say(symbol, leg, "gauge_change", text)
        elif leg.kind == "ferry" and len(leg.lonlat) > 1:
            for point, name in zip(leg.lonlat[[0, -1]], _ports(route.legs, i), strict=True):
                symbol = add(f"p-{name}", "port", point, text.point(name))
                symbol.destinations.add(key)
                symbol.modes.add("ferry")


def _ports(legs: Sequence[Leg], i: int) -> tuple[str, str]:
    """Return the names of a ferry's two ends: the ports where freight changes, if it does."""
    leg = legs[i]
    before = legs[i - 1] if i and legs[i - 1].kind == "transfer" else None
    after = legs[i + 1] if i + 1 < len(legs) and legs[i + 1].kind == "transfer" else None
    halves = re.split(r"\s+-\s+", leg.from_name)
    return (
        before.from_name if before else halves[0],
        after.from_name if after else halves[-1],
    )


def _say(symbol: Symbol, leg: Leg, what: str, text: Text) -> None:
    hours = leg.time_h
    if not math.isfinite(hours.central) or hours.central <= 0:
        return
    band = f"{text.number(hours.low)}–{text.number(hours.high)}"
    words = text.aside(f"{text.number(hours.central)}{NBSP}{text('h')}", band)
    line = text.said(text(what), words)
    if line not in symbol.details:
        symbol.details.append(line)


def _shut(
    keyed: Sequence[tuple[str, Route]], corridors: Sequence[Corridor], add: Any, text: Text
) -> None:
    """Mark the crossings that the scenario shuts, and those that block a corridor."""
    shut = {id_ for _, route in keyed for id_ in route.scenario.closed_crossings}
    shut |= {id_ for item in corridors for id_ in item.shut}
    for item in corridors:
        into = (c for c in item.route.crossings if {c.country_a, c.country_b} & set(item.shut))
        # A shut country blocks where the corridor enters it.
        shut |= {c.id for c in list(into)[:1]}
    where = {c.id: (c.name, c.lon, c.lat) for _, route in keyed for c in route.crossings}
    for leg in (leg for _, route in keyed for leg in route.legs):
        if leg.kind == "ferry" and len(leg.lonlat):
            where[leg.crossing_id] = (leg.from_name, *leg.lonlat[len(leg.lonlat) // 2].tolist())
    for id_ in sorted(shut):
        name, lon, lat = where.get(id_) or _crossings().get(id_, ("", math.nan, math.nan))
        if not math.isfinite(lon):
            continue
        symbol = add(f"x-{id_}", "blocked", (lon, lat), text.point(name))
        symbol.destinations |= {key for key, _ in keyed}
        symbol.details = [text("closed_country")]


@cache
def _crossings() -> dict[str, tuple[str, float, float]]:
    rows = datasets.read_rows("network/crossings.csv")
    return {
        row["id"]: (row["name"], float(row["lon"] or "nan"), float(row["lat"] or "nan"))
        for row in rows
    }


def short_name(name: str) -> str:
    """Shorten the name of a crossing to what fits a map: its first place, without brackets."""
    plain = re.sub(r"\s*\([^)]*\)", "", name)
    return re.split(r"\s+[–—-]\s+|\s*–\s*|\s*/\s*", plain)[0].strip() or name
