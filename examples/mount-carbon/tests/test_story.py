"""What this story must show, whatever is edited: data without a fault, and a report that can be built."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def explainer(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the explainer in this story."""
    command = [sys.executable, "-c", "from explainer.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_data_has_no_fault():
    """Every table is as its description says."""
    done = explainer("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_report_can_be_built():
    """Every number in the report can be traced, and every fact leads to its words."""
    done = explainer("render")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (ROOT / "_report" / "index.html").is_file()
    assert (ROOT / "_report" / "report.pdf").is_file()
