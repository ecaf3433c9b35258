"""What helps contributors is current: architecture, workflow, issue forms."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURE = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(explainer\.[\w.]+)`", ARCHITECTURE))))
def test_every_dotted_name_of_the_architecture_exists(name: str) -> None:
    module, attribute = name.rsplit(".", 1)
    assert hasattr(importlib.import_module(module), attribute)


def test_the_architecture_lists_the_layers_that_lint_holds() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    [layers] = [contract["layers"] for contract in config["contracts"] if contract["type"] == "layers"]
    table = ARCHITECTURE.split("| package |")[1].split("\n\n")[0]
    rows = [re.findall(r"`([^`]+)`", row.split("|")[1]) for row in table.splitlines() if "`" in row]
    assert [set(row) for row in rows] == [set(layer.split(" | ")) for layer in layers]


def test_ci_runs_on_every_python_that_is_supported() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    oldest = int(config["project"]["requires-python"].removeprefix(">=3."))
    versions = WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert versions == [f"3.{minor}" for minor in range(oldest, 15)]


def test_every_action_of_ci_is_pinned_to_a_version() -> None:
    uses = [step["uses"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "uses" in step]
    assert uses
    assert [action for action in uses if not re.search(r"@(v\d+(\.\d+)*|[0-9a-f]{40})$", action)] == []


def test_ci_uses_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.search(r"^\.PHONY: (help .+)$", makefile, re.MULTILINE)[1].split())
    runs = [step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if "run" in step]
    called = {target for run in runs for target in re.findall(r"\bmake ([a-z]+)", run)}
    assert {"lint", "test", "report"} <= called <= targets


@pytest.mark.parametrize(
    "form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=lambda p: p.stem
)
def test_issue_forms_are_forms(form: Path) -> None:
    content = yaml.safe_load(form.read_text("utf-8"))
    if form.stem == "config":
        return
    assert content["name"] and content["description"]
    fields = [field for field in content["body"] if field["type"] != "markdown"]
    assert fields
    for field in fields:
        assert field["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert field["id"] and field["attributes"]["label"]
