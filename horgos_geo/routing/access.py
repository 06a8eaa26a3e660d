"""Where places meet the open network, and the elements between them and its nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.choices import MODES
from horgos_geo.core.countries import CHINA
from horgos_geo.model.network import Network
from horgos_geo.model.places import Place
from horgos_geo.routing.costs import Element
from horgos_geo.routing.engine import Entry, Topology
from horgos_geo.routing.snapping import CAP_KM, Snapper, Snaps, Usable
from horgos_geo.routing.status import CODE, NO_PATH, OK, ORIGIN_FAR
from horgos_geo.routing.weights import Weights

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SnappedPlaces:
    """How many places meet the open network.

    Approaches are sorted by `row`, the place they belong to. Each lies between the place and local
    node `node`: a part of `edge`, entered and left at the fractions `start` and `end`, that costs
    `cost`; `mode` counts the scenario's modes, and the straight line to the network has `snap_km`.
    `state` is OK, NO_PATH (cut off) or ORIGIN_FAR (too far), as codes.
    """

    row: Rows
    node: NDArray[np.int32]
    edge: NDArray[np.int64]
    start: Floats
    end: Floats
    cost: NDArray[np.int64]
    mode: NDArray[np.int64]
    snap_km: Floats
    state: NDArray[np.int8]
    snaps: tuple[Snaps, ...]

    @cached_property
    def first(self) -> Rows:
        """Where the approaches of each place that has any begin."""
        return np.flatnonzero(np.diff(self.row, prepend=-1))

    def only(self, keep: Bools) -> SnappedPlaces:
        """Return some of the places, renumbered."""
        if keep.all():
            return self
        mine = keep[self.row]
        number = np.cumsum(keep) - 1
        return SnappedPlaces(
            row=number[self.row[mine]],
            node=self.node[mine],
            edge=self.edge[mine],
            start=self.start[mine],
            end=self.end[mine],
            cost=self.cost[mine],
            mode=self.mode[mine],
            snap_km=self.snap_km[mine],
            state=self.state[keep],
            snaps=tuple(snap.only(keep) for snap in self.snaps),
        )

    def _of(self, place: int, mode: int | None) -> Rows:
        begin, end = np.searchsorted(self.row, (place, place + 1)).tolist()
        mine = np.arange(begin, end)
        return mine if mode is None else mine[self.mode[mine] == mode]

    def entries(self, place: int, mode: int | None = None) -> list[Entry]:
        """Return where, and at what cost, a place meets the network, by one mode or any."""
        mine = self._of(place, mode)
        return list(zip(self.node[mine].tolist(), self.cost[mine].tolist(), strict=True))

    def modes(self, place: int) -> list[int]:
        """Return the modes by which a place meets the network."""
        return sorted({*self.mode[self._of(place, None)].tolist()})

    def gap_km(self, place: int, mode: int) -> float:
        """Return the straight line between a place and the network of a mode."""
        return float(self.snap_km[self._of(place, mode)[0]])

    def least(self, costs: Floats) -> Rows:
        """Return the cheapest approach of each place that has any, from costs of all approaches."""
        best = np.minimum.reduceat(costs, self.first)
        counts = np.diff(self.first, append=len(costs))
        at = np.flatnonzero(costs == np.repeat(best, counts))
        return at[np.flatnonzero(np.diff(self.row[at], prepend=-1))]

    def cheapest(self, place: int, node: int, mode: int | None = None) -> int:
        """Return the approach between a place and a node that costs least."""
        mine = self._of(place, mode)
        return int(mine[np.argmin(np.where(self.node[mine] == node, self.cost[mine], np.inf))])

    def element(self, approach: int) -> tuple[Element, ...]:
        """Return the element of an approach, none if the place lies at its node."""
        start, end = float(self.start[approach]), float(self.end[approach])
        return () if start == end else ((int(self.edge[approach]), start, end),)


def snapped(
    network: Network,
    topology: Topology,
    weights: Weights,
    snappers: dict[str, Snapper],
    many: Sequence[Place],
    usable: Usable,
    outward: bool,
    gates: Bools,
) -> SnappedPlaces:
    """Return how places meet the network that is open to them.

    Parameters
    ----------
    network, topology, weights
        The network, its arcs, and what they cost.
    snappers
        By mode.
    many
        The places (n).
    usable
        The edges that can be used.
    outward
        Whether paths begin at the places, or end there.
    gates
        Which of the places (n) are gateways that begin on the far side of their own crossings.
    """
    country = np.array([network.country_code.get(place.country, 0) for place in many])
    parts: list[tuple[Rows, NDArray[np.int64], Floats, Floats, NDArray[np.int64], Floats]] = []
    snaps = []
    for number, (mode, snapper) in enumerate(snappers.items()):
        snap = snapper.snap(*_where(many, mode), country, usable, CAP_KM[mode])
        snap.edge[gates] = -1
        snaps.append(snap)
        met = np.flatnonzero(snap.edge >= 0)
        edge, at = snap.edge[met].astype(np.int64), snap.fraction[met]
        # A place at one end of its edge needs no approach from the other.
        for share, needed in ((0.0, at < 1.0), (1.0, at > 0.0)):
            far = np.full(len(met), share)
            some, gap_km = met[needed], snap.snap_km[met[needed]]
            by = np.full(len(some), number)
            parts.append((some, edge[needed], at[needed], far[needed], by, gap_km))
    for i in np.flatnonzero(gates).tolist():
        edges, start, end = _gateway(network, weights, many[i])
        by = np.array([list(snappers).index(MODES[code]) for code in network.mode[edges]], int)
        parts.append((np.full(len(edges), i), edges, start, end, by, np.zeros(len(edges))))
    row, edge, start, end, by, gap_km = map(np.concatenate, zip(*parts, strict=True))
    if not outward:
        start, end = end, start
    allowed = (start <= end) | ~network.oneway[edge]
    order = np.flatnonzero(allowed)[np.argsort(row[allowed], kind="stable")]
    row, edge, start, end = row[order], edge[order], start[order], end[order]
    by, gap_km = by[order], gap_km[order]
    # The node lies where the element does not touch the place.
    at_v = (end if outward else start) == 1.0
    state = np.full(len(many), CODE[ORIGIN_FAR])
    state[np.any([snap.cut_off for snap in snaps], axis=0) | gates] = CODE[NO_PATH]
    state[np.any([snap.edge >= 0 for snap in snaps], axis=0)] = CODE[OK]
    state[row[gates[row]]] = CODE[OK]
    return SnappedPlaces(
        row=row,
        node=topology.local[np.where(at_v, network.v[edge], network.u[edge])],
        edge=edge,
        start=start,
        end=end,
        cost=weights.steps(edge, start, end) + weights.snap_steps(gap_km),
        mode=by,
        snap_km=gap_km,
        state=state,
        snaps=tuple(snaps),
    )


def _gateway(
    network: Network, weights: Weights, place: Place
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the elements over a gateway's own crossings, which China's closure leaves open."""
    edges = [
        edge
        for mode, id_ in (place.gateway or {}).items()
        if mode in weights.scenario.modes and id_ in network.crossing_index
        for position in [network.crossing_index[id_]]
        if weights.crossing_is_open(network.crossings[position])
        for edge in np.flatnonzero(network.crossing == position).tolist()
    ]
    found = np.array(edges, dtype=np.int64)
    out = network.node_country[network.u[found]] == network.country_code.get(CHINA, -1)
    return found, np.where(out, 0.0, 1.0), np.where(out, 1.0, 0.0)


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
