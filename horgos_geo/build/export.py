"""Turn a finished draft into a `Network`, always the same, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.draft import Draft, Floats, Ints, Line
from horgos_geo.core.choices import MODES
from horgos_geo.core.geodesy import ranges
from horgos_geo.model.network import FORMAT, Crossing, Network, Terminal


def sort_edges(draft: Draft) -> None:
    """Turn edges from the lower to the higher node and sort them by mode, ends and length.

    Parameters
    ----------
    draft
        Changed in place. Crossings, breaks of gauge and oneway edges keep their direction.
    """
    turned = (draft.u > draft.v) & (draft.crossing == 0) & ~draft.oneway
    turned &= draft.gauge == draft.gauge_to
    low, high = np.where(turned, [draft.v, draft.u], [draft.u, draft.v])
    order = np.lexsort([draft.km, draft.crossing, high, low, draft.mode])
    draft.take_edges(order, turned[order])


def to_network(
    draft: Draft,
    crossings: Mapping[str, Crossing],
    terminals: Sequence[Terminal],
    meta: Mapping[str, Any],
) -> Network:
    """Return the network of a draft.

    Parameters
    ----------
    draft
        Finished; its edges are sorted here.
    crossings
        By id; those that no edge uses are left out.
    terminals
        With the nodes of the draft.
    meta
        What ``network.json`` says beside the counts.
    """
    sort_edges(draft)
    country, countries = _used(draft.countries, draft.country)
    crossing, crossing_ids = _used(draft.crossing_ids, draft.crossing)
    link, links = _used(draft.link_ids, draft.link)
    edge_country = country[draft.edge_country()]
    offset, lon, lat = _geometry(draft)
    known = np.isfinite(draft.length_km)
    counts = {f"{name}_edges": int((draft.mode == i).sum()) for i, name in enumerate(MODES)}
    return Network(
        lon=draft.lon,
        lat=draft.lat,
        node_country=country[draft.country].astype(np.int16),
        rank=cch_rank(draft),
        u=draft.u.astype(np.int32),
        v=draft.v.astype(np.int32),
        mode=draft.mode.astype(np.int8),
        length_km=_rounded(np.where(known, draft.length_km, draft.km)),
        raw_length_km=_rounded(draft.km),
        edge_country=edge_country.astype(np.int16),
        gauge_mm=draft.gauge.astype(np.int16),
        gauge_to_mm=draft.gauge_to.astype(np.int16),
        crossing=(crossing[draft.crossing] - 1).astype(np.int16),
        link=link[draft.link].astype(np.int16),
        source=draft.source.astype(np.int8),
        oneway=draft.oneway,
        speed_kmh=draft.speed_kmh.astype(np.float32),
        coord_offset=offset,
        coord_lon=lon,
        coord_lat=lat,
        countries=countries,
        crossings=tuple(crossings[name] for name in crossing_ids[1:]),
        terminals=tuple(terminals),
        links=links,
        meta={"format": FORMAT, **meta, "counts": {"nodes": draft.n, "edges": draft.m, **counts}},
    )


def _used(names: Sequence[str], codes: Ints) -> tuple[Ints, tuple[str, ...]]:
    """Return new codes by old code, and the names in use: the empty one, then sorted."""
    used = ("", *sorted({names[code] for code in np.unique(codes)} - {""}))
    position = {name: i for i, name in enumerate(used)}
    return np.array([position.get(name, 0) for name in names], dtype=np.int64), used


def _rounded(km: Floats) -> Floats:
    """Return lengths as they are stored, so that a network is the same before it is written."""
    return km.astype(np.float32).astype(np.float64)


def _geometry(draft: Draft) -> tuple[Ints, Floats, Floats]:
    """Return where the vertices of each edge begin (M + 1), and their coordinates."""
    offset = np.concatenate([[0], np.cumsum(draft.inner + 2)]).astype(np.int64)
    first, last, inner = offset[:-1], offset[1:] - 1, ranges(offset[:-1] + 1, draft.inner)
    lon, lat = np.empty(offset[-1]), np.empty(offset[-1])
    for axis, nodes, vertices in (
        (lon, draft.lon, draft.inner_lon),
        (lat, draft.lat, draft.inner_lat),
    ):
        axis[first], axis[last], axis[inner] = nodes[draft.u], nodes[draft.v], vertices
    return offset, lon, lat


def cch_rank(draft: Draft) -> NDArray[np.int32]:
    """Return the rank of each node (N) in the order in which the routing engine contracts nodes."""
    import routingkit_cch

    # Arrays serve where its stub says lists.
    ends: list[Any] = [draft.u.astype(np.uint32), draft.v.astype(np.uint32)]
    place: list[Any] = [draft.lat.astype(np.float32), draft.lon.astype(np.float32)]
    order = routingkit_cch.compute_order_inertial(draft.n, *ends, *place)
    rank = np.empty(draft.n, dtype=np.int32)
    rank[np.asarray(order, dtype=np.int64)] = np.arange(draft.n, dtype=np.int32)
    return rank


def to_draft(network: Network) -> Draft:
    """Return a draft of a network, to build on; its nodes and edges keep their numbers.

    Parameters
    ----------
    network
        With corrected lengths, which stay.
    """
    draft = Draft(network.countries)
    draft.crossing_ids += [crossing.id for crossing in network.crossings]
    draft.link_ids = list(network.links)
    draft.add_nodes(network.lon, network.lat, network.node_country, keep=True)
    is_inner = np.ones(len(network.coord_lon), dtype=bool)
    is_inner[network.coord_offset[:-1]] = is_inner[network.coord_offset[1:] - 1] = False
    draft.add_edges(
        network.u,
        network.v,
        Line(
            np.diff(network.coord_offset) - 2,
            network.coord_lon[is_inner],
            network.coord_lat[is_inner],
        ),
        mode=network.mode,
        km=network.raw_length_km,
        length_km=network.length_km,
        gauge=network.gauge_mm,
        gauge_to=network.gauge_to_mm,
        crossing=network.crossing + 1,
        source=network.source,
        link=network.link,
        oneway=network.oneway,
        speed_kmh=network.speed_kmh,
    )
    return draft
