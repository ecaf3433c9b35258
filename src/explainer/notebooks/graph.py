"""The order of notebooks, which follows from the tables that they load and save."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from explainer.english.suggestions import did_you_mean, join_sentences
from explainer.notebooks.ipynb import Cell, Notebook
from explainer.notebooks.syntax import parse_code
from explainer.system import limits
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project
from explainer.system.structured import parse_json, read_file

VERBS = ("load", "save")
#: Where notebooks import them from.
MODULES = ("explainer", "explainer.data.package")


@dataclass(frozen=True)
class TableRef:
    """A table of the data package: its file from the project's root, and the tables its keys refer to."""

    name: str
    file: str
    refers: tuple[str, ...] = ()


@dataclass
class Uses:
    """The tables that a notebook loads and saves, each with the place of the first such call."""

    reads: dict[str, str] = field(default_factory=dict)
    writes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """Notebooks, the tables they use and the notebooks they depend on.

    Parameters
    ----------
    notebooks : mapping
        Notebooks by name, in order.
    tables : mapping
        All tables of the data package by name.
    uses : mapping
        Tables loaded and saved, by notebook.
    needs : mapping
        The notebooks that must run first, by notebook.
    """

    notebooks: Mapping[str, Notebook]
    tables: Mapping[str, TableRef]
    uses: Mapping[str, Uses]
    needs: Mapping[str, frozenset[str]]

    def order(self) -> list[str]:
        """Return the notebooks in an order in which each comes after those it needs; otherwise by name."""
        return [name for level in self.levels() for name in level]

    def levels(self) -> list[list[str]]:
        """Return groups of notebooks that do not need each other, in the order in which they can run."""
        sorter = TopologicalSorter(self.needs)
        sorter.prepare()
        rank = list(self.notebooks)
        levels = []
        while sorter.is_active():
            levels.append(sorted(sorter.get_ready(), key=rank.index))
            sorter.done(*levels[-1])
        return levels

    def ancestors(self, names: Iterable[str]) -> set[str]:
        """Return `names` and every notebook they need, directly or not."""
        return _closure(names, lambda name: self.needs[name])

    def closure(self, names: Iterable[str]) -> set[str]:
        """Return the tables `names` and every table that their keys refer to, directly or not."""
        refers = {name: table.refers for name, table in self.tables.items()}
        return _closure(names, lambda name: refers.get(name, ())) & refers.keys()

    def writer(self, table: str) -> str | None:
        """Return the notebook that saves `table`, or None."""
        return next((name for name, uses in self.uses.items() if table in uses.writes), None)


def _closure(names: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    """Return `names` and all names that follow from them, directly or not."""
    closure: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in closure:
            closure.add(name)
            pending += following(name)
    return closure


def build(notebooks: Iterable[Notebook], project: Project) -> Graph:
    """Return the graph of `notebooks`.

    Raises
    ------
    Faults
        If code is not Python, the name of a table is not a literal or not in the package, two notebooks save
        the same table, or a notebook loads a table before it saves it.
    Fault
        If notebooks need each other in a cycle, or the data package cannot be read.
    """
    tables = read_tables(project)
    named = {notebook.name: notebook for notebook in notebooks}
    uses: dict[str, Uses] = {}
    faults: list[Fault] = []
    for name, notebook in named.items():
        uses[name], scan_faults = scan(notebook, tables)
        faults += scan_faults
    faults += _two_writers(named, uses)
    if faults:
        raise Faults(faults)
    needs: dict[str, frozenset[str]] = {}
    graph = Graph(named, tables, uses, needs)
    for name, used in uses.items():
        writers = {graph.writer(table) for table in graph.closure([*used.reads, *used.writes])}
        needs[name] = frozenset(writer for writer in writers if writer not in (None, name))
    try:
        graph.order()
    except CycleError as error:
        raise _cycle(graph, error.args[1]) from None
    return graph


def read_tables(project: Project) -> dict[str, TableRef]:
    """Return the tables of the project's data package by name.

    Raises
    ------
    Fault
        If ``datapackage.json`` is missing or not JSON of the expected form.
    """
    file = project.relative(project.package)
    remedy = "Restore it from your last commit, or write it anew: explainer check --fix."
    try:
        content = read_file(project.package, file, limits.DESCRIPTION_BYTES, remedy)
        descriptor = parse_json(content, file, remedy)
        tables = {}
        for resource in descriptor["resources"]:
            if not isinstance(resource.get("path"), str):
                continue
            name, schema = resource["name"], resource.get("schema", {})
            keys = [key["reference"].get("resource", "") for key in schema.get("foreignKeys", [])]
            lists = [f["listOf"]["resource"] for f in schema.get("fields", []) if "listOf" in f]
            # An empty reference is to the table itself.
            refers = tuple(sorted({*keys, *lists} - {"", name}))
            tables[name] = TableRef(name, project.relative(project.data / resource["path"]), refers)
        return tables
    except (KeyError, TypeError, AttributeError) as error:
        what = "is not a data package"
        raise Fault(what, file=file, value=str(error), remedy=remedy) from None


def scan(notebook: Notebook, tables: Mapping[str, TableRef]) -> tuple[Uses, list[Fault]]:
    """Find ``load("x")``, ``save("x", ...)`` and ``values.save("x")`` in the code of `notebook`.

    A ``.save("x")`` of any other object counts only if ``x`` is a table: charts are saved too.
    """
    uses, faults, names = Uses(), [], _Names()
    for cell in notebook.code_cells:
        try:
            nodes = _imports_and_calls(cell.source)
        except SyntaxError as error:
            faults.append(_not_python(cell, error))
            continue
        for node in nodes:
            if not isinstance(node, ast.Call):
                names.learn(node)
            elif verb := names.verb(node.func):
                name = _table_argument(node)
                if name in tables:
                    faults += _record(uses, name, verb, cell, node)
                elif names.certain(node.func):
                    faults.append(_name_fault(cell, node, verb, tables))
    return uses, faults


@lru_cache(maxsize=1000)
def _imports_and_calls(source: str) -> tuple[ast.Import | ast.ImportFrom | ast.Call, ...]:
    """Return the imports and calls in the code of a cell, in order."""
    kinds = ast.Import | ast.ImportFrom | ast.Call
    return tuple(node for node in _in_order(_tree(source)) if isinstance(node, kinds))


def _tree(source: str) -> ast.Module:
    try:
        return parse_code(source)
    except SyntaxError:  # it may be what IPython adds to Python, such as %time
        from IPython.core.inputtransformer2 import TransformerManager

        return parse_code(TransformerManager().transform_cell(source))


class _Names:
    """The names under which a notebook imports ``load`` and ``save``."""

    def __init__(self) -> None:
        self.functions = {verb: verb for verb in VERBS}
        self.modules = set(MODULES)

    def learn(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            local = alias.asname or alias.name
            if isinstance(node, ast.Import):
                if alias.name in MODULES:
                    self.modules.add(local)
            elif node.module in MODULES and alias.name in VERBS:
                self.functions[local] = alias.name
            elif f"{node.module}.{alias.name}" in MODULES:
                self.modules.add(local)
            elif local in VERBS:
                # A function of the same name from elsewhere.
                self.functions.pop(local, None)

    def verb(self, function: ast.expr) -> str | None:
        if isinstance(function, ast.Name):
            return self.functions.get(function.id)
        if isinstance(function, ast.Attribute):
            if self.certain(function):
                return function.attr if function.attr in VERBS else None
            return "save" if function.attr == "save" else None
        return None

    def certain(self, function: ast.expr) -> bool:
        """Return whether a call is certainly to the package, not to another object's method."""
        if isinstance(function, ast.Attribute):
            return ast.unparse(function.value) in self.modules
        return isinstance(function, ast.Name)


def _in_order(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk the tree in the order of the code; `ast.walk` goes level by level."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        yield from _in_order(child)


def _table_argument(node: ast.Call) -> str:
    """Return the name of the table in a call; empty if it is not a literal."""
    argument = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "name"), None)
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def _place(cell: Cell, node: ast.Call) -> str:
    return f"{cell.place}, line {node.lineno}"


def _name_fault(cell: Cell, node: ast.Call, verb: str, tables: Mapping[str, TableRef]) -> Fault:
    """Return the fault of a call of ``load`` or ``save`` without the name of a known table."""
    name = _table_argument(node)
    if not name:
        return Fault(
            f"{verb}() is given a name that is not written out",
            file=cell.file,
            column=_place(cell, node),
            value=ast.unparse(node),
            remedy=f'Write the table\'s name in quotes, as in {verb}("…"), once for each table: '
            "what runs before what, and what must run again, follows from it.",
        )
    hint = did_you_mean(name, tables, quoted=False)
    return Fault(
        "no table of the data package has this name",
        file=cell.file,
        column=_place(cell, node),
        value=name,
        remedy=join_sentences(hint, "Describe it in data/datapackage.json, or mend the name."),
    )


def _record(uses: Uses, table: str, verb: str, cell: Cell, node: ast.Call) -> Iterator[Fault]:
    """Add a call to `uses`, and yield a fault if it saves a table that was loaded before."""
    place = _place(cell, node)
    if table in uses.writes:
        return
    if verb == "load":
        uses.reads.setdefault(table, place)
        return
    uses.writes[table] = place
    if table in uses.reads:
        yield Fault(
            f"saves {table}, which {uses.reads[table]} of this notebook loads before: "
            "each run would work on what the last one left",
            file=cell.file,
            column=place,
            remedy="Save under another name, or load only after saving.",
        )


def _not_python(cell: Cell, error: SyntaxError) -> Fault:
    lines = cell.source.split("\n")
    text = lines[error.lineno - 1].strip() if error.lineno and error.lineno <= len(lines) else None
    return Fault(
        f"is not valid Python: {error.msg}",
        file=cell.file,
        column=cell.place + (f", line {error.lineno}" if error.lineno else ""),
        value=text,
        remedy="Mend the cell; nothing was run.",
    )


def _two_writers(notebooks: Mapping[str, Notebook], uses: Mapping[str, Uses]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for name, used in uses.items():
        for table, place in used.writes.items():
            writer = first.setdefault(table, name)
            if writer != name:
                yield Fault(
                    f"saves a table that {notebooks[writer].file}, {uses[writer].writes[table]} saves too",
                    file=notebooks[name].file,
                    column=place,
                    value=table,
                    remedy="Let one notebook save it and the other load it.",
                )


def _cycle(graph: Graph, names: list[str]) -> Fault:
    # graphlib lists each notebook after one that it needs.
    steps = []
    for needed, name in pairwise(names):
        used = graph.uses[name]
        required = graph.closure([*used.reads, *used.writes])
        table = next(t for t in graph.uses[needed].writes if t in required)
        steps.append(f"{name} needs {table}, which {needed} saves")
    return Fault(
        f"the notebooks need each other in a circle: {'; '.join(steps)}",
        file=graph.notebooks[names[0]].file,
        remedy="Move what both need into a notebook of its own, or into the first of them.",
    )
