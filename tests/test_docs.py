"""The documentation: its links lead somewhere, and its Python runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
CONSOLE = re.compile(r"^\$ (horgos .*)$", re.MULTILINE)
FILE = re.compile(r"^```(?:yaml|csv)\n# ?(\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LAYERS = "cli|reports|views|validation|analysis|build|routing|model|core"
NAMED = re.compile(rf"`((?:{LAYERS})/[\w/]*\.?\w*)`")


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    dead = []
    for groups in LINK.findall(page.read_text("utf-8")):
        link = "".join(groups)
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(link)
    assert dead == []


def test_the_architecture_names_files_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = set(NAMED.findall(text))
    assert len(named) > 15
    assert [name for name in sorted(named) if not (ROOT / "horgos_geo" / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_python_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = BLOCK.findall(page.read_text("utf-8"))
    if not blocks:
        pytest.skip("no Python here")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)  # one page is one session
    assert names


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_of_a_page_run(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    lines = CONSOLE.findall(text)
    if not lines:
        pytest.skip("no commands here")
    for name, content in FILE.findall(text):
        (tmp_path / name).write_text(content, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for line in lines:
        command = [sys.executable, "-m", "horgos_geo.cli", *shlex.split(line)[1:]]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
