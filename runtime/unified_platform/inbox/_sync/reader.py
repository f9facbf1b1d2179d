# Written by `make sync` from ../_async/reader.py; edit that module.
"""Readers of the inbox, which get each event at least once, from the database or through a broker.

A reader has a name, under which its position is stored. Reading the next event confirms the previous one. If a process dies in between,
the next process with this name gets that event again. A name is used by one process at a time; others wait for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator

from unified_platform.inbox.event_sources import IdleTimer, open_source, rights
from unified_platform.inbox.permissions import PASSING
from unified_platform.inbox.store import Inbox, InboxEvent
from unified_runtime import Client
from unified_runtime.client.sources import read_source
from unified_runtime.core.errors import UnifiedError


def follow(
    reader: str,
    *,
    types: Collection[str] = (),
    client: Client | None = None,
    inbox: Inbox | None = None,
    wait: float | None = None,
) -> Iterator[InboxEvent]:
    """Yield the events for a reader, as they arrive.

    In a block with an agent, with a client that has a policy enforcer, the agent only gets events of records that it could read
    by a call (`permissions.py`), as through a broker.

    Args:
        reader: name of the reader; at a broker, names are separate for each agent.
        types: `task.created` and the like; all if empty.
        client: client with a broker, to read the broker's events.
        inbox: inbox to read without a broker; by default that of `UNIFIED_INBOX`.
        wait: seconds without an event after which iteration ends; by default it does not.

    Raises:
        InvalidInput: the reader's name is not valid.
        UnifiedError: the broker or the database does not respond.
    """
    broker, client = client.broker_client if client is not None else None, client or Client()
    source = open_source(reader, types, broker, inbox)
    quiet = IdleTimer(wait)
    try:
        while not quiet.over():
            for event in client.perform(source.next(quiet.left())):
                if broker is not None or _permitted(client, event):
                    yield event
                client.perform(source.finish(event))
                quiet.restart()
    finally:
        with contextlib.suppress(UnifiedError):  # an event that is not confirmed is only delivered again
            if not client.is_closed:
                client.perform(source.leave())


def _permitted(client: Client, event: InboxEvent) -> bool:
    """Return whether the current agent may get an event; see `permissions`. Without an agent and a policy enforcer, return True.

    Raises:
        UnifiedError: the record must be read to decide, and cannot be read now.
    """
    read_source(client.connections)
    found = rights(client, event)
    if isinstance(found, bool):
        return found
    unattended, call = found
    try:
        unattended.run(*call)
    except PASSING:
        raise
    except UnifiedError:
        return False
    return True
