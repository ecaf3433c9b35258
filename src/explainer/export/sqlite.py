"""All tables as one SQLite file: types, keys, lists of ids as tables, and what each column means."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from explainer.export import names
from explainer.export.tables import Column, Link, Table, Value, items, one_line
from explainer.system.errors import Fault

TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "BOOLEAN", "text": "TEXT", "date": "TEXT"}


@dataclass
class SqlTable:
    """A table as the database has it.

    Parameters
    ----------
    name : str
        Its name there.
    comment : str
        What its rows are.
    columns : dict of str to tuple of str
        By its name there, the definition of each column and what it means.
    rows : list of list
        The values, row by row.
    rules : list of str
        Keys.
    indexed : list of tuple of str
        Columns by which other tables are joined.
    """

    name: str
    comment: str
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)
    rows: list[list[Value]] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    indexed: list[tuple[str, ...]] = field(default_factory=list)

    def statement(self) -> str:
        """Return the statement that makes the table; SQLite keeps its comments."""
        parts = [(f"{quote(name)} {kind}", meaning) for name, (kind, meaning) in self.columns.items()]
        parts += [(rule, "") for rule in self.rules]
        lines = [f"  -- {self.comment}"] if self.comment else []
        for number, (part, meaning) in enumerate(parts, start=1):
            comma = "," if number < len(parts) else ""
            lines.append(f"  {part}{comma}" + (f" -- {meaning}" if meaning else ""))
        return f"CREATE TABLE {quote(self.name)} (\n" + "\n".join(lines) + "\n)"


class Schema:
    """The names and keys of all tables in a database.

    Parameters
    ----------
    tables : list of Table
        All tables of a project.
    """

    def __init__(self, tables: list[Table]) -> None:
        self.tables = {table.name: table for table in tables}
        self.names = names.unique(self.tables, names.for_sql)
        self.columns = {
            table.name: names.unique((column.name for column in table.columns), names.for_sql)
            for table in tables
        }
        lists = [_list_name(table, link) for table in tables for link in table.links if link.is_list]
        self.lists = names.unique(lists, names.for_sql, taken=self.names.values())

    def build(self) -> list[SqlTable]:
        """Return all tables of the database, those of lists last."""
        own = {table.name: self._table(table) for table in self.tables.values()}
        lists = [
            self._list(table, link, own[table.name])
            for table in self.tables.values()
            for link in table.links
            if link.is_list
        ]
        return [*own.values(), *lists]

    def _is_held(self, link: Link) -> bool:
        """Return whether the database holds the rows of a table itself to a link."""
        return not link.is_list and self._can_hold(link)

    def _can_hold(self, link: Link) -> bool:
        """Return whether a database can hold rows to a link: what it leads to has to be a key there."""
        target = self.tables[link.table]
        return link.targets == target.key or target.is_unique(link.targets)

    def _table(self, table: Table) -> SqlTable:
        own = self.columns[table.name]
        result = SqlTable(self.names[table.name], comment(table.title, table.description))
        for column in table.columns:
            result.columns[own[column.name]] = self._column(table, column)
        if table.key:
            result.rules.append(f"PRIMARY KEY ({self._list_of(table.name, table.key)})")
        result.rules += [f"UNIQUE ({self._list_of(table.name, key)})" for key in self._other_keys(table)]
        for link in filter(self._is_held, table.links):
            columns = [own[name] for name in link.columns]
            result.rules.append(self._foreign_key(columns, link))
            result.indexed.append(tuple(columns))
        blanks: list[Value] = ["" if self._is_filled(table, column) else None for column in table.columns]
        result.rows = [
            [blank if value is None else value for value, blank in zip(row, blanks, strict=True)]
            for row in table.values()
        ]
        return result

    def _column(self, table: Table, column: Column) -> tuple[str, str]:
        required = column.is_required or self._is_filled(table, column)
        return TYPES[column.kind] + (" NOT NULL" if required else ""), comment(
            column.title, column.description
        )

    def _is_filled(self, table: Table, column: Column) -> bool:
        """Return whether a blank cell is an empty text: rows are joined by keys, so no part is missing."""
        linked = any(column.name in link.columns for link in table.links)
        return column.name in table.key and column.kind == "text" and not linked

    def _other_keys(self, table: Table) -> list[tuple[str, ...]]:
        """Return the columns, besides the key, by which other tables refer to this one."""
        targets = [
            link.targets
            for other in self.tables.values()
            for link in other.links
            if link.table == table.name and link.targets != table.key and table.is_unique(link.targets)
        ]
        return list(dict.fromkeys(targets))

    def _list(self, table: Table, link: Link, built: SqlTable) -> SqlTable:
        """Return the table of a column with lists: the row's key, the place in the list, one id."""
        column, target = link.columns[0], link.targets[0]
        item_column = next(one for one in self.tables[link.table].columns if one.name == target)
        result = SqlTable(
            self.lists[_list_name(table, link)],
            comment(f"{table.name}.{column}", "one row for each id in the list"),
        )
        keys = [self.columns[table.name][name] for name in table.key]
        for key in keys:
            result.columns[key] = (built.columns[key][0], f"The row of {table.name}")
        if not keys:
            result.columns["row"] = ("INTEGER NOT NULL", f"The number of the row of {table.name}: its rowid")
        position, item = names.unique(["position", target], names.for_sql, taken=result.columns).values()
        result.columns[position] = ("INTEGER NOT NULL", "Its place in the list, from 1")
        result.columns[item] = (f"{TYPES[item_column.kind]} NOT NULL", f"The row of {link.table}")
        whole = ", ".join(map(quote, [*list(result.columns)[:-2], position]))
        result.rules.append(f"PRIMARY KEY ({whole})")
        if keys:
            own = Link(table.key, table.name, table.key)
            result.rules.append(self._foreign_key(keys, own))
        if self._can_hold(link):
            result.rules.append(self._foreign_key([item], link))
            result.indexed.append((item,))
        places = [table.place(name) for name in table.key]
        for number, (cells, values) in enumerate(zip(table.cells, built.rows, strict=True), start=1):
            key_values = [values[place] for place in places] or [number]
            for at, text in enumerate(items(cells[table.place(column)]), start=1):
                result.rows.append([*key_values, at, item_column.value(text)])
        return result

    def _foreign_key(self, columns: list[str], link: Link) -> str:
        return (
            f"FOREIGN KEY ({', '.join(map(quote, columns))}) REFERENCES {quote(self.names[link.table])} "
            f"({self._list_of(link.table, link.targets)})"
        )

    def _list_of(self, table: str, columns: Iterable[str]) -> str:
        return ", ".join(quote(self.columns[table][column]) for column in columns)


def database(tables: list[Table]) -> bytes:
    """Return the SQLite file of all tables; the same tables give the same bytes.

    Raises
    ------
    Fault
        If rows refer to rows that are not there, or SQLite refuses a table.
    """
    connection = sqlite3.connect(":memory:")
    # Many tables are smaller than a page.
    connection.execute("PRAGMA page_size = 1024")
    try:
        for table in Schema(tables).build():
            _write(connection, table)
        connection.commit()
        missing = connection.execute("PRAGMA foreign_key_check").fetchone()
        if missing:
            what = f"a row refers to one that {missing[2]} does not have"
            raise Fault(what, file=str(missing[0]), remedy="Run explainer check.")
        connection.execute("VACUUM")
        return connection.serialize()
    except sqlite3.Error as error:
        raise Fault(f"SQLite refuses the tables: {error}", remedy="Mend their description.") from None
    finally:
        connection.close()


def _write(connection: sqlite3.Connection, table: SqlTable) -> None:
    connection.execute(table.statement())
    marks = ", ".join("?" * len(table.columns))
    connection.executemany(f"INSERT INTO {quote(table.name)} VALUES ({marks})", table.rows)
    for columns in dict.fromkeys(table.indexed):
        name = quote(f"{table.name} by {', '.join(columns)}")
        what = ", ".join(map(quote, columns))
        connection.execute(f"CREATE INDEX {name} ON {quote(table.name)} ({what})")


def quote(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def comment(title: str, text: str) -> str:
    """Return a title and what it means in one line."""
    return one_line(f"{title}: {text}" if text else title).replace("\0", "")


def _list_name(table: Table, link: Link) -> str:
    return f"{table.name}_{link.columns[0]}"
