"""Processes that keep notebooks in memory, one each; what runs in them is `explainer.preview.live`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress

from explainer.faults import Fault
from explainer.project import Project
from explainer.run.execute import environment
from explainer.run.kernel import STAGE

#: How much less pressing than others a notebook is for which none waits, as `nice` counts.
PATIENCE = 5


class Process:
    """A process that keeps one notebook in memory.

    Parameters
    ----------
    project : Project
        Where the notebook reads its tables.
    name : str
        The notebook.
    hurried : bool
        Whether other notebooks wait for it: those for which none waits leave it the machine.
    """

    def __init__(self, project: Project, name: str, *, hurried: bool) -> None:
        self._project = project
        self._stage = project.build / "live" / name
        self._turn = threading.Lock()
        #: Files it made, from the project's root.
        self.made: set[str] = set()
        shutil.rmtree(self._stage, ignore_errors=True)
        own = project.build / "ipython"
        own.mkdir(parents=True, exist_ok=True)
        # The notebooks' folder must not hide a library while it starts.
        start = "import sys; del sys.path[0]; from explainer.preview.live import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", start, name],
            cwd=project.notebooks,
            env=environment(project, own) | {STAGE: str(self._stage)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Ctrl-C is for the preview, which ends this one in order.
            process_group=0,
        )
        if not hurried and hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, PATIENCE)

    @property
    def ended(self) -> bool:
        """Whether there is no process any more."""
        return self._process.poll() is not None

    def update(self, saved: Callable[[str], None] = lambda file: None, moving: Collection[str] = ()) -> None:
        """Run what an edit reaches, and put what came of it in place.

        Parameters
        ----------
        saved : callable, optional
            Told of each table as soon as it is in place, or found to be what it was.
        moving : collection of str, optional
            Files that may change meanwhile.

        Raises
        ------
        Fault
            If a cell fails, or the process has ended.
        """
        with self._turn:
            with suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps([*moving]) + "\n")
                self._process.stdin.flush()
            for line in self._process.stdout:
                answer = json.loads(line)
                self._place()
                if "saved" in answer:
                    saved(answer["saved"])
                elif "fault" in answer:
                    raise Fault(answer["fault"])
                else:
                    return
            raise Fault("the notebook's process ended")

    def _place(self) -> None:
        for path in sorted(self._stage.rglob("*")):
            if path.is_file():
                file = path.relative_to(self._stage).as_posix()
                self.made.add(file)
                (self._project.root / file).parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, self._project.root / file)

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
