"""Mozilla's Readability, which makes the reader mode of Firefox and others, on a page in a browser."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

#: From the npm registry, as no package of Python's has it; at one release, so that a test means one thing.
PACKAGE = "@mozilla/readability@0.6.0"

RUN = """source => {
  const module = {};
  const Readability = new Function("module", `${source}; return Readability;`)(module);
  const read = new Readability(document.cloneNode(true)).parse();
  const content = new DOMParser().parseFromString(read.content, "text/html");
  return [...content.querySelectorAll("p, li")].map(part => part.textContent);
}"""


def fetch(folder: Path) -> str:
    """Return the source of Readability, or skip where it cannot be had."""
    if shutil.which("npm") is None:
        pytest.skip(f"no npm on this machine, which gives {PACKAGE}")
    done = subprocess.run(
        ["npm", "pack", PACKAGE, "--silent", "--fetch-retries=0", "--fetch-timeout=20000"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    packed = sorted(folder.glob("*.tgz"))
    if done.returncode or not packed:
        pytest.skip(f"npm does not give {PACKAGE}: {done.stderr.strip()[-200:]}")
    with tarfile.open(packed[0]) as archive:
        return archive.extractfile("package/Readability.js").read().decode()


def paragraphs(page: Page, source: str) -> list[str]:
    """Return the words of each paragraph and list item that a reader mode shows of a page."""
    return page.evaluate(RUN, source)
