"""What readers take away: the tables in every form with their pages, below ``data/``, and the notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from explainer.export import dataset, formats, notebooks, pages, parquet
from explainer.report.files import data
from explainer.system.errors import Fault
from explainer.system.project import Project


def files(
    project: Project, site: Mapping[str, Any]
) -> tuple[dict[str, bytes], list[dict[str, str]], list[Fault]]:
    """Return the files by their path in the report, what its foot links to, and what cannot be made.

    Parameters
    ----------
    project : Project
        The project, its notebooks executed.
    site : mapping
        ``title``, ``lang``, ``home``, ``notebooks``, ``script`` and ``card``.

    Raises
    ------
    Faults
        What is wrong with the tables.
    """
    with ThreadPoolExecutor(1) as pool:
        # Most of this is compressing, during which Python does other work.
        bundles = pool.submit(notebooks.files, project, site)
        made, links, faults = _tables(project, site)
        return {**made, **bundles.result()}, links, faults


def _tables(
    project: Project, site: Mapping[str, Any]
) -> tuple[dict[str, bytes], list[dict[str, str]], list[Fault]]:
    """Return the tables and their pages, what the foot of the report links to, and what cannot be made."""
    publication = formats.read(project)
    choices = [name for name in formats.CHOICES if name != "parquet" or parquet.is_installed()]
    exported, faults = formats.make(publication, choices)
    written = pages.Pages(project, publication, exported, site).build()
    beside = {data.address_of(path): content for path, content in formats.merged(exported, written).items()}
    links = [{"title": "dictionary", "href": data.address_of(pages.INDEX)}]
    links += [
        {"title": one.title.lower() if one.title == "Zip" else one.title, "href": data.address_of(one.path)}
        for one in dataset.whole(publication.stem)
        if one.path in exported
    ]
    if any(path.endswith(".parquet") for path in exported):
        links.append({"title": "Parquet", "href": f"{data.address_of(pages.INDEX)}#columns"})
    return {**beside, **pages.assets(project)}, links, faults
