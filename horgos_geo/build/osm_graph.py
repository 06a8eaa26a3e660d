"""From ways to a graph: cut at junctions and borders, chains merged with all their geometry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

from horgos_geo.build.osm_read import Extract
from horgos_geo.build.osm_tags import FERRY, RAIL, ROAD

GEOD = Geod(ellps="WGS84")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# A road that leaves its country for so many vertices and comes back has only touched the border.
_SLIVER = 60
_OF_COUNTRIES = 0.5


@dataclass
class Streets:
    """A graph of streets, tracks and ferries.

    Nodes have `lon`, `lat`, `country` (position in `countries`, 0 unknown), and whether they are
    the last before a border (`edge_of_country`) or a border control (`control`). Edges run from `u`
    to `v`; `oneway` only so. `vertex_start` (edges + 1) marks their vertices in `x` and `y`.
    """

    countries: tuple[str, ...]
    lon: Floats
    lat: Floats
    country: Ints
    edge_of_country: Bools
    control: Bools
    u: Ints
    v: Ints
    mode: Ints
    class_: Ints
    oneway: Bools
    speed_kmh: Floats
    gauge_mm: Ints
    electrified: Bools
    way: Ints
    length_km: Floats
    vertex_start: Ints
    x: Floats
    y: Floats

    EDGES = ("u", "v", "mode", "class_", "oneway", "speed_kmh", "gauge_mm", "electrified", "way",
             "length_km")  # fmt: skip

    def keep_edges(self, mask: Bools) -> None:
        """Drop the edges outside `mask`."""
        spans = np.diff(self.vertex_start)
        kept = np.repeat(mask, spans)
        self.x, self.y = self.x[kept], self.y[kept]
        self.vertex_start = np.concatenate([[0], np.cumsum(spans[mask])])
        for name in self.EDGES:
            setattr(self, name, getattr(self, name)[mask])


def to_streets(extract: Extract, default_gauge: dict[str, int]) -> Streets:
    """Cut the ways of an extract into a graph and merge what nothing branches from.

    Parameters
    ----------
    extract
        As read.
    default_gauge
        Gauge in millimetres by country, where a railway says none and where it says several.
    """
    counts = np.diff(extract.start)
    way = np.repeat(np.arange(len(counts)), counts)
    mode = np.array([kind.mode for kind in extract.kinds], dtype=np.int64)
    countries, country, stray = _countries(extract, way, mode)
    whole = len(countries) > 1
    refs, node = np.unique(extract.ref, return_inverse=True)
    # Runs: stretches of one way inside one country.
    fresh = np.concatenate([[True], (way[1:] != way[:-1]) | (country[1:] != country[:-1])])
    ends = np.concatenate([fresh[1:], [True]])
    border = np.zeros(len(refs), dtype=bool)
    if whole:
        cut = np.flatnonzero((way[1:] == way[:-1]) & (country[1:] != country[:-1]))
        border[node[cut]] = border[node[cut + 1]] = True
    blocked = np.isin(
        refs, np.fromiter(extract.blocked, dtype=np.int64, count=len(extract.blocked))
    )
    used = np.bincount(node, minlength=len(refs))
    stop = fresh | ends | (used[node] > 1) | blocked[node] | border[node]
    position = np.flatnonzero(stop)
    run = np.cumsum(fresh)
    linked = run[position[1:]] == run[position[:-1]]
    first, last = position[:-1][linked], position[1:][linked]
    first, last = first[~stray[first]], last[~stray[first]]
    steps = np.zeros(len(way))
    steps[1:] = GEOD.inv(extract.lon[:-1], extract.lat[:-1], extract.lon[1:], extract.lat[1:])[2]
    sums = np.cumsum(steps)
    u, v = node[first].astype(np.int64), node[last].astype(np.int64)
    lon, lat = np.zeros(len(refs)), np.zeros(len(refs))
    lon[node], lat[node] = extract.lon, extract.lat
    node_country = np.zeros(len(refs), dtype=np.int64)
    node_country[node] = country
    control = np.isin(
        refs, np.fromiter(extract.controls, dtype=np.int64, count=len(extract.controls))
    )
    streets = _edges(extract, way[first], first, last)
    u, v = np.where(streets["flip"], v, u), np.where(streets["flip"], u, v)
    # A barrier ends the road on either side: each edge gets an end of its own there.
    u, v, origin = _detach(u, v, blocked, streets["mode"])
    graph = Streets(
        countries=countries, lon=lon[origin], lat=lat[origin], country=node_country[origin],
        edge_of_country=border[origin], control=control[origin], u=u, v=v,
        length_km=(sums[last] - sums[first]) / 1000.0, vertex_start=streets["vertex_start"],
        x=streets["x"], y=streets["y"],
        **{name: streets[name] for name in Streets.EDGES if name not in ("u", "v", "length_km")},
    )  # fmt: skip
    graph.gauge_mm = _gauges(extract, graph, way[first], default_gauge)
    graph.keep_edges(graph.u != graph.v)
    _merge(graph)
    return graph


def _countries(extract: Extract, way: Ints, mode: Ints) -> tuple[tuple[str, ...], Ints, Bools]:
    """Return countries, each vertex's position in them (0 none), and which vertices are strays.

    An extract that lies mostly inside the boundaries that are whole in it is one of countries:
    what leaves them is a stray. One that does not, such as that of a city around a tiny state, has
    its countries from the bundled network.
    """
    import shapely

    file = np.array(extract.file, dtype=np.int64)[way]
    shapes: dict[str, Any] = {}
    of_countries = np.zeros(len(extract.borders), dtype=bool)
    for number, borders in enumerate(extract.borders):
        here = np.flatnonzero(file == number)
        sample = here[:: max(1, len(here) // 20_000)]
        within = np.zeros(len(sample), dtype=bool)
        for shape in borders.values():
            shapely.prepare(shape)
            within |= shapely.contains_xy(shape, extract.lon[sample], extract.lat[sample])
        if len(sample) and within.mean() >= _OF_COUNTRIES:
            of_countries[number] = True
            shapes.update(borders)
    codes = ("", *sorted(shapes))
    country = np.zeros(len(way), dtype=np.int64)
    for number, code in enumerate(codes[1:], start=1):
        shape = shapes[code]
        west, south, east, north = shape.bounds
        near = np.flatnonzero(
            (country == 0) & (extract.lon >= west) & (extract.lon <= east)
            & (extract.lat >= south) & (extract.lat <= north)
        )  # fmt: skip
        country[near[shapely.contains_xy(shape, extract.lon[near], extract.lat[near])]] = number
    if not shapes:
        return codes, country, np.zeros(len(way), dtype=bool)
    # Slivers over the border, and ferries between two shores, stay with where they come back to.
    fresh = np.concatenate([[True], (way[1:] != way[:-1]) | (country[1:] != country[:-1])])
    start = np.flatnonzero(fresh)
    stop = np.concatenate([start[1:], [len(way)]])
    for i in range(1, len(start) - 1):
        same_way = way[start[i - 1]] == way[start[i]] == way[start[i + 1]]
        long = stop[i] - start[i] > _SLIVER and mode[way[start[i]]] != FERRY
        if same_way and not long and country[start[i - 1]] == country[start[i + 1]]:
            country[start[i] : stop[i]] = country[start[i - 1]]
    return codes, country, (country == 0) & of_countries[file]


def _edges(extract: Extract, way: Ints, first: Ints, last: Ints) -> dict[str, NDArray[Any]]:
    """Return the columns of edges that are stretches of ways, turned so that one way is forward."""
    kinds = extract.kinds

    def column(name: str, dtype: type) -> NDArray[Any]:
        return np.array([getattr(kind, name) for kind in kinds], dtype=dtype)[way]

    spans = last - first + 1
    start = np.concatenate([[0], np.cumsum(spans)])
    gather = np.repeat(first - start[:-1], spans) + np.arange(start[-1])
    oneway = column("oneway", np.int64)
    flip = oneway == -1
    if flip.any():
        within = np.arange(start[-1]) - np.repeat(start[:-1], spans)
        turned = np.repeat(last, spans) - within
        gather = np.where(np.repeat(flip, spans), turned, gather)
    return {
        "mode": column("mode", np.int64), "class_": column("class_", np.int64),
        "oneway": oneway != 0, "flip": flip, "speed_kmh": column("speed_kmh", np.float64),
        "gauge_mm": np.zeros(len(way), dtype=np.int64),
        "electrified": column("electrified", np.bool_), "way": extract.way[way],
        "vertex_start": start, "x": extract.lon[gather], "y": extract.lat[gather],
    }  # fmt: skip


def _detach(u: Ints, v: Ints, blocked: Bools, mode: Ints) -> tuple[Ints, Ints, Ints]:
    """Give road edges ends of their own at blocked nodes, and rails theirs at level crossings.

    Returns
    -------
    tuple
        New ends and, for each new node, the old one.
    """
    ends = np.concatenate([u, v])
    rail = np.concatenate([mode, mode]) == RAIL
    road = np.concatenate([mode, mode]) == ROAD
    lone = blocked[ends] & road
    own = 2 * (int(ends.max(initial=0)) + 1) + np.arange(len(ends))
    _, first, index = np.unique(
        np.where(lone, own, 2 * ends + rail), return_index=True, return_inverse=True
    )
    return index[: len(u)], index[len(u) :], ends[first]


def _gauges(extract: Extract, graph: Streets, way: Ints, default: dict[str, int]) -> Ints:
    """Return one gauge an edge: the only one given, else the country's, else the neighbours'."""
    given = np.zeros(len(graph.u), dtype=np.int64)
    for edge in np.flatnonzero(graph.mode == RAIL):
        known = extract.kinds[way[edge]].gauges_mm
        usual = default.get(graph.countries[graph.country[graph.u[edge]]], 0)
        given[edge] = usual if usual in known else (known[0] if known else 0)
    for _ in range(20):
        unknown = (graph.mode == RAIL) & (given == 0)
        if not unknown.any():
            break
        at_node = np.zeros(len(graph.lon), dtype=np.int64)
        for side in (graph.u, graph.v):
            np.maximum.at(at_node, side, given)
        found = np.maximum(at_node[graph.u], at_node[graph.v])
        if not found[unknown].any():
            break
        given[unknown] = found[unknown]
    unknown = (graph.mode == RAIL) & (given == 0)
    for edge in np.flatnonzero(unknown):
        given[edge] = default.get(graph.countries[graph.country[graph.u[edge]]], 1435)
    return given


def _merge(graph: Streets) -> None:
    """Merge chains of alike edges over nodes that nothing else meets."""
    count = len(graph.u)
    speed = np.nan_to_num(graph.speed_kmh * 10).astype(np.int64)
    alike = (((graph.gauge_mm * 4096 + speed) * 64 + graph.class_) * 4 + graph.mode) * 4
    alike += 2 * graph.oneway + graph.electrified
    ends = np.concatenate([graph.u, graph.v])
    order = np.argsort(ends, kind="stable")
    degree = np.bincount(ends, minlength=len(graph.lon))
    begin = np.concatenate([[0], np.cumsum(degree)])
    fixed = graph.edge_of_country | graph.control
    nodes = np.flatnonzero((degree == 2) & ~fixed)
    a, b = order[begin[nodes]], order[begin[nodes] + 1]  # ends: below count at u, else at v
    one, two = a % count, b % count
    good = (one != two) & (alike[one] == alike[two])
    # Of two oneway edges one must come in and one go out.
    good &= ~graph.oneway[one] | ((a < count) != (b < count))
    nodes, a, b = nodes[good], a[good], b[good]
    follow = dict(zip(a.tolist(), b.tolist(), strict=True))
    follow.update(zip(b.tolist(), a.tolist(), strict=True))
    done = np.zeros(count, dtype=bool)
    chains: list[list[int]] = []  # directed pieces: edge, or edge + count when turned round
    for edge in range(count):
        if done[edge]:
            continue
        chain = [edge]
        done[edge] = True
        end = edge + count  # the v end, where the chain goes on
        while (there := follow.get(end)) is not None and not done[there % count]:
            done[there % count] = True
            chain.append(there)
            end = there + count if there < count else there - count
        front: list[int] = []
        end = edge
        while (there := follow.get(end)) is not None and not done[there % count]:
            done[there % count] = True
            front.append(there - count if there >= count else there + count)
            end = there + count if there < count else there - count
        chains.append([*reversed(front), *chain])
    _join(graph, chains, count)


def _join(graph: Streets, chains: list[list[int]], count: int) -> None:
    pieces = np.array([piece for chain in chains for piece in chain], dtype=np.int64)
    lengths = np.array([len(chain) for chain in chains], dtype=np.int64)
    edge, turned = pieces % count, pieces >= count
    start = np.concatenate([[0], np.cumsum(lengths)])
    head = np.zeros(len(pieces), dtype=bool)
    head[start[:-1]] = True
    # Vertices: each piece gives all of its own but the first, which the piece before it gave.
    spans = np.diff(graph.vertex_start)[edge]
    offset = np.concatenate([[0], np.cumsum(spans)])
    within = np.arange(offset[-1]) - np.repeat(offset[:-1], spans)
    base = np.repeat(graph.vertex_start[edge], spans)
    size = np.repeat(spans, spans)
    gather = base + np.where(np.repeat(turned, spans), size - 1 - within, within)
    keep = (within > 0) | np.repeat(head, spans)
    per_piece = spans - ~head
    x, y = graph.x[gather[keep]], graph.y[gather[keep]]
    first, last = start[:-1], start[1:] - 1
    u = np.where(turned[first], graph.v[edge[first]], graph.u[edge[first]])
    v = np.where(turned[last], graph.u[edge[last]], graph.v[edge[last]])
    # A oneway chain was begun at any of its edges; all of its pieces face the same way.
    back = graph.oneway[edge[first]] & turned[first]
    assert not back.any()
    columns = {name: getattr(graph, name)[edge[first]] for name in Streets.EDGES
               if name not in ("u", "v", "length_km")}  # fmt: skip
    graph.length_km = np.add.reduceat(graph.length_km[edge], start[:-1])
    for name, column in columns.items():
        setattr(graph, name, column)
    graph.u, graph.v, graph.x, graph.y = u, v, x, y
    graph.vertex_start = np.concatenate([[0], np.cumsum(np.add.reduceat(per_piece, start[:-1]))])
    graph.keep_edges(graph.u != graph.v)
