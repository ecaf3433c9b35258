"""One notebook kept in memory, cell by cell, so that an edit runs only the cells that it reaches.

A cell runs again when its words changed, or a file it read, or what it was given: the content of every name
that it, or a function it calls, can see. Each cell works on copies of what it is given, so that what earlier
cells left stays as it was for the next time. This shows an edit soon; the run from the top, after it, counts.
"""

from __future__ import annotations

import copy
import dis
import gc
import hashlib
import io
import json
import os
import pickle
import queue
import re
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import nbformat
import numpy as np
import pandas as pd
from altair.utils.schemapi import debug_mode
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

from explainer.authoring import renderer, theme
from explainer.authoring.figure import MIME, Figure, draw
from explainer.data import package
from explainer.notebooks import ipynb, kernel
from explainer.notebooks.ipynb import Cell, Notebook
from explainer.notebooks.normalise import normalise, text
from explainer.preview.painter import Painter
from explainer.system.errors import Fault
from explainer.system.files import write_bytes
from explainer.system.processes import answers
from explainer.system.project import Project

#: Nanoseconds by which a file's time stamp may lag behind the clock.
TICK = 20_000_000
#: How much less pressing than all else is what nobody waits for yet, as `nice` counts.
PATIENCE = 5
#: Seconds without an edit after which there is time to tidy up.
QUIET = 1.5
#: Code that uses one of these may see anything, so that it runs every time.
ALL_SEEING = frozenset({"get_ipython", "globals", "locals", "vars", "dir", "eval", "exec"})
#: A name in a text, as ``frame.query`` takes it.
AT_NAME = re.compile(r"@([A-Za-z_]\w*)")
#: Told by their `repr`.
PLAIN = (str, bytes, int, float, complex, bool, type(None), date, pd.Timedelta, type(pd.NA), type(pd.NaT))
#: Shared and not copied: nobody changes them, or nobody can.
SHARED = (*PLAIN, type, ModuleType, FunctionType, BuiltinFunctionType)


@dataclass(frozen=True)
class _Past:
    """What a cell was given when it last ran, and what came of it."""

    source: str
    given: Mapping[str, str | None] | None
    files: Mapping[str, str]
    left: Mapping[str, Any]
    outputs: list[nbformat.NotebookNode | Future[dict[str, Any]]]
    saved: tuple[str, ...] = ()

    def holds(self, cell: Cell, given: Mapping[str, str | None], files: Callable[[str], str]) -> bool:
        """Return whether the cell would do the same again."""
        return (
            self.source == cell.source
            and self.given == given
            and None not in given.values()
            and all(files(file) == before for file, before in self.files.items())
        )

    def rests_on(self, earlier: _Past) -> bool:
        """Return whether the cell may have seen what an earlier one left, or read what it saved."""
        if self.given is None:
            return True
        return bool(self.given.keys() & earlier.left.keys() or self.files.keys() & {*earlier.saved})


class Live:
    """The cells of a notebook as they last ran.

    Parameters
    ----------
    project : Project
        Where the notebook reads its tables.
    path : Path
        The notebook.
    saved : callable, optional
        Told of each file that a cell has saved, also where the cell need not run again for it.
    """

    def __init__(
        self, project: Project, path: Path, saved: Callable[[str], None] = lambda file: None
    ) -> None:
        self._saved = saved
        self._project = project
        self._path = path
        #: Numbers of the cells that the last edit made run.
        self.ran: list[int] = []
        self._notebook: Notebook | None = None
        self._text = b""
        self._moving: frozenset[str] = frozenset()
        self._past: dict[int, _Past] = {}
        self._digests: dict[int, tuple[Any, str | None]] = {}
        self._shell = _ZmqShell.instance()
        self._first = dict(self._shell.user_ns)
        #: Where cells run that nobody waits for yet.
        self._patient = ThreadPoolExecutor(1, initializer=_be_patient)
        self._shell.displayhook.painter = Painter(str(theme.fonts()))
        pd.set_option("display.max_columns", 20)  # as where there is no terminal

    def update(self, moving: Collection[str] = (), wanted: Collection[str] = ()) -> bytes | None:
        """Run what an edit reaches.

        Parameters
        ----------
        moving : collection of str, optional
            Files that may change while cells run: those that other notebooks are about to write.
        wanted : collection of str, optional
            Files that others wait for: the cells that these rest on run before all others.

        Returns
        -------
        bytes or None
            The notebook with its outputs; None where nothing changed.

        Raises
        ------
        Fault
            If a cell fails.
        """
        if moving:  # then it is not the notebook's turn
            return self._patient.submit(self._update, frozenset(moving), frozenset()).result()
        return self._update(frozenset(), frozenset(wanted))

    def _update(self, moving: frozenset[str], wanted: frozenset[str]) -> bytes | None:
        self._moving = moving
        if read := self._edited():
            self._notebook = ipynb.read(self._path, self._project)
            self._text = b""  # until all went well
        ran = self._walk(self._notebook, wanted)
        self.ran = [cell.number for cell in ran]
        if not ran and not read:
            return None
        normalise(self._notebook, self._project, None if read else ran)
        # Not as it is in the end, where each line of a text has its own: that takes ten times as long.
        self._text = json.dumps(self._notebook.node, ensure_ascii=False).encode()
        return self._text

    def _edited(self) -> bool:
        """Whether the notebook's file is another than what came of the last run, here or from the top."""
        found = self._path.read_bytes()
        if found != self._text and self._text and found == text(self._notebook).encode():
            self._text = found
        return found != self._text

    def _walk(self, notebook: Notebook, wanted: frozenset[str]) -> list[Cell]:
        """Go through the cells, and return those that had to run."""
        new: dict[int, _Past] = {}
        if urgent := self._urgent(notebook, wanted):
            self._go(urgent, new)
            self._patient.submit(self._go, notebook.code_cells, new).result()
        else:
            self._go(notebook.code_cells, new)
        for cell in notebook.code_cells:
            if cell.index in new or not cell.outputs:
                cell.node.outputs = (new.get(cell.index) or self._past[cell.index]).outputs
        ran = [cell for cell in notebook.code_cells if cell.index in new]
        for cell in ran:
            outputs = new[cell.index].outputs
            outputs[:] = [_drawn(output, cell) for output in outputs]
        self._past |= new
        kept = {id(value) for past in self._past.values() for value in past.left.values()}
        self._digests = {key: value for key, value in self._digests.items() if key in kept}
        return ran

    def _go(self, cells: Iterable[Cell], new: dict[int, _Past]) -> None:
        """Go through some cells, each after those it rests on, and add to `new` what those give that ran."""
        names = self._shell.user_ns
        names.clear()
        names |= self._first
        for cell in cells:
            past = self._step(cell, new)
            names |= past.left
            for file in past.saved:
                self._saved(file)

    def _urgent(self, notebook: Notebook, wanted: frozenset[str]) -> list[Cell]:
        """Return the cells that save what is wanted and, of those before them, the ones these rest on.

        By what each was given and left when it last ran: none where the words of one have changed.
        """
        cells = notebook.code_cells
        pasts = [self._past.get(cell.index) for cell in cells]
        if not all(past and past.source == cell.source for past, cell in zip(pasts, cells, strict=True)):
            return []
        found: list[tuple[Cell, _Past]] = []
        for cell, past in zip(reversed(cells), reversed(pasts), strict=True):
            if wanted & {*past.saved} or any(after.rests_on(past) for _, after in found):
                found.insert(0, (cell, past))
        return [cell for cell, _ in found]

    def _step(self, cell: Cell, new: dict[int, _Past]) -> _Past:
        """Return what a cell gives where the names are as they are, and add it to `new` if it had to run."""
        names = self._shell.user_ns
        seen = reach(_names(cell.source), names)
        given = None if seen is None else {name: self._digest(names[name]) for name in sorted(seen)}
        if cell.index in new:  # run before its turn
            if new[cell.index].given != given:
                raise Fault("rests on more than before", file=cell.file, column=cell.place)
            return new[cell.index]
        past = self._past.get(cell.index)
        if past is None or given is None or not past.holds(cell, given, self._file):
            # Forgotten until all went well: what a run that fails has saved is thrown away.
            self._past.pop(cell.index, None)
            new[cell.index] = past = self._run(cell, given)
        return past

    def _run(self, cell: Cell, given: Mapping[str, str | None] | None) -> _Past:
        names = self._shell.user_ns
        before = dict(names)
        for name in given or ():
            names[name] = _copied(names[name])
        lent = dict(names)
        kernel.forget()
        began = time.time_ns()
        self._shell.outputs = []
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            done = self._shell.run_cell(cell.source, store_history=False)
        if not done.success:
            raise Fault("failed", file=cell.file, column=cell.place)
        left = {}
        for name, value in list(names.items()):
            if name not in lent or value is not lent[name]:
                left[name] = value
            elif name in (given or ()) and value is not before[name]:
                # Lent as a copy: what it was stays, unless the cell changed it.
                if given[name] is not None and self._digest(value) == given[name]:
                    names[name] = before[name]
                else:
                    left[name] = value
        streams = [
            nbformat.v4.new_output("stream", name=name, text=stream.getvalue())
            for name, stream in (("stdout", out), ("stderr", err))
            if stream.getvalue()
        ]
        files = {
            # What changed meanwhile may not be what the cell has read.
            file: self._file(file, began if file in self._moving else None)
            for file in kernel.reads()
        }
        outputs = [*streams, *self._shell.outputs]
        return _Past(cell.source, given, files, left, outputs, kernel.saves())

    def _file(self, file: str, began: int | None = None) -> str:
        path = self._project.root / file
        try:
            if began is not None and path.stat().st_ctime_ns > began - TICK:
                return "changed while the cell ran"
            return hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return "gone"

    def _digest(self, value: Any) -> str | None:
        """Return what tells the content of `value` from any other; None where nothing does."""
        if id(value) not in self._digests:
            self._digests[id(value)] = (value, self._content(value))
        return self._digests[id(value)][1]

    def _content(self, value: Any) -> str | None:
        try:
            return hashlib.sha256(repr(plain(value)).encode()).hexdigest()
        except Exception:  # whatever an object says when it cannot be written down
            return None


def _be_patient() -> None:
    """Leave the machine to other threads, where each has a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), PATIENCE)


def plain(value: Any) -> Any:
    """Return content as nested tuples, whose `repr` is the same when, and only when, the content is."""
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, Mapping):
        return (type(value), [(plain(key), plain(one)) for key, one in value.items()])
    if isinstance(value, list | tuple):
        return (type(value), [plain(one) for one in value])
    if isinstance(value, set | frozenset):
        return (type(value), sorted(repr(plain(one)) for one in value))
    if isinstance(value, np.ndarray | pd.Index):
        return (type(value), _items(value))
    if isinstance(value, pd.Series):
        return (type(value), value.name, value.index.names, _items(value.index), _items(value))
    if isinstance(value, pd.DataFrame):
        columns = [_items(value.iloc[:, place]) for place in range(value.shape[1])]
        return (type(value), _items(value.columns), value.index.names, _items(value.index), columns)
    if isinstance(value, FunctionType):
        # What the function sees outside itself is among what its caller sees, name by name.
        inner = [cell.cell_contents for cell in value.__closure__ or ()]
        return ("function", _code(value.__code__), plain([value.__defaults__, value.__kwdefaults__, inner]))
    if isinstance(value, ModuleType | type):
        return value.__name__
    return (type(value), pickle.dumps(value))


def _items(values: Any) -> Any:
    """Return what an array, an index or a column holds, with its type."""
    items = values.tolist()
    # Only those of objects hold anything but plain values.
    return (str(values.dtype), plain(items) if values.dtype == object else items)


def reach(names: Iterable[str] | None, known: Mapping[str, Any]) -> set[str] | None:
    """Return those of `names` that are `known`, with all that functions among them see; None is anything."""
    if names is None:
        return None
    found: set[str] = set()
    wanted = [name for name in names if name in known]
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        found.add(name)
        if isinstance(known[name], FunctionType) and known[name].__globals__ is known:
            seen = _globals(known[name].__code__)
            if seen & ALL_SEEING:
                return None
            wanted += [other for other in seen if other in known]
    return found


@lru_cache(maxsize=1000)
def _names(source: str) -> frozenset[str] | None:
    """Return every global name in a cell; None where it may see more than it names."""
    try:
        found = _globals(compile(TransformerManager().transform_cell(source), "cell", "exec"))
    except SyntaxError:
        return None
    return None if found & ALL_SEEING else found


@lru_cache(maxsize=1000)
def _globals(code: CodeType) -> frozenset[str]:
    """Return the global names that code uses, in the functions within it too."""
    steps = dis.get_instructions(code)
    found = {step.argval for step in steps if step.opname.endswith(("_NAME", "_GLOBAL"))}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= _globals(constant)
        elif isinstance(constant, str):
            found.update(AT_NAME.findall(constant))
    return frozenset(found)


def _code(code: CodeType) -> Any:
    """Return what a function does, without where it stands."""
    constants = [_code(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts]
    return (code.co_code, code.co_names, code.co_varnames, code.co_freevars, constants)


def _copied(value: Any) -> Any:
    if isinstance(value, SHARED):
        return value
    try:
        return copy.deepcopy(value)
    except Exception:  # what cannot be copied is lent as it is
        return value


class _Hook(DisplayHook):
    """Keeps the last expression of a cell and prints nothing; charts are drawn while the next cells run."""

    painter: Painter
    _drawing = ThreadPoolExecutor(1)

    def compute_format_data(self, result: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if isinstance(result, Figure):
            return {MIME: self._drawing.submit(self._draw, result)}, {}
        return super().compute_format_data(result)

    def _draw(self, result: Figure) -> dict[str, Any]:
        for spec in (result.spec, result.narrow_spec):
            if spec:
                draw(spec, lambda spec: self.painter.draw(spec) or renderer.to_svg(spec))
        return result._repr_mimebundle_()  # which finds them drawn

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        if isinstance(format_dict.get(MIME), Future):
            self.shell.outputs.append(format_dict[MIME])
            return
        output = nbformat.v4.new_output("execute_result", format_dict, metadata=md_dict or {})
        self.shell.outputs.append(output)

    def finish_displayhook(self) -> None:
        pass


def _drawn(output: nbformat.NotebookNode | Future[dict[str, Any]], cell: Cell) -> nbformat.NotebookNode:
    """Return an output as it is kept, a chart when it is drawn."""
    if not isinstance(output, Future):
        return output
    try:
        return nbformat.v4.new_output("execute_result", output.result())
    except Exception as error:  # whatever the renderer says
        raise Fault("failed", file=cell.file, column=cell.place) from error


class _Publisher(DisplayPublisher):
    """Keeps what a cell displays."""

    def publish(self, data: dict, metadata: dict | None = None, **_: Any) -> None:
        self.shell.outputs.append(nbformat.v4.new_output("display_data", data, metadata=metadata or {}))


class _ZmqShell(InteractiveShell):
    # Its name: pandas shows frames as it does in a kernel where "zmq" is part of it.
    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    outputs: list[nbformat.NotebookNode | Future[dict[str, Any]]]

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Say nothing: the run that follows tells what is wrong."""


def main() -> None:
    """Take the notebook's name, and a line of JSON for each edit: `moving` and `wanted` of `Live.update`.

    The answer is lines of JSON: ``{"saved": file}`` for each table as it is ready, then ``{}`` or
    ``{"fault": words}``.
    """
    told = answers()
    stage = Path(os.environ[kernel.STAGE])
    project = Project(Path(os.environ[kernel.ROOT]))

    def answer(**words: str) -> None:
        print(json.dumps(words), file=told, flush=True)

    live = Live(project, project.notebooks / f"{sys.argv[1]}.ipynb", lambda file: answer(saved=file))
    sys.addaudithook(kernel.watch)
    edits: queue.SimpleQueue[dict[str, list[str]]] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            edits.put(json.loads(line))
        os._exit(0)  # whoever asked is gone, whatever a cell is doing

    threading.Thread(target=listen, daemon=True).start()
    # To look for what nobody uses any more takes a while, for which there is time when nothing is asked.
    gc.disable()
    while True:
        try:
            edit = edits.get(timeout=QUIET)
        except queue.Empty:
            gc.collect()
            edit = edits.get()
        try:
            with package.trusted(), debug_mode(False):
                made = live.update(**edit)
            if made is not None:
                write_bytes(stage / "notebooks" / f"{sys.argv[1]}.ipynb", made)
            answer()
        except Fault as error:
            answer(fault=" ".join(str(error).split()))


if __name__ == "__main__":
    main()
