"""The notebooks in a fresh JupyterLab, which trusts none of them: every chart shows before anything runs."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from urllib.request import urlopen

import pytest

from explainer.notebooks import ipynb
from explainer.system.project import Project

PROJECT = Project.find(__file__)
NOTEBOOKS = ipynb.read_all(PROJECT)
#: The pictures in the outputs, with the pixels that the browser has decoded of each.
PICTURES = "images => images.map(image => [image.naturalWidth, image.clientWidth])"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Return the address of a JupyterLab that has no settings and no signatures of anybody."""
    home = tmp_path_factory.mktemp("lab") / "a%41b é"
    shutil.copytree(PROJECT.notebooks, home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    folders = {f"JUPYTER_{kind}_DIR": str(home / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        f"--port={port}",
        "--no-browser",
        "--allow-root",
        "--IdentityProvider.token=",
        "--notebook-dir=.",
    ]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            *options,
            "--LabApp.news_url=",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ],
        cwd=home / "notebooks",
        env=os.environ | folders | {"HOME": str(home), "LC_ALL": "C"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                json.load(urlopen(f"{address}/api/status"))
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


@pytest.mark.slow
def test_every_chart_shows_before_anything_runs(lab, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    shown = {}
    for notebook in NOTEBOOKS:
        charts = sum(label.startswith("fig-") for label in notebook.labels)
        page.goto(f"{lab}/lab/tree/{notebook.path.name}?reset")
        page.wait_for_selector(".jp-Notebook .jp-OutputArea-output")
        if charts:
            page.wait_for_function(
                "charts => document.querySelectorAll('.jp-RenderedImage img').length >= charts", arg=charts
            )
        pictures = page.eval_on_selector_all(".jp-Notebook .jp-OutputArea-output img", PICTURES)
        # Twice as many pixels as the chart is wide, but where the window is narrower.
        assert all(wide >= 2 * seen > 0 for wide, seen in pictures), pictures
        assert page.locator(".jp-RenderedSVG").count() == 0, "the notebook is trusted: nothing is tested"
        shown[notebook.name] = (charts, len(pictures))
        if folder := os.environ.get("EXPLAINER_SCREENSHOTS"):
            for number, picture in enumerate(page.locator(".jp-RenderedImage img").all()):
                picture.scroll_into_view_if_needed()
                page.screenshot(path=f"{folder}/{notebook.name}-{number}.png")
    assert sum(charts for charts, _ in shown.values()) > 0
    assert all(charts == pictures for charts, pictures in shown.values()), shown
