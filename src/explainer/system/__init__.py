"""Files, locks, processes and the terminal: nothing here knows of articles or reports."""
