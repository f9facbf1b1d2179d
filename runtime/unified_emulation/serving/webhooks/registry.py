"""Webhooks that are registered at emulated vendors, and the deliveries of what happens there."""

from __future__ import annotations

import fnmatch
import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from unified_emulation.engine.account import key_of
from unified_emulation.engine.behaviour.situations import sent
from unified_emulation.engine.behaviour.templates import render
from unified_emulation.engine.behaviour.values import values_at
from unified_emulation.engine.changes import Change, Event
from unified_emulation.engine.placement import Find
from unified_emulation.engine.server import Emulator
from unified_emulation.serving.addresses import SECRET
from unified_emulation.serving.webhooks.queue import LONGEST_WAIT, Deliveries
from unified_emulation.serving.webhooks.requests import Send, VendorRequest, delivery, send, tested
from unified_openapi.behaviour.common import VendorResponse
from unified_openapi.behaviour.webhooks import Webhook
from unified_runtime.core.errors import InvalidInput, NotFound, Unsupported


@dataclass(frozen=True, slots=True)
class Registered:
    """Webhook. `events` are patterns of names (none: all), `about` the id of the record whose changes are delivered.

    `path` has the parameters of the operation that registered it, and `record` the number of its record; empty and None for one that was
    registered outside of the vendor's API.
    """

    number: int
    vendor: str
    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...] = ()
    about: str | None = None
    path: Mapping[str, Any] = field(default_factory=dict)
    record: int | None = None
    id: str = ""

    def receives(self, event: Event, find: Find) -> bool:
        """Return true if an event is delivered to it. `find` returns the record with an id."""
        if self.events and not any(fnmatch.fnmatchcase(event.fact.event, pattern) for pattern in self.events):
            return False
        path = event.values["path"]
        return all(path.get(name, value) == value for name, value in self.path.items()) and (
            self.about is None or event.change.concerns(self.about, find)
        )


class Webhooks:
    """Webhooks of all emulated vendors of one process, and their deliveries.

    Args:
        facts: returns what is recorded about the deliveries of a vendor.
        send: sends a request to a receiver.
        longest_wait: seconds that a retry waits at most.
    """

    def __init__(self, facts: Callable[[str], tuple[Webhook, ...]], send: Send = send, longest_wait: float = LONGEST_WAIT) -> None:
        self._facts = facts
        self._send = send
        self._known: dict[str, tuple[Webhook, ...]] = {}
        self._registered: dict[int, Registered] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self.deliveries = Deliveries(send, longest_wait)

    def listed(self) -> tuple[Registered, ...]:
        with self._lock:
            return tuple(self._registered.values())

    def add(self, vendor: str, url: str, secret: str = SECRET, events: Iterable[str] = (), *, test: bool = True) -> Registered:
        """Register a webhook outside of the vendor's API, as in an application's settings. `test`: its address is tested first.

        Raises:
            InvalidInput: the address is not an http(s) URL, or does not pass the vendor's test.
            Unsupported: no webhooks of the vendor are recorded.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InvalidInput(f"{url!r} is not an http(s) URL")
        fact = self._fact(vendor)
        passed, secret = tested(fact, url, secret, self._send) if test else (True, secret)
        if not passed:
            raise InvalidInput(f"{url} does not pass the test of addresses ({fact.handshake.how if fact.handshake else ''}) of {vendor}")
        return self._add(vendor, url, secret, tuple(events))

    def remove(self, number: int) -> None:
        """Remove a webhook.

        Raises:
            NotFound: there is none with this number.
        """
        with self._lock:
            if self._registered.pop(number, None) is None:
                raise NotFound(f"there is no webhook {number}")

    def reset(self) -> None:
        """Forget the deliveries, and the webhooks that were registered by operations."""
        with self._lock:
            self._registered = {number: one for number, one in self._registered.items() if one.record is None}
        self.deliveries.clear()

    def requested(self, emulator: Emulator) -> tuple[Webhook, Change] | None:
        """Return the registration of a webhook that the last request of a vendor made or changed, if it did."""
        for change in emulator.changes:
            for _, fact in emulator.behaviour.concerning(change.call):
                if isinstance(fact, Webhook) and fact.operations:
                    return fact, change
        return None

    def register(self, vendor: str, fact: Webhook, change: Change, response: Any) -> VendorResponse | None:
        """Register a webhook by the vendor's API, or change it; return the vendor's response instead if the address does not pass its test.

        A change that does not send the address, the secret or the events leaves them.
        """
        old = next((one for one in self.listed() if one.vendor == vendor and one.record == change.record.number), None)

        def found(path: str | None) -> Any:
            if path is None:
                return None
            values = (*sent(change.call, path), *values_at(response, path), *values_at(change.record.values, path))
            return next((value for value in values if value is not None), None)

        url, secret, names, about = (found(path) for path in (fact.url, fact.secret, fact.subscribes, fact.about))
        if old is not None:
            url, secret, about = url or old.url, secret or old.secret, about or old.about
            names = list(old.events) if names is None else names
        passed, secret = tested(fact, str(url), str(secret or SECRET), self._send)
        if not passed:
            assert fact.handshake is not None
            return fact.handshake.refused
        events = tuple(map(str, names)) if isinstance(names, list) else tuple(filter(None, str(names or "").split(",")))
        if old is not None:
            with self._lock:
                self._registered[old.number] = replace(old, url=str(url), secret=secret, events=events, about=about)
            return None
        path = {name: value for name, value in change.call.path.items() if name != fact.secret}
        identifier = str(key_of(change.record.values) or "")
        self._add(vendor, str(url), secret, events, None if about is None else str(about), path, change.record.number, identifier)
        return None

    def happened(self, vendor: str, events: Iterable[Event], emulator: Emulator) -> None:
        """Deliver events to the webhooks that receive them."""
        listed = [one for one in self.listed() if one.vendor == vendor]
        for event in events:
            for one in listed:
                if one.receives(event, emulator.account.find) and (one.record is None or emulator.account.exists(one.record)):
                    self._deliver(one, event)

    def _deliver(self, one: Registered, event: Event) -> None:
        fact = self._fact(one.vendor)

        def make(attempt: int) -> VendorRequest:
            values = {**event.values, "hook": one.id or one.number, "secret": one.secret, "attempt": attempt}
            payload = render(event.fact.payload, values)
            return delivery(fact, one.url, one.secret, {**values, "event": payload}, event.fact.headers, attempt)

        self.deliveries.add(one.vendor, event.fact.event, one.number, one.url, make, fact.retries)

    def _add(self, vendor: str, url: str, secret: str, events: tuple[str, ...], *more: Any) -> Registered:
        with self._lock:
            one = Registered(next(self._numbers), vendor, url, secret, events, *more)
            self._registered[one.number] = one
            return one

    def known(self, vendor: str) -> tuple[Webhook, ...]:
        """Return what is recorded about the deliveries of a vendor."""
        if vendor not in self._known:
            self._known[vendor] = self._facts(vendor)
        return self._known[vendor]

    def _fact(self, vendor: str) -> Webhook:
        facts = self.known(vendor)
        if not facts:
            raise Unsupported(f"no webhooks of {vendor} are recorded in its behaviour")
        return facts[0]
