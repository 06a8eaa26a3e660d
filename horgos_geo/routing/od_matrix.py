"""Costs between many places at once: one sweep of the engine for each origin.

Pairs are grouped by the countries that are shut for them, a handful of groups for any number of
pairs, so that nothing is looked up pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.countries import CHINA
from horgos_geo.model.places import Place
from horgos_geo.routing.engine import Engine, Entry, Tree
from horgos_geo.routing.route import (
    CLOSED,
    DESTINATION_FAR,
    NO_PATH,
    OK,
    ORIGIN_FAR,
    STATUSES,
    THROUGH_CHINA,
)
from horgos_geo.routing.snap_many import Nearby, Snaps
from horgos_geo.routing.snapping import CAP_KM

if TYPE_CHECKING:
    from horgos_geo.routing.router import Closed, Router

_COUNTRY_KM = 300.0
_CODE = {status: np.int8(i) for i, status in enumerate(STATUSES)}
_MOST_KEPT = 8
# Origins that the engine answers in one call: enough to share its preparation.
_AT_ONCE = 16

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]
Rows = NDArray[np.int64]
PlaceGroup = tuple[Rows, tuple[Place, ...]]


@dataclass(frozen=True, eq=False)
class SnappedPlaces:
    """How many places meet the open network.

    Approaches are sorted by `row`, the place they belong to; `cost` is what lies between the place
    and local node `node`. `state` is OK, NO_PATH (cut off) or ORIGIN_FAR (too far), as codes.
    """

    row: Rows
    node: NDArray[np.int32]
    cost: NDArray[np.int64]
    state: Codes
    snaps: tuple[Snaps, ...]

    @cached_property
    def first(self) -> Rows:
        """Where the approaches of each place that has any begin."""
        return np.flatnonzero(np.append(True, self.row[1:] != self.row[:-1]))

    def only(self, keep: NDArray[np.bool_]) -> SnappedPlaces:
        """Return some of the places, renumbered."""
        if keep.all():
            return self
        mine = keep[self.row]
        number = np.cumsum(keep) - 1
        return SnappedPlaces(
            row=number[self.row[mine]],
            node=self.node[mine],
            cost=self.cost[mine],
            state=self.state[keep],
            snaps=tuple(snap.only(keep) for snap in self.snaps),
        )


@dataclass(frozen=True, eq=False)
class Group:
    """Pairs of `rows` and `columns`, which stand for two lists of places, with what is shut."""

    closed: Closed
    rows: Rows
    columns: Rows
    starts: tuple[Place, ...]
    ends: tuple[Place, ...]


def block(
    router: Router,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    through_china: bool = True,
) -> tuple[Floats, Codes]:
    """Return costs and status codes; see `Router.block`."""
    starts, ends = located(router, origins), located(router, destinations)
    values = np.full((len(starts), len(ends)), np.nan)
    codes = np.full(values.shape, _CODE[NO_PATH], dtype=np.int8)
    alike = _alike(router, starts, destination=False), _alike(router, ends, destination=True)
    for again in (False, True) if through_china else (False,):
        for group in _groups(router, *alike, again):
            _sweep(router, group, (values, codes), again)
    scenario = router.scenario
    missing = np.isnan(values)
    if missing.any() and (scenario.closed_countries or scenario.closed_crossings):
        rows, columns = np.flatnonzero(missing.any(axis=1)), np.flatnonzero(missing.any(axis=0))
        opened = router.with_(closed_countries=(), closed_crossings=())
        _, free = block(
            opened, [starts[i] for i in rows], [ends[j] for j in columns], through_china
        )
        some = np.ix_(rows, columns)
        free = np.where(free <= _CODE[THROUGH_CHINA], _CODE[CLOSED], free)
        codes[some] = np.where(missing[some], free, codes[some])
    return values, codes


def located(router: Router, many: Sequence[Place]) -> list[Place]:
    """Return places with the country of the network around those that have none."""
    key = tuple(many)
    for known, found in router._located:
        if known == key:
            return found
    bare = [i for i, place in enumerate(many) if not place.country]
    result = list(many)
    if bare:
        lon, lat = (np.array([getattr(many[i], axis) for i in bare]) for axis in ("lon", "lat"))
        best_km = np.full(len(bare), np.inf)
        country = np.zeros(len(bare), dtype=np.int64)
        for mode in router.scenario.modes:
            code, away_km = nearby(router, mode).countries(lon, lat, _COUNTRY_KM)
            country = np.where(away_km < best_km, code, country)
            best_km = np.minimum(away_km, best_km)
        for i, home in zip(bare, country.tolist(), strict=True):
            result[i] = replace(many[i], country=router.network.countries[home])
    router._located = [*router._located[1 - _MOST_KEPT :], (key, result)]
    return result


def nearby(router: Router, mode: str) -> Nearby:
    """Return the search tree of one mode, shared by all scenarios over the same network."""
    vertices = router._vertices[mode]
    if vertices not in router._nearby:
        router._nearby[vertices] = Nearby(vertices)
    return router._nearby[vertices]


def _groups(
    router: Router, starts: list[PlaceGroup], ends: list[PlaceGroup], through_china: bool
) -> Iterator[Group]:
    """Give blocks of pairs with the countries shut for them."""
    shut = router.scenario.closed_countries
    # Groups with the same destinations follow one another: how those meet the network is kept.
    for columns, there in ends:
        for rows, here in starts:
            closed = router._closed(here[0], there[0], through_china)
            if closed is not None and not {here[0].country, there[0].country} & {*shut}:
                yield Group(closed, rows, columns, here, there)


def _alike(router: Router, many: list[Place], destination: bool) -> list[PlaceGroup]:
    """Group places, with their positions, that make no difference to what is shut."""
    only = {*router.scenario.destination_only, *router.scenario.closed_countries}
    groups: dict[tuple[str, bool, str], list[int]] = {}
    for i, place in enumerate(many):
        inland = place.country == CHINA and place.gateway is None
        home = "" if destination else router._home(place)
        key = (place.country if place.country in only else "", inland, home)
        groups.setdefault(key, []).append(i)
    return [(np.array(rows), tuple(many[i] for i in rows)) for rows in groups.values()]


def _sweep(router: Router, group: Group, result: tuple[Floats, Codes], again: bool) -> None:
    """Write the costs and codes of one block of pairs, where they are still missing."""
    values, codes = result
    missing = np.isnan(values[np.ix_(group.rows, group.columns)])
    if not missing.any():
        return
    some_rows, some_columns = (np.asarray(missing.any(axis=axis)) for axis in (1, 0))
    source = _ends(router, group.starts, group.closed, outward=True).only(some_rows)
    target = _ends(router, group.ends, group.closed, outward=False).only(some_columns)
    rows, columns = group.rows[some_rows], group.columns[some_columns]
    missing = missing[np.ix_(some_rows, some_columns)]
    found = _CODE[THROUGH_CHINA if again else OK]
    lost = np.maximum(_CODE[NO_PATH], target.state)
    lost[target.state == _CODE[ORIGIN_FAR]] = _CODE[DESTINATION_FAR]
    for k, costs in _costs(router, _engine(router, group), source, target):
        i = rows[k]
        far = source.state[k] == _CODE[ORIGIN_FAR]
        units = router.weights.units(costs)
        ok = np.isfinite(units)
        code = np.where(ok, found, _CODE[ORIGIN_FAR] if far else lost)
        open_ = missing[k]
        values[i, columns[open_]] = np.where(ok, units, np.nan)[open_]
        codes[i, columns[open_]] = code[open_]


def _engine(router: Router, group: Group) -> Engine | Tree:
    known = router._trees.get((group.starts[0], group.closed)) if len(group.starts) == 1 else None
    home = router._home(group.starts[0])  # the same for all rows of a group
    return known or router._engine(group.closed, home)


def _costs(
    router: Router, engine: Engine | Tree, source: SnappedPlaces, target: SnappedPlaces
) -> Iterator[tuple[int, Floats]]:
    """Give for each place the least costs to all of `target`, inf where there is no way."""
    met = (source.state == _CODE[OK]) & bool(len(target.row))
    for k in np.flatnonzero(~met).tolist():
        yield k, np.full(len(target.state), np.inf)
    ready = np.flatnonzero(met).tolist()
    for begin in range(0, len(ready), _AT_ONCE):
        some = ready[begin : begin + _AT_ONCE]
        found = engine.costs([_entries(source, k) for k in some], target.node)
        for k, costs in zip(some, found, strict=True):
            yield k, _least(router, source, k, target, costs + target.cost)


def _entries(source: SnappedPlaces, k: int) -> list[Entry]:
    """Return where, and at what cost, place `k` meets the network."""
    mine = source.row == k
    return list(zip(source.node[mine].tolist(), source.cost[mine].tolist(), strict=True))


def _least(
    router: Router, source: SnappedPlaces, k: int, target: SnappedPlaces, costs: Floats
) -> Floats:
    """Return the least cost to each place from those to its nodes, or along one edge."""
    best = np.full(len(target.state), np.inf)
    best[target.row[target.first]] = np.minimum.reduceat(costs, target.first)
    for own, their in zip(source.snaps, target.snaps, strict=True):
        edge, begin = int(own.edge[k]), float(own.fraction[k])
        if edge < 0:
            continue
        same = np.flatnonzero(their.edge == edge)
        if router.network.oneway[edge]:
            same = same[their.fraction[same] >= begin]
        direct = router.weights.parts(
            np.full(len(same), edge), np.full(len(same), begin), their.fraction[same]
        )
        best[same] = np.minimum(best[same], direct)
    return best


def _ends(router: Router, many: tuple[Place, ...], closed: Closed, outward: bool) -> SnappedPlaces:
    """Return how places meet the network that is open to them, kept for the next call."""
    key = (many, closed, outward)
    kept = next((item for item in router._ends if item[0] == key), None)
    made = kept[1] if kept else _make_ends(router, many, closed, outward)
    others = [item for item in router._ends if item is not kept]
    router._ends = [*others[1 - _MOST_KEPT :], (key, made)]  # the latest used stands last
    return made


def _make_ends(
    router: Router, many: tuple[Place, ...], closed: Closed, outward: bool
) -> SnappedPlaces:
    network, weights = router.network, router.weights
    usable = router._usable_edges(closed)
    country = np.array([network.country_code.get(place.country, 0) for place in many])
    gates = np.array([bool(place.gateway) and CHINA in closed for place in many])
    snaps, row, node, cost = [], [], [], []
    for mode in router.scenario.modes:
        lon, lat = _where(many, mode)
        snap = nearby(router, mode).nearest(lon, lat, country, usable, CAP_KM[mode])
        snap.edge[gates] = -1
        snaps.append(snap)
        met = np.flatnonzero(snap.edge >= 0)
        edge, at = snap.edge[met].astype(np.int64), snap.fraction[met]
        two_way = ~network.oneway[edge]
        # A place at one end of its edge needs no approach from the other.
        to_u, to_v = at < 1.0, at > 0.0
        if outward:
            to_u &= two_way | (at == 0.0)
        else:
            to_v &= two_way | (at == 1.0)
        for node_of, share, allowed in ((network.u, 0.0, to_u), (network.v, 1.0, to_v)):
            end = np.full(len(met), share)
            a, b = (at, end) if outward else (end, at)
            row.append(met[allowed])
            node.append(router._topology.local[node_of[edge]][allowed])
            cost.append(weights.parts(edge, a, b)[allowed])
    cut_off = np.any([snap.cut_off for snap in snaps], axis=0)
    state = np.where(cut_off, _CODE[NO_PATH], _CODE[ORIGIN_FAR])
    state[np.any([snap.edge >= 0 for snap in snaps], axis=0)] = _CODE[OK]
    for i in np.flatnonzero(gates):
        access = router._gateway_access(many[i])
        entries = router._entries(access, outward)
        state[i] = _CODE[NO_PATH if access.cut_off else OK]
        row.append(np.full(len(entries), i))
        node.append(np.array([at for at, _ in entries], dtype=np.int32))
        cost.append(np.array([spent for _, spent in entries], dtype=np.int64))
    rows = np.concatenate(row).astype(np.int64)
    order = np.argsort(rows, kind="stable")
    return SnappedPlaces(
        row=rows[order],
        node=np.concatenate(node)[order].astype(np.int32),
        cost=np.concatenate(cost)[order].astype(np.int64),
        state=state.astype(np.int8),
        snaps=tuple(snaps),
    )


def _where(many: Sequence[Place], mode: str) -> tuple[Floats, Floats]:
    """Return where places meet a mode: rail at the terminal, if they have one."""
    points = [
        (place.terminal_lon, place.terminal_lat)
        if mode == "rail" and place.terminal_lon is not None and place.terminal_lat is not None
        else (place.lon, place.lat)
        for place in many
    ]
    array = np.array(points, dtype=np.float64).reshape(-1, 2)
    return array[:, 0], array[:, 1]
