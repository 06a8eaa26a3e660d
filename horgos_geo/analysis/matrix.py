"""Large matrices: every pair of two tables of places, streamed to Parquet in flat memory.

The result is a folder of Parquet files that reads as one table. It is made beside its place and
takes it by one rename, so a reader never sees a part of it.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.choices import Datum
from horgos_geo.core.errors import HorgosError, OutputError
from horgos_geo.core.row_files import MOST_SHEET_ROWS, Write, row_writer
from horgos_geo.model.place_tables import FAULTS, PlaceBlock, read_blocks
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
_ROW_ENDINGS = (".csv", ".xlsx")
_KINDS = (*STATUSES, *FAULTS)

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
    notes
        What is to be said of the tables that were read: guesses, and rows that cannot be used.
    """

    path: Path
    rows: int
    statuses: dict[str, int]
    mean: float
    notes: tuple[str, ...] = ()


def write_matrix(
    router: Router,
    origins: Path | str,
    destinations: Path | str,
    output: Path | str,
    *,
    datum: Datum = "wgs84",
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
        Folder of the result, or a file that ends in .csv or .xlsx; an older result of the same
        name is replaced.
    datum
        Of the coordinates in both tables: ``wgs84``, ``gcj02`` or ``bd09``.
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
    starts = load(Path(origins), datum)
    many, blocks = opened(Path(destinations), datum)
    notes = [*starts.notes]

    def parts() -> Iterator[pa.Table]:
        """Yield the rows block by block, and keep what is to be said of the tables."""
        for ends in blocks:
            notes.extend(ends.notes)
            for first in range(0, len(starts), ORIGINS_AT_ONCE):
                yield from answer(router, starts.part(first, first + ORIGINS_AT_ONCE), ends)

    written = collect(parts(), output, len(starts) * many, progress)
    return replace(written, notes=tuple(dict.fromkeys(notes)))


def load(path: Path, datum: Datum = "wgs84") -> PlaceBlock:
    """Read a whole table of places."""
    return PlaceBlock.joined(list(read_blocks(path, DESTINATIONS_AT_ONCE, datum)))


def opened(path: Path, datum: Datum = "wgs84") -> tuple[int, Iterator[PlaceBlock]]:
    """Return how many rows a table of places has, and its blocks; a short one is read once."""
    blocks = read_blocks(path, DESTINATIONS_AT_ONCE, datum)
    first = list(islice(blocks, 2))
    if len(first) < 2:
        return sum(len(block) for block in first), iter(first)
    rest = sum(len(block) for block in blocks)
    return sum(len(block) for block in first) + rest, read_blocks(path, DESTINATIONS_AT_ONCE, datum)


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
    kinds = np.maximum.outer(_fault_codes(origins), _fault_codes(destinations))
    whole = ODMatrix.empty(kinds.shape, 0)._replace(codes=kinds)
    if origins.good.any() and destinations.good.any():
        pairs = np.ix_(origins.good, destinations.good)
        found = router.od_matrix(origins.places, destinations.places)
        whole.values[pairs], whole.codes[pairs] = found.values, found.codes
        whole.snap_origin_km[pairs] = found.snap_origin_km
        whole.snap_dest_km[pairs] = found.snap_dest_km
    return whole


def _fault_codes(block: PlaceBlock) -> NDArray[np.int8]:
    """Return the position of each row's fault in `_KINDS`, 0 for good rows."""
    return np.array([_KINDS.index(fault) if fault else 0 for fault in block.faults], dtype=np.int8)


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
    """Write parts of a matrix as they come; the result appears when the last one is in.

    Parameters
    ----------
    parts
        Tables as `answer` gives them.
    output
        The result: a folder of Parquet files, or one file of CSV or Excel by its ending.
    total
        Pairs in all, for `progress`.
    progress
        Called with the pairs done and the pairs in all.

    Raises
    ------
    OutputError
        As in `check_output`, and where it cannot be written.
    """
    check_output(Path(output), total)
    done, value = 0, 0.0
    tally = np.zeros(len(_KINDS), dtype=np.int64)
    with _writer(Path(output)) as write:
        for part in parts:
            write(part)
            codes = np.concatenate([c.indices.to_numpy() for c in part["status"].chunks])
            tally += np.bincount(codes, minlength=len(_KINDS))
            value += float(np.nansum(part.column(2).to_numpy()))
            done += part.num_rows
            if progress:
                progress(done, total)
    statuses = {kind: int(n) for kind, n in zip(_KINDS, tally, strict=True) if n}
    known = statuses.get(OK, 0) + statuses.get(THROUGH_CHINA, 0)
    return Written(Path(output), done, statuses, value / known if known else math.nan)


def check_output(output: Path, rows: int = 0) -> None:
    """Refuse a result that its ending cannot hold, before any work is done.

    Parameters
    ----------
    output
        Where it is to stand.
    rows
        How many there will be, where that is known.

    Raises
    ------
    OutputError
        One sentence that says what else to write.
    """
    ending = output.suffix.lower()
    if ending not in ("", ".parquet", *_ROW_ENDINGS):
        raise OutputError(
            f"A matrix cannot be written as {ending}. Choose .parquet (a folder), .csv or .xlsx."
        )
    if ending == ".xlsx" and rows >= MOST_SHEET_ROWS:
        raise OutputError(
            f"A sheet holds {MOST_SHEET_ROWS:,} rows, and this matrix has {rows:,}. "
            "Choose .parquet or .csv."
        )


@contextmanager
def _writer(output: Path) -> Iterator[Callable[[pa.Table], None]]:
    """Give a function that writes parts; the result appears when the block ends well."""
    import pyarrow.parquet as pq

    if output.suffix.lower() in _ROW_ENDINGS:
        with _row_parts(output) as write:
            yield write
        return
    number = count()
    with atomic_folder(output) as folder:
        yield lambda part: pq.write_table(
            part,
            folder / f"part-{next(number):05d}.parquet",
            compression="zstd",
            use_dictionary=["origin_id", "destination_id", "status"],
            write_statistics=False,
        )


@contextmanager
def _row_parts(output: Path) -> Iterator[Callable[[pa.Table], None]]:
    """Give a function that writes parts into one file, whose head is that of the first part."""
    with ExitStack() as stack:
        rows: Write | None = None

        def write(part: pa.Table) -> None:
            """Write a part row by row."""
            nonlocal rows
            if rows is None:
                names = part.column_names
                rows = stack.enter_context(row_writer(output, output.suffix.lower()[1:], names))
            rows(list(zip(*part.to_pydict().values(), strict=True)))

        yield write


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
