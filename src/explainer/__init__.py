"""The PARS explainer: one article, its facts, their evidence and the report built on them."""

import sys

# jsonschema, which nbformat and frictionless stand on, looks for this module and goes on without it. With it,
# every process and every kernel spends two seconds building a grammar for a format that no schema here uses.
sys.modules.setdefault("rfc3987_syntax", None)
