"""Command `gen watch`: compare all locked documents with newer ones."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, print_message, render, root_option
from unified_gen.cli.grants import connections_option, granted_scopes, lacking_connections, lacking_findings
from unified_gen.cli.published import Published, Unavailable
from unified_gen.drift import watching
from unified_gen.drift.model import Drift, Verdict
from unified_gen.drift.report import as_text
from unified_gen.drift.watching import Watched, report_json, report_markdown, report_text
from unified_gen.pipeline.compiler import parse_models
from unified_gen.pipeline.inputs import read_inputs
from unified_gen.specs.lock import SourceDocument

INCOMPLETE = 3
"""Exit code: nothing has to be done as far as is known, and a document could not be compared."""

_FAIL_ON = ("deprecated", "changed", "lossy", "broken", "never")


@click.command()
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...")
@click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="UNIFIED_VENDOR_DOCUMENTS",
    help="The folder of newer documents, named as in lock.json; also UNIFIED_VENDOR_DOCUMENTS.",
)
@click.option("--published", is_flag=True, help="Fetch the documents from the addresses in lock.json instead.")
@connections_option
@click.option(
    "--format", "form", type=click.Choice(("text", "markdown", "json", "sarif", "github")), default="text", show_default=True,
    help="How the report is written.",
)  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file of the report; otherwise standard output.")
@click.option(
    "--fail-on", type=click.Choice(_FAIL_ON), default="deprecated", show_default=True, help="From which verdict on the exit code is 1."
)
@root_option
def watch(
    root: Path,
    vendors: tuple[str, ...],
    documents: Path | None,
    published: bool,
    connections: Path | None,
    form: str,
    output: Path | None,
    fail_on: str,
) -> None:
    """Compare the documents that the slices were taken from with newer ones, and write one report.

    A document with the hash in lock.json is not read further. Exit codes: 0, nothing has to be done; 1, an operation has the verdict of
    --fail-on or a worse one; 3, nothing is known to be wrong, but a document could not be compared.
    """
    inputs = read_inputs(root)
    known = [one.name for one in inputs.vendors]
    if unknown := [name for name in vendors if name not in known]:
        raise click.UsageError(f"there is no mappings/vendors/{unknown[0]}; there is {', '.join(known) or 'none'}")
    if not published and documents is None:
        raise click.UsageError("name the folder of newer documents by --documents, or use --published")
    models, fetcher = parse_models(inputs.models), Published(root)

    def get(source: SourceDocument) -> bytes | str:
        try:
            return _published(fetcher, source) if published else _file(documents, source)
        except Unavailable as reason:
            return str(reason)

    watched: list[Watched] = []
    for one in inputs.vendors:
        if vendors and one.name not in vendors:
            continue

        def lacking(drift: Drift, vendor: str = one.name) -> tuple[tuple[str, tuple[str, ...]], ...]:
            return lacking_connections(drift, granted_scopes(vendor, connections)) if drift.scopes else ()

        found = watching.watch(one, root / "specs" / one.name, models, get, lacking, documents)
        if found is not None:
            watched.append(found)
    text = _report(watched, inputs.texts(), form)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, "utf-8")
        print_message(f"wrote {output}")
    else:
        click.echo(text, nl=False)
    if fail_on != "never" and any(one.at_least(Verdict(fail_on)) for one in watched):
        sys.exit(FOUND)
    sys.exit(0 if all(one.complete for one in watched) else INCOMPLETE)


def _published(fetcher: Published, source: SourceDocument) -> bytes:
    if not source.url:
        raise Unavailable("lock.json has no address of it (`gen spec take --url`)")
    return fetcher.fetch(source.url)


def _file(documents: Path | None, source: SourceDocument) -> bytes:
    assert documents is not None
    try:
        return (documents / source.name).read_bytes()
    except OSError as error:
        raise Unavailable(f"{documents / source.name}: {(error.strerror or str(error)).lower()}") from None


def _report(watched: list[Watched], sources: dict[str, str], form: str) -> str:
    if form == "json":
        return json.dumps(report_json(watched), indent=2, ensure_ascii=False) + "\n"
    if form == "markdown":
        return "\n".join(report_markdown(watched)).rstrip() + "\n"
    if form == "text":
        details = [line for one in watched if one.compared is not None and not one.compared.drift.clean for line in as_text(one.compared)]
        return "\n".join([*report_text(watched), *details]) + "\n"
    findings = [
        found for one in watched if one.compared is not None for found in (*one.compared.drift.findings, *lacking_findings(one.compared))
    ]
    return render(findings, sources, form, 0, sys.stdout) if findings or form == "sarif" else ""
