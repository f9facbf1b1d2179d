"""Effect and retry class of an operation that no mapping declares, by its method and the verb in its name.

The method is right for most operations. 5 % of POST requests read (`search`), 2 % of POST and PUT requests destroy (`revoke`), and 1 % of
GET requests write. An unknown method counts as destructive.
"""

from __future__ import annotations

from unified_openapi.documents.words import words
from unified_openapi.facts.lazy import OperationEntry
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.policy_decisions import Effect

_READS = frozenset({
    "search", "list", "query", "find", "lookup", "fetch", "count", "get", "read", "retrieve", "match", "parse", "suggest", "autocomplete",
    "estimate", "calculate", "evaluate", "describe", "introspect", "bulkfetch",
})  # fmt: skip
_DESTROYS = frozenset({
    "delete", "remove", "revoke", "purge", "destroy", "terminate", "clear", "wipe", "uninstall", "erase", "discard", "trash", "kick", "ban",
    "unpublish", "invalidate", "expire", "void", "reset", "deactivate", "disable", "block",
})  # fmt: skip
_WRITES = frozenset(
    {"create", "add", "set", "update", "send", "start", "stop", "logout", "enable", "subscribe", "join", "leave", "trigger"}
)
_NOUNS = frozenset({"list", "query", "count", "match", "search", "estimate", "read"})
"""Verbs of reads that a noun of several words may begin with."""
_CREATES = frozenset({"create", "add", "update", "send"})
"""Verbs of writes wherever they are in a name: `Estimate-Create`, `createOrGet`."""
_FETCHES = frozenset({"get", "list", "retrieve", "show", "fetch", "check", "read", "count", "search"})
"""Verbs that make other verbs in a name parts of nouns."""
_PREFIXES = frozenset({"post", "put", "patch", "bulk", "batch", "api", "do", "async", "admin", "v", "rest"})


def effect_of(entry: OperationEntry) -> Effect:
    """Return the effect of an operation: read, write or destructive."""
    if entry.graphql is not None:
        return "read" if entry.graphql == "query" else "destructive" if _destroys(entry.name) else "write"
    found, verb = by_method(entry.method), _verb(entry)
    last = _last_segment(entry.path)
    if found == "read":
        return _effect_of_get(entry, last)
    if found == "write":
        if verb in _DESTROYS or (last and last[0] in _DESTROYS):
            return "destructive"
        reads = verb in _READS or (verb not in _WRITES and _reads(last))
        return "read" if entry.method == "POST" and reads and _CREATES.isdisjoint(_named(entry)) else "write"
    return found


def _destroys(field: str) -> bool:
    """Return true if the name of a mutation has a verb that destroys: `issueDelete`, `delete_item`."""
    named = words(field.rpartition(".")[2])
    return bool(named) and not _DESTROYS.isdisjoint((named[0], named[-1]))


def by_method(method: str) -> Effect:
    """Return the effect that a method has by RFC 9110; an unknown one is destructive.

    QUERY is safe by https://datatracker.ietf.org/doc/draft-ietf-httpbis-safe-method-w-body/.
    """
    if method in ("GET", "HEAD", "OPTIONS", "QUERY"):
        return "read"
    return "write" if method in ("POST", "PUT", "PATCH") else "destructive"


def retry_of(entry: OperationEntry, effect: Effect) -> Retry:
    """Return the retry class: a read may be repeated, and so may methods that are idempotent (RFC 9110, section 9.2.2)."""
    if effect == "read":
        return Retry.SAFE
    return Retry.IDEMPOTENT if entry.method in ("PUT", "DELETE") else Retry.NEVER


def _effect_of_get(entry: OperationEntry, last: list[str]) -> Effect:
    """Return the effect of a safe method, which is that of a verb at the beginning of the name, or that the path ends with.

    A verb elsewhere is part of a noun: `getSenders`, `/sobjects/LogoutEvent`.
    """
    named = [] if " " in entry.name else words(entry.name.rpartition("/")[2].rpartition(".")[2])
    if _FETCHES.isdisjoint(named):
        verbs = {*named[:1], *(last if len(last) == 1 else ())}
        if verbs & _DESTROYS:
            return "destructive"
        if verbs & _WRITES:
            return "write"
    return "read"


def _last_segment(path: str) -> list[str]:
    """Return the words of the last segment of a path that is not a parameter; of a method of RPC, those of its name."""
    segment = path.partition("?")[0].rstrip("/").rpartition("/")[2]
    return [] if "{" in segment else [word.lower() for word in words(segment.partition("(")[0].rpartition(".")[2])]


def _reads(segment: list[str]) -> bool:
    """Return true if the last segment of a path is a verb of a read, such as `/search` or `/getMailTips`; `/list_items` is a noun."""
    if not segment or not _WRITES.isdisjoint(segment):
        return False
    return segment[0] in _READS if len(segment) == 1 else segment[0] in _READS - _NOUNS


def _verb(entry: OperationEntry) -> str:
    """Return the verb of an operation's name; of one without a name, the last segment of its path."""
    found = _named(entry)
    known = _READS | _DESTROYS | _WRITES
    if not found:
        return ""
    if found[0] in known:
        return found[0]
    # The last word of `followList` and `PostValueList` is a noun.
    return found[-1] if found[-1] in known - _NOUNS else found[0]


def _named(entry: OperationEntry) -> list[str]:
    """Return the words of an operation's name; of one without a name, those of the last segment of its path."""
    name = entry.name
    if " " in name:
        name = next((part for part in reversed(entry.path.split("/")) if part and "{" not in part), "")
    return [word for word in words(name.rpartition("/")[2].rpartition(".")[2]) if word not in _PREFIXES]
