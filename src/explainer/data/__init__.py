"""The data package: tables as CSV, their schema, and everything that can be wrong with them."""
