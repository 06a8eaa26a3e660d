"""Write what the data folder says about itself: dictionary, sources and licences."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from horgos_geo.build.columns import COLUMNS, FILES, OF_TABLE, Source
from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError
from horgos_geo.core.files import write_atomic
from horgos_geo.core.tables import csv_text

DICTIONARY, SOURCES, LICENCES = "DICTIONARY.md", "sources.csv", "LICENSE.md"
HEADER = ("path", "name", "version", "licence", "url", "sha256", "date", "note")

_DICTIONARY_HEAD = """\
# Data dictionary

Made by `horgos_geo.build.dictionary` from the files and the descriptions in the code; do not edit
by hand. Where each file comes from stands in `sources.csv`, the licences in `LICENSE.md`. Lengths
are kilometres, coordinates degrees (WGS 84), countries ISO 3166-1 alpha-3.
"""

_LICENCES = """\
# Licences of the data

The code is under the MIT licence (`LICENSE` in the root of the project). The data are not; each
file's licence stands in `sources.csv`.

| files | licence | say |
|---|---|---|
| `network/`, `curation/`, `reference/crossings_*.csv`, `reference/gateways.csv` | [Open Database \
License 1.0](https://opendatacommons.org/licenses/odbl/1-0/) | © OpenStreetMap contributors |
| `places/`, `reference/destinations.csv`, `reference/origins.csv` | [Creative Commons Attribution \
4.0](https://creativecommons.org/licenses/by/4.0/) | GeoNames |
| `basemap/` | public domain | Made with Natural Earth |
| the other tables in `reference/` | [Creative Commons Attribution \
4.0](https://creativecommons.org/licenses/by/4.0/) | Horgos Geo; the sources named row by row |
| `scenarios/` | MIT | |

Country names in Chinese and Russian follow the Unicode Common Locale Data Repository (Unicode
License V3). A figure quoted from a publication remains that publication's; its row names it.

Whoever passes on a map or a report made with these data says: © OpenStreetMap contributors (ODbL);
GeoNames (CC BY 4.0); Natural Earth. Whoever passes on a changed network passes it on under the
ODbL. Lines and names on maps are no statement about the status of any territory.
"""


def write_all(root: Path | None = None) -> list[Path]:
    """Write LICENSE.md, DICTIONARY.md and sources.csv anew from what lies in the data folder.

    Parameters
    ----------
    root
        The data folder, by default this project's.

    Returns
    -------
    list of Path
        The written files.

    Raises
    ------
    DataError
        A table has a column that nobody described.
    """
    folder = root or datasets.root()
    missing = undescribed(folder)
    if missing:
        raise DataError(
            f"Nobody described {', '.join(missing)}. "
            "Describe them in horgos_geo/build/columns.py and run this again."
        )
    return [
        write_atomic(folder / LICENCES, _LICENCES),
        write_atomic(folder / DICTIONARY, dictionary_text(folder)),
        write_atomic(folder / SOURCES, sources_text(folder)),
    ]


def stale(root: Path | None = None) -> list[str]:
    """Return the names of those of the three files that differ from what would be written."""
    folder = root or datasets.root()
    wanted = {
        LICENCES: _LICENCES,
        DICTIONARY: dictionary_text(folder),
        SOURCES: sources_text(folder),
    }
    return [
        name
        for name, text in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]


def undescribed(root: Path | None = None) -> list[str]:
    """Return columns without a description, each as ``table: column``."""
    folder = root or datasets.root()
    return [
        f"{name}: {column}"
        for name in _names(folder)
        for column, _ in _columns(folder / name)
        if not _meaning(name, column)
    ]


def sources_text(root: Path | None = None) -> str:
    """Return the text of sources.csv: every file but itself and the dictionary."""
    folder = root or datasets.root()
    rows = []
    for name in _names(folder):
        of, note = _file(name)
        hash_ = datasets.sha256(folder / name)
        rows.append((name, of.name, of.version, of.licence, of.url, hash_, of.date, note))
    return csv_text(HEADER, rows)


def dictionary_text(root: Path | None = None) -> str:
    """Return the text of DICTIONARY.md: each table, its columns, their types and meanings."""
    folder = root or datasets.root()
    parts = [_DICTIONARY_HEAD]
    for name in _names(folder):
        columns = list(_columns(folder / name))
        _, note = _file(name)
        parts.append(f"\n## {name}\n\n{note}\n")
        if columns:
            parts.append("\n| column | type | meaning |\n|---|---|---|\n")
            parts += [f"| `{c}` | {type_} | {_meaning(name, c)} |\n" for c, type_ in columns]
    return "".join(parts)


def _names(folder: Path) -> list[str]:
    """Return the paths of the data files below a folder, sorted."""
    paths = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    names = (path.as_posix() for path in paths if not any(p.startswith(".") for p in path.parts))
    return sorted(name for name in names if name not in (SOURCES, DICTIONARY))


def _file(name: str) -> tuple[Source, str]:
    return next((source, note) for pattern, source, note in FILES if fnmatch(name, pattern))


def _meaning(name: str, column: str) -> str:
    for (pattern, of), meaning in OF_TABLE.items():
        if of == column and fnmatch(name, pattern):
            return meaning
    return COLUMNS.get(column, "")


def _columns(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the columns of a table and their types; nothing for a file that is no table."""
    if file.suffix == ".parquet":
        import pyarrow.parquet as pq

        for column in pq.ParquetFile(file).schema_arrow:
            yield column.name, _arrow_type(str(column.type))
    elif file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            head = next(reader, [])
            cells = list(zip(*reader, strict=False)) or [()] * len(head)
        for column, values in zip(head, cells, strict=False):
            yield column, _text_type(list(filter(None, values)))


def _arrow_type(name: str) -> str:
    if name.startswith("dictionary"):
        return "text"
    if name.startswith(("list", "struct", "extension")):
        return "line of points"
    return {"string": "text", "double": "float64", "float": "float32"}.get(name, name)


def _text_type(values: list[str]) -> str:
    for type_, name in ((int, "whole number"), (float, "number")):
        try:
            for value in values:
                type_(value)
        except ValueError:
            continue
        return name if values else "text"
    return "text"


if __name__ == "__main__":
    write_all()
