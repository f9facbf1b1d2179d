"""Writing folders of documentation that the compiler makes, or checking that they are what it makes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, say


def publish(root: Path, folder: str, files: Mapping[str, str], *, check: bool, command: str, alone: bool = True) -> None:
    """Make `folder` below `root` hold these files (name to text); or exit 1 if it does not.

    `alone`: others of their kind are left over and go.
    """
    endings = {Path(name).suffix for name in files} if alone else set()
    place = root / folder
    stale = [name for name, text in files.items() if not (place / name).is_file() or (place / name).read_bytes() != text.encode("utf-8")]
    left = sorted(path.name for path in place.glob("*") if path.suffix in endings and path.name not in files)
    if check:
        for name in (*stale, *left):
            click.echo(f"stale: {folder}/{name}")
        if stale or left:
            say(f"run `{command}`")
            sys.exit(FOUND)
        return
    place.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (place / name).write_bytes(files[name].encode("utf-8"))
    for name in left:
        (place / name).unlink()
    say(f"{folder}/: {len(files)} files, {len(stale)} written, {len(left)} removed")
