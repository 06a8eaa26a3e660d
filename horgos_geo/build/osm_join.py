"""Set a street graph into the bundled network: one network, from the street to the continent.

The bundled network keeps its border crossings, ferries and terminals everywhere, and its roads and
railways outside the extract's area. Where one of its nodes remains inside that area, such as the
near side of a crossing, it is joined to the nearest street or track of the same country. Streets
that nothing can be joined to stay a network of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from horgos_geo.build import gauge
from horgos_geo.build.draft import (
    EDGE_COLUMNS,
    FERRY,
    HEALED,
    RAIL,
    ROAD,
    Bools,
    Draft,
    Floats,
    Ints,
    Line,
)
from horgos_geo.build.export import to_draft, to_network
from horgos_geo.build.osm_tags import CLASSES, MAJOR
from horgos_geo.core.choices import MODES
from horgos_geo.core.geodesy import arc_km, chord, unit_vectors
from horgos_geo.model.network import Network

#: A bundled node is joined to a street within this distance, kilometres.
JOIN_KM = 25.0
#: An extract that reaches this share of a country's bundled nodes holds the whole country.
WHOLE = 0.75
#: It reaches a node that a street passes within this distance, kilometres.
NEAR_KM = 5.0
#: Elsewhere its area is the cells of so many degrees that streets pass, small gaps closed.
CELL_DEG, CLOSE_CELLS = 0.05, 3
#: Pieces with fewer nodes than this that nothing joins are car parks and fields.
LEAST_PIECE = 20
#: An extract without a bundled node inside is joined to so many around it.
AROUND = 4
#: Of so many near streets the best is chosen; a class above counts for so many kilometres.
CHOICE, WORTH_KM = 200, 4.0
#: Streets from which this share of the largest piece is reached, and back, lead on.
LEADS_ON = 0.02


@dataclass
class Joined:
    """What joining found and did.

    Attributes
    ----------
    whole
        Countries that the extract holds whole, with the mode.
    replaced, joins
        By mode: bundled edges that gave way, and places joined.
    alone
        Bundled nodes in the area that no street is near to.
    apart
        By mode: street edges from which the bundled network is not reached.
    """

    whole: list[str] = field(default_factory=list)
    replaced: dict[str, int] = field(default_factory=dict)
    joins: dict[str, int] = field(default_factory=dict)
    alone: list[str] = field(default_factory=list)
    apart: dict[str, int] = field(default_factory=dict)


def join(
    streets: Draft, base: Network, meta: Mapping[str, Any], file_of_way: Mapping[int, int]
) -> tuple[Network, Draft, Joined]:
    """Return the joined network, the draft with its edges, and what was found.

    Parameters
    ----------
    streets
        The graph of the extract; it is changed.
    base
        The bundled network.
    meta
        What ``network.json`` is to say.
    file_of_way
        The number of the file that each OpenStreetMap way comes from.
    """
    report, draft = Joined(), to_draft(base)
    _name_countries(streets, draft)
    home = streets.country[streets.u]
    streets.keep_edges((home == streets.country[streets.v]) & (home > 0))
    gauge.part_nodes(streets)
    kept = np.ones(draft.m, dtype=bool)
    joins: list[tuple[Any, ...]] = []
    for mode in (ROAD, RAIL):
        if streets.of_mode(mode).any():
            inside = _area(streets, draft, mode, report)
            gone = draft.of_mode(mode) & (draft.crossing == 0) & (draft.gauge == draft.gauge_to)
            gone &= inside[draft.u] & inside[draft.v]
            found = _joins(streets, draft, mode, kept & ~gone, inside, report)
            # Without a join nothing takes the place of the bundled edges.
            kept &= ~gone | (len(found) == 0)
            report.replaced[MODES[mode]] = int(gone.sum()) if found else 0
            report.joins[MODES[mode]] = len(found)
            joins += found
    draft.keep_edges(kept)
    first = _append(draft, streets)
    columns = zip(*joins, strict=True) if joins else ((),) * 5
    node, street, mode_of, gauge_mm, km = (np.array(column) for column in columns)
    draft.add_edges(
        node, street + first, mode=mode_of, km=km, gauge=gauge_mm, gauge_to=gauge_mm, source=HEALED
    )
    _drop_traps(draft, first, file_of_way, report)
    used = draft.on_edges()
    number = np.append(np.where(used, np.cumsum(used) - 1, -1), -1)
    draft.keep_nodes(used)
    terminals = [
        replace(t, road_node=int(number[t.road_node]), rail_node=int(number[t.rail_node]))
        for t in base.terminals
    ]
    crossings = {crossing.id: crossing for crossing in base.crossings}
    return to_network(draft, crossings, terminals, meta), draft, report


def _name_countries(streets: Draft, base: Draft) -> None:
    """Give street nodes their country as a position in the bundled network's list."""
    known = {code: position for position, code in enumerate(base.countries)}
    codes = np.array([known.get(code, 0) for code in streets.countries], dtype=np.int64)
    streets.country, streets.countries = codes[streets.country], base.countries
    rest = np.flatnonzero(streets.country == 0)
    # Beyond whole borders lies somebody else's country; those stretches were cut off before.
    there = np.flatnonzero((base.country > 0) & ~np.isin(base.country, codes[codes > 0]))
    if len(rest) and len(there):
        tree = cKDTree(unit_vectors(base.lon[there], base.lat[there]))
        _, nearest = tree.query(unit_vectors(streets.lon[rest], streets.lat[rest]))
        streets.country[rest] = base.country[there[nearest]]


def _area(streets: Draft, base: Draft, mode: int, report: Joined) -> Bools:
    """Return which bundled nodes (N) lie in the area that the extract covers."""
    mine = streets.of_mode(mode)
    used, inner = streets.on_edges(mine), np.repeat(mine, streets.inner)
    lon = np.concatenate([streets.lon[used], streets.inner_lon[inner]])
    lat = np.concatenate([streets.lat[used], streets.inner_lat[inner]])
    area = np.zeros(base.n, dtype=bool)
    tree = cKDTree(unit_vectors(lon, lat))
    on_mode = base.on_edges(base.of_mode(mode))
    some = np.unique(streets.country[used])
    for code in some.tolist():
        there = np.flatnonzero(on_mode & (base.country == code))
        gaps, _ = tree.query(unit_vectors(base.lon[there], base.lat[there]))
        if len(there) and np.mean(gaps < chord(NEAR_KM)) >= WHOLE:
            area[there] = True
            some = some[some != code]
            report.whole.append(f"{base.countries[code]} by {MODES[mode]}")
    others = np.flatnonzero(np.isin(base.country, some))
    area[others] |= _in_cells(lon, lat, base.lon[others], base.lat[others])
    return area


def _in_cells(lon: Floats, lat: Floats, at_lon: Floats, at_lat: Floats) -> Bools:
    """Return which points (K) lie in the cells that vertices (V) pass, small gaps closed."""

    def cells(lon: Floats, lat: Floats) -> Ints:
        # Counted from the far side of the first vertex: an extract may span the antimeridian.
        east = (lon - first + 180.0) % 360.0
        return np.floor(np.column_stack([east, lat]) / CELL_DEG).astype(np.int64)

    first, margin = lon[0], 2 * CLOSE_CELLS
    passed, points = cells(lon, lat), cells(at_lon, at_lat)
    corner = passed.min(axis=0) - margin
    passed, points = passed - corner, points - corner
    grid = np.zeros(passed.max(axis=0) + margin + 1, dtype=bool)
    grid[tuple(passed.T)] = True
    grid = ndimage.binary_closing(grid, iterations=CLOSE_CELLS)
    within = ((points >= 0) & (points < grid.shape)).all(axis=1)
    inside = np.zeros(len(points), dtype=bool)
    inside[within] = grid[tuple(points[within].T)]
    return inside


def _joins(
    streets: Draft, base: Draft, mode: int, kept: Bools, inside: Bools, report: Joined
) -> list[tuple[int, int, int, int, float]]:
    """Return joins of one mode: bundled node, street node, mode, gauge, kilometres."""
    mine = streets.of_mode(mode)
    usable = base.on_edges(kept & ~base.of_mode(FERRY)) & base.on_edges(base.of_mode(mode))
    left = np.flatnonzero(usable & inside)
    if not len(left):
        left = _around(streets, base, mine, usable)
    worth = _worth(streets, mine)
    nodes = np.flatnonzero((worth > 0) & _leads_on(streets, mine))
    if not len(nodes) or not len(left):
        return []
    tree = cKDTree(unit_vectors(streets.lon[nodes], streets.lat[nodes]))
    points = unit_vectors(base.lon[left], base.lat[left])
    chords, position = tree.query(points, k=range(1, min(CHOICE, len(nodes)) + 1))
    near, away_km = nodes[position], arc_km(chords)
    fits = (streets.country[near] == base.country[left][:, None]) & (away_km <= JOIN_KM)
    street_gauge, base_gauge = _node_gauges(streets), _node_gauges(base)[left]
    if mode == RAIL:
        fits &= street_gauge[near] == base_gauge[:, None]
    best = np.argmin(np.where(fits, away_km - WORTH_KM * worth[near], np.inf), axis=1)
    alone = ~fits.any(axis=1) & base.on_edges(kept & base.of_mode(mode))[left]
    report.alone += [
        f"{base.lon[node]:.3f},{base.lat[node]:.3f} {MODES[mode]}" for node in left[alone]
    ]
    row = np.flatnonzero(fits.any(axis=1))
    street, km = near[row, best[row]], away_km[row, best[row]]
    gauges = street_gauge[street] if mode == RAIL else np.zeros(len(row), dtype=np.int64)
    columns = (left[row], street, np.full(len(row), mode), gauges, km)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _around(streets: Draft, base: Draft, mine: Bools, usable: Bools) -> Ints:
    """Return the bundled nodes nearest to an extract that holds none: a town, or less."""
    ends = np.flatnonzero(streets.on_edges(mine))
    there = np.flatnonzero(usable & np.isin(base.country, streets.country[ends]))
    tree = cKDTree(unit_vectors(streets.lon[ends], streets.lat[ends]))
    gaps, _ = tree.query(unit_vectors(base.lon[there], base.lat[there]))
    nearest = np.argsort(gaps, kind="stable")[:AROUND]
    return np.asarray(there[nearest[gaps[nearest] <= chord(JOIN_KM)]])


def _leads_on(streets: Draft, mine: Bools) -> Bools:
    """Return which street nodes (N) belong to a piece, both ways, that is worth joining."""
    labels = streets.components(mine, both_ways=True)
    members = np.bincount(labels)[labels]
    return np.asarray(members >= max(2, int(LEADS_ON * members.max())))


def _worth(streets: Draft, mine: Bools) -> Ints:
    """Return for each street node 0 where it is not of the mode, more for roads that lead far."""
    is_major = np.isin(CLASSES, list(MAJOR))[streets.class_]
    worth = streets.on_edges(mine).astype(np.int64) + streets.on_edges(mine & is_major)
    # Where a road meets its border or a border control is where a crossing stands.
    return worth + ((worth > 0) & streets.keep)


def _node_gauges(draft: Draft) -> Ints:
    """Return the gauge at each node (N), 0 where there is no rail."""
    gauges, rail = np.zeros(draft.n, dtype=np.int64), draft.of_mode(RAIL)
    gauges[draft.u[rail]], gauges[draft.v[rail]] = draft.gauge[rail], draft.gauge_to[rail]
    return gauges


def _append(draft: Draft, streets: Draft) -> int:
    """Add the streets to a draft and return the number of their first node."""
    first = draft.n
    draft.add_nodes(streets.lon, streets.lat, streets.country, keep=True)
    link = np.zeros(streets.m, dtype=np.int64)
    for edge in np.flatnonzero(streets.of_mode(FERRY)).tolist():
        link[edge] = draft.link_code(f"ferry-{streets.way[edge]}")
    same = EDGE_COLUMNS.keys() - {"u", "v", "link", "inner"}
    draft.add_edges(
        streets.u + first,
        streets.v + first,
        Line(streets.inner, streets.inner_lon, streets.inner_lat),
        link=link,
        **{name: getattr(streets, name) for name in same},
    )
    return first


def _drop_traps(draft: Draft, first: int, file_of_way: Mapping[int, int], report: Joined) -> None:
    """Drop streets that can be entered and not left, or left and not entered, and small pieces.

    The largest piece of each file and mode stays in any case.
    """
    labels = draft.components(both_ways=True)
    members = np.bincount(labels)
    of_base = np.zeros(len(members), dtype=bool)
    of_base[labels[:first]] = True
    street = np.flatnonzero(draft.class_ > 0)
    label = labels[draft.u[street]]
    good = (label == labels[draft.v[street]]) & (members[label] >= LEAST_PIECE)
    files = np.array([file_of_way[way] for way in draft.way[street].tolist()])
    for mode in (ROAD, RAIL):
        for file in np.unique(files):
            mine = (files == file) & draft.of_mode(mode)[street]
            if mine.any():
                pieces = np.bincount(label[mine])
                good |= mine & (label == pieces.argmax())
        apart = good & draft.of_mode(mode)[street] & ~of_base[label]
        if apart.any():
            report.apart[MODES[mode]] = int(apart.sum())
    mask = np.ones(draft.m, dtype=bool)
    mask[street] = good
    draft.keep_edges(mask)
