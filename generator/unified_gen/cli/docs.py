"""Command `gen docs`: write the reference pages of diagnostics, codecs, vendors and real servers, and the list of proofs."""

from __future__ import annotations

from pathlib import Path

import click

from unified_gen.cli.common import root_option
from unified_gen.cli.publish import publish
from unified_gen.docs import proofs, vendors, verified
from unified_gen.docs.codecs import codec_page
from unified_gen.docs.codes import all_codes
from unified_gen.docs.diagnostics import FOLDER, pages
from unified_gen.language.codecs import CODECS
from unified_openapi.behaviour.verified import VERIFIED, load_verified


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is missing, stale or left over.")
@root_option
def docs(root: Path, check: bool) -> None:
    """Write docs/reference/diagnostics, a page per diagnostic code and an index, docs/reference/codecs.md and docs/reference/verified.md.

    If generated/ has a catalog, docs/reference/vendors has a page per vendor, and docs/explanation/reliability.md, if it is there, their
    proofs.
    """
    publish(root, "docs/reference", {"codecs.md": codec_page(CODECS)}, check=check, command="gen docs", owned=False)
    runs = {folder.name: load_verified(folder) for folder in sorted((root / "specs").glob("*")) if (folder / VERIFIED).is_file()}
    if runs:
        publish(root, "docs/reference", {verified.PAGE: verified.verified_page(runs)}, check=check, command="gen docs", owned=False)
    publish(root, FOLDER, pages(all_codes()), check=check, command="gen docs")
    catalogs = [file.read_text("utf-8") for file in sorted((root / "generated" / "unified" / "catalog").glob("*.json"))]
    if catalogs:
        publish(root, vendors.FOLDER, vendors.vendor_pages(catalogs), check=check, command="gen docs")
    page = root / proofs.FOLDER / proofs.PAGE
    if page.is_file():
        listed = proofs.with_proofs(page.read_text("utf-8"), catalogs)
        publish(root, proofs.FOLDER, {proofs.PAGE: listed}, check=check, command="gen docs", owned=False)
