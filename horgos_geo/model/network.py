"""The network: nodes, edges, crossings and terminals, as arrays that nothing changes.

One graph holds road, rail, ferries and the transfers between them. Road and rail nodes are
disjoint. A land border is crossed on a zero-length edge that names its crossing, so every other
road or rail edge lies in one country. A break of gauge is an edge whose two ends differ in gauge.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from horgos_geo.core import datasets
from horgos_geo.core.choices import MODES, SOURCES
from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.core.files import atomic_path, write_atomic
from horgos_geo.core.geodesy import ranges, unit_vectors
from horgos_geo.core.tables import csv_text
from horgos_geo.model.network_export import Area, to_networkx

if TYPE_CHECKING:
    from networkx import MultiDiGraph

FORMAT = 1

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Record = TypeVar("Record", "Crossing", "Terminal")


@dataclass(frozen=True)
class Crossing:
    """A place where land traffic, or a ferry, goes from one country to another.

    What is known of it; how long traffic waits there is a parameter.
    """

    id: str
    name: str
    country_a: str
    country_b: str
    mode: str
    kind: str = "post"
    status: str = "open"
    status_date: str = ""
    doubt: str = ""
    gauge_a_mm: int = 0
    gauge_b_mm: int = 0
    lon: float = float("nan")
    lat: float = float("nan")
    source: str = ""
    year: str = ""
    retrieved: str = ""
    note: str = ""

    @property
    def is_event(self) -> bool:
        """Whether traffic stops here: false inside areas without border posts."""
        return self.kind != "open_area"

    def ends(self, a_to_b: bool = True) -> tuple[str, str]:
        """Return the country that is left and the one that is entered."""
        both = (self.country_a, self.country_b)
        return both if a_to_b else both[::-1]


@dataclass(frozen=True)
class Terminal:
    """A place where freight changes between road and rail, or boards a ship."""

    id: str
    name: str
    country: str
    lon: float
    lat: float
    kind: str = "terminal"
    road_node: int = -1
    rail_node: int = -1
    aliases: str = ""
    source: str = ""
    retrieved: str = ""
    note: str = ""


@dataclass(frozen=True, eq=False)
class Network:
    """A multimodal transport network of N nodes and M edges.

    Edges are undirected unless `oneway`. Lengths are kilometres along the edge: `raw_length_km` as
    the source has it, `length_km` corrected towards published distances. `coord_offset` (M + 1)
    marks where the vertices of each edge begin in `coord_lon` and `coord_lat`, from `u` to `v`.
    """

    lon: Floats
    lat: Floats
    node_country: NDArray[np.int16]
    rank: Ints
    u: Ints
    v: Ints
    mode: NDArray[np.int8]
    length_km: Floats
    raw_length_km: Floats
    edge_country: NDArray[np.int16]
    gauge_mm: NDArray[np.int16]
    gauge_to_mm: NDArray[np.int16]
    crossing: NDArray[np.int16]
    link: NDArray[np.int16]
    source: NDArray[np.int8]
    oneway: Bools
    speed_kmh: NDArray[np.float32]
    coord_offset: NDArray[np.int64]
    coord_lon: Floats
    coord_lat: Floats
    countries: tuple[str, ...]
    crossings: tuple[Crossing, ...]
    terminals: tuple[Terminal, ...]
    links: tuple[str, ...]
    meta: dict[str, Any]

    def __repr__(self) -> str:
        name = ", ".join(str(self.meta[key]) for key in ("name", "snapshot") if key in self.meta)
        return (
            f"<Network {name}: {self.node_count:,} nodes, {self.edge_count:,} edges, "
            f"{len(self.crossings):,} crossings, {len(self.terminals):,} terminals, {self.digest}>"
        )

    @cached_property
    def digest(self) -> str:
        """Eight hexadecimal digits that change with the edges."""
        whole = hashlib.sha256()
        for column in (self.u, self.v, self.mode, self.length_km, self.crossing, self.gauge_mm):
            whole.update(np.ascontiguousarray(column).tobytes())
        return whole.hexdigest()[:8]

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.lon)

    @property
    def edge_count(self) -> int:
        """Number of edges."""
        return len(self.u)

    @cached_property
    def graphs(self) -> dict[tuple[str, ...], Any]:
        """What routers over this network share, by modes, and which no scenario changes."""
        return {}

    @cached_property
    def crossing_index(self) -> dict[str, int]:
        """Position of each crossing by its id."""
        return {crossing.id: i for i, crossing in enumerate(self.crossings)}

    @cached_property
    def country_code(self) -> dict[str, int]:
        """Position of each country in `countries` by its ISO 3166-1 alpha-3 code."""
        return {iso3: i for i, iso3 in enumerate(self.countries)}

    def is_mode(self, *modes: str) -> Bools:
        """Return which edges (M) are of one of `modes`."""
        codes = [MODES.index(mode) for mode in modes]
        return np.isin(self.mode, np.array(codes, dtype=np.int8))

    def to_networkx(self, modes: Sequence[str] = MODES, area: Area = None) -> MultiDiGraph:
        """Return a part as a graph of networkx, as `network_export.to_networkx` documents it."""
        return to_networkx(self, modes, area)

    def edge_lonlat(self, edge: int) -> Floats:
        """Return the vertices of one edge from `u` to `v`, shape (n, 2), degrees."""
        part = slice(self.coord_offset[edge], self.coord_offset[edge + 1])
        return np.column_stack([self.coord_lon[part], self.coord_lat[part]])

    def vertices(
        self, edges: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Return all vertices of the first of some edges (k), then of the second, and so on.

        Returns
        -------
        first
            Where those of each edge (k) begin in the other two.
        position
            Where each stands in `coord_lon` and `coord_lat`.
        along
            How far along its edge it lies, from 0 at `u` to 1 at `v`.
        """
        counts = np.diff(self.coord_offset)[edges]
        position = ranges(self.coord_offset[edges], counts)
        first = np.cumsum(counts) - counts
        unit = unit_vectors(self.coord_lon[position], self.coord_lat[position])
        steps = np.zeros(len(position))
        steps[1:] = np.linalg.norm(np.diff(unit, axis=0), axis=1)
        steps[first] = 0.0
        run = np.cumsum(steps)
        last = first + counts - 1
        total = run[last] - run[first]
        total[total == 0.0] = 1.0
        along = (run - np.repeat(run[first], counts)) / np.repeat(total, counts)
        along[last] = 1.0
        return first, position, np.clip(along, 0.0, 1.0)


def load_network(directory: Path | str | None = None) -> Network:
    """Read a network from disk.

    Parameters
    ----------
    directory
        Folder with ``nodes.parquet``, ``edges.parquet``, ``crossings.csv``, ``terminals.csv`` and
        ``network.json``. Without it, the network that comes with the package, or the folder that
        the environment variable ``HORGOS_NETWORK`` names.

    Returns
    -------
    Network

    Raises
    ------
    MissingData
        A file is missing.
    DataError
        A file is damaged or its tables do not fit together.
    """
    folder = datasets.network() if directory is None else Path(directory)
    if not folder.is_dir():
        raise MissingData(
            f"There is no network folder {folder}. Name a folder made by `horgos network build`."
        )
    try:
        meta = json.loads(_read_bytes(folder / "network.json"))
        if meta.get("format") != FORMAT:
            raise DataError(
                f"{folder} holds a network of format {meta.get('format')}, this version reads "
                f"{FORMAT}. Build it again with `horgos network build`."
            )
        nodes = _read_table(folder / "nodes.parquet")
        edges = _read_table(folder / "edges.parquet")
        network = _assemble(nodes, edges, *read_points(folder), meta)
        del nodes, edges
        # What reading took and the network does not keep: more than the network itself.
        pa.default_memory_pool().release_unused()
        _check(network, folder)
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, DataError | MissingData):
            raise
        raise DataError(
            f"The network in {folder} is damaged ({_first_line(error)}). "
            "Restore the files or run `horgos network build`."
        ) from error
    return network


def read_points(directory: Path | str | None = None) -> tuple[list[Crossing], list[Terminal]]:
    """Read the crossings and terminals of a network alone, as `load_network` does with all of it.

    Parameters
    ----------
    directory
        As for `load_network`.
    """
    folder = datasets.network() if directory is None else Path(directory)
    return (
        _read_records(folder / "crossings.csv", Crossing),
        _read_records(folder / "terminals.csv", Terminal),
    )


def save_network(network: Network, directory: Path | str) -> Path:
    """Write a network to disk, the same bytes for the same network.

    Parameters
    ----------
    network
        What to write.
    directory
        The folder; made where it is missing.

    Returns
    -------
    Path
        The folder.
    """
    folder = Path(directory)
    countries = pa.array(network.countries)
    nodes = pa.table(
        {
            "lon": network.lon,
            "lat": network.lat,
            "country": _dictionary(network.node_country, countries),
            "cch_rank": network.rank,
        }
    )
    crossing_ids = pa.array(["", *(crossing.id for crossing in network.crossings)])
    vertices = pa.StructArray.from_arrays(
        [pa.array(network.coord_lon), pa.array(network.coord_lat)], names=["x", "y"]
    )
    offsets = pa.array(network.coord_offset.astype(np.int32))
    edges = pa.table(
        {
            "u": network.u,
            "v": network.v,
            "mode": _dictionary(network.mode, pa.array(MODES)),
            "length_km": network.length_km.astype(np.float32),
            "raw_length_km": network.raw_length_km.astype(np.float32),
            "country": _dictionary(network.edge_country, countries),
            "gauge_mm": network.gauge_mm,
            "gauge_to_mm": network.gauge_to_mm,
            "crossing_id": _dictionary(network.crossing + 1, crossing_ids),
            "source": _dictionary(network.source, pa.array(SOURCES)),
            "oneway": network.oneway,
            "speed_kmh": network.speed_kmh,
            "link_id": _dictionary(network.link, pa.array(network.links)),
            "geometry": pa.ListArray.from_arrays(offsets, vertices),
        }
    ).replace_schema_metadata({"geo": json.dumps(_geo_metadata(network))})
    for name, table in (("nodes", nodes), ("edges", edges)):
        with atomic_path(folder / f"{name}.parquet") as file:
            pq.write_table(table, file, compression="zstd", compression_level=15)
    write_atomic(folder / "crossings.csv", _records_csv(network.crossings, Crossing))
    write_atomic(folder / "terminals.csv", _records_csv(network.terminals, Terminal))
    write_atomic(folder / "network.json", json.dumps(network.meta, indent=1, ensure_ascii=False))
    return folder


def _geo_metadata(network: Network) -> dict[str, Any]:
    box = [network.coord_lon.min(), network.coord_lat.min(),
           network.coord_lon.max(), network.coord_lat.max()]  # fmt: skip
    column = {
        "encoding": "linestring",
        "geometry_types": ["LineString"],
        "bbox": [round(float(value), 5) for value in box],
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _dictionary(codes: NDArray[Any], values: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), values)


def _codes(column: pa.ChunkedArray, values: dict[str, int]) -> NDArray[np.int32]:
    """Return the dictionary codes of a text column, translated to positions in `values`."""
    encoded = _one_chunk(column)
    if not isinstance(encoded, pa.DictionaryArray):
        encoded = encoded.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    for name in names:
        if name not in values:
            raise DataError(f"The network names {name!r}, which its tables do not list.")
    translate = np.array([values[name] for name in names] or [0], dtype=np.int32)
    return np.asarray(translate[_numbers(encoded.indices)])


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _numbers(array: pa.Array) -> NDArray[Any]:
    # Array.to_numpy would import pandas, which takes longer than the reading.
    if pa.types.is_boolean(array.type):
        return np.from_dlpack(array.cast(pa.uint8())).astype(np.bool_)
    return np.asarray(np.from_dlpack(array))


def _assemble(
    nodes: pa.Table,
    edges: pa.Table,
    crossings: list[Crossing],
    terminals: list[Terminal],
    meta: dict[str, Any],
) -> Network:
    names: set[str] = set()
    for table in (nodes, edges):
        names.update(table["country"].unique().to_pylist())
    countries = ("", *sorted(names - {""}))
    links = ("", *sorted(set(edges["link_id"].unique().to_pylist()) - {""}))
    country_code = {iso3: i for i, iso3 in enumerate(countries)}
    crossing_code = {"": -1, **{crossing.id: i for i, crossing in enumerate(crossings)}}
    geometry = _one_chunk(edges["geometry"])
    vertices = geometry.flatten()
    offsets = _numbers(geometry.offsets).astype(np.int64)

    def column(table: pa.Table, name: str, dtype: Any) -> NDArray[Any]:
        return _numbers(_one_chunk(table[name])).astype(dtype, copy=False)

    return Network(
        lon=column(nodes, "lon", np.float64),
        lat=column(nodes, "lat", np.float64),
        node_country=_codes(nodes["country"], country_code).astype(np.int16),
        rank=column(nodes, "cch_rank", np.int32),
        u=column(edges, "u", np.int32),
        v=column(edges, "v", np.int32),
        mode=_codes(edges["mode"], {m: i for i, m in enumerate(MODES)}).astype(np.int8),
        length_km=column(edges, "length_km", np.float64),
        raw_length_km=column(edges, "raw_length_km", np.float64),
        edge_country=_codes(edges["country"], country_code).astype(np.int16),
        gauge_mm=column(edges, "gauge_mm", np.int16),
        gauge_to_mm=column(edges, "gauge_to_mm", np.int16),
        crossing=_codes(edges["crossing_id"], crossing_code).astype(np.int16),
        link=_codes(edges["link_id"], {n: i for i, n in enumerate(links)}).astype(np.int16),
        source=_codes(edges["source"], {s: i for i, s in enumerate(SOURCES)}).astype(np.int8),
        oneway=column(edges, "oneway", np.bool_),
        speed_kmh=column(edges, "speed_kmh", np.float32),
        coord_offset=offsets - offsets[0],
        coord_lon=_numbers(vertices.field("x")),
        coord_lat=_numbers(vertices.field("y")),
        countries=countries,
        crossings=tuple(crossings),
        terminals=tuple(terminals),
        links=links,
        meta=meta,
    )


def _check(network: Network, folder: Path) -> None:
    """Refuse tables that do not fit together: wrong values here would crash the engine later."""
    n, m = network.node_count, network.edge_count
    ends = np.concatenate([network.u, network.v])
    ends_fit = bool(((ends >= 0) & (ends < n)).all())
    spans = np.diff(network.coord_offset)
    faults = {
        "it has no nodes or edges": n == 0 or m == 0,
        "an edge ends at a node that is not there": not ends_fit,
        "the node order is not a permutation": n > 0
        and not np.array_equal(np.sort(network.rank), np.arange(n)),
        "a coordinate is out of range": not (
            bool((np.abs(network.lon) <= 180).all()) and bool((np.abs(network.lat) <= 90).all())
        ),
        "a length is negative or not a number": not bool(
            (network.length_km >= 0).all() and (network.length_km < 1e5).all()
        ),
        "an edge has no geometry": m > 0 and bool((spans < 2).any()),
    }  # fmt: skip
    for fault, found in faults.items():
        if found:
            raise DataError(
                f"The network in {folder} is damaged: {fault}. "
                "Restore the files or run `horgos network build`."
            )


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise MissingData(f"{file} is missing. Restore it or run `horgos network build`.")
    return file


def _read_table(file: Path) -> pa.Table:
    # pq.read_table would import the dataset machinery, which takes longer than the reading.
    with pq.ParquetFile(_existing(file)) as parquet:
        return parquet.read()


def _read_bytes(file: Path) -> bytes:
    return _existing(file).read_bytes()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]


def _read_records(file: Path, kind: type[Record]) -> list[Record]:
    """Read a CSV into dataclasses; empty cells take the field's default."""
    convert = {"int": int, "float": float, "str": str}
    known = {field.name: convert[str(field.type)] for field in fields(kind)}
    records = []
    for row in datasets.read_rows(_existing(file)):
        given = {k: known[k](value) for k, value in row.items() if k in known and value != ""}
        records.append(kind(**given))
    return records


def _records_csv(records: tuple[Any, ...], kind: type[Any]) -> str:
    names = [field.name for field in fields(kind)]
    return csv_text(names, ([getattr(record, name) for name in names] for record in records))
