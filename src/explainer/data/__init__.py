"""The data package: tables as CSV, the schema they are held to, and everything that can be wrong with them."""
