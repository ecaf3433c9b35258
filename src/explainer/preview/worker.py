"""The process that builds: it reads edits from standard input, and writes results to standard output.

It is separate from the server, so that an edit of the library can restart it with the new code.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TextIO

from explainer.notebooks import forked_kernels
from explainer.preview.builder import Builder, Superseded
from explainer.preview.sources import Sources
from explainer.system.errors import Fault
from explainer.system.processes import claim_stdout
from explainer.system.project import Project
from explainer.verify.messages import as_record

#: Seconds without an edit after which the PDF is typeset.
QUIET = 1.5


class Worker:
    """Builds after each edit.

    Parameters
    ----------
    project : Project
        The project.
    output : text file
        Receives the results, one JSON object per line.
    """

    def __init__(self, project: Project, output: TextIO) -> None:
        self._output = output
        self._edits: queue.Queue[dict[str, Any]] = queue.Queue()
        self._sources = Sources(project)
        #: The sources as the last build found them; None before the first.
        self._built: dict[str, str] | None = None
        self._is_unfinished = False
        self._is_pdf_due = False
        self._builder = Builder(project, self._sources, self._is_superseded)

    def read(self, lines: TextIO) -> None:
        """Queue the edits as they arrive; at the end of input, interrupt the current build."""
        for line in lines:
            self._edits.put(json.loads(line))
        os.kill(os.getpid(), signal.SIGINT)

    def work(self) -> None:
        """Build after each edit, and typeset the PDF after a while without edits."""
        is_idle = True
        while True:
            try:
                edit = self._edits.get(timeout=None if is_idle else QUIET)
            except queue.Empty:
                if self._is_pdf_due:
                    self._attempt(self._build_pdf)
                is_idle = True
                continue
            is_idle = False
            while not self._edits.empty():
                edit = self._edits.get()
            self._attempt(partial(self._build, edit["viewed"]))

    def _attempt(self, step: Callable[[], None]) -> None:
        """Run `step`, and report its faults."""
        try:
            return step()
        except Superseded:
            self._is_unfinished = True
            return None
        except Fault as fault:
            faults = fault.faults
        except Exception as error:
            traceback.print_exc()
            what = f"the build broke off: {type(error).__name__}: {error}"
            faults = [Fault(what, remedy="The terminal has the details.")]
        self._is_pdf_due = False
        self._report("faults", faults=[as_record(fault) for fault in faults])
        self._report("quiet")
        return None

    def _build(self, viewed: list[str]) -> None:
        state = self._sources.state()
        if state == self._built and not self._is_unfinished:
            if not self._is_pdf_due:
                self._report("quiet")
            return
        self._is_unfinished = False
        began = time.perf_counter()
        changed = set(state.items()) ^ set((self._built or {}).items())
        self._report("building", changed=sorted({name for name, _ in changed}) if self._built else [])
        self._built = state
        self._is_pdf_due = True
        try:
            for address in self._builder.pages(viewed):
                self._report("page", address=address, seconds=round(time.perf_counter() - began, 2))
        finally:
            self._report("ran", notebooks=sorted(self._builder.ran))
            self._accept_written()
        self._report("good")

    def _is_superseded(self) -> bool:
        """Return whether anything but the build itself changed a source since the build began."""
        if self._edits.empty():
            return False
        with suppress(queue.Empty):
            while True:
                edit = self._edits.get_nowait()
        self._accept_written()
        if self._sources.state() == self._built:
            return False
        self._edits.put(edit)
        return True

    def _accept_written(self) -> None:
        """Count files that the notebooks wrote as built, but no edit made meanwhile."""
        now, built = self._sources.state(), self._built or {}
        with suppress(Fault):  # an edit has broken a notebook meanwhile
            self._built = built | {name: now[name] for name in self._builder.written() if name in now}

    def _build_pdf(self) -> None:
        if self._builder.pdf():
            self._report("pdf")
        self._is_pdf_due = False
        self._report("quiet")

    def _report(self, event: str, **details: Any) -> None:
        with suppress(BrokenPipeError):  # the server has ended, which also ends standard input
            self._output.write(json.dumps({"event": event, **details}) + "\n")
            self._output.flush()


def main() -> None:
    """Work until standard input ends."""
    output = claim_stdout()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    forked_kernels.start()
    worker = Worker(Project.find(), output)
    threading.Thread(target=worker.read, args=(sys.stdin,), daemon=True).start()
    try:
        worker.work()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
