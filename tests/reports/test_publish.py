"""Reports: parameters checked, failures contained, pages that need nothing from outside."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from horgos_geo.core.text import LANGUAGES, read_catalogue
from horgos_geo.core.errors import (
    DataError,
    HorgosError,
    MissingData,
    OutputError,
    ReportError,
    ScenarioError,
)
from horgos_geo.reports import publish as report
from horgos_geo.reports.notebook import Notebook, find_notebooks
from horgos_geo.reports.validate_parameters import check_parameters

PARAMETERS = """\
from typing import Literal
origin: str = "Horgos"  # where the routes start
places: list[str] = ["KAZ", "UZB"]  # where they end
sizes: list[int] = []
count: int = 3
share: float = 0.5
ignore_border_penalty: bool = False
language: Literal["en", "zh", "ru"] = "en"
gateway: str | None = None
viewpoint: str = "ISO"
note: str = ""
plain = 7
closed_countries: list[str] = []
"""


def notebook(
    folder: Path, *cells: str, name: str = "90-trial", parameters: str = PARAMETERS
) -> Notebook:
    """Write a notebook with a parameters cell and the given code cells."""
    book = nbformat.v4.new_notebook()
    head = nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})
    title = nbformat.v4.new_markdown_cell("# A trial", id="title")
    code = [nbformat.v4.new_code_cell(cell, id=f"c{i}") for i, cell in enumerate(cells)]
    book.cells = [title, head, *code]
    path = folder / f"{name}.ipynb"
    nbformat.write(book, path)
    return Notebook(path)


def build(trial: Notebook, out: Path, **options: Any) -> str:
    (page,) = report.build([str(trial.path)], out=out, **options)
    return page.read_text(encoding="utf-8")


# Parameters --------------------------------------------------------------------------------


def test_parameters_are_read_with_type_default_and_help(tmp_path: Path) -> None:
    parameters = notebook(tmp_path).parameters
    assert list(parameters)[:2] == ["origin", "places"]
    assert parameters["places"].type == list[str]
    assert parameters["places"].default == ["KAZ", "UZB"]
    assert parameters["origin"].help == "where the routes start"
    assert parameters["plain"].type is int


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("origin=Almaty", "Almaty"),
        ("origin=007", "007"),
        ("origin=a=b", "a=b"),
        ("origin=", ""),
        ("places=KAZ, Duisburg", ["KAZ", "Duisburg"]),
        ('places=["a, b"]', ["a, b"]),
        ("sizes=1,2", [1, 2]),
        ("count=7", 7),
        ("share=1e-1", 0.1),
        ("ignore_border_penalty=yes", True),
        ("ignore_border_penalty=0", False),
        ("language=zh", "zh"),
        ("gateway=none", None),
        ("gateway=Dostyk", "Dostyk"),
    ],
)
def test_settings_are_read_by_type(tmp_path: Path, setting: str, value: Any) -> None:
    checked = check_parameters([notebook(tmp_path)], settings=[setting])["90-trial"]
    assert checked == {setting.partition("=")[0]: value}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("orgin=x", "Did you mean origin? Valid: origin, places"),
        ("count=many", "Parameter count must be int, not 'many'. Its default is 3."),
        ("count=1.5", "must be int"),
        ("share=nan", "must be float"),
        ("ignore_border_penalty=perhaps", "must be bool"),
        ("language=fr", "must be Literal['en', 'zh', 'ru']"),
        ("sizes=1,b", "must be list[int]"),
        ("places=[[[", "must be list[str]"),
        ("places=[!!python/object:os.system x]", "must be list[str]"),
        ("origin", "Write --set KEY=VALUE"),
        ("origin=" + "x" * 20_000, "must be str"),
    ],
)
def test_bad_settings_are_refused_in_one_sentence(
    tmp_path: Path, setting: str, sentence: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        check_parameters([notebook(tmp_path)], settings=[setting])
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_values_from_yaml_are_checked_not_converted(tmp_path: Path) -> None:
    trial = notebook(tmp_path)
    for values, sentence in [
        ({"origin": 7}, "origin must be str, not 7"),
        ({"origin": False}, "Put the word in quotes"),
        ({"places": "KAZ"}, "places must be list[str]"),
        ({"count": True}, None),
    ]:
        if sentence is None:
            continue
        with pytest.raises(ScenarioError, match=re.escape(sentence)):
            check_parameters([trial], values)


def test_a_parameter_goes_to_the_notebooks_that_have_it(tmp_path: Path) -> None:
    first = notebook(tmp_path, name="91-a", parameters="a: int = 1\nboth: int = 0")
    second = notebook(tmp_path, name="92-b", parameters="b: int = 1\nboth: int = 0")
    assert check_parameters([first, second], {"a": 5, "both": 6}) == {
        "91-a": {"a": 5, "both": 6},
        "92-b": {"both": 6},
    }
    with pytest.raises(ScenarioError, match="Valid: a, both, b"):
        check_parameters([first, second], {"c": 1})


def test_nothing_in_a_parameters_cell_is_evaluated(tmp_path: Path) -> None:
    trial = notebook(tmp_path, parameters="x: __import__('os').system('false') = 1\ny = open('z')")
    assert trial.parameters["x"].type is Any
    assert trial.parameters["y"].default is None


def test_a_file_that_is_no_notebook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "93-broken.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="not a Jupyter notebook"):
        _ = Notebook(path).parameters


def test_notebooks_are_found_by_number_and_by_name() -> None:
    every = {found.name for found in find_notebooks()}
    assert "01-routes-from-horgos" in every
    for spelling in ("1", "01", "routes-from-horgos", "01-routes-from-horgos"):
        assert [found.name for found in find_notebooks([spelling])] == ["01-routes-from-horgos"]
    with pytest.raises(MissingData, match="Did you mean 01-routes-from-horgos"):
        find_notebooks(["routes-from-horgs"])


def test_shipped_notebooks_keep_the_rules_of_notebooks() -> None:
    from papermill import inspect_notebook

    for found in find_notebooks():
        raw = json.loads(found.path.read_text(encoding="utf-8"))
        assert raw["metadata"]["kernelspec"]["name"] == "python3"
        assert found.parameters, f"{found.name} has no parameters cell"
        assert all(item.help for item in found.parameters.values())
        simple = {
            name
            for name, item in found.parameters.items()
            if "|" not in item.type_name and "'" not in item.type_name
        }
        assert simple <= set(inspect_notebook(str(found.path))), "papermill reads it otherwise"
        for cell in found.cells:
            assert cell.get("outputs", []) == [], f"{found.name} has stored outputs"
            if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
                lines = [line for line in cell["source"].splitlines() if line.strip()]
                assert 2 <= len(lines) <= 9, f"{found.name}: {lines[0]} has {len(lines)} lines"


def test_every_question_of_a_notebook_stands_in_three_languages() -> None:
    rows = {(row["notebook"], row["cell"]): row for row in read_catalogue("notebooks")}
    asked = {}
    for found in find_notebooks():
        for cell in found.cells:
            if cell["cell_type"] == "markdown" and cell["id"] != "title":
                asked[found.name, cell["id"]] = cell["source"]
    assert {key: row["en"] for key, row in rows.items()} == asked
    assert all(row[language] for row in rows.values() for language in LANGUAGES)


# Runs --------------------------------------------------------------------------------------


def test_a_report_is_published_with_its_parameters(tmp_path: Path) -> None:
    trial = notebook(
        tmp_path, "print(note, count)", "import sys; print('hush' * 2, file=sys.stderr)"
    )
    html = build(trial, tmp_path / "out", settings=["note=<script>alert(1)</script>", "count=9"])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 9" in html
    assert "<script>alert" not in html
    assert "hushhush" not in html
    assert "OpenStreetMap contributors" in html
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert 'href="90-trial.html"' in index
    assert "A trial" in index


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    trial = notebook(
        tmp_path, "origin * 2", "from IPython.display import HTML; HTML('<h2 id=x>y</h2>')"
    )
    first = build(trial, tmp_path / "a", settings=["count=1"])
    assert build(trial, tmp_path / "b", settings=["count=1"]) == first


def test_a_failed_run_leaves_the_last_good_page(tmp_path: Path) -> None:
    out = tmp_path / "out"
    good = build(notebook(tmp_path, "'all is well'"), out)
    trial = notebook(
        tmp_path, "1 + 1", "raise ValueError('no <b>such</b> thing')", "'never reached'"
    )
    with pytest.raises(
        ReportError, match=r"90-trial failed in code cell 3 \(raise ValueError"
    ) as caught:
        report.build([str(trial.path)], settings=["count=4"], out=out)
    assert "\n" not in str(caught.value)
    assert (out / "90-trial.html").read_text(encoding="utf-8") == good
    failed = (out / "90-trial.failed.html").read_text(encoding="utf-8")
    assert "not complete" in failed
    assert "no &lt;b&gt;such&lt;/b&gt; thing" in failed
    assert "Traceback" in (out / "logs" / "90-trial.log").read_text(encoding="utf-8")
    assert "90-trial.failed" not in (out / "index.html").read_text(encoding="utf-8")
    build(notebook(tmp_path, "'well again'"), out)
    assert not (out / "90-trial.failed.html").exists()


def test_the_other_reports_are_built_when_one_fails(tmp_path: Path) -> None:
    bad = notebook(tmp_path, "1/0", name="91-bad")
    good = notebook(tmp_path, "1/1", name="92-good")
    ended: dict[str, bool] = {}
    with pytest.raises(ReportError, match="91-bad"):
        report.build(
            [str(bad.path), str(good.path)],
            out=tmp_path / "out",
            jobs=2,
            progress=ended.__setitem__,
        )
    assert ended == {"91-bad": False, "92-good": True}
    assert (tmp_path / "out" / "92-good.html").exists()


def test_a_kernel_that_dies_is_one_sentence(tmp_path: Path) -> None:
    trial = notebook(tmp_path, "import os; os._exit(1)")
    with pytest.raises(ReportError, match="The kernel that ran 90-trial stopped"):
        report.build([str(trial.path)], out=tmp_path / "out")


def test_the_kernel_is_the_running_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A registered python3 kernel of another interpreter, as many people have, must not be used.
    spec = {
        "argv": ["/nowhere/python", "{connection_file}"],
        "display_name": "x",
        "language": "python",
    }
    folder = tmp_path / "jupyter" / "kernels" / "python3"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    html = build(notebook(tmp_path, "import sys\nsys.executable"), tmp_path / "out")
    assert sys.executable in html


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("closed_countries=Narnia", "Narnia"),
        ("origin=Nowhereville", "Nowhereville"),
        ("origin=95,200", "latitude"),
        ("viewpoint=XX", "no view XX"),
    ],
)
def test_invalid_values_are_refused_before_a_kernel_starts(
    tmp_path: Path, setting: str, sentence: str
) -> None:
    with pytest.raises(HorgosError, match=sentence):
        report.build([str(notebook(tmp_path).path)], settings=[setting], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_named_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="not a folder"):
        report.build([str(notebook(tmp_path).path)], out=tmp_path / "out")


def test_a_page_holds_every_language(tmp_path: Path) -> None:
    trial = notebook(tmp_path, "print('language is', language)")
    page = build(trial, tmp_path / "out")
    said = re.findall(r'<div class="edition" lang="(\w+)"[^>]*>.*?language is (\w+)', page, re.S)
    assert said == [("en", "en"), ("zh", "zh"), ("ru", "ru")]
    assert re.findall(r'class="edition" lang="(\w+)"[^>]* hidden', page) == ["zh", "ru"]
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    alone = build(trial, tmp_path / "one", settings=["language=ru"])
    assert re.findall(r'class="edition" lang="(\w+)"', alone) == ["ru"]
    assert 'class="langs"' not in alone


def test_a_page_sent_alone_has_no_dead_link(tmp_path: Path) -> None:
    page = build(notebook(tmp_path, "1"), tmp_path / "out")
    targets = set(re.findall(r' id="([^"]*)"', page)) | {"en", "zh", "ru"}
    links = re.findall(r'href="([^"]*)"', page)
    assert {link for link in links if not link.startswith(("#", "data:", "https:"))} == set()
    assert {link[1:] for link in links if link.startswith("#")} <= targets


def test_nothing_on_a_page_depends_on_day_or_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from horgos_geo.reports import provenance

    first = build(notebook(tmp_path, "1"), tmp_path / "a")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    monkeypatch.chdir(tmp_path)
    assert build(notebook(tmp_path, "1"), tmp_path / "b") == first
    assert provenance.data_hash()[:16] in first
