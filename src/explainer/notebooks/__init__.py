"""Running notebooks: only those affected by a change, in the order of their tables."""
