"""Every kind of bad edit is refused with file, row, column and a sentence, and nothing is written."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

import explainer.cli.check  # noqa: F401  (gives the program its command)
from damaged import Copy, Expected, one_cell
from explainer.cli import app
from explainer.data.package import load
from explainer.ledger.data_check import DataCheck
from explainer.system.errors import Fault

CASES: dict[str, Callable[[Copy], Expected]] = {}


def case(edit: Callable[[Copy], Expected]) -> Callable[[Copy], Expected]:
    CASES[edit.__name__.replace("_", " ")] = edit
    return edit


def spoil(copy: Copy, name: str, row: int, column: str, cell: bytes) -> None:
    """Put bytes that may be no UTF-8 in a cell."""
    copy.set(name, row, column, "SPOILT")
    path = copy.paths[name]
    path.write_bytes(path.read_bytes().replace(b"SPOILT", cell))


def reheaded(copy: Copy, name: str, change: Callable[[list[str]], list[str]]) -> None:
    """Change the names of the columns of a table and leave its rows alone."""
    rows = copy.rows(name)
    copy.write(name, [change(rows[0]), *rows[1:]])


@case
def file_missing(copy: Copy) -> Expected:
    copy.paths["sources"].unlink()
    return "sources", None, None, "is missing. Put the file back"


@case
def folder_in_place_of_file(copy: Copy) -> Expected:
    copy.paths["sources"].unlink()
    copy.paths["sources"].mkdir()
    return "sources", None, None, "cannot be read: it is no regular file"


@case
def file_not_permitted(copy: Copy) -> Expected:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    copy.paths["sources"].chmod(0)
    return "sources", None, None, "cannot be read: Permission denied. Check the file's permissions"


@case
def file_empty(copy: Copy) -> Expected:
    copy.paths["sources"].write_bytes(b"\n\n")
    return "sources", None, None, "is empty"


@case
def windows_1252(copy: Copy) -> Expected:
    spoil(copy, "sources", 4, "title_short", "“L’Été” – a café’s €5".encode("cp1252"))
    told = "is in an older encoding, not UTF-8 (b'\\x93'). Save it again as \"CSV UTF-8\""
    return "sources", 4, "title_short", told


@case
def windows_1252_behind_a_byte_order_mark(copy: Copy) -> Expected:
    spoil(copy, "sources", 4, "title_short", b"caf\xe9")
    path = copy.paths["sources"]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    return "sources", 4, "title_short", "is in an older encoding, not UTF-8 (b'\\xe9')"


@case
def no_encoding_at_all(copy: Copy) -> Expected:
    spoil(copy, "sources", 4, "title_short", b"caf\x8f")
    return "sources", 4, "title_short", "is in an older encoding, not UTF-8 (b'\\x8f'). Save it again"


@case
def saved_on_an_old_mac(copy: Copy) -> Expected:
    spoil(copy, "sources", 4, "title_short", "Le café".encode("mac-roman"))
    return "sources", 4, "title_short", "is in an older encoding, not UTF-8 (b'\\x8e')"


@case
def quotes_of_an_old_mac(copy: Copy) -> Expected:
    spoil(copy, "sources", 4, "title_short", "They don’t".encode("mac-roman"))
    return "sources", 4, "title_short", "is in an older encoding, not UTF-8 (b'\\xd5')"


@case
def single_quotes_around_cells(copy: Copy) -> Expected:
    copy.write("facts", copy.rows("facts"), quotechar="'", quoting=csv.QUOTE_ALL)
    told = 'has single quotation marks around its cells. Save it again as "CSV UTF-8"'
    return "facts", 1, None, told


@case
def single_quotes_and_bars(copy: Copy) -> Expected:
    copy.write("facts", copy.rows("facts"), quotechar="'", delimiter="|", quoting=csv.QUOTE_ALL)
    return "facts", 1, None, "has single quotation marks around its cells"


@case
def utf8_with_a_line_in_another_encoding(copy: Copy) -> Expected:
    spoil(copy, "sources", 3, "title_short", "“Café”".encode())
    spoil(copy, "sources", 4, "title_short", b"caf\xe9")
    return "sources", 4, "title_short", "is UTF-8 text up to here, where a character is in another encoding"


@case
def utf16_that_breaks_off(copy: Copy) -> Expected:
    text = copy.paths["sources"].read_text(encoding="utf-8")
    copy.paths["sources"].write_bytes(text.encode("utf-16")[:-1])
    return "sources", None, None, "is UTF-16 text that breaks off. Save it again"


@case
def utf16_without_its_mark(copy: Copy) -> Expected:
    text = copy.paths["sources"].read_text(encoding="utf-8")
    copy.paths["sources"].write_bytes(text.encode("utf-16-le"))
    return "sources", 1, "source_id", "a character that no text has (NUL)"


@case
def workbook_renamed_to_csv(copy: Copy) -> Expected:
    copy.paths["sources"].write_bytes(b"PK\x03\x04" + bytes(range(256)))
    return "sources", None, None, "is a spreadsheet (xlsx or ods), not CSV. Open it and save it as CSV"


@case
def old_workbook_renamed_to_csv(copy: Copy) -> Expected:
    copy.paths["sources"].write_bytes(b"\xd0\xcf\x11\xe0" + bytes(99))
    return "sources", None, None, "is a spreadsheet (xls), not CSV"


@case
def two_versions_that_git_could_not_join(copy: Copy) -> Expected:
    lines = copy.paths["questions"].read_text(encoding="utf-8").split("\n")
    lines[2:3] = ["<<<<<<< HEAD", lines[2], "=======", lines[2] + "x", ">>>>>>> edit"]
    copy.paths["questions"].write_text("\n".join(lines), encoding="utf-8")
    return "questions", 3, None, "holds the marks of two versions that git could not join ('<<<<<<< HEAD')"


@case
def day_that_can_be_two(copy: Copy) -> Expected:
    copy.set("sources", 3, "published", "7/8/2018")
    both = "it can be 2018-07-08 (month first) or 2018-08-07 (day first)"
    return "sources", 3, "published", f"not a date that is certain: {both} ('7/8/2018'). Write the one"


@case
def partial_date_that_can_be_two(copy: Copy) -> Expected:
    row = copy.find("timeline-context", "precision", lambda cell: cell == "day")
    copy.set("timeline-context", row, "date", "3/4/2018")
    return "timeline-context", row, "date", "it can be 2018-03-04 (month first) or 2018-04-03 (day first)"


@case
def number_that_can_be_two(copy: Copy) -> Expected:
    copy.set("facilities", 2, "adp_fy2017", "1,200")
    both = "it can be 1200 (thousands set apart) or 1.200 (a comma for the decimal point)"
    return "facilities", 2, "adp_fy2017", f"not a number that is certain: {both} ('1,200')"


@case
def quotes_made_curly(copy: Copy) -> Expected:
    rows = copy.rows("questions")
    lines = [",".join(["F99_x", "“One, two”", "", "false", "", "", "article", "", ""])]
    text = copy.paths["questions"].read_text(encoding="utf-8") + "\n".join(lines) + "\n"
    copy.paths["questions"].write_text(text, encoding="utf-8")
    return (
        "questions",
        len(rows) + 1,
        None,
        'Put straight "quotes" around the cell in place of the curly ones',
    )


@case
def printed_words_rewritten_as_a_date(copy: Copy) -> Expected:
    # The same happens in as_printed; one column is looked at alone.
    copy.set("facts", 2, "exact", "7/27/2018")
    copy.set("facts", 2, "as_printed", "27")
    copy.set("facts", 2, "kind", "claim")
    return "facts", 2, "exact", "looks like a date that a spreadsheet rewrote ('7/27/2018')"


@case
def printed_count_that_is_not_whole(copy: Copy) -> Expected:
    row = copy.find("facts", "fact_id", lambda cell: cell == "arrest-count")
    copy.set("facts", row, "exact", "29.5 arrests")
    copy.set("facts", row, "as_printed", "29.5")
    return "facts", row, "as_printed", "is a count, and must be whole ('29.5')"


@case
def printed_count_that_is_negative(copy: Copy) -> Expected:
    row = copy.find("facts", "fact_id", lambda cell: cell == "arrest-count")
    copy.set("facts", row, "exact", "arrests: -29")
    copy.set("facts", row, "as_printed", "-29")
    return "facts", row, "as_printed", "must not be negative ('-29')"


@case
def interval_that_does_not_agree_with_the_day_it_leads_to(copy: Copy) -> Expected:
    rows = copy.rows("facts")
    fact = dict.fromkeys(rows[0], "") | {
        "fact_id": "protest-day",
        "paragraph": "12",
        "kind": "date",
        "subject": "Day of the protest",
        "as_printed": "July 3",
        "status": "stated",
        "exact": "on July 3",
        "refers_to": "citywide-protest",
        "relation": "on",
    }
    copy.write("facts", [*rows, list(fact.values())])
    interval = copy.find("facts", "fact_id", lambda cell: cell == "protest-interval")
    said = f"'25 days after' in row {interval} dates citywide-protest to 2018-07-02"
    return "facts", len(rows) + 1, "as_printed", f"comes to 2018-07-03, but {said} ('July 3')"


@case
def weekday_that_does_not_fit_its_date(copy: Copy) -> Expected:
    row = copy.find("facts", "fact_id", lambda cell: cell == "stairwell-date")
    copy.set("facts", row, "exact", "Tuesday, July 25")
    copy.set("facts", row, "as_printed", "Tuesday, July 25")
    return "facts", row, "as_printed", "July 25, 2018 is a Wednesday ('Tuesday, July 25')"


@case
def day_that_its_words_do_not_name(copy: Copy) -> Expected:
    copy.set("arrest-reports", 2, "date_given", "July 3")
    copy.set("arrest-reports", 2, "event_date", "2018-07-04")
    return "arrest-reports", 2, "event_date", "is not July 3, which is 2018-07-03 ('2018-07-04')"


@case
def day_of_another_weekday_than_its_words(copy: Copy) -> Expected:
    copy.set("arrest-reports", 2, "date_given", "Tuesday evening")
    copy.set("arrest-reports", 2, "event_date", "2018-07-04")
    return "arrest-reports", 2, "event_date", "is a Wednesday, not a Tuesday ('2018-07-04')"


@case
def day_on_the_wrong_side_of_the_article(copy: Copy) -> Expected:
    row = copy.find("timeline-context", "phase", lambda cell: cell == "after")
    copy.set("timeline-context", row, "date", "2018-07-26")
    copy.set("timeline-context", row, "precision", "day")
    return "timeline-context", row, "phase", "2018-07-26 is before it, 2018-07-27 ('after'). Write before"


@case
def coordinates_exchanged(copy: Copy) -> Expected:
    lat, lon = copy.get("gazetteer", 2, "lat"), copy.get("gazetteer", 2, "lon")
    copy.set("gazetteer", 2, "lat", lon)
    copy.set("gazetteer", 2, "lon", lat)
    return "gazetteer", 2, "lat", "Latitude and longitude are exchanged. Correct the coordinates"


@case
def coordinates_without_their_minus(copy: Copy) -> Expected:
    copy.set("gazetteer", 2, "lon", copy.get("gazetteer", 2, "lon").removeprefix("-"))
    return "gazetteer", 2, "lat", "West of Greenwich a longitude is negative. Correct the coordinates"


@case
def coordinates_in_another_county(copy: Copy) -> Expected:
    copy.set("gazetteer", 2, "lat", "40.3796")
    copy.set("gazetteer", 2, "lon", "-76.0195")
    return "gazetteer", 2, "lat", "40.3796, -76.0195 is not in Philadelphia but in Berks ('40.3796')"


@case
def value_twice_that_must_be_the_only_one(copy: Copy) -> Expected:
    copy.set("ice-public-top25", 4, "detloc", copy.get("ice-public-top25", 3, "detloc"))
    return "ice-public-top25", 4, "detloc", "this value stands in row 3 already"


@case
def quotation_mark_left_open(copy: Copy) -> Expected:
    rows = copy.rows("sources")
    text = copy.paths["sources"].read_text(encoding="utf-8") + 'late,"an open cell\n'
    copy.paths["sources"].write_text(text, encoding="utf-8")
    return "sources", len(rows) + 1, None, "quotes do not match"


@case
def column_misspelt(copy: Copy) -> Expected:
    reheaded(copy, "facts", lambda header: ["fact_di" if name == "fact_id" else name for name in header])
    return "facts", 1, "fact_di", "no column of this name is known. Did you mean 'fact_id'?"


@case
def column_missing(copy: Copy) -> Expected:
    rows = copy.rows("facts")
    place = rows[0].index("subject")
    copy.write("facts", [row[:place] + row[place + 1 :] for row in rows])
    return "facts", 1, "subject", "this column is missing. Put it back, after kind"


@case
def column_added(copy: Copy) -> Expected:
    copy.write("facts", [[*row, "x"] for row in copy.rows("facts")])
    return "facts", 1, "x", "no column of this name is known"


@case
def column_twice(copy: Copy) -> Expected:
    copy.write("facts", [[*row, row[0]] for row in copy.rows("facts")])
    return "facts", 1, "fact_id", "two columns have this name"


@case
def column_without_name(copy: Copy) -> Expected:
    rows = copy.rows("facts")
    copy.write("facts", [[*rows[0], ""], *([*row, "x"] for row in rows[1:])])
    return "facts", 1, str(len(copy.rows("facts")[0])), "has no name"


@case
def date_against_its_precision(copy: Copy) -> Expected:
    row = copy.find("timeline-context", "precision", lambda cell: cell == "day")
    copy.set("timeline-context", row, "date", "2018-06")
    return "timeline-context", row, "date", "does not fit precision 'day'"


@case
def key_twice(copy: Copy) -> Expected:
    copy.set("sources", 5, "source_id", copy.get("sources", 3, "source_id"))
    return "sources", 5, "source_id", "this key stands in row 3 already"


@case
def key_of_several_columns_twice(copy: Copy) -> Expected:
    rows = copy.rows("corroboration")
    copy.write("corroboration", [*rows, rows[1]])
    where = "fact_key+source_id+source_value"
    return "corroboration", len(rows) + 1, where, "this key stands in row 2 already"


@case
def unknown_id(copy: Copy) -> Expected:
    right = copy.get("corroboration", 4, "source_id")
    copy.set("corroboration", 4, "source_id", right + "x")
    return "corroboration", 4, "source_id", f"no such id in 'sources' ('{right}x'). Did you mean '{right}'?"


@case
def unknown_id_in_a_list(copy: Copy) -> Expected:
    right = copy.get("sources", 7, "source_id")
    copy.set("timeline-context", 2, "source_ids", f"{copy.get('sources', 2, 'source_id')}; {right}x")
    hint = f"no such id in 'sources' ('{right}x'). Did you mean '{right}'?"
    return "timeline-context", 2, "source_ids", hint


@case
def id_twice_in_a_list(copy: Copy) -> Expected:
    right = copy.get("sources", 2, "source_id")
    copy.set("timeline-context", 2, "source_ids", f"{right}; {right}")
    return "timeline-context", 2, "source_ids", "stands twice in the list"


@case
def list_that_ends_in_a_separator(copy: Copy) -> Expected:
    copy.set("timeline-context", 2, "source_ids", copy.get("sources", 2, "source_id") + ";")
    return "timeline-context", 2, "source_ids", "an item of the list is empty"


@case
def printed_day_that_does_not_exist(copy: Copy) -> Expected:
    copy.set("facts", 2, "as_printed", "July 38")
    copy.set("facts", 2, "exact", "on July 38")
    return "facts", 2, "as_printed", "names no single day ('July 38')"


@case
def evidence_of_seven_words(copy: Copy) -> Expected:
    copy.set("facts", 3, "as_printed", "gamma")
    copy.set("facts", 3, "exact", "alpha beta gamma delta epsilon zeta eta")
    return "facts", 3, "exact", "has 7 words, more than 6"


@case
def attributed_to_nobody(copy: Copy) -> Expected:
    row = copy.find("facts", "status", lambda cell: cell == "attributed")
    copy.set("facts", row, "attributed_to", "")
    return "facts", row, "attributed_to", "must not be blank when status is 'attributed'"


@case
def stated_yet_attributed_to_somebody(copy: Copy) -> Expected:
    row = copy.find("facts", "status", lambda cell: cell == "stated")
    copy.set("facts", row, "attributed_to", "Somebody")
    return "facts", row, "attributed_to", "must be blank unless status is 'attributed' ('Somebody')"


@case
def answer_that_speaks_to_no_fact_and_no_part(copy: Copy) -> Expected:
    row = copy.find("corroboration", "part", bool)
    copy.set("corroboration", row, "part", "")
    return (
        "corroboration",
        row,
        "part",
        "must not be blank when fact_id is blank. Fill it in, or change fact_id.",
    )


@case
def answer_that_speaks_to_a_fact_and_a_part(copy: Copy) -> Expected:
    copy.set("corroboration", 2, "part", "the announcement")
    return "corroboration", 2, "part", "must be blank unless fact_id is blank ('the announcement')"


@case
def answer_without_words(copy: Copy) -> Expected:
    copy.set("corroboration", 2, "source_value", "")
    what = "must not be blank when stance is 'same' or 'adds' or 'differs'"
    return "corroboration", 2, "source_value", what


@case
def data_set_without_a_day(copy: Copy) -> Expected:
    copy.set("sources", 2, "kind", "dataset")
    copy.set("sources", 2, "published", "")
    what = "must not be blank when kind is 'dataset'. Fill it in, or change kind."
    return "sources", 2, "published", what


@case
def answer_that_rests_on_nothing(copy: Copy) -> Expected:
    copy.set("corroboration", 2, "basis", "")
    return "corroboration", 2, "basis", "must not be blank when stance is 'same' or 'adds' or 'differs'"


@case
def silence_that_rests_on_something(copy: Copy) -> Expected:
    row = copy.find("corroboration", "stance", lambda cell: cell == "silent")
    copy.set("corroboration", row, "basis", "own")
    return (
        "corroboration",
        row,
        "basis",
        "must be blank unless stance is 'same' or 'adds' or 'differs' ('own')",
    )


@case
def basis_that_names_no_source(copy: Copy) -> Expected:
    copy.set("corroboration", 2, "basis", "outlet")
    return "corroboration", 2, "basis_of", "must not be blank when basis is 'quotes' or 'outlet'"


@case
def basis_that_names_a_source_it_does_not_have(copy: Copy) -> Expected:
    copy.set("corroboration", 2, "basis_of", "whyy_0727")
    what = "must be blank unless basis is 'quotes' or 'outlet' ('whyy_0727')"
    return "corroboration", 2, "basis_of", what


@case
def basis_that_names_an_unknown_source(copy: Copy) -> Expected:
    row = copy.find("corroboration", "basis_of", lambda cell: cell == "inq_0727")
    copy.set("corroboration", row, "basis_of", "inq_0728")
    return "corroboration", row, "basis_of", "no such id in 'sources' ('inq_0728'). Did you mean"


@case
def difference_in_nothing(copy: Copy) -> Expected:
    row = copy.find("corroboration", "stance", lambda cell: cell == "differs")
    copy.set("corroboration", row, "differs_in", "")
    return "corroboration", row, "differs_in", "must not be blank when stance is 'differs'"


@case
def fact_of_another_question(copy: Copy) -> Expected:
    copy.set("corroboration", 2, "fact_id", "arrest-count")
    what = "is not among fact_ids of F01_announcement_date in 'questions' ('arrest-count'). Use one of"
    return "corroboration", 2, "fact_id", f"{what} announcement, announcement-day, or add it there."


@case
def fact_that_refers_to_itself(copy: Copy) -> Expected:
    row = copy.find("facts", "refers_to", bool)
    own = copy.get("facts", row, "fact_id")
    copy.set("facts", row, "refers_to", own)
    return "facts", row, "refers_to", f"leads back to itself ('{own} -> {own}')"


@case
def facts_that_refer_to_each_other(copy: Copy) -> Expected:
    for row, other in ((2, 3), (3, 2)):
        copy.set("facts", row, "refers_to", copy.get("facts", other, "fact_id"))
    return "facts", 2, "refers_to", "leads back to itself"


@case
def one_cell_too_many(copy: Copy) -> Expected:
    rows = copy.rows("sources")
    rows[5].append("stray")
    copy.write("sources", rows)
    return "sources", 6, None, f"more cells than the {len(rows[0])} columns ('stray')"


@case
def cells_missing(copy: Copy) -> Expected:
    rows = copy.rows("sources")
    rows[5] = rows[5][:-2]
    copy.write("sources", rows)
    return "sources", 6, rows[0][-2], f"fewer cells than the {len(rows[0])} columns"


@case
def row_without_cells(copy: Copy) -> Expected:
    rows = copy.rows("sources")
    copy.write("sources", [*rows[:3], [""] * len(rows[0]), *rows[3:]])
    return "sources", 4, None, "the row is empty. Remove it"


@case
def fault_below_a_cell_with_line_breaks(copy: Copy) -> Expected:
    copy.set("sources", 2, "note", "first line\nsecond line\nthird line")
    copy.set("sources", 4, "published", "2018-02-30")
    return "sources", 4, "published", "not a date"


@case
def outlines_damaged(copy: Copy) -> Expected:
    path = copy.paths["counties"]
    path.write_bytes(path.read_bytes()[:1000])
    return "counties", 1, "1001", "is not JSON"


@case
def outlines_missing(copy: Copy) -> Expected:
    copy.paths["counties"].unlink()
    return "counties", None, None, "is missing. Put the file back"


#: One cell edited: table, row, column, what stands there now, and words of what is told.
CELLS = {
    "day with points that can be two": (
        "article",
        2,
        "dateline",
        "07.08.2018",
        "it can be 2018-07-08 (month first) or 2018-08-07 (day first)",
    ),
    "year of two digits": (
        "sources",
        3,
        "published",
        "27-Jul-18",
        "it can be 2018-07-27 (a month by its name) or 1918-07-27",
    ),
    "day written day first that does not exist": (
        "sources",
        3,
        "published",
        "31.06.2018",
        "not a date ('31.06.2018'). Write a day that exists",
    ),
    "time of day in a date": (
        "sources",
        3,
        "published",
        "2018-07-27 14:05",
        "not a date ('2018-07-27 14:05')",
    ),
    "year alone in a date": ("sources", 3, "published", "2018", "not a date ('2018')"),
    "number of a day in a column of text": (
        "timeline-context",
        3,
        "date",
        "43308",
        "not a date ('43308'). Write a date that exists as year",
    ),
    "count that can be two": (
        "arrest-reports",
        2,
        "number",
        "29.000",
        "it can be 29000 (thousands set apart) or 29 (decimals)",
    ),
    "count that is not whole": (
        "arrest-reports",
        2,
        "number",
        "29.5",
        "not a whole number ('29.5'). Write digits only",
    ),
    "number that a spreadsheet shortened": (
        "facilities",
        2,
        "peak_fy2017",
        "1.2E+03",
        "not a whole number ('1.2E+03')",
    ),
    "number too large to count with": ("facilities", 2, "peak_fy2017", "9" * 30, "not a whole number"),
    "number that is infinite": ("facilities", 2, "adp_fy2017", "1e999", "not a number ('1e999')"),
    "word for no value": (
        "facilities",
        2,
        "adp_fy2017",
        "N/A",
        "not a number ('N/A'). Leave the cell blank where there is no value",
    ),
    "error of a spreadsheet": (
        "sources",
        4,
        "outlet",
        "#REF!",
        "is a spreadsheet's error in place of a value ('#REF!')",
    ),
    "column too narrow": ("sources", 4, "outlet", "########", "is a spreadsheet's error in place of a value"),
    "number of a day": ("article", 2, "dateline", "43308", "not a date ('43308'). Write a day that exists"),
    "truth in german": (
        "arrest-reports",
        2,
        "approximate",
        "FALSCH",
        "neither true nor false ('FALSCH'). Write true or false",
    ),
    "truth as a digit": ("arrest-reports", 2, "approximate", "0", "neither true nor false ('0')"),
    "letter lost": (
        "sources",
        4,
        "outlet",
        "Caf\ufffd",
        "a character was lost here ('Caf\ufffd'). Write the word again",
    ),
    "letter garbled": (
        "sources",
        4,
        "outlet",
        "Café".encode().decode("cp1252"),
        "is garbled: 'Ã©' was 'é' before it was saved wrongly ('CafÃ©')",
    ),
    "quote garbled": (
        "sources",
        4,
        "outlet",
        "Today’s".encode().decode("cp1252"),
        "is garbled: 'â€™' was '’' before it was saved wrongly",
    ),
    "formula": (
        "sources",
        4,
        "outlet",
        "=HYPERLINK(A1)",
        "is a formula that a spreadsheet would run ('=HYPERLINK(A1)'). Begin it with a word",
    ),
    "program in a formula": (
        "sources",
        4,
        "outlet",
        "@x|'/C y'!A0",
        "is a formula that a spreadsheet would run",
    ),
    "character of a machine": (
        "sources",
        4,
        "outlet",
        "The\x07 Outlet",
        "holds a character that no text has",
    ),
    "words beside the evidence rewritten as a date": (
        "facts",
        2,
        "prefix",
        "27-Jul",
        "looks like a date that a spreadsheet rewrote ('27-Jul'). Put back the words",
    ),
    "range turned round": (
        "arrest-reports",
        2,
        "number_max",
        "28",
        "is less than number, which is 29 ('28')",
    ),
    "coordinates off the map": ("facilities", 2, "lat", "38.1", "is not on the map, which goes from"),
    "day that does not exist": (
        "sources",
        2,
        "published",
        "2018-02-30",
        "not a date ('2018-02-30'). Write a day that exists",
    ),
    "partial date impossible": (
        "timeline-context",
        3,
        "date",
        "2018-13",
        "not a date ('2018-13'). Write a date that exists as year",
    ),
    "not a number": ("facilities", 2, "adp_fy2017", "many", "not a number ('many'). Write digits"),
    "number only to a machine": ("facilities", 2, "adp_fy2017", "NaN", "not a number ('NaN')"),
    "negative count": ("facilities", 2, "peak_fy2017", "-1", "must not be negative ('-1')"),
    "number out of range": ("gazetteer", 2, "lat", "139.95", "must be at most 90"),
    "truth misspelt": ("linked-claims", 2, "approximate", "maybe", "neither true nor false ('maybe')"),
    "unknown paragraph": ("facts", 3, "paragraph", "999", "no such id in 'paragraphs' ('999')"),
    "blank required cell": ("facts", 4, "exact", "", "must not be blank. Fill it in"),
    "blank key": ("linked-claims", 4, "claim_id", "", "must not be blank"),
    "value not on the list": (
        "facts",
        5,
        "status",
        "state",
        "not one of the allowed values ('state'). Did you mean 'stated'? Allowed: stated",
    ),
    "address of the wrong form": (
        "sources",
        2,
        "url",
        "www.example.org",
        "not a web address ('www.example.org'). Write it in full",
    ),
    "name of the wrong form": (
        "linked-claims",
        4,
        "claim_id",
        "New Name",
        "not written as this column wants it ('New Name')",
    ),
    "printed token that its words do not hold": (
        "facts",
        5,
        "as_printed",
        "31",
        "is not among the words in exact",
    ),
}
CASES |= {name: one_cell(*cell) for name, cell in CELLS.items()}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_edit_is_refused(name: str, tmp_path, monkeypatch) -> None:
    copy = Copy(tmp_path)
    table, row, column, words = CASES[name](copy)
    before = copy.content()

    faults = DataCheck(copy.project).faults

    assert len(faults) == 1, [str(fault) for fault in faults]
    (fault,) = faults
    assert (fault.file, fault.row, fault.column) == (copy.file(table), row, column)
    assert words in str(fault)
    if table != "counties":
        with pytest.raises(Fault) as refused:
            load(table, copy.project)
        assert words in str(refused.value)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == str(fault)
    assert ": 1 fault" in result.output.splitlines()[-1]
    assert copy.content() == before


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 80


def test_all_faults_come_at_once_in_order(tmp_path) -> None:
    copy = Copy(tmp_path)
    copy.set("sources", 9, "published", "yesterday")
    copy.set("sources", 3, "kind", "rumor")
    copy.set("sources", 3, "published", "2018-02-30")
    copy.set("facts", 5, "exact", "")
    copy.paths["questions"].unlink()
    found = [(fault.file, fault.row, fault.column) for fault in DataCheck(copy.project).faults]
    assert found == [
        (copy.file("facts"), 5, "exact"),
        (copy.file("sources"), 3, "published"),
        (copy.file("sources"), 3, "kind"),
        (copy.file("sources"), 9, "published"),
        (copy.file("questions"), None, None),
    ]


def test_a_table_is_refused_when_the_one_it_refers_to_is_broken(tmp_path) -> None:
    copy = Copy(tmp_path)
    reheaded(copy, "sources", lambda header: ["id", *header[1:]])
    with pytest.raises(Fault, match=r"data/sources/sources.csv:1:id: no column of this name"):
        load("corroboration", copy.project)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda package: package["resources"][2]["schema"].update(primaryKey=["nothing"]),
            "the schema of 'facts' is not valid: primary key \"['nothing']\" does not match the fields",
        ),
        (
            lambda package: package["resources"][2]["schema"]["foreignKeys"][0]["reference"].update(
                resource="paragraf"
            ),
            "names a table that is not described ('paragraf'). Did you mean 'paragraphs'?",
        ),
        (
            lambda package: package["resources"][2]["schema"]["fields"][0].update(type="words"),
            "resources[facts].schema.fields[fact_id].type must be a type of Table Schema, such",
        ),
        (
            lambda package: package["resources"][2]["schema"]["fields"][0]["constraints"].update(maxlen=3),
            'the schema of \'facts\' is not valid: constraint "maxlen" is not supported by type "string"',
        ),
        (
            lambda package: package["resources"][2]["schema"]["fields"][0].update(format="poem"),
            "the schema of 'facts' is not valid: 'poem' is not one of ['default', 'email', 'uri'",
        ),
        (
            lambda package: package["resources"][2]["schema"]["fields"][0]["constraints"].update(pattern="("),
            "the schema of 'facts' is not valid: constraint \"pattern\" of 'fact_id' is no pattern",
        ),
        (
            lambda package: package["resources"][2]["schema"]["fields"][1]["constraints"].update(minimum="x"),
            "the schema of 'facts' is not valid: constraint \"minimum\" of 'paragraph' is no integer",
        ),
        (
            lambda package: package["resources"][2]["schema"].update(missingValues=["", "n/a"]),
            "the schema of 'facts' has words for a missing value. Here a missing value is a blank cell",
        ),
        (
            lambda package: package["resources"][2].pop("path"),
            "is not a data package: resources[facts] lacks path",
        ),
        (
            lambda package: package["resources"][2]["schema"]["fields"][4]["datesEvent"].update(event="even"),
            "datesEvent of as_printed names a column that facts does not have ('even')",
        ),
        (lambda package: package.pop("resources"), "is not a data package: it lacks resources"),
    ],
)
def test_a_bad_description_is_refused(change, words: str, tmp_path) -> None:
    copy = Copy(tmp_path)
    copy.describe(change)
    faults = DataCheck(copy.project).faults
    assert [fault.file for fault in faults] == ["data/datapackage.json"]
    assert words in str(faults[0])


def test_the_description_of_a_table_still_to_be_written_is_checked(tmp_path) -> None:
    copy = Copy(tmp_path)

    def change(package: dict) -> None:
        later = next(resource for resource in package["resources"] if resource.get("producedBy"))
        later["schema"]["primaryKey"] = ["nothing"]

    copy.describe(change)
    (fault,) = DataCheck(copy.project).faults
    assert "the schema of 'events' is not valid: primary key" in str(fault)


def test_a_description_that_is_not_json_is_refused_with_its_line(tmp_path) -> None:
    copy = Copy(tmp_path)
    text = copy.project.package.read_text(encoding="utf-8")
    copy.project.package.write_text(text.replace('"resources": [', '"resources": [,', 1), encoding="utf-8")
    (fault,) = DataCheck(copy.project).faults
    line = text[: text.index('"resources": [')].count("\n") + 1
    assert fault.row in (line, line + 1)
    assert "is not JSON" in str(fault)
