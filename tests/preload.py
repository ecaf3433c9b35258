"""Imported last by the server that tests fork programs from."""

from __future__ import annotations

import gc
import importlib

# What a fork unpickles is a function of this module.
importlib.import_module("program")
# A collection in a fork would touch, and so copy, every object that was made before.
gc.collect()
gc.freeze()
