"""Records calls of the command line in the usage store, like those of agents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from unified_platform.cli import output
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.observers import Observer

AGENT = "cli"
"""Caller of calls without a named agent."""


@contextmanager
def recorded(agent: str = AGENT) -> Iterator[tuple[Observer, ...]]:
    """Yield the observers of the calls of the block; none, with a warning, if the usage store cannot be opened.

    `agent` is the name of callers without one.
    """
    from unified_platform.usage.prices import default
    from unified_platform.usage.recorder import UsageRecorder
    from unified_platform.usage.store import open_usage_store

    try:
        usage_store = open_usage_store(prices=default())
    except UnifiedError as error:
        click.echo(f"warning: usage is not recorded: {output.printable(str(error))}", err=True)
        yield ()
        return
    recorder = UsageRecorder(usage_store, agent=agent)
    try:
        yield (recorder,)
    finally:
        recorder.close()
        usage_store.close()
