"""OAuth scopes that the user's connections were granted, as `unified connections list --json` prints them.

The compiler imports nothing of the platform, so the command is run, or its output read from a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from unified_gen.cli.common import print_message
from unified_gen.drift.model import Drift
from unified_gen.drift.report import Compared
from unified_gen.specs.codes import LACKS_SCOPE
from unified_openapi.diagnostics.model import Diagnostic, finding

Command = TypeVar("Command", bound=Callable[..., Any])

_SECONDS = 60


def connections_option(command: Command) -> Command:
    """Add `--connections` to a command, passed as `connections: Path | None`."""
    return click.option(
        "--connections",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Output of `unified connections list --json`, for the scopes that connections lack; without it, those of the vault"
        " that UNIFIED_VAULT names.",
    )(command)


def granted_scopes(vendor: str, connections: Path | None) -> dict[str, frozenset[str]]:
    """Return the scopes of each connection to a vendor, by a name for messages. A connection whose scopes are not known is left out.

    Raises:
        click.ClickException: the file or the vault cannot be read.
    """
    if connections is not None:
        text = connections.read_text("utf-8")
    elif os.environ.get("UNIFIED_VAULT"):
        command = [sys.executable, "-m", "unified_platform.cli", "connections", "list", "--vendor", vendor, "--json"]
        ended = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603  this environment's own command
        if ended.returncode != 0:
            print_message(f"the connections to {vendor} are not known: {ended.stderr.decode(errors='replace').strip()}")
            return {}
        text = ended.stdout.decode()
    else:
        return {}
    try:
        listed = json.loads(text)
        found = [one for one in listed if one.get("vendor") == vendor and one.get("scopes")]
        return {_name(one): frozenset(map(str, one["scopes"])) for one in found}
    except (ValueError, AttributeError, TypeError):
        raise click.ClickException("these are not connections as `unified connections list --json` prints them") from None


def _name(connection: Mapping[str, Any]) -> str:
    owner = connection.get("user") or connection.get("team")
    return f"{connection.get('name', 'default')}" + (f" of {owner}" if owner else "")


def lacking_connections(drift: Drift, granted: Mapping[str, frozenset[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the connections that lack scopes under the new document, with these scopes."""
    found = ((name, sorted({scope for one in drift.operations for scope in one.lacks(scopes)})) for name, scopes in granted.items())
    return tuple((name, tuple(missing)) for name, missing in found if missing)


def lacking_findings(compared: Compared) -> list[Diagnostic]:
    """Return a finding for each connection that lacks a scope."""
    return [
        finding(LACKS_SCOPE, f"connection {name} to {compared.drift.vendor} lacks {' '.join(missing)}", compared.drift.span)
        for name, missing in compared.lacking
    ]
