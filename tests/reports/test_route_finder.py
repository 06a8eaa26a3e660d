"""The route finder: what its page finds is what the router finds, and it shows it when clicked."""

from __future__ import annotations

import itertools
import json
import random
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pytest
from fixture import fixture_network
from places_fixture import PLACES
from seeing import WIDTHS, opened, serious

from horgos_geo.analysis.corridors import corridors
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.text import LANGUAGES, Text
from horgos_geo.model.network import Network, load_network
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.reports.route_finder.build import build, known_places, scenarios
from horgos_geo.reports.route_finder.data import STEP_KM, TOLERANCE_KM, to_json
from horgos_geo.reports.route_finder.overlay import CHOICES, build_overlay
from horgos_geo.reports.route_finder.page import Start, render
from horgos_geo.routing.route import Route
from horgos_geo.routing.router import Router
from horgos_geo.views import assets
from horgos_geo.views.browser_words import words_json
from horgos_geo.views.bundle import SCRIPTS, bundle
from horgos_geo.views.projection import project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMED = {
    "tashkent": replace(
        PLACES["tashkent"], names={"en": "Tashkent", "zh": "塔什干", "ru": "Ташкент"}
    ),
    "moscow": replace(PLACES["moscow"], names={"en": "Moscow", "zh": "莫斯科", "ru": "Москва"}),
}
KNOWN = {name: NAMED.get(name, place) for name, place in PLACES.items() if place.country}
OFFERED = {
    "base": Scenario(),
    "all-ferries": Scenario(name="ferries", ferries=True),
    "shut": Scenario(name="<b>RUS shut</b>", closed_countries=("RUS",)),
}
MINIMISE = ("time", "distance", "cost", "co2e", "generalised")
ASK = Path(__file__).with_name("ask_route_finder.mjs")
Question = dict[str, Any]


@pytest.fixture(scope="module")
def network() -> Network:
    """Return the fixture country."""
    return fixture_network()


@pytest.fixture(scope="module")
def data(network: Network) -> str:
    """Return the document of the fixture country."""
    return to_json(build_overlay(network, list(KNOWN.values())), OFFERED)


@pytest.fixture(scope="module")
def page_url(data: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the route finder of the fixture country."""
    file: Path = tmp_path_factory.mktemp("finder") / "route-finder.html"
    html = render(data, language="en", viewpoint="ISO", start=Start(to="moscow", mode="rail"))
    file.write_text(html, encoding="utf-8")
    return file.as_uri()


def ask(data: str, questions: Iterable[Question], folder: Path) -> list[Any]:
    """Put questions to the page's own modules; skip where there is no node to run them."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no node on the path, so the page's search was not asked.")
    (folder / "data.json").write_text(data, encoding="utf-8")
    lines = "\n".join(json.dumps(question) for question in questions)
    (folder / "questions.jsonl").write_text(lines, encoding="utf-8")
    command = [node, str(ASK), str(SCRIPTS), str(folder / "data.json"), str(folder / "questions.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["answer"] for line in done.stdout.splitlines()]


def routed(router: Router, places: dict[str, Place], question: Question) -> Route:
    """Put the same question to the router."""
    changes = {
        "modes": question["modes"], "minimise": question["minimise"],
        "borders": question.get("borders", "central"), "ferries": question.get("ferries", False),
        "closed_countries": question.get("countries", ()),
        "closed_crossings": question.get("crossings", ()),
    }  # fmt: skip
    asked = router.with_(**changes)
    return asked.route(places[question["origin"]], places[question["destination"]])


def differences(route: Route, answer: Any) -> Iterator[str]:
    """Yield what the page tells otherwise than the router: totals within half a percent.

    Where all is shut that joins a place, the router looks for other network near it, even over the
    border; the page does not, and says so.
    """
    if answer["parted"]:
        return
    if answer["status"] != route.status:
        yield f"status {answer['status']} for {route.status}"
        return
    if not route.found:
        return
    if tuple(answer["countries"]) != route.countries:
        yield f"countries {answer['countries']} for {route.countries}"
    crossings = [crossing.id for crossing in route.crossings]
    if answer["crossings"] != crossings:
        yield f"crossings {answer['crossings']} for {crossings}"
    totals = {"km": route.length_km, "error": route.error_km, "greatCircle": route.great_circle_km}
    bands = {"time": route.time_h, "cost": route.cost_usd_per_teu, "co2e": route.co2e_kg_per_t}
    for name, band in bands.items():
        three = (band.central, band.low, band.high)
        totals |= {f"{name} {i}": value for i, value in enumerate(three)}
        answer |= {f"{name} {i}": value for i, value in enumerate(answer[name])}
    for name, value in totals.items():
        if answer[name] != pytest.approx(value, rel=0.005, abs=0.06):
            yield f"{name} {answer[name]} for {value}"


def is_tie_by_emission(question: Question, found: list[str]) -> bool:
    """Tell whether two answers emit the same over the same crossings, for other hours and dollars.

    A change of gauge emits nothing, so by emission alone a route with one more is as good.
    """
    return question["minimise"] == "co2e" and all(
        words.startswith(("time ", "cost ")) for words in found
    )


def test_the_page_finds_what_the_router_finds(data: str, network: Network, tmp_path: Path) -> None:
    shut: list[Question] = [
        {}, {"ferries": True}, {"countries": ["RUS"]}, {"crossings": ["petropavl-road"]},
        {"countries": ["KAZ"], "ferries": True}, {"borders": "high"},
        {"crossings": ["horgos-road", "horgos-rail"], "ferries": ["aktau-alat-ferry"]},
    ]  # fmt: skip
    asked = [
        {"origin": origin, "destination": destination, "modes": modes, "minimise": minimise, **more}
        for origin, destination in itertools.permutations(KNOWN, 2)
        for (modes, minimise, more) in itertools.product(CHOICES, MINIMISE[:3], shut)
    ]
    asked = random.Random(7).sample(asked, 900)
    router = Router(network)
    wrong = [
        (question, found)
        for question, answer in zip(asked, ask(data, asked, tmp_path), strict=True)
        if (found := list(differences(routed(router, KNOWN, question), answer)))
    ]
    assert wrong == []


def test_the_page_says_where_it_may_differ(data: str, tmp_path: Path) -> None:
    ends = {"origin": "horgos", "destination": "omsk", "modes": ["rail"], "minimise": "time"}
    cases: list[Question] = [
        {}, {"countries": ["AZE"]}, {"crossings": ["petropavl-road"]},
        {"crossings": ["horgos-rail"]}, {"crossings": ["petropavl-rail"]},
    ]  # fmt: skip
    answers = ask(data, [{**ends, **more} for more in cases], tmp_path)
    assert [answer["parted"] for answer in answers[:4]] == [[], [], [], ["horgos"]]


def test_every_route_begins_and_ends_as_the_routers_does(
    data: str, network: Network, tmp_path: Path
) -> None:
    asked = [
        {"origin": "horgos", "destination": name, "modes": modes, "minimise": "time", "ferries": True}
        for name in KNOWN if name != "horgos" for modes in CHOICES
    ]  # fmt: skip
    router = Router(network)
    for question, answer in zip(asked, ask(data, asked, tmp_path), strict=True):
        route = routed(router, KNOWN, question)
        if route.found:
            assert merged(answer["legs"]) == merged(leg.kind for leg in route.legs), question


def merged(kinds: Iterable[str]) -> list[str]:
    """Return kinds of legs, those that follow one another once: gauges part legs on paper only."""
    return [kind for kind, _ in itertools.groupby(kinds)]


def test_stretches_keep_their_length_and_their_line(network: Network, data: str) -> None:
    import shapely

    overlay = build_overlay(network, list(KNOWN.values()))
    content = json.loads(data)
    lines = content["stretches"]["lines"].split(" ")
    assert len(lines) == len(overlay.stretches)
    used = {edge for stretch in overlay.stretches for edge, _ in stretch.edges}
    assert sum(s.length_km for s in overlay.stretches) == pytest.approx(
        network.length_km[list(used)].sum()
    )
    for stretch in overlay.stretches:
        line = shapely.LineString(project(stretch.lonlat(network)))
        ends = project(
            np.column_stack([network.lon, network.lat])[overlay.nodes[[stretch.u, stretch.v]]]
        )
        assert np.abs(np.array(line.coords)[[0, -1]] - ends).max() < STEP_KM
        assert line.simplify(TOLERANCE_KM).hausdorff_distance(line) <= TOLERANCE_KM


def test_edges_with_speeds_of_their_own_and_one_way_edges_are_kept_apart(
    network: Network, tmp_path: Path
) -> None:
    speed, oneway = network.speed_kmh.copy(), network.oneway.copy()
    speed[network.is_mode("road") & (network.length_km > 300)] = 20.0
    oneway[np.flatnonzero(network.is_mode("road") & (network.crossing < 0))[0]] = True
    changed = replace(network, speed_kmh=speed, oneway=oneway)
    data = to_json(build_overlay(changed, list(KNOWN.values())), OFFERED)
    assert json.loads(data)["stretches"]["signed"] != []
    assert json.loads(data)["stretches"]["oneWay"] != []
    asked = [
        {"origin": origin, "destination": destination, "modes": ["road"], "minimise": minimise}
        for origin, destination in itertools.permutations(KNOWN, 2)
        for minimise in ("time", "distance")
    ]
    router = Router(changed)
    for question, answer in zip(asked, ask(data, asked, tmp_path), strict=True):
        assert list(differences(routed(router, KNOWN, question), answer)) == [], question


def test_corridors_are_those_of_the_command(data: str, network: Network, tmp_path: Path) -> None:
    asked = [
        {"origin": "horgos", "destination": end, "modes": modes, "minimise": minimise,
         "ferries": ferries, "corridors": True}
        for end in ("moscow", "samara", "baku", "tehran") for modes in CHOICES
        for minimise in ("time", "distance") for ferries in (False, True)
    ]  # fmt: skip
    router = Router(network)
    for question, answers in zip(asked, ask(data, asked, tmp_path), strict=True):
        changes = {key: question[key] for key in ("modes", "minimise", "ferries")}
        found = corridors(router.with_(**changes), KNOWN["horgos"], KNOWN[question["destination"]])
        told = [(a["letter"], tuple(a["countries"]), round(a["km"])) for a in answers if a["open"]]
        known = [(c.letter, c.route.countries, round(c.route.length_km)) for c in found if c.open]
        assert told == known, question


@pytest.mark.slow
def test_the_page_finds_what_the_router_finds_on_the_real_network(tmp_path: Path) -> None:
    network, places = load_network(), {place.id: place for place in known_places()}
    data = to_json(build_overlay(network, list(places.values())), scenarios())
    dice, router = random.Random(11), Router(network)
    transit = ("RUS", "KAZ", "UZB", "TKM", "IRN", "BLR", "POL", "TUR", "AZE", "GEO", "KGZ", "MNG")
    posts = [crossing.id for crossing in network.crossings if crossing.is_event]
    asked = []
    while len(asked) < 150:
        origin = "horgos" if dice.random() < 0.4 else dice.choice(list(places))
        question = {
            "origin": origin, "destination": dice.choice(list(places)),
            "modes": dice.choice(CHOICES), "minimise": dice.choice(MINIMISE),
            "ferries": dice.random() < 0.3, "borders": dice.choice(["central", "low", "high"]),
            "countries": dice.sample(transit, dice.choice([0, 0, 1, 2])),
            "crossings": dice.sample(posts, dice.choice([0, 3])),
        }  # fmt: skip
        if question["origin"] != question["destination"]:
            asked.append(question)
    wrong = [
        (question, found)
        for question, answer in zip(asked, ask(data, asked, tmp_path), strict=True)
        if (found := list(differences(routed(router, places, question), answer)))
    ]
    assert [item for item in wrong if not is_tie_by_emission(*item)] == []


def test_the_same_network_makes_the_same_document(network: Network, data: str) -> None:
    assert to_json(build_overlay(network, list(KNOWN.values())), OFFERED) == data


def test_what_the_data_says_cannot_leave_its_script(data: str) -> None:
    html = render(data, language="en", viewpoint="ISO")
    assert "<b>RUS shut" not in html
    assert len(re.findall(r"</script", html)) == len(re.findall(r"<script", html))
    without_links = re.sub(r"<a\b[^>]*>", "", html)
    assert not re.search(r"""\b(?:src|href)\s*=\s*["']?(https?:)?//""", without_links)
    assert not re.search(r"""url\(\s*["']?(?:https?:)?//""", without_links)


def test_unknown_viewpoints_and_languages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no viewpoint"):
        build(tmp_path, viewpoint="XX")
    with pytest.raises(ScenarioError, match="no language"):
        build(tmp_path, language="xx")


def test_all_words_are_there_in_three_languages() -> None:
    words = json.loads(words_json("en", "ISO"))["words"]
    said = bundle("route_finder/app.js")
    template = assets.TEMPLATES / "route_finder" / "index.html.j2"
    said += template.read_text(encoding="utf-8")
    used = re.findall(r"""\bt\(["']([a-z_0-9]+)["'][,)]""", said)
    used += re.findall(r"""data-(?:t|label|hint)="([a-z_0-9]+)\"""", said)
    used += re.findall(r"""\b(?:choice|field)\("[\w-]+", "(\w+)\"""", said)
    assert len(set(used)) > 40
    for key in used:
        for language in LANGUAGES:
            assert words[language].get(key), f"{language} has no word for {key}"


# In a browser

browser_test = pytest.mark.browser


def figures(page: Page) -> str:
    return page.inner_text(".figures").replace("\u00a0", " ")


def settled(page: Page) -> None:
    """Wait until all corridors are found."""
    page.wait_for_function("document.querySelector('.corridors').getAttribute('aria-busy') === 'false'")


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", list(WIDTHS))
def test_the_page_opens_offline(browser: Browser, page_url: str, width: str, scheme: str) -> None:
    with opened(browser, page_url, width, scheme) as seen:
        settled(seen.page)
        assert seen.errors == []
        assert seen.outside == []
        assert len([url for url in seen.requests if url.startswith("file:")]) == 1
        assert seen.overflow <= 0, "the page can be scrolled sideways"
        assert seen.page.locator("path.ln.is-chosen").count() >= 1
        assert serious(seen.page) == []


@browser_test
def test_labels_keep_clear_and_belong_to_their_dots(browser: Browser, page_url: str) -> None:
    for width in WIDTHS:
        with opened(browser, page_url, width) as seen:
            boxes = seen.page.evaluate("RouteFinder.map.placed.map(p => p.box)")
            assert len(boxes) > 4
            for a, b in itertools.combinations(boxes, 2):
                apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
                assert apart, (a, b)
            astray = seen.page.evaluate(
                """() => { const gap = (b, s) => Math.hypot(Math.max(b[0] - s.x, s.x - b[2], 0),
                  Math.max(b[1] - s.y, s.y - b[3], 0)) - s.radius;
                  const owned = RouteFinder.map.placed.filter(p => p.wish.owner);
                  return owned.filter(p => owned.some(q => q !== p &&
                    gap(p.box, q.wish.owner) < gap(p.box, p.wish.owner))).map(p => p.wish.kind); }"""
            )
            assert astray == []


@browser_test
@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_it_fits_every_width_and_shows_both_ends(
    browser: Browser, page_url: str, width: int
) -> None:
    with opened(browser, f"{page_url}#to=moscow&mode=rail&min=time", "phone") as seen:
        page = seen.page
        page.set_viewport_size({"width": width, "height": 800})
        page.reload()
        settled(page)
        assert seen.overflow <= 0
        hidden = page.evaluate(
            """() => { const {map, state} = RouteFinder, v = map.view, over = v.overlays();
              return ['from', 'to'].filter(k => { const p = RouteFinder.places.get(state[k]);
                const [x, y] = v.toPixel(p.x, p.y);
                return x < 0 || y < 0 || x > v.size[0] || y > v.size[1] ||
                  over.some(o => x > o[0] && x < o[2] && y > o[1] && y < o[3]); }); }"""
        )
        assert hidden == []
        cut = page.evaluate(
            """() => [...document.querySelectorAll('.choice button, .tool, .r-title, .figures dd')]
              .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1)
              .map(e => e.textContent)"""
        )
        assert cut == []
        order = page.evaluate(
            """() => { const tops = ['.s-from input', '.s-to input', '#scenario button', '.map-live',
              '.result', '.corridors'].map(s => document.querySelector(s));
              return tops.every((e, i) => !i || tops[i - 1].compareDocumentPosition(e) & 4); }"""
        )
        assert order or width >= 1000, "what stands first is reached first"


@browser_test
def test_clicking_shows_what_the_router_finds(
    browser: Browser, page_url: str, network: Network
) -> None:
    text, router = Text("en"), Router(network)
    with opened(browser, page_url) as seen:
        page = seen.page
        page.click(".s-to input")
        page.keyboard.type("ташкент")
        page.keyboard.press("Enter")
        for label, modes in (("road", ["road"]), ("multimodal", ["road", "rail"])):
            page.click(f"#mode button[value={label}]")
            for minimise in MINIMISE:
                page.click(f"#minimise button[value={minimise}]")
                for name, scenario in OFFERED.items():
                    page.click(f"#scenario button[value='{name}']")
                    asked = router.with_(
                        **{**scenario.model_dump(), "modes": modes, "minimise": minimise}
                    )
                    route = asked.route(KNOWN["horgos"], KNOWN["tashkent"])
                    shown = figures(page)
                    assert text.km(route.length_km).replace("\u00a0", " ") in shown
                    assert text.days(route.time_h.central).replace("\u00a0", " ") in shown
                    assert text.error(route.error_km).replace("\u00a0", " ") in shown
                    assert f"mode={label}" in page.url
        assert seen.errors == []


@browser_test
def test_anything_can_be_shut_and_the_route_before_stays_in_sight(
    browser: Browser, page_url: str
) -> None:
    with opened(browser, f"{page_url}#to=moscow&mode=road&min=distance") as seen:
        page = seen.page
        before = figures(page)
        page.click(".shut-panel summary")
        page.locator(".ticks label", has_text="Petropavl").click()
        assert "shut=petropavl-road" in page.url
        assert page.is_visible(".missing")
        page.click(".tag")
        assert figures(page) == before
        page.click(".s-shut input")
        page.keyboard.type("russia")
        page.keyboard.press("Enter")
        assert "shut=RUS" in page.url
        assert page.locator("path.closed-land").count() == 1
        settled(page)
        assert "Russia" in page.inner_text(".corridors .is-shut")
        assert page.locator(".sym-blocked").count() == 1
        page.click(".tag")
        page.click(".ferries label")
        assert "ferries=all" in page.url
        assert page.locator(".difference").is_visible()
        page.go_back()
        page.go_back()
        assert page.is_visible(".missing")
        page.go_forward()
        assert not page.is_visible(".missing")
        assert seen.errors == []


@browser_test
def test_a_click_on_the_map_offers_to_shut(browser: Browser, page_url: str) -> None:
    with opened(browser, f"{page_url}#to=moscow&mode=road&min=time") as seen:
        page = seen.page
        box = page.locator(".map-live").bounding_box()
        assert box is not None
        x, y = page.evaluate("RouteFinder.map.view.toPixel(...RouteFinder.map.view.base.countries.find(c => c[0] === 'KAZ').slice(2, 4))")  # fmt: skip
        page.mouse.click(box["x"] + x + 30, box["y"] + y + 30)
        assert "Kazakhstan" in page.inner_text(".map-tip")
        page.click(".map-tip-act")
        assert "shut=KAZ" in page.url
        page.go_back()
        page.locator(".map-over .sym-crossing").first.click()
        page.click(".map-tip-act")
        assert re.search(r"shut=[\w-]+-road", page.url)


@browser_test
def test_a_link_opens_the_same_route_and_a_bad_one_says_so(browser: Browser, page_url: str) -> None:
    link = f"{page_url}#to=baku&mode=multimodal&min=time&ferries=all&axis=km"
    with opened(browser, link) as seen:
        page = seen.page
        assert page.input_value(".s-to input") == "Baku"
        assert page.get_attribute("#axis button[value=km]", "aria-checked") == "true"
        first = figures(page)
        assert page.locator(".sym-port").count() == 2
        page.click("#minimise button[value=distance]")
        page.click(".langs [data-lang=ru]")
        page.go_back()
        assert "min=time" in page.url
        assert page.get_attribute("html", "lang") == "ru", "a step back does not undo the language"
        page.click(".langs [data-lang=en]")
        assert figures(page) == first
        assert not page.is_visible(".notice")
    with opened(browser, f"{page_url}#to=%3Cb%3E&mode={quote('<i>')}&shut=x,RUS&c=Z") as seen:
        assert seen.errors == []
        assert seen.page.input_value(".s-to input") == "Moscow"
        assert "<b>, <i>, x" in seen.page.inner_text(".notice")
        assert "RUS" in seen.page.evaluate("RouteFinder.state.countries")


@browser_test
def test_origin_and_destination_change_places(browser: Browser, page_url: str) -> None:
    with opened(browser, f"{page_url}#to=almaty&mode=road&min=time") as seen:
        page = seen.page
        page.click("#swap")
        assert page.input_value(".s-from input") == "Almaty"
        assert page.input_value(".s-to input") == "Horgos"
        assert "from=almaty" in page.url
        page.click(".s-from input")
        page.keyboard.type("tashk")
        page.keyboard.press("Enter")
        assert "from=tashkent" in page.url
        assert page.locator("path.ln.is-chosen").count() >= 1


@browser_test
def test_it_works_by_keyboard_alone(browser: Browser, page_url: str) -> None:
    with opened(browser, page_url) as seen:
        page = seen.page
        page.focus("#mode [aria-checked=true]")
        page.keyboard.press("ArrowLeft")
        assert "mode=road" in page.url
        page.focus(".s-to input")
        page.keyboard.type("alma")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert "to=almaty" in page.url
        page.focus(".map-live")
        before = page.evaluate("RouteFinder.map.view.kmPerPixel")
        page.keyboard.press("+")
        page.wait_for_function(f"RouteFinder.map.view.kmPerPixel < {before}")


@browser_test
@pytest.mark.parametrize("language", ["zh", "ru"])
def test_the_page_speaks_the_language(browser: Browser, page_url: str, language: str) -> None:
    text = Text(language)
    with opened(browser, page_url) as seen:
        page = seen.page
        page.click(f".langs [data-lang={language}]")
        shown = page.inner_text("body")
        assert text("finder_itinerary") in shown
        assert NAMED["moscow"].label(language) in page.input_value(".s-to input")
        for word in ("Itinerary", "Copy link", "Corridors", "days", "borders", "Print"):
            assert word not in shown
        assert f"lang={language}" in page.url


@browser_test
def test_a_route_can_be_taken_along(browser: Browser, page_url: str, tmp_path: Path) -> None:
    with opened(browser, f"{page_url}#to=moscow&mode=rail&min=time", accept_downloads=True) as seen:
        page = seen.page
        settled(page)
        for button, name in (("#csv", "horgos-moscow-rail.csv"), ("#geojson", "horgos-moscow-rail.geojson")):  # fmt: skip
            with page.expect_download() as download:
                page.click(button)
            assert download.value.suggested_filename == name
            download.value.save_as(tmp_path / name)
        lines = (tmp_path / "horgos-moscow-rail.csv").read_text("utf-8-sig").splitlines()
        assert lines[0].startswith("kind,name,country,length_km,time_h,time_h_low,time_h_high")
        assert float(lines[2].split(",")[3]) >= 0
        content = json.loads((tmp_path / "horgos-moscow-rail.geojson").read_text("utf-8"))
        rails = [f for f in content["features"] if f["properties"]["kind"] == "rail"]
        assert rails[0]["geometry"]["coordinates"][0] == pytest.approx([80.35, 44.16], abs=0.01)
        assert "ODbL" in content["attribution"]
        pdf = page.pdf(path=tmp_path / "passport.pdf", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1, "a passport is one page"


@browser_test
def test_without_script_the_page_says_so(browser: Browser, page_url: str) -> None:
    with opened(browser, page_url, java_script_enabled=False) as seen:
        assert seen.page.is_visible("#sources h1")
        assert Text("en")("finder_no_script") in seen.page.inner_text("body")


@browser_test
def test_a_change_is_shown_at_once(browser: Browser, page_url: str) -> None:
    with opened(browser, page_url) as seen:
        settled(seen.page)
        took = seen.page.evaluate(
            "() => { const t = performance.now(); document.querySelector('#mode [value=road]')"
            ".click(); return performance.now() - t; }"
        )
        assert took < 500  # a tenth of that on a machine with nothing else to do
