"""The shortcodes of a page: found with their lines, checked, and written out for Pandoc.

Quarto expands shortcodes itself. The embedded engine supports those that the report uses, ``var``, ``meta``,
``embed`` and ``pagebreak`` (``include`` is expanded before), and refuses any other rather than print it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from explainer.english.suggestions import did_you_mean
from explainer.system.errors import Fault

SHORTCODE = re.compile(r"(?P<escaped>\{\{\{<(?P<literal>.*?)>\}\}\})|\{\{<(?P<plain>.*?)>\}\}", re.DOTALL)
UNCLOSED = re.compile(r"\{\{<|>\}\}")
EMBED = re.compile(r"(?P<notebook>[^#\s]+\.ipynb)#(?P<label>[A-Za-z0-9_-]+)")
FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})")
CODE_SPAN = re.compile(r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Shortcode:
    """One shortcode of a page.

    Parameters
    ----------
    name : str
        Its first word: ``var``, ``embed``, …
    arguments : tuple of str
        The other words.
    line : int
        Line of the file, from 1.
    start, end : int
        Place in the text.
    where : str
        ``text``, ``front matter``, ``code`` or ``attribute``.
    """

    name: str
    arguments: tuple[str, ...]
    line: int
    start: int
    end: int
    where: str


def line_of(text: str, place: int) -> int:
    """Return the line that character `place` of `text` is on, from 1."""
    return text.count("\n", 0, place) + 1


def code_spans(text: str) -> list[tuple[int, int]]:
    """Return where the code of a Markdown text is: fenced blocks and inline code, and comments too."""
    spans: list[tuple[int, int]] = []
    fence, start, place = "", 0, 0
    for line in text.splitlines(keepends=True):
        mark = FENCE.match(line)
        if mark and not fence:
            fence, start = mark["mark"], place
        elif mark and mark["mark"].startswith(fence) and not line[mark.end() :].strip():
            spans.append((start, place + len(line)))
            fence = ""
        place += len(line)
    if fence:
        spans.append((start, len(text)))
    for pattern in (COMMENT, CODE_SPAN):
        for match in pattern.finditer(text):
            if not within(match.start(), spans):
                spans.append(match.span())
    return spans


def within(place: int, spans: Collection[tuple[int, int]]) -> bool:
    """Return whether `place` lies in one of `spans`."""
    return any(start <= place < end for start, end in spans)


def find(text: str) -> Iterator[Shortcode]:
    """Yield the shortcodes of a page that are not escaped, in order."""
    code = code_spans(text)
    head = FRONT_MATTER.match(text)
    body = head.end() if head else 0
    for match in SHORTCODE.finditer(text):
        if match["escaped"]:
            continue
        name, *arguments = match["plain"].split() or [""]
        where = _where(text, match.start(), body, code)
        yield Shortcode(name, tuple(arguments), line_of(text, match.start()), *match.span(), where)


def literals(text: str) -> list[str]:
    """Return the shortcodes that a page prints as they are, because they are escaped."""
    return ["{{<" + match["literal"] + ">}}" for match in SHORTCODE.finditer(text) if match["escaped"]]


def _where(text: str, start: int, body: int, code: list[tuple[int, int]]) -> str:
    if start < body:
        return "front matter"
    if within(start, code):
        return "code"
    before = SHORTCODE.sub("", text[text.rfind("\n", 0, start) + 1 : start])
    if re.search(r"\]\([^)]*$", before) or re.search(r"(?:\]|`|^[:#].*|\s)\{[^{}]*$", before):
        return "attribute"
    return "text"


def near(name: str, known: Collection[str]) -> str:
    """Return the remedy for a name that does not exist: the nearest one that does."""
    return did_you_mean(name, known, cutoff=0.5, quoted=False) or "Check the name."


def check_shortcodes(
    text: str,
    file: str,
    variables: Collection[str],
    labels: Collection[str],
    notebooks: Collection[str],
    head: Mapping[str, object] = MappingProxyType({}),
) -> list[Fault]:
    """Return everything that is wrong with the shortcodes of a page.

    Parameters
    ----------
    text : str
        The page.
    file : str
        Its name, for the faults.
    variables : collection of str
        Dotted names of the variables there are.
    labels : collection of str
        ``notebook#label`` of the figures and tables there are.
    notebooks : collection of str
        Paths of the notebooks, from the project's root.
    head : mapping
        The page's front matter, for ``meta``.
    """
    faults = []
    code = code_spans(text)
    blank = SHORTCODE.sub(lambda match: " " * len(match[0]), text)
    for match in UNCLOSED.finditer(blank):
        if not within(match.start(), code):
            remedy = "Write {{< var name >}}, all on one line."
            row = line_of(text, match.start())
            faults.append(
                Fault("a shortcode is not closed", file=file, row=row, value=match[0], remedy=remedy)
            )
    for shortcode in find(text):
        if shortcode.name == "meta":
            fault = _meta_problem(shortcode, head)
        else:
            fault = _problem(shortcode, text, variables, labels, notebooks)
        if fault is not None:
            fault.file, fault.row = file, shortcode.line
            faults.append(fault)
    return faults


def _meta_problem(shortcode: Shortcode, head: Mapping[str, object]) -> Fault | None:
    written = "{{< " + " ".join((shortcode.name, *shortcode.arguments)) + " >}}"
    if shortcode.where != "text":
        remedy = "Write what it stands for, or put it into the text."
        return Fault("meta stands in the text alone", value=written, remedy=remedy)
    if len(shortcode.arguments) != 1:
        return Fault("meta takes one word after it", value=written)
    key = shortcode.arguments[0]
    if isinstance(head.get(key), str | int | float):
        return None
    what = "the page's front matter has no text of this name"
    return Fault(what, value=key, remedy=near(key, head))


def _problem(
    shortcode: Shortcode,
    text: str,
    variables: Collection[str],
    labels: Collection[str],
    notebooks: Collection[str],
) -> Fault | None:
    written = "{{< " + " ".join((shortcode.name, *shortcode.arguments)) + " >}}"
    if shortcode.where in ("code", "attribute"):
        what = f"a shortcode cannot stand in {'code' if shortcode.where == 'code' else 'a link or in braces'}"
        remedy = "Put it in the text, or write {{{< … >}}} to print it as it is."
        return Fault(what, value=written, remedy=remedy)
    if "\n" in text[shortcode.start : shortcode.end]:
        return Fault("a shortcode goes over the end of a line", value=written, remedy="Put it on one line.")
    if shortcode.name == "include":
        remedy = "Write {{< include _part.qmd >}} and nothing else on the line."
        return Fault("an include stands on a line of its own", value=written, remedy=remedy)
    if shortcode.name not in ("var", "embed", "pagebreak"):
        remedy = "Use var, meta, include, embed or pagebreak."
        return Fault("this shortcode is not supported", value=written, remedy=remedy)
    if shortcode.name == "pagebreak":
        return Fault("pagebreak takes no words", value=written) if shortcode.arguments else None
    if len(shortcode.arguments) != 1:
        return Fault(f"{shortcode.name} takes one word after it", value=written)
    argument = shortcode.arguments[0]
    if shortcode.name == "var":
        if argument in variables:
            return None
        remedy = f"{near(argument, variables)} Variables come from data/tidy/values-*.csv."
        return Fault("this variable does not exist", value=argument, remedy=remedy)
    return _embed_problem(shortcode, argument, text, labels, notebooks)


def _embed_problem(
    shortcode: Shortcode, argument: str, text: str, labels: Collection[str], notebooks: Collection[str]
) -> Fault | None:
    target = EMBED.fullmatch(argument)
    if target is None:
        remedy = "Write {{< embed notebooks/name.ipynb#fig-label >}}."
        return Fault("an embed names a notebook and a label", value=argument, remedy=remedy)
    if target["notebook"] not in notebooks:
        remedy = near(target["notebook"], notebooks)
        return Fault("this notebook does not exist", value=argument, remedy=remedy)
    if argument not in labels:
        what = "the notebook has no figure or table with this label"
        return Fault(what, value=argument, remedy=near(argument, labels))
    before, after = text[: shortcode.start].rpartition("\n")[2], text[shortcode.end :].partition("\n")[0]
    if before.strip() or after.strip():
        return Fault("an embed stands on a line of its own", value=argument)
    return None


def expand(text: str) -> str:
    """Write the shortcodes of a page as the spans and divs that the filters read.

    The spans are those of Quarto's own reader, so that one filter serves both engines. Front matter is left
    as it is: the filter reads it there.
    """
    head = FRONT_MATTER.match(text)
    body = head.end() if head else 0
    code = code_spans(text)

    def write(match: re.Match[str]) -> str:
        if match.start() < body:
            return match[0]
        if match["escaped"]:
            literal = "{{<" + match["literal"] + ">}}"
            is_in_code = within(match.start(), code)
            return literal if is_in_code else f'[]{{.quarto-shortcode__-escaped data-value="{literal}"}}'
        return _to_markdown(match["plain"].split())

    return SHORTCODE.sub(write, text)


def _to_markdown(words: list[str]) -> str:
    if words[:1] == ["embed"]:
        target = EMBED.fullmatch(" ".join(words[1:]))
        return f"::: {{#{target['label']} .embed}}\n:::" if target else ""
    parts = " ".join(f'[]{{.quarto-shortcode__-param data-value="{word}"}}' for word in words)
    return f"[{parts}]{{.quarto-shortcode__}}"
