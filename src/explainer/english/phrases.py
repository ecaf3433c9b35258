"""How far one day is from another, in words that keep to the number: the day after, two days later."""

from __future__ import annotations

from num2words import num2words


def beside(days: int, event: str) -> str:
    """Return where a day lies beside an event, such as ``the day after the protest``.

    Parameters
    ----------
    days : int
        How many days it lies after the event; negative before it.
    event : str
        What the event is called, with its article.
    """
    if days == 0:
        return f"the day of {event}"
    side = "after" if days > 0 else "before"
    return f"the day {side} {event}" if abs(days) == 1 else f"{_in_words(abs(days))} days {side} {event}"


def apart(days: int) -> str:
    """Return how much later something is, such as ``two days later``; earlier, if `days` is negative."""
    if days == 0:
        return "the same day"
    side = "later" if days > 0 else "earlier"
    return f"a day {side}" if abs(days) == 1 else f"{_in_words(abs(days))} days {side}"


def _in_words(number: int) -> str:
    """Return a number as prose has it: in words up to nine, then in figures."""
    return num2words(number) if number < 10 else f"{number:,}"
