"""Command group of `gen`. A subcommand's module is imported when it is used: `gen explain` need not load the compiler."""

from __future__ import annotations

import importlib
from typing import Any

import click

# Entries name modules by text: that of `prove` is in a package above the compiler, which is not imported otherwise.
COMMANDS = {
    "build": ("unified_gen.cli.build", "Compile mappings into generated/."),
    "check": ("unified_gen.cli.check", "Compile and report, write nothing."),
    "diff": ("unified_gen.cli.diff", "Report what a vendor's new document breaks."),
    "docs": ("unified_gen.cli.docs", "Write the pages of docs/ that the compiler knows."),
    "explain": ("unified_gen.cli.explain", "Explain a diagnostic code."),
    "fmt": ("unified_gen.cli.fmt", "Format mappings, models and vendor.yaml."),
    "new": ("unified_gen.cli.new", "Start something new from a vendor's document."),
    "prove": ("unified_emulation.cli", "Run adapters against servers derived from documents."),
    "schemas": ("unified_gen.cli.schemas", "Write the JSON Schemas of the mapping language."),
    "spec": ("unified_gen.cli.spec", "Take and check facts of vendors' documents."),
    "toolkits": ("unified_gen.cli.toolkits", "Compile the corrections of toolkits."),
    "watch": ("unified_gen.cli.watch", "Compare all locked documents with newer ones."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported by name."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(COMMANDS[name][0]), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, context: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            context.fail(f"No such command {args[0]!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(context, args)

    def invoke(self, context: click.Context) -> Any:
        from unified_gen.pipeline.inputs import NotAProject, UnreadableFile
        from unified_gen.pipeline.write import UnsafePath

        try:
            return super().invoke(context)
        except (NotAProject, UnreadableFile, UnsafePath) as error:
            raise click.ClickException(str(error)) from None
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename2 or error.filename}: {(error.strerror or str(error)).lower()}") from None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(context)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unified-apis", prog_name="gen")
def cli() -> None:
    """Compile mappings and vendors' documents into one typed Python API.

    Exit codes: 0, all is well; 1, there are findings or generated/ is stale; 2, the command was used wrongly.
    """
