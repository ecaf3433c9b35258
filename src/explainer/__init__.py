"""The PARS explainer: one article, its facts, their evidence and the report built on them."""
