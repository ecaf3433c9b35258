"""A copy of an article is read whatever it comes as; what is no article is refused with a reason."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

import ferry
from explainer.article.copies import read
from explainer.article.metadata import Metadata
from explainer.draft.layout import blocks_of, lay_out
from explainer.system import limits
from explainer.system.errors import Fault


def texts(path: Path) -> list[str]:
    return [line.text for line in read(path).lines]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"], ids=lambda name: name
)
def test_text_in_any_usual_encoding(tmp_path, encoding):
    path = tmp_path / "copy.txt"
    path.write_bytes(ferry.TEXT.encode(encoding))
    assert texts(path) == ferry.LINES


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"])
def test_line_ends_of_any_system(tmp_path, end):
    path = tmp_path / "copy.txt"
    path.write_bytes(ferry.TEXT.replace("\n", end).encode())
    assert texts(path) == ferry.LINES


def test_lines_without_a_blank_one_between_share_a_chunk(tmp_path):
    path = tmp_path / "copy.txt"
    path.write_text("one\ntwo\n\n\nthree\n")
    chunks = [line.chunk for line in read(path).lines]
    assert chunks[0] == chunks[1] != chunks[2]


def test_hidden_characters_are_left_out_and_accents_put_together(tmp_path):
    path = tmp_path / "copy.txt"
    path.write_text("Nov\u00adember\u200b cafe\u0301")
    assert texts(path) == ["November café"]


def test_a_page_gives_what_a_reader_sees_and_marks_the_story(tmp_path):
    path = tmp_path / "copy.html"
    path.write_text(ferry.page(ferry.LINES))
    lines = read(path).lines
    seen = [line.text.replace("\u00a0", " ") for line in lines]
    for line in ferry.LINES:
        assert line in seen
    for hidden in ("Twelve more", "Hidden 99", "17 passengers", "1999"):
        assert not any(hidden == text or "var" in text for text in seen)
    main = {line.text.replace("\u00a0", " ") for line in lines if line.main}
    assert set(ferry.LINES[2:5]) <= main
    assert not main & {"Weather for Thursday", "Rex Bloom, 41, wins", "© 2031 The Site, 12 Long Street"}


def test_a_menu_that_repeats_a_line_of_the_story_is_not_the_story(tmp_path):
    path = tmp_path / "copy.html"
    path.write_text(ferry.page(ferry.LINES))
    repeated = [line.main for line in read(path).lines if line.text == ferry.LINES[1]]
    assert len(repeated) == 2
    assert sum(repeated) <= 1


def test_a_page_is_known_by_its_text_too_and_may_say_its_encoding(tmp_path):
    path = tmp_path / "copy"
    page = ferry.page(ferry.LINES).replace("utf-8", "windows-1252")
    path.write_bytes(page.encode("cp1252"))
    assert ferry.LINES[4] in texts(path)


def test_line_breaks_in_a_page_end_a_line_and_not_a_chunk(tmp_path):
    path = tmp_path / "copy.html"
    path.write_text("<html><body><div>One<br>two</div><div>Th<b>re</b>e</div><ol><li>four</ol></body></html>")
    lines = read(path).lines
    assert [line.text for line in lines] == ["One", "two", "Three", "four"]
    assert [lines[0].chunk == lines[1].chunk, lines[1].chunk == lines[2].chunk] == [True, False]


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\r\n", "is empty"),
    "only signs": (b"--- * ---\n", "has no text"),
    "a page without text": (b"<html><body><script>var x</script></body></html>", "has no text"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF, not text"),
    "word processor": (b"PK\x03\x04\x14\x00", "is a zipped file"),
    "picture": (b"\x89PNG\r\n\x1a\n", "is a picture"),
    "zeros": (b"article\x00\x00\x01text" * 9, "is binary"),
    "control characters": (bytes(range(1, 9)) * 40, "is binary"),
    "random": (bytes((i * 89 + i * i * 7) % 256 for i in range(4000)), "is binary"),
    "says UTF-8 and is not": (
        '<html><meta charset="utf-8"><body>first\ncafé</body></html>'.encode("latin-1"),
        "copy.txt:2: says that it is utf-8, and is not",
    ),
    "UTF-8 cut off within a character": (
        "“No,” she said.\nIt’s a café".encode()[:-1],
        "copy.txt:2: is UTF-8 with bytes that are spoiled or cut off",
    ),
    "UTF-8 with one bad byte": (
        "“No,” he said.\n".encode() + b"caf\xe9\n" + "It’s over.".encode(),
        "copy.txt:2: is UTF-8 with bytes that are spoiled or cut off",
    ),
    "spoiled quotes": ("He said.\nâ€œNo,â€\x9d she said.".encode(), "copy.txt:2: has characters"),
    "lost characters": ("caf\ufffd".encode(), "earlier conversion has spoiled"),
}


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=BAD)
def test_what_is_no_article_is_refused(tmp_path, content, said):
    path = tmp_path / "copy.txt"
    path.write_bytes(content)
    with pytest.raises(Fault) as fault:
        read(path)
    message = str(fault.value)
    assert said in message
    assert message.startswith("copy.txt")
    assert message.count(". ") >= 1, f"no word on what to do: {message}"


def test_enormous(tmp_path):
    path = tmp_path / "copy.txt"
    path.write_bytes(b"word " * (limits.ARTICLE_BYTES // 5 + 1))
    with pytest.raises(Fault, match=r"5\.0 MB, more than any article\. Save the text alone"):
        read(path)


def test_more_text_than_any_article(tmp_path):
    path = tmp_path / "copy.html"
    path.write_text("<html><body>" + "<p>word and word</p>" * 50_000)
    with pytest.raises(Fault, match=r"650,000 characters of text.*\. Save the article alone"):
        read(path)


def test_missing_folder_and_not_permitted(tmp_path):
    with pytest.raises(Fault, match=r"is not there\. Check the path"):
        read(tmp_path / "none.txt")
    with pytest.raises(Fault, match="is a folder"):
        read(tmp_path)
    path = tmp_path / "copy.txt"
    path.write_text("words")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    with pytest.raises(Fault, match="cannot be read: Permission denied"):
        read(path)


@pytest.mark.parametrize("element", ["div", "b", "table><tr><td"])
def test_a_page_of_which_the_parser_drops_the_rest_is_refused(element, tmp_path):
    path = tmp_path / "copy.html"
    path.write_text(f"<html><body><p>The docks closed.</p>{f'<{element}>' * 100_000}<p>They stay shut.</p>")
    with pytest.raises(Fault, match=r"copy\.html: nests its elements deeper than any page"):
        read(path)


def test_a_headline_above_what_holds_the_story_is_of_the_story(tmp_path):
    story = "The river rose on Tuesday and flooded the town, officials said, as it had a month before. " * 3
    path = tmp_path / "page.html"
    for heading, main in (("River town floods for a second time", True), ("The Site", False)):
        path.write_text(
            "<!doctype html><html><head><title>x</title></head><body><nav><a href='/'>Home</a></nav>"
            f"<div><h1>{heading}</h1></div><article><p>{story}</p><p>{story}</p></article></body></html>"
        )
        assert [line.main for line in read(path).lines if line.text == heading] == [main]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<!-- saved from a site -->", ""),
        ("<!doctype html><!-- by a tool -->", "<!-- cached in 0.2 s -->"),
        ('<?xml version="1.0"?><?xml-stylesheet href="a.css"?><!-- x --><!doctype html>', "<?end?>"),
        ('<!DOCTYPE html [<!ENTITY site "The Site">]>', "<!-- a --><!-- b -->"),
        ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1.dtd">', "\n<!-- end -->\n"),
    ],
)
def test_comments_and_instructions_outside_the_page_are_not_read(tmp_path, before, after):
    path = tmp_path / "copy.html"
    within = "<!-- 99 hidden --><?php echo 98 ?>"
    body = f"<h1>A ferry sank in the harbor</h1><p>It ca{within}rried 29 people.</p>"
    path.write_text(f"{before}<html>{within}<body>{body}</body>{within}</html>{after}")
    read_as = [text for text in texts(path) if text != "]>"]
    assert read_as == ["A ferry sank in the harbor", "It carried 29 people."]
    (tmp_path / "copy").write_bytes(path.read_bytes())
    assert texts(tmp_path / "copy") == texts(path)


@pytest.mark.parametrize("tag", ["html", "body"])
def test_a_page_that_is_hidden_as_a_whole_has_no_text(tmp_path, tag):
    path = tmp_path / "copy.html"
    path.write_text("<html><body><p>words</p></body></html>".replace(f"<{tag}>", f"<{tag} hidden>"))
    with pytest.raises(Fault, match="has no text"):
        read(path)


def test_many_comments_before_a_text_take_no_time(tmp_path):
    path = tmp_path / "copy"
    path.write_text("<!-- a -->" * 5_000 + "words")
    assert texts(path)


SAID = "The harbor closed on Friday after a barge ran aground, officials said, and 29 boats stayed."
TOLD = f"<p>{SAID}</p><p>{SAID.replace('29', '31')}</p>"
LINKED = "<script type='application/ld+json'>"
ODD = {
    "comments outside html": f"<!-- a --><html><!-- b --><body>{TOLD}</body></html><!-- c -->",
    "instructions": f"<?xml version='1.0'?><?php echo 1 ?><html><body><?pi x?>{TOLD}</body></html><?end?>",
    "text outside html": f"before<html><body>{TOLD}</body></html>after the page",
    "no body": f"<html><head><title>Harbor closes for a day</title></head>{TOLD}</html>",
    "two pages": f"<html><body>{TOLD}</body></html><html><body>more</body></html>",
    "frames beside text": f"<html><body><iframe src='a.html'></iframe>{TOLD}</body></html>",
    "nesting after the text": f"<html><body>{TOLD}" + "<div>" * 100_000,
    "entities in the doctype": f'<!DOCTYPE html [<!ENTITY a "a"><!ENTITY b "&a;">]><body>{TOLD}&b;</body>',
    "a doctype that names a file": f'<!DOCTYPE html SYSTEM "file:///etc/passwd"><html><body>{TOLD}</body></html>',
    "broken linked data": f"{LINKED}{{'a':</script><body>{TOLD}</body>",
    "deep linked data": f"{LINKED}{'[' * 5_000}</script><body>{TOLD}</body>",
    "odd linked data": f'{LINKED}[{{"@type": "Article", "author": [null, 3]}}]</script><body>{TOLD}</body>',
    "impossible days": f"<meta property='article:published_time' content='99999-99-99'><body>{TOLD}</body>",
    "unknown elements": f"<html><body><o:p>x</o:p><1x>y</1x><svg><text>z</text></svg>{TOLD}</body></html>",
}


@pytest.mark.parametrize("page", ODD.values(), ids=ODD)
def test_an_odd_page_is_read(tmp_path, page):
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    article = read(path)
    assert SAID in [line.text for line in article.lines]
    assert not any("root:" in line.text for line in article.lines)
    assert lay_out(blocks_of(article), article.metadata).roles.count("body") >= 2


@pytest.mark.parametrize(
    "page", ["<frameset cols='*'><frame src='a'></frameset>", "<html hidden>", "<!-- x -->"]
)
def test_a_page_without_text_is_refused(tmp_path, page):
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    with pytest.raises(Fault, match=r"has no text|cannot be read as an HTML page"):
        read(path)


def test_what_a_page_says_of_itself(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(
        "<html><head><title>Harbor closes after a barge sinks | The Gull</title>"
        '<link rel="canonical" href="https://gull.example/harbor">'
        '<meta property="og:site_name" content="The Gull">'
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle", '
        '"headline": "Harbor closes after a barge sinks", "datePublished": "2025-05-09T12:00:00Z", "author": '
        '[{"@type": "Person", "name": "Ada Ward"}, {"@type": "Person", "name": "Otto Bell"}]}</script></head>'
        f"<body><h1>Harbor closes after a barge sinks</h1><article>{TOLD * 3}</article></body></html>",
        encoding="utf-8",
    )
    assert read(path).metadata == Metadata(
        headline="Harbor closes after a barge sinks",
        author="Ada Ward, Otto Bell",
        outlet="The Gull",
        url="https://gull.example/harbor",
        published=date(2025, 5, 9),
    )
