"""Corrections: what was changed after it had been published, and the proof that nothing else was.

``data/corrections.csv`` is the log, ``data/published.csv`` the record. `entries` is what the report shows.
"""

from explainer.corrections.log import entries, modified

__all__ = ["entries", "modified"]
