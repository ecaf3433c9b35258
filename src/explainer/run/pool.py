"""Kernels started ahead: each has imported what its notebook imports, runs it once, and is replaced."""

from __future__ import annotations

import ast
import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from IPython.core.inputtransformer2 import TransformerManager

from explainer.notebooks import Notebook
from explainer.project import Project
from explainer.run.execute import Kernel, start, stop, warm

Result = TypeVar("Result")
#: Kernels that are made ready at one time.
AT_ONCE = 2


@dataclass(frozen=True)
class _Spare:
    modules: frozenset[str]
    kernel: asyncio.Task[Kernel]


class Pool:
    """Kernels that wait for their notebooks, and a thread that looks after them.

    A kernel runs one notebook and ends, so that every run begins from nothing, as a first one does.

    Parameters
    ----------
    project : Project
        The project.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._spares: dict[str, _Spare] = {}
        #: Notebooks that were given a kernel.
        self.used: list[str] = []
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="kernels", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do `work` in the pool's thread and return what comes of it; Ctrl-C cancels it."""
        future = asyncio.run_coroutine_threadsafe(self._whole(work), self._loop)
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    async def _whole(self, work: Coroutine[Any, Any, Result]) -> Result:
        return await work

    def stock(self, notebooks: Iterable[Notebook]) -> None:
        """Begin to make a kernel ready for each of these notebooks that has none."""
        wanted = {notebook.name: imports(notebook) for notebook in notebooks}
        asyncio.run_coroutine_threadsafe(self._stock(wanted), self._loop).result()

    async def _stock(self, wanted: dict[str, frozenset[str]]) -> None:
        for name in [*self._spares]:
            if name not in wanted or not self._spares[name].modules <= wanted[name]:
                await _discard(self._spares.pop(name))
        for name, modules in wanted.items():
            if name not in self._spares:
                self._spares[name] = _Spare(modules, asyncio.create_task(self._ready(modules)))

    async def _ready(self, modules: frozenset[str]) -> Kernel:
        async with self._turn:
            kernel = await start(self._project)
            try:
                await warm(kernel, modules)
            except BaseException:
                await stop(kernel)
                raise
            return kernel

    @asynccontextmanager
    async def kernel(self, notebook: Notebook) -> AsyncIterator[Kernel]:
        """Give out the kernel that waits for `notebook`, or a new one, and shut it down afterwards."""
        self.used.append(notebook.name)
        kernel = await self._take(notebook) or await start(self._project)
        try:
            yield kernel
        finally:
            await stop(kernel)

    async def _take(self, notebook: Notebook) -> Kernel | None:
        spare = self._spares.pop(notebook.name, None)
        if spare is None:
            return None
        # One that has imported more than the notebook does would not be what a first run begins with.
        if not spare.modules <= imports(notebook):
            await _discard(spare)
            return None
        try:
            kernel = await spare.kernel
        except (RuntimeError, TimeoutError):
            return None
        if await kernel.manager.is_alive():
            return kernel
        await stop(kernel)
        return None

    def wait(self) -> None:
        """Return when every kernel that is being made ready is."""

        async def all_ready() -> None:
            await asyncio.gather(*(spare.kernel for spare in self._spares.values()), return_exceptions=True)

        self.run(all_ready())

    def close(self) -> None:
        """Shut every kernel down."""

        async def discard_all() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            ready = {spare.kernel for spare in self._spares.values()}
            for task in others - ready:
                task.cancel()
            await asyncio.gather(*(others - ready), return_exceptions=True)
            await asyncio.gather(*(_discard(spare) for spare in self._spares.values()))
            self._spares.clear()

        asyncio.run_coroutine_threadsafe(discard_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _discard(spare: _Spare) -> None:
    spare.kernel.cancel()
    with suppress(asyncio.CancelledError, RuntimeError, TimeoutError):
        await stop(await spare.kernel)


def imports(notebook: Notebook) -> frozenset[str]:
    """Return the modules that the cells of `notebook` import, as they write it."""
    found: set[str] = set()
    for cell in notebook.code_cells:
        with suppress(SyntaxError):
            for node in ast.walk(ast.parse(TransformerManager().transform_cell(cell.source))):
                if isinstance(node, ast.Import):
                    found |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module)
    return frozenset(found)
