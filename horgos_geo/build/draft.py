"""The network while it is being made: columns of nodes and edges that grow and shrink."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from horgos_geo.core.choices import MODES, SOURCES
from horgos_geo.core.geodesy import distances_km, ranges

ROAD, RAIL, FERRY, TRANSFER = range(len(MODES))
OSM, HEALED, CURATED = range(len(SOURCES))

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: The columns of nodes and of edges, with their types.
NODE_COLUMNS = {"lon": np.float64, "lat": np.float64, "country": np.int64, "keep": np.bool_}
EDGE_COLUMNS = {
    "u": np.int64,
    "v": np.int64,
    "mode": np.int64,
    "km": np.float64,
    "length_km": np.float64,
    "gauge": np.int64,
    "gauge_to": np.int64,
    "crossing": np.int64,
    "source": np.int64,
    "link": np.int64,
    "oneway": np.bool_,
    "speed_kmh": np.float64,
    "class_": np.int64,
    "electrified": np.bool_,
    "way": np.int64,
    "inner": np.int64,
}


#: Rows of a table of decisions or facts.
Rows = Iterable[Mapping[str, str]]


class Line(NamedTuple):
    """The inner vertices of edges: how many each has (M), and all of them one after the other."""

    counts: Ints
    lon: Floats
    lat: Floats


class Draft:
    """Nodes (N) and edges (M) under construction.

    Attributes
    ----------
    lon, lat
        Of nodes, degrees.
    country
        Of nodes: position in `countries`; 0 is none.
    keep
        Of nodes: whether it must stay a node when chains are merged.
    u, v
        Of edges: the nodes at either end. Edges lead both ways unless `oneway`.
    mode, source
        Of edges: positions in `model.network.MODES` and `SOURCES`.
    km, length_km
        Of edges: the raw length, and the corrected one, NaN where it is not known yet.
    gauge, gauge_to
        Of edges: track gauge at `u` and at `v`, millimetres; 0 where there is no rail.
    crossing, link
        Of edges: positions in `crossing_ids` and `link_ids`; 0 is none.
    speed_kmh
        Of edges: NaN where unknown.
    class_, electrified, way
        Of edges of an extract: position in `osm_tags.CLASSES`, whether it has a wire, and the
        OpenStreetMap way that it begins with.
    inner
        Of edges: number of vertices between `u` and `v`; all of them stand one after the other
        in `inner_lon` and `inner_lat`. An edge without any is a chord.
    """

    lon: Floats
    lat: Floats
    country: Ints
    keep: Bools
    u: Ints
    v: Ints
    mode: Ints
    km: Floats
    length_km: Floats
    gauge: Ints
    gauge_to: Ints
    crossing: Ints
    source: Ints
    link: Ints
    oneway: Bools
    speed_kmh: Floats
    class_: Ints
    electrified: Bools
    way: Ints
    inner: Ints

    def __init__(self, countries: Sequence[str]) -> None:
        self.countries = list(countries)
        self.crossing_ids = [""]
        self.link_ids = [""]
        self.inner_lon = self.inner_lat = np.zeros(0)
        for name, dtype in (NODE_COLUMNS | EDGE_COLUMNS).items():
            setattr(self, name, np.zeros(0, dtype=dtype))

    def __repr__(self) -> str:
        return f"<Draft of {self.n:,} nodes and {self.m:,} edges>"

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.lon)

    @property
    def m(self) -> int:
        """Number of edges."""
        return len(self.u)

    def country_code(self, iso3: str) -> int:
        """Return the position of a country, adding it where it is new."""
        return _code(self.countries, iso3)

    def crossing_code(self, name: str) -> int:
        """Return the position of a crossing id, adding it where it is new."""
        return _code(self.crossing_ids, name)

    def link_code(self, name: str) -> int:
        """Return the position of a link id, adding it where it is new."""
        return _code(self.link_ids, name)

    def add_nodes(
        self, lon: ArrayLike, lat: ArrayLike, country: ArrayLike = 0, keep: ArrayLike = False
    ) -> Ints:
        """Append nodes and return their numbers; `country` and `keep` broadcast."""
        first, count = self.n, np.size(lon)
        given: dict[str, ArrayLike] = {"lon": lon, "lat": lat, "country": country, "keep": keep}
        for name, dtype in NODE_COLUMNS.items():
            new: NDArray[Any] = np.broadcast_to(np.asarray(given[name], dtype=dtype), count)
            setattr(self, name, np.concatenate([getattr(self, name), new]))
        return np.arange(first, first + count)

    def add_edges(
        self, u: ArrayLike, v: ArrayLike, line: Line | None = None, **columns: ArrayLike
    ) -> Ints:
        """Append edges and return their numbers; columns broadcast, those left out are empty."""
        first, count = self.m, np.size(u)
        given: dict[str, ArrayLike] = {
            "speed_kmh": np.nan,
            "length_km": np.nan,
            "u": u,
            "v": v,
            **columns,
        }
        if line:
            given["inner"] = line.counts
            self.inner_lon = np.concatenate([self.inner_lon, line.lon])
            self.inner_lat = np.concatenate([self.inner_lat, line.lat])
        for name, dtype in EDGE_COLUMNS.items():
            new: NDArray[Any] = np.broadcast_to(np.asarray(given.get(name, 0), dtype=dtype), count)
            setattr(self, name, np.concatenate([getattr(self, name), new]))
        return np.arange(first, first + count)

    def take_edges(self, chosen: Ints, turned: Bools | None = None) -> None:
        """Keep the chosen edges, in their order, and turn some of them round.

        Parameters
        ----------
        chosen
            Numbers of edges (K).
        turned
            Whether each (K) is to lead from its `v` to its `u`.
        """
        begin = np.cumsum(self.inner) - self.inner
        for name in EDGE_COLUMNS:
            setattr(self, name, getattr(self, name)[chosen])
        vertices = ranges(begin[chosen], self.inner)
        if turned is not None:
            self.u, self.v = np.where(turned, [self.v, self.u], [self.u, self.v])
            self.gauge, self.gauge_to = np.where(
                turned, [self.gauge_to, self.gauge], [self.gauge, self.gauge_to]
            )
            mirror = np.repeat(2 * begin[chosen] + self.inner - 1, self.inner) - vertices
            vertices = np.where(np.repeat(turned, self.inner), mirror, vertices)
        self.inner_lon, self.inner_lat = self.inner_lon[vertices], self.inner_lat[vertices]

    def keep_edges(self, mask: Bools) -> None:
        """Drop the edges outside `mask`."""
        self.take_edges(np.flatnonzero(mask))

    def keep_nodes(self, mask: Bools) -> None:
        """Drop the nodes outside `mask` and the edges that touch them."""
        self.keep_edges(mask[self.u] & mask[self.v])
        renumber = np.cumsum(mask) - 1
        self.u, self.v = renumber[self.u], renumber[self.v]
        for name in NODE_COLUMNS:
            setattr(self, name, getattr(self, name)[mask])

    def spots(self) -> list[tuple[float, float]]:
        """Return the coordinates of nodes (N) as tables list them, to three decimals."""
        lon, lat = np.round(self.lon, 3).tolist(), np.round(self.lat, 3).tolist()
        return list(zip(lon, lat, strict=True))

    def of_mode(self, mode: int) -> Bools:
        """Return which edges (M) have a mode."""
        return np.asarray(self.mode == mode)

    def on_edges(self, edges: Bools | Ints | slice = slice(None)) -> Bools:
        """Return which nodes (N) are an end of some edges."""
        on = np.zeros(self.n, dtype=bool)
        on[self.u[edges]] = on[self.v[edges]] = True
        return on

    def edge_country(self) -> Ints:
        """Return the country of each edge (M), 0 on crossings, ferries and transfers."""
        inland = (self.crossing == 0) & (self.mode <= RAIL)
        return np.where(inland, self.country[self.u], 0)

    def chord_km(self, edges: Ints | Bools | slice = slice(None)) -> Floats:
        """Return the geodesic distance between the ends of edges, kilometres."""
        u, v = self.u[edges], self.v[edges]
        return distances_km(self.lon[u], self.lat[u], self.lon[v], self.lat[v])

    def degrees(self, edges: Bools | slice = slice(None)) -> Ints:
        """Return how many edge ends each node (N) has, counting all edges or some."""
        return np.bincount(np.concatenate([self.u[edges], self.v[edges]]), minlength=self.n)

    def matrix(self, edges: Bools | slice = slice(None)) -> csr_array:
        """Return the lengths of some edges as a symmetric matrix (N, N); see `length_matrix`."""
        return length_matrix(self.u[edges], self.v[edges], self.km[edges], self.n)

    def components(
        self, edges: Bools | Ints | slice = slice(None), *, both_ways: bool = False
    ) -> Ints:
        """Return the label of the connected part that each node (N) is in.

        Parameters
        ----------
        edges
            Which edges join.
        both_ways
            Whether a part holds only nodes that can be reached from each other, along oneway edges
            in their direction.
        """
        u, v = self.u[edges], self.v[edges]
        back = ~self.oneway[edges] if both_ways else np.zeros(len(u), dtype=bool)
        tail, head = np.concatenate([u, v[back]]), np.concatenate([v, u[back]])
        joined = csr_array((np.ones(len(tail)), (tail, head)), shape=(self.n, self.n))
        labels = connected_components(
            joined, directed=both_ways, connection="strong" if both_ways else "weak"
        )[1]
        return np.asarray(labels, dtype=np.int64)


def length_matrix(u: NDArray[Any], v: NDArray[Any], km: Floats, count: int) -> csr_array:
    """Return the lengths of edges as a symmetric matrix over nodes.

    Parameters
    ----------
    u, v, km
        Ends and kilometres of edges. Of parallel edges the shortest counts.
    count
        Number of nodes.
    """
    a, b = np.concatenate([u, v]), np.concatenate([v, u])
    km = np.maximum(np.concatenate([km, km]), 1e-6)
    order = np.lexsort((km, b, a))
    a, b, km = a[order], b[order], km[order]
    first = np.ones(len(a), dtype=bool)
    first[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    return csr_array((km[first], (a[first], b[first])), shape=(count, count))


def spot_of(row: Mapping[str, str], end: str) -> tuple[float, float]:
    """Return the coordinates ``lon_u, lat_u`` (or of ``v``) of a row, as `Draft.spots` has them."""
    return round(float(row[f"lon_{end}"]), 3), round(float(row[f"lat_{end}"]), 3)


def _code(names: list[str], name: str) -> int:
    if name not in names:
        names.append(name)
    return names.index(name)
