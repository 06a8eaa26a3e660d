"""Curated links: lines and roads that exist and that the raw network lacks, and the reverse."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import CURATED, Bools, Draft, Ints, Rows, spot_of
from horgos_geo.build.node_finder import NodeFinder
from horgos_geo.core.geodesy import distance_km

#: Ends of a link join a node within this distance, else they are new nodes.
SNAP_KM = 4.0


def drop_listed(draft: Draft, mode: int, rows: Rows, whole_runs: bool = False) -> int:
    """Drop the edges that are listed by the coordinates of their ends.

    Parameters
    ----------
    draft
        Changed in place.
    mode
        `ROAD` or `RAIL`.
    rows
        With lon_u, lat_u, lon_v, lat_v, to three decimals.
    whole_runs
        Drop with each edge the whole run of edges between two junctions that it is part of, so
        that no dangling end is left to be joined to another line.

    Returns
    -------
    int
        Number of edges dropped.
    """
    listed = {frozenset((spot_of(row, "u"), spot_of(row, "v"))) for row in rows}
    near = {spot for pair in listed for spot in pair}
    spots = draft.spots()
    known = np.array([spot in near for spot in spots])
    mask = np.ones(draft.m, dtype=bool)
    of_mode = draft.of_mode(mode)
    for edge in np.flatnonzero(of_mode & known[draft.u] & known[draft.v]).tolist():
        mask[edge] = frozenset((spots[draft.u[edge]], spots[draft.v[edge]])) not in listed
    if whole_runs:
        run = _runs(draft, of_mode)
        mask[of_mode & np.isin(run, run[~mask])] = False
    draft.keep_edges(mask)
    return int((~mask).sum())


def _runs(draft: Draft, edges: Bools) -> Ints:
    """Return for each edge (M) the number of the run between two junctions that it is part of.

    Edges are of one run where they meet at a node that has no third edge.
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
    draft: Draft, mode: int, rows: Rows, country_map: CountryMap
) -> tuple[int, list[str]]:
    """Add the links of a curation table that say `use` = yes.

    Parameters
    ----------
    draft
        Changed in place.
    mode
        `ROAD` or `RAIL`.
    rows
        With id, from_lon, from_lat, from_new, to_lon, to_lat, to_new, km, use.
    country_map
        Gives new nodes their country.

    Returns
    -------
    tuple
        Number of links added and one sentence for each row that could not be.
    """
    finder = NodeFinder(draft, mode)
    made: dict[tuple[float, float], int] = {}

    def node_at(row: Mapping[str, str], side: str) -> int:
        """Return the node of one end of a link, made where the row says that it is new."""
        spot = float(row[f"{side}_lon"]), float(row[f"{side}_lat"])
        if spot in made:
            return made[spot]
        (node,), (gap,) = finder.nearest([spot[0]], [spot[1]])
        if gap > SNAP_KM or row[f"{side}_new"] == "yes":
            country = country_map.locate([spot[0]], [spot[1]])
            (node,) = draft.add_nodes([spot[0]], [spot[1]], country, keep=True)
            made[spot] = int(node)
        return int(node)

    links, problems = [], []
    for row in rows:
        if row["use"] != "yes":
            continue
        a, b = node_at(row, "from"), node_at(row, "to")
        if a == b:
            problems.append(f"{row['id']}: both ends fall on one node")
            continue
        chord_km = distance_km(draft.lon[a], draft.lat[a], draft.lon[b], draft.lat[b])
        links.append((a, b, max(float(row["km"]), chord_km), draft.link_code(row["id"])))
    u, v, km, link = np.array(links).reshape(-1, 4).T
    draft.add_edges(u, v, mode=mode, km=km, source=CURATED, link=link)
    return len(links), problems
