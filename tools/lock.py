"""Write constraints.txt and environment.yml anew from pyproject.toml: `make lock`."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Not on conda-forge, so pip installs them into the conda environment.
PIP_ONLY = {"routingkit-cch"}


def write_constraints() -> None:
    """Pin every package of every extra, for every platform and Python that we support."""
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--all-extras"),
            *("--universal", "--python-version", "3.11", "--upgrade", "--quiet"),
            *("--no-annotate", "--no-header", "--no-emit-index-url", "-o", "constraints.txt"),
        ],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def environment() -> str:
    """Return the text of environment.yml: the run-time dependencies of pyproject.toml.

    Bounds, not pins: a version is not on conda-forge the day that it is on the index.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    specs = [
        re.sub(r"(?<=[\w-])(?=[<>=!~])", " ", spec, count=1)
        for spec in (f"python{project['requires-python']}", "pip", *project["dependencies"])
    ]
    names = {spec: spec.split()[0] for spec in specs}
    lines = [
        "# Written by `make lock` from pyproject.toml; a test keeps the two in step.",
        "#   conda env create -f environment.yml && conda activate horgos-geo",
        f"name: {project['name']}",
        "channels:",
        "  - conda-forge",
        "  - nodefaults",
        "dependencies:",
        *(f"  - {spec}" for spec in specs if names[spec] not in PIP_ONLY),
        "  - pip:",
        *(f"      - {spec.replace(' ', '')}" for spec in specs if names[spec] in PIP_ONLY),
        "      - -e .",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    write_constraints()
    (ROOT / "environment.yml").write_text(environment(), encoding="utf-8")
