"""Read OpenStreetMap extracts: ways for lorries and trains, borders, barriers."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from horgos_geo.build.draft import Floats, Ints
from horgos_geo.build.osm_tags import WayKind, blocks, kind_of
from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError, MissingData

_SIGNATURES = (b"\x00\x00\x00", b"<?xml", b"<osm", b"\x1f\x8b", b"BZh", b"\xff\x00\x00\xe5")
#: Ids that an editor gave to new objects, below zero, are told apart by file.
_OWN_IDS = 1 << 40


@dataclass
class Extract:
    """What extracts hold for us: W ways of V vertices in all.

    Attributes
    ----------
    kinds, way_id, file
        Of ways (W): what each is, its OpenStreetMap id, and the number of its file.
    start
        Where the vertices of each way begin (W + 1).
    node_id, lon, lat
        Of vertices (V): OpenStreetMap ids and degrees.
    blocked
        Ids of nodes that stop a lorry.
    controls
        By node id: longitude, latitude and name of border controls.
    borders
        For each file, the polygons of the countries whose boundary is whole in it, by ISO 3166-1
        alpha-3 code.
    cut_ways
        Number of ways some of whose nodes are not in the file.
    snapshot
        Date of the newest file.
    """

    kinds: list[WayKind] = field(default_factory=list)
    way_id: list[int] = field(default_factory=list)
    file: list[int] = field(default_factory=list)
    start: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    node_id: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    lon: Floats = field(default_factory=lambda: np.zeros(0))
    lat: Floats = field(default_factory=lambda: np.zeros(0))
    blocked: set[int] = field(default_factory=set)
    controls: dict[int, tuple[float, float, str]] = field(default_factory=dict)
    borders: list[dict[str, Any]] = field(default_factory=list)
    cut_ways: int = 0
    snapshot: str = ""


def read_extracts(files: Sequence[Path], progress: Callable[[str], None]) -> Extract:
    """Read one or more extracts; what lies in several is taken once.

    Parameters
    ----------
    files
        ``.osm.pbf``, or any form that osmium reads.
    progress
        Called with one sentence before each step.

    Raises
    ------
    MissingData
        No such file, or osmium is not installed.
    DataError
        Not OpenStreetMap data, damaged, or without any road or railway.
    """
    try:
        import osmium
    except ImportError:
        raise MissingData(
            "Reading OpenStreetMap needs osmium, which is not installed. "
            "Run: pip install 'horgos-geo[osm]'."
        ) from None
    for file in files:
        _check(file)
    extract = Extract()
    for number, file in enumerate(files):
        progress(f"Reading {file.name}")
        try:
            _FileReader(osmium, file, number, extract).read()
        except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
            reason = " ".join(str(error).split())[:160].rstrip(".")
            raise DataError(
                f"{file} is damaged, cut short or no OpenStreetMap data ({reason}). "
                "Download it again."
            ) from None
    if not extract.kinds:
        names = ", ".join(file.name for file in files)
        raise DataError(f"{names}: no road for lorries and no railway in it. Check the extract.")
    return extract


def _check(file: Path) -> None:
    if not file.is_file():
        raise MissingData(f"There is no file {file}. Check the path.")
    with file.open("rb") as stream:
        head = stream.read(16)
    if not head.startswith(_SIGNATURES):
        raise DataError(f"{file} is no OpenStreetMap file. Give an .osm.pbf extract.")


class _FileReader:
    """Adds what one file holds to an extract."""

    def __init__(self, osmium: Any, file: Path, number: int, extract: Extract) -> None:
        self.osmium, self.file, self.number, self.extract = osmium, str(file), number, extract

    def read(self) -> None:
        """Read the header, then nodes with barriers, ways and borders."""
        header = self.osmium.io.Reader(self.file).header()
        stamp = header.get("osmosis_replication_timestamp", "") or header.get("timestamp", "")
        self.extract.snapshot = max(self.extract.snapshot, stamp[:10])
        self._read_barriers()
        self._read_ways()
        self.extract.borders.append(self._borders())

    def _objects(self, *kinds: Any) -> Any:
        whole = kinds[0] if len(kinds) == 1 else kinds[0] | kinds[1]
        return self.osmium.FileProcessor(self.file, whole)

    def _id(self, id_: int) -> int:
        """Return an id that no other file uses for another object."""
        return id_ if id_ > 0 else id_ - self.number * _OWN_IDS

    def _read_barriers(self) -> None:
        nodes = self._objects(self.osmium.osm.NODE)
        for node in nodes.with_filter(self.osmium.filter.KeyFilter("barrier")):
            tags = dict(node.tags)
            if tags["barrier"] == "border_control":
                place = (node.location.lon, node.location.lat, tags.get("name", ""))
                self.extract.controls[self._id(node.id)] = place
            elif blocks(tags):
                self.extract.blocked.add(self._id(node.id))

    @cached_property
    def _new_nodes(self) -> dict[int, tuple[float, float]]:
        """Positions of nodes with ids below zero, which osmium does not look up for ways."""
        nodes = self._objects(self.osmium.osm.NODE)
        return {n.id: (n.location.lon, n.location.lat) for n in nodes if n.id < 0}

    def _read_ways(self) -> None:
        osmium, extract = self.osmium, self.extract
        ways = self._objects(osmium.osm.NODE, osmium.osm.WAY).with_locations("flex_mem")
        ways = ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        seen = set(extract.way_id)
        counts, points = array("q"), array("d")
        for way in ways.with_filter(osmium.filter.KeyFilter("highway", "railway", "route")):
            kind, id_ = kind_of(dict(way.tags)), self._id(way.id)
            if kind is None or id_ in seen:
                continue
            seen.add(id_)
            found = [point for point in map(self._point, way.nodes) if point]
            extract.cut_ways += len(found) < len(way.nodes)
            if len(found) > 1:
                extract.kinds.append(kind)
                extract.way_id.append(id_)
                extract.file.append(self.number)
                counts.append(len(found))
                points.extend(itertools.chain.from_iterable(found))
        node_id, lon, lat = np.array(points).reshape(-1, 3).T
        stops = extract.start[-1] + np.cumsum(counts, dtype=np.int64)
        extract.start = np.concatenate([extract.start, stops])
        extract.node_id = np.concatenate([extract.node_id, node_id.astype(np.int64)])
        extract.lon = np.concatenate([extract.lon, lon])
        extract.lat = np.concatenate([extract.lat, lat])

    def _point(self, node: Any) -> tuple[int, float, float] | None:
        """Return a node's id and position, None where the file does not hold it."""
        if node.location.valid():
            return self._id(node.ref), node.lon, node.lat
        place = self._new_nodes.get(node.ref) if node.ref < 0 else None
        return (self._id(node.ref), *place) if place else None

    def _borders(self) -> dict[str, Any]:
        """Return the countries whose boundary is whole in the file."""
        osmium = self.osmium
        codes = {row["iso2"]: row["iso3"] for row in datasets.read_rows("reference/countries.csv")}
        borders: dict[str, Any] = {}
        factory = osmium.geom.WKBFactory()
        areas = osmium.FileProcessor(self.file).with_areas(
            osmium.filter.TagFilter(("admin_level", "2"))
        )
        for area in areas.with_filter(osmium.filter.EntityFilter(osmium.osm.AREA)):
            tags = area.tags
            if tags.get("boundary") != "administrative" or tags.get("admin_level") != "2":
                continue
            two = tags.get("ISO3166-1", tags.get("ISO3166-1:alpha2", ""))
            code = tags.get("ISO3166-1:alpha3", "") or codes.get(two, "")
            if len(code) == 3 and code.isalpha():
                wkb = factory.create_multipolygon(area)
                borders[code.upper()] = shapely.from_wkb(bytes.fromhex(wkb))
        return borders
