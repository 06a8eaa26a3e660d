"""Track gauge of every rail edge: by country, with the exceptions that matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.sparse.csgraph import dijkstra

from horgos_geo.build.draft import CURATED, RAIL, Bools, Draft, Floats, Ints, Rows
from horgos_geo.build.node_finder import NodeFinder
from horgos_geo.core.geodesy import distances_km
from horgos_geo.model.network import Crossing

#: The ends of a line with another gauge lie within this distance of the listed points.
END_KM = 30.0
#: A break of gauge is where two gauges meet within this distance of a listed one.
BREAK_KM = 8.0
STANDARD_MM = 1435


def assign(
    draft: Draft,
    country_gauge: Mapping[str, int],
    link_gauge: Mapping[str, int],
    exceptions: Rows,
) -> list[str]:
    """Set the gauge of every rail edge and part nodes where two gauges meet.

    Parameters
    ----------
    draft
        Changed in place, after its borders were split: every edge but a crossing lies in one
        country.
    country_gauge, link_gauge
        Gauges in millimetres by ISO alpha-3 code, and by the id of a curated link.
    exceptions
        Of ``curation/gauge_exceptions.csv``.

    Returns
    -------
    list of str
        One sentence for each exception that could not be applied.
    """
    rail = draft.of_mode(RAIL) & (draft.crossing == 0)
    by_country = np.array([country_gauge.get(code, STANDARD_MM) for code in draft.countries])
    by_link = np.array([link_gauge.get(name, 0) for name in draft.link_ids])[draft.link]
    gauge = np.where(by_link > 0, by_link, by_country[draft.country[draft.u]])
    draft.gauge[rail] = gauge[rail]
    problems, breaks = [], []
    for row in exceptions:
        edges = _in_box(draft, rail, row) if row["kind"] == "box" else _on_line(draft, rail, row)
        if not len(edges):
            problems.append(f"gauge exception {row['name']}: no such line in the network")
            continue
        draft.gauge[edges] = int(row["gauge_mm"])
        if row["break_lon"]:
            breaks.append((float(row["break_lon"]), float(row["break_lat"])))
    draft.gauge_to[rail] = draft.gauge[rail]
    part_nodes(draft, np.array(breaks).reshape(-1, 2))
    _continue_over_crossings(draft)
    return problems


def _in_box(draft: Draft, rail: Bools, row: Mapping[str, str]) -> Ints:
    """Return the rail edges of a country that lie wholly in a box west, south, east, north."""
    west, south, east, north = (float(row[k]) for k in ("west", "south", "east", "north"))
    inside = (draft.lon >= west) & (draft.lon <= east) & (draft.lat >= south) & (draft.lat <= north)
    if row["country"]:
        inside &= draft.country == draft.country_code(row["country"])
    return np.flatnonzero(rail & inside[draft.u] & inside[draft.v])


def _on_line(draft: Draft, rail: Bools, row: Mapping[str, str]) -> Ints:
    """Return the edges of the shortest rail path inside a country between two points."""
    finder = NodeFinder(draft, RAIL)
    home = draft.country == draft.country_code(row["country"])
    ends = []
    for lon, lat in ((row["west"], row["south"]), (row["east"], row["north"])):
        near = finder.within(float(lon), float(lat), END_KM)
        ends += [node for node in near if home[node]][:1]
    usable = rail & home[draft.u] & home[draft.v]
    if len(ends) < 2:
        return np.zeros(0, dtype=np.int64)
    start, node = ends
    found, before = dijkstra(draft.matrix(usable), indices=start, return_predecessors=True)
    pairs = set()
    while np.isfinite(found[node]) and node != start:
        back = int(before[node])
        pairs.add((min(node, back), max(node, back)))
        node = back
    edges = np.flatnonzero(usable)
    low, high = np.minimum(draft.u, draft.v)[edges], np.maximum(draft.u, draft.v)[edges]
    on_line = [pair in pairs for pair in zip(low.tolist(), high.tolist(), strict=True)]
    return np.asarray(edges[np.array(on_line, dtype=bool)])


def part_nodes(draft: Draft, breaks: Floats | None = None) -> None:
    """Give each gauge its own node; join them by a break where trains can change.

    The gauge that most edges have keeps the node; of two that as many have, the narrower.

    Parameters
    ----------
    draft
        Changed in place.
    breaks
        Longitude and latitude (K, 2) of the breaks of gauge; None where trains can change
        everywhere.
    """
    rail = np.flatnonzero(draft.of_mode(RAIL) & (draft.crossing == 0))
    ends = np.concatenate([draft.u[rail], draft.v[rail]])
    gauges = np.tile(draft.gauge[rail], 2)
    found, count = np.unique(np.column_stack([ends, gauges]), axis=0, return_counts=True)
    node, gauge = found[np.lexsort([found[:, 1], -count, found[:, 0]])].T
    other = np.zeros(len(node), dtype=bool)
    other[1:] = node[1:] == node[:-1]
    at, of = node[other], gauge[other]
    main = gauge[~other][np.cumsum(~other) - 1][other]
    twin = draft.add_nodes(draft.lon[at], draft.lat[at], draft.country[at], keep=True)
    draft.keep[at] = True
    moved = dict(zip(zip(at.tolist(), of.tolist(), strict=True), twin.tolist(), strict=True))
    for side in (draft.u, draft.v):
        mine = rail[np.isin(side[rail], at)]
        for edge, key in zip(mine, zip(side[mine], draft.gauge[mine], strict=True), strict=True):
            side[edge] = moved.get(key, side[edge])
    changes = np.ones(len(at), dtype=np.bool_)
    if breaks is not None:
        gaps = distances_km(draft.lon[at, None], draft.lat[at, None], breaks[:, 0], breaks[:, 1])
        changes = np.asarray((gaps <= BREAK_KM).any(axis=1))
    draft.add_edges(
        at[changes],
        twin[changes],
        mode=RAIL,
        gauge=main[changes],
        gauge_to=of[changes],
        source=CURATED,
    )


def _continue_over_crossings(draft: Draft) -> None:
    """Give a crossing edge the gauge of the track that it continues, on either side."""
    at_node = np.zeros(draft.n, dtype=np.int64)
    plain = np.flatnonzero(draft.of_mode(RAIL) & (draft.crossing == 0))
    at_node[draft.u[plain]] = draft.gauge[plain]
    at_node[draft.v[plain]] = draft.gauge_to[plain]
    over = np.flatnonzero(draft.of_mode(RAIL) & (draft.crossing > 0))
    draft.gauge[over], draft.gauge_to[over] = at_node[draft.u[over]], at_node[draft.v[over]]


def of_crossings(draft: Draft, crossings: dict[str, Crossing]) -> dict[str, Crossing]:
    """Return crossings with the gauges of the tracks that they join, side a first."""
    found = dict(crossings)
    for edge in np.flatnonzero(draft.of_mode(RAIL) & (draft.crossing > 0)).tolist():
        crossing = found[draft.crossing_ids[draft.crossing[edge]]]
        sides = [int(draft.gauge[edge]), int(draft.gauge_to[edge])]
        if draft.countries[draft.country[draft.u[edge]]] != crossing.country_a:
            sides.reverse()
        if sides[0]:
            found[crossing.id] = replace(crossing, gauge_a_mm=sides[0], gauge_b_mm=sides[1])
    return found
