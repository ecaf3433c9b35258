"""What a browser shows of a report, as `explainer verify` asks it."""

from __future__ import annotations

import pytest

import mini
from explainer.acceptance import access, copies, host, weight
from explainer.acceptance.finding import Outcome
from explainer.evidence.fragments import Fragment

pytestmark = pytest.mark.slow

BLOCKS = [
    "MORE NEWSPa., NJ lead",
    "The end of the city’s deal, a well-known one.",
    "The city. The end of it.",
]
ADDRESS = "https://example.org/#:~:text="


FRAGMENTS = {
    "Pa.": Fragment("Pa."),
    "NEWS-,Pa.": Fragment("Pa.", prefix="NEWS"),
    "EWS-,Pa.": Fragment("Pa.", prefix="EWS"),
    "the%20city": Fragment("the city"),
    "the%20city,-%E2%80%99s%20deal": Fragment("the city", suffix="’s deal"),
    "the%20city,-'s": Fragment("the city", suffix="'s"),
    "END%20OF%20THE": Fragment("END OF THE"),
    "known": Fragment("known"),
    "know": Fragment("know"),
    "end,deal": Fragment("end", end="deal"),
    "one.,-The%20city": Fragment("one.", suffix="The city"),
}


@pytest.fixture(scope="module")
def scrolled(browser):
    return copies.scrolled(browser, BLOCKS, [ADDRESS + directive for directive in FRAGMENTS])


@pytest.mark.parametrize("directive", FRAGMENTS)
def test_the_browser_scrolls_to_where_the_rules_say(scrolled, directive):
    at = FRAGMENTS[directive].find(BLOCKS)
    assert scrolled[ADDRESS + directive] == (-1 if at is None else at)


def test_a_page_that_is_too_heavy_fails_with_what_it_loads(browser, rendered):
    with host.serving(rendered.report) as server:
        found = weight.check(browser, server, weight.LIMIT)
        assert found.outcome is Outcome.HOLDS, found
        found = weight.check(browser, server, 1000)
    assert found.outcome is Outcome.FAILS
    assert any(line.endswith("/index.html") for line in found.details)


def test_what_axe_finds_is_named_with_its_page(browser, report):
    names = ["index.html", "data/facts.html"]
    with host.serving(report.report) as server:
        assert access.check(browser, server.address, names).outcome is Outcome.HOLDS
        mini.edit(report.report / "data" / "facts.html", "</main>", "<p><img src='x'></p></main>")
        found = access.check(browser, server.address, names)
    assert found.outcome is Outcome.FAILS
    assert [line.partition(":")[0] for line in found.details] == ["data/facts.html"]
    assert "image-alt" in found.details[0]
