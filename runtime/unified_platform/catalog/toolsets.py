"""Toolsets: which operations an agent may use, in words short enough for a configuration file.

| word | what it holds |
|---|---|
| `tasks` | every operation on tasks, via any vendor |
| `tasks.read`, `tasks.write`, `tasks.destructive` | those with that effect |
| `tasks.create` | that operation |
| `jira` | every operation via Jira |
| `jira.tasks`, `jira.tasks.read`, `jira.tasks.create` | the same, only via Jira |
| `jira.api` | every operation of Jira's document, with or without a mapping |
| `jira.api.read`, `jira.api.issues`, `jira.api.addWatcher` | those with that effect, of that group, or that one |
| `*.api.read` | the same, of every vendor |
| `jira.request`, `jira.request.read`, `*.request.read` | requests by path, to paths that no document has; those with that effect |
| `extra.jira.fields.components` | that path of Jira's own fields, and what is below it, in `extra` of the operations above |
| `extra.jira`, `extra` | any path of Jira's own fields, or of any vendor's |

Without a word `extra…`, `extra` is limited to the fields that policies know: those of the unified model, and custom fields by their names.
A toolset holds what any of its words holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from unified_platform.catalog import capabilities
from unified_platform.catalog.capabilities import Entry, least_scopes, resource_names
from unified_runtime import InvalidInput
from unified_runtime.core import vendors
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.policy.written_fields import EVERY
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.raw_requests import is_raw

EXTRA = "extra"
API = "api"
REQUEST = "request"
EFFECTS = ("read", "write", "destructive")

_FIELD = re.compile(r"[\w$@:-]+", re.ASCII)
"""A name in a path of vendors' own fields."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a toolset; None means any. `effect` and `operation` are never both given."""

    vendor: str | None = None
    resource: str | None = None
    effect: str | None = None
    operation: str | None = None

    def holds(self, vendor: str, resource: str, operation: str, effect: str) -> bool:
        return (
            self.vendor in {None, vendor}
            and self.resource in {None, resource}
            and self.effect in {None, effect}
            and self.operation in {None, operation}
        )


@dataclass(frozen=True, slots=True)
class ApiWord:
    """Word for operations of vendors' documents. `vendor` is None for every vendor, `name` an effect, a group or an operation, None for
    all. `requests`: it is for requests by path instead, to paths that no document has."""

    vendor: str | None
    name: str | None
    requests: bool = False

    def holds(self, vendor: str, operation: str, effect: str) -> bool:
        """Return whether the vendor's operation, with that effect, is among them."""
        if self.vendor not in {None, vendor} or self.requests is not is_raw(operation):
            return False
        if self.requests:
            return self.name in {None, effect}
        return self.name in {None, effect, operation} or self.name == registry.toolkit(vendor).names[operation].group


@dataclass(frozen=True, slots=True)
class Toolset:
    """A set of operations via vendors; made by `parse_toolset`."""

    words: tuple[_Word, ...]
    extra: tuple[str, ...] = ()
    """Paths of vendors' own fields that may be written by `extra`, each with the vendor before it; `*` is all of them."""
    api: tuple[ApiWord, ...] = ()

    def holds(self, vendor: str, resource: str, operation: str, effect: str) -> bool:
        """Return whether the operation of the resource, with that effect, may be used via the vendor. An operation of a vendor's document
        has the vendor as its resource; only words with `api` hold it."""
        if resource == vendor:
            return any(word.holds(vendor, operation, effect) for word in self.api)
        return any(word.holds(vendor, resource, operation, effect) for word in self.words)

    def operations(self, entries: Sequence[Entry]) -> Mapping[str, tuple[str, ...]]:
        """The operations it holds (`tasks.create`), each with the vendors through which it does."""
        found: dict[str, list[str]] = {}
        for entry in entries:
            for resource in entry.resources.values():
                for one in resource.operations.values():
                    if self.holds(entry.name, resource.name, one.name, one.effect):
                        found.setdefault(f"{resource.name}.{one.name}", []).append(entry.name)
        return {name: tuple(vendors) for name, vendors in sorted(found.items())}

    def api_operations(self, connected: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """The operations of the documents of connected vendors that it holds (`jira.addWatcher`), each with its vendor."""
        found: dict[str, tuple[str, ...]] = {}
        for vendor in sorted({*connected}) if self.api else ():
            toolkit = registry.toolkit(vendor)
            held = (name for name in toolkit if any(word.holds(vendor, name, toolkit.effect(name)) for word in self.api))
            found |= {f"{vendor}.{name}": (vendor,) for name in held}
        return found

    def scopes(self, vendor: Entry) -> tuple[str, ...]:
        """The least OAuth scopes that its operations need at a vendor: those that the compiler derived, and those of the document."""
        own = least_scopes(
            one
            for resource in vendor.resources.values()
            for one in resource.operations.values()
            if self.holds(vendor.name, resource.name, one.name, one.effect)
        )
        return tuple(sorted({*own, *api_scopes(self.api_operations([vendor.name] if self.api else []), vendor.name)}))


def api_scopes(operations: Iterable[str], vendor: str) -> tuple[str, ...]:
    """Return the least OAuth scopes of a vendor's operations among some operations of documents (`jira.addWatcher`)."""
    names = [name.partition(".")[2] for name in operations if name.startswith(f"{vendor}.")]
    return registry.toolkit(vendor).scopes(names) if names else ()


def vendor_entry(name: str, entries: Sequence[Entry] | None = None) -> Entry:
    """Return the vendor of that name, in the catalog or with a toolkit only, which has no unified operations.

    Raises:
        InvalidInput: there is none.
    """
    if name in registry.names() and not vendors.is_available(name):
        return Entry(name, registry.toolkit(name).vendor.title, {})
    return capabilities.vendor(name, entries)


EVERYTHING = Toolset((_Word(),), (EVERY,))


def parse_toolset(words: Iterable[str] | str | None, entries: Sequence[Entry]) -> Toolset:
    """Read a toolset; None holds everything.

    Raises:
        InvalidInput: a word names nothing of the catalog; the message suggests similar ones.
    """
    if words is None:
        return EVERYTHING
    if isinstance(words, str):
        words = [word.strip() for word in words.split(",") if word.strip()]
    words = [*words]
    extra = tuple(_path(word, entries) for word in words if word.partition(".")[0] == EXTRA)
    api = tuple(_api_word(word) for word in words if _is_api(word))
    return Toolset(tuple(_word(word, entries) for word in words if word.partition(".")[0] != EXTRA and not _is_api(word)), extra, api)


def _is_api(text: str) -> bool:
    return text.split(".")[1:2] in ([API], [REQUEST])


def _api_word(text: str) -> ApiWord:
    """Return the word for operations of a vendor's document.

    Raises:
        InvalidInput: there is no such vendor, group or operation.
    """
    vendor, kind, name = (*text.split(".", 2), "")[:3]
    if kind == REQUEST:
        return _request_word(text, vendor, name)
    if vendor == EVERY:
        if name not in ("", *EFFECTS):
            raise InvalidInput(f"toolset {text!r}: of every vendor, an effect can be named: {', '.join(EFFECTS)}")
        return ApiWord(None, name or None)
    toolkit = registry.toolkit(vendor)
    if name and name not in EFFECTS and name not in toolkit.groups and name not in toolkit:
        known = [*EFFECTS, *toolkit.groups, *toolkit]
        raise InvalidInput(f"toolset {text!r}: {toolkit.vendor.title} has no group or operation {name!r}{did_you_mean(name, known)}")
    return ApiWord(vendor, name or None)


def _request_word(text: str, vendor: str, effect: str) -> ApiWord:
    """Return the word for requests by path.

    Raises:
        InvalidInput: there is no such vendor or effect.
    """
    known = (EVERY, *vendors.available(), *registry.names())
    if vendor not in known:
        raise InvalidInput(f"toolset {text!r}: there is no vendor {vendor!r}{did_you_mean(vendor, known)}")
    if effect not in ("", *EFFECTS):
        raise InvalidInput(f"toolset {text!r}: of requests by path, an effect can be named: {', '.join(EFFECTS)}")
    return ApiWord(None if vendor == EVERY else vendor, effect or None, requests=True)


def _path(text: str, entries: Sequence[Entry]) -> str:
    """The path that a word `extra…` names.

    Raises:
        InvalidInput: there is no such vendor, or the path is not one.
    """
    _, *parts = text.split(".")
    if not parts:
        return EVERY
    names = [entry.name for entry in entries]
    if parts[0] not in names:
        known = did_you_mean(parts[0], names)
        raise InvalidInput(f"toolset {text!r}: there is no vendor {parts[0]!r}{known}; write {EXTRA}.VENDOR.PATH")
    for part in parts[1:]:
        if not _FIELD.fullmatch(part):
            raise InvalidInput(f"toolset {text!r}: {part!r} is not a field name; write {EXTRA}.VENDOR.PATH, without wildcards")
    return ".".join(parts)


def _word(text: str, entries: Sequence[Entry]) -> _Word:
    by_name = {entry.name: entry for entry in entries}
    head, dot, rest = text.partition(".")
    if head in by_name:
        if not dot:
            return _Word(vendor=head)
        return _resource(text, head, rest, (by_name[head],))
    return _resource(text, None, text, entries)


def _resource(text: str, vendor: str | None, rest: str, entries: Sequence[Entry]) -> _Word:
    resource, dot, verb = rest.partition(".")
    resources = resource_names(entries)
    if resource not in resources:
        known = resources if vendor is not None else [*resources, *(entry.name for entry in entries)]
        what = f"{vendor} has no resource {resource!r}" if vendor is not None else f"{resource!r} is not a resource or vendor"
        raise InvalidInput(f"toolset {text!r}: {what}{did_you_mean(resource, known)}")
    if not dot:
        return _Word(vendor, resource)
    if verb in EFFECTS:
        return _Word(vendor, resource, effect=verb)
    operations = sorted({name for entry in entries if resource in entry.resources for name in entry.resources[resource].operations})
    if verb not in operations:
        choices = [*operations, *EFFECTS]
        raise InvalidInput(
            f"toolset {text!r}: {resource} has no operation {verb!r}{did_you_mean(verb, choices)}; there is {', '.join(choices)}"
        )
    return _Word(vendor, resource, operation=verb)
