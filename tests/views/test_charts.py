"""Charts and words: numbers shown are the numbers computed, every string is escaped."""

from __future__ import annotations

import ast
import csv
import io
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from look_fixture import BAD_NAME, HORGOS, missing, nasty, route, routes

from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.text import CATALOGUES, LANGUAGES, Text, keys
from horgos_geo.views import charts
from horgos_geo.views.chart_forms import ticks
from horgos_geo.views.display import FIGURE_MIME, Heading
from horgos_geo.views.route_rows import by_destination, hours

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PACKAGE = Path(charts.__file__).parent
OWN = sorted(file.stem for file in PACKAGE.glob("*.py"))


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_rows_come_nearest_by_road_first_and_missing_last() -> None:
    rows = by_destination(
        [missing("tehran", "road"), *(r for r in routes() if r.destination.id != "tehran")]
    )
    lengths = [row.sort_km for row in rows]
    assert lengths == sorted(lengths)
    assert rows[-1].place.id == "tehran"


def test_hours_add_up_to_the_route() -> None:
    for one in routes():
        assert sum(hours(one).values()) == pytest.approx(one.time_h.central)


def test_stretches_add_up_to_the_route() -> None:
    for one in routes():
        assert sum(km for _, km in charts.stretches(one)) == pytest.approx(one.length_km)


@pytest.mark.parametrize(
    ("most", "expected"), [(8400, [0, 2000, 4000, 6000, 8000]), (16, [0, 5, 10, 15])]
)
def test_axes_carry_round_numbers(most: float, expected: list[float]) -> None:
    assert ticks(most, 4 if most > 100 else 3) == expected


def test_axis_of_nothing_is_not_an_error() -> None:
    assert ticks(float("nan")) == [0.0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_describes_itself_and_shows_each_value(language: str) -> None:
    text = Text(language)
    shown = routes()
    for make in (charts.distance_chart, charts.country_strips):
        html = make(shown, language=language).html
        assert 'role="img" aria-label="' in html
        for one in shown:
            assert text.km_number(one.length_km) in html
            assert text.place(one.destination) in html
    days = charts.days_chart(shown, language=language).html
    assert all(text.days(one.time_h.central, unit=False) in days for one in shown)


def test_a_missing_route_says_why_in_every_chart() -> None:
    mixed = [route("tehran", "road"), missing("tehran", "rail")]
    for make in (
        charts.distance_chart,
        charts.days_chart,
        charts.country_strips,
        charts.data_table,
    ):
        html = make(mixed).html
        assert "closed by scenario" in html
        assert "nan" not in html.lower()
    assert "closed by scenario" in charts.itinerary(mixed[1]).html
    assert "closed by scenario" in charts.route_summary(mixed[1]).html


def test_charts_of_no_routes_are_empty_not_broken() -> None:
    for make in (
        charts.distance_chart,
        charts.days_chart,
        charts.country_strips,
        charts.data_table,
    ):
        assert "figure" in make([]).html


def test_itinerary_shows_waits_ferry_and_gauge() -> None:
    html = charts.itinerary(route("baku", "rail")).html
    for part in ("it-move m-ferry", "s-gauge", "s-border", "Khorgos"):
        assert part in html
    assert charts.itinerary(route("almaty", "road")).html.count("<li") == 2 + 1


def test_itinerary_can_be_read_by_kilometres() -> None:
    shown = route("baku", "rail")
    html = charts.itinerary(shown).html
    by_days, by_km = html.split('<div class="it-wide it-km">')
    assert html.count('type="radio"') == 2
    assert "it-pick-days" in by_days
    assert " checked" in by_days.split("it-pick-km")[0]
    shares = [float(w) for w in re.findall(r'class="it-part" style="width:([\d.]+)%', by_km)]
    assert sum(shares) == pytest.approx(100, abs=0.5)
    assert "it-spot" in by_km
    assert "it-wait" not in by_km


def test_downloaded_table_has_the_computed_numbers() -> None:
    shown = [*routes(), missing("tehran", "rail")]
    uri = re.search(r'href="data:text/csv;charset=utf-8,([^"]*)"', charts.data_table(shown).html)
    assert uri is not None
    rows = list(csv.DictReader(io.StringIO(unquote(uri[1]).removeprefix("\ufeff"))))
    assert len(rows) == len(shown)
    for row, one in zip(rows, shown, strict=True):
        assert row["status"] == one.status
        if math.isfinite(one.length_km):
            assert float(row["length_km"]) == pytest.approx(one.length_km, abs=0.05)
            assert float(row["time_h"]) == pytest.approx(one.time_h.central, abs=0.05)
        else:
            assert row["length_km"] == ""


def test_table_cells_sort_by_what_was_computed() -> None:
    html = charts.data_table(routes(("road",))).html
    first = re.search(r'Almaty</span>.*?<td[^>]*data-s="([\d.]+)"', html, re.S)
    assert first is not None
    assert float(first[1]) == pytest.approx(route("almaty", "road").length_km, abs=0.001)


def test_heat_map_tints_by_size_and_says_no_route() -> None:
    values = {("Almaty", "Russia"): 0.0, ("Moscow", "Russia"): math.nan, ("Moscow", "Iran"): 12.0}
    html = charts.heat_map(["Almaty", "Moscow"], ["Russia", "Iran"], values).html
    assert "+12%" in html
    assert "no route" in html
    assert html.count("<td") == 1 + 4


def test_hostile_names_stay_text() -> None:
    bad = nasty()
    made = [
        charts.distance_chart([bad]), charts.days_chart([bad]), charts.country_strips([bad]),
        charts.data_table([bad], name=BAD_NAME), charts.itinerary(bad), charts.route_summary(bad),
        charts.headline(BAD_NAME, BAD_NAME, BAD_NAME), charts.key_figures([(BAD_NAME,) * 3]),
        charts.section(BAD_NAME, BAD_NAME, anchor=BAD_NAME, short=BAD_NAME),
        charts.heat_map([BAD_NAME], [BAD_NAME], {}, title=BAD_NAME, caption=BAD_NAME),
    ]  # fmt: skip
    for figure in made:
        assert "A<b>" not in figure.html
        assert "</script" not in figure.html


def test_headline_sets_words_bold() -> None:
    assert (
        "<strong>42% of the time</strong>"
        in charts.headline("x", "It is **42% of the time**.").html
    )


def test_section_takes_a_chart_and_its_anchor() -> None:
    made = charts.section("Finding", "How to read.", charts.distance_chart(routes()), "far", "Far")
    assert '<h2 data-name="far">Finding</h2>' in made.html
    assert "chart-dots" in made.html
    assert made.headings == (Heading(2, "Finding", "far", "Far"),)


def test_numbers_follow_the_language() -> None:
    assert Text("en").km(6456) == "6,460\u00a0km"
    assert Text("ru").km(6456) == "6\u202f460\u00a0км"
    assert Text("ru").number(12.34, 1) == "12,3"
    assert Text("zh").km(6456) == "6,460\u00a0公里"
    assert Text().number(-4.0) == "−4"
    assert Text().number(math.nan) == "–"
    assert Text().days(24) == "1\u00a0day"
    assert Text().days(14 * 24) == "14\u00a0days"
    assert Text().days_range(10 * 24, 19 * 24) == "10–19"


def test_names_follow_the_language() -> None:
    assert [Text(code).place(HORGOS) for code in LANGUAGES] == ["Horgos", "霍尔果斯", "Хоргос"]
    assert Text("ru").country("UZB") == "Узбекистан"
    assert Text().country("SEA") == "Sea"
    assert Text().country("XYZ") == "XYZ"


@pytest.mark.parametrize("name", sorted(file.stem for file in CATALOGUES.glob("*.csv")))
def test_catalogue_is_complete_and_its_slots_agree(name: str) -> None:
    with (CATALOGUES / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    key = next(iter(rows[0]))
    if key != "key":
        return  # phrases and cells of notebooks stand under their own words
    assert len({row[key] for row in rows}) == len(rows)
    for row in rows:
        slots = {code: set(re.findall(r"\{(\w+)", row[code])) for code in LANGUAGES}
        assert all(row[code] for code in LANGUAGES), row[key]
        assert slots["zh"] <= slots["en"], row[key]
        assert slots["ru"] <= slots["en"], row[key]


def test_no_two_catalogues_have_a_key_in_common() -> None:
    seen: dict[str, str] = {}
    for file in CATALOGUES.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                assert (
                    seen.setdefault(row.get("key") or f"{file.stem}:{row}", file.stem) == file.stem
                )


def test_every_word_used_is_in_the_catalogue() -> None:
    known = set(keys())
    for name in OWN:
        for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "text"
            ):
                key = node.args[0]
                if isinstance(key, ast.Constant):
                    assert key.value in known, (name, key.value)


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ScenarioError, match="Choose one of en, zh, ru"):
        Text("xx")


def test_figures_carry_their_style_in_a_notebook_only() -> None:
    bundle = charts.distance_chart(routes())._repr_mimebundle_()
    assert "<style>" in bundle["text/html"]
    assert "<style>" not in bundle[FIGURE_MIME]["html"]
    assert len(bundle["text/html"]) < 200_000


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_charts_fit_their_page(browser: Browser, tmp_path: Path, width: int) -> None:
    from horgos_geo.views.assets import cell_style

    shown = routes()
    figures = [
        charts.distance_chart(shown), charts.days_chart(shown), charts.country_strips(shown),
        charts.itinerary(route("baku", "rail")), charts.data_table(shown),
        *_wide_tables(),
    ]  # fmt: skip
    body = "".join(f"<section>{figure.html}</section>" for figure in figures)
    file = tmp_path / "charts.html"
    head = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    )
    file.write_text(f"{head}<style>{cell_style()}body{{margin:16px}}</style>{body}", "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        "[...document.querySelectorAll('figure > .scroll')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1)"
        ".map(e => e.textContent.slice(0, 60))"
    )
    assert cut == []
    page.close()


def _wide_tables() -> list[charts.Figure]:
    from horgos_geo.views.tables import Column, table

    towns = [f"Town number {n}" for n in range(8)]
    values = {(row, column): 4_321.0 for row in towns for column in towns}
    values[towns[0], towns[1]] = math.nan
    head = ["Name", "Kind of thing", *towns]
    row = ["Somewhere", "of words that go on and on", *(1_234.5 for _ in towns)]
    words = ["A · Northern", "https://example.org/" + 30 * "long", *("12 (6–21)" for _ in towns)]
    return [
        charts.heat_map(towns[:7], towns[:7], values, digits=-1, unit=""),
        table([Column(name) for name in head], [row], Text("en"), "wide"),
        table([Column(h, words=i < 2) for i, h in enumerate(head)], [words], Text("en"), "words"),
    ]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_no_label_of_a_strip_is_cut_or_under_a_sign(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    from horgos_geo.views.assets import cell_style

    file = tmp_path / "strips.html"
    figure = charts.country_strips(routes())
    file.write_text(f'<meta charset="utf-8"><style>{cell_style()}</style>{figure.html}', "utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    shown, bad = page.evaluate(
        """() => {
        const seen = [], bad = [];
        for (const bar of document.querySelectorAll('.strip-bar')) {
          const signs = [...bar.querySelectorAll('.strip-gauge svg')].map(
            e => e.getBoundingClientRect());
          for (const part of bar.querySelectorAll('.seg')) {
            const words = document.createRange(), span = part.querySelector('span');
            if (!span || getComputedStyle(span).display === 'none') continue;
            words.selectNodeContents(span);
            const box = words.getBoundingClientRect(), room = part.getBoundingClientRect();
            seen.push(span.textContent);
            if (box.right > room.right + .5) bad.push('cut: ' + span.textContent);
            if (signs.some(s => s.left < box.right - 1 && box.left + 1 < s.right))
              bad.push('under: ' + span.textContent);
          }
        }
        return [seen.length, bad];
        }"""
    )
    assert shown > 5
    assert bad == []
    page.close()
