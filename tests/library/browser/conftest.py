"""Tests of the library in a browser."""

from browser import browser, chromium_path, start  # noqa: F401
