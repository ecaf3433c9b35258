"""The live preview: edit a table, a notebook, the prose or the theme, and see it in the browser."""
