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
from dataclasses import dataclass, field
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from explainer.notebooks import ipynb
from explainer.system.project import Project

PROJECT = Project.find(__file__)
NOTEBOOKS = ipynb.read_all(PROJECT)
#: The notebook that is in front.
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook"
#: The pictures in the outputs, with the pixels that the browser has decoded of each.
PICTURES = "images => images.map(image => [image.naturalWidth, image.clientWidth])"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
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


@dataclass
class Lab:
    """A JupyterLab in a browser: its page, its address, and what the page asked for."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)

    def open(self, name: str) -> None:
        """Bring a notebook to the front by its name in the list of files."""
        self.page.get_by_role("listitem", name=name).dblclick()
        self.page.get_by_role("tab", name=name, selected=True).wait_for()
        self.page.wait_for_selector(f"{SHOWN} .jp-OutputArea-output")


@pytest.fixture(scope="module")
def lab(server, browser):
    lab = Lab(browser.new_page(viewport={"width": 1280, "height": 1600}), server)
    lab.page.on("request", lambda request: lab.asked.append(request.url))
    lab.page.goto(f"{server}/lab?reset")
    return lab


@pytest.mark.slow
def test_every_chart_shows_before_anything_runs(lab):
    page, shown = lab.page, {}
    for notebook in NOTEBOOKS:
        charts = sum(label.startswith("fig-") for label in notebook.labels)
        lab.open(notebook.path.name)
        if charts:
            page.locator(f"{SHOWN} .jp-RenderedImage img").nth(charts - 1).wait_for(state="attached")
        pictures = page.eval_on_selector_all(f"{SHOWN} .jp-OutputArea-output img", PICTURES)
        # Twice as many pixels as the chart is wide, but where the window is narrower.
        assert all(wide >= 2 * seen > 0 for wide, seen in pictures), pictures
        assert page.locator(f"{SHOWN} .jp-RenderedSVG").count() == 0, (
            "the notebook is trusted: nothing is tested"
        )
        shown[notebook.name] = (charts, len(pictures))
        if folder := os.environ.get("EXPLAINER_SCREENSHOTS"):
            for number, picture in enumerate(page.locator(f"{SHOWN} .jp-RenderedImage img").all()):
                picture.scroll_into_view_if_needed()
                page.screenshot(path=f"{folder}/{notebook.name}-{number}.png")
    assert sum(charts for charts, _ in shown.values()) > 0
    assert all(charts == pictures for charts, pictures in shown.values()), shown


#: Finds a chart among what the cells have shown, as who works there has it in a variable.
EXPLORE = "next(one for one in Out.values() if hasattr(one, 'explore')).explore()"
DRAWN = ".jp-OutputArea-output iframe"


@pytest.mark.slow
def test_a_chart_moves_in_a_live_notebook_without_the_network(lab):
    page = lab.page
    lab.open("3-protests.ipynb")
    assert page.locator(DRAWN).count() == 0
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    ran = """where => {
      const prompts = [...document.querySelectorAll(`${where} .jp-CodeCell .jp-InputPrompt`)];
      return prompts.length && prompts.every(one => /\\[\\d+\\]/.test(one.textContent));
    }"""
    page.wait_for_function(ran, arg=SHOWN, timeout=120_000)
    page.locator(f"{SHOWN} .jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type(EXPLORE)
    page.keyboard.press("Shift+Enter")
    chart = page.frame_locator(DRAWN).locator("#chart svg, #chart canvas").first
    chart.wait_for(timeout=60_000)
    assert chart.bounding_box()["width"] > 300
    assert page.locator(f"{SHOWN} .jp-OutputArea-output [data-mime-type$='stderr']").count() == 0
    if folder := os.environ.get("EXPLAINER_SCREENSHOTS"):
        page.locator(DRAWN).scroll_into_view_if_needed()
        page.screenshot(path=f"{folder}/explore.png")
    own = (lab.address, lab.address.replace("http", "ws"), "data:", "blob:", "about:")
    assert [url for url in lab.asked if not url.startswith(own)] == []
