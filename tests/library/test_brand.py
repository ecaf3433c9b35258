"""A newsroom's brand: what it changes in page, PDF and pictures, and what it is refused for."""

from __future__ import annotations

import re

import pytest

import brand as example
import mini
from explainer.report import brand
from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.verify import supported
from program import explain
from reading import Pdf


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    return mini.make(tmp_path_factory.mktemp("brand") / "mini")


def edited(old: str, new: str) -> str:
    """Return the example with one change."""
    assert example.TEXT.count(old) == 1
    return example.TEXT.replace(old, new)


FONT = "    - family: Orchardian\n      source: file\n      files: [type/Orchardian.ttf]\n"
REFUSED = {
    edited("primary: leaf", "primary: leef"): "_brand.yml:6:color.primary: this is no color ('leef')",
    edited("primary: leaf", "primary: '#fd6'"): (
        "_brand.yml:6:color.primary: this color cannot be read on the light page: a contrast of 1.3 to 1"
        " ('#ffdd66'). Text needs 4.5."
    ),
    edited("#fafafa", "#333"): (
        "_brand.yml:5:color.foreground: this color cannot be read on the dark page: a contrast of 1.4 to 1"
    ),
    edited("white", "black"): (
        "_brand.yml:4:color.background: the report's own colors cannot be read on this light page"
    ),
    edited("white", "{light: white, dark: '#666666'}"): (
        "_brand.yml:4:color.background: the report's own colors cannot be read on this dark page"
    ),
    edited("source: file", "source: google"): (
        "_brand.yml:10:typography.fonts.source: a report loads no font from another host"
    ),
    edited("source: file", "source: bunny"): "_brand.yml:10:typography.fonts.source: a report loads no font",
    edited("      source: file\n", ""): "_brand.yml:9:typography.fonts: a report loads no font",
    edited(
        "type/Orchardian.ttf", "type/none.ttf"
    ): "_brand.yml:11:typography.fonts.files: there is no such file",
    edited("type/Orchardian.ttf", "../Orchardian.ttf"): "there is no such file ('../Orchardian.ttf')",
    edited("type/Orchardian.ttf", "_brand.yml"): "the PDF cannot be set in a file of this kind",
    edited("family: Orchardian", "family: Lato"): (
        "_brand.yml:11:typography.fonts.files: this file is of another family, Orchardian"
    ),
    edited(
        "base: Orchardian", "base: Lato"
    ): "_brand.yml:12:typography.base: this family has no file ('Lato')",
    edited(FONT, FONT.replace("file\n", "file\n      display: swap\n")): (
        "_brand.yml:11:typography.fonts.display: this setting does nothing here"
    ),
    edited("base: Orchardian", "base: {family: Orchardian, size: 12pt}"): (
        "_brand.yml:12: this setting does nothing here ('size')"
    ),
    edited("  primary", "  tertiary"): "_brand.yml:6: this setting does nothing here ('tertiary')",
    "logo: mark.png\n": "_brand.yml:1: this setting does nothing here ('logo')",
    "color: [\n": "_brand.yml:2: is not valid YAML",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_a_brand_may_not_say_is_refused_at_its_line(project, text):
    example.give(project, text)
    with pytest.raises(Fault) as caught:
        supported.check(project)
    assert REFUSED[text] in str(caught.value)


def test_quarto_is_to_leave_a_brand_alone(tmp_path):
    project = mini.make(tmp_path / "mini")
    example.give(project)
    supported.check(project)
    mini.edit(project.quarto_yml, "brand: false\n", "")
    with pytest.raises(Fault, match=r"_quarto\.yml:brand: Quarto would add a style of its own"):
        supported.check(project)


def test_names_of_colors_lead_to_others(project):
    example.give(
        project, "color:\n  palette: {deep: navy, ink: deep}\n  foreground: ink\n  primary: foreground\n"
    )
    assert brand.read(project).colors()["highlight"] == "#000080"


def test_a_dark_page_keeps_its_own_colors_unless_they_are_given(project):
    example.give(project)
    roles = brand.read(project).palette
    assert (roles.role("ink").light, roles.role("ink").dark) == ("#111111", "#fafafa")
    assert roles.role("highlight").dark == brand.palette.role("highlight").dark


def test_contrast_is_that_of_wcag():
    assert brand.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert brand.contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("engine", ["pandoc", pytest.param("quarto", marks=pytest.mark.quarto)])
def test_page_pdf_and_pictures_follow_the_brand(engine, rendered, tmp_path, request):
    project = mini.copy_of(rendered, tmp_path / "mini")
    example.give(project)
    named = {"QUARTO_PATH": str(request.getfixturevalue("quarto_path"))} if engine == "quarto" else {}
    done = explain(project, "render", "--engine", engine, **named)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (project.report / "fonts" / "Orchardian.ttf").read_bytes() == example.font()
    for page in ("index.html", "notebooks/1-crates.html", "embed/fig-crates.html"):
        text = (project.report / page).read_text(encoding="utf-8")
        up = "../" * page.count("/")
        assert f'url("{up}fonts/Orchardian.ttf")' in text and "--ink:#111111" in text
        assert "bootstrap" not in text
    fonts = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in Pdf(project.report / "report.pdf").reader.pages
        for font in page["/Resources"]["/Font"].get_object().values()
    }
    assert any(name.startswith("Orchardian") for name in fonts), fonts
    # The words of charts keep the type that they are measured in, in the brand's colors.
    assert any(name.startswith("LibreFranklin") for name in fonts), fonts
    drawing = (project.report / "figures" / "fig-crates.svg").read_text(encoding="utf-8")
    assert "#111111" in drawing and not re.search("#1b1e23", drawing)
