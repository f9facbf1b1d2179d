"""Words of names in vendors' documents: `assigneeIds` is `assignee`, `ids`; the noun of `issue_priorities` is `issue_priority`."""

from __future__ import annotations

import functools
import re

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
LISTS = frozenset({"list", "search", "find", "query", "all", "history", "replies"})
READS = frozenset({"get", "info", "read", "retrieve", "show", "lookup"})
CREATES = frozenset({"create", "add", "post", "insert", "new"})
UPDATES = frozenset({"update", "edit", "set", "modify", "rename", "patch", "move"})
DELETES = frozenset({"delete", "remove", "destroy"})
VERBS = LISTS | READS | CREATES | UPDATES | DELETES
IDENTIFIERS = ("id", "gid", "key", "ts", "uuid", "number", "login", "name")
"""Names of properties that identify a record, the most usual first."""
SERIALS = ("number", "iid", "index", "seq", "sequence")
"""Names of properties and parameters that count the records of one parent."""
_KEYS = frozenset(IDENTIFIERS[:6])
_ID_WORDS = frozenset({"id", "ids", "gid", "gids", "key", "keys", "uuid", "number", "slug"})


def split(name: str) -> list[str]:
    """Return the words of a name, in small letters; for names that are read once."""
    return [found.lower() for found in _WORD.findall(name)]


@functools.cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name, in small letters."""
    return tuple(split(name))


def singular(word: str) -> str:
    """Return the singular of an English word."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "statuses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@functools.cache
def noun(name: str) -> str:
    """Return the noun that a path segment or property names: words joined by `_`, the last in the singular."""
    found = [word for word in words(name) if not re.fullmatch(r"v[0-9]+|[0-9]+", word)] or list(words(name))
    return "_".join([*found[:-1], singular(found[-1])]) if found else name


@functools.cache
def referenced(name: str) -> str | None:
    """Return the noun of the records whose ids a name holds, in snake case: `assigneeIds` and `id_assignee` are `assignee`; None for
    `id` itself and for names that do not look like an id.
    """
    found = words(name)
    if len(found) < 2:
        return None
    if found[-1] in _ID_WORDS:
        return "_".join([*found[:-2], singular(found[-2])])
    if found[0] in ("id", "ids"):
        return "_".join([*found[1:-1], singular(found[-1])])
    return None


def identifies(name: str, *, strictly: bool = False) -> bool:
    """Return true if a property of this name identifies its record; `strictly`: by a key, not by a name that people choose."""
    return "_".join(words(name)) in (_KEYS if strictly else IDENTIFIERS)


def verb(name: str) -> str | None:
    """Return the verb in a path segment such as `chat.postMessage` or `list_folder`; None if it is a noun."""
    found = words(name)
    if len(found) > 1 and "." in name:
        return next((word for word in found[1:] if word in VERBS), None)
    return found[0] if found and found[0] in VERBS else found[-1] if found and found[-1] in VERBS else None
