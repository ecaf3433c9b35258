"""A copy of the article: read from text or HTML, and audited against the fact sheet."""
