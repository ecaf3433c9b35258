"""Where this machine's Chromium is, and how it is started."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: The environment variable that names the browser to use, by path or by name.
CHOICE = "EXPLAINER_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = f"no browser on this machine (${CHOICE}, {', '.join(NAMES)})"

#: A browser updates itself, reports and looks things up; none of that is the page's doing.
ARGUMENTS = ("--disable-background-networking", "--disable-component-update", "--disable-gpu")


def find() -> str | None:
    """Return the path of the browser, or ``None`` where there is none.

    One that is named and is not there is not replaced by another: that would test something else than asked.
    """
    named = os.environ.get(CHOICE)
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def why_not() -> str:
    """Return why no page can be looked at in a browser here; blank if it can."""
    if find() is None:
        return MISSING
    if find_spec("playwright") is None:
        return "Playwright is not installed (pip install 'news-explainer[browser]')"
    return ""


@contextmanager
def starter(path: str) -> Iterator[Callable[..., Browser]]:
    """Return what starts browsers without a window; those still running are ended with the block.

    Parameters
    ----------
    path : str
        As `find` returns it. What is returned takes further switches of the browser's command line.
    """
    # Imported when needed: most installations of the library have no Playwright.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, ExitStack() as running:

        def start(*arguments: str) -> Browser:
            browser = driver.chromium.launch(executable_path=path, args=[*ARGUMENTS, *arguments])
            running.callback(browser.close)
            return browser

        yield start


#: What was left out of the first layout has been laid out.
LAID = """[...document.querySelectorAll(".exhibit, .references")].every(
    one => getComputedStyle(one).contentVisibility === "visible")"""


def settle(page: Page) -> None:
    """Wait until a page of a report has its fonts and is laid out, down to its end."""
    until(page, LAID)  # which may ask for more fonts
    page.evaluate("document.fonts.ready.then(() => null)")


def until(page: Page, expression: str, *, arg: object = None, timeout: float = 30_000) -> None:
    """Wait until an expression is true in a page.

    Playwright's own `wait_for_function` evaluates text in the page, which the policy of ours forbids.
    """
    from playwright.sync_api import Error

    end = time.monotonic() + timeout / 1000
    while True:
        with suppress(Error):  # another page has come in its place
            if page.evaluate(expression, arg):
                return
        assert time.monotonic() < end, f"never came true: {expression}"
        page.wait_for_timeout(50)
