"""Fixtures for pages in a browser: served by a host of the tests, opened by readers who complain.

A folder's conftest imports those that its tests use.

Whatever a test is about, a page that asks another host for something, logs an error or misses a file fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from explainer.acceptance import chromium, host
from explainer.acceptance.chromium import settle
from explainer.acceptance.host import Host


@dataclass
class Visit:
    """One reader's visit: the page, what it asked for, and what went wrong with it."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note each request and each error of the page from here on."""
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("console", self._console)

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


@contextmanager
def visits(browser: Browser, site: Host) -> Iterator[Callable[..., Visit]]:
    """Return what opens an address of the report as a reader with some size, scheme and wishes.

    The arguments are those of a browser's context. `expects` says which complaints are the point of the test.
    """
    with ExitStack() as after:
        yield _visits(browser, site, after)


def _visits(browser: Browser, site: Host, after: ExitStack) -> Callable[..., Visit]:
    def go(
        path: str = "", *, width: int = 1280, height: int = 900, of: Path | None = None,
        expects: Callable[[str], bool] = lambda complaint: False, **wishes,
    ) -> Visit:  # fmt: skip
        served = after.enter_context(host.serving(of)) if of else site
        context = browser.new_context(viewport={"width": width, "height": height}, **wishes)
        after.callback(context.close)
        found = Visit(context.new_page())
        found.watch()

        def judge() -> None:
            assert found.elsewhere(site.address, served.address) == []
            assert [text for text in found.complaints if not expects(text)] == []

        after.callback(judge)
        found.page.goto(served.address + path, wait_until="load")
        if wishes.get("java_script_enabled", True):
            settle(found.page)
        return found

    return go
