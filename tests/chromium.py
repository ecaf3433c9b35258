"""Where this machine's Chromium is, and how the tests and the timings start it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Browser, sync_playwright

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


@contextmanager
def starter(path: str) -> Iterator[Callable[..., Browser]]:
    """Return what starts browsers without a window; those still running are ended with the block.

    Parameters
    ----------
    path : str
        As `find` returns it. What is returned takes further switches of the browser's command line.
    """
    with sync_playwright() as driver, ExitStack() as running:

        def start(*arguments: str) -> Browser:
            browser = driver.chromium.launch(executable_path=path, args=[*ARGUMENTS, *arguments])
            running.callback(browser.close)
            return browser

        yield start
