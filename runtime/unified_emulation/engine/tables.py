"""Tables of records: which operations are about the same records, and the properties that these have."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from unified_emulation.engine.roles import CREATE, GET, LIST, UPDATE, Role, Roles
from unified_openapi.documents.words import IDENTIFIERS, SERIALS, referenced, words
from unified_openapi.schemas.shapes import Schemas, Shape

_ORDER = (GET, LIST, UPDATE, CREATE)
_COMPONENTS = "/components/schemas/"
_RESOURCE = re.compile(r"(?:/v\d\w*)?((?:/(\w+)/\{\2Id\})+)")
"""Path of a record in Google's APIs: each id is behind the name of its collection."""
PEOPLE = frozenset({
    "assignee", "assignees", "creator", "author", "owner", "user", "member", "created_by", "assigned_to", "updated_by", "reporter",
    "requester", "assignee_user", "owner_user",
})  # fmt: skip
"""Names of properties that refer to people, in any API."""


@dataclass(slots=True)
class Record:
    """A stored record. `scope` has the values of the path parameters below which it was created."""

    number: int
    values: dict[str, Any]
    scope: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResourceName:
    """Property with the path of a record: `name` is `spaces/AAAA/messages/BBBB` (https://google.aip.dev/122)."""

    property: str
    path: str

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the path with the values of its parameters; those without a value stay as they are."""
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), self.path)

    def identifies(self, name: Any, parameter: str, value: str, above: Mapping[str, str]) -> bool:
        """Return true if a parameter of a path identifies the record of a name, below the records of the other parameters."""
        path = self.filled({**above, parameter: value})
        return isinstance(name, str) and (name.rpartition("/")[2] == value if "{" in path else name == path)


@dataclass(frozen=True, slots=True)
class Table:
    """Records that operations share: its nouns, its roles, and the pointer of each property's schema."""

    name: str
    nouns: frozenset[str]
    roles: tuple[Role, ...]
    properties: dict[str, str]
    required: frozenset[str]
    written: dict[str, str]
    """Schemas of the properties that requests write, for the enum values that only these declare."""
    known_identifiers: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    resource: ResourceName | None = None
    """Form of the names of records that are named by their paths."""

    @property
    def listed(self) -> Role | None:
        """The list of all its records, that is below no other record."""
        return next((role for role in self.roles if role.kind == LIST and not role.scope), None)

    def identifiers(self, parameter: str) -> tuple[str, ...]:
        """Return the properties that a parameter of a path can identify a record by: `issueIdOrKey` is `id` or `key`, `issue_number` and
        `index` the `number`.
        """
        if parameter not in self.known_identifiers:
            self.known_identifiers[parameter] = self._identifiers(parameter)
        return self.known_identifiers[parameter]

    def _identifiers(self, parameter: str) -> tuple[str, ...]:
        if self.resource is not None and self.resource.path.endswith(f"{{{parameter}}}"):
            return (self.resource.property,)
        plain = words(parameter)
        nouns = {word for name in self.nouns for word in name.split("_")} | {word + "s" for name in self.nouns for word in name.split("_")}
        rest = [word for word in plain if word not in nouns and word not in ("or", "by")]
        by_words = {"_".join(words(name)): name for name in self.properties}
        found = [by_words[key] for key in (parameter, "_".join(plain), "_".join(rest)) if key in by_words]
        found += [by_words[word] for word in rest if word in by_words]
        found += [name for name in self.properties if any(name == f"{each}_id" for each in self.nouns)]
        others = SERIALS if set(rest) & set(SERIALS) else IDENTIFIERS if rest else ("name", "slug", "login", *IDENTIFIERS)
        return tuple(dict.fromkeys(found or [by_words[each] for each in others if each in by_words]))


class Tables:
    """The tables of a document. Operations are about the same records if their nouns or the named schemas of their records are the same."""

    def __init__(self, roles: Roles, schemas: Schemas) -> None:
        self._schemas = schemas
        self._parents: dict[str, str] = {}
        self._referenced: dict[tuple[str, str], Table | None] = {}
        grouped: dict[str, list[Role]] = {}
        for name, shared in self._shared(roles):
            self._union(f"noun {name}", shared)
        for role in roles.by_endpoint.values():
            grouped.setdefault(self._root(f"noun {role.noun}"), []).append(role)
        self.by_root = {root: self._table(root, found) for root, found in grouped.items()}
        self.by_noun = {name: table for table in self.by_root.values() for name in table.nouns}
        self._nouns = sorted(self.by_noun)
        self.id_patterns = dict(self._patterns(roles))
        """By name of a table and property: the pattern of the parameters of paths that identify its records by this property."""
        self._by_component = {
            component: table
            for table in self.by_root.values()
            for role in table.roles
            if role.record is not None and (component := self._component(role.record)) is not None
        }

    def __iter__(self) -> Iterator[Table]:
        return iter(self.by_root.values())

    def of(self, role: Role) -> Table:
        """Return the table that an operation is about."""
        return self.by_noun[role.noun]

    @property
    def people(self) -> Table | None:
        """Users, or members if the vendor has none."""
        return self.by_noun.get("user") or self.by_noun.get("member")

    def referenced(self, name: str, pointer: str) -> Table | None:
        """Return the table whose records a property refers to: by its schema, by the noun in its name, or as a name for people."""
        if (name, pointer) not in self._referenced:
            self._referenced[name, pointer] = self._refers(name, pointer)
        return self._referenced[name, pointer]

    def _refers(self, name: str, pointer: str) -> Table | None:
        component = self._component(pointer)
        if component in self._by_component:
            return self._by_component[component]
        target = referenced(name) or "_".join(words(name))
        for each in (target, target.rpartition("_")[2], _singular_of(target)):
            if each in self.by_noun:
                return self.by_noun[each]
        if referenced(name) is not None and len(target) >= 3:  # `org_id` is the id of an organization
            first = bisect_left(self._nouns, target)
            longer = [each for each in self._nouns[first : first + 2] if each.startswith(target)]
            if len(longer) == 1:
                return self.by_noun[longer[0]]
        if target in PEOPLE or _singular_of(target) in PEOPLE:
            return self.people
        return None

    def _patterns(self, roles: Roles) -> Iterator[tuple[tuple[str, str], str]]:
        for role in roles.by_endpoint.values():
            identified = dict(role.scope) | dict.fromkeys(role.ids, role.noun)
            for parameter in role.operation.parameters:
                table = self.by_noun.get(identified.get(parameter.name, "")) if parameter.name in identified else None
                pattern = self._schemas.shape(parameter.schema).bounds.pattern if parameter.location == "path" else None
                if table is not None and pattern is not None:
                    yield from (((table.name, name), pattern) for name in table.identifiers(parameter.name)[:1])

    def _component(self, pointer: str) -> str | None:
        target = self._schemas.target(pointer)
        return target if target.startswith(_COMPONENTS) and target.count("/") == 3 else None

    def _shared(self, roles: Roles) -> Iterator[tuple[str, str]]:
        """Yield nouns with the named schemas of their records. Nouns with schemas of their own are not joined by one that both have, such
        as the result of every write: only nouns without one join the noun whose schema it is. A noun with records of several others, such
        as `many`, joins none.
        """
        own: dict[str, str] = {}
        nouns: dict[str, dict[str, None]] = {}
        for role in roles.by_endpoint.values():
            if role.record is not None and (component := self._component(role.record)) is not None:
                if role.kind == GET and len(role.ids) == 1:
                    own.setdefault(role.noun, component)
                if self._schemas.shape(component).properties or self._schemas.shape(component).arms:
                    nouns.setdefault(component, {})[role.noun] = None
        owned = set(own.values())
        owners: dict[str, set[str]] = {}
        for component, names in nouns.items():
            if component in owned:
                for name in names:
                    owners.setdefault(name, set()).add(component)
        for component, names in nouns.items():
            several = len({own[name] for name in names if name in own}) > 1
            for name in names:
                if (not several or own.get(name, component) == component) and (name in own or len(owners.get(name, ())) < 2):
                    yield name, component

    def _table(self, root: str, roles: list[Role]) -> Table:
        properties: dict[str, str] = {}
        required: frozenset[str] = frozenset()
        for kind in _ORDER:
            for role in roles:
                if role.kind == kind and role.record is not None:
                    shape = self._schemas.shape(role.record)
                    for variant in (shape, *shape.variants()):
                        known = {"_".join(words(name)) for name in properties}
                        properties |= {name: at for name, at in variant.properties.items() if "_".join(words(name)) not in known}
                    required |= shape.required
        written = self._written(roles)
        if all(role.kind not in (GET, LIST) for role in roles):  # what no operation reads has what is written
            properties = {**written, **properties}
        resource = next((found for role in roles if (found := _resource(role, properties)) is not None), None)
        return Table(root, frozenset(role.noun for role in roles), tuple(roles), properties, required, written, resource=resource)

    def _written(self, roles: list[Role]) -> dict[str, str]:
        found: dict[str, str] = {}
        for role in roles:
            if role.body is not None and role.kind in (CREATE, UPDATE):
                shape = self._schemas.shape(role.body)
                for name in role.body_at:
                    shape = self._schemas.shape(shape.properties[name])
                found = {**dict(shape.properties), **found}
        return found

    def _root(self, key: str) -> str:
        while self._parents.get(key, key) != key:
            key = self._parents[key]
        return key

    def _union(self, one: str, other: str) -> None:
        self._parents[self._root(other)] = self._root(one)


def _resource(role: Role, properties: Mapping[str, str]) -> ResourceName | None:
    """Return how the records of an operation on one of them are named; None if it is not by their paths."""
    found = _RESOURCE.fullmatch(role.operation.path) if role.ids else None
    named = next((name for name in ("resourceName", "name") if name in properties), None)
    return ResourceName(named, found[1].removeprefix("/")) if found is not None and named is not None else None


def _singular_of(name: str) -> str:
    return name.removesuffix("s")


def shown(values: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """Return the properties of a record that a response declares; all of them if it declares none."""
    declared = {name for variant in (shape, *shape.variants()) for name in variant.properties}
    if not declared or shape.additional is not None:
        return dict(values)
    found = {name: value for name, value in values.items() if name in declared}
    if len(found) < len(declared):  # `id` of one response may be `Id` of another
        by_words = {"_".join(words(name)): value for name, value in values.items()}
        found |= {name: by_words[key] for name in declared - found.keys() if (key := "_".join(words(name))) in by_words}
    if isinstance(attributes := found.get("attributes"), dict):  # JSON:API has the properties of a record in this one
        found["attributes"] = {name: values.get(name, value) for name, value in attributes.items()}
    return found


def scalars(value: Any) -> Iterator[Any]:
    """Yield the plain values in a value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from scalars(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner)
    elif value is not None:
        yield value


def larger(value: Any, most: int) -> bool:
    """Return true if a value has more than so many plain values, objects and lists; it is not read further than that."""
    queue, count = [value], 0
    while queue and count <= most:
        inner = queue.pop()
        count += 1
        queue.extend(inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ())
    return count > most
