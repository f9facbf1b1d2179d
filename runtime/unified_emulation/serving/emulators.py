"""All emulated vendors of one process, with what they share: the seed, the log of requests, and faults."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from unified_emulation.engine.account import State
from unified_emulation.engine.server import Emulator
from unified_emulation.serving.addresses import DEFAULT, SECRET, values_of
from unified_emulation.serving.documents import specs, vendors
from unified_emulation.serving.exchanges import Exchanges
from unified_emulation.serving.faults import Faults
from unified_emulation.serving.oauth import User
from unified_emulation.serving.seed_files import Entry, Seed, default_seed
from unified_emulation.serving.seeding import Seeder
from unified_emulation.serving.vendor import EmulatedVendor
from unified_emulation.serving.webhooks.queue import LONGEST_WAIT
from unified_emulation.serving.webhooks.registry import Webhooks
from unified_emulation.serving.webhooks.requests import Send, send
from unified_openapi.behaviour.load import load_behaviour
from unified_openapi.behaviour.webhooks import Webhook
from unified_runtime.core.errors import InvalidInput, NotFound
from unified_runtime.core.suggestions import did_you_mean

log = logging.getLogger("unified.emulators")


class Emulators:
    """Emulators by vendor. Each loads on its first request.

    Args:
        names: the vendors; all if there are none.
        seed: the first records, and the keys that are accepted; None: those that are shipped.
        send: sends a request to a receiver of webhooks.
        longest_wait: seconds that a repeated delivery waits at most.

    Raises:
        InvalidInput: a vendor does not exist, or a webhook of the seed is not valid.
    """

    def __init__(self, names: Iterable[str] = (), seed: Seed | None = None, send: Send = send, longest_wait: float = LONGEST_WAIT) -> None:
        known = vendors()
        chosen = tuple(names) or known
        for name in chosen:
            if name not in known:
                raise InvalidInput(f"there is no vendor {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}")
        self.seed = default_seed() if seed is None else seed
        self.problems: list[str] = []
        """Entries of the seed that could not be placed, with file and line."""
        self.exchanges = Exchanges()
        self.faults = Faults()
        self.webhooks = Webhooks(webhook_facts, send, longest_wait)
        entries = [entry.values for entry in self.seed.kinds.get("users", ())]
        named = [(str(one.get("login") or one.get("email")), str(one.get("name")), str(one.get("email"))) for one in entries]
        self._users = users = tuple(User(*each) for each in named)
        self.by_name = {name: EmulatedVendor(name, self.exchanges, self.faults, self.webhooks, self._prepare, users) for name in chosen}
        for name, keys in self.seed.keys.items():
            if name in self.by_name:
                self.by_name[name].keys = frozenset(keys)
        for entry in self.seed.webhooks:
            self._webhook(entry)
        self._snapshots: dict[str, dict[str, State | None]] = {}

    def _prepare(self, name: str, emulator: Emulator) -> None:
        """Write the seed's records of one vendor."""
        values = values_of(self.by_name[name].vendor, DEFAULT)
        emulator.account.login = self._users[0].login if self._users else emulator.account.login
        Seeder(name, emulator, self.seed, values, self._report).fill()

    def _webhook(self, entry: Entry) -> None:
        """Register a webhook of the seed, without a test of its address: its receiver may start later."""
        given = entry.values
        if not isinstance(given.get("url"), str) or given.get("vendor") not in self.by_name:
            raise InvalidInput(f"{entry.at}: a webhook has a url, and a vendor that is emulated")
        self.webhooks.add(given["vendor"], given["url"], str(given.get("secret", SECRET)), given.get("events", ()), test=False)

    def subscribe(self, url: str, secret: str = SECRET) -> list[str]:
        """Register an address for the webhooks of all vendors that have some, and return their names. `{vendor}` in it is replaced.

        Raises:
            InvalidInput: it is not an http(s) URL.
        """
        found = [name for name in self.by_name if self.webhooks.known(name)]
        for name in found:
            self.webhooks.add(name, url.replace("{vendor}", name), secret, test=False)
        return found

    def _report(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)
            log.warning("seed: %s", problem)

    def vendor(self, name: str) -> EmulatedVendor:
        """Return one of the vendors.

        Raises:
            NotFound: it is not emulated here.
        """
        if name not in self.by_name:
            raise NotFound(f"{name!r} is not emulated here{did_you_mean(name, self.by_name)}; there are {', '.join(self.by_name)}")
        return self.by_name[name]

    def reset(self) -> None:
        """Return all vendors to their first records; forget requests, faults and deliveries."""
        for one in self.by_name.values():
            one.reset()
        self.exchanges.clear()
        self.faults.clear()
        self.webhooks.reset()

    def snapshot(self, name: str) -> None:
        """Store the records of all vendors under a name."""
        self._snapshots[name] = {vendor: one.snapshot() for vendor, one in self.by_name.items()}

    def restore(self, name: str) -> None:
        """Return to a stored snapshot.

        Raises:
            NotFound: there is none of this name.
        """
        if name not in self._snapshots:
            raise NotFound(f"there is no snapshot {name!r}; there are {', '.join(self._snapshots) or 'none'}")
        for vendor, state in self._snapshots[name].items():
            self.by_name[vendor].restore(state)

    def export(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Return the records of the loaded vendors, by vendor and table."""
        found = {}
        for name, one in self.by_name.items():
            with one.lock:
                if one.loaded:
                    account = one.emulator.account
                    tables = {table.name: [record.values for record in account.records(table)] for table in one.emulator.tables}
                    found[name] = {table: records for table, records in tables.items() if records}
        return found


def webhook_facts(vendor: str) -> tuple[Webhook, ...]:
    """Return what is recorded about the deliveries of a vendor; those that an application's settings register first."""
    facts = [fact for fact in load_behaviour(specs(vendor)).facts.values() if isinstance(fact, Webhook)]
    return tuple(sorted(facts, key=lambda fact: bool(fact.operations)))
