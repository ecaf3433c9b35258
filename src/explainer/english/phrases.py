"""The distance between two days in words: the day after the protest, two days later."""

from __future__ import annotations

from explainer.english.numbers import in_words_up_to_nine


def beside(days: int, event: str) -> str:
    """Return how a day relates to an event, such as ``the day after the protest``.

    Parameters
    ----------
    days : int
        Days since the event; negative before it.
    event : str
        Name of the event, with its article.
    """
    if days == 0:
        return f"the day of {event}"
    side = "after" if days > 0 else "before"
    return (
        f"the day {side} {event}"
        if abs(days) == 1
        else f"{in_words_up_to_nine(abs(days))} days {side} {event}"
    )


def apart(days: int) -> str:
    """Return a distance in days, such as ``two days later``; ``earlier`` if `days` is negative."""
    if days == 0:
        return "the same day"
    side = "later" if days > 0 else "earlier"
    return f"a day {side}" if abs(days) == 1 else f"{in_words_up_to_nine(abs(days))} days {side}"
