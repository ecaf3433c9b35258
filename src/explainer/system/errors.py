"""Errors that an editor can cause and fix, in data or content."""

from __future__ import annotations

from collections.abc import Iterable


def place(*parts: object) -> str:
    """Return the parts of a place, such as ``file:row:column``, without those that are None."""
    return ":".join(str(part) for part in parts if part is not None)


class Fault(Exception):
    """One error: what is wrong, where it is, and what to do about it.

    Parameters
    ----------
    what : str
        What is wrong, in plain words, without a period.
    file : str, optional
        Path from the project's root.
    row : int, optional
        Row as a spreadsheet shows it (the header is row 1), or line of a text file.
    line : int, optional
        Line of the file, if it differs from the row.
    column : str, optional
        Name of the column, or another place in the row.
    value : object, optional
        The offending value.
    remedy : str, optional
        What to do, as a sentence.
    """

    #: Severity: a fault stops the command.
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
    def faults(self) -> list[Fault]:
        """The faults it consists of: itself."""
        return [self]

    @property
    def where(self) -> str:
        """The place as ``file:row:column``, as far as it is known."""
        return place(self.file, self.row, self.column)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.value is not None:
            text += f" ({self.value!r})"
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


class Caution(Fault):
    """A warning: an editor should look at it, but it stops nothing."""

    level = "warning"


class Gone(Fault):
    """A recorded row that is missing, with no stated reason."""


class Faults(Fault):
    """Several faults at once, so that an editor can fix all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults = list(faults)
        super().__init__(f"{len(self._faults)} faults" if len(self._faults) != 1 else "1 fault")

    @property
    def faults(self) -> list[Fault]:
        """The faults, in order."""
        return self._faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self._faults)
