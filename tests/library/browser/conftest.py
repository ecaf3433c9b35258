"""Tests of the library in a browser."""

from browser import browser, chromium_path, site, start, visit  # noqa: F401
