"""Processes that keep notebooks in memory, one each; what runs in them is `explainer.preview.live`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Collection
from contextlib import suppress

from explainer.notebooks.execute import environment
from explainer.notebooks.kernel import STAGE
from explainer.system.errors import Fault
from explainer.system.processes import command
from explainer.system.project import Project


class Process:
    """A process that keeps one notebook in memory.

    Parameters
    ----------
    project : Project
        Where the notebook reads its tables.
    name : str
        The notebook.
    """

    def __init__(self, project: Project, name: str) -> None:
        self._project = project
        self._stage = project.build / "live" / name
        self._turn = threading.Lock()
        #: Files it made, from the project's root.
        self.made: set[str] = set()
        shutil.rmtree(self._stage, ignore_errors=True)
        own = project.build / "ipython"
        own.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            command("explainer.preview.live", name),
            cwd=project.notebooks,
            env=environment(project, own) | {STAGE: str(self._stage)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Ctrl-C is for the preview, which ends this one in order.
            process_group=0,
        )

    @property
    def ended(self) -> bool:
        """Whether there is no process any more."""
        return self._process.poll() is not None

    def update(
        self,
        saved: Callable[[str], None] = lambda file: None,
        moving: Collection[str] = (),
        wanted: Collection[str] = (),
    ) -> None:
        """Run what an edit reaches, and put what came of it in place.

        Parameters
        ----------
        saved : callable, optional
            Told of each table as soon as it is in place, or found to be what it was.
        moving : collection of str, optional
            Files that may change meanwhile.
        wanted : collection of str, optional
            Files that others wait for, to be made before all others.

        Raises
        ------
        Fault
            If a cell fails, or the process has ended.
        """
        with self._turn:
            with suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps({"moving": [*moving], "wanted": [*wanted]}) + "\n")
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
            if not path.is_file() or path.name.startswith("."):  # not whole yet
                continue
            file = path.relative_to(self._stage).as_posix()
            target = self._project.root / file
            self.made.add(file)
            if target.is_file() and target.read_bytes() == path.read_bytes():
                path.unlink()  # for whoever has read it, it has not changed
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
