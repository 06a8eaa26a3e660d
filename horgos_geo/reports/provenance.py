"""What a page says of itself: version, data with their hashes, parameters, scenario, limits.

Nothing here depends on the day or on the commit, so that the same code and data make the same page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from horgos_geo.core import datasets
from horgos_geo.core.errors import MissingData
from horgos_geo.core.text import Text
from horgos_geo.reports.notebook import Notebook
from horgos_geo.reports.validate_parameters import scenario_of

#: Keys of the catalogue.
ATTRIBUTION = ("page_networks", "page_places", "page_land", "page_crossings")
LIMITS = ("page_limit_route", "page_limit_error", "page_limit_borders", "page_limit_names")


@dataclass(frozen=True)
class Row:
    """A name and its value, as the foot of a page lists them."""

    name: str
    value: str
    help: str = ""
    changed: bool = False


def version() -> str:
    """Return the version of the package."""
    return metadata.version("horgos-geo")


def data_hash() -> str:
    """Return the SHA-256 of all data: of the table that holds every file's, and of the network."""
    digest = hashlib.sha256()
    for row in data_files(Text()):
        digest.update(f"{row['path']} {row['sha256']}\n".encode())
    return digest.hexdigest()


def parameter_rows(notebook: Notebook, values: Mapping[str, Any], text: Text) -> list[Row]:
    """Return all parameters of a notebook.

    Parameters
    ----------
    notebook
        The notebook.
    values
        Those that differ from its own.
    text
        The language.
    """
    return [
        Row(
            name,
            plain(values.get(name, item.default), text),
            item.help if text.language == "en" else "",
            values.get(name, item.default) != item.default,
        )
        for name, item in notebook.parameters.items()
        if name != "language"
    ]


def scenario_rows(values: Mapping[str, Any], text: Text) -> list[Row]:
    """Return what the scenario of some parameters says, beyond the defaults.

    Parameters
    ----------
    values
        All parameters of a notebook.
    text
        The language.
    """
    said = scenario_of(values).model_dump(exclude_defaults=True, exclude={"modes"})
    return [
        Row(
            text.said(text("scenario"), name),
            text.phrase(plain(value, text)) if name == "name" else plain(value, text),
        )
        for name, value in said.items()
    ]


def plain(value: Any, text: Text) -> str:
    """Return a parameter's value as people read it."""
    match value:
        case None | "" | [] | ():
            return "–"
        case bool():
            return text("yes" if value else "no")
        case list() | tuple():
            return ", ".join(map(str, value))
        case dict():
            return ", ".join(f"{name} = {number}" for name, number in value.items())
    return str(value)


def data_files(text: Text) -> list[dict[str, str]]:
    """Return every data file with its source, version, licence and hash."""
    try:
        rows = datasets.read_rows("sources.csv")
    except MissingData:
        return []
    own = datasets.network()
    if own != datasets.root() / "network":
        # Of a network of one's own the page says what that holds.
        rows = [row for row in rows if not row["path"].startswith("network/")]
        name = str(json.loads((own / "network.json").read_text(encoding="utf-8"))["name"])
        rows += [
            {
                "path": f"{own.name}/{file.name}",
                "name": name,
                "version": "",
                "licence": "ODbL 1.0",
                "sha256": datasets.sha256(file),
            }
            for file in sorted(own.iterdir())
            if file.is_file()
        ]
    return [row | {key: text.phrase(row[key]) for key in ("name", "licence")} for row in rows]
