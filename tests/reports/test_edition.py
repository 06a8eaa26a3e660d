"""What a notebook's cells become on a page: answers first, nothing of widgets, no script run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from horgos_geo.reports.edition import Edition, make_edition
from horgos_geo.reports.notebook import Notebook
from horgos_geo.reports.page import render
from horgos_geo.reports.papermill import Run
from horgos_geo.views.display import FIGURE_MIME, Figure, as_json
from horgos_geo.views.sections import headline, section, side_by_side

v4 = nbformat.v4


def edition(tmp_path: Path, *cells: Any) -> Edition:
    book = v4.new_notebook(cells=list(cells))
    nbformat.write(book, tmp_path / "90-trial.ipynb")
    return make_edition(Notebook(tmp_path / "90-trial.ipynb"), Run(book), {})


def code(*outputs: Any, source: str = "x") -> Any:
    return v4.new_code_cell(source, outputs=list(outputs))


def shown(**data: Any) -> Any:
    return v4.new_output("display_data", data)


def figure(made: Any) -> Any:
    return v4.new_output("display_data", {"text/html": "alone", FIGURE_MIME: as_json(made)})


def text(source: str) -> Any:
    return v4.new_markdown_cell(source)


def test_an_answer_takes_the_place_of_the_introduction(tmp_path: Path) -> None:
    top = headline("It is 320 km.", "More.")
    made = edition(tmp_path, text("# Study\n\nChange it."), code(figure(top)))
    assert made.headline == "It is 320 km."
    page = render([made])
    assert "Change it." not in page
    assert page.count("<h1") == 1
    assert "<title>Study</title>" in page
    assert '<meta name="description" content="It is 320 km.">' in page


def test_a_notebook_with_a_title_of_its_own_has_one_heading(tmp_path: Path) -> None:
    page = render([edition(tmp_path, text("# My study"), code())])
    assert page.count("<h1") == 1


def test_a_question_stands_above_the_finding_that_answers_it(tmp_path: Path) -> None:
    beside = side_by_side(section("A.", anchor="a", short="A"), section("B.", anchor="b"))
    made = edition(tmp_path, text("## How far?"), code(figure(beside)), text("## And then?"),
                   code(figure(Figure("<p>no heading</p>"))))  # fmt: skip
    assert [heading.text for heading in made.sections] == ["A.", "B.", "And then?"]
    page = render([made])
    assert '<p class="eyebrow question">How far?</p>' in page
    assert "<h2>How far?" not in page
    assert "<h2>And then?" in page
    for id_ in ("a", "b", "And-then?"):
        assert page.count(f' id="{id_}"') == 1


def test_what_only_a_server_could_run_is_left_out(tmp_path: Path) -> None:
    widget = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "HBox(children=())"}
    page = render([edition(tmp_path, code(shown(**widget), shown(**{"text/plain": "<b>4</b>"})))])
    assert "HBox" not in page
    assert "&lt;b&gt;4&lt;/b&gt;" in page


@pytest.mark.parametrize(
    "cell",
    [
        text("## <script>alert(1)</script>"),
        text("<img src=x onerror=alert(1)>"),
        text("[x](javascript:alert(1))"),
        code(source="'</pre><script>alert(1)</script>'"),
        code(v4.new_output("stream", name="stdout", text="<script>alert(1)</script>")),
        code(v4.new_output("error", ename="<b>", evalue="<script>", traceback=[])),
    ],
)
def test_text_and_code_stay_text(tmp_path: Path, cell: Any) -> None:
    page = render([edition(tmp_path, cell)])
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def test_a_page_loads_no_formulas(tmp_path: Path) -> None:
    page = render([edition(tmp_path, text("It costs $4 and $5."))])
    assert "$4 and $5" in page
    assert "mathjax" not in page.lower()
    cell = Figure("<p>$4 and $5</p>")._repr_html_()
    assert "tex2jax_ignore" in cell
    assert "mathjax_ignore" in cell


def test_basemaps_stand_in_a_page_once(tmp_path: Path) -> None:
    map_ = Figure("<p>map</p>", basemaps=["horgos-base-ISO-km"])
    made = edition(tmp_path, code(figure(map_), figure(map_)))
    assert made.basemaps == ("horgos-base-ISO-km",)
    page = render([made])
    assert page.count('id="horgos-base-ISO-km"') == 1
    assert "HorgosMaps" in page
    assert "HorgosMaps" not in render([edition(tmp_path, code())])
