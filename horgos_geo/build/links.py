"""Curated links: lines and roads that exist and that the raw network lacks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import CURATED, RAIL, ROAD, Draft, distance_km, unit_vectors
from horgos_geo.core import datasets

#: Ends of a link join a node within this distance, else the row must say that the node is new.
SNAP_KM = {ROAD: 4.0, RAIL: 4.0}


class NodeFinder:
    """Nearest road or rail node, found again after nodes were added."""

    def __init__(self, draft: Draft, mode: int) -> None:
        of_mode = draft.mode == mode
        self.nodes = np.unique(np.concatenate([draft.u[of_mode], draft.v[of_mode]]))
        self._tree = cKDTree(unit_vectors(draft.lon[self.nodes], draft.lat[self.nodes]))

    def nearest(self, lon: float, lat: float) -> tuple[int, float]:
        """Return the nearest node and how far it is in kilometres."""
        gap, position = self._tree.query(unit_vectors([lon], [lat])[0])
        return int(self.nodes[position]), float(gap)

    def gaps(self, lon: Any, lat: Any) -> NDArray[np.float64]:
        """Return for each point how far the nearest node is in kilometres; inf beyond 60."""
        return np.asarray(self._tree.query(unit_vectors(lon, lat), distance_upper_bound=60.0)[0])

    def at(self, lon: Any, lat: Any, km: float) -> NDArray[np.int64]:
        """Return for each point the nearest node within a distance, else -1."""
        found = self._tree.query(unit_vectors(lon, lat), distance_upper_bound=km)[1]
        return np.where(
            found < len(self.nodes), self.nodes[np.minimum(found, len(self.nodes) - 1)], -1
        )

    def within(self, lon: float, lat: float, km: float) -> list[int]:
        """Return the nodes within a distance, nearest first."""
        point = unit_vectors([lon], [lat])[0]
        found = np.array(sorted(self._tree.query_ball_point(point, km)), dtype=np.int64)
        if not len(found):
            return []
        gaps = np.linalg.norm(self._tree.data[found] - point, axis=1)
        return [int(self.nodes[i]) for i in found[np.argsort(gaps, kind="stable")]]


def drop_listed(draft: Draft, mode: int, table: str, whole_runs: bool = False) -> int:
    """Drop the edges that a curation table lists by the coordinates of their ends.

    Parameters
    ----------
    draft
        Changed in place.
    mode
        `ROAD` or `RAIL`.
    table
        CSV below the data folder with lon_u, lat_u, lon_v, lat_v.
    whole_runs
        Drop with each edge the whole run of edges between two junctions that it is part of, so
        that no dangling end is left to be joined to another line.

    Returns
    -------
    int
        Number of edges dropped.
    """
    listed = {
        frozenset((round(float(r[f"lon_{s}"]), 3), round(float(r[f"lat_{s}"]), 3)) for s in "uv")
        for r in datasets.read_rows(table)
    }
    places = {place for pair in listed for place in pair}
    at = list(zip(np.round(draft.lon, 3).tolist(), np.round(draft.lat, 3).tolist(), strict=True))
    known = np.array([place in places for place in at])
    mask = np.ones(draft.m, dtype=bool)
    for edge in np.flatnonzero((draft.mode == mode) & known[draft.u] & known[draft.v]).tolist():
        mask[edge] = frozenset((at[draft.u[edge]], at[draft.v[edge]])) not in listed
    if whole_runs:
        of_mode = draft.mode == mode
        run = _runs(draft, of_mode)
        mask[of_mode & np.isin(run, run[~mask])] = False
    draft.keep_edges(mask)
    return int((~mask).sum())


def _runs(draft: Draft, edges: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each edge (M) the number of the run between two junctions that it is part of.

    Edges hang together in one run where they meet at a node that has no third edge.
    """
    ends = np.concatenate([draft.u[edges], draft.v[edges]])
    here = np.tile(np.flatnonzero(edges), 2)
    order = np.argsort(ends, kind="stable")
    ends, here = ends[order], here[order]
    first = np.flatnonzero(np.r_[True, ends[1:] != ends[:-1]])
    passed = first[np.diff(np.r_[first, len(ends)]) == 2]
    joins = coo_array(
        (np.ones(len(passed)), (here[passed], here[passed + 1])), shape=(draft.m, draft.m)
    )
    return np.asarray(connected_components(joins, directed=False)[1], dtype=np.int64)


def add_links(
    draft: Draft, mode: int, table: str, country_map: CountryMap
) -> tuple[int, list[str]]:
    """Add the rows of a curation table that say `use` = yes.

    Parameters
    ----------
    draft
        Changed in place.
    mode
        `ROAD` or `RAIL`.
    table
        CSV below the data folder: id, from_name, from_lon, from_lat, to_name, to_lon, to_lat, km,
        use.
    country_map
        Gives new nodes their country.

    Returns
    -------
    tuple
        Number of links added and one sentence for each row that could not be.
    """
    added, problems = 0, []
    made: dict[tuple[float, float], int] = {}
    finder = NodeFinder(draft, mode)
    for row in datasets.read_rows(table):
        if row["use"] != "yes":
            continue
        ends = []
        for side in ("from", "to"):
            lon, lat = float(row[f"{side}_lon"]), float(row[f"{side}_lat"])
            node, gap = finder.nearest(lon, lat)
            if (lon, lat) in made:
                node = made[lon, lat]
            elif gap > SNAP_KM[mode] or row[f"{side}_new"] == "yes":
                code = country_map.locate([lon], [lat])
                node = int(draft.add_nodes([lon], [lat], code, mode == RAIL, True)[0])
                made[lon, lat] = node
            ends.append(node)
        a, b = ends
        chord = float(distance_km(draft.lon[a], draft.lat[a], draft.lon[b], draft.lat[b]))
        if a == b:
            problems.append(f"{row['id']}: both ends fall on one node")
            continue
        km = max(float(row["km"]), chord)
        draft.add_edges([a], [b], mode=mode, km=km, source=CURATED, link=draft.link_code(row["id"]))
        added += 1
    return added, problems
