"""Placement of a seed's records in a vendor's tables, by the names and schemas of their properties."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from unified_emulation.engine.account import Account
from unified_emulation.engine.server import Emulator
from unified_emulation.engine.tables import Record, Table
from unified_emulation.serving.seed_files import Entry, Seed
from unified_openapi.documents.words import identifies, referenced, words
from unified_openapi.schemas.shapes import Schemas

_NOUNS: Mapping[str, tuple[str, ...]] = {
    "users": ("user_directory", "user", "member", "owner"),
    "projects": ("project", "board", "list", "repo", "space"),
    "tasks": ("issue", "card", "ticket", "task", "item"),
    "comments": ("comment", "story"),
    "channels": ("channel", "conversation", "room", "joined_room"),
    "messages": ("message",),
    "events": ("event",),
    "files": ("file", "drive_item"),
    "companies": ("company", "organization", "account"),
    "contacts": ("contact", "person"),
    "deals": ("deal", "opportunity"),
}
"""Nouns of the tables of a kind, the most usual first. The first that a vendor has is used."""
_NAMES: Mapping[str, tuple[str, ...]] = {
    "login": ("login", "username", "user_name", "handle", "nick"),
    "name": ("display_name", "real_name", "full_name", "realname", "name", "title", "filename", "file_name"),
    "email": ("email", "email_address", "mail", "emails", "address"),
    "title": ("title", "summary", "subject", "name", "content", "dealname"),
    "key": ("key", "identifier"),
    "description": ("description", "notes", "desc", "body", "content"),
    "text": ("text", "content", "body", "comment_text", "notes"),
    "due": ("due_date", "due_on", "duedate", "due"),
    "done": ("completed", "is_completed", "checked", "due_complete", "is_done"),
    "labels": ("labels", "tags"),
    "topic": ("topic", "purpose"),
    "location": ("location",),
    "start": ("start",),
    "end": ("end",),
    "type": ("mime_type", "mimetype", "content_type"),
    "domain": ("domain", "website", "domain_names"),
    "phone": ("phone", "phones", "phone_number"),
    "amount": ("amount", "value"),
    "assignee": ("assignee", "assignees", "assigned_to", "assignedto", "assignee_id", "responsible_uid", "id_members", "assignee_ids"),
    "author": ("author", "user", "created_by", "author_id", "user_id", "posted_uid", "sender", "member_creator", "from"),
    "project": ("project", "project_id", "id_board", "projects", "list", "repository", "board"),
    "company": ("company", "org_id", "organization", "organization_id", "account_id"),
    "channel": ("channel", "channel_id"),
}
"""Words of the properties that have a field, the most usual first."""
_REFERENCES = {"assignee": "users", "author": "users", "project": "projects", "company": "companies", "channel": "channels"}
_FIRST_LAST = (("first_name", "firstname", "given_name"), ("last_name", "lastname", "family_name", "surname"))
_MADE_UP = re.compile(r"[a-z]+(?:-[a-z0-9]+)*-[0-9]+\Z")
_ENDED = frozenset({"completed", "closed", "done", "won", "lost", "archived", "archive", "deleted", "delete", "close", "trashed"})
"""Words of properties that records have when they are finished or removed."""
_TRUE = frozenset({"active", "is_active", "enabled", "is_member", "confirmed", "verified", "public", "is_public", "active_flag"})


class Seeder:
    """Fills the first records of one emulator from a seed. `report` receives what cannot be placed, with file and line.

    `values` are those of emulated connections: the workspace or guild that they name is the only one.
    """

    def __init__(self, vendor: str, emulator: Emulator, seed: Seed, values: Mapping[str, str], report: Callable[[str], None]) -> None:
        self._report = report
        self._account: Account = emulator.account
        self._tables = {kind: self._table(emulator, nouns) for kind, nouns in _NOUNS.items()}
        self._entries: dict[str, tuple[str | None, tuple[Entry, ...]]] = {}
        for kind, table in self._tables.items():
            if table is not None and seed.kinds.get(kind) and table.name not in self._entries:
                self._entries[table.name] = (kind, seed.kinds[kind])
        self._named = tuple(self._connected(emulator, values))
        self._stated: list[tuple[Table, tuple[Entry, ...]]] = []
        for name, entries in seed.own.get(vendor, {}).items():
            own = emulator.tables.by_noun.get(name)
            if own is None and (stated := emulator.stated_table(name)) is not None:
                self._stated.append((stated, entries))
            elif own is None:
                report(f"{entries[0].at}: {vendor} has no {name}")
            else:
                self._entries[own.name] = (None, entries)
        self._made: dict[tuple[str, int], Entry] = {}
        self._pending: list[tuple[Table, Record, str, Any]] = []
        """References to records that were not complete yet: the first records of two tables can refer to each other."""
        emulator.account.first = self._first

    def _connected(self, emulator: Emulator, values: Mapping[str, str]) -> Iterator[Table]:
        """Yield the tables of the records that a connection names, such as its workspace, after making each the only one of its table."""
        for name, value in values.items():
            table = emulator.tables.by_noun.get(referenced(name) or name)
            key = None if table is None else next((each for each in table.properties if identifies(each, strictly=True)), None)
            if table is not None and key is not None and table.name not in self._entries:
                named = {"name": "Example organization"} if "name" in table.properties else {}
                self._entries[table.name] = (None, (Entry({key: value, **named}, "connection", 1),))
                yield table

    @staticmethod
    def _table(emulator: Emulator, nouns: Sequence[str]) -> Table | None:
        found = (emulator.tables.by_noun.get(name) for name in nouns)
        return next((table for table in found if table is not None and table.properties), None)

    def fill(self) -> None:
        """Make the records of the tables that are below no other, so that they can refer to each other."""
        for named in self._named:
            self._account.seeded(named, {})
        for table, entries in self._stated:
            for entry in entries:
                self._account.new(table, {}, {}).values.update(entry.values)
        for kind in _NOUNS:
            listed = self._tables[kind]
            if listed is not None and listed.listed is not None:
                self._account.seeded(listed, {})
        pending, self._pending = self._pending, []
        for own, record, name, value in pending:
            self._write(own, record, name, value)

    def record(self, kind: str, name: Any) -> tuple[Table, Record] | None:
        """Return the record of a kind whose entry has a login, name or title."""
        table = self._tables.get(kind)
        if table is None:
            return None
        self._account.seeded(table, {})
        for record in self._account.records(table):
            entry = self._made.get((table.name, record.number))
            if entry is not None and name in _names_of(entry):
                return table, record
        return None

    def _first(self, table: Table, scope: Mapping[str, tuple[str, str]]) -> list[Callable[[Record], None]] | None:
        if table.name not in self._entries:
            return None
        kind, entries = self._entries[table.name]
        return [self._filling(table, kind, entry) for entry in entries if kind is None or self._below(entry, scope)]

    def _below(self, entry: Entry, scope: Mapping[str, tuple[str, str]]) -> bool:
        """Return true if an entry may be below the records of a scope: it names them, or none of them is of the seed."""
        for _, value in scope.values():
            for name, kind in _REFERENCES.items():
                table = self._tables[kind]
                if name not in entry.values or table is None:
                    continue
                for record in self._account.records(table):
                    above = self._made.get((table.name, record.number))
                    if above is not None and any(str(each) == value for key, each in record.values.items() if identifies(key)):
                        return bool(above.values.get("name") == entry.values[name] or above.values.get("login") == entry.values[name])
        return True

    def _filling(self, table: Table, kind: str | None, entry: Entry) -> Callable[[Record], None]:
        def fill(record: Record) -> None:
            self._made[table.name, record.number] = entry
            _without_made_up(record, table, self._account.schemas)
            if kind is None:
                writer = self._account.placement(lambda name, reason: self._report(f"{entry.at}: {name}: {reason}"))
                writer.write(record.values, entry.values, table.properties)
            else:
                before = {name: copy.deepcopy(value) for name, value in record.values.items() if isinstance(value, dict)}
                for name, value in entry.values.items():
                    self._write(table, record, name, value)
                for name, value in before.items():
                    if record.values.get(name) == value and self._is_optional(table, name, value):
                        _remove(record, table, self._account.schemas, name)

        return fill

    def _is_optional(self, table: Table, name: str, value: Mapping[str, Any]) -> bool:
        """Return true if only some records have an object: it is not required and has no id, as the pull request of an issue."""
        if name in table.required:
            return False
        other = self._account.tables.referenced(name, table.properties[name])
        return other is table or not any(identifies(each, strictly=True) for each in value)

    def _write(self, table: Table, record: Record, name: str, value: Any) -> None:
        if name in _REFERENCES:
            found = self.record(_REFERENCES[name], value)
            if found is None:
                self._pending.append((table, record, name, value))
                return
            value = next((each for key, each in found[1].values.items() if identifies(key, strictly=True)), None)
        if name == "name":
            self._write_names(table, record, str(value))
        for path in self._paths(table, _NAMES[name], every=name in ("name", "email")):
            if isinstance(value, bool) and not self._holds_booleans(table, path):
                continue  # Google Tasks' `completed` is a time
            _set(self._account, record, table, path, value)

    def _holds_booleans(self, table: Table, path: tuple[str, ...]) -> bool:
        return len(path) > 1 or "boolean" in self._account.schemas.shape(table.properties[path[0]]).kinds

    def _write_names(self, table: Table, record: Record, value: str) -> None:
        first, _, last = value.rpartition(" ")
        for wanted, part in zip(_FIRST_LAST, (first, last), strict=True):
            for path in self._paths(table, wanted, every=False):
                _set(self._account, record, table, path, part)

    def _paths(self, table: Table, wanted: tuple[str, ...], *, every: bool) -> list[tuple[str, ...]]:
        """Return the paths of the properties with one of these names, in the record or in an object in it."""
        found = {path: "_".join(words(path[-1])) for path in self._known(table)}
        ordered = [path for name in wanted for path, joined in found.items() if joined == name]
        return ordered if every else ordered[:1]

    def _known(self, table: Table) -> Iterator[tuple[str, ...]]:
        schemas = self._account.schemas
        yield from ((name,) for name in table.properties)
        for name, pointer in table.properties.items():
            if name in ("fields", "profile", "item"):
                shape = schemas.shape(pointer)
                for variant in (shape, *shape.variants()):
                    yield from ((name, inner) for inner in variant.properties)


def _names_of(entry: Entry) -> list[Any]:
    """Return what other entries name an entry by: a person also by the mail address before `@`."""
    found = [entry.values.get(each) for each in ("login", "name", "title")]
    return [*found, str(entry.values.get("email")).partition("@")[0]]


def _set(account: Account, record: Record, table: Table, path: tuple[str, ...], value: Any) -> None:
    """Write a value at a path, converted to the property's schema; not if the document does not state how."""
    target: Any = value
    for name in reversed(path):
        target = {name: target}
    if path[-1:] in (("start",), ("end",)) and "object" in account.schemas.shape(table.properties[path[0]]).kinds:
        names = account.schemas.shape(table.properties[path[0]]).properties
        inner = next((name for name in names if words(name) == ("date", "time")), None)
        target = {path[0]: {inner: value}} if inner is not None else target
    account.placement().write(record.values, target, table.properties)


def _without_made_up(record: Record, table: Table, schemas: Schemas) -> None:
    """Remove made-up texts that a person would not write, and the states that only old records have. Nullable properties become null."""
    for name, value in list(record.values.items()):
        if name in table.required or identifies(name, strictly=True):
            continue
        plain = words(name)
        if isinstance(value, bool):
            record.values[name] = "_".join(plain) in _TRUE
        elif _is_made_up(value) or not _ENDED.isdisjoint(plain) or plain[:1] == ("parent",):
            _remove(record, table, schemas, name)
        else:
            record.values[name] = _cleaned(value)


def _remove(record: Record, table: Table, schemas: Schemas, name: str) -> None:
    if schemas.shape(table.properties[name]).takes_null:
        record.values[name] = None
    else:
        del record.values[name]


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _cleaned(inner) for name, inner in value.items() if identifies(name) or not _is_made_up(inner)}
    return [_cleaned(each) for each in value if not _is_made_up(each)] if isinstance(value, list) else value


def _is_made_up(value: Any) -> bool:
    return isinstance(value, str) and _MADE_UP.match(value) is not None
