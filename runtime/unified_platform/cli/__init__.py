"""The command `unified`. Each command is a module of this package, imported when it runs."""

from __future__ import annotations

from importlib import import_module

import click

from unified_runtime.core.errors import InvalidInput

_COMMANDS = {
    "api": ("calls:api", "Call an operation of a vendor's document (jira.addWatcher), or send a request to a path."),
    "approvals": ("approvals:approvals", "List requests for approval, and approve or deny them."),
    "audit": ("audit:audit", "Show and verify the audit log."),
    "bulk": ("bulk:bulk", "Call an operation for each line of a file."),
    "broker": ("broker:broker", "Run the broker, and manage its keys and sessions."),
    "call": ("calls:call", "Call an operation and print its value."),
    "catalog": ("catalog:catalog_", "List vendors and what they support."),
    "connect": ("connect:connect", "Connect a vendor and store the connection in the vault."),
    "connections": ("connections:connections", "List, test and revoke connections."),
    "doctor": ("doctor:doctor", "Check this installation, and print what to do."),
    "emulate": ("unified_emulation.serving.cli:emulate", "Serve local emulators of vendors."),
    "inbox": ("inbox:inbox", "List received events and their readers."),
    "mcp": ("mcp:mcp", "Serve tools over the Model Context Protocol."),
    "plan": ("calls:plan", "Print the requests that a call would send."),
    "policy": ("policy:policy", "Check, test and explain policies in Cedar and Rego."),
    "program": ("programs:program", "Check and run a program that calls the unified API."),
    "programs": ("programs:programs", "List, approve, resume and cancel paused programs."),
    "prune": ("retention:prune", "Delete data that is older than its retention."),
    "rate-limits": ("rate_limits:limits", "Show and reset rate limits that processes share."),
    "sagas": ("sagas:sagas", "List, show and retry sagas."),
    "scopes": ("scopes:scopes", "Print the least OAuth scopes for an agent."),
    "search": ("search:search", "Search operations by what is to be done."),
    "toolkit": ("toolkits:toolkits", "List toolkits and their operations, and add those of other documents."),
    "usage": ("usage:usage", "Report the number, failures, latency and cost of calls."),
    "users": ("users:users", "Erase an end user from every store."),
    "vault": ("vault:vault", "Manage the vault: verify, rotate keys, back up and restore."),
    "verify": ("unified_emulation.suite.cli:verify", "Check how a vendor behaves with an account, and write evidence."),
    "writes": ("writes:writes", "List and resolve unconfirmed writes."),
}
"""Module, object and summary of each command. A module with a dot in its name is not in this package, but above it."""


class _Lazy(click.Group):
    """A group that imports the module of a command when the command runs, so that no command pays for another's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        location, summary = _COMMANDS[cmd_name]
        module, _, name = location.partition(":")
        try:
            command = getattr(import_module(module if "." in module else f"{__name__}.{module}"), name)
        except InvalidInput as error:  # a library of an extra is missing
            return _unavailable(cmd_name, summary, error.message)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in sorted(_COMMANDS.items())])


def _unavailable(name: str, summary: str, reason: str) -> click.Command:
    """Return a command that fails with the reason for which it is not available."""

    def refuse(rest: tuple[str, ...]) -> None:
        raise click.ClickException(reason)

    return click.Command(
        name,
        callback=refuse,
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)],
        help=f"{summary} Not available: {reason}",
        context_settings={"ignore_unknown_options": True},
    )


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="unified-apis", prog_name="unified")
def main() -> None:
    """One API over many vendors."""
