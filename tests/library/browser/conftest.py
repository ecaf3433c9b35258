"""Tests of the library in a browser."""

from browser import browser, chromium_path, reader, site, start, tab, visit  # noqa: F401
