"""What readers can rely on in a finished report: the same everywhere, its links, weight, access."""
