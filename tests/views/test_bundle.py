"""The scripts of pages: every import resolves, every script is one that a browser can read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from horgos_geo.core.errors import DataError
from horgos_geo.views import bundle as bundles
from horgos_geo.views.bundle import SCRIPTS, bundle, read_module

MODULES = sorted(path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.js"))
ENTRIES = ("report/map.js", "report/page.js", "route_finder/app.js", "explorer.js")


def test_every_import_leads_to_an_export() -> None:
    for name in MODULES:
        for names, source in read_module(name).imports:
            assert set(names) <= set(read_module(source).exports), f"{name} imports from {source}"


def test_every_script_is_part_of_a_page() -> None:
    joined = "".join(map(bundle, ENTRIES))
    assert [name for name in MODULES if f"// {name}\n" not in joined] == []


@pytest.mark.parametrize("name", [*MODULES, *(f"bundle of {entry}" for entry in ENTRIES)])
def test_a_script_is_well_formed(name: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no node on the path, so the syntax of scripts was not checked.")
    if name.startswith("bundle of "):
        file = tmp_path / "bundle.js"
        file.write_text(bundle(name.removeprefix("bundle of ")), encoding="utf-8")
    else:
        file = SCRIPTS / name
    checked = [node, "--check", str(file)]
    done = subprocess.run(checked, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_modules_keep_their_scope_and_run_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "a.js": 'import {b} from "./in/b.js";\nimport {c} from "./c.js";\nreport(b + c);\n',
        "in/b.js": 'import {c} from "../c.js";\nconst own = 1;\nexport const b = own + c;\n',
        "c.js": "const own = 10;\nexport const c = own;\nreport(0);\n",
    }
    write(files, tmp_path, monkeypatch)
    script = bundle("a.js")
    assert script.count("report(0)") == 1
    assert "import" not in script
    assert "export" not in script
    if node := shutil.which("node"):
        source = f"const report = (n) => console.log(n);\n{script}"
        done = subprocess.run([node, "-e", source], capture_output=True, text=True, check=True)
        assert done.stdout.split() == ["0", "21"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"x.js": 'import {no} from "./y.js";\n', "y.js": "export const yes = 1;\n"}, "no, which"),
        ({"x.js": 'import {y} from "./gone.js";\n'}, "no script gone.js"),
        (
            {
                "x.js": 'import {y} from "./y.js";\nexport const x = 1;\n',
                "y.js": 'import {x} from "./x.js";\nexport const y = 1;\n',
            },
            "in a circle",
        ),
    ],
)
def test_an_import_that_fails_is_named(
    files: dict[str, str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files, tmp_path, monkeypatch)
    with pytest.raises(DataError, match=words):
        bundle("x.js")


def write(files: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put scripts in the place of the package's own."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(bundles, "SCRIPTS", folder)
    for made in (read_module, bundle):
        made.cache_clear()


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    for made in (read_module, bundle):
        made.cache_clear()
