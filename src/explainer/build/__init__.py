"""From index.qmd and the executed notebooks to the finished report, by either engine."""
