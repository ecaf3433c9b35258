"""The process that builds: told of edits on standard input, it tells on standard output what came of them.

An edit is shown first and checked then: a draft of the page that is looked at, and behind it the whole build.

It is apart from the server, so that a change of the library ends it and a new one begins with the new code.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TextIO

from explainer.preview.builder import Builder, Superseded
from explainer.preview.draft import Draft
from explainer.preview.sources import Sources
from explainer.system.errors import Fault
from explainer.system.processes import answers
from explainer.system.project import Project
from explainer.verify.messages import as_record

#: Seconds without an edit after which the PDF is set.
QUIET = 1.5
#: Seconds in which the browser has the machine to itself to show a draft, before the build begins.
SHOWING = 0.3


class Worker:
    """Takes edits and builds until there are none.

    Parameters
    ----------
    project : Project
        The project.
    told : text file
        Where to write what happened, one JSON object a line.
    """

    def __init__(self, project: Project, told: TextIO) -> None:
        self._project = project
        self._told = told
        self._edits: queue.Queue[dict[str, Any]] = queue.Queue()
        self._sources = Sources(project)
        self._seen: dict[str, str] | None = None
        self._unfinished = False
        self._paper_due = False
        self._builder = Builder(project, self._newer)
        self._draft = Draft(project)

    def read(self, lines: TextIO) -> None:
        """Queue the edits that come in; when there can be no more, interrupt whatever is being done."""
        for line in lines:
            self._edits.put(json.loads(line))
        os.kill(os.getpid(), signal.SIGINT)

    def work(self) -> None:
        """Show and build after each edit, and set the PDF when there has been none for a while."""
        try:
            idle = True
            while True:
                try:
                    edit = self._edits.get(timeout=None if idle else QUIET)
                except queue.Empty:
                    if self._paper_due:
                        self._attempt(self._paper)
                    gc.collect()
                    idle = True
                    continue
                idle = False
                while not self._edits.empty():
                    edit = self._edits.get()
                self._attempt(lambda edit=edit: self._pages(edit))
        finally:
            self._draft.close()

    def _attempt(self, step: Callable[[], None]) -> None:
        """Do `step`, and tell what is wrong if anything is."""
        try:
            return step()
        except Superseded:
            self._unfinished = True
            return None
        except Fault as fault:
            faults = getattr(fault, "faults", [fault])
        except Exception as error:
            traceback.print_exc()
            what = f"the build broke off: {type(error).__name__}: {error}"
            faults = [Fault(what, remedy="The terminal has the details.")]
        self._paper_due = False
        self._tell("faults", faults=[as_record(fault) for fault in faults])
        self._tell("quiet")
        return None

    def _pages(self, edit: dict[str, Any]) -> None:
        state = self._sources.state()
        if state == self._seen and not self._unfinished:
            if not self._paper_due:
                self._tell("quiet")
            return
        self._unfinished = False
        began = time.perf_counter()
        changed = sorted(set(state.items()) ^ set((self._seen or {}).items()))
        self._tell("building", changed=sorted({name for name, _ in changed}) if self._seen else [])
        warm, self._seen = self._seen is not None, state
        self._paper_due = True
        if warm:
            self._show(edit["viewed"], state, began)
        try:
            for address in self._builder.pages(edit["viewed"]):
                self._tell("page", address=address, seconds=_since(began))
        finally:
            self._tell("ran", notebooks=sorted(self._builder.ran))
            self._own_writes()
        self._tell("good")
        self._draft.compare()
        with suppress(Fault):  # all is in order: what hinders a draft is the draft's own matter
            self._draft.update(self._seen)
            self._draft.prepare(edit["viewed"])

    def _show(self, viewed: list[str], state: Mapping[str, str], began: float) -> None:
        """Show the pages that are looked at as the edit makes them; what is wrong, the build will say."""
        with suppress(Fault, OSError, KeyError):
            for address in viewed:
                self._draft.page(address, state)
                self._tell("draft", address=address, seconds=_since(began))
            time.sleep(SHOWING)

    def _newer(self) -> bool:
        """Return whether something changed that is not our own doing."""
        if self._edits.empty():
            return False
        with suppress(queue.Empty):
            while True:
                edit = self._edits.get_nowait()
        self._own_writes()
        if self._sources.state() == self._seen:
            return False
        self._edits.put(edit)
        return True

    def _own_writes(self) -> None:
        """Take what the notebooks wrote as seen; an edit that came meanwhile is not."""
        now = self._sources.state()
        written = {
            name
            for name in set(now) | set(self._seen)
            if name.startswith(("data/tidy/", "notebooks/")) and now.get(name) != self._seen.get(name)
        }
        try:
            settled = bool(written) and self._builder.settled()
        except Fault:
            settled = False
        if settled:
            self._seen |= {name: now[name] for name in written if name in now}

    def _paper(self) -> None:
        if self._builder.paper():
            self._tell("paper")
        self._paper_due = False
        self._tell("quiet")

    def _tell(self, event: str, **more: Any) -> None:
        with suppress(BrokenPipeError):  # nobody listens any more, and standard input says so too
            self._told.write(json.dumps({"event": event, **more}) + "\n")
            self._told.flush()


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 2)


def main() -> None:
    """Work until standard input ends."""
    told = answers()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    worker = Worker(Project.find(), told)
    threading.Thread(target=worker.read, args=(sys.stdin,), daemon=True).start()
    gc.disable()  # to look for what nobody uses any more takes a while; it is done when there are no edits
    try:
        worker.work()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
