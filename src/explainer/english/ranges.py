"""Ranges of a text that do not overlap."""

from __future__ import annotations

from bisect import bisect_left


class DisjointRanges:
    """Sorted ranges of a text, so that adding one is fast in a long text too.

    Examples
    --------
    >>> ranges = DisjointRanges()
    >>> ranges.add((0, 5)), ranges.add((4, 6)), ranges.add((5, 6))
    (True, False, True)
    """

    def __init__(self) -> None:
        self._ranges: list[tuple[int, int]] = []

    def add(self, part: tuple[int, int]) -> bool:
        """Add a range unless it overlaps another, and return whether it was added."""
        # Only the two ranges next to it can overlap it, since those here do not overlap each other.
        at = bisect_left(self._ranges, part)
        if at and self._ranges[at - 1][1] > part[0]:
            return False
        if at < len(self._ranges) and self._ranges[at][0] < part[1]:
            return False
        self._ranges.insert(at, part)
        return True
