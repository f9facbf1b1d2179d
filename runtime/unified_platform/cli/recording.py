"""Calls from the command line are kept in the usage ledger, as those of agents are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from unified_platform import outcomes
from unified_runtime.errors import UnifiedError
from unified_runtime.observing import Observer

AGENT = "cli"
"""Who called where no agent was named."""


@contextmanager
def recorded(agent: str = AGENT) -> Iterator[tuple[Observer, ...]]:
    """Who is told of the calls of the block; nobody where the ledger cannot be opened, of which a warning tells. `agent` stands for whoever
    calls without a name."""
    from unified_platform.usage.ledger import open_usage
    from unified_platform.usage.prices import default
    from unified_platform.usage.recording import UsageRecorder

    try:
        ledger = open_usage(prices=default())
    except UnifiedError as error:
        click.echo(f"warning: usage is not recorded: {outcomes.printable(str(error))}", err=True)
        yield ()
        return
    recorder = UsageRecorder(ledger, agent=agent)
    try:
        yield (recorder,)
    finally:
        recorder.close()
        ledger.close()
