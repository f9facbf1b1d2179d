"""`unified doctor`: what is wrong with this installation, and what to do."""

from __future__ import annotations

import dataclasses
import json
import sys

import click

from unified_platform.cli.common import as_json
from unified_platform.cli.output import printable
from unified_platform.doctor import Level, examine

_SIGNS = {Level.OK: "ok     ", Level.ABSENT: "absent ", Level.WATCH: "watch  ", Level.WRONG: "WRONG  "}
_COLOURS = {Level.OK: "green", Level.ABSENT: None, Level.WATCH: "yellow", Level.WRONG: "red"}


@click.command("doctor")
@click.option("--broker", type=click.Path(exists=True, dir_okay=False), help="A broker's settings, to be looked at as well.")
@as_json
def doctor(broker: str | None, as_json: bool) -> None:
    """Look at versions, vault, connections, clocks, databases, agents and the broker, and print what to do. Changes nothing.

    Exits with 1 if something is wrong.
    """
    found = list(examine(broker=broker))
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=2, ensure_ascii=False))
    for one in () if as_json else found:
        click.echo(click.style(_SIGNS[one.level], fg=_COLOURS[one.level]) + printable(f"{one.about}: {one.message}"))
        if one.advice is not None and one.level is not Level.OK:
            click.echo("       " + printable(one.advice))
    sys.exit(1 if any(one.level is Level.WRONG for one in found) else 0)
