"""The network while it is being made: arrays that grow and shrink, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

ROAD, RAIL, FERRY, TRANSFER = 0, 1, 2, 3
OSM, HEALED, CURATED = 0, 1, 2
GEOD = Geod(ellps="WGS84")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Progress = Callable[[str], None]

NODE_FIELDS = ("lon", "lat", "country", "rail", "keep")
EDGE_FIELDS = ("u", "v", "mode", "km", "country_e", "gauge", "gauge_to", "crossing", "source",
               "link", "factor")  # fmt: skip


def distance_km(lon_a: Any, lat_a: Any, lon_b: Any, lat_b: Any) -> Floats:
    """Return geodesic distances on WGS 84 in kilometres; arguments broadcast."""
    arrays = np.broadcast_arrays(
        *(np.asarray(x, dtype=np.float64) for x in (lon_a, lat_a, lon_b, lat_b))
    )
    flat = [np.ascontiguousarray(a).ravel() for a in arrays]
    _, _, metres = GEOD.inv(flat[0], flat[1], flat[2], flat[3])
    return np.asarray(metres, dtype=np.float64).reshape(arrays[0].shape) / 1000.0


def unit_vectors(lon: Any, lat: Any) -> Floats:
    """Return points on a sphere of radius 6371 km, shape (n, 3), for nearest-neighbour trees."""
    lam, phi = np.radians(np.asarray(lon, dtype=float)), np.radians(np.asarray(lat, dtype=float))
    cos = np.cos(phi)
    return 6371.0 * np.column_stack([cos * np.cos(lam), cos * np.sin(lam), np.sin(phi)])


@dataclass
class Draft:
    """Nodes and undirected edges under construction.

    Attributes
    ----------
    lon, lat
        Degrees, one a node.
    country
        Position in `countries`, one a node; 0 is none.
    rail
        Whether the node is a rail node.
    keep
        Whether the node must stay a node when chains are merged.
    u, v
        SnappedPlaces of each edge.
    mode, km, gauge, gauge_to, source
        As on disk; `km` is the raw length.
    country_e
        Country of each edge, 0 on crossings and ferries.
    crossing, link
        Positions in `crossing_ids` and `link_ids`; 0 is none.
    factor
        What `km` is multiplied by to become the corrected length.
    shape
        Inner vertices of an edge from `u` to `v`, by edge; an edge without them is a chord.
    """

    countries: list[str]
    lon: Floats
    lat: Floats
    country: Ints
    rail: Bools
    keep: Bools
    u: Ints
    v: Ints
    mode: Ints
    km: Floats
    country_e: Ints
    gauge: Ints
    gauge_to: Ints
    crossing: Ints
    source: Ints
    link: Ints
    factor: Floats
    crossing_ids: list[str] = field(default_factory=lambda: [""])
    link_ids: list[str] = field(default_factory=lambda: [""])
    shape: dict[int, list[tuple[float, float]]] = field(default_factory=dict)

    @classmethod
    def from_graphs(
        cls,
        countries: Sequence[str],
        graphs: Sequence[tuple[bool, Floats, Floats, Ints, Ints, Floats]],
    ) -> Draft:
        """Join raw graphs (is rail, lon, lat, u, v, km) into one draft without countries."""
        lon = np.concatenate([g[1] for g in graphs])
        lat = np.concatenate([g[2] for g in graphs])
        starts = np.cumsum([0] + [len(g[1]) for g in graphs])
        u = np.concatenate([g[3] + s for g, s in zip(graphs, starts, strict=False)]).astype(
            np.int64
        )
        v = np.concatenate([g[4] + s for g, s in zip(graphs, starts, strict=False)]).astype(
            np.int64
        )
        km = np.concatenate([g[5] for g in graphs])
        mode = np.concatenate([np.full(len(g[3]), RAIL if g[0] else ROAD) for g in graphs])
        rail = np.concatenate([np.full(len(g[1]), g[0]) for g in graphs])
        n, m = len(lon), len(u)
        zero = np.zeros(m, dtype=np.int64)
        return cls(
            countries=list(countries), lon=lon, lat=lat, country=np.zeros(n, dtype=np.int64),
            rail=rail.astype(bool), keep=np.zeros(n, dtype=bool), u=u, v=v,
            mode=mode.astype(np.int64), km=km, country_e=zero.copy(), gauge=zero.copy(),
            gauge_to=zero.copy(), crossing=zero.copy(), source=zero.copy(), link=zero.copy(),
            factor=np.ones(m),
        )  # fmt: skip

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.lon)

    @property
    def m(self) -> int:
        """Number of edges."""
        return len(self.u)

    def code(self, iso3: str) -> int:
        """Return the position of a country, adding it where it is new."""
        if iso3 not in self.countries:
            self.countries.append(iso3)
        return self.countries.index(iso3)

    def crossing_code(self, name: str) -> int:
        """Return the position of a crossing id, adding it where it is new."""
        if name not in self.crossing_ids:
            self.crossing_ids.append(name)
        return self.crossing_ids.index(name)

    def link_code(self, name: str) -> int:
        """Return the position of a link id, adding it where it is new."""
        if name not in self.link_ids:
            self.link_ids.append(name)
        return self.link_ids.index(name)

    def chord_km(self, edges: Ints | Bools | slice = slice(None)) -> Floats:
        """Return the geodesic distance between the ends of edges."""
        u, v = self.u[edges], self.v[edges]
        return distance_km(self.lon[u], self.lat[u], self.lon[v], self.lat[v])

    def add_nodes(
        self,
        lon: ArrayLike,
        lat: ArrayLike,
        country: ArrayLike,
        rail: Any,
        keep: Any,
    ) -> Ints:
        """Append nodes and return their numbers."""
        first, count = self.n, len(np.asarray(lon))
        self.lon = np.concatenate([self.lon, np.asarray(lon, dtype=float)])
        self.lat = np.concatenate([self.lat, np.asarray(lat, dtype=float)])
        self.country = np.concatenate([self.country, np.asarray(country, dtype=np.int64)])
        self.rail = np.concatenate(
            [self.rail, np.broadcast_to(np.asarray(rail, dtype=bool), count)]
        )
        self.keep = np.concatenate(
            [self.keep, np.broadcast_to(np.asarray(keep, dtype=bool), count)]
        )
        return np.arange(first, first + count)

    def add_edges(self, u: Any, v: Any, **columns: Any) -> Ints:
        """Append edges and return their numbers; columns left out are zero (factor one)."""
        first, count = self.m, len(u)
        given = {"u": u, "v": v, **columns}
        for name in EDGE_FIELDS:
            old = getattr(self, name)
            default = 1.0 if name == "factor" else 0
            new = np.broadcast_to(np.asarray(given.get(name, default), dtype=old.dtype), count)
            setattr(self, name, np.concatenate([old, new]))
        return np.arange(first, first + count)

    def keep_edges(self, mask: Bools) -> None:
        """Drop the edges outside `mask`."""
        renumber = np.cumsum(mask) - 1
        self.shape = {int(renumber[e]): s for e, s in self.shape.items() if mask[e]}
        for name in EDGE_FIELDS:
            setattr(self, name, getattr(self, name)[mask])

    def keep_nodes(self, mask: Bools) -> None:
        """Drop the nodes outside `mask` and the edges that touch them."""
        self.keep_edges(mask[self.u] & mask[self.v])
        renumber = np.cumsum(mask) - 1
        self.u, self.v = renumber[self.u], renumber[self.v]
        for name in NODE_FIELDS:
            setattr(self, name, getattr(self, name)[mask])

    def degrees(self, edges: Bools | slice = slice(None)) -> Ints:
        """Return how many edge ends each node has, counting all edges or some."""
        return np.bincount(np.concatenate([self.u[edges], self.v[edges]]), minlength=self.n)

    def matrix(self, edges: Bools | None = None) -> Any:
        """Return the symmetric sparse matrix of raw lengths; parallel edges give their least."""
        from scipy.sparse import csr_matrix

        e = np.arange(self.m) if edges is None else np.flatnonzero(edges)
        a = np.concatenate([self.u[e], self.v[e]])
        b = np.concatenate([self.v[e], self.u[e]])
        w = np.maximum(np.concatenate([self.km[e], self.km[e]]), 1e-6)
        order = np.lexsort((w, b, a))
        a, b, w = a[order], b[order], w[order]
        first = np.ones(len(a), dtype=bool)
        first[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
        return csr_matrix((w[first], (a[first], b[first])), shape=(self.n, self.n))

    def components(self, edges: Bools | None = None) -> Ints:
        """Return the label of the connected part that each node is in."""
        from scipy.sparse.csgraph import connected_components

        _, labels = connected_components(self.matrix(edges), directed=False)
        return np.asarray(labels, dtype=np.int64)

    def split(self, edge: int, points: Sequence[tuple[int, float]]) -> list[int]:
        """Cut one chord edge at existing nodes, in order from `u` to `v`.

        Parameters
        ----------
        edge
            Edge number. It becomes the first part.
        points
            Pairs of node number and share of the raw length from `u`, rising.

        Returns
        -------
        list of int
            Edge numbers of the parts, from `u` to `v`.
        """
        nodes = [int(self.u[edge]), *(p[0] for p in points), int(self.v[edge])]
        shares = [0.0, *(p[1] for p in points), 1.0]
        total = float(self.km[edge])
        columns = {
            name: getattr(self, name)[edge] for name in EDGE_FIELDS if name not in ("u", "v", "km")
        }
        lengths = [total * (b - a) for a, b in pairwise(shares)]
        self.v[edge], self.km[edge] = nodes[1], lengths[0]
        rest = self.add_edges(nodes[1:-1], nodes[2:], km=lengths[1:], **columns)
        return [edge, *rest.tolist()]
