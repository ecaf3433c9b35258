"""This story's report in a browser, built once."""

from browser import browser, chromium_path, site, start, visit  # noqa: F401
