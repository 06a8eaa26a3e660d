"""Terminals, ports and ferries: where freight changes between road, rail and ship."""

from __future__ import annotations

import numpy as np

from horgos_geo.build.draft import CURATED, FERRY, RAIL, ROAD, TRANSFER, Draft, distance_km
from horgos_geo.build.links import NodeFinder
from horgos_geo.core import datasets
from horgos_geo.model.network import Crossing, Terminal

#: A terminal joins the nearest road and rail node within these distances, kilometres.
ROAD_SNAP_KM, RAIL_SNAP_KM = 12.0, 15.0


def _in_main(draft: Draft, mode: int) -> np.ndarray:
    """Return which nodes lie in the largest connected part of a mode."""
    labels = draft.components(draft.mode == mode)
    sizes = np.bincount(labels)
    return np.asarray(sizes[labels] > 0.02 * sizes.max())


def mark(draft: Draft) -> list[Terminal]:
    """Find the road and rail nodes of each terminal and keep them as nodes.

    Parameters
    ----------
    draft
        Changed in place: the nodes are marked `keep`.

    Returns
    -------
    list of Terminal
        Node -1 where there is none near enough.
    """
    finders = {mode: NodeFinder(draft, mode) for mode in (ROAD, RAIL)}
    main = {mode: _in_main(draft, mode) for mode in (ROAD, RAIL)}
    terminals = []
    for row in datasets.read_rows("curation/terminals.csv"):
        lon, lat = float(row["lon"]), float(row["lat"])
        code = draft.countries.index(row["country"]) if row["country"] in draft.countries else -1
        nodes = {}
        for mode, limit in ((ROAD, ROAD_SNAP_KM), (RAIL, RAIL_SNAP_KM)):
            near = finders[mode].within(lon, lat, limit)
            good = [n for n in near if draft.country[n] == code and main[mode][n]]
            nodes[mode] = good[0] if good else -1
            if good:
                draft.keep[good[0]] = True
        terminals.append(Terminal(
            id=row["id"], name=row["name"], country=row["country"], lon=lon, lat=lat,
            kind=row["kind"], road_node=nodes[ROAD], rail_node=nodes[RAIL],
            aliases=row["aliases"], source=row["source"], retrieved=row["retrieved"],
            note=row["note"],
        ))  # fmt: skip
    return terminals


def add_transfers(draft: Draft, terminals: list[Terminal]) -> int:
    """Join the road and rail node of each terminal by a transfer edge; return how many."""
    count = 0
    for t in terminals:
        if t.road_node >= 0 and t.rail_node >= 0 and t.kind != "port":
            draft.add_edges([t.road_node], [t.rail_node], mode=TRANSFER, km=0.0, source=CURATED,
                            link=draft.link_code(t.id))  # fmt: skip
            count += 1
    return count


def add_ferries(draft: Draft, terminals: list[Terminal]) -> list[Crossing]:
    """Add ports, their transfers, and the ferry lines between them.

    Parameters
    ----------
    draft
        Changed in place.
    terminals
        Those of kind ``port`` are the ends of ferry lines.

    Returns
    -------
    list of Crossing
        One for each line between two countries.
    """
    ports: dict[str, int] = {}
    by_id = {t.id: t for t in terminals}
    crossings = []
    for row in datasets.read_rows("reference/ferries.csv"):
        if row["use"] != "yes":
            continue
        ends = []
        for side in ("port_a", "port_b"):
            port = by_id[row[side]]
            if port.id not in ports:
                code = draft.countries.index(port.country)
                ports[port.id] = int(
                    draft.add_nodes([port.lon], [port.lat], [code], False, True)[0]
                )
                for node in (port.road_node, port.rail_node):
                    if node >= 0:
                        draft.add_edges([node], [ports[port.id]], mode=TRANSFER, km=0.0,
                                        source=CURATED, link=draft.link_code(port.id))  # fmt: skip
            ends.append(port)
        a, b = ends
        name = row["id"] if a.country != b.country else ""
        draft.add_edges([ports[a.id]], [ports[b.id]], mode=FERRY, km=float(row["km"]),
                        source=CURATED, link=draft.link_code(row["id"]),
                        crossing=draft.crossing_code(name) if name else 0)  # fmt: skip
        if name:
            crossings.append(Crossing(
                id=name, name=row["name"], country_a=a.country, country_b=b.country, mode="ferry",
                kind="ferry", status=row["status"], lon=round((a.lon + b.lon) / 2, 3),
                lat=round((a.lat + b.lat) / 2, 3), source=row["source"],
                retrieved=row["retrieved"], note=row["note"],
            ))  # fmt: skip
    return crossings


def near_km(draft: Draft, node: int, lon: float, lat: float) -> float:
    """Return the distance of a node from a point in kilometres."""
    return float(distance_km(draft.lon[node], draft.lat[node], lon, lat))
