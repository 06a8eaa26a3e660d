"""The atlas: what is encoded is what was computed, and the page shows it when clicked."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np
import pytest
from fixture import fixture_network
from places_fixture import PLACES
from seeing import WIDTHS, opened, serious

from horgos_geo.analysis.corridors import OVERLAP, STRETCH
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.polyline import decode
from horgos_geo.core.text import Text
from horgos_geo.model.scenario import Scenario
from horgos_geo.reports.report_index import Entry, update_manifest
from horgos_geo.reports.route_finder import build as atlas, page as _atlas_page
from horgos_geo.reports.route_finder.data import SCALES, to_json
from horgos_geo.reports.route_finder.lines import STEP_KM, TOLERANCE_KM, cut
from horgos_geo.reports.route_finder.routes import MODES, Computed, compute
from horgos_geo.views.browser_words import words_json
from horgos_geo.views.bundle import bundle
from horgos_geo.views.projection import project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ENDS = ["almaty", "astana", "moscow", "tashkent", "baku"]
NAMED = {
    "tashkent": replace(
        PLACES["tashkent"], names={"en": "Tashkent", "zh": "塔什干", "ru": "Ташкент"}
    ),
    "moscow": replace(PLACES["moscow"], names={"en": "Moscow", "zh": "莫斯科", "ru": "Москва"}),
}
SCENARIOS = {
    "base": Scenario(),
    "all-ferries": Scenario(name="ferries", ferries=True),
    "shut": Scenario(name="<b>RUS shut</b>", closed_countries=("RUS",)),
}


@pytest.fixture(scope="module")
def computed() -> Computed:
    """Return the fixture country's routes for a few places, all modes, three scenarios."""
    return compute(
        PLACES["horgos"],
        [NAMED.get(name, PLACES[name]) for name in ENDS],
        network=fixture_network(),
        among=SCENARIOS,
        criteria=("time", "distance"),
    )


@pytest.fixture(scope="module")
def page_url(computed: Computed, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the atlas of the fixture country."""
    start = _atlas_page.Start(to="moscow", mode="rail")
    file: Path = tmp_path_factory.mktemp("atlas") / "index.html"
    file.write_text(atlas.render(computed, start=start), encoding="utf-8")
    return file.as_uri()


def numbers(text: str) -> list[int]:
    values, shift, result, last = [], 0, 0, 0
    for byte in text.encode():
        part = byte - 63
        result |= (part & 0x1F) << shift
        shift += 5
        if part < 0x20:
            last += ~(result >> 1) if result & 1 else result >> 1
            values.append(last)
            shift = result = 0
    return values


def test_lines_come_back_from_their_pieces() -> None:
    trunk = np.column_stack([np.linspace(60, 70, 40), np.linspace(40, 44, 40)])
    branch = np.vstack([trunk[:25], [[68.0, 39.0], [69.0, 38.0]]])
    lines = [trunk, trunk[::-1], branch]
    pieces = cut(lines)
    assert len(pieces.texts) == 3, "the trunk's two halves and the branch"
    for line, runs in zip(lines, pieces.lines, strict=True):
        parts = []
        for first, count in decode(runs, 1.0).astype(int):
            for number in range(first, first + count):
                part = decode(pieces.texts[abs(number) - 1], STEP_KM)
                parts.append(part if number > 0 else part[::-1])
        back = np.concatenate(parts)
        wanted = project(line)
        assert np.abs(back[[0, -1]] - wanted[[0, -1]]).max() <= STEP_KM
        import shapely

        gap = shapely.hausdorff_distance(shapely.LineString(back), shapely.LineString(wanted))
        assert gap <= TOLERANCE_KM + 2 * STEP_KM


def test_every_route_keeps_its_totals(computed: Computed) -> None:
    content = json.loads(to_json(computed))
    best = numbers(content["best"])
    at = 0
    for i in range(len(ENDS)):
        for mode in computed.modes:
            for scenario in computed.scenarios:
                for criterion in computed.criteria:
                    route = computed.routes[mode, scenario, criterion][i]
                    number = best[at]
                    at += 1
                    if not route.found:
                        assert content["statuses"][-1 - number] == route.status
                        continue
                    _, error, _, legs, _ = content["routes"][number]
                    rows = [content["legs"][n] for n in numbers(legs)]
                    rows = [r for r in rows if content["kinds"][r[0]] not in ("access", "snap")]
                    total = sum(row[4] for row in rows) / SCALES["length_km"]
                    assert total == pytest.approx(route.length_km, abs=0.02)
                    hours = sum(row[5] for row in rows) / SCALES["time_h"]
                    assert hours == pytest.approx(route.time_h.central, abs=0.2)
                    assert error / 100 == pytest.approx(route.error_pct, abs=0.01)
    assert at == len(best)


def test_what_the_data_says_cannot_leave_its_script(computed: Computed) -> None:
    html = atlas.render(computed)
    assert "<b>RUS shut" not in html
    assert len(re.findall(r"</script", html)) == len(re.findall(r"<script", html))
    without_links = re.sub(r"<a\b[^>]*>", "", html)
    assert not re.search(r"""\b(?:src|href)\s*=\s*["']?(https?:)?//""", without_links)
    assert not re.search(r"""url\(\s*["']?(?:https?:)?//""", without_links)


def test_a_page_is_reused_while_its_hash_holds(
    computed: Computed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def routed(*_args: object, **_options: object) -> Computed:
        calls.append(1)
        return computed

    monkeypatch.setattr(atlas._atlas_routes, "compute", routed)
    monkeypatch.setattr(atlas, "fingerprint", lambda: "a" * 64)
    page = atlas.build(tmp_path, viewpoint="CN")
    (tmp_path / "01-test.html").write_text("a report", encoding="utf-8")
    listed = Entry("01-test", "01-test.html", "01", {"en": "One & two"}, {"en": ""}, 1)
    update_manifest(tmp_path, [listed])
    atlas.build(tmp_path)
    assert len(calls) == 1
    html = page.read_text(encoding="utf-8")
    assert "01-test.html" in html
    assert "One &amp; two" in html
    assert atlas.refresh(tmp_path) == page
    assert atlas.refresh(tmp_path / "nothing") is None
    monkeypatch.setattr(atlas, "fingerprint", lambda: "b" * 64)
    atlas.build(tmp_path)
    assert len(calls) == 2


def test_unknown_viewpoints_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no viewpoint"):
        atlas.build(tmp_path, viewpoint="XX")


def test_all_words_are_there_in_three_languages() -> None:
    words = json.loads(words_json("en", "ISO"))["words"]
    said = bundle("route_finder/app.js")
    said += (_atlas_page.FOLDER / "index.html.j2").read_text(encoding="utf-8")
    for key in re.findall(r"""\bt\(["']([a-z_0-9]+)["'][,)]""", said):
        for language, row in words.items():
            assert row.get(key) or Text(language)(key), f"{language} has no word for {key}"
            assert key in row or "page_" in key or key in ("skip", "edition"), key


# In a browser

browser_test = pytest.mark.browser


def figures(page: Page) -> str:
    return page.inner_text(".figures").replace("\u00a0", " ")


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", list(WIDTHS))
def test_the_page_opens_offline(browser: Browser, page_url: str, width: str, scheme: str) -> None:
    with opened(browser, page_url, width, scheme) as seen:
        assert seen.errors == []
        assert seen.outside == []
        assert len([url for url in seen.requests if url.startswith("file:")]) == 1
        assert seen.overflow <= 0, "the page can be scrolled sideways"
        assert seen.page.locator("path.ln.is-chosen").count() >= 1
        assert serious(seen.page) == []


@browser_test
def test_labels_do_not_cover_one_another(browser: Browser, page_url: str) -> None:
    for width in WIDTHS:
        with opened(browser, page_url, width) as seen:
            boxes = seen.page.evaluate("RouteFinder.map.placed.map(p => p.box)")
            assert len(boxes) > 4
            for a, b in combinations(boxes, 2):
                apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
                assert apart, (a, b)


@browser_test
def test_clicking_shows_what_was_computed(
    browser: Browser, page_url: str, computed: Computed
) -> None:
    text = Text("en")
    with opened(browser, page_url) as seen:
        page = seen.page
        page.click("[role=combobox]")
        page.keyboard.type("ташкент")
        page.keyboard.press("Enter")
        for mode in MODES:
            page.click(f"#mode button[value={mode}]")
            for criterion in computed.criteria:
                page.click(f"#criterion button[value={criterion}]")
                for scenario in computed.scenarios:
                    page.click(f"#scenario button[value='{scenario}']")
                    route = computed.routes[mode, scenario, criterion][ENDS.index("tashkent")]
                    if not route.found:
                        assert page.is_visible(".missing")
                        assert text.status(route.status) in page.inner_text(".m-why")
                        continue
                    shown = figures(page)
                    assert text.km(route.length_km).replace("\u00a0", " ") in shown
                    assert text.days(route.time_h.central).replace("\u00a0", " ") in shown
                    assert text.error(route.error_km).replace("\u00a0", " ") in shown
                    assert f"mode={mode}" in page.url
        assert seen.errors == []


@browser_test
def test_a_link_opens_the_same_route(browser: Browser, page_url: str) -> None:
    link = f"{page_url}#to=baku&mode=multimodal&min=time&scenario=all-ferries&axis=km"
    with opened(browser, link) as seen:
        page = seen.page
        assert page.input_value("[role=combobox]") == "Baku"
        assert page.get_attribute("#axis button[value=km]", "aria-checked") == "true"
        first = figures(page)
        assert page.locator(".sym-port").count() == 2
        page.click("#criterion button[value=distance]")
        page.go_back()
        page.wait_for_timeout(100)
        assert "min=time" in page.url
        assert figures(page) == first
    with opened(browser, f"{page_url}#to=%3Cb%3E&mode={quote('<i>')}&c=Z&scenario=x") as seen:
        assert seen.errors == []
        assert seen.page.input_value("[role=combobox]") == "Moscow"


@browser_test
def test_closed_countries_block_and_say_where(browser: Browser, page_url: str) -> None:
    with opened(browser, f"{page_url}#to=moscow&mode=rail&min=time&scenario=shut") as seen:
        page = seen.page
        assert page.is_visible(".missing")
        assert "Petropavl" in page.inner_text(".corridors")
        assert page.locator(".sym-blocked").count() == 1
        assert page.locator("path.closed-land").count() == 1
        assert page.inner_text("#scenario button[value=shut]") == "<b>RUS shut</b>"


@browser_test
def test_it_works_by_keyboard_alone(browser: Browser, page_url: str) -> None:
    with opened(browser, page_url) as seen:
        page = seen.page
        page.focus("#mode [aria-checked=true]")
        page.keyboard.press("ArrowLeft")
        assert "mode=road" in page.url
        page.focus("[role=combobox]")
        page.keyboard.type("alma")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert "to=" in page.url
        page.focus(".map-live")
        before = page.evaluate("RouteFinder.map.view.kmPerPixel")
        page.keyboard.press("+")
        assert page.evaluate("RouteFinder.map.view.kmPerPixel") < before
        page.keyboard.press("0")
        assert page.evaluate("RouteFinder.map.view.kmPerPixel") == pytest.approx(before)


@browser_test
@pytest.mark.parametrize("language", ["zh", "ru"])
def test_the_page_speaks_the_language(browser: Browser, page_url: str, language: str) -> None:
    text = Text(language)
    with opened(browser, page_url) as seen:
        page = seen.page
        page.click(f".langs [data-lang={language}]")
        shown = page.inner_text("body")
        assert text("atlas_itinerary") in shown
        assert NAMED["moscow"].label(language) in page.input_value("[role=combobox]")
        for word in ("Itinerary", "Copy link", "Corridors", "days", "borders"):
            assert word not in shown
        assert f"lang={language}" in page.url


@browser_test
def test_it_prints_and_lists_reports(browser: Browser, page_url: str, tmp_path: Path) -> None:
    with opened(browser, page_url) as seen:
        pdf = seen.page.pdf(path=tmp_path / "atlas.pdf", prefer_css_page_size=True)
        assert len(pdf) > 20_000
        seen.page.click(".topnav [data-view=reports]")
        assert seen.page.is_visible("#reports h1")
        assert not seen.page.is_visible("#app")
        seen.page.click(".topnav [data-view=finder]")
        assert seen.page.is_visible("#app")
    with opened(browser, page_url, java_script_enabled=False) as seen:
        assert seen.page.is_visible("#reports h1")


@browser_test
def test_an_answer_comes_within_a_second(browser: Browser, page_url: str) -> None:
    with opened(browser, page_url) as seen:
        took = seen.page.evaluate(
            "() => { const t = performance.now(); document.querySelector('#mode [value=road]')"
            ".click(); RouteFinder.map.view.layout(); return performance.now() - t; }"
        )
        assert took < 1000


def test_the_page_keeps_the_limits_of_corridors():
    script = bundle("route_finder/app.js")
    assert f"STRETCH = {STRETCH}, OVERLAP = {OVERLAP};" in script
