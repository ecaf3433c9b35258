"""Faults: what an editor is told when data or content is wrong."""

from __future__ import annotations

from collections.abc import Iterable


class Fault(Exception):
    """One thing that is wrong, where it is, and what to do about it.

    Parameters
    ----------
    what : str
        What is wrong, in plain words, without a full stop.
    file : str, optional
        Path from the project's root.
    row : int, optional
        Row as a spreadsheet shows it (the header is row 1), or line of a text file.
    line : int, optional
        Line of the file, where that is not the same as the row.
    column : str, optional
        Name of the column, or another place within the row.
    value : object, optional
        The offending value.
    remedy : str, optional
        What to do, as a sentence.
    """

    #: How grave it is: a fault stops what was asked for.
    level = "fault"

    def __init__(
        self,
        what: str,
        *,
        file: str | None = None,
        row: int | None = None,
        line: int | None = None,
        column: str | None = None,
        value: object = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.file = file
        self.row = row
        self.line = line if line is not None else row
        self.column = column
        self.value = value
        self.remedy = remedy

    @property
    def where(self) -> str:
        """The place as ``file:row:column``, as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.row, self.column) if part is not None)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.value is not None:
            text += f" ({self.value!r})"
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


class Caution(Fault):
    """Something that an editor should look at and that stops nothing."""

    level = "warning"


class Gone(Fault):
    """A row that is on record and is no longer there, with nothing that says why."""


class Faults(Fault):
    """Several faults found in one go, so that an editor can mend all of them at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(f"{len(self.faults)} faults" if len(self.faults) != 1 else "1 fault")

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
