"""Command `gen fmt`: format mappings, models and `vendor.yaml`."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from unified_gen.cli.common import FOUND, findings_options, print_message, root_option, show
from unified_gen.formatting.format import NotPreserved, format_text, kind_of, syntax_errors
from unified_openapi.diagnostics.model import Diagnostic
from unified_openapi.source.nodes import SyntaxFault


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; list the files that would change and exit 1 if any would.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change as a unified diff and exit 1 if anything would.")
@findings_options
@root_option
def fmt(root: Path, paths: tuple[Path, ...], check: bool, diff: bool, form: str, most: int) -> None:
    """Format mappings, models and vendor.yaml: the files and folders PATH, or all of mappings/.

    One key a line, at most 100 columns, keys in the order of the language, comments preserved. A file with a syntax error is
    reported and left as it is.
    """
    if check and diff:
        raise click.UsageError("--check lists what would change, --diff shows it: use one of them")
    wrong: list[Diagnostic] = []
    sources: dict[str, str] = {}
    changed: dict[str, tuple[str, str]] = {}
    files = dict.fromkeys(path for given in paths or (root / "mappings",) for path in _files(given))
    for path in files:
        name = _name(path, root)
        kind = kind_of(path.resolve().as_posix())
        if kind is None:
            raise click.UsageError(f"{name} is not a mapping: expected a YAML file in models/ or vendors/VENDOR/")
        try:
            text = path.read_bytes().decode()
            made = format_text(text, kind)
        except UnicodeDecodeError:
            raise click.ClickException(f"{name}: the bytes of this file are not UTF-8 text") from None
        except SyntaxFault:
            sources[name] = text
            wrong += syntax_errors(text, name)
        except NotPreserved as error:
            raise click.ClickException(f"{name} was left as it is: {error}. This is an error of gen fmt: please report it") from None
        else:
            if made != text:
                changed[name] = text, made
                if not check and not diff:
                    path.write_bytes(made.encode())
    failed = show(wrong, sources, form, most, to=sys.stderr if diff else None)
    _report(changed, len(files), check, diff)
    if failed or ((check or diff) and changed):
        sys.exit(FOUND)


def _report(changed: dict[str, tuple[str, str]], files: int, check: bool, diff: bool) -> None:
    for name, (before, after) in changed.items():
        if diff:
            click.echo(_diff(name, before, after), nl=False)
        elif check:
            print_message(f"would change: {name}")
        else:
            print_message(f"formatted {name}")
    if check and changed:
        print_message(f"{len(changed)} of {files} files would change: run `gen fmt`")
    elif not check and not diff:
        print_message(f"{len(changed)} of {files} files changed")


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(found for found in path.rglob("*.yaml") if kind_of(found.resolve().as_posix()) is not None)
    else:
        yield path


def _name(path: Path, root: Path) -> str:
    full = path.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else path.as_posix()


def _diff(name: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
