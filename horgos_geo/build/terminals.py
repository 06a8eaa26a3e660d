"""Terminals, ports and ferries: where freight changes between road, rail and ship."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from horgos_geo.build.draft import CURATED, FERRY, RAIL, ROAD, TRANSFER, Bools, Draft, Rows
from horgos_geo.build.node_finder import NodeFinder
from horgos_geo.model.network import Crossing, Terminal

#: A terminal joins the nearest road and rail node within these distances, kilometres.
SNAP_KM = {ROAD: 12.0, RAIL: 15.0}
#: It joins parts of the network that hold at least this share of the nodes of the largest one.
MAIN_SHARE = 0.02


def _in_main(draft: Draft, mode: int) -> Bools:
    """Return which nodes (N) lie in a large connected part of a mode."""
    labels = draft.components(draft.of_mode(mode))
    sizes = np.bincount(labels)
    return np.asarray(sizes[labels] > MAIN_SHARE * sizes.max())


def mark(draft: Draft, rows: Rows) -> list[Terminal]:
    """Find the road and rail nodes of each terminal and keep them as nodes.

    Parameters
    ----------
    draft
        Changed in place: the nodes are marked `keep`.
    rows
        Of ``curation/terminals.csv``.

    Returns
    -------
    list of Terminal
        Node -1 where there is none near enough.
    """
    modes = [(mode, NodeFinder(draft, mode), _in_main(draft, mode)) for mode in (ROAD, RAIL)]
    terminals = []
    for row in rows:
        lon, lat, home = float(row["lon"]), float(row["lat"]), draft.country_code(row["country"])
        nodes = []
        for mode, finder, main in modes:
            near = finder.within(lon, lat, SNAP_KM[mode])
            nodes += [n for n in near if draft.country[n] == home and main[n]][:1] or [-1]
        draft.keep[[node for node in nodes if node >= 0]] = True
        columns = ("id", "name", "country", "kind", "aliases", "source", "retrieved", "note")
        about = {name: row[name] for name in columns}
        terminals.append(
            Terminal(lon=lon, lat=lat, road_node=nodes[0], rail_node=nodes[1], **about)
        )
    return terminals


def add_transfers(draft: Draft, terminals: Sequence[Terminal]) -> None:
    """Join the road and rail node of each terminal by a transfer edge; ports follow with ferries.

    Parameters
    ----------
    draft
        Changed in place.
    terminals
        From `mark`.
    """
    both = [t for t in terminals if t.kind != "port" and min(t.road_node, t.rail_node) >= 0]
    draft.add_edges(
        [t.road_node for t in both],
        [t.rail_node for t in both],
        mode=TRANSFER,
        source=CURATED,
        link=[draft.link_code(t.id) for t in both],
    )


def add_ferries(draft: Draft, terminals: Sequence[Terminal], rows: Rows) -> list[Crossing]:
    """Add ports, their transfers, and the ferry lines between them.

    Parameters
    ----------
    draft
        Changed in place.
    terminals
        From `mark`: those of kind ``port`` are the ends of ferry lines.
    rows
        Of ``reference/ferries.csv``; those that say `use` = yes count.

    Returns
    -------
    list of Crossing
        One for each line between two countries.
    """
    lines = [row for row in rows if row["use"] == "yes"]
    by_id = {terminal.id: terminal for terminal in terminals}
    names = dict.fromkeys(row[side] for row in lines for side in ("port_a", "port_b"))
    ports = [by_id[name] for name in names]
    at = draft.add_nodes(
        [port.lon for port in ports],
        [port.lat for port in ports],
        [draft.country_code(port.country) for port in ports],
        keep=True,
    )
    node = dict(zip(names, at.tolist(), strict=True))
    ways = [(n, p) for p in ports for n in (p.road_node, p.rail_node) if n >= 0]
    draft.add_edges(
        [n for n, _ in ways],
        [node[port.id] for _, port in ways],
        mode=TRANSFER,
        source=CURATED,
        link=[draft.link_code(port.id) for _, port in ways],
    )
    crossings = [_crossing(row, by_id[row["port_a"]], by_id[row["port_b"]]) for row in lines]
    abroad = [c.country_a != c.country_b for c in crossings]
    draft.add_edges(
        [node[row["port_a"]] for row in lines],
        [node[row["port_b"]] for row in lines],
        mode=FERRY,
        km=[float(row["km"]) for row in lines],
        source=CURATED,
        link=[draft.link_code(row["id"]) for row in lines],
        crossing=[
            draft.crossing_code(c.id) if two else 0
            for c, two in zip(crossings, abroad, strict=True)
        ],
    )
    return [c for c, two in zip(crossings, abroad, strict=True) if two]


def _crossing(row: Mapping[str, str], a: Terminal, b: Terminal) -> Crossing:
    """Return a ferry line as a crossing between the countries of its ports."""
    return Crossing(
        id=row["id"],
        name=row["name"],
        country_a=a.country,
        country_b=b.country,
        mode="ferry",
        kind="ferry",
        status=row["status"],
        lon=round((a.lon + b.lon) / 2, 3),
        lat=round((a.lat + b.lat) / 2, 3),
        source=row["source"],
        retrieved=row["retrieved"],
        note=row["note"],
    )
