"""A network of one's own: OpenStreetMap extracts set into the bundled network."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.osm_graph import Streets, to_streets
from horgos_geo.build.osm_join import Joined, join
from horgos_geo.build.osm_read import Extract, read_extracts
from horgos_geo.build.osm_tags import CLASSES
from horgos_geo.core import datasets
from horgos_geo.core.errors import MissingData
from horgos_geo.core.files import atomic_path, check_folder
from horgos_geo.model.network import Network, load_network, save_network

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Built:
    """A network made from extracts, where it stands, and what joining it found."""

    network: Network
    folder: Path
    joined: Joined
    controls: list[str]

    def text(self) -> str:
        """Return what was done as lines of text."""
        meta = self.network.meta["counts"]
        lines = [f"{self.folder}: {meta['nodes']:,} nodes, {meta['edges']:,} edges"]
        if self.joined.whole:
            lines.append(f"whole in the extract: {', '.join(self.joined.whole)}")
        for mode, count in self.joined.replaced.items():
            joined = self.joined.joins.get(mode, 0)
            lines.append(f"{mode}: {count} bundled edges replaced, {joined} places joined")
        lines += [f"check: nothing near to join at {place}" for place in self.joined.alone]
        lines += [f"check: no listed crossing at the border control {c}" for c in self.controls]
        return "\n".join(lines)


def build_osm(
    files: Sequence[Path | str],
    into: Path | str,
    *,
    base: Path | None = None,
    progress: Progress = lambda _: None,
) -> Built:
    """Build a network from OpenStreetMap extracts and the bundled network around them.

    Parameters
    ----------
    files
        Extracts, such as those of Geofabrik.
    into
        Folder for the network; `load_network` and ``--network`` take it.
    base
        Folder of the network to set it into; the bundled one by default.
    progress
        Called with one sentence before each step.

    Returns
    -------
    Built
        ``attributes.parquet`` beside the network names, for each edge, its class, whether it is
        electrified, and its first OpenStreetMap way.

    Raises
    ------
    MissingData
        A file, or the package osmium, is missing.
    DataError
        A file is damaged or holds nothing for lorries or trains.
    OutputError
        The folder cannot be written to.
    """
    paths = [Path(file) for file in files]
    if not paths:
        raise MissingData("No extract was named. Give at least one .osm.pbf file.")
    if Path(into).exists():
        check_folder(Path(into))
    extract = read_extracts(paths, progress)
    progress("Cutting ways at junctions and merging chains")
    streets = to_streets(extract, _default_gauges())
    progress("Setting the streets into the bundled network, with a new contraction order")
    whole = load_network(base)
    names = " and ".join(path.name.split(".")[0] for path in paths)
    meta = {
        "name": f"{whole.meta.get('name', 'Network')}, with {names}",
        "snapshot": f"{extract.snapshot or 'unknown'} inside, {whole.meta.get('snapshot')} outside",
        "sources": [
            f"OpenStreetMap contributors (ODbL 1.0), {path.name}, SHA-256 {datasets.sha256(path)}"
            for path in paths
        ],
    }
    controls = _unlisted(extract, whole)
    network, street, joined = join(streets, whole, meta)
    progress("Writing")
    folder = save_network(network, into)
    _save_attributes(folder, streets, street)
    return Built(network, folder, joined, controls)


def _default_gauges() -> dict[str, int]:
    rows = csv.DictReader(io.StringIO(datasets.path("reference/gauges.csv").read_text("utf-8-sig")))
    found: dict[str, int] = {}
    for row in rows:
        code = row.get("iso3") or row.get("country") or ""
        gauge = row.get("gauge_mm") or row.get("gauge") or ""
        if code and gauge.isdigit():
            found.setdefault(code, int(gauge))
    return found


def _unlisted(extract: Extract, base: Network, within_km: float = 10.0) -> list[str]:
    """Return border controls that no listed road crossing is near to."""
    from horgos_geo.build.draft import distance_km

    posts = [c for c in base.crossings if c.mode == "road" and c.lon == c.lon]
    lon, lat = np.array([c.lon for c in posts]), np.array([c.lat for c in posts])
    far: dict[str, None] = {}
    for x, y, name in extract.controls.values():
        if not len(lon) or distance_km(x, y, lon, lat).min() > within_km:
            far.setdefault(f"{name or 'without a name'} ({x:.2f},{y:.2f})")
    return list(far)


def _save_attributes(folder: Path, streets: Streets, street: NDArray[np.int64]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    ours = street >= 0
    at = street[ours]
    class_ = np.zeros(len(street), dtype=np.int32)
    electrified = np.zeros(len(street), dtype=bool)
    way = np.zeros(len(street), dtype=np.int64)
    class_[ours], electrified[ours] = streets.class_[at], streets.electrified[at]
    way[ours] = streets.way[at]
    table = pa.table(
        {
            "class": pa.DictionaryArray.from_arrays(class_, pa.array(CLASSES)),
            "electrified": electrified,
            "osm_way": way,
        }
    )
    with atomic_path(folder / "attributes.parquet") as file:
        pq.write_table(table, file, compression="zstd")
