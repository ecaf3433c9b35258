"""What a notebook shows: Markdown and SVG, never HTML."""

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

from explainer.authoring.display import _markdown

SHOWN = {
    "a frame": ("pd.DataFrame({'a': ['<b>', '|'], 'n': [1, 2]})", "text/markdown"),
    "a series": ("pd.Series([1, 2], name='n')", "text/markdown"),
    "a grouped frame": ("pd.DataFrame({'a': ['x'], 'n': [1]}).groupby('a').sum()", "text/markdown"),
    "an empty frame": ("pd.DataFrame({'a': []})", "text/markdown"),
    "a styled frame": ("pd.DataFrame({'a': [1]}).style", "text/plain"),
    "a chart": (
        "alt.Chart(pd.DataFrame({'a': ['x'], 'n': [1]})).mark_bar().encode(x='n:Q', y='a:N')",
        "image/svg+xml",
    ),
    "HTML": ("__import__('IPython.display').display.HTML('<b>x</b>')", "text/plain"),
}


@pytest.fixture(scope="module")
def executed():
    lines = ["import altair as alt, pandas as pd", "from explainer.authoring.display import setup", "setup()"]
    cells = [nbformat.v4.new_code_cell(source) for source, _ in SHOWN.values()]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("\n".join(lines)), *cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return dict(zip(SHOWN, notebook.cells[1:], strict=True))


@pytest.mark.parametrize("what", SHOWN)
def test_no_output_is_html_since_that_makes_renderers_load_scripts(executed, what):
    (output,) = executed[what].outputs
    assert "text/html" not in output.data
    assert SHOWN[what][1] in output.data


def test_long_frames_are_cut_and_say_so():
    lines = _markdown(pd.DataFrame({"a": range(20), "b": range(20)})).split("\n")
    assert len([line for line in lines if line.startswith("|")]) == 2 + 12
    assert lines[-1] == "*first 12 of 20 rows × 2 columns*"


def test_an_index_is_shown_when_it_means_something():
    frame = pd.DataFrame({"n": [1, 2]}, index=["x", "y"])
    assert _markdown(frame).split("\n")[0] == "| row | n |"
    assert _markdown(frame.rename_axis("what")).split("\n")[0] == "| what | n |"
    assert _markdown(pd.DataFrame({"n": [1, 2]}, index=[4, 7])).split("\n")[0] == "| n |"


def test_columns_of_several_levels_are_joined():
    frame = pd.DataFrame({"a": ["x", "x"], "n": [1, 2]}).groupby("a").agg({"n": ["min", "max"]})
    assert _markdown(frame).split("\n")[0] == "| a | n / min | n / max |"
