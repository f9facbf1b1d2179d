"""Write folders of documentation that the compiler makes, or check that they are up to date."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, print_message


def publish(root: Path, folder: str, files: Mapping[str, str], *, check: bool, command: str, owned: bool = True) -> None:
    """Make `folder` below `root` hold these files (name to text); or exit 1 if it does not.

    `owned`: the folder has no other files of these types; others are removed.
    """
    endings = {Path(name).suffix for name in files} if owned else set()
    path = root / folder
    stale = [name for name, text in files.items() if not (path / name).is_file() or (path / name).read_bytes() != text.encode("utf-8")]
    left = sorted(path.name for path in path.glob("*") if path.suffix in endings and path.name not in files)
    if check:
        for name in (*stale, *left):
            click.echo(f"stale: {folder}/{name}")
        if stale or left:
            print_message(f"run `{command}`")
            sys.exit(FOUND)
        return
    path.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (path / name).write_bytes(files[name].encode("utf-8"))
    for name in left:
        (path / name).unlink()
    print_message(f"{folder}/: {len(files)} files, {len(stale)} written, {len(left)} removed")
