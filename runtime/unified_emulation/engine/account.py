"""Records of an emulated account: their state, the first ones of each list, what they are below, and how they refer to each other."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from unified_emulation.engine.behaviour.values import values_at, write
from unified_emulation.engine.placement import Placement, Report
from unified_emulation.engine.roles import GET, LIST, Role, Roles
from unified_emulation.engine.samples import Samples, in_form
from unified_emulation.engine.tables import PEOPLE, Record, Table, Tables, larger, scalars
from unified_openapi.documents.words import IDENTIFIERS, identifies, noun, referenced, words
from unified_openapi.schemas.shapes import Schemas
from unified_openapi.schemas.validation import faults

LARGEST = 200
"""Values of a record in another that refers to it."""
SEEDS = 5
"""Records of a list that nothing was written to."""
_WORDS = 12
"""Texts that a search is tried with."""
_NAMES = (("name",), ("title",), ("username",), ("subject",))
_USUAL = frozenset({"active", "enabled", "available", "visible", "verified"})
_UNUSUAL = frozenset({"archived", "deleted", "closed", "disabled", "hidden", "suspended", "deactivated", "trashed", "removed", "bot"})
ME = frozenset({"me", "@me", "~me", "current", "self", "primary", "root", "my", "-"})
"""Values of path parameters that mean a record of the authenticated user."""
First = Callable[[Table, Mapping[str, tuple[str, str]]], Sequence[Callable[[Record], None]] | None]
"""Return functions that fill the first records of a list, for a table and scope; None if the records are made up."""

Standing = Callable[[Table, Mapping[str, tuple[str, str]]], Sequence[Mapping[str, Any]]]
"""Return the values, by path, of the records that a list has before those of a seed, for a table and scope."""


@dataclass(slots=True)
class State:
    """The records of an account, by table."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    seeded: set[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=set)
    deleted: set[tuple[str, str]] = field(default_factory=set)
    count: int = 0
    contents: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    """Media type and content of records with content, by their numbers."""
    empty: set[int] = field(default_factory=set)
    """Numbers of records that were created without content."""


class Account:
    """Records of one account. A scope has, by path parameter, the noun of the record that it identifies, and its id."""

    def __init__(self, schemas: Schemas, roles: Roles, tables: Tables) -> None:
        self.schemas = schemas
        self.roles = roles
        self.tables = tables
        self.samples = Samples(schemas, self._refer)
        self.acting: str | None = None
        """Mail address of the authenticated user; None: the first one."""
        self.login = "user"
        """Login of the authenticated user."""
        self.first: First = lambda table, scope: None
        self.completed: Callable[[Table, Record], None] = lambda table, record: None
        """Sets what the server sets in a new record, in one of the first."""
        self.standing: Standing = lambda table, scope: ()
        self.prepare: Callable[[Table, Record], None] = lambda table, record: None
        """Completes the values of a seed."""
        self.stored_only: set[str] = set()
        """Tables whose records exist only if they were created: facts state how."""
        self._state = State()
        self._seeding: set[str] = set()
        self._keys_of: dict[str, tuple[str, ...]] = {}
        self._ordered: dict[str, tuple[Table, ...]] = {}
        self._references: dict[tuple[str, str], dict[str, int]] = {}

    def snapshot(self) -> State:
        """Return a copy of the state."""
        return _copied(self._state)

    def restore(self, state: State) -> None:
        """Return to a state."""
        self._state = _copied(state)

    def use(self, state: State) -> None:
        """Continue with a state, which further writes change."""
        self._state = state

    def delete(self, table: Table, record: Record) -> None:
        """Delete a record; its id is not used again."""
        self.records(table).remove(record)
        named = [value for name, value in record.values.items() if identifies(name)]
        self._state.deleted |= {(table.name, str(value)) for value in scalars(named)}

    def parts(self, table: Table, record: Record, refers: str) -> list[Record]:
        """Return the records of a table that refer to one by a property, and their parts."""
        found, queue = list[Record](), [record]
        while queue:
            above = str(key_of(queue.pop().values))
            below = [each for each in self.records(table) if above in map(str, scalars(list(values_at(each.values, refers))))]
            queue += [each for each in below if each is not record and each not in found]
            found += [each for each in below if each is not record and each not in found]
        return found

    def remove(self, number: int) -> None:
        """Remove the record with a number, as if it had never been there."""
        for records in self._state.records.values():
            records[:] = [record for record in records if record.number != number]

    def content(self, record: Record) -> tuple[str, bytes]:
        """Return the media type and the content of a record. Those of a seed are its name, or the content of what it is below."""
        if self.is_empty(record):
            return "application/octet-stream", b""
        if record.number not in self._state.contents:
            name = next((value for key in ("name", "title") if isinstance(value := record.values.get(key), str)), None)
            above = next((found for value in record.scope.values() if (found := self._keyed(value)) is not None), None)
            if name is None and above is not None:
                self._state.contents[record.number] = self.content(above)
            else:
                self._state.contents[record.number] = ("text/plain", f"{name or ''}\n".encode())
        return self._state.contents[record.number]

    def _keyed(self, key: str) -> Record | None:
        return next((each for table in self.tables for each in self.records(table) if str(key_of(each.values)) == key), None)

    def copy_content(self, record: Record, key: str) -> None:
        """Give a record the content of the one with an id."""
        if (source := self._keyed(key)) is not None:
            self._state.contents[record.number] = self.content(source)

    def searchable(self, record: Record) -> dict[str, Any]:
        """Return the values of a record, and the text of its content."""
        if record.number not in self._state.contents:
            return record.values
        return {**record.values, "$content": self._state.contents[record.number][1].decode(errors="replace")}

    def store(self, record: Record, media_type: str, content: bytes) -> None:
        """Store the content of a record."""
        self._state.empty.discard(record.number)
        self._state.contents[record.number] = (media_type, content)

    def leave_empty(self, record: Record) -> None:
        """Give a record no content."""
        self._state.empty.add(record.number)

    def is_empty(self, record: Record) -> bool:
        """Return true if a record was created without content."""
        return record.number in self._state.empty

    def exists(self, number: int) -> bool:
        """Return true if the record with a number was not deleted."""
        return any(record.number == number for records in self._state.records.values() for record in records)

    def records(self, table: Table) -> list[Record]:
        return self._state.records.setdefault(table.name, [])

    def seeded(self, table: Table, scope: Mapping[str, tuple[str, str]]) -> list[Record]:
        """Return the records of a table, after the first ones were made."""
        key = (table.name, tuple(sorted((name, value) for name, (_, value) in scope.items())))
        if key not in self._state.seeded and table.name not in self._seeding:
            self._state.seeded.add(key)
            self._seeding.add(table.name)
            entries, standing = self.first(table, scope), self.standing(table, scope)
            exist = any(self.below(record, scope, table) for record in self.records(table))
            first = [self._stand(table, scope, values) for values in standing]
            if standing and scope and entries is None:
                entries = []
            if not exist or (scope and entries is None):
                for fill in [None] * SEEDS if entries is None else entries:
                    record = self.new(table, scope, None)
                    if fill is not None:
                        fill(record)
                        self.relate(table, record, scope)
                        self.completed(table, record)
                        self.prepare(table, record)
                    elif len(self.records(table)) == 1:
                        self._make_usual(table, record)
                    for same in [each for each in first if _same(each.values, record.values)]:
                        self.remove(same.number)  # the seed has it
            self._seeding.discard(table.name)
        return self.records(table)

    def _stand(self, table: Table, scope: Mapping[str, tuple[str, str]], values: Mapping[str, Any]) -> Record:
        """Return a new record that a list has before those of a seed."""
        record = self.new(table, scope, {})
        for path, value in values.items():
            write(record.values, path, value)
        self.completed(table, record)
        return record

    def texts(self) -> list[str]:
        """Return names of people, and texts of other records, each once: words that a search may find."""
        tables = sorted(self.tables, key=lambda table: not PEOPLE & table.nouns)
        named = ((table, name) for table in tables for name in table.properties if words(name)[-1:] in _NAMES)
        found = [record.values.get(name) for table, name in named for record in self.records(table)[:2]]
        return list(dict.fromkeys(text for text in found if isinstance(text, str) and text))[:_WORDS]

    def own(self, table: Table) -> Record:
        """Return the record of the authenticated user, or the first of a table that it is not in."""
        seeds = self.seeded(table, {})
        return next((record for record in seeds if self.acting is not None and self.acting in scalars(record.values)), seeds[0])

    def new(self, table: Table, scope: Mapping[str, tuple[str, str]], values: dict[str, Any] | None) -> Record:
        """Return a new record: a seed with a value for each property, or (`values`) one with these and what the server sets."""
        self._state.count += 1
        number = self._state.count
        record = Record(number, {}, {name: value for name, (_, value) in scope.items()})
        with self.samples.record():
            self._fill(table, record, values)
        if table.resource is not None:
            own = table.resource.path.rpartition("/")[2].strip("{}")
            record.values[table.resource.property] = table.resource.filled({**record.scope, own: str(number)})
        self.relate(table, record, scope)
        if values is None:
            self.prepare(table, record)
        self.records(table).append(record)
        return record

    def _fill(self, table: Table, record: Record, values: dict[str, Any] | None) -> None:
        number, own = record.number, self._own_ids(table)
        for name, pointer in table.properties.items():
            if values is not None and self.schemas.shape(pointer).kinds == {"boolean"}:
                record.values[name] = False  # a new record is not closed, archived or completed
            elif values is None or identifies(name, strictly=True) or name in table.required or name in own:
                required_only = values is not None and name != "attributes"  # JSON:API has the properties of a record in this one
                written = table.written.get(name)
                if written is not None and self.schemas.shape(written).enum_values and self.schemas.shape(pointer).enum_values is None:
                    pointer = written
                shape = self.schemas.shape(pointer)
                enum, known = shape.enum_values, identifies(name) or name in own or referenced(name) in PEOPLE or noun(name) in PEOPLE
                if required_only and not known and shape.kinds <= {"array"} and shape.kinds:
                    record.values[name] = []
                elif required_only and not known and shape.takes_null:
                    record.values[name] = None
                else:
                    record.values[name] = (
                        enum[0] if enum and required_only else self.samples.value(pointer, number, name, 1, required_only=required_only)
                    )
            elif self.schemas.shape(pointer).takes_null:
                record.values[name] = None

        for name, value in record.values.items():  # a path accepts ids in this form only
            pattern = self.tables.id_patterns.get((table.name, name))
            if pattern is not None and isinstance(value, str):
                record.values[name] = in_form(pattern, value, number, name)

    def _make_usual(self, table: Table, record: Record) -> None:
        """Give a record the usual flags and enum values: it is active, is not archived, and of the first kind of each enum."""
        for name, pointer in table.properties.items():
            shape, plain = self.schemas.shape(pointer), set(words(name))
            if shape.kinds == {"boolean"} and plain & (_USUAL | _UNUSUAL):
                record.values[name] = bool(plain & _USUAL)
            elif shape.enum_values and not identifies(name, strictly=True) and isinstance(record.values.get(name), str):
                record.values[name] = shape.enum_values[0]

    def _own_ids(self, table: Table) -> set[str]:
        return {name for role in table.roles for parameter in role.ids for name in table.identifiers(parameter)[:1]}

    def relate(self, table: Table, record: Record, scope: Mapping[str, tuple[str, str]], written: bool = False) -> None:
        """Set the properties that name what a record is below, and its addresses. `written`: requests and facts have set its values, which
        are not made up.
        """
        for value_noun, value in scope.values():
            if value in ME:
                continue
            for name, pointer in table.properties.items():
                shape = self.schemas.shape(pointer)
                if _relates(name, value_noun, table) and shape.kinds != {"boolean"}:
                    self.placement().write(record.values, {name: value}, {name: pointer})
                elif isinstance(record.values.get(name), dict) and self.tables.referenced(name, pointer) is None:
                    inner = {each: at for each, at in shape.properties.items() if value_noun in (referenced(each), noun(each))}
                    stated = {each: known for each in inner if isinstance(known := record.values[name].get(each), dict)}
                    self.placement().write(record.values[name], dict.fromkeys(inner, value), inner)
                    for each, known in stated.items() if written else ():
                        record.values[name][each] = {**known, **record.values[name][each]}
        for name in table.properties:
            if words(name)[-1:] == ("url",) and (address := self._address(table, record, words(name)[:-1])) is not None:
                record.values[name] = address
            elif (
                words(name)[-1:] == ("url",) and isinstance(above := record.values.get("_".join(words(name)[:-1])), dict) and "url" in above
            ):
                record.values[name] = above["url"]
            elif words(name)[0:1] == ("full",) and len(ids := self._joined_ids(table, record)) > 1:
                record.values[name] = "/".join(ids)

    def id_value(self, table: Table, record: Record, parameter: str) -> Any:
        for name in table.identifiers(parameter):
            value = record.values.get(name)
            if isinstance(value, dict):
                value = key_of(value)
            if value is not None:
                return value
        return record.scope.get(parameter, "")

    def _joined_ids(self, table: Table, record: Record) -> list[str]:
        role = next((role for role in table.roles if role.kind == GET and len(role.ids) > 1), None)
        return [] if role is None else [str(self.id_value(table, record, parameter)) for parameter in role.ids]

    def _address(self, table: Table, record: Record, plain: tuple[str, ...]) -> str | None:
        """Return the address of the record (`url`), or of the one above it that the name of a property has (`issue_url`)."""
        wanted = "_".join(plain)
        roles = self.roles.by_endpoint.values() if wanted else sorted(table.roles, key=self._described, reverse=True)
        for role in roles:
            if role.kind != GET or not role.ids or role.single:
                continue
            own = not wanted
            above = bool(wanted) and (wanted == role.noun or (len(role.noun) > 3 and wanted.startswith(role.noun)))
            if not own and not (above and all(parameter in record.scope for parameter in role.ids)):
                continue
            path = role.operation.path
            for parameter in (*(name for name, _ in role.scope), *role.ids):
                value = self.id_value(table, record, parameter) if own and parameter in role.ids else record.scope.get(parameter)
                path = path.replace(f"{{{parameter}}}", str(value))
            server = next(iter(role.operation.servers), "https://example.net")
            return server.rstrip("/") + path
        return None

    def _described(self, role: Role) -> int:
        """Return how many properties the response of an operation has."""
        return 0 if role.record is None else len(self.schemas.shape(role.record).properties)

    def _refer(self, path: str, pointer: str, number: int) -> Any:
        """Return the value of a property that refers to a record of a list; see `Samples`.

        Properties of one object with different nouns refer to different records, as the creator and the reporter of an issue.
        """
        above, _, name = path.rpartition(".")
        shape = self.schemas.shape(pointer)
        if "array" in shape.kinds or "boolean" in shape.kinds:
            return None
        table = self.tables.referenced(name, pointer)
        if table is None or table.name in self._seeding:
            return None
        if "object" not in shape.kinds and referenced(name) is None:
            return None
        seeds = self.records(table) or (self.seeded(table, {}) if table.listed is not None else [])
        if not seeds:
            return None
        nouns = self._references.setdefault((table.name, above), {})
        found = seeds[(number + nouns.setdefault(referenced(name) or noun(name), len(nouns))) % len(seeds)].values
        if "object" in shape.kinds:
            made = {each: found[each] for variant in (shape, *shape.variants()) for each in variant.properties if each in found}
            if larger(made, LARGEST):  # records refer to each other: without a bound, a few would contain all
                made = {each: value for each, value in made.items() if each in shape.required or not isinstance(value, dict | list)}
            if larger(made, LARGEST):
                made = {each: value for each, value in made.items() if not larger(value, LARGEST // 10)}
            return copy.deepcopy(made) or None
        value = key_of(found)
        return self.placement().converted(value, shape) if value is not None and not list(faults(self.schemas, shape, value, "")) else None

    def below(self, record: Record, scope: Mapping[str, tuple[str, str]], table: Table) -> bool:
        """Return true if a record is below the records that the parameters of a path identify."""
        for name, (value_noun, value) in scope.items():
            if value in ME or record.scope.get(name) == value:
                continue
            related = [each for each in table.properties if _relates(each, value_noun, table)]
            if any(str(inner) == value for each in related for inner in scalars(record.values.get(each))):
                continue
            if any(str(inner) == value for inner in _inner(record.values, value_noun)):
                continue
            if name in record.scope or related or record.scope:
                return False
            if value_noun in self.tables.by_noun:
                return False
        return True

    def readers(self, table: Table) -> list[Role]:
        return [role for role in table.roles if role.kind == GET and len(role.ids) == 1]

    @staticmethod
    def _identifies(table: Table, record: Record, names: Sequence[str], parameter: str, value: str, above: Mapping[str, str]) -> bool:
        """Return true if a path parameter identifies a record: by its resource name, or one of the properties that are ids."""
        if (resource := table.resource) is not None:
            return resource.identifies(record.values.get(resource.property), parameter, value, above)
        return any(str(one) == value for name in names for one in scalars(record.values.get(name)))

    def identified(self, table: Table, parameter: str, value: str, scope: Mapping[str, tuple[str, str]] | None = None) -> Record | None:
        """Return the record that a path parameter identifies. Records that no list returns exist as soon as they are requested."""
        names = table.identifiers(parameter)
        if table.listed is not None:
            self.seeded(table, {})
        elif scope and self.standing(table, scope):
            self.seeded(table, scope)
        above = {name: each for name, (_, each) in (scope or {}).items()}
        found = [record for record in self.records(table) if self._identifies(table, record, names, parameter, value, above)]
        if found:  # an id may be that of several records, each below another one
            return next((each for each in found if self.below(each, scope or {}, table)), found[0])
        if (
            table.name in self.stored_only
            or (table.name, value) in self._state.deleted
            or any(role.kind == LIST for role in table.roles)
            or self.elsewhere(table, value)
        ):
            return None
        record = self.new(table, scope or {}, None)
        if names:
            self.placement().write(record.values, {names[0]: value}, {names[0]: table.properties[names[0]]})
            self.relate(table, record, scope or {})
        return record

    def elsewhere(self, table: Table, value: str) -> bool:
        """Return true if a value identifies a record of another table."""
        others = [record for other in self.tables if other is not table for record in self.records(other)]
        return any(str(inner) == value for record in others for name, inner in record.values.items() if identifies(name, strictly=True))

    def placement(self, report: Report = lambda name, reason: None) -> Placement:
        """Return the writer of properties into records; `report` receives what has no property in them."""
        return Placement(self.schemas, self.find, report)

    def find(self, value: Any, name: str = "") -> Mapping[str, Any] | None:
        """Return the properties of the record that a plain value identifies, in any table, first in those that a property's name means."""
        if isinstance(value, bool) or value is None:
            return None
        if name not in self._ordered:
            self._ordered[name] = tuple(sorted(self.tables, key=lambda table: not (name and self._means(name, table))))
        for table in self._ordered[name]:
            keys = self._keys(table)
            for record in self.records(table):
                if any(str(record.values.get(name)) == str(value) for name in keys):
                    return record.values
        return None

    @staticmethod
    def _means(name: str, table: Table) -> bool:
        """Return true if a property such as `priority_id` refers to the records of a table, such as issue priorities."""
        target = referenced(name) or noun(name)
        return any(each == target or each.endswith(f"_{target}") for each in table.nouns) or (target in PEOPLE and "user" in table.nouns)

    def _keys(self, table: Table) -> tuple[str, ...]:
        """Return the properties that identify the records of a table: also those such as `accountId` that refer to no other table."""
        if table.name not in self._keys_of:
            self._keys_of[table.name] = tuple(
                name
                for name, pointer in table.properties.items()
                if identifies(name)
                or referenced(name) in table.nouns
                or (words(name)[-1:] == ("id",) and self.tables.referenced(name, pointer) is None and referenced(name) not in PEOPLE)
            )
        return self._keys_of[table.name]

    def identifies(self, text: str) -> bool:
        return self.find(text) is not None


def _copied(state: State) -> State:
    """Return a copy of a state. Its values are plain, and `copy.deepcopy` would take five times as long."""
    records = {
        name: [Record(record.number, _plain(record.values), dict(record.scope)) for record in listed]
        for name, listed in state.records.items()
    }
    return State(records, set(state.seeded), set(state.deleted), state.count, dict(state.contents), set(state.empty))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _inner(values: Mapping[str, Any], value_noun: str) -> Iterator[Any]:
    """Yield what the objects of a record have for a noun: `parentReference.driveId`."""
    for inner in values.values():
        if isinstance(inner, dict):
            yield from (value for name, value in inner.items() if value_noun in (referenced(name), noun(name)))


def _relates(name: str, value_noun: str, table: Table) -> bool:
    """Return true if a property names the record of a noun that a record is below; of a record below its like, the parent.
    `parentFolderId` is that of a `mail_folder`."""
    parent = words(name)[:1] == ("parent",)
    own_parent = parent and (value_noun in table.nouns or f"parent_{value_noun.rpartition('_')[2]}" == referenced(name))
    return own_parent or value_noun in (referenced(name), noun(name))


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return true if two records of a table have the same id."""
    return any(value is not None and other.get(name) == value for name, value in one.items() if words(name)[-1:] == ("id",))


def key_of(values: Mapping[str, Any]) -> Any:
    """Return the id of a record or of the object that represents one; else its name; None if it has neither."""
    by_words = {"_".join(words(name)): value for name, value in values.items()}
    return next((by_words[each] for each in IDENTIFIERS if each in by_words), None)
