"""Report notebooks: finding them, and reading what stands in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.core.hints import did_you_mean
from horgos_geo.reports.parameters import Parameter, read_parameters, shortened


@dataclass(frozen=True)
class Notebook:
    """A parameterised notebook that makes one report."""

    path: Path

    @property
    def name(self) -> str:
        """Return the file name without its ending, such as ``01-routes-from-horgos``."""
        return self.path.stem

    @property
    def number(self) -> str:
        """Return the digits that the name starts with, or nothing."""
        head = self.name.split("-", 1)[0]
        return head if head.isdigit() else ""

    @cached_property
    def cells(self) -> list[dict[str, Any]]:
        """Return the cells as they stand in the file."""
        try:
            cells = json.loads(self.path.read_text(encoding="utf-8"))["cells"]
            return [{**cell, "source": "".join(cell["source"])} for cell in cells]
        except FileNotFoundError:
            raise MissingData(f"There is no notebook {self.path}. Check the path.") from None
        except (ValueError, KeyError, TypeError):
            raise DataError(
                f"{self.path} is not a Jupyter notebook. Open it in JupyterLab and save it again."
            ) from None

    @property
    def title(self) -> str:
        """Return the first heading."""
        for cell in self.cells:
            for line in cell["source"].splitlines():
                if cell["cell_type"] == "markdown" and line.startswith("# "):
                    return str(line[2:].strip())
        return self.name

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Return the parameters by name, in the order of the cell tagged ``parameters``."""
        for cell in self.cells:
            if "parameters" in cell.get("metadata", {}).get("tags", []):
                return read_parameters(cell["source"], self.path.name)
        return {}

    @property
    def defaults(self) -> dict[str, Any]:
        """Return the values of the parameters as they stand in the notebook."""
        return {name: item.default for name, item in self.parameters.items()}


def find_notebooks(names: Sequence[str] = (), folder: Path | None = None) -> list[Notebook]:
    """Find notebooks by name, number, or path; all of them when none is named.

    Parameters
    ----------
    names
        Such as ``01-routes-from-horgos``, ``routes-from-horgos``, ``1``, or the path of an
        ``.ipynb`` file.
    folder
        Where to look; the project's own notebooks by default.

    Raises
    ------
    MissingData
        No notebook of that name; the message names the closest.
    """
    folder = folder or datasets.notebooks()
    known = [Notebook(path) for path in sorted(folder.glob("[0-9]*.ipynb"))]
    if not names:
        if not known:
            raise MissingData(f"There is no notebook in {folder}. Reinstall the package.")
        return known
    spellings = {
        spelling: notebook
        for notebook in known
        for spelling in (
            notebook.name,
            notebook.name.partition("-")[2],
            notebook.number,
            notebook.number.lstrip("0"),
        )
    }
    found: dict[str, Notebook] = {}
    for name in names:
        if name.endswith(".ipynb") and Path(name).is_file():
            notebook = Notebook(Path(name))
        elif name.removesuffix(".ipynb") in spellings:
            notebook = spellings[name.removesuffix(".ipynb")]
        else:
            every = f"Reports: {', '.join(notebook.name for notebook in known)}."
            meant = {spelling: notebook.name for spelling, notebook in spellings.items()}
            hint = did_you_mean(name, meant, always=every)
            raise MissingData(f"There is no report {shortened(name)}. {hint}")
        found.setdefault(notebook.name, notebook)
    return list(found.values())
