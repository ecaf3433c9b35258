"""This story's report in a browser, built once."""

from browser import browser, chromium_path, reader, site, start, tab, visit  # noqa: F401
