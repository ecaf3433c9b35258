"""Everything that notebooks and their kernels import, loaded once before kernels are forked.

Nothing here may start a thread: a fork would be without it.
"""

import bdb  # noqa: F401
import builtins
from types import SimpleNamespace

import frictionless
import humanize  # noqa: F401
import ipykernel.kernelapp  # noqa: F401
import lxml.etree  # noqa: F401
import num2words  # noqa: F401
import rfc3986  # noqa: F401
import wcwidth  # noqa: F401

# pandas asks once, as it is imported, whether it runs in a kernel, where it prints wide frames in parts.
builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
try:
    import pandas  # noqa: F401
finally:
    del builtins.get_ipython  # type: ignore[attr-defined]

import explainer

for name in explainer.__all__:
    getattr(explainer, name)
_ = frictionless.system.plugins  # which are modules, too, and loaded when first asked for
