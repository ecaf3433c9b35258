"""The number gate: whatever the report says in numbers must come from a table.

`tokens` finds numbers, dates, weekdays and months in a text; `known` says which of them the tables account
for; `markdown`, `figures`, `hardcoded` and `templates` read what page and PDF are made of; `exceptions` holds
what may stand without a table; `check` puts them together.
"""
