"""Journal of one program: each call and each value of the host, in the order in which the program made them.

A program is deterministic: its clock and its random numbers come from the host. It is resumed by running it again, with the journal's
values for what was done before. Interpreter state is never stored, so that no stored bytes are trusted, and another version of the
interpreter can resume a program.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from unified_runtime.core.errors import Conflict


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call as it is stored.

    Attributes:
        name: path of the function, or of a function of the host such as `time.time`.
        digest: hash of the arguments.
        value: its result in portable form.
        error: kind and message of the error that the program got instead.
        vendor: vendor that was called.
        line: line of the program.
        made: id of the record that it wrote.
        effect: read, write or destructive.
        undo: operation and inputs of the call that undoes it.
    """

    name: str
    digest: str
    value: Any = None
    error: tuple[str, str] | None = None
    vendor: str = ""
    line: int = 0
    made: str = ""
    effect: str = "read"
    undo: tuple[str, dict[str, Any]] | None = None


def digest(arguments: Any) -> str:
    """Return the hash of a call's arguments."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()


class Diverged(Conflict):
    """The program makes another call than its journal has: it, or what it depends on, has changed."""


class Journal:
    """Entries of a program by number. Threads may add entries of concurrent calls.

    Args:
        entries: those of earlier runs.
        save: stores a new entry; None keeps entries in memory only.
    """

    def __init__(self, entries: dict[int, Entry] | None = None, save: Callable[[int, Entry], None] | None = None) -> None:
        self._entries = dict(entries or {})
        self._before = len(self._entries)
        self._save = save
        self._lock = threading.Lock()
        self._next = 0

    def begin(self) -> int:
        """Return the number of the next call."""
        self._next += 1
        return self._next

    def find(self, number: int, name: str, hashed: str) -> Entry | None:
        """Return the stored entry of a call; None if it was not made yet.

        Raises:
            Diverged: the stored entry is that of another call.
        """
        found = self._entries.get(number)
        if found is not None and (found.name, found.digest) != (name, hashed):
            raise Diverged(f"call {number} was {found.name} before and is {name} now: the program cannot be resumed. Start it again")
        return found

    def add(self, number: int, entry: Entry) -> None:
        """Add the entry of a call that was made."""
        with self._lock:
            self._entries[number] = entry
        if self._save is not None:
            self._save(number, entry)

    @property
    def entries(self) -> list[tuple[int, Entry]]:
        """The entries by number."""
        with self._lock:
            return sorted(self._entries.items())

    def writes(self) -> list[tuple[int, Entry]]:
        """Return the calls that wrote something."""
        return [(number, entry) for number, entry in self.entries if number > 0 and entry.effect != "read" and entry.error is None]
