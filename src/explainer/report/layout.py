"""Where the files of a report are, from its folder."""

PDF = "report.pdf"
FONTS = "fonts"
SCRIPT = "scripts/page.js"
VEGA = "scripts/vega.js"
#: Charts as pages of their own.
EMBEDS = "embed"
#: The tables, in every form and as pages.
DATA = "data"
