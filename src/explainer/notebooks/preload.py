"""Imports everything that notebooks and their kernels need, before kernels are forked from this process.

No import here may start a thread: forks have only the main thread.
"""

import builtins
import gc
from importlib import import_module
from types import SimpleNamespace

#: In addition to pandas and the names in `explainer.__all__`.
MODULES = (
    "bdb",
    "frictionless",
    "ipykernel.kernelapp",
    "lxml.etree",
    "num2words",
    "rfc3986",
    "wcwidth",
)

# pandas tests once, on import, whether it runs in a kernel, where it wraps wide frames.
builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
try:
    import_module("pandas")
finally:
    del builtins.get_ipython  # type: ignore[attr-defined]
for module in MODULES:
    import_module(module)
explainer = import_module("explainer")
for name in explainer.__all__:
    getattr(explainer, name)
_ = import_module("frictionless").system.plugins  # imported on first access
# A collection in a kernel would look through all of it again, and make copies of its memory.
gc.freeze()
