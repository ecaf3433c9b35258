"""How large the parts of a story may be, and how long a step may take: above any story, below any harm.

Whoever goes over one is told which, and what to do.
"""

from __future__ import annotations

#: Bytes of a table, of the description of all, of a map, of a page with what it includes (and of settings and
#: style sheets), and of a notebook with its outputs.
TABLE_BYTES = 10_000_000
DESCRIPTION_BYTES = 5_000_000
MAP_BYTES = 50_000_000
PAGE_BYTES = 2_000_000
NOTEBOOK_BYTES = 50_000_000
#: Bytes of a copy of an article; characters of its text, and of a paragraph, which takes rules a few seconds.
ARTICLE_BYTES = 5_000_000
ARTICLE_CHARACTERS = 500_000
PARAGRAPH_CHARACTERS = 10_000
#: Columns of a table, and characters of a cell.
COLUMNS = 500
CELL_CHARACTERS = 50_000
#: Characters that one cell of a notebook may print, and bytes of everything that it may put out.
PRINTED_CHARACTERS = 100_000
OUTPUT_BYTES = 10_000_000
#: Bytes of any file that a cell writes.
FILE_BYTES = 200_000_000
#: Levels of lists and mappings within each other, in JSON and in YAML.
JSON_DEPTH = 60
YAML_DEPTH = 20
#: Levels of statements and expressions within each other, in the code of a notebook.
CODE_DEPTH = 150
#: Digits of a number in JSON.
DIGITS = 100
#: Seconds that a pattern in a description may take for all cells of a column.
PATTERN_SECONDS = 2.0
#: Seconds and memory of one run of Pandoc.
PANDOC_SECONDS = 120
PANDOC_MEMORY = "2g"
