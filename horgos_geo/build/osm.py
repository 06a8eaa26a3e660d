"""A network of one's own: OpenStreetMap extracts set into the bundled network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from horgos_geo.build.draft import Draft
from horgos_geo.build.osm_graph import to_streets
from horgos_geo.build.osm_join import Joined, join
from horgos_geo.build.osm_read import Extract, read_extracts
from horgos_geo.build.osm_tags import CLASSES
from horgos_geo.core import datasets
from horgos_geo.core.errors import MissingData
from horgos_geo.core.files import atomic_path, check_folder
from horgos_geo.core.geodesy import distances_km
from horgos_geo.model.network import Network, load_network, save_network

#: A border control this near to a listed road crossing is that crossing.
CONTROL_KM = 10.0


@dataclass(frozen=True)
class Built:
    """A network made from extracts.

    Attributes
    ----------
    network, folder
        The network, and where it was written.
    joined
        What joining it to the bundled one found.
    controls
        Border controls that no listed crossing is near to.
    cut_ways
        Number of ways that lack nodes, since the extract was cut through them.
    """

    network: Network
    folder: Path
    joined: Joined
    controls: list[str]
    cut_ways: int

    def text(self) -> str:
        """Return what was done as lines of text."""
        meta = self.network.meta["counts"]
        lines = [f"{self.folder}: {meta['nodes']:,} nodes, {meta['edges']:,} edges"]
        if self.joined.whole:
            lines.append(f"whole in the extract: {', '.join(self.joined.whole)}")
        for mode, count in self.joined.replaced.items():
            joined = self.joined.joins.get(mode, 0)
            lines.append(f"{mode}: {count} bundled edges replaced, {joined} places joined")
        lines += [
            f"check: {count} {mode} edges of the extract are not joined to the bundled network: "
            "they are a network of their own"
            for mode, count in self.joined.apart.items()
        ]
        if self.cut_ways:
            lines.append(f"check: {self.cut_ways} ways lack nodes and lose the stretches there")
        lines += [f"check: nothing near to join at {place}" for place in self.joined.alone]
        lines += [f"check: no listed crossing at the border control {c}" for c in self.controls]
        return "\n".join(lines)


def build_osm(
    files: Sequence[Path | str],
    into: Path | str,
    *,
    base: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
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
    rows = datasets.read_rows("reference/gauges.csv")
    streets = to_streets(extract, {row["country"]: int(row["gauge_mm"]) for row in rows})
    progress("Setting the streets into the bundled network, with a new contraction order")
    whole = load_network(base)
    names = " and ".join(path.name.split(".")[0] for path in paths)
    meta = whole.meta | {
        "name": f"{whole.meta.get('name', 'Network')}, with {names}",
        "snapshot": f"{extract.snapshot or 'unknown'} inside, {whole.meta.get('snapshot')} outside",
        "sources": [
            *whole.meta.get("sources", []),
            *(
                f"OpenStreetMap contributors (ODbL 1.0), {p.name}, SHA-256 {datasets.sha256(p)}"
                for p in paths
            ),
        ],
    }
    file_of_way = dict(zip(extract.way_id, extract.file, strict=True))
    network, draft, joined = join(streets, whole, meta, file_of_way)
    progress("Writing")
    folder = save_network(network, into)
    _save_attributes(folder, draft)
    return Built(network, folder, joined, _unlisted(extract, whole), extract.cut_ways)


def _unlisted(extract: Extract, base: Network) -> list[str]:
    """Return border controls that no listed road crossing is near to."""
    posts = [c for c in base.crossings if c.mode == "road" and np.isfinite(c.lon)]
    lon, lat = np.array([c.lon for c in posts]), np.array([c.lat for c in posts])
    far = dict.fromkeys(
        f"{name or 'without a name'} ({x:.2f},{y:.2f})"
        for x, y, name in extract.controls.values()
        if distances_km(x, y, lon, lat).min(initial=np.inf) > CONTROL_KM
    )
    return list(far)


def _save_attributes(folder: Path, draft: Draft) -> None:
    """Write what only streets have, for each edge of the network in its order."""
    class_ = pa.DictionaryArray.from_arrays(draft.class_.astype(np.int32), pa.array(CLASSES))
    table = pa.table({"class": class_, "electrified": draft.electrified, "osm_way": draft.way})
    with atomic_path(folder / "attributes.parquet") as file:
        pq.write_table(table, file, compression="zstd")
