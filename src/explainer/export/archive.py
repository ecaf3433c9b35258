"""Files as one zip, whose bytes are the same wherever and whenever it is made."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from io import BytesIO

#: The earliest day that a zip can name.
NEVER = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644 << 16
UNIX = 3


def pack(files: Mapping[str, bytes], folder: str) -> bytes:
    """Return a zip of files, in the order of their paths.

    Parameters
    ----------
    files : mapping of str to bytes
        Content by path.
    folder : str
        The folder in the zip that holds them all.
    """
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{path}", NEVER)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = UNIX, READABLE
            archive.writestr(entry, files[path], compresslevel=9)
    return content.getvalue()


def sums(files: Mapping[str, bytes]) -> bytes:
    """Return the checksums of files as ``sha256sum --check`` reads them."""
    lines = [f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)]
    return "".join(lines).encode()
