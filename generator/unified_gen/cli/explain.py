"""Command `gen explain CODE`: print the page of a diagnostic code."""

from __future__ import annotations

import difflib

import click

from unified_gen.docs.codes import UnknownCode, all_codes, find_code


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain a diagnostic CODE: what it means, why it matters, and how to fix it. Without one, list them all."""
    from unified_gen.docs.diagnostics import page

    if code is None:
        for found in all_codes().values():
            click.echo(f"{found.code:<8} {found.severity.value:<8} {found.title}")
        return
    try:
        click.echo(page(find_code(code)), nl=False)
    except UnknownCode:
        near = difflib.get_close_matches(code.upper(), all_codes(), n=3)
        raise click.UsageError(
            f"there is no code {code!r}" + (f"; did you mean {', '.join(near)}?" if near else "; `gen explain` lists them")
        ) from None
