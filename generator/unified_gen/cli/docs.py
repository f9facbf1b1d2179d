"""`gen docs`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, root_option, say
from unified_gen.diagnostics.codes import all_codes
from unified_gen.diagnostics.pages import FOLDER, pages


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is missing, stale or left over.")
@root_option
def docs(root: Path, check: bool) -> None:
    """Write docs/diagnostics: a page per code and an index."""
    files = pages(all_codes())
    stale = [name for name, text in files.items() if not (root / name).is_file() or (root / name).read_text("utf-8") != text]
    left = [place for place in sorted((root / FOLDER).glob("*.md")) if place.relative_to(root).as_posix() not in files]
    if check:
        for name in (*stale, *(place.relative_to(root).as_posix() for place in left)):
            click.echo(f"stale: {name}")
        if stale or left:
            say("run `gen docs`")
            sys.exit(FOUND)
        return
    for name in stale:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(files[name], "utf-8", newline="\n")
    for place in left:
        place.unlink()
    say(f"{len(files)} pages, {len(stale)} written, {len(left)} removed")
