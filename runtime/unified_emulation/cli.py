"""Command `gen prove`, and the option `--prove` of `gen check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from unified_emulation.report import Proof, nothing_decided, table, undecided
from unified_emulation.report import prove as prove_vendor
from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.diagnostics.report import has_errors
from unified_gen.pipeline.compiler import parse_models
from unified_gen.pipeline.incremental import Project, compile_project
from unified_gen.pipeline.inputs import Inputs, read_inputs


@click.command()
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...")
@click.option("--undecided", "reasons", is_flag=True, help="Also list the laws that could not be decided, with the reasons.")
@findings_options
@root_option
def prove(root: Path, vendors: tuple[str, ...], reasons: bool, form: str, most: int) -> None:
    """Run compiled adapters against servers derived from the vendors' documents, and report broken laws.

    The laws: what was written is read back, every enum value arrives, clearing clears, nothing else changes, filters narrow, every page
    arrives once, ids of a list can be read, deleted records are gone. With VENDORs, only these are run.
    """
    inputs = read_inputs(root)
    known = [vendor.name for vendor in inputs.vendors]
    for vendor in vendors:
        if vendor not in known:
            raise click.UsageError(f"there is no mappings/vendors/{vendor}; there is {', '.join(known) or 'none'}")
    project = compile_project(root, inputs=inputs)
    if has_errors(project.result.diagnostics):
        show(project.result.diagnostics, project.sources, form, most)
        print_message("the mappings have errors: correct them first (gen check)")
        sys.exit(FOUND)
    proofs = proofs_of(project, inputs, vendors or known)
    found = [diagnostic for proof in proofs for diagnostic in proof.diagnostics]
    wrong = show(found, project.sources, form, most)
    click.echo(table(proofs), err=form != "text")
    if reasons and (listed := undecided(proofs)):
        click.echo(listed, err=form != "text")
    drafts = set(vendors or known) - {proof.vendor for proof in proofs}
    nothing = [
        *(f"{name}: it is a draft, which is not compiled" for name in sorted(drafts) if vendors or not proofs),
        *nothing_decided(proofs),
    ]
    for message in nothing:
        print_message(f"nothing was decided of {message}")
    sys.exit(FOUND if wrong or nothing else 0)


def proofs_of(project: Project, inputs: Inputs, vendors: Sequence[str]) -> list[Proof]:
    """Return the proofs of vendors of a compiled project; of drafts, which have no files, none."""
    models, files = parse_models(inputs.models).by_resource, project.result.files
    shipped = [vendor for vendor in inputs.vendors if vendor.name in vendors and f"unified/catalog/{vendor.name}.json" in files]
    return [prove_vendor(vendor, files, models) for vendor in shipped]
