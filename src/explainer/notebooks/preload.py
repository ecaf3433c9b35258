"""Imports everything that notebooks and their kernels need, before kernels are forked from this process.

Nothing here may start a thread: a fork would be without it.
"""

import builtins
from importlib import import_module
from types import SimpleNamespace

#: Beside pandas and the names for notebook authors.
MODULES = (
    "bdb",
    "frictionless",
    "humanize",
    "ipykernel.kernelapp",
    "lxml.etree",
    "num2words",
    "rfc3986",
    "wcwidth",
)

# pandas asks once, as it is imported, whether it runs in a kernel: there it prints wide frames in parts.
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
_ = import_module("frictionless").system.plugins  # which are imported when they are first asked for
