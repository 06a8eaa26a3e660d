"""Read OpenStreetMap extracts: ways for lorries and trains, borders, barriers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.osm_tags import Kind, blocks, kind_of
from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError, MissingData

_SIGNATURES = (b"\x00\x00\x00", b"<?xml", b"<osm", b"\x1f\x8b", b"BZh", b"\xff\x00\x00\xe5")


@dataclass
class Extract:
    """What extracts hold for us.

    `kinds` has one entry a way; `start` (ways + 1) marks where the vertices of each way begin in
    `ref` (OpenStreetMap node ids), `lon` and `lat`; `file` is the number of each way's file.
    `borders` are, for each file, the countries whose boundary is whole in it: ISO 3166-1 alpha-3
    code to polygon.
    """

    kinds: list[Kind] = field(default_factory=list)
    way: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    start: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    ref: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    lon: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    lat: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    blocked: set[int] = field(default_factory=set)
    controls: dict[int, tuple[float, float, str]] = field(default_factory=dict)
    file: list[int] = field(default_factory=list)
    borders: list[dict[str, Any]] = field(default_factory=list)
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
    seen: dict[int, None] = {}
    ref, lon, lat = array("q"), array("d"), array("d")
    start = array("q", [0])
    for file in files:
        progress(f"Reading {file.name}")
        try:
            _read_one(osmium, file, extract, seen, (ref, lon, lat, start))
        except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
            reason = " ".join(str(error).split())[:160].rstrip(".")
            raise DataError(
                f"{file} is damaged or no OpenStreetMap data ({reason}). Download it again."
            ) from None
    if not extract.kinds:
        names = ", ".join(file.name for file in files)
        raise DataError(f"{names}: no road for lorries and no railway in it. Check the extract.")
    extract.way = np.fromiter(seen, dtype=np.int64, count=len(seen))
    extract.start = np.frombuffer(start, dtype=np.int64).copy()
    extract.ref = np.frombuffer(ref, dtype=np.int64).copy()
    extract.lon = np.frombuffer(lon, dtype=np.float64).copy()
    extract.lat = np.frombuffer(lat, dtype=np.float64).copy()
    return extract


def _check(file: Path) -> None:
    if not file.is_file():
        raise MissingData(f"There is no file {file}. Check the path.")
    with file.open("rb") as stream:
        head = stream.read(16)
    if not head.startswith(_SIGNATURES):
        raise DataError(f"{file} is no OpenStreetMap file. Give an .osm.pbf extract.")


def _read_one(osmium: Any, file: Path, extract: Extract, seen: dict[int, None], to: Any) -> None:
    ref, lon, lat, start = to
    header = osmium.io.Reader(str(file)).header()
    stamp = header.get("osmosis_replication_timestamp", "") or header.get("timestamp", "")
    extract.snapshot = max(extract.snapshot, stamp[:10])
    nodes = osmium.FileProcessor(str(file), osmium.osm.NODE).with_filter(
        osmium.filter.KeyFilter("barrier")
    )
    for node in nodes:
        tags = dict(node.tags)
        if tags.get("barrier") == "border_control":
            place = (node.location.lon, node.location.lat, tags.get("name", ""))
            extract.controls[node.id] = place
        elif blocks(tags):
            extract.blocked.add(node.id)
    ways = osmium.FileProcessor(str(file), osmium.osm.NODE | osmium.osm.WAY)
    ways = ways.with_locations("flex_mem").with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    ways = ways.with_filter(osmium.filter.KeyFilter("highway", "railway", "route"))
    for way in ways:
        kind = kind_of(dict(way.tags))
        if kind is None or way.id in seen:
            continue
        points = [(n.ref, n.lon, n.lat) for n in way.nodes if n.location.valid()]
        if len(points) < 2:
            continue
        seen[way.id] = None
        extract.kinds.append(kind)
        extract.file.append(len(extract.borders))
        for r, x, y in points:
            ref.append(r)
            lon.append(x)
            lat.append(y)
        start.append(len(ref))
    _read_borders(osmium, file, extract)


def _read_borders(osmium: Any, file: Path, extract: Extract) -> None:
    import shapely

    codes = {row["iso2"]: row["iso3"] for row in datasets.read_rows("reference/countries.csv")}
    borders: dict[str, Any] = {}
    extract.borders.append(borders)
    factory = osmium.geom.WKBFactory()
    areas = osmium.FileProcessor(str(file)).with_areas(
        osmium.filter.TagFilter(("admin_level", "2"))
    )
    areas = areas.with_filter(osmium.filter.EntityFilter(osmium.osm.AREA))
    for area in areas:
        tags = area.tags
        if tags.get("boundary") != "administrative" or tags.get("admin_level") != "2":
            continue
        two = tags.get("ISO3166-1", tags.get("ISO3166-1:alpha2", ""))
        code = tags.get("ISO3166-1:alpha3", "") or codes.get(two, "")
        if len(code) == 3 and code.isalpha():
            shape = shapely.from_wkb(bytes.fromhex(factory.create_multipolygon(area)))
            borders[code.upper()] = shape
