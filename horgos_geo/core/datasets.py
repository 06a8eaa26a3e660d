"""Find, read and check the files in `data/`, in a checkout or inside an installed wheel."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from horgos_geo.core.errors import DataError, MissingData

#: Names, in the environment, the folder of a network that takes the place of the bundled one.
OWN_NETWORK = "HORGOS_NETWORK"
_PACKAGE = Path(__file__).resolve().parents[1]


def _folder(checkout_name: str, wheel_name: str) -> Path:
    # In a checkout the folder lies beside the package; a wheel carries it inside the package.
    inside = _PACKAGE / wheel_name
    return inside if inside.is_dir() else _PACKAGE.parent / checkout_name


def root() -> Path:
    """Return the folder that holds the data files."""
    return _folder("data", "_data")


def notebooks() -> Path:
    """Return the folder that holds the report notebooks."""
    return _folder("notebooks", "_notebooks")


def network() -> Path:
    """Return the folder of the network: the bundled one, or what ``HORGOS_NETWORK`` names."""
    own = os.environ.get(OWN_NETWORK)
    return Path(own) if own else path("network")


@contextmanager
def using_network(folder: Path | str | None) -> Iterator[None]:
    """Let a network take the place of the bundled one, here and in processes started meanwhile.

    Parameters
    ----------
    folder
        As `network build` writes it; None changes nothing.
    """
    before = os.environ.get(OWN_NETWORK)
    if folder:
        os.environ[OWN_NETWORK] = str(Path(folder).resolve())
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(OWN_NETWORK, None)
        else:
            os.environ[OWN_NETWORK] = before


def path(name: str) -> Path:
    """Return the path of one data file.

    Parameters
    ----------
    name
        Path below the data folder, such as ``reference/destinations.csv``.

    Raises
    ------
    MissingData
        No such file.
    """
    found = root() / name
    if not found.exists():
        raise MissingData(
            f"The data file {name} is missing from {root()}. "
            "Reinstall the package or run `horgos network build`."
        )
    return found


def read_rows(name: str | Path) -> list[dict[str, str]]:
    """Read a CSV file (UTF-8, with or without byte order mark) as dictionaries.

    Parameters
    ----------
    name
        Path below the data folder, or a full path.

    Raises
    ------
    MissingData
        No such file.
    DataError
        Not UTF-8, or a row with more cells than the head has columns.
    """
    file = name if isinstance(name, Path) else path(name)
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, restval=""))
    except FileNotFoundError as error:
        raise MissingData(f"There is no file {file}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8 text. Save it as UTF-8 and try again.") from error
    except csv.Error as error:
        raise DataError(f"{file} cannot be read as CSV: {error}. Mend or replace it.") from error
    for number, row in enumerate(rows, start=2):
        if None in row:
            raise DataError(f"{file}, line {number}: more cells than columns. Quote the commas.")
    return rows


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify() -> list[str]:
    """Compare every file that `sources.csv` lists with its recorded hash.

    Returns
    -------
    list of str
        One sentence for each file that is missing or changed; empty when all is well.
    """
    problems = []
    for row in read_rows("sources.csv"):
        file = root() / row["path"]
        if not file.is_file():
            problems.append(f"{row['path']} is missing.")
        elif row["sha256"] and sha256(file) != row["sha256"]:
            problems.append(f"{row['path']} is damaged: its SHA-256 is not the recorded one.")
    return problems
