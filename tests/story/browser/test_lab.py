"""The notebooks in a fresh, untrusting JupyterLab: charts show before anything runs, and move after."""

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
    for folder in (PROJECT.notebooks, PROJECT.data):
        shutil.copytree(folder, home / folder.name, ignore=shutil.ignore_patterns(".*"))
    shutil.copy(PROJECT.root / "_quarto.yml", home)
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


#: Finds a chart among what the cells have shown, as who works there has it in a variable.
EXPLORE = "next(one for one in Out.values() if hasattr(one, 'explore')).explore()"
DRAWN = ".jp-OutputArea-output iframe"


@pytest.mark.slow
def test_a_chart_moves_in_a_live_notebook_without_the_network(lab, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{lab}/lab/tree/3-protests.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-OutputArea-output")
    assert page.locator(DRAWN).count() == 0
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    ran = """() => {
      const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
      return prompts.length && prompts.every(one => /\\[\\d+\\]/.test(one.textContent));
    }"""
    page.wait_for_function(ran, timeout=120_000)
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type(EXPLORE)
    page.keyboard.press("Shift+Enter")
    chart = page.frame_locator(DRAWN).locator("#chart svg, #chart canvas").first
    chart.wait_for(timeout=60_000)
    assert chart.bounding_box()["width"] > 300
    assert page.locator(".jp-OutputArea-output [data-mime-type$='stderr']").count() == 0
    if folder := os.environ.get("EXPLAINER_SCREENSHOTS"):
        page.locator(DRAWN).scroll_into_view_if_needed()
        page.screenshot(path=f"{folder}/explore.png")
    assert [
        url
        for url in asked
        if not url.startswith((lab, lab.replace("http", "ws"), "data:", "blob:", "about:"))
    ] == []
