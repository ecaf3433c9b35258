"""What was published, what was corrected since, and the proof that nothing else was changed.

``data/published.csv`` is the record, ``data/corrections.csv`` the log, ``data/tally.csv`` counts the rest.
"""
