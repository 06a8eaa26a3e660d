"""Large matrices: every pair of two tables of places, streamed to Parquet in flat memory.

The result is a folder of Parquet files that reads as one table. It is made beside its place and
takes it by one rename, so a reader never sees a part of it.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.errors import HorgosError, OutputError
from horgos_geo.model.place_tables import PlaceBlock, read_blocks
from horgos_geo.model.scenario import VEHICLES
from horgos_geo.routing.router import Router
from horgos_geo.routing.search import ODMatrix
from horgos_geo.routing.status import OK, STATUSES, THROUGH_CHINA

if TYPE_CHECKING:
    import pyarrow as pa

# The engine takes new weights for each country that origins lie in, so many origins at once are
# cheap; their answers, nine bytes a pair, are what memory holds, and tables are made of a part.
ORIGINS_AT_ONCE = 200
ROWS_AT_ONCE = 500_000
DESTINATIONS_AT_ONCE = 50_000
BAD = "bad coordinates"
COLUMNS = {
    "distance": "distance_km",
    "time": "time_h",
    "cost": "cost_usd_per_teu",
    "co2e": "co2e_kg_per_t",
    "generalised": "generalised_usd_per_teu",
}
VEHICLE_COLUMNS = {
    **COLUMNS,
    "cost": "cost_usd_per_vehicle",
    "co2e": "co2e_kg_per_vehicle",
    "generalised": "generalised_usd_per_vehicle",
}
_KINDS = (*STATUSES, BAD)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """What a matrix came to.

    Attributes
    ----------
    path
        Where it stands.
    rows
        How many it has.
    statuses
        How many of each status.
    mean
        Of the values there are, NaN where there are none.
    """

    path: Path
    rows: int
    statuses: dict[str, int]
    mean: float


def write_matrix(
    router: Router,
    origins: Path | str,
    destinations: Path | str,
    output: Path | str,
    *,
    progress: Progress | None = None,
) -> Written:
    """Answer every pair of two tables of places and write one row a pair.

    Parameters
    ----------
    router
        Network and scenario; what the scenario minimises is the value of a row.
    origins, destinations
        Tables of places; see `read_blocks`.
    output
        Folder of the result; an older result of the same name is replaced.
    progress
        Called with the pairs done and the pairs in all.

    Returns
    -------
    Written
        Columns of the table: ``origin_id, destination_id``, one of ``distance_km``, ``time_h``,
        ``cost_usd_per_teu``, ``co2e_kg_per_t``, ``generalised_usd_per_teu`` (NaN where there is
        no way; for vehicles the last three are ``…_per_vehicle``), and ``status``.

    Raises
    ------
    MissingData, DataError
        A table that cannot be read.
    OutputError
        The result cannot be written, or something else stands in its place.
    """
    starts = load(Path(origins))
    many, blocks = opened(Path(destinations))
    return collect(
        (
            part
            for ends in blocks
            for first in range(0, len(starts), ORIGINS_AT_ONCE)
            for part in answer(router, starts.part(first, first + ORIGINS_AT_ONCE), ends)
        ),
        output,
        len(starts) * many,
        progress,
    )


def load(path: Path) -> PlaceBlock:
    """Read a whole table of places."""
    blocks = list(read_blocks(path, DESTINATIONS_AT_ONCE))
    return PlaceBlock(
        tuple(id_ for block in blocks for id_ in block.ids),
        np.concatenate([block.lon for block in blocks]),
        np.concatenate([block.lat for block in blocks]),
        tuple(code for block in blocks for code in block.country),
    )


def opened(path: Path) -> tuple[int, Iterator[PlaceBlock]]:
    """Return how many rows a table of places has, and its blocks; a short one is read once."""
    blocks = read_blocks(path, DESTINATIONS_AT_ONCE)
    first = list(islice(blocks, 2))
    if len(first) < 2:
        return sum(len(block) for block in first), iter(first)
    rest = sum(len(block) for block in blocks)
    return sum(len(block) for block in first) + rest, read_blocks(path, DESTINATIONS_AT_ONCE)


def answer(router: Router, origins: PlaceBlock, destinations: PlaceBlock) -> Iterator[pa.Table]:
    """Yield the rows of all pairs of two blocks, origin by origin, in tables of some size."""
    found = _answers(router, origins, destinations)
    step = max(1, ROWS_AT_ONCE // len(destinations))
    columns = VEHICLE_COLUMNS if router.scenario.cargo in VEHICLES else COLUMNS
    column = columns[router.scenario.minimise]
    for first in range(0, len(origins), step):
        rows = slice(first, first + step)
        ids = origins.ids[rows], destinations.ids
        yield _table(ids, column, found.part(rows))


def _answers(router: Router, origins: PlaceBlock, destinations: PlaceBlock) -> ODMatrix:
    if origins.good.all() and destinations.good.all():
        return router.od_matrix(origins.places, destinations.places)
    whole = ODMatrix.empty((len(origins), len(destinations)), _KINDS.index(BAD))
    if origins.good.any() and destinations.good.any():
        pairs = np.ix_(origins.good, destinations.good)
        found = router.od_matrix(origins.places, destinations.places)
        whole.values[pairs], whole.codes[pairs] = found.values, found.codes
        whole.snap_origin_km[pairs] = found.snap_origin_km
        whole.snap_dest_km[pairs] = found.snap_dest_km
    return whole


def _table(
    ids: tuple[Sequence[str], Sequence[str]],
    column: str,
    found: ODMatrix,
) -> pa.Table:
    import pyarrow as pa

    rows, columns = (np.arange(size, dtype=np.int32) for size in found.values.shape)
    return pa.table(
        {
            "origin_id": _dictionary(np.repeat(rows, len(columns)), ids[0]),
            "destination_id": _dictionary(np.tile(columns, len(rows)), ids[1]),
            column: np.round(found.values.ravel(), 3),
            "snap_origin_km": np.round(found.snap_origin_km.ravel(), 3),
            "snap_dest_km": np.round(found.snap_dest_km.ravel(), 3),
            "status": _dictionary(found.codes.ravel(), _KINDS),
        }
    )


def _dictionary(codes: NDArray[Any], values: Sequence[str]) -> pa.DictionaryArray:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(codes, pa.array(values, pa.string()))


def collect(
    parts: Iterator[pa.Table],
    output: Path | str,
    total: int,
    progress: Progress | None = None,
) -> Written:
    """Write parts of a matrix as they come; the folder appears when the last one is in.

    Parameters
    ----------
    parts
        Tables as `answer` gives them.
    output
        Folder of the result.
    total
        Pairs in all, for `progress`.
    progress
        Called with the pairs done and the pairs in all.
    """
    import pyarrow.parquet as pq

    done, value = 0, 0.0
    tally = np.zeros(len(_KINDS), dtype=np.int64)
    with atomic_folder(Path(output)) as folder:
        for number, part in enumerate(parts):
            pq.write_table(
                part,
                folder / f"part-{number:05d}.parquet",
                compression="zstd",
                use_dictionary=["origin_id", "destination_id", "status"],
                write_statistics=False,
            )
            codes = np.concatenate([c.indices.to_numpy() for c in part["status"].chunks])
            tally += np.bincount(codes, minlength=len(_KINDS))
            value += float(np.nansum(part.column(2).to_numpy()))
            done += part.num_rows
            if progress:
                progress(done, total)
    statuses = {kind: int(n) for kind, n in zip(_KINDS, tally, strict=True) if n}
    known = statuses.get(OK, 0) + statuses.get(THROUGH_CHINA, 0)
    return Written(Path(output), done, statuses, value / known if known else math.nan)


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder that takes the place of `target` when the block ends well.

    Only a folder that holds nothing but Parquet parts is ever replaced.

    Parameters
    ----------
    target
        Where the finished folder is to stand.

    Yields
    ------
    Path
        The temporary folder.

    Raises
    ------
    OutputError
        It cannot be written, or something else stands in its place.
    """
    if target.exists() and not _is_ours(target):
        raise OutputError(f"{target} is in the way and no matrix. Choose another name with -o.")
    temporary = target.with_name(f".{target.name}.{token_hex(4)}.part")
    try:
        temporary.mkdir(parents=True)
        yield temporary
        for file in temporary.iterdir():
            _sync(file)
        if target.exists():
            # Two renames: a reader may for an instant find nothing, never a mixture.
            old = target.with_name(f".{target.name}.{token_hex(4)}.old")
            os.replace(target, old)
            os.replace(temporary, target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.replace(temporary, target)
    except OSError as error:
        if isinstance(error, HorgosError):
            raise
        raise OutputError(
            f"Cannot write {str(target)[:200]}: {error.strerror or error}. "
            "Choose a folder that you may write to and that has room."
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _is_ours(target: Path) -> bool:
    return target.is_dir() and all(
        file.suffix == ".parquet" and file.name.startswith("part-") for file in target.iterdir()
    )


def _sync(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
