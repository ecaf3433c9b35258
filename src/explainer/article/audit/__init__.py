"""Audit a fact sheet against a copy of its article.

Every selector must occur in the copy exactly once, in its paragraph, and everything that the copy mentions
must be in the fact sheet or in the list of what is left out. Where the article has changed since, the audit
says fact by fact what it said and what it says now. Only words that a fact rests on can be compared, since
the text itself is not kept: of other words a paragraph's digest shows that they changed, but not how.
"""

from __future__ import annotations

from dataclasses import dataclass

from explainer.article.audit.coverage import Coverage, cover
from explainer.article.audit.facts import Fact, FactSheet, read
from explainer.article.audit.paragraphs import Located, Text, locate
from explainer.article.audit.search import Finding, Search
from explainer.article.audit.wording import reworded
from explainer.article.copies import Article
from explainer.english.word_breaks import Cut
from explainer.system.project import Project

__all__ = ["Audit", "Finding", "audit", "audit_sheet"]


@dataclass
class Audit:
    """The result.

    Parameters
    ----------
    sheet : FactSheet
        The fact sheet.
    name : str
        The file name of the copy.
    located : Located
        The paragraphs of the copy.
    findings : list of Finding
        One for each fact, in the order of the sheet.
    coverage : Coverage
        How the mentions of the copy are accounted for.
    twins : list of tuple of Fact
        Facts of one kind that rest on the same words, or in part on the same.
    cuts : list of tuple of Fact and Cut
        Facts whose words begin or end inside a word, as browsers cut them.
    """

    sheet: FactSheet
    name: str
    located: Located
    findings: list[Finding]
    coverage: Coverage
    twins: list[tuple[Fact, Fact]]
    cuts: list[tuple[Fact, Cut]]

    @property
    def missing(self) -> list[Finding]:
        """Facts that the copy does not have."""
        return [finding for finding in self.findings if finding.status == "missing"]

    @property
    def ambiguous(self) -> list[Finding]:
        """Facts whose words occur more than once."""
        return [finding for finding in self.findings if finding.status == "ambiguous"]

    @property
    def reopened(self) -> list[Text]:
        """Paragraphs that no longer open with their words."""
        return [text for text in self.located.paragraphs.values() if text.opens_with]

    @property
    def reworded(self) -> list[int]:
        """Paragraphs that are worded otherwise than when the sheet was made."""
        return reworded(self.located.paragraphs, self.sheet.digests)

    @property
    def alien(self) -> bool:
        """Whether the copy is of another text: it has no paragraph of the article."""
        return not self.located.paragraphs

    @property
    def complete(self) -> bool:
        """Whether all is accounted for, in the wording that the sheet was made from."""
        return self.accounted and not self.reworded

    @property
    def accounted(self) -> bool:
        """Whether every fact occurs once, where a link finds it, and every mention is accounted for."""
        return not (
            self.missing
            or self.ambiguous
            or self.twins
            or self.cuts
            or self.sheet.gone
            or self.coverage.uncovered
            or self.coverage.stale
            or self.located.absent
            or self.located.added
            or self.reopened
        )


def audit(project: Project, article: Article) -> Audit:
    """Audit the fact sheet of a project against a copy of its article.

    Raises
    ------
    Faults
        Everything that is wrong with the fact sheet itself.
    """
    return audit_sheet(read(project), article)


def audit_sheet(sheet: FactSheet, article: Article) -> Audit:
    """Audit a fact sheet against a copy of its article."""
    located = locate(article, sheet.openings, sheet.selectors)
    if not located.paragraphs:
        # The mentions of another text do not matter, and a long one has thousands.
        lost = [Finding(fact, "missing", "gone") for fact in sheet.facts]
        return Audit(sheet, article.name, located, lost, Coverage(0, 0, [], list(sheet.left_out)), [], [])
    search = Search(sheet, located)
    findings = search.findings()
    return Audit(
        sheet=sheet,
        name=article.name,
        located=located,
        findings=findings,
        coverage=cover(sheet, located, search.explained),
        twins=search.twins(),
        cuts=search.cuts(),
    )
