"""Shortcodes of a page: where they are, what is wrong with them, what the embedded engine makes of them."""

import pytest

from explainer.report import shortcodes

VARIABLES = {"arrests.article.n", "arrests.article.words", "fair.day.long"}
NOTEBOOKS = ["notebooks/1-crates.ipynb", "notebooks/2-stalls.ipynb"]
LABELS = {"notebooks/1-crates.ipynb#fig-crates", "notebooks/1-crates.ipynb#tbl-growers"}


def faults(text):
    return [
        str(fault) for fault in shortcodes.check_shortcodes(text, "index.qmd", VARIABLES, LABELS, NOTEBOOKS)
    ]


def test_good_page_has_no_fault():
    text = (
        "---\ntitle: The {{< var arrests.article.n >}}\n---\n\nOn {{< var fair.day.long >}}, "
        "**{{< var arrests.article.words >}}**.\n\n{{< embed notebooks/1-crates.ipynb#fig-crates >}}\n\n"
        "{{<pagebreak>}}\n"
    )
    assert faults(text) == []


@pytest.mark.parametrize(
    "text, line, told",
    [
        ("a\n\n{{< var arrests.artcle.n >}}", 3, "arrests.article.n"),
        ("---\ntitle: The {{< var nothing >}}\n---\n", 2, "this variable does not exist"),
        (
            "{{< embed notebooks/1-crates.ipynb#fig-crate >}}",
            1,
            "Did you mean notebooks/1-crates.ipynb#fig-crates",
        ),
        ("\n{{< embed notebooks/3-crates.ipynb#fig-crates >}}", 2, "notebooks/1-crates.ipynb"),
        ("{{< embed notebooks/1-crates.ipynb >}}", 1, "an embed names a notebook and a label"),
        ("See {{< embed notebooks/1-crates.ipynb#fig-crates >}}", 1, "on a line of its own"),
        ("See {{< include other.qmd >}}", 1, "an include stands on a line of its own"),
        ("{{< meta title >}}", 1, "front matter has no text of this name"),
        ("{{< var >}}", 1, "takes one word"),
        ("{{< >}}", 1, "this shortcode is not supported"),
        ("a {{< var fair.day.long", 1, "is not closed"),
        ("a\nb >}}", 2, "is not closed"),
        ("{{< var\nfair.day.long >}}", 1, "over the end of a line"),
        ("```\n{{< var fair.day.long >}}\n```", 2, "cannot stand in code"),
        ("`{{< var fair.day.long >}}`", 1, "cannot stand in code"),
        ("[a](https://example.org/{{< var fair.day.long >}})", 1, "cannot stand in a link"),
        (
            '::: {.callout-note title="{{< var fair.day.long >}}"}\n:::',
            1,
            "cannot stand in a link or in braces",
        ),
        ("[a]{.fact ref={{< var fair.day.long >}}}", 1, "cannot stand in a link or in braces"),
    ],
)
def test_fault_names_line_and_remedy(text, line, told):
    (found,) = faults(text)
    assert found.startswith(f"index.qmd:{line}: ")
    assert told in found
    assert found.endswith((".", "?")) and not found.endswith("..")


def test_all_faults_are_told_at_once():
    assert len(faults("{{< var a >}}\n{{< var b >}}\n\n{{< video c >}}")) == 3


def test_lines_count_after_code_and_front_matter():
    text = "---\ntitle: a\n---\n\n~~~\ncode\n~~~\n\n{{< var no.such >}}\n"
    assert faults(text)[0].startswith("index.qmd:9: ")


def test_escaped_shortcode_is_no_shortcode():
    text = "Write {{{< var name >}}} or `{{{< include x >}}}`."
    assert faults(text) == []
    assert list(shortcodes.find(text)) == []
    assert shortcodes.literals(text) == ["{{< var name >}}", "{{< include x >}}"]


def test_expanded_page_keeps_its_front_matter_and_its_code():
    text = "---\ntitle: '{{< var a.b >}}'\n---\n{{< var a.b >}}\n\n`{{{< var c >}}}`\n"
    expanded = shortcodes.expand(text)
    assert expanded.startswith("---\ntitle: '{{< var a.b >}}'\n---\n")
    assert '.quarto-shortcode__-param data-value="a.b"' in expanded
    assert "`{{< var c >}}`" in expanded


def test_embed_becomes_a_div_with_its_label():
    assert shortcodes.expand("{{< embed n/a.ipynb#fig-x >}}") == "::: {#fig-x .embed}\n:::"


def test_unclosed_fence_hides_the_rest_as_it_does_in_pandoc():
    assert [code.where for code in shortcodes.find("```\n{{< var a >}}")] == ["code"]
