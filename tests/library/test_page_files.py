"""What every reader of a page loads: its style sheet, its type and its script."""

import re

from explainer.build import finish
from explainer.report import site
from explainer.system.project import THEME, Project
from mini import HERE

FONTS = THEME / "fonts"
FACES = [line for line in (FONTS / "faces.css").read_text().splitlines() if line]


def test_style_sheet_loses_its_comments_and_the_space_between_rules():
    rules = "/* Why */\na > b,\nc { color: red;\n  margin: calc(1px + 2px); }\n\n"
    rules += "@media (min-width: 2em) { d { e: f } }\n"
    assert site.compact(rules) == "a > b,c{color:red;margin:calc(1px + 2px);}@media (min-width:2em){d{e:f}}\n"
    assert (
        site.compact('a::after { content: " <" attr(href) ">"; }')
        == 'a::after{content:" <" attr(href) ">";}\n'
    )


def test_every_font_file_is_named_once_and_is_there():
    named = [re.search(r"fonts/([\w-]+\.woff2)", face)[1] for face in FACES]
    assert sorted(named) == sorted(path.name for path in FONTS.glob("*.woff2"))


def test_english_needs_the_first_part_of_a_face_only():
    for face in FACES:
        letters = "U+61-7A" in face and "U+2018-2019" in face
        assert letters is ("-rest.woff2" not in face)


def test_type_of_the_page_weighs_little():
    used = ("Newsreader-Regular", "Newsreader-Bold", "LibreFranklin-Regular", "LibreFranklin-SemiBold")
    assert sum((FONTS / f"{name}.woff2").stat().st_size for name in used) <= 34_000


def test_an_embed_names_only_the_faces_that_it_uses():
    css = site.css(Project(HERE), "embed.css", "LibreFranklin-*.woff2")
    assert 'font-family:"Libre Franklin"' in css
    assert "Newsreader-" not in css


def test_published_script_is_the_themes_without_its_remarks(tmp_path):
    finish.copy_assets(Project(HERE), tmp_path)
    published = (tmp_path / site.SCRIPT).read_text().splitlines()
    written = [line.strip() for line in (THEME / "page.js").read_text().splitlines()]
    assert published == [line for line in written if line and not line.startswith("//")]
    assert len(published) < len(written)
    # Taking remarks out line by line is safe only where no text runs over lines.
    assert all(line.count("`") % 2 == 0 for line in published)


def test_paper_is_light_whatever_the_reader_chose():
    css = site.css(Project(HERE))
    assert "@media screen and (prefers-color-scheme:dark){" in css
    assert '@media screen{:root[data-theme="dark"]' in css
