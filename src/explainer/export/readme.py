"""What goes with the tables to be read first: plain text, so that no name or meaning is taken for markup."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from explainer.export.about import About
from explainer.export.tables import Table

FILE = "README.txt"
WIDTH = 100


def readme(about: About, tables: list[Table]) -> bytes:
    """Return what the tables are, who made them, and what each column means."""
    lines = [about.title, "=" * min(WIDTH, len(about.title)), ""]
    lines += [*_wrap(about.description), ""]
    lines += [f"License: {_named(license)}" for license in about.licenses]
    lines += [f"Source: {_named(source)}" for source in about.package.get("sources") or []]
    lines += [f"By: {_named(author)}" for author in about.authors]
    lines += [f"Date: {about.day}"] if about.day else []
    lines += [f"Report: {about.home}"] if about.home else []
    lines += ["", "Text is UTF-8, columns are separated by commas, a blank cell is a missing value."]
    lines += ["Ids in one cell are separated by a semicolon and a space."]
    lines += ["datapackage.json describes the tables for programs, SHA256SUMS has a checksum of each file."]
    for table in tables:
        lines += ["", "", table.path, "-" * len(table.path), *_wrap(f"{table.title}. {table.description}")]
        lines += [f"Source: {_named(source)}" for source in table.sources]
        lines.append("")
        for column in table.columns:
            meaning = f"{column.name} ({column.form}): {column.title}. {column.description}"
            lines += _wrap(meaning, "  ", "      ")
    return ("\n".join(lines) + "\n").encode()


def _wrap(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _named(entry: Mapping[str, str]) -> str:
    """Return the name of a license, a source or a person, and its address."""
    name = entry.get("title") or entry.get("name") or ""
    return ", ".join(part for part in (name, entry.get("path") or entry.get("url")) if part)
