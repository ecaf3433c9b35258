"""Fixtures for pages in a browser: served by a host of the tests, opened by readers who complain.

A folder's conftest imports those that its tests use.

Whatever a test is about, a page that asks another host for something, logs an error or misses a file fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Request

from explainer.acceptance import chromium, host
from explainer.acceptance.chromium import settle
from explainer.acceptance.host import Host


@dataclass
class Visit:
    """One reader's visit: the page, what it asked for, and what went wrong with it."""

    page: Page
    address: str
    has_script: bool = True
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> Callable[[], None]:
        """Note each request and each error of the page from here on, until what is returned is called."""
        listeners = {
            "request": lambda request: self.asked.append(request.url),
            "requestfailed": self._failed,
            "pageerror": lambda error: self.complaints.append(f"error: {error}"),
            "console": self._console,
        }
        for event, listener in listeners.items():
            self.page.on(event, listener)

        def stop() -> None:
            for event, listener in listeners.items():
                self.page.remove_listener(event, listener)

        return stop

    def open(self, path: str) -> Page:
        """Open an address of the report in the same page, which saves the time that a new reader takes."""
        self.page.goto(self.address + path, wait_until="load")
        if self.has_script:
            settle(self.page)
        return self.page

    def _failed(self, request: Request) -> None:
        # A reader who goes on to another page ends what the last one had still asked for.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} ({request.failure})")

    def _console(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"error: {message.text} ({message.location.get('url')})")

    def elsewhere(self, *addresses: str) -> list[str]:
        """Return what was asked of any host but these."""
        return [url for url in self.asked if not url.startswith((*addresses, "data:", "blob:"))]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return a browser, or skip."""
    path = chromium.find()
    if path is None:
        pytest.skip(chromium.MISSING)
    return path


@pytest.fixture(scope="session")
def site(chromium_path, published):
    """Serve the report. (The browser is asked for first: without one there is nothing to build for.)"""
    with host.serving(published.report) as server:
        yield server


# One driver a file, not one a session: it keeps an event loop running, which other tests must not meet.
@pytest.fixture(scope="module")
def start(chromium_path):
    """Return what starts a browser."""
    with chromium.starter(chromium_path) as starter:
        yield starter


@pytest.fixture(scope="module")
def browser(start):
    """Return a browser as most people have it."""
    return start()


@pytest.fixture
def visit(browser, site) -> Iterator[Callable[..., Visit]]:
    """Return what opens an address of the report; the page is closed, and judged, after the test."""
    with visits(browser, site) as visit:
        yield visit


@pytest.fixture(scope="module")
def tab(browser) -> Page:
    """Return the page of `reader`."""
    return browser.new_context().new_page()


@pytest.fixture
def reader(browser, site, tab) -> Iterator[Callable[..., Visit]]:
    """Return what does as `visit`, for files whose tests can use one page after another.

    A reader who comes for the first time costs three times as much. The fonts are there already, and what
    a test adds to a context or as a script for every page would stay.
    """
    with visits(browser, site, tab) as visit:
        yield visit
    tab.unroute_all()
    tab.context.set_offline(False)
    with suppress(Error):  # nothing was opened
        tab.evaluate("localStorage.clear(), sessionStorage.clear()")
    # Else an address that differs in its fragment alone would load nothing.
    tab.goto("about:blank")


@contextmanager
def visits(browser: Browser, site: Host, tab: Page | None = None) -> Iterator[Callable[..., Visit]]:
    """Return what opens an address of the report as a reader with some size, scheme and wishes.

    The arguments are those of a browser's context. `expects` says which complaints are the point of the test.
    The first visit is made in `tab` if that is given and can be made to suit.
    """
    with ExitStack() as after:
        yield _visits(browser, site, after, [tab] if tab else [])


#: Wishes of a reader that a page can take on, and what they are without.
WISHES = {"color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}


def _visits(browser: Browser, site: Host, after: ExitStack, tabs: list[Page]) -> Callable[..., Visit]:
    def opened(width: int, height: int, wishes: dict) -> Page:
        size = {"width": width, "height": height}
        if tabs and wishes.keys() <= WISHES.keys():
            page = tabs.pop()
            page.set_viewport_size(size)
            page.emulate_media(media="null", **WISHES | wishes)
            return page
        context = browser.new_context(viewport=size, **wishes)
        after.callback(context.close)
        return context.new_page()

    def go(
        path: str = "", *, width: int = 1280, height: int = 900, of: Path | None = None,
        expects: Callable[[str], bool] = lambda complaint: False, **wishes,
    ) -> Visit:  # fmt: skip
        served = after.enter_context(host.serving(of)) if of else site
        has_script = wishes.get("java_script_enabled", True)
        found = Visit(opened(width, height, wishes), served.address, has_script)
        after.callback(found.watch())

        def judge() -> None:
            assert found.elsewhere(site.address, served.address) == []
            assert [text for text in found.complaints if not expects(text)] == []

        after.callback(judge)
        found.open(path)
        return found

    return go
