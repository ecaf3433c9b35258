"""Where the files of a report are, from its folder."""

PDF = "report.pdf"
FONTS = "fonts"
SCRIPT = "scripts/page.js"
