"""The number gate: whatever the report says in numbers must come from a table.

`tokens` finds numbers, dates, weekdays and months in a text; `traces` knows which of them the tables
account for; `page` and `pdf` read the finished report; `check` puts them together.
"""
