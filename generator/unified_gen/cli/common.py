"""Shared parts of the subcommands: finding the project, and options for reporting findings."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from unified_gen.diagnostics.report import has_errors, report
from unified_gen.pipeline.inputs import project_above
from unified_openapi.diagnostics.model import Diagnostic

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("text", "json", "sarif", "github")
FOUND = 1
"""Exit code: there are errors, or something is stale."""


def find_root(start: Path) -> Path:
    """Return the nearest folder, upwards from `start`, that holds `mappings/` and `specs/`.

    Raises:
        click.UsageError: there is none.
    """
    found = project_above(str(start.resolve()))
    if found is not None:
        return Path(found)
    raise click.UsageError(f"no folder from {start} upwards holds mappings/ and specs/: change into a project, or name one with --root")


def _root(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path:
    if value is None:
        return find_root(Path.cwd())
    for name in ("mappings", "specs"):
        if not (value / name).is_dir():
            raise click.BadParameter(f"{value} has no folder {name}/")
    return value.resolve()


def root_option(command: Command) -> Command:
    """Add `--root` to a command, passed as `root: Path`."""
    return click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        callback=_root,
        help="The project's folder; otherwise the nearest one upwards with mappings/ and specs/.",
    )(command)


def findings_options(command: Command) -> Command:
    """Add `--format` and `--max` to a command, passed as `form: str` and `most: int`."""
    command = click.option(
        "--max", "most", type=click.IntRange(min=0), default=50, show_default=True, help="How many findings to show; 0: all."
    )(command)
    return click.option(
        "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How findings are written."
    )(command)


def wants_colour(stream: IO[str], environment: Mapping[str, str] | None = None) -> bool:
    """Return true if the output is coloured: only on a terminal that has colours, and never with NO_COLOR (https://no-color.org)."""
    environment = os.environ if environment is None else environment
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def render(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], form: str, most: int, stream: IO[str]) -> str:
    """Return findings in the form requested; `stream` decides on colours and width. Only text is cut to `most`: a program wants all."""
    if form == "json":
        from unified_gen.diagnostics.render_json import render_json

        return render_json(report(diagnostics, sources))
    if form == "sarif":
        from importlib import metadata

        from unified_gen.diagnostics.render_sarif import render_sarif
        from unified_gen.docs.codes import all_codes

        return render_sarif(report(diagnostics, sources), all_codes(), version=metadata.version("unified-apis"))
    if form == "github":
        from unified_gen.diagnostics.render_github import render_github

        return render_github(report(diagnostics, sources))
    from unified_gen.diagnostics.render_text import WIDTH, render_text

    width = shutil.get_terminal_size((WIDTH, 0)).columns if stream.isatty() else WIDTH
    return render_text(report(diagnostics, sources, most=most), colour=wants_colour(stream), width=width)


def show(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], form: str, most: int, *, to: IO[str] | None = None) -> bool:
    """Write findings to standard output (or `to`) and return true if any is an error. None are not output, or an empty document."""
    found = tuple(diagnostics)
    stream = to or sys.stdout
    if found or form in ("json", "sarif"):
        stream.write(render(found, sources, form, most, stream))
    return has_errors(found)


def print_message(text: str) -> None:
    """Print a message about the run to standard error, so that standard output holds findings only."""
    click.echo(text, err=True)
