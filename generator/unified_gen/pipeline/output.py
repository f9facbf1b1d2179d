"""Content of the output folder. Everything in it belongs to the compiler, except for files of Python and editors (`__pycache__`,
names that begin with a dot).
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # an unchanged build needs this module, and neither `typing` nor `pathlib`

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTPUT = "generated"
"""The output folder below the project's root."""


def present(root: str | os.PathLike[str], output: str = OUTPUT) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield all entries below the output folder that are not folders, by their names in it. Links to folders are not followed."""
    return _below(os.path.join(root, output), "")


def _below(folder: str, name: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # it does not exist, or writing into it will report the error
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            yield name + entry.name, entry
        elif entry.name != "__pycache__" and not entry.is_symlink():
            yield from _below(entry.path, f"{name}{entry.name}/")
