"""Emulators of vendors in the tests: each is a server over the facts of the vendor's complete document and its recorded behaviour.

No vendor is named here. A request is first judged by the complete document, independently of the engine, and every successful response
is checked against the schema that the document declares for it.
"""

from __future__ import annotations

import copy
import functools
import itertools
import json
import pickle
from pathlib import Path

import msgspec

from tests.support import samples
from tests.support.judges import Request
from tests.support.store import Document, Reply
from unified_emulation.engine.account import State, key_of
from unified_emulation.serving.addresses import DEFAULT, values_of
from unified_emulation.serving.documents import vendors
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.vendor import EmulatedVendor, Incoming
from unified_emulation.serving.vendor import Reply as VendorReply
from unified_runtime import Client
from unified_runtime.toolkits.vendor_lookup import load_vendor

STORES = Path(__file__).parent / "stores"
_STARTS: dict[str, bytes] = {}
"""Pickled states: they are copied for each example, and `pickle` copies five times as fast as `copy`."""
_DAY = 24 * 3600
_START = 1_893_553_445  # 2030-01-02T03:04:05Z


@functools.cache
def vendor_of(name: str) -> tuple[EmulatedVendor, State]:
    """Return the emulator of a vendor, and the first state of its account."""
    made = Emulators([name]).by_name[name]
    return made, made.emulator.account.snapshot()


def connection_values(vendor: str) -> dict[str, str]:
    """Return the values of the connection that the seed of a vendor's emulator is made for."""
    return values_of(load_vendor(vendor), DEFAULT)


@functools.cache
def server_of(vendor: str) -> str:
    """Return the address of the vendor's API, of which the emulator's addresses of pages are."""
    scheme, credential = samples.credential(load_vendor(vendor))
    return Client().connect(vendor, credential, scheme=scheme, **connection_values(vendor)).server


def texts(vendor: str) -> list[str]:
    """Return texts of a new emulator's records, which a search may find."""
    made, start = vendor_of(vendor)
    made.emulator.account.use(copy.deepcopy(start))
    return made.emulator.account.texts()


def is_emulated(vendor: str) -> bool:
    """Return true if a vendor's server is its emulator: it has facts, and no store."""
    return vendor in vendors() and not (STORES / f"{vendor.replace('-', '_')}.py").exists()


def ids_of(vendor: str, store: EmulatedStore, noun: str) -> tuple[str, ...]:
    """Return the ids of an account's records of one kind, also if no mapping lists them; the first ones are made."""
    emulator = vendor_of(vendor)[0].emulator
    emulator.account.use(store.state)
    table = emulator.tables.by_noun.get(noun)
    records = [] if table is None else emulator.account.seeded(table, {})
    return tuple(str(key_of(record.values)) for record in records if key_of(record.values) is not None)


def start_from(vendor: str, store: EmulatedStore) -> None:
    """Let further stores of a vendor start with the records of this one: lists make their first records when they are requested."""
    _STARTS[vendor] = pickle.dumps(store.state)


class EmulatedStore:
    """Emulated account of its own; all of a vendor share one engine. `refused` has the requests that the document forbids, `conditions`
    those that hold for the account before its first request, in addition to the usual ones."""

    def __init__(self, vendor: str, document: Document) -> None:
        self.conditions: set[str] = set()
        self.refused: list[tuple[Request, list[str]]] = []
        self._document = document
        self._vendor, start = vendor_of(vendor)
        self.state = pickle.loads(_STARTS[vendor]) if vendor in _STARTS else copy.deepcopy(start)
        self._clock = itertools.count(_START, _DAY).__next__  # no request meets a rate limit, or a write that is not visible

    def respond(self, request: Request) -> Reply:
        if reasons := self._document.closed.verdict(request):
            self.refused.append((request, reasons))
            return Reply(400, (("Content-Type", "application/json"),), msgspec.json.encode({"refused": reasons}))
        emulator = self._vendor.emulator
        if emulator.behaviour.clock is not self._clock:
            emulator.behaviour.reset()
            emulator.behaviour.clock = self._clock
            emulator.behaviour.conditions |= self.conditions
        emulator.account.use(self.state)
        headers = {name.lower(): text for name, text in request.headers}
        url = f"{server_of(self._vendor.name)}{request.target}"
        reply = self._vendor.respond(Incoming(request.method, request.path, request.query, headers, request.body or b"", url))
        if reply.status < 300 and not reply.stated:
            self._check(request, reply)
        return Reply(reply.status, reply.headers, reply.content)

    def _check(self, request: Request, reply: VendorReply) -> None:
        match = self._document.routes.find(request.method, request.path)
        assert match is not None
        codes = (str(reply.status), f"{reply.status // 100}XX", f"{reply.status // 100}xx", "default")
        code = next((each for each in codes if each in match.operation.node["responses"]), None)
        assert code is not None, f"the document declares no {reply.status} for {match.operation.id}"
        if ("Content-Type", "application/json") not in reply.headers:
            return
        reasons = self._document.unfit(match.operation, code, json.loads(reply.content) if reply.content else None)
        assert not reasons, f"the emulator's response to {match.operation.id} is not of the document: {reasons}"
