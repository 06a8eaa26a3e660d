"""The environment, its pins and the wheel."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import yaml
from conftest import RunAsync
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_requirement_is_pinned_within_its_bounds() -> None:
    pins: dict[str, set[str]] = {}
    for pin in CONSTRAINTS:
        assert [spec.operator for spec in pin.specifier] == ["=="], f"{pin} is not a full pin"
        pins.setdefault(canonical(pin.name), set()).add(next(iter(pin.specifier)).version)
    extras = PROJECT["optional-dependencies"].values()
    for text in [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]:
        wanted = Requirement(text)
        if wanted.name == PROJECT["name"]:
            continue
        versions = pins[canonical(wanted.name)]
        assert all(wanted.specifier.contains(version) for version in versions), text


def test_constraints_name_no_place() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"https?:|--|file:|\s@\s", text)


def test_environment_yml_is_what_pyproject_says() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import lock
    finally:
        sys.path.pop(0)
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == lock.environment(), (
        "environment.yml is out of step with pyproject.toml: run `make lock`"
    )


def stub_channel(folder: Path) -> str:
    """Write a conda channel made of the installed packages, with what each depends on."""
    packages = {}
    for distribution in importlib.metadata.distributions():
        name = canonical(distribution.name)
        needs = [Requirement(line) for line in distribution.requires or ()]
        packages[f"{name}-{distribution.version}-0.conda"] = {
            "name": name,
            "version": distribution.version,
            "build": "0",
            "build_number": 0,
            "subdir": "noarch",
            "depends": [
                f"{canonical(need.name)} {need.specifier}".strip()
                for need in needs
                if need.marker is None or need.marker.evaluate({"extra": ""})
            ],
        }
    version = ".".join(map(str, sys.version_info[:3]))
    python = {"name": "python", "version": version, "build": "0", "build_number": 0}
    packages["python-0-0.conda"] = python | {"subdir": "noarch", "depends": []}
    repodata = {"info": {"subdir": "noarch"}, "packages": {}, "packages.conda": packages}
    (folder / "noarch").mkdir()
    (folder / "noarch" / "repodata.json").write_text(json.dumps(repodata), encoding="utf-8")
    return folder.as_uri()


def test_environment_yml_can_be_solved_at_the_tested_versions(
    tmp_path: Path, run_async: RunAsync
) -> None:
    """Parse every line as conda does, and solve it on a channel of what is installed here.

    This catches bad specifications and contradictions. It cannot prove that conda-forge has
    the packages.
    """
    import rattler

    async def solve() -> list[rattler.RepoDataRecord]:
        return await rattler.solve(
            sources=[stub_channel(tmp_path)],
            specs=[line for line in ENVIRONMENT["dependencies"] if isinstance(line, str)],
            platforms=["noarch"],
            virtual_packages=[],
        )

    solution = run_async(solve)
    solved = {record.name.normalized for record in solution}
    assert {"geopandas", "jupyterlab", "papermill", "python", "typer"} <= solved


def test_citation_and_package_agree() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]
    assert citation["cff-version"] == "1.2.0"


def test_wheel_carries_data_and_notebooks(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    notebooks = {f"horgos_geo/_notebooks/{path.name}" for path in ROOT.glob("notebooks/*.ipynb")}
    data = {
        f"horgos_geo/_data/{path.relative_to(ROOT / 'data').as_posix()}"
        for path in (ROOT / "data").rglob("*")
        if path.is_file()
    }
    assert notebooks
    assert notebooks | data <= names
