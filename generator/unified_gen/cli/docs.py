"""`gen docs`."""

from __future__ import annotations

from pathlib import Path

import click

from unified_gen.cli.common import root_option
from unified_gen.cli.publish import publish
from unified_gen.codec_page import codec_page
from unified_gen.codecs import CODECS
from unified_gen.diagnostics.codes import all_codes
from unified_gen.diagnostics.pages import FOLDER, pages


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is missing, stale or left over.")
@root_option
def docs(root: Path, check: bool) -> None:
    """Write docs/diagnostics, a page per diagnostic code and an index, and docs/codecs.md."""
    publish(root, "docs", {"codecs.md": codec_page(CODECS)}, check=check, command="gen docs", alone=False)
    publish(root, FOLDER, pages(all_codes()), check=check, command="gen docs")
