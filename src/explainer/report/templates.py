"""The Jinja templates that figures are built from: the story's own where it has one, else the library's."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from explainer.system.project import THEME, Project


def render(project: Project, name: str, /, **values: object) -> str:
    """Return a template of the theme, filled in; every text is escaped unless it is `Markup`.

    Parameters
    ----------
    project : Project
        A file of this name in its theme is used in place of the library's.
    name : str
        File name of the template.
    **values
        What the template names.
    """
    return _environment(str(project.theme)).get_template(name).render(values)


def macro(project: Project, name: str, part: str, /, *arguments: object) -> Markup:
    """Return what a macro of a template makes of `arguments`."""
    return Markup(getattr(_environment(str(project.theme)).get_template(name).module, part)(*arguments))


@lru_cache(maxsize=4)
def _environment(theme: str) -> Environment:
    return environment(FileSystemLoader([theme, str(THEME)]))


def environment(loader: BaseLoader) -> Environment:
    """Return an environment in which every text is escaped and an unknown name is an error."""
    return Environment(
        loader=loader,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
