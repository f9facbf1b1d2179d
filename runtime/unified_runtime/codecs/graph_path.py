"""Where an item of OneDrive lies, from the root of its drive on. Only read: items are moved by the ids of folders.

`parentReference.path` leads to the folder, percent-encoded, from what the drive is called; the item's own name is not part of it.

Source: https://learn.microsoft.com/graph/api/resources/itemreference.
"""

from __future__ import annotations

from urllib.parse import unquote

LOSSES: tuple[str, ...] = ()


def decode(value: str, name: str | None) -> str:
    """The path of an item of that name, as people read it: `/Documents/May report.pdf`."""
    _, root, folder = value.partition("root:")
    return f"{unquote(folder if root else value)}/{name or ''}"
