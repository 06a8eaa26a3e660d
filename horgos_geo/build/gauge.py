"""Track gauge of every rail edge: by country, with the exceptions that matter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.draft import RAIL, Draft, distance_km
from horgos_geo.build.links import NodeFinder
from horgos_geo.core import datasets

#: The ends of a line with another gauge lie within this distance of the listed points.
_END_KM = 30.0


def assign(draft: Draft) -> list[str]:
    """Set the gauge of every rail edge and part nodes where two gauges meet.

    Parameters
    ----------
    draft
        Changed in place, after gating: every edge but a crossing lies in one country.

    Returns
    -------
    list of str
        One sentence for each exception that could not be applied.
    """
    country_gauge = {
        r["country"]: int(r["gauge_mm"]) for r in datasets.read_rows("reference/gauges.csv")
    }
    by_country = np.array([country_gauge.get(code, 1435) for code in draft.countries])
    rail = (draft.mode == RAIL) & (draft.crossing == 0)
    draft.gauge[rail] = by_country[draft.country[draft.u[rail]]]
    links = {r["id"]: r["gauge_mm"] for r in datasets.read_rows("curation/links_rail.csv")}
    for edge in np.flatnonzero(rail & (draft.link > 0)).tolist():
        name = draft.link_ids[draft.link[edge]]
        if links.get(name):
            draft.gauge[edge] = int(links[name])
    problems, changing = [], []
    for row in datasets.read_rows("curation/gauge_exceptions.csv"):
        edges = _box(draft, rail, row) if row["kind"] == "box" else _path(draft, row)
        if len(edges) == 0:
            problems.append(f"gauge exception {row['name']}: no such line in the network")
            continue
        draft.gauge[edges] = int(row["gauge_mm"])
        if row["break_lon"]:
            changing.append((float(row["break_lon"]), float(row["break_lat"])))
    draft.gauge_to[rail] = draft.gauge[rail]
    _part_nodes(draft, changing)
    _gauge_crossings(draft)
    return problems


def _box(draft: Draft, rail: NDArray[np.bool_], row: dict[str, str]) -> NDArray[np.int64]:
    """Return the rail edges of a country that lie wholly in a box west, south, east, north."""
    west, south, east, north = (float(row[k]) for k in ("west", "south", "east", "north"))
    inside = (draft.lon >= west) & (draft.lon <= east) & (draft.lat >= south) & (draft.lat <= north)
    if row["country"]:
        inside &= draft.country == draft.code(row["country"])
    return np.flatnonzero(rail & inside[draft.u] & inside[draft.v])


def _path(draft: Draft, row: dict[str, str]) -> NDArray[np.int64]:
    """Return the edges of the shortest rail path inside a country between two points."""
    from scipy.sparse.csgraph import dijkstra

    finder = NodeFinder(draft, RAIL)
    home = draft.country == draft.code(row["country"])
    ends = []
    for lon, lat in ((row["west"], row["south"]), (row["east"], row["north"])):
        near = [n for n in finder.within(float(lon), float(lat), _END_KM) if home[n]]
        if not near:
            return np.zeros(0, dtype=np.int64)
        ends.append(near[0])
    usable = (draft.mode == RAIL) & home[draft.u] & home[draft.v]
    dist, before = dijkstra(
        draft.matrix(usable), directed=False, indices=ends[0], return_predecessors=True
    )
    if not np.isfinite(dist[ends[1]]):
        return np.zeros(0, dtype=np.int64)
    pairs = set()
    node = ends[1]
    while node != ends[0]:
        pairs.add((min(node, int(before[node])), max(node, int(before[node]))))
        node = int(before[node])
    low, high = np.minimum(draft.u, draft.v), np.maximum(draft.u, draft.v)
    hits = [e for e in np.flatnonzero(usable).tolist() if (int(low[e]), int(high[e])) in pairs]
    return np.array(hits, dtype=np.int64)


def _part_nodes(draft: Draft, changing: list[tuple[float, float]]) -> None:
    """Give each gauge its own node; join them by a break where trains can change."""
    edges = np.flatnonzero((draft.mode == RAIL) & (draft.crossing == 0))
    ends = np.concatenate([draft.u[edges], draft.v[edges]])
    gauge = np.tile(draft.gauge[edges], 2)
    low = np.full(draft.n, 99999)
    high = np.zeros(draft.n, dtype=np.int64)
    np.minimum.at(low, ends, gauge)
    np.maximum.at(high, ends, gauge)
    places = np.array(changing).reshape(-1, 2)
    for node in np.flatnonzero((high > 0) & (low != high)).tolist():
        at = edges[(draft.u[edges] == node) | (draft.v[edges] == node)]
        found = sorted(
            set(draft.gauge[at].tolist()), key=lambda g: (-(draft.gauge[at] == g).sum(), g)
        )
        for other in found[1:]:
            lon, lat, country = draft.lon[node], draft.lat[node], draft.country[node]
            twin = int(draft.add_nodes([lon], [lat], [country], True, True)[0])
            draft.keep[node] = True
            for edge in at[draft.gauge[at] == other].tolist():
                if draft.u[edge] == node:
                    draft.u[edge] = twin
                if draft.v[edge] == node:
                    draft.v[edge] = twin
            near = distance_km(draft.lon[node], draft.lat[node], places[:, 0], places[:, 1])
            if len(places) and near.min() <= 8.0:
                draft.add_edges([node], [twin], mode=RAIL, km=0.0, gauge=found[0], gauge_to=other,
                                country_e=draft.country[node],
                                source=2)  # fmt: skip


def _gauge_crossings(draft: Draft) -> None:
    """A crossing edge has the gauge of the track that it continues, on either side."""
    at_node = np.zeros(draft.n, dtype=np.int64)
    plain = np.flatnonzero((draft.mode == RAIL) & (draft.crossing == 0))
    at_node[draft.u[plain]] = draft.gauge[plain]
    at_node[draft.v[plain]] = draft.gauge_to[plain]
    over = np.flatnonzero((draft.mode == RAIL) & (draft.crossing > 0))
    draft.gauge[over], draft.gauge_to[over] = at_node[draft.u[over]], at_node[draft.v[over]]
