"""Which data and which code a result was made from, as short hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import cache
from pathlib import Path

from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError

_CODE = {".py", ".j2", ".js", ".css", ".csv", ".json"}


@cache
def versions() -> dict[str, str]:
    """Return hashes of the data and of the code that results depend on."""
    code = Path(__file__).resolve().parents[1]
    return {"data": folder_hash(datasets.root()), "code": folder_hash(code, _CODE)}


def check_versions(expected: dict[str, str]) -> None:
    """Refuse to work for a process that has other data or code.

    Parameters
    ----------
    expected
        What `versions` gives there.

    Raises
    ------
    DataError
        They differ.
    """
    other = [name for name, hash_ in expected.items() if versions()[name] != hash_]
    if other:
        raise DataError(
            f"A worker has other {' and '.join(other)} than this process. "
            "Install the same version of Horgos Geo there."
        )


def folder_hash(folder: Path, endings: Collection[str] = ()) -> str:
    """Return a hash of the names and contents of all files below a folder, hidden ones left out.

    Parameters
    ----------
    folder
        Where to look.
    endings
        Only files with these endings, and nothing in a folder of data that came with a wheel.
    """
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if not file.is_file() or any(part.startswith(".") for part in name.parts):
            continue
        if endings and (file.suffix not in endings or name.parts[0].startswith("_data")):
            continue
        whole.update(f"{name.as_posix()}\0{datasets.sha256(file)}\n".encode())
    return whole.hexdigest()[:16]
