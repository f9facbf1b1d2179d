"""Codec of the path of an item in OneDrive, from the root of its drive. Read-only: items are moved by the ids of folders.

`parentReference.path` is the path of the folder, percent-encoded, after that of the drive; it does not contain the item's own name.

Source: https://learn.microsoft.com/graph/api/resources/itemreference.
"""

from __future__ import annotations

from urllib.parse import unquote

LOSSES: tuple[str, ...] = ()


def decode(value: str, name: str | None) -> str:
    """Return the decoded path of an item of that name: `/Documents/May report.pdf`."""
    _, root, folder = value.partition("root:")
    return f"{unquote(folder if root else value)}/{name or ''}"
