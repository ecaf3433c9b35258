"""The data package: CSV tables and their descriptions, read, repaired and checked."""
