"""Published lengths of named roads for the long edges that stand for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from horgos_geo.build.calibration import SECTION
from horgos_geo.build.draft import CURATED, Bools, Draft, Ints, Rows
from horgos_geo.build.node_finder import NodeFinder
from horgos_geo.core.choices import MODES
from horgos_geo.model.network import Network

TABLE = "curation/section_lengths.csv"
#: An edge from this length on stands for a stretch of a named road.
LONG_KM = 20.0
#: Long edges make up at least this share of a section, else it says nothing about them.
LEAST_SHARE = 0.4
#: Factors outside of this range are another road.
FACTOR_RANGE = (0.97, 1.7)
#: Expected factor of the short edges of a section.
SHORT_FACTOR = 1.05
#: A route longer than the published length by more than this factor is not looked for.
MOST_DETOUR = 1.3
_SNAP_KM = 8.0
_SAME_PLACE_KM = 0.01


@dataclass
class Sections:
    """What became of the published sections.

    Attributes
    ----------
    factors
        By link id: what the raw length of its edges is multiplied by.
    unused
        Ids of rows whose road is not in the network as long edges.
    """

    factors: dict[str, float] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)


def mark(draft: Draft, mode: int, rows: Rows, sections: Sections) -> None:
    """Mark the long edges of each published section of a mode with the section's id.

    Parameters
    ----------
    draft
        Changed in place, before chains are merged: marked edges get the section as their link,
        so that they are not merged with others.
    mode
        `ROAD` or `RAIL`.
    rows
        Of the table; the shorter sections come first.
    sections
        Takes the factors and what is unused.
    """
    finder = NodeFinder(draft, mode)
    usable = draft.of_mode(mode) & (draft.crossing == 0)
    lengths, edge_between = draft.matrix(usable), _edges_by_ends(draft, usable)
    mine = (row for row in rows if row["mode"] == MODES[mode])
    for row in sorted(mine, key=lambda row: (float(row["km"]), row["id"])):
        km = float(row["km"])
        starts, ends = (
            _nodes_at(finder, float(row[f"{side}_lon"]), float(row[f"{side}_lat"]))
            for side in ("from", "to")
        )
        path = _shortest_path(lengths, starts, ends, km * MOST_DETOUR)
        edges = np.array(
            [edge_between[min(a, b), max(a, b)] for a, b in pairwise(path)],
            dtype=np.int64,
        )
        factor, long = _factor(draft, edges, km, sections.factors)
        if FACTOR_RANGE[0] <= factor <= FACTOR_RANGE[1]:
            name = f"{SECTION}{row['id']}"
            draft.link[edges[long]] = draft.link_code(name)
            sections.factors[name] = round(factor, 4)
        else:
            sections.unused.append(row["id"])


def _edges_by_ends(draft: Draft, usable: Bools) -> dict[tuple[int, int], int]:
    """Return the shortest edge between each two nodes, the lower one first."""
    edges = np.flatnonzero(usable)
    edges = edges[np.argsort(-draft.km[edges], kind="stable")]
    low, high = np.minimum(draft.u, draft.v)[edges], np.maximum(draft.u, draft.v)[edges]
    # Of several edges the last one stays, the shortest.
    return dict(zip(zip(low.tolist(), high.tolist(), strict=True), edges.tolist(), strict=True))


def _nodes_at(finder: NodeFinder, lon: float, lat: float) -> list[int]:
    """Return the nearest node within `_SNAP_KM` and those at its place: a border post has two."""
    gap = float(finder.nearest([lon], [lat])[1][0])
    return finder.within(lon, lat, gap + _SAME_PLACE_KM) if gap <= _SNAP_KM else []


def _shortest_path(
    lengths: csr_array, starts: list[int], ends: list[int], most_km: float
) -> list[int]:
    """Return the nodes of the shortest path from one of the ends to one of the starts."""
    if not starts or not ends:
        return []
    found, before = dijkstra(lengths, indices=starts, limit=most_km, return_predecessors=True)
    first, last = divmod(int(np.argmin(found[:, ends])), len(ends))
    if not np.isfinite(found[first, ends[last]]):
        return []
    path = [ends[last]]
    while path[-1] != starts[first]:
        path.append(int(before[first, path[-1]]))
    return path


def _factor(
    draft: Draft, edges: Ints, km: float, factors: Mapping[str, float]
) -> tuple[float, Bools]:
    """Return the factor of the long edges of a section, 0 where it has too few, and which."""
    given = np.array([factors.get(draft.link_ids[code], 0.0) for code in draft.link[edges]])
    long = (draft.km[edges] >= LONG_KM) & (draft.link[edges] == 0)
    by_source = np.where(draft.source[edges] == CURATED, 1.0, SHORT_FACTOR)
    known = np.where(given > 0, given, by_source)
    rest_km = float((draft.km[edges] * known)[~long].sum())
    long_km = float(draft.km[edges][long].sum())
    return ((km - rest_km) / long_km if long_km >= LEAST_SHARE * km else 0.0), long


def apply(network: Network, factors: Mapping[str, float]) -> Network:
    """Return the network with the published lengths of its sections.

    Parameters
    ----------
    network
        Calibrated; marked edges still carry their raw length.
    factors
        From `mark`.
    """
    factor = np.array([factors.get(name, 0.0) for name in network.links])[network.link]
    length_km = np.where(factor > 0, network.raw_length_km * factor, network.length_km)
    return replace(network, length_km=length_km.astype(np.float32).astype(np.float64))
