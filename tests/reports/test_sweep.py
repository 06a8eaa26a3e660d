"""Sweeps: plans with keys, resuming, failing runs, killed workers, unescaped nothing."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from horgos_geo.core.errors import MissingData, PlaceNotFound, ScenarioError
from horgos_geo.model.network import Network, save_network
from horgos_geo.reports import sweep, sweep_plan
from horgos_geo.reports.sweep_plan import plan, read_sweep

CELL = """
import time
time.sleep(pause)
assert word != "bad", "this word is refused"
from horgos_geo.views.display import Figure, FigureTable, join
from horgos_geo.views.sections import headline
table = FigureTable("words", ["letters"], [[len(word)]])
join([headline(f"{len(word)} letters"), Figure("", tables=[table])])
"""


@pytest.fixture
def project(tmp_path: Path, network: Network) -> Path:
    """Return a folder with a quick notebook, two tables of places and a network."""
    parameters = nbformat.v4.new_code_cell('word: str = "one"  # a word\npause: float = 0.0  # s')
    parameters.metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Words"), parameters,
               nbformat.v4.new_code_cell(CELL)],
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}},
    )  # fmt: skip
    nbformat.write(notebook, tmp_path / "90-words.ipynb")
    (tmp_path / "a.csv").write_text("id,lon,lat\nalmaty,77.0,43.3\n")
    (tmp_path / "b.csv").write_text("id,lon,lat\nastana,71.4,51.2\nsea,20,0\n")
    save_network(network, tmp_path / "net")
    return tmp_path


def write(project: Path, text: str) -> Path:
    (project / "sweep.yaml").write_text(text, encoding="utf-8")
    return project / "sweep.yaml"


GOOD = """
name: words
notebooks: [90-words.ipynb]
grid:
  word: [one, three, "<script>alert(1)</script>"]
  modes: [[road], [rail]]
matrices: [{name: m, origins: a.csv, destinations: b.csv}]
"""


def test_a_plan_holds_each_run_once(project: Path) -> None:
    runs = plan(read_sweep(write(project, GOOD)), project / "net")
    reports = [run for run in runs if run.kind == "report"]
    assert [run.parameters["word"] for run in reports] == ["one", "three",
                                                           "<script>alert(1)</script>"]  # fmt: skip
    matrices = [run for run in runs if run.kind == "matrix"]
    assert [run.scenario.modes for run in matrices if run.scenario] == [("road",), ("rail",)]
    assert len({run.key for run in runs}) == len(runs) == 5


def test_a_key_hangs_on_notebook_parameters_tables_and_data(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(project, GOOD)
    keys = {run.stem for run in plan(read_sweep(file))}
    assert {run.stem for run in plan(read_sweep(file))} == keys
    sweep_plan._table_hash.cache_clear()
    (project / "b.csv").write_text("id,lon,lat\nastana,71.4,51.3\n")
    changed = {run.stem for run in plan(read_sweep(file))}
    assert len(keys & changed) == 3
    monkeypatch.setattr(sweep_plan, "versions", lambda: {"data": "other", "code": ""})
    assert not {run.stem for run in plan(read_sweep(file))} & changed


def test_a_key_hangs_on_what_a_scenario_file_says_and_on_the_network(project: Path) -> None:
    scenario = project / "s.yaml"
    file = write(project, f"notebooks: [1]\nfixed: {{scenario: {scenario}}}")
    keys = []
    for text, network in (
        ("outbound: no", None),
        ("outbound: yes", None),
        ("outbound: yes", project / "net"),
    ):
        scenario.write_text(text)
        keys += [run.key for run in plan(read_sweep(file), network)]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("name: x", ScenarioError, "no notebooks and no matrices"),
        ("notebooks: [nothing-such]", MissingData, "no report"),
        ("notebooks: [90-words.ipynb]\ngrid: {wrod: [a]}", ScenarioError, "Did you mean word"),
        ("notebooks: [90-words.ipynb]\ngrid: {word: []}", ScenarioError, "no values"),
        ("notebooks: [90-words.ipynb]\ngrid: {pause: [soon]}", ScenarioError, "must be float"),
        ("notebooks: [90-words.ipynb]\ngrid: [1]", ScenarioError, "grid"),
        ("notebooks: [90-words.ipynb]\nname: ../../etc", ScenarioError, "name"),
        ("notebooks: [1]\ngrid: {origin: [Nowhereville-xq]}", PlaceNotFound, "Nowhereville"),
        ("notebooks: [1]\ngrid: {language: [en, xx]}", ScenarioError, "language"),
        ("notebooks: [90-words.ipynb]\nscheme: 1", ScenarioError, "no field"),
        ("matrices: [{name: m, origins: gone.csv, destinations: b.csv}]", MissingData, "gone.csv"),
        ("notebooks: [90-words.ipynb]\ngrid: {word: [" + "a," * 200 + "], pause: ["
         + "1," * 200 + "]}", ScenarioError, "40,000 combinations"),
        ("matrices: [{name: m, origins: a.csv, destinations: b.csv}]\ngrid: {minimise: [luck]}",
         ScenarioError, "minimise"),
    ],
)  # fmt: skip
def test_a_bad_sweep_is_refused_before_anything_starts(
    project: Path, text: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        sweep.sweep(write(project, text), out=project / "out")
    assert not (project / "out").exists()


def test_without_dask_the_first_line_says_what_to_install(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingData, match="pip install distributed"):
        sweep.sweep(write(project, GOOD), out=project / "out")
    assert not (project / "out").exists()


def test_runs_are_made_kept_and_summed_up(project: Path) -> None:
    file, out = write(project, GOOD.replace("three,", "bad,")), project / "out"
    first = sweep.sweep(file, out=out, workers=2, network=project / "net")
    assert len(first.records) == 5
    assert first.kept == 0
    assert [record["error"] for record in first.failed] != []
    assert "this word is refused" in first.failed[0]["error"]
    pages = sorted((out / "runs").glob("*.html"))
    assert len([page for page in pages if not page.name.endswith(".failed.html")]) == 2
    text = (out / "summary.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["status"] for row in rows} == {"done", "failed"}
    assert "3 letters" in {row["headline"] for row in rows}
    answered = [row for row in rows if row["kind"] == "matrix"]
    assert {row["m pairs"] for row in answered} == {"2"}
    assert all(float(row["m mean"]) > 900 for row in answered)
    done = [row for row in rows if row["status"] == "done" and row["kind"] == "report"]
    assert {row["words letters"] for row in done} == {"3.0", "25.0"}
    table = (out / "tables" / "90-words.words.csv").read_text(encoding="utf-8")
    letters = {(row["word"], row["letters"]) for row in csv.DictReader(table.splitlines())}
    assert letters == {("one", "3"), ("<script>alert(1)</script>", "25")}
    html = (out / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html
    stamps = {page: page.stat().st_mtime_ns for page in pages}
    again = sweep.sweep(file, out=out, workers=1, network=project / "net")
    assert again.kept == 4  # what failed is tried again
    good = [page for page in pages if not page.name.endswith(".failed.html")]
    assert all(page.stat().st_mtime_ns == stamps[page] for page in good)


@pytest.mark.slow
def test_killed_workers_and_a_killed_command_lose_nothing(project: Path) -> None:
    words = ", ".join(f"w{'o' * n}rd" for n in range(8))
    text = f"name: k\nnotebooks: [90-words.ipynb]\nfixed: {{pause: 1.0}}\ngrid: {{word: [{words}]}}"
    file, out = write(project, text), project / "out"
    command = [sys.executable, "-m", "horgos_geo.cli", "sweep", str(file), "--out", str(out),
               "--workers", "2"]  # fmt: skip
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _wait(lambda: len(_records(out)) >= 1)
    family = _family(process.pid)
    worker = next(child.pid for child in family if "spawn_main" in " ".join(child.cmdline()))
    os.kill(worker, signal.SIGKILL)
    _wait(lambda: len(_records(out)) >= 3)
    family |= _family(process.pid)
    process.kill()
    process.wait()
    assert len(family) > 2  # the workers and their kernels
    assert not psutil.wait_procs(family, timeout=120)[1], "processes that nobody ends"
    before = _records(out)
    assert 3 <= len(before) < 8
    summary = sweep.sweep(file, out=out, workers=2)
    assert summary.kept >= len(before)
    assert not summary.failed
    after = _records(out)
    assert len(after) == 8
    assert all(after[name] == stamp for name, stamp in before.items())
    for page in (out / "runs").glob("*.html"):
        assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")


def _records(out: Path) -> dict[str, Any]:
    files = (out / "records").glob("*.json")
    return {file.name: file.stat().st_mtime_ns for file in files if json.loads(file.read_text())}


def _wait(ready: Any, most_s: float = 120.0) -> None:
    end = time.monotonic() + most_s
    while not ready():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.05)


def _family(parent: int) -> set[psutil.Process]:
    return set(psutil.Process(parent).children(recursive=True))
