"""A new story: the files that `explainer new` writes, and their renewal by `explainer update`."""
