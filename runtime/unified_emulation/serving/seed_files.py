"""Seed files: records of a new emulator in YAML, with the lines that they are from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from unified_openapi.documents.words import noun
from unified_openapi.source.nodes import SyntaxFault, plain
from unified_openapi.source.yaml12 import compose
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

FIELDS: Mapping[str, frozenset[str]] = {
    "users": frozenset({"login", "name", "email"}),
    "projects": frozenset({"name", "key", "description"}),
    "tasks": frozenset({"title", "key", "description", "project", "assignee", "labels", "due", "done"}),
    "comments": frozenset({"text", "author"}),
    "channels": frozenset({"name", "topic"}),
    "messages": frozenset({"text", "author", "channel"}),
    "events": frozenset({"title", "description", "start", "end", "location"}),
    "files": frozenset({"name", "type", "description"}),
    "companies": frozenset({"name", "domain"}),
    "contacts": frozenset({"name", "email", "phone", "company"}),
    "deals": frozenset({"title", "amount", "company"}),
}
"""Kinds of records that many vendors have, and their fields."""
_WEBHOOK = frozenset({"vendor", "url", "secret", "events"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of a seed file."""

    values: Mapping[str, Any]
    file: str
    line: int

    @property
    def at(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Seed:
    """Contents of a seed file. `own` has the records of one vendor's tables, by vendor and the noun of the table."""

    kinds: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, tuple[Entry, ...]]] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """API keys and tokens that a vendor accepts; of other vendors, any is accepted."""
    webhooks: tuple[Entry, ...] = ()


def default_seed() -> Seed:
    """Return the seed that is shipped."""
    resource = files("unified_emulation.serving") / "seed.yaml"
    return parse_seed(resource.read_text(encoding="utf-8"), "seed.yaml")


def load_seed(path: Path) -> Seed:
    """Return the seed of a file.

    Raises:
        InvalidInput: it cannot be read, or is not valid.
    """
    try:
        return parse_seed(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from None


def parse_seed(text: str, file: str) -> Seed:
    """Return the seed of a text.

    Raises:
        InvalidInput: it is not valid; the message has the line.
    """
    try:
        root = compose(text, file)
    except SyntaxFault as fault:
        raise InvalidInput(f"{file}:{fault.span.line}: {fault}") from None
    kinds: dict[str, tuple[Entry, ...]] = {}
    own: dict[str, dict[str, tuple[Entry, ...]]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    webhooks: tuple[Entry, ...] = ()
    for name, line, node in _members(root, file, "a seed"):
        if name == "vendors":
            for vendor, _, tables in _members(node, file, "vendors"):
                own[vendor] = {noun(table): _entries(listed, file) for table, _, listed in _members(tables, file, vendor)}
        elif name == "keys":
            found: Any = plain(node)
            keys = {vendor: tuple(map(str, listed)) for vendor, listed in found.items()}
        elif name == "webhooks":
            webhooks = _entries(node, file, _WEBHOOK)
        elif name in FIELDS:
            kinds[name] = _entries(node, file, FIELDS[name])
        else:
            known = (*FIELDS, "keys", "webhooks", "vendors")
            raise InvalidInput(f"{file}:{line}: there is no kind {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}")
    return Seed(kinds, own, keys, webhooks)


def _members(node: Any, file: str, what: str) -> list[tuple[str, int, Any]]:
    if not hasattr(node, "entries"):
        raise InvalidInput(f"{file}:{node.span.line}: {what} is a mapping")
    return [(key.text, key.span.line, value) for key, value in node.entries]


def _entries(node: Any, file: str, known: frozenset[str] | None = None) -> tuple[Entry, ...]:
    if not hasattr(node, "items"):
        raise InvalidInput(f"{file}:{node.span.line}: the records of a kind are a list")
    found = []
    for item in node.items:
        for name, line, _ in _members(item, file, "a record"):
            if known is not None and name not in known:
                raise InvalidInput(
                    f"{file}:{line}: such a record has no {name!r}{did_you_mean(name, known)}; it has {', '.join(sorted(known))}"
                )
        values: Any = plain(item)
        found.append(Entry(values, file, item.span.line))
    return tuple(found)
