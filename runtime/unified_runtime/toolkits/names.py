"""Python names of a document's operations and arguments.

An operation has a group, the noun that its path begins with (`issues`), and a name in it, from its operationId (`add_watcher`).
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping

from unified_openapi.documents.words import words
from unified_openapi.facts.lazy import OperationEntry

_PREFIX = re.compile(r"v?[0-9]+(?:\.[0-9]+)*|v[0-9]+[a-z0-9]*|api|rest|services|data|latest|\.json", re.IGNORECASE)
"""Segments of a path without a noun of its records: versions, and the names of the API itself."""
_SEPARATORS = re.compile(r"[/.:]+")
_BUILTIN = frozenset(dir(builtins))


def identifier(name: str) -> str:
    """Return a name as a Python identifier in snake case."""
    found = "_".join(words(name)) or "value"
    if found[0].isdigit():
        found = f"n{found}"
    return f"{found}_" if keyword.iskeyword(found) else found


def argument(name: str) -> str:
    """Return the Python name of a parameter or property: `issueIdOrKey` is `issue_id_or_key`."""
    found = identifier(name.replace("$", "").replace("@", ""))
    return "self_" if found == "self" else found


class OperationName:
    """Group and name of an operation in Python, and further names that it can be called by in its group."""

    __slots__ = ("aliases", "group", "name")

    def __init__(self, group: str, name: str, aliases: tuple[str, ...] = ()) -> None:
        self.group = group
        self.name = name
        self.aliases = aliases


def operation_names(entries: Iterable[OperationEntry]) -> Mapping[str, OperationName]:
    """Return the Python name of each operation, by its name in the document. Each is unique in its group."""
    listed = list(entries)
    records = {_segments(entry.path)[0] for entry in listed if _is_collection(entry.path)}
    proposed = {entry.name: _proposed(entry, records) for entry in listed}
    taken: dict[tuple[str, str], str] = {}
    # Of operations with one name, that with the shortest path has it.
    for entry in sorted(listed, key=lambda entry: len(entry.path.split("/"))):
        group, name = proposed[entry.name]
        if (group, name) in taken:
            name = identifier(f"{entry.method.lower()} {entry.path}")
        while (group, name) in taken:
            name += "_"
        taken[group, name] = entry.name
    found = {name: key for key, name in taken.items()}
    aliases = _aliases(listed, found, taken)
    return {name: OperationName(group, own, aliases.get(name, ())) for name, (group, own) in found.items()}


def group_of(entry: OperationEntry, entries: Iterable[OperationEntry]) -> str:
    """Return the group of one of the entries, as `operation_names` does."""
    own = _segments(entry.path)[0]
    records = (
        {own} if any(f"/{own}/" in one.path and _is_collection(one.path) and _segments(one.path)[0] == own for one in entries) else set()
    )
    return _proposed(entry, records)[0]


def _proposed(entry: OperationEntry, records: set[str]) -> tuple[str, str]:
    if entry.graphql is not None:  # a field of a schema: all have the same path
        return _plural(identifier((entry.tags or (entry.name,))[0])), identifier(entry.name.rpartition(".")[2])
    named = not _is_endpoint(entry)
    parts = [part for part in _SEPARATORS.split(entry.name) if part] if named else []
    if len(parts) > 1 and not entry.path.endswith(entry.name):
        return identifier(parts[-2]), identifier(parts[-1])
    segments = _segments(entry.path)
    last = entry.path.rstrip("/").rpartition("/")[2]
    if "." in last and "{" not in last and len(segments) == 1:  # RPC: /chat.postMessage
        group, _, rest = last.partition(".")
        return identifier(group), identifier(rest)
    group = identifier(segments[0])
    own = entry.name if named else " ".join([_verb(entry), *segments[1:]])
    return _plural(group) if segments[0] in records else group, identifier(own)


def _is_endpoint(entry: OperationEntry) -> bool:
    """Return true if an operation's name only repeats its method and path: `get-boards-id-cards`."""
    if " " in entry.name:
        return True
    beginning = entry.path.partition("{")[0].strip("/")
    if "/" in beginning and beginning in entry.name:
        return True
    if not re.match(rf"{entry.method}[-_./]", entry.name, re.IGNORECASE):
        return False
    in_path = {word for part in entry.path.split("/") for word in words(part)}
    return all(any(word.startswith(other) for other in in_path) for word in words(entry.name)[1:])


def _segments(path: str) -> list[str]:
    """Return the segments of a path that are neither parameters nor prefixes; the last one if all are."""
    found = [part for part in path.partition("?")[0].split("/") if part and "{" not in part]
    return [part for part in found if not _PREFIX.fullmatch(part)] or found[-1:] or ["api"]


def _is_collection(path: str) -> bool:
    """Return true if a parameter follows the first noun of a path: it is the noun of records."""
    parts = [part for part in path.partition("?")[0].split("/") if part]
    named = [number for number, part in enumerate(parts) if "{" not in part and not _PREFIX.fullmatch(part)]
    return bool(named) and named[0] + 1 < len(parts) and parts[named[0] + 1].startswith("{")


def _plural(noun: str) -> str:
    """Return the plural of an English noun; a plural remains."""
    if noun.endswith(("s", "data", "media", "info", "people")):
        return noun
    if noun.endswith(("x", "ch", "sh")):
        return noun + "es"
    return noun[:-1] + "ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else noun + "s"


def _verb(entry: OperationEntry) -> str:
    """Return the verb of an operation by its method and the shape of its path."""
    item = entry.path.rstrip("/").endswith("}")
    match entry.method:
        case "GET":
            return "get" if item else "list"
        case "POST":
            return "update" if item else "create"
        case "PUT" | "PATCH":
            return "update"
        case method:
            return method.lower()


def _aliases(
    listed: list[OperationEntry], found: Mapping[str, tuple[str, str]], taken: Mapping[tuple[str, str], str]
) -> dict[str, tuple[str, ...]]:
    """Return the verbs by which the records of a group itself are listed, read and changed, if nothing else has that name."""
    candidates: dict[tuple[str, str], list[str]] = {}
    for entry in listed:
        group = found[entry.name][0]
        segments = [part for part in entry.path.partition("?")[0].split("/") if part]
        named = [part for part in segments if "{" not in part and not _PREFIX.fullmatch(part)]
        if len(named) == 1 and _plural(identifier(named[0])) in (group, _plural(group)):
            candidates.setdefault((group, _verb(entry)), []).append(entry.name)
    return {names[0]: (verb,) for (group, verb), names in candidates.items() if len(names) == 1 and (group, verb) not in taken}
