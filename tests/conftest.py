"""What every test shares: no network, the fixture country, a browser where there is one."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import pytest_socket

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from horgos_geo.model.network import Network

RunAsync = Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]

# The same examples each time: a run that passed here passes elsewhere.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.load_profile("same")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection but those to this machine, which Jupyter kernels need."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def network() -> Network:
    """Return the small made-up network that contains every phenomenon."""
    from fixture import fixture_network

    return fixture_network()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start a headless Chromium that reaches nothing but this machine; skip where there is none."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip("There is no Chromium on the path, so nothing was opened in a browser.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def run_async() -> RunAsync:
    """Return what runs a coroutine function in a thread of its own.

    The browser that other tests keep open has an event loop running in the main thread.
    """

    def run(start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(start())).result()

    return run
