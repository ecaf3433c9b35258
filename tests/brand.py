"""A brand for the little report: colors, and a family of type in a file."""

from __future__ import annotations

import mini
from explainer.system.project import THEME, Project

FAMILY = "Orchardian"
TEXT = """\
color:
  palette:
    leaf: "#1d5b2e"
  background: white
  foreground: {light: "#111", dark: "#fafafa"}
  primary: leaf
typography:
  fonts:
    - family: Orchardian
      source: file
      files: [type/Orchardian.ttf]
  base: Orchardian
"""


def font(family: str = FAMILY) -> bytes:
    """Return a font of the library under another name, which is as long as its own."""
    content = (THEME / "fonts" / "Newsreader-Regular.ttf").read_bytes()
    for encoding in ("utf-16-be", "ascii"):
        content = content.replace("Newsreader".encode(encoding), family.encode(encoding))
    return content


def give(project: Project, text: str = TEXT) -> None:
    """Give a project a brand."""
    mini.write(project.root / "_brand.yml", text)
    path = project.root / "type" / f"{FAMILY}.ttf"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(font())
