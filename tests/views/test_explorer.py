"""The panel for JupyterLab: what it sends, how fast, and by clicking in a real JupyterLab."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import RunAsync
from fixture import fixture_network
from places_fixture import PLACES

import horgos_geo
from horgos_geo.model.scenario import Scenario

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from horgos_geo.views.explorer import Explorer

ENDS = ["almaty", "moscow", "tashkent", "baku"]
MOST_BYTES = 1_000_000


@pytest.fixture
def panel() -> Explorer:
    """Return a panel over the fixture country."""
    return horgos_geo.explore(
        PLACES["horgos"],
        network=fixture_network(),
        scenario=Scenario(modes=("rail",), minimise="time"),
        destinations=[PLACES[name] for name in ENDS],
    )


def sent(output: object) -> str:
    return output.outputs[0]["data"]["text/html"]  # type: ignore[attr-defined]


def layer(panel: Explorer) -> dict[str, object]:
    found = re.search(r"show\(\"\w+\",(.*)\)</script>", sent(panel._layer))
    assert found
    return json.loads(found[1])


def test_a_change_sends_only_the_route(panel: Explorer) -> None:
    page = sent(panel._map)
    assert len(page.encode()) < MOST_BYTES
    panel.destination.value = "Moscow, Russia"
    assert panel.route.destination.id == "moscow"
    assert sent(panel._map) == page, "the map stays"
    assert len(sent(panel._layer).encode()) < 200_000
    kinds = [leg["kind"] for leg in layer(panel)["legs"]]
    assert kinds == [leg.kind for leg in panel.route.legs]
    assert panel.seconds < 0.5


def test_controls_make_the_scenario(panel: Explorer) -> None:
    panel.destination.value = "Moscow, Russia"
    panel.mode.value = "multimodal"
    panel.minimise.value = "distance"
    assert panel.route.scenario.modes == ("road", "rail")
    assert panel.route.scenario.minimise == "distance"
    panel.closed_countries.value = ["RUS"]
    assert not panel.route.found
    assert "closed" in panel.totals.value
    panel.closed_countries.value = []
    panel.closed_crossings.value = ["petropavl-road", "petropavl-rail"]
    assert "petropavl-rail" not in [c.id for c in panel.route.crossings]
    panel.destination.value = "Baku, Azerbaijan"
    assert not panel.route.found
    panel.ferries.value = True
    assert panel.route.found


def test_an_unknown_place_says_so(panel: Explorer) -> None:
    panel.destination.value = "<b>Atlantis</b>"
    assert "Atlantis" in panel.totals.value
    assert "<b>Atlantis" not in panel.totals.value


def test_other_modes_get_ready_after_the_panel_is_shown(run_async: RunAsync) -> None:
    async def opened() -> tuple[list[str], list[str]]:
        panel = horgos_geo.explore(
            PLACES["horgos"], network=fixture_network(), destinations=[PLACES["moscow"]]
        )
        first = list(panel.unready)
        for _ in range(100):
            await asyncio.sleep(0.05)
            if not panel.unready:
                break
        return first, panel.unready

    assert run_async(opened) == (["road", "multimodal"], [])


def test_the_name_stays_the_function() -> None:
    first = horgos_geo.explore
    assert importlib.import_module("horgos_geo.views.explorer").explore is first
    assert horgos_geo.explore is first


CELL = """\
import sys; sys.path.insert(0, {tests!r})
from fixture import fixture_network
from places_fixture import PLACES
import horgos_geo
panel = horgos_geo.explore(
    PLACES["horgos"], network=fixture_network(),
    destinations=[PLACES[n] for n in ("almaty", "moscow", "tashkent", "baku")])
panel
"""


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """Start JupyterLab with folders of its own and one notebook; return the notebook's address."""
    pytest.importorskip("jupyterlab")
    import nbformat

    cell = nbformat.v4.new_code_cell(CELL.format(tests=str(Path(__file__).parents[1])))
    book = nbformat.v4.new_notebook(cells=[cell])
    book.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    nbformat.write(book, tmp_path / "panel.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folders = {
        name: str(tmp_path / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
                     "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    }  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
         "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={tmp_path}",
         "--ServerApp.allow_root=True", "--LabApp.news_url=None",
         "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
        env=os.environ | folders, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=2):
                    break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("JupyterLab did not start in a minute.")
        yield f"http://127.0.0.1:{port}/lab/tree/panel.ipynb"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.browser
@pytest.mark.slow
def test_clicking_in_jupyterlab_redraws_the_route(browser: Browser, lab: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(lab)
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
    for _ in range(6):
        # A kernel that has just come up may drop what it is sent first.
        page.click(".jp-Cell >> nth=0 >> .cm-content")
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(2000)
        if "[ ]" not in page.inner_text(".jp-Cell >> nth=0 >> .jp-InputPrompt"):
            break
    page.wait_for_selector(".map-live[data-drawn]", timeout=90_000)
    made = page.evaluate("document.querySelector('.map-live').id")

    def drawn() -> int:
        return int(page.get_attribute(".map-live", "data-drawn") or 0)

    page.wait_for_selector("path.ln.is-chosen", state="attached", timeout=20_000)
    before, path = drawn(), page.get_attribute("path.ln.is-chosen", "d")
    began = time.perf_counter()
    page.click(".widget-toggle-button >> text=Road")
    page.wait_for_function(f"+document.querySelector('.map-live').dataset.drawn > {before}")
    took = time.perf_counter() - began
    assert page.get_attribute("path.ln.is-chosen", "d") != path
    assert page.locator("path.ln.is-chosen.m-road").count() == 1
    assert page.evaluate("document.querySelector('.map-live').id") == made, "the map was kept"
    assert took < 3.0  # the browser, the kernel and the way between them, on a busy machine
    assert [error for error in errors if "Atlas" in error or "Horgos" in error] == []
    context.close()
