"""Whether the value that a source gives bears out the stance that it was judged to take.

A day or a whole number in ``answer_value`` is held against the fact that the row speaks to. Where it speaks
to no fact, it is held against what a linked text gives for the part, and otherwise against the other rows on
that part. A value that is marked as ``about`` may be a day off, or 5 percent, and so may one that is held
against a number which the article itself prints as rough.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explainer.data.rules import Context, resolved_days
from explainer.english.numbers import NUMBER, value_of
from explainer.english.vocabulary import ROUGHLY
from explainer.ledger.stale_comparisons import stale_keys
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from explainer.data.package import DataPackage
    from explainer.data.table import CsvTable

COLUMNS = {"fact_key", "fact_id", "part", "stance", "answer_value", "about"}
#: What is wrong with a cell, and what to do.
Message = tuple[str, str]
SILENT_VALUE = ("a silent source gives no value", "Clear it, or change the stance.")
#: How far off a value may be that its source marks as rough: days, and the share of a count.
DAYS_OFF, SHARE_OFF = 1, 0.05
#: Before its number, what makes a count of the article rough.
_ROUGH = re.compile(rf"\b({'|'.join(ROUGHLY)}) $", re.IGNORECASE)


@dataclass(frozen=True)
class Value:
    """A day, a month (``2018-07``) or a whole number, as it is spelled, and whether it is rough."""

    text: str
    about: bool = False

    @property
    def is_date(self) -> bool:
        """Whether it is a day or a month."""
        return "-" in self.text

    def agrees(self, other: Value) -> bool | None:
        """Return whether this is as near to `other` as it must be; None where the two cannot be compared.

        Examples
        --------
        >>> Value("30", about=True).agrees(Value("29")), Value("30").agrees(Value("29"))
        (True, False)
        >>> Value("2018-07-23").agrees(Value("2018-07")), Value("2018-07-23").agrees(Value("29"))
        (True, None)
        """
        if other.text.count("-") == 1:
            return self.text.startswith(other.text) if self.is_date else None
        if self.is_date != other.is_date:
            return None
        about = self.about or other.about
        if self.is_date:
            apart = datetime.date.fromisoformat(self.text) - datetime.date.fromisoformat(other.text)
            return abs(apart.days) <= (DAYS_OFF if about else 0)
        return abs(int(self.text) - int(other.text)) <= (SHARE_OFF * int(other.text) if about else 0)


def stance_value_faults(package: DataPackage) -> Iterator[Fault]:
    """Yield each stance that the value in its row contradicts.

    Where the fact has changed since the sources were compared with it, a warning of `stale_comparisons` asks
    for a second look at all of its question's stances, and nothing is said of each.

    Parameters
    ----------
    package : DataPackage
        The tables; one that lacks ``corroboration``, or its columns of values, has no such faults.
    """
    try:
        table = package.table("corroboration") if "corroboration" in package.resources else None
        if table is None or table.header != table.columns or not COLUMNS.issubset(table.columns):
            return
        facts, claims, stale = _values_of_facts(package), _claims(package, table), stale_keys(package)
    except Fault:
        return  # reported where the tables themselves are checked
    by_part = _values_by_part(table)
    for row, record in table.records:
        value = _value(record)
        if value is None or record["fact_key"] in stale:
            continue
        others = [other for place, other in by_part.get(record["part"], []) if place != row]
        if contradiction := _contradiction(value, record, facts, claims, others):
            yield _fault(table, row, record, *contradiction)


def _values_by_part(table: CsvTable) -> dict[str, list[tuple[int, Value]]]:
    """Return the values that are given for each part of a question, with the rows that give them."""
    by_part: dict[str, list[tuple[int, Value]]] = {}
    for row, record in table.records:
        if record["part"] and (value := _value(record)) and record["stance"] != "silent":
            by_part.setdefault(record["part"], []).append((row, value))
    return by_part


def _contradiction(
    value: Value,
    record: dict[str, str],
    facts: dict[str, Value],
    claims: dict[str, Value],
    others: list[Value],
) -> tuple[str, Message] | None:
    """Return the column of a row that its value contradicts, and what is wrong; None where none is."""
    if record["stance"] == "silent":
        return "answer_value", SILENT_VALUE
    column, message = "stance", None
    if printed := facts.get(record["fact_id"]):
        column = "answer_value" if value.agrees(printed) is None else "stance"
        message = _against_fact(value, record, printed)
    elif part := record["part"]:
        message = _against_part(value, record["stance"], claims.get(part.casefold()), others)
    return (column, message) if message else None


def _against_fact(value: Value, record: dict[str, str], printed: Value) -> Message | None:
    agrees, differs = value.agrees(printed), record["stance"] == "differs"
    gives = f"the source gives {_spelled(value)}, and {record['fact_id']} is {_spelled(printed)}"
    if agrees is None:
        return f"cannot be compared: {gives}", "Write a day for a day and a number for a number."
    if agrees and differs:
        return f"does not differ: {gives}", "Write same or adds, or correct answer_value."
    if not agrees and not differs:
        return f"is not what its value says: {gives}", "Write differs, or correct answer_value or about."
    return None


def _against_part(value: Value, stance: str, claim: Value | None, others: list[Value]) -> Message | None:
    given = f"the source gives {_spelled(value)}"
    agrees = value.agrees(claim) if claim else None
    if claim and stance == "same" and agrees is False:
        return f"is not what its value says: {given}, and the linked text {claim.text}", "Write differs."
    if (
        stance == "differs"
        and agrees is not False
        and not any(value.agrees(other) is False for other in others)
    ):
        what = f"differs from nothing: {given}, and nobody gives another value for this part"
        return what, "Write adds, or correct answer_value or part."
    return None


def _value(record: dict[str, str]) -> Value | None:
    """Return the value of a row; None where it has none, or none that can be read."""
    cell = record["answer_value"]
    if cell.isdecimal():
        return Value(cell, record["about"] == "true")
    with suppress(ValueError):
        return Value(datetime.date.fromisoformat(cell).isoformat(), record["about"] == "true")
    return None


def _spelled(value: Value) -> str:
    return f"about {value.text}" if value.about else value.text


def _values_of_facts(package: DataPackage) -> dict[str, Value]:
    """Return the day or the whole number that a fact comes to, by its id, for those that come to one."""
    table = package.table("facts") if "facts" in package.resources else None
    if table is None or table.header != table.columns:
        return {}
    return _days_of_facts(package, table) | _counts_of_facts(table)


def _days_of_facts(package: DataPackage, table: CsvTable) -> dict[str, Value]:
    field = next((field for field in table.fields if "datesEvent" in field), None)
    context = Context(table, package.table, lambda name, layer: [])
    dateline = context.first_day(field["datesEvent"]) if field else None
    if field is None or dateline is None:
        return {}
    ids = {row: record["fact_id"] for row, record in table.records}
    days = resolved_days(context, field["name"], field["datesEvent"], dateline)
    return {ids[row]: Value(day.isoformat()) for row, day in days.items()}


def _counts_of_facts(table: CsvTable) -> dict[str, Value]:
    counts = {}
    for _, record in table.records:
        number = re.search(NUMBER, record["as_printed"], re.IGNORECASE) if record["kind"] == "count" else None
        if number and (count := value_of(number[0])) == int(count):
            is_rough = any(
                _ROUGH.search(record[cell].split(number[0])[0]) for cell in ("as_printed", "exact")
            )
            counts[record["fact_id"]] = Value(str(int(count)), is_rough)
    return counts


def _claims(package: DataPackage, table: CsvTable) -> dict[str, Value]:
    """Return what a linked text gives for a part, by its name in lower case: see ``claimedIn``."""
    setting = next((field["claimedIn"] for field in table.fields if "claimedIn" in field), None)
    if setting is None or setting["resource"] not in package.resources:
        return {}
    other = package.table(setting["resource"])
    if not {setting["field"], setting["value"]} <= set(other.header):
        return {}
    plain = re.compile(r"[0-9]+|[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
    return {
        record[setting["field"]].casefold(): Value(record[setting["value"]])
        for _, record in other.records
        if plain.fullmatch(record[setting["value"]])
    }


def _fault(table: CsvTable, row: int, record: dict[str, str], column: str, message: Message) -> Fault:
    what, remedy = message
    line = table.sheet.lines[row - 1] if table.sheet else None
    return Fault(
        what, file=table.file, row=row, column=column, value=record[column], remedy=remedy, line=line
    )
