"""One session of the preview: the watchers, the worker and the server, from start to Ctrl-C."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from watchfiles import watch

from explainer.notebooks.execute import environment
from explainer.preview import builder
from explainer.preview.server import HOST, PreviewState, Server
from explainer.preview.sources import LIBRARY, folders, is_source
from explainer.system.errors import Fault
from explainer.system.lock import hold
from explainer.system.processes import command
from explainer.system.project import Project
from explainer.verify.messages import as_record

#: Milliseconds without a further change that end a burst of changes, and its longest duration.
STEP = 20
BURST = 1000
#: Seconds that the worker may take to end.
TIMEOUT = 20


class Session:
    """Watches, builds and serves.

    Parameters
    ----------
    project : Project
        The project.
    port : int
        0 is any that is free.
    say : callable
        Receives progress messages.
    on_message : callable, optional
        Receives every message of the worker.
    """

    def __init__(
        self,
        project: Project,
        port: int,
        say: Callable[[str], Any] = print,
        on_message: Callable[[dict[str, Any]], Any] = lambda message: None,
    ) -> None:
        self._project = project
        self._say = say
        self._on_message = on_message
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._threads: list[threading.Thread] = []
        self._watched: set[Path] = set()
        #: What is wrong with modules of the library, of which the worker still has the last good ones.
        self._library_faults: list[dict[str, Any]] = []
        self.state = PreviewState(builder.folder(project))
        self.server = _server(self.state, port)

    @property
    def address(self) -> str:
        """The URL of the preview."""
        return self.server.address

    @property
    def worker(self) -> int | None:
        """The process id of the worker."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Serve the last report, watch the sources, and build."""
        self._seed()
        self._start_thread(self.server.serve_forever)
        self._start_thread(lambda: self._watch(self._project.root, recursive=False))
        self._watch_folders()
        self._start_worker()

    def wait(self) -> None:
        """Wait until Ctrl-C."""
        # The system may give a signal to another thread; this one sees it when it wakes.
        while not self._stop.wait(1):
            pass

    def close(self) -> None:
        """End the server, the watchers, the worker and its kernels."""
        self._stop.set()
        self.state.close()
        self.server.shutdown()
        self.server.server_close()
        with self._lock:
            self._end_worker()
        for thread in self._threads:
            thread.join(TIMEOUT)

    def _start_thread(self, target: Callable[[], Any]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _seed(self) -> None:
        """Show the last report until the first build is done."""
        if not (self.state.folder / "index.html").is_file() and self._project.report.is_dir():
            shutil.copytree(self._project.report, self.state.folder, dirs_exist_ok=True)

    def _watch_folders(self) -> None:
        """Watch all folders of sources, including new ones: a theme may be added at any time."""
        for folder in {*folders(self._project), LIBRARY} - self._watched:
            self._watched.add(folder)
            self._start_thread(partial(self._watch, folder, recursive=True))

    def _watch(self, root: Path, *, recursive: bool) -> None:
        def is_watched(_: Any, path: str) -> bool:
            return is_source(self._project, Path(path))

        for changes in watch(
            root,
            watch_filter=is_watched,
            step=STEP,
            debounce=BURST,
            stop_event=self._stop,
            recursive=recursive,
            raise_interrupt=False,
        ):
            self._edited({Path(path) for _, path in changes})

    def _edited(self, paths: set[Path]) -> None:
        self._watch_folders()
        library = sorted(path for path in paths if LIBRARY in path.parents and path.suffix == ".py")
        if library:
            faults = [fault for path in library for fault in _syntax(self._project, path)]
            self._library_faults = [as_record(fault) for fault in faults]
        if library and self._library_faults:
            self.state.update(self._library_faults)
        elif library or self._has_ended():
            self._say("The library changed: starting again with it.")
            self._start_worker()
        else:
            self._build()

    def _build(self) -> None:
        line = json.dumps({"viewed": self.state.viewed or [builder.INDEX]}) + "\n"
        with self._lock, suppress(BrokenPipeError):  # `_listen` reports a worker that has ended
            if self._process and self._process.stdin:
                self._process.stdin.write(line)
                self._process.stdin.flush()

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _start_worker(self) -> None:
        with self._lock:
            self._end_worker()
            if self._stop.is_set():
                return
            self._process = subprocess.Popen(
                command("explainer.preview.worker"),
                cwd=self._project.root,
                # Kernels are forked from this process, so it needs the environment of a kernel.
                env=environment(self._project, self._project.build / "preview"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                # Ctrl-C must reach only this process, which then ends the worker in order.
                start_new_session=True,
            )
            process = self._process
        self._start_thread(lambda: self._listen(process))
        self._build()

    def _end_worker(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            message = json.loads(line)
            self._show(message)
            self._on_message(message)
        code = process.wait()
        if process is self._process and not self._stop.is_set():
            what = f"the process that builds ended by itself (exit code {code})"
            remedy = "The terminal says why. It is started again after the next edit."
            self.state.update([as_record(Fault(what, remedy=remedy))])

    def _show(self, message: dict[str, Any]) -> None:
        """Show a message of the worker."""
        event = message["event"]
        if event == "building" and message["changed"]:
            self._say(f"Changed: {', '.join(message['changed'])}")
        elif event == "page":
            self.state.update(self._library_faults)
            self._say(f"  {message['address']} after {message['seconds']} s")
        elif event == "pdf":
            self._say("  report.pdf")
        elif event == "good":
            self.state.update(self._library_faults)
        elif event == "faults":
            self.state.update([*self._library_faults, *message["faults"]])
            for fault in message["faults"]:
                self._say(f"  {fault['message']}")


def _server(state: PreviewState, port: int) -> Server:
    try:
        return Server(state, port)
    except OSError as error:
        raise Fault(
            f"the preview cannot listen on port {port} of {HOST}: {error.strerror}",
            remedy="End what listens there, or choose another: --port 0 takes any that is free.",
        ) from None


def _syntax(project: Project, path: Path) -> Iterator[Fault]:
    """Yield the fault of a module of the library that is not valid Python."""
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        row = getattr(error, "lineno", None)
        file = f"src/explainer/{path.relative_to(LIBRARY).as_posix()}"
        yield Fault(f"is not valid Python: {error}", file=file, row=row, remedy="Mend the line.")
    except FileNotFoundError:
        return


@contextmanager
def alone(project: Project) -> Iterator[None]:
    """Lock the project for one preview.

    Raises
    ------
    Fault
        If there is another.
    """
    path = project.build / "preview" / "lock"
    with hold(path) as ours:
        if not ours:
            raise Fault(
                "another preview is at work on this project",
                file=project.relative(path),
                remedy="Use that one, or end it first.",
            )
        yield
