"""The guide to the data names every table, so that none is kept which nobody is told of."""

from __future__ import annotations

import json
import re

import story


def test_every_table_of_the_data_package_is_in_the_guide():
    package = json.loads((story.HERE / "data" / "datapackage.json").read_text(encoding="utf-8"))
    guide = (story.HERE / "data" / "README.md").read_text(encoding="utf-8")
    tables = {
        resource["name"] for resource in package["resources"] if not resource["name"].startswith("values-")
    }
    assert tables - set(re.findall(r"`([a-z0-9-]+)`", guide)) == set()
