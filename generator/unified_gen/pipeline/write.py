"""Writing of compiled files: compared first, staged on the same disk, then moved to their paths together.

A file of the output folder that the compiler does not make is an orphan and is removed (`output.py` defines what belongs to the folder).
"""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from unified_gen.cache.keys import read_bytes
from unified_gen.pipeline.output import OUTPUT, present

_STAGE = ".gen-"


class UnsafePath(ValueError):
    """A file name that would be written outside the output folder, or an output folder that is not a folder of the project."""


class Comparison(Struct, frozen=True):
    """Differences between the output folder and the compiled files; names are relative to it, in order."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    orphaned: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.orphaned)


def compare(root: Path, files: Mapping[str, str], into: str = OUTPUT) -> Comparison:
    """Compare compiled `files` (name relative to the output folder, to text) with the folder `into` below `root`.

    Raises:
        UnsafePath: a name leads outside the folder.
    """
    output = root / into
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise UnsafePath(
            f"{into} is {'a link' if output.is_symlink() else 'a file'}. Remove it: `gen build` writes into a folder of the project only"
        )
    folders: set[str] = set()
    for name in files:
        folders.add(_check(name, into))
    for folder in folders:
        _check_folder(output, folder)
    there = dict(present(root, into))
    return Comparison(
        added=tuple(sorted(name for name in files if name not in there)),
        changed=tuple(sorted(name for name in files if name in there and read_bytes(there[name].path) != files[name].encode())),
        orphaned=tuple(sorted(name for name in there if name not in files)),
    )


def write(root: Path, files: Mapping[str, str], into: str = OUTPUT) -> Comparison:
    """Make the output folder `into` below `root` hold exactly `files`, and return the differences.

    All new texts are staged on the same disk before the first is moved, so that running out of space or an unwritable folder changes
    nothing; each move replaces a complete file. Files that are already right are not touched.

    Raises:
        UnsafePath: a name leads outside the folder.
        OSError: the disk refuses.
    """
    difference = compare(root, files, into)
    if not difference:
        return difference
    output = root / into
    output.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=output))
    try:
        staged = [(stage / str(number), output / name) for number, name in enumerate((*difference.added, *difference.changed))]
        for (temporary, _), name in zip(staged, (*difference.added, *difference.changed), strict=True):
            temporary.write_bytes(files[name].encode())
        for temporary, path in staged:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, path)
    finally:
        shutil.rmtree(stage)
    for name in difference.orphaned:
        (output / name).unlink()
        _remove_empty(output, (output / name).parent)
    return difference


def unified_diff(root: Path, files: Mapping[str, str], into: str = OUTPUT) -> str:
    """Return what `write` would change, as a unified diff with names relative to `root`."""
    difference = compare(root, files, into)
    parts: list[str] = []
    for name in sorted((*difference.added, *difference.changed, *difference.orphaned)):
        path = root / into / name
        old = path.read_text("utf-8", "replace") if name not in difference.added else None
        new = files.get(name)
        lines = difflib.unified_diff(
            (old or "").splitlines(keepends=True),
            (new or "").splitlines(keepends=True),
            f"a/{into}/{name}" if old is not None else "/dev/null",
            f"b/{into}/{name}" if new is not None else "/dev/null",
        )
        parts.extend(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
    return "".join(parts)


def _check(name: str, into: str) -> str:
    """Return the folder that a name is in, below the output folder."""
    parts = name.split("/")
    # An empty part is an absolute name, a doubled slash, or an empty name; `.` and `..` begin with a dot as hidden ones do.
    if any(not part or part.startswith(".") or "\\" in part or "\0" in part for part in parts):
        raise UnsafePath(f"{name!r} is not a valid file name in {into}/")
    return "/".join(parts[:-1])


def _check_folder(output: Path, name: str) -> None:
    folder = output
    for part in name.split("/"):
        folder = folder / part
        if folder.is_symlink():
            raise UnsafePath(f"{name!r} would be written through the link {folder.relative_to(output.parent)}. Remove the link")
        if folder.exists() and not folder.is_dir():
            raise UnsafePath(f"{folder.relative_to(output.parent)} is a file, and a folder has to be there. Remove the file")


def _remove_empty(output: Path, folder: Path) -> None:
    """Remove a folder that holds nothing but bytecode, and so on upwards."""
    while folder != output and all(entry.name == "__pycache__" for entry in folder.iterdir()):
        shutil.rmtree(folder)
        folder = folder.parent
