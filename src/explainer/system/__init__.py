"""Files, locks, processes and the terminal: nothing specific to articles or reports."""
