"""Accounts of a reader's connections, by which it recognizes the events that it caused itself."""

from __future__ import annotations

from typing import Any

from unified_platform.catalog.operations import find_operation
from unified_platform.inbox.permissions import RecordRead
from unified_platform.inbox.store import InboxEvent
from unified_runtime.core.context import acting


class Accounts:
    """Ids of the vendors' users that calls are made as, by the user and vendor of an event; each is read once."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str | None, str], str] = {}

    def acting(self, event: InboxEvent) -> acting:
        """Return a block whose calls are made for the user of the event."""
        return acting(user=event.user, via=event.vendor)

    def unknown(self, event: InboxEvent) -> RecordRead | None:
        """Return the call that reads the account of an event; None if it is known, or the event has no actor to compare with."""
        if event.actor is None or (event.user, event.vendor) in self._ids:
            return None
        operation = find_operation("users.me")
        if event.vendor not in operation.vendors:
            return None
        return RecordRead(operation, operation.bind({"via": event.vendor}))

    def add(self, event: InboxEvent, account: Any) -> None:
        """Store the account of an event."""
        self._ids[event.user, event.vendor] = account.id

    def caused(self, event: InboxEvent) -> bool:
        """Return true if the account of an event caused it."""
        return event.actor is not None and self._ids.get((event.user, event.vendor)) == event.actor
