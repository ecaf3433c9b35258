"""A difference for the terminal."""

from __future__ import annotations

from explainer.diff.model import Difference, TextChange
from explainer.diff.words import marks
from explainer.system.terminal import paint

NOTHING = "No change to the report."
SIGNS = {"changed": ("~", "yellow"), "added": ("+", "green"), "removed": ("-", "red")}


def as_text(difference: Difference, color: bool = False) -> str:
    """Return a difference as text: removed words in ``[-...-]``, added words in ``{+...+}``.

    Parameters
    ----------
    difference : Difference
        The difference.
    color : bool
        Whether to color the text as well.
    """
    if not difference.sections:
        return NOTHING + "\n"
    lines = [paint(f"From {printable(difference.was)} to {printable(difference.now)}", "bold", color=color)]
    for section in difference.sections:
        lines += ["", paint(f"{section.title}: {section.summary}", "bold", color=color)]
        for item in section.items:
            sign, look = SIGNS[item.how]
            note = f" ({printable(item.note)})" if item.note else ""
            lines.append(f"  {paint(sign, look, color=color)} {printable(item.title)}{note}")
            lines += [f"      {_part(part, color)}" for part in item.parts]
    return "\n".join(lines) + "\n"


def printable(text: str) -> str:
    """Return a text on one line, with control characters and marks of direction escaped."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in " ".join(text.split())
    )


def _part(part: TextChange, color: bool) -> str:
    label = f"{printable(part.label)}: " if part.label else ""
    if part.was is None or part.now is None:
        sign, text, look = ("+", part.now, "green") if part.was is None else ("-", part.was, "red")
        return paint(f"{sign} {label}{printable(text or '')}", look, color=color)
    was, now = printable(part.was), printable(part.now)
    pieces = marks(was, now)
    if not any(kind == "same" and text.strip() for kind, text in pieces):
        before = paint(was or "(blank)", "red", color=color)
        after = paint(now or "(blank)", "green", color=color)
        return f"{label}{before} → {after}"
    shapes = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    styles = {"removed": ("red",), "added": ("green",), "same": ()}
    return label + "".join(
        paint(shapes[kind].format(text), *styles[kind], color=color and kind != "same")
        for kind, text in pieces
    )
