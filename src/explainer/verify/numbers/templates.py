"""Numbers that a story typed into its own copies of the templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from explainer.system.errors import Fault
from explainer.system.project import THEME, Project
from explainer.verify.numbers import tokens
from explainer.verify.numbers.exceptions import Exceptions

#: What a browser shows of none of it, and what a template fills in.
HIDDEN = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1>|\$[^$\n]*\$|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL
)
SPOKEN = re.compile(r"""\b(?:title|aria-label|aria-description|alt|placeholder|content)=["']([^"']*)["']""")
TAG = re.compile(r"<[^>]*>")
#: In Typst: texts and content, and lines of markup at the top level.
TYPST_COMMENT = re.compile(r"(?<!:)//.*")
TYPST_WORDS = re.compile(r'"[^"]*"|\[[^\[\]]*\]|^[^\W_#$()\[\]{}].*')


def find_typed_numbers(project: Project, exceptions: Exceptions) -> Iterator[Fault]:
    """Yield a fault for each number in the words of a story's own template that the library's does not have.

    Parameters
    ----------
    project : Project
        The project; templates that it does not replace hold no number.
    exceptions : Exceptions
        Numbers that may stand there.
    """
    for name, words in WORDS.items():
        own = project.theme / name
        if own.is_file() and own.resolve() != (THEME / name).resolve():
            known = {text for _, text in words((THEME / name).read_text(encoding="utf-8"))}
            added = [line for line in words(own.read_text(encoding="utf-8")) if line[1] not in known]
            yield from _faults(project.relative(own), added, exceptions)


def _faults(file: str, lines: list[tuple[int, str]], exceptions: Exceptions) -> Iterator[Fault]:
    for row, text in lines:
        for token in tokens.find(text):
            if not exceptions.allow(text, token):
                yield Fault(
                    f"{token.text!r} is typed into a template",
                    file=file,
                    row=row,
                    value=text,
                    remedy="Take it out, or list the words in data/exceptions.csv with a reason",
                )


def _html_words(text: str) -> Iterator[tuple[int, str]]:
    visible = HIDDEN.sub(lambda match: "\n" * match[0].count("\n"), text)
    for row, line in enumerate(visible.split("\n"), start=1):
        for words in [*TAG.split(line), *SPOKEN.findall(line)]:
            if words.strip():
                yield row, words.strip()


def _typst_words(text: str) -> Iterator[tuple[int, str]]:
    for row, line in enumerate(text.split("\n"), start=1):
        for words in TYPST_WORDS.findall(TYPST_COMMENT.sub("", line)):
            yield row, words.strip('"[]')


#: How the words of each template are read.
WORDS: dict[str, Callable[[str], Iterator[tuple[int, str]]]] = {
    "page.html": _html_words,
    "embed.html": _html_words,
    "figure.html": _html_words,
    "parts.html": _html_words,
    "sources.html": _html_words,
    "report.typ": _typst_words,
}
