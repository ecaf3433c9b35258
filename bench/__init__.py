"""The report beside a page that the usual tools make of the same charts and words: ``make bench``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The little report that grows is that of the tests.
sys.path.insert(0, str(ROOT / "tests"))
