"""Months, weekdays and parts of the day, and patterns that recognize them in running text."""

from __future__ import annotations

import calendar

MONTHS = tuple(calendar.month_name)[1:]
WEEKDAYS = tuple(calendar.day_name)
PARTS_OF_DAY = ("morning", "afternoon", "evening", "night")
SEASONS = ("spring", "summer", "fall", "autumn", "winter")
#: Months that are other words, too, and so count only where something beside them says so.
MODAL_MONTHS = frozenset({"May", "March", "August"})

#: A month in full or as news style shortens it, its full stop included.
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:{'|'.join(name[:3] for name in MONTHS)}|Sept)\b\.?)"
WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
PART_OF_DAY = rf"(?:{'|'.join(PARTS_OF_DAY)})"
SEASON = rf"(?:{'|'.join(SEASONS)})"
#: A year of the present or of history; with fewer than four digits, or other ones, a count is as likely.
YEAR = r"(?:1[5-9]|20)\d\d"
