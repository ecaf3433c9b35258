"""What was published, what was corrected since, and checks that nothing else has changed.

``data/published.csv`` is the record and ``data/corrections.csv`` the log; ``data/tally.csv`` counts rows.
"""
