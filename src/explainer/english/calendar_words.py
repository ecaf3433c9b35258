"""Months, weekdays and parts of the day, and patterns that recognize them in running text."""

from __future__ import annotations

import calendar

MONTHS = tuple(calendar.month_name)[1:]
WEEKDAYS = tuple(calendar.day_name)
PARTS_OF_DAY = ("morning", "afternoon", "evening", "night")
SEASONS = ("spring", "summer", "fall", "autumn", "winter")
#: Months that are ordinary words too, and count only in the context of a date.
MODAL_MONTHS = frozenset({"May", "March", "August"})

#: A month in full, or abbreviated as in news style, with its period.
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:{'|'.join(name[:3] for name in MONTHS)}|Sept)\b\.?)"
WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
PART_OF_DAY = rf"(?:{'|'.join(PARTS_OF_DAY)})"
SEASON = rf"(?:{'|'.join(SEASONS)})"
#: A year from 1500 to 2099; any other number is as likely a count.
YEAR = r"(?:1[5-9]|20)\d\d"
