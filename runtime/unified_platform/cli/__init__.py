"""The command `unified`. Each command is a module of this package, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from unified_runtime.errors import InvalidInput

_COMMANDS = {
    "approvals": "approvals:approvals",
    "audit": "audits:audit",
    "bulk": "bulk:bulk",
    "broker": "brokers:broker",
    "call": "calls:call",
    "catalog": "catalogs:catalog_",
    "connect": "connect:connect",
    "connections": "connections:connections",
    "doctor": "doctors:doctor",
    "inbox": "inboxes:inbox",
    "mcp": "mcp:mcp",
    "plan": "calls:plan",
    "policy": "policies:policy",
    "sagas": "sagas:sagas",
    "scopes": "scopes:scopes",
    "usage": "usages:usage",
    "vault": "vaults:vault",
}
"""A command's name, and the module and object that are it."""


class _Lazy(click.Group):
    """A group that imports a command's module when the command is asked for, so that no command pays for another's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        try:
            command = getattr(import_module(f"{__name__}.{module}"), name)
        except InvalidInput as error:  # a library of an extra is missing
            return _unusable(cmd_name, error.message)
        assert isinstance(command, click.Command)
        return command


def _unusable(name: str, why: str) -> click.Command:
    """A command that can only say why it does not work here."""

    def refuse(rest: tuple[str, ...]) -> None:
        raise click.ClickException(why)

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)],
        short_help=f"({why})",
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """One API over many vendors."""
