"""The tables in every form, with their pages, below ``data/``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explainer.export import dataset, formats, pages, parquet
from explainer.export.formats import Files
from explainer.report.files import data
from explainer.system.errors import Fault
from explainer.system.project import Project


def tables(project: Project) -> tuple[Files, list[dict[str, str]], list[Fault]]:
    """Return the tables in every form by path in the data folder, links to them, and what cannot be made.

    Raises
    ------
    Faults
        What is wrong with the tables.
    """
    publication = formats.read(project)
    choices = [name for name in formats.CHOICES if name != "parquet" or parquet.is_installed()]
    exported, faults = formats.make(publication, choices)
    links = [{"title": "dictionary", "href": data.address_of(pages.INDEX)}]
    links += [
        {"title": one.title.lower() if one.title == "Zip" else one.title, "href": data.address_of(one.path)}
        for one in dataset.whole(publication.stem)
        if one.path in exported
    ]
    if any(path.endswith(".parquet") for path in exported):
        links.append({"title": "Parquet", "href": f"{data.address_of(pages.INDEX)}#columns"})
    return exported, links, faults


def table_pages(project: Project, site: Mapping[str, Any], exported: Files) -> Files:
    """Return the pages of the tables, and what they load, by their paths in the report.

    Parameters
    ----------
    project : Project
        The project.
    site : mapping
        ``title``, ``lang``, ``home``, ``notebooks``, ``script`` and ``card``.
    exported : mapping of str to bytes
        The tables, as `tables` returns them.

    Raises
    ------
    Faults
        What is wrong with the tables, or with what is said of the claims in them.
    """
    written = pages.Pages(project, formats.read(project), exported, site).build()
    formats.refuse_same_names(exported, written)
    return {**{data.address_of(path): content for path, content in written.items()}, **pages.assets(project)}
