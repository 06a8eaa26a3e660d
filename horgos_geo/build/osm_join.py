"""Set a street graph into the bundled network: one network, from the street to the continent.

The bundled network keeps its border crossings, ferries and terminals everywhere, and its roads and
railways outside the extract's area. Where one of its nodes remains inside that area, such as the
near side of a crossing, it is joined to the nearest street or track of the same country.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.export import cch_rank
from horgos_geo.build.osm_graph import GEOD, Streets
from horgos_geo.build.osm_tags import CLASSES, FERRY, MAJOR, RAIL, ROAD
from horgos_geo.core.choices import MODES, SOURCES
from horgos_geo.model.network import FORMAT, Network

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
JOIN_KM = {ROAD: 25.0, RAIL: 25.0}
# An extract that reaches this share of a country's bundled nodes holds the whole country.
WHOLE = 0.75
NEAR_KM = 5.0
_CELL_DEG = 0.05
_CLOSE_CELLS = 3
# Pieces smaller than this that nothing joins are car parks and fields.
_LEAST_PIECE = 20
_AROUND = 4
_KM = 6371.0088


@dataclass
class Joined:
    """What joining found and did."""

    whole: list[str] = field(default_factory=list)
    replaced: dict[str, int] = field(default_factory=dict)
    joins: dict[str, int] = field(default_factory=dict)
    alone: list[str] = field(default_factory=list)


def join(
    streets: Streets, base: Network, meta: dict[str, Any]
) -> tuple[Network, NDArray[Any], Joined]:
    """Return the joined network and, for each of its edges, the number of its street or -1.

    Parameters
    ----------
    streets
        The graph of the extract; it is changed.
    base
        The bundled network.
    meta
        What ``network.json`` is to say of the extract.
    """
    report = Joined()
    node_country = _street_countries(streets, base)
    crosses = (node_country[streets.u] != node_country[streets.v]) | (node_country[streets.u] == 0)
    streets.keep_edges(~crosses)
    kept, inside = _outside(streets, base, node_country, report)
    joins = _joins(streets, base, node_country, kept, inside, report)
    return _assemble(streets, base, node_country, kept, joins, meta, report)


def _street_countries(streets: Streets, base: Network) -> Ints:
    """Return the country of each street node as a position in the bundled network's list."""
    from scipy.spatial import cKDTree

    codes = np.array([base.country_code.get(code, 0) for code in streets.countries], dtype=np.int64)
    country = codes[streets.country]
    rest = np.flatnonzero(country == 0)
    # Beyond whole borders lies somebody else's country; those stretches were cut off before.
    known = np.flatnonzero((base.node_country > 0) & ~np.isin(base.node_country, codes[codes > 0]))
    if len(rest) and len(known):
        tree = cKDTree(_unit(base.lon[known], base.lat[known]))
        _, nearest = tree.query(_unit(streets.lon[rest], streets.lat[rest]))
        country[rest] = base.node_country[known[nearest]]
    return country


def _outside(
    streets: Streets, base: Network, node_country: Ints, report: Joined
) -> tuple[Bools, dict[int, Bools]]:
    """Return which bundled edges stay and, by mode, which bundled nodes lie inside the area."""
    kept = np.ones(base.edge_count, dtype=bool)
    inside: dict[int, Bools] = {}
    plain = (base.crossing < 0) & (base.gauge_mm == base.gauge_to_mm)
    for mode in (ROAD, RAIL):
        mine = streets.mode == mode
        if not mine.any():
            continue
        used = np.zeros(len(streets.lon), dtype=bool)
        used[streets.u[mine]] = used[streets.v[mine]] = True
        vertices = np.repeat(mine, np.diff(streets.vertex_start))
        area = _area(
            base, mode, used, node_country, (streets.x[vertices], streets.y[vertices]), report
        )
        on_mode = base.mode == mode
        gone = on_mode & plain & area[base.u] & area[base.v]
        kept &= ~gone
        inside[mode] = area
        report.replaced[MODES[mode]] = int(gone.sum())
    return kept, inside


def _area(base: Network, mode: int, used: Bools, node_country: Ints, vertices: Any,
          report: Joined) -> Bools:  # fmt: skip
    """Return which bundled nodes lie in the area that the extract covers."""
    from scipy import ndimage
    from scipy.spatial import cKDTree

    x, y = vertices
    area = np.zeros(base.node_count, dtype=bool)
    on_mode = np.zeros(base.node_count, dtype=bool)
    edges = base.mode == mode
    on_mode[base.u[edges]] = on_mode[base.v[edges]] = True
    tree = cKDTree(_unit(x, y))
    whole: list[int] = []
    for code in np.unique(node_country[used]).tolist():
        there = np.flatnonzero(on_mode & (base.node_country == code))
        if len(there) == 0:
            continue
        away, _ = tree.query(_unit(base.lon[there], base.lat[there]))
        if np.mean(away * _KM < NEAR_KM) >= WHOLE:
            area[there] = True
            whole.append(code)
            report.whole.append(f"{base.countries[code]} by {MODES[mode]}")
    # Elsewhere the area is the cells that streets pass, with the gaps between them closed.
    west, south = x.min() - 1.0, y.min() - 1.0
    shape = (
        int((y.max() - south + 1.0) / _CELL_DEG) + 1,
        int((x.max() - west + 1.0) / _CELL_DEG) + 1,
    )
    grid = np.zeros(shape, dtype=bool)
    grid[((y - south) / _CELL_DEG).astype(int), ((x - west) / _CELL_DEG).astype(int)] = True
    grid = ndimage.binary_closing(grid, iterations=_CLOSE_CELLS)
    row = ((base.lat - south) / _CELL_DEG).astype(int)
    column = ((base.lon - west) / _CELL_DEG).astype(int)
    near = np.flatnonzero((row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1]))
    near = near[
        np.isin(base.node_country[near], np.setdiff1d(np.unique(node_country[used]), whole))
    ]
    area[near] |= grid[row[near], column[near]]
    return area


def _joins(
    streets: Streets, base: Network, node_country: Ints, kept: Bools, inside: dict[int, Bools],
    report: Joined,
) -> list[tuple[int, int, int, int, float]]:  # fmt: skip
    """Return joins: bundled node, street node, mode, gauge, kilometres."""
    from scipy.spatial import cKDTree

    joins = []
    for mode, area in inside.items():
        edges = kept & (base.mode != MODES.index("ferry"))
        touched = np.zeros(base.node_count, dtype=bool)
        touched[base.u[edges]] = touched[base.v[edges]] = True
        on_mode = np.zeros(base.node_count, dtype=bool)
        of_mode = base.mode == mode
        on_mode[base.u[of_mode]] = on_mode[base.v[of_mode]] = True
        left = np.flatnonzero(touched & on_mode & area)
        mine = np.flatnonzero(streets.mode == mode)
        if not len(left):
            left = _around(streets, base, node_country, mine, touched & on_mode, JOIN_KM[mode])
        gauge = _node_gauges(base) if mode == RAIL else np.zeros(base.node_count, dtype=np.int64)
        worth = _worth(streets, mine)
        nodes = np.flatnonzero((worth > 0) & _leads_on(streets, mine))
        if not len(nodes):
            continue
        tree = cKDTree(_unit(streets.lon[nodes], streets.lat[nodes]))
        street_gauge = np.zeros(len(streets.lon), dtype=np.int64)
        street_gauge[streets.u[mine]] = street_gauge[streets.v[mine]] = streets.gauge_mm[mine]
        found = 0
        for node in left.tolist():
            away, near = tree.query(
                _unit(base.lon[node], base.lat[node])[0], k=min(200, len(nodes))
            )
            near, away = nodes[np.atleast_1d(near)], np.atleast_1d(away) * _KM
            fit = (node_country[near] == base.node_country[node]) & (away <= JOIN_KM[mode])
            if gauge[node]:
                fit &= street_gauge[near] == gauge[node]
            if not fit.any():
                if kept[(base.mode == mode) & ((base.u == node) | (base.v == node))].any():
                    report.alone.append(f"{base.lon[node]:.3f},{base.lat[node]:.3f} {MODES[mode]}")
                continue
            best = int(near[fit][np.argmin((away - 4.0 * worth[near])[fit])])
            km = GEOD.inv(base.lon[node], base.lat[node], streets.lon[best], streets.lat[best])[2]
            joins.append((node, best, mode, int(street_gauge[best]), km / 1000.0))
            found += 1
        report.joins[MODES[mode]] = found
    return joins


def _around(streets: Streets, base: Network, node_country: Ints, mine: Ints, usable: Bools,
            within_km: float) -> Ints:  # fmt: skip
    """Return the bundled nodes nearest to an extract that holds none: a town, or less."""
    from scipy.spatial import cKDTree

    ends = np.unique(np.concatenate([streets.u[mine], streets.v[mine]]))
    there = np.flatnonzero(usable & np.isin(base.node_country, np.unique(node_country[ends])))
    if not len(there):
        return there
    tree = cKDTree(_unit(streets.lon[ends], streets.lat[ends]))
    away, _ = tree.query(_unit(base.lon[there], base.lat[there]))
    nearest = np.argsort(away, kind="stable")[:_AROUND]
    around: Ints = there[nearest[away[nearest] * _KM <= within_km]]
    return around


def _leads_on(streets: Streets, mine: Ints) -> Bools:
    """Return which street nodes belong to a piece, both ways, that is worth joining."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = len(streets.lon)
    back = mine[~streets.oneway[mine]]
    tail = np.concatenate([streets.u[mine], streets.v[back]])
    head = np.concatenate([streets.v[mine], streets.u[back]])
    graph = coo_array((np.ones(len(tail), np.int8), (tail, head)), (size, size))
    _, label = connected_components(graph, directed=True, connection="strong")
    members = np.bincount(label)[label]
    leads: Bools = members >= max(2, int(0.02 * members.max()))
    return leads


def _worth(streets: Streets, mine: Ints) -> Ints:
    """Return for each street node 0 where it is not of the mode, more for roads that lead far."""
    worth = np.zeros(len(streets.lon), dtype=np.int64)
    major = np.array([name in MAJOR for name in CLASSES])[streets.class_[mine]]
    for side in (streets.u, streets.v):
        np.maximum.at(worth, side[mine], 1 + major.astype(np.int64))
    # Where a road meets its border or a border control is where a crossing stands.
    return worth + (worth > 0) * (streets.edge_of_country | streets.control)


def _node_gauges(base: Network) -> Ints:
    gauge = np.zeros(base.node_count, dtype=np.int64)
    rail = base.mode == RAIL
    gauge[base.u[rail]] = base.gauge_mm[rail]
    gauge[base.v[rail]] = base.gauge_to_mm[rail]
    return gauge


def _assemble(
    streets: Streets, base: Network, node_country: Ints, kept: Bools,
    joins: list[tuple[int, int, int, int, float]], meta: dict[str, Any], report: Joined,
) -> tuple[Network, NDArray[Any], Joined]:  # fmt: skip
    old = np.flatnonzero(kept)
    n, k = base.node_count, len(joins)
    u = np.concatenate([base.u[old], streets.u + n, [j[0] for j in joins]]).astype(np.int64)
    v = np.concatenate([base.v[old], streets.v + n, [j[1] + n for j in joins]]).astype(np.int64)
    lon, lat = np.concatenate([base.lon, streets.lon]), np.concatenate([base.lat, streets.lat])
    country = np.concatenate([base.node_country, node_country])
    breaks = _gauge_breaks(streets, n, len(lon))
    u[len(old) : len(old) + len(streets.u)], v[len(old) : len(old) + len(streets.v)] = breaks[
        "ends"
    ]
    lon, lat = np.concatenate([lon, lon[breaks["of"]]]), np.concatenate([lat, lat[breaks["of"]]])
    country = np.concatenate([country, country[breaks["of"]]])
    b = len(breaks["of"])
    u = np.concatenate([u, breaks["of"]])
    v = np.concatenate([v, np.arange(len(lon) - b, len(lon))])
    street = np.concatenate([np.full(len(old), -1), np.arange(len(streets.u)), np.full(k + b, -1)])
    ferry = np.flatnonzero(streets.mode == FERRY)
    names = [f"ferry-{way}" for way in streets.way[ferry].tolist()]
    links = (*base.links, *dict.fromkeys(names))
    link = np.zeros(len(streets.u), dtype=np.int64)
    link[ferry] = [links.index(name) for name in names]
    zero, none = np.zeros(k + b), np.full(k + b, -1)
    join_km = np.concatenate([[j[4] for j in joins], np.zeros(b)])
    join_gauge = np.concatenate([[j[3] for j in joins], breaks["from"]]).astype(np.int64)
    join_to = np.concatenate([[j[3] for j in joins], breaks["to"]]).astype(np.int64)
    street_country = np.where(streets.mode == FERRY, 0, node_country[streets.u])
    columns: dict[str, Any] = {
        "mode": (base.mode, streets.mode, [*(j[2] for j in joins), *[RAIL] * b]),
        "length_km": (base.length_km, streets.length_km, join_km),
        "raw_length_km": (base.raw_length_km, streets.length_km, join_km),
        "edge_country": (base.edge_country, street_country, country[u[len(u) - k - b :]]),
        "gauge_mm": (base.gauge_mm, streets.gauge_mm, join_gauge),
        "gauge_to_mm": (base.gauge_to_mm, streets.gauge_mm, join_to),
        "crossing": (base.crossing, np.full(len(streets.u), -1), none),
        "link": (base.link, link, zero),
        "source": (base.source, np.zeros(len(streets.u)), zero + SOURCES.index("healed")),
        "oneway": (base.oneway, streets.oneway, zero),
        "speed_kmh": (base.speed_kmh, streets.speed_kmh, zero + np.nan),
    }  # fmt: skip
    whole = {
        name: np.concatenate([parts[0][old], parts[1], parts[2]]).astype(parts[0].dtype)
        for name, parts in columns.items()
    }
    spans = [np.diff(base.coord_offset)[old], np.diff(streets.vertex_start), np.full(k + b, 2)]
    kept_vertices = np.repeat(kept, np.diff(base.coord_offset))
    tail = slice(len(u) - k - b, len(u))
    ends_x = np.stack([lon[u[tail]], lon[v[tail]]], axis=1).ravel()
    ends_y = np.stack([lat[u[tail]], lat[v[tail]]], axis=1).ravel()
    x = np.concatenate([base.coord_lon[kept_vertices], streets.x, ends_x])
    y = np.concatenate([base.coord_lat[kept_vertices], streets.y, ends_y])
    spans_all = np.concatenate(spans)
    # Streets that can be entered and not left, or left and not entered, lead nowhere.
    good = _two_way(u, v, whole["oneway"].astype(bool), len(lon)) | (street < 0)
    x, y = x[np.repeat(good, spans_all)], y[np.repeat(good, spans_all)]
    u, v, street, spans_all = u[good], v[good], street[good], spans_all[good]
    used = np.zeros(len(lon), dtype=bool)
    used[u] = used[v] = True
    number = np.cumsum(used) - 1
    u, v, lon, lat = number[u], number[v], lon[used], lat[used]
    terminals = tuple(_renumber(t, used, number) for t in base.terminals)
    # A link or a ferry none of whose edges is left has no name in the result either.
    left, whole["link"] = np.unique(np.where(good, whole["link"], 0), return_inverse=True)
    links = tuple(links[code] for code in left)
    network = Network(
        lon=lon, lat=lat, node_country=country[used].astype(np.int16),
        rank=cch_rank(lon, lat, u, v), u=u.astype(np.int32), v=v.astype(np.int32),
        coord_offset=np.concatenate([[0], np.cumsum(spans_all)]).astype(np.int64),
        coord_lon=x, coord_lat=y, countries=base.countries, crossings=base.crossings,
        terminals=terminals, links=links, meta=_meta(base, whole["mode"][good], len(lon), meta),
        **{name: column[good] for name, column in whole.items()},
    )  # fmt: skip
    return network, street, report


def _gauge_breaks(streets: Streets, n: int, size: int) -> dict[str, Any]:
    """Part rail nodes where two gauges meet, and join the parts by a break of gauge."""
    u, v = streets.u + n, streets.v + n
    rail = np.flatnonzero(streets.mode == RAIL)
    first: dict[int, int] = {}
    parts: dict[tuple[int, int], int] = {}
    for side in (u, v):
        for edge in rail.tolist():
            node, gauge = int(side[edge]), int(streets.gauge_mm[edge])
            if first.setdefault(node, gauge) != gauge:
                side[edge] = parts.setdefault((node, gauge), size + len(parts))
    of = np.array([node for node, _ in parts], dtype=np.int64)
    return {"ends": (u, v), "of": of, "to": np.array([g for _, g in parts], dtype=np.int64),
            "from": np.array([first[node] for node, _ in parts], dtype=np.int64)}  # fmt: skip


def _two_way(u: Ints, v: Ints, oneway: Bools, size: int) -> Bools:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    two = ~oneway
    tail, head = np.concatenate([u, v[two]]), np.concatenate([v, u[two]])
    graph = coo_array((np.ones(len(tail), np.int8), (tail, head)), (size, size))
    _, label = connected_components(graph, directed=True, connection="strong")
    members = np.bincount(label)
    enough = members >= min(_LEAST_PIECE, int(members.max()))
    together: Bools = (label[u] == label[v]) & enough[label[u]]
    return together


def _renumber(terminal: Any, used: Bools, number: Ints) -> Any:
    from dataclasses import replace

    def new(node: int) -> int:
        return int(number[node]) if node >= 0 and used[node] else -1

    return replace(terminal, road_node=new(terminal.road_node), rail_node=new(terminal.rail_node))


def _meta(base: Network, mode: NDArray[Any], nodes: int, meta: dict[str, Any]) -> dict[str, Any]:
    counts = {f"{name}_edges": int((mode == i).sum()) for i, name in enumerate(MODES)}
    sources = [*base.meta.get("sources", []), *meta.pop("sources")]
    return {**base.meta, "format": FORMAT, "counts": {"nodes": nodes, "edges": len(mode), **counts},
            **meta, "sources": sources}  # fmt: skip


def _unit(lon: Any, lat: Any) -> NDArray[np.float64]:
    lam, phi = np.radians(np.atleast_1d(lon)), np.radians(np.atleast_1d(lat))
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
