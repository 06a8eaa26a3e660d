"""Maps: what they draw, that labels keep clear of each other, that they ask for nothing."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from look_fixture import BAD_NAME, TOWNS, missing, nasty, route, routes

from horgos_geo.analysis.corridors import Corridor
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.text import Text
from horgos_geo.views.display import FIGURE_MIME
from horgos_geo.views.drawing import make_drawing
from horgos_geo.views.maps import (
    RouteMap,
    corridor_map,
    page_assets,
    route_figure,
    route_html,
    route_map,
)
from horgos_geo.views.static_map import FORMS, StaticMap, line_width, offset_line

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTS = re.compile(
    r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import"""
)


@cache
def shown(**values: object) -> RouteMap:
    """Draw the usual live map once for all tests that only look at it."""
    return route_map(routes(), **values)  # type: ignore[arg-type]


@cache
def drawn(
    form: str = "wide", language: str = "en", modes: tuple[str, ...] = ("road", "rail")
) -> StaticMap:
    text = Text(language)
    figure = StaticMap(make_drawing(routes(modes), text), text, form, "ISO", "m")
    figure.svg()
    return figure


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["en", "zh", "ru"])
def test_no_label_overlaps_a_label_a_symbol_or_the_frame(form: str, language: str) -> None:
    figure = drawn(form, language)
    assert figure.placed
    boxes = [(p.request.lines[0].text, p.box) for p in figure.placed]
    for i, (name, box) in enumerate(boxes):
        assert box[0] >= 0, name
        assert box[1] >= 0, name
        assert box[2] <= figure.style.width, name
        assert box[3] <= figure.style.height, name
        for other, taken in boxes[i + 1 :]:
            assert not overlap(box, taken), (name, other)
        for symbol in figure.layout.symbols:
            assert not overlap(box, symbol), name


def test_every_destination_and_the_gateway_are_named_on_the_wide_map() -> None:
    named = {p.request.lines[0].text for p in drawn().placed}
    assert {"Horgos", *(town[0] for town in TOWNS.values())} <= named


def test_gateway_stands_in_three_scripts() -> None:
    label = next(p for p in drawn(language="ru").placed if p.request.kind == "gateway")
    assert [words.text for words in label.request.lines] == ["Хоргос", "Horgos", "霍尔果斯"]


def test_shared_line_counts_its_destinations_once() -> None:
    drawing = make_drawing([route("almaty", "road"), route("tashkent", "road")], Text())
    assert {line.destinations for line in drawing.lines} == {("almaty", "tashkent"), ("tashkent",)}
    total = sum(line.length_km for line in drawing.lines if "tashkent" in line.destinations)
    assert total == pytest.approx(route("tashkent", "road").length_km)


def test_trunk_is_wider_than_a_branch_and_never_a_motorway() -> None:
    style = FORMS["wide"]
    assert line_width(1, 10, style) == pytest.approx(1.9)
    assert line_width(10, 10, style) == pytest.approx(1.9 + 0.27 * 9)
    assert line_width(190, 190, style) == pytest.approx(1.9 + 0.27 * 9)


def test_offset_moves_a_line_to_its_left_by_pixels() -> None:
    moved = offset_line(np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]]), 2.7)
    assert moved[:, 1] == pytest.approx([-2.7] * 3)


def test_modes_differ_by_more_than_colour() -> None:
    css = (Path(__file__).parents[2] / "horgos_geo/views/templates/report/map.css").read_text(
        "utf-8"
    )
    assert "stroke-dasharray" in re.search(r"\.ln\.m-rail\{[^}]*", css)[0]  # type: ignore[index]
    assert "stroke-dasharray" not in re.search(r"\.ln\.m-road\{[^}]*", css)[0]  # type: ignore[index]


def test_closed_country_is_hatched_and_says_so() -> None:
    svg = route_figure(routes()).html
    assert "pattern" in svg
    assert "closed in this scenario" in svg


def test_ferry_has_ports_and_gauge_break_its_widths() -> None:
    svg = route_figure(routes(("rail",))).html
    assert 'class="ln m-ferry"' in svg
    assert "sym-port" in svg
    assert "1520 → 1435" in svg


def test_map_of_a_missing_route_still_shows_both_ends() -> None:
    svg = route_figure([missing()]).html
    assert "Horgos" in svg
    assert "Tehran" in svg
    assert "no route" in svg


def test_hostile_names_stay_text() -> None:
    bad = nasty()
    for html in (route_figure([bad]).html, route_map([bad]).html, route_html(bad)):
        assert BAD_NAME not in html
        assert "A<b>" not in html
    payload = re.search(r'-data">(.*?)</script>', route_map([bad]).html, re.S)
    assert payload is not None
    assert "</script" not in payload[1]
    assert "A\\u003cb>" in payload[1]


def test_same_routes_make_the_same_bytes() -> None:
    assert route_map(routes()).page() == shown().page()


def test_notebook_and_report_get_their_own_face() -> None:
    bundle = shown()._repr_mimebundle_()
    assert "<iframe" in bundle["text/html"]
    assert "map-svg map-wide" not in bundle["text/html"]
    bare = bundle[FIGURE_MIME]["html"]
    assert len(bundle["text/html"]) + len(bare) < 700_000
    assert "<iframe" not in bare
    assert "L.Map=" not in bare
    assert len(bare) < 250_000
    assert 'class="map-svg map-wide"' in bare


def test_page_holds_a_basemap_once_for_each_view() -> None:
    one, two = shown(), route_map(routes(("road",)), language="ru")
    chinese = route_map(routes(), language="zh", viewpoint="CN")
    names = [*one.basemaps, *two.basemaps]
    assert page_assets(names).count('type="application/json"') == 1
    assert page_assets([*names, *chinese.basemaps]).count('type="application/json"') == 2


def test_nothing_points_to_another_host() -> None:
    page = shown().page()
    # Leaflet names itself in a link that is shown only with tiles.
    assert not HOSTS.search(page.replace('<a href="https://leafletjs.com"', ""))
    assert "sourceMappingURL" not in page


def test_folium_elements_reach_the_page() -> None:
    import folium

    marked = route_map(routes(("road",)))
    marked.add_child(folium.CircleMarker(marked.point(69.2, 41.3), radius=5))
    assert "L.circleMarker" in marked.html


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"language": "xx"}, "no language"),
        ({"viewpoint": "XX"}, "no viewpoint"),
        ({"tiles": "https://tile/{z}/{x}/{y}.png"}, "Web Mercator"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(values: dict[str, str], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        route_map(routes(), **values)  # type: ignore[arg-type]


def test_no_routes_and_unknown_width_are_refused() -> None:
    with pytest.raises(ScenarioError, match="no route"):
        route_figure([])
    with pytest.raises(ScenarioError, match="no width"):
        route_figure(routes(), width="huge")


@pytest.mark.browser
@pytest.mark.parametrize("mercator", [False, True])
def test_live_map_draws_answers_and_filters(
    browser: Browser, tmp_path: Path, mercator: bool
) -> None:
    page_file = shown(mercator=mercator).save(tmp_path / "map.html")
    page = browser.new_page(viewport={"width": 1232, "height": 760})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith(("file:", "data:")) else problems.append(r.url),
    )
    page.goto(page_file.as_uri())
    page.wait_for_selector(".map.is-live")
    assert page.locator(".map-live path.ln.m-road").count() > 0
    labels = page.locator(".map-over .lb-dest").all_text_contents()
    assert {"Almaty", "Moscow", "Duisburg"} <= set(labels)
    clear = page.evaluate(
        """() => { const p = Object.values(HorgosMaps.all)[0].placed.map(x => x.box);
        return p.every((a, i) => p.every((b, j) => i === j ||
          !(a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]))); }"""
    )
    assert clear
    page.locator(".map-over [data-key=d-moscow]").click()
    assert "Moscow" in page.locator(".map-tip").inner_text()
    assert page.locator(".map-live path.ln.is-dim").count() > 0
    page.keyboard.press("Escape")
    page.locator(".map-live").focus()
    page.keyboard.press("Escape")
    page.locator("button[value=rail]").click()
    assert page.locator("button[value=rail]").get_attribute("aria-pressed") == "false"
    assert page.locator(".map-live path.ln.m-rail").first.is_hidden()
    exported = page.evaluate("() => HorgosMaps.geojson(Object.values(HorgosMaps.all)[0])")
    start = exported["features"][0]["geometry"]["coordinates"][0][0]
    assert start == pytest.approx([80.41, 44.21], abs=0.02)
    assert problems == []
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1232, 390])
def test_labels_of_the_live_map_are_whole(browser: Browser, tmp_path: Path, width: int) -> None:
    page_file = shown(mercator=False).save(tmp_path / "map.html")
    page = browser.new_page(viewport={"width": width, "height": 760})
    page.goto(page_file.as_uri())
    page.wait_for_selector(".map.is-live")
    cut = page.evaluate(
        """() => { const f = document.querySelector('.map-frame').getBoundingClientRect();
        const globe = document.querySelector('.map-globe circle');
        const g = globe && globe.getBoundingClientRect();
        return [...document.querySelectorAll('.map-over text')].filter(t => {
          const b = t.getBoundingClientRect();
          return b.left < f.left || b.top < f.top || b.right > f.right || b.bottom > f.bottom ||
            (g && b.left < g.right && g.left < b.right && b.top < g.bottom && g.top < b.bottom);
        }).map(t => t.textContent); }"""
    )
    assert cut == []
    size = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.map-over .lb-dest')).fontSize)"
    )
    assert size == (14 if width > 700 else 12)
    assert page.locator(".map-globe").count() == (width > 700)
    page.close()


@pytest.mark.browser
def test_without_script_and_on_paper_the_picture_stands(browser: Browser, tmp_path: Path) -> None:
    page_file = shown(mercator=False).save(tmp_path / "map.html")
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(page_file.as_uri())
    assert plain.locator(".map-svg.map-wide").is_visible()
    plain.close()
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.wait_for_selector(".map.is-live")
    page.emulate_media(media="print")
    assert page.locator(".map-svg.map-wide").is_visible()
    assert page.locator(".map-live").is_hidden()
    page.close()


def test_corridors_are_lettered_and_what_blocks_them_is_marked() -> None:
    way, other = route("moscow", "rail"), route("moscow", "road")
    shut = other.crossings[-1]
    found = [
        Corridor("A", "Northern", way, 1.0, 0.0),
        Corridor("B", "Southern", other, 1.2, 0.1, "closed", (shut.id,)),
    ]
    drawing = make_drawing([way], Text(), found)
    symbols = {symbol.key: symbol for symbol in drawing.symbols}
    assert [symbols[f"l-{letter}"].kind for letter in "AB"] == ["letter", "letter"]
    assert symbols[f"x-{shut.id}"].kind == "blocked"
    assert drawing.places == {"A": "A · Northern", "B": "B · Southern"}
    assert {line.blocked for line in drawing.lines if line.destinations == ("B",)} == {True}
    html = corridor_map(found, way).html
    assert 'class="ln m-road is-shut"' in html
    key_and_wide = html.split("map-svg map-phone")[0]
    assert key_and_wide.count('class="g-letter-t"') == 1 + 2


def test_the_gauge_break_at_the_gateway_stands_beside_it() -> None:
    figure = StaticMap(make_drawing(routes(("rail",)), Text()), Text(), "wide", "ISO", "m")
    figure.svg()
    gate = next((x, y) for s, x, y in figure.shown if s.kind == "gateway")
    beside = [math.hypot(x - gate[0], y - gate[1]) for s, x, y in figure.shown if s.kind == "gauge"]
    assert min(beside) > 17
