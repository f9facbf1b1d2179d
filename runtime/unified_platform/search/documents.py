"""Indexed parts of an operation: weighted words of its names and path, and its kind."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unified_openapi.documents.words import CREATES, DELETES, LISTS, READS, UPDATES, singular, split
from unified_openapi.facts.lazy import OperationEntry
from unified_platform.search import vocabulary
from unified_platform.search.words import stem

HEAD, PATH, REST = 3, 2, 1
"""Weights of a word: in the name or the last part of the path; in the rest of the path; in tags and parameters."""

_NOISE = re.compile(
    r"api|apis|rest|services|v?[0-9]+|v[0-9]+[a-z0-9]*|json|by|id|ids|key|gid|uuid|the|a|an|of|for|to|from|in|on|with|using|and|or"
)
_LITTLE = vocabulary.words("names", "little")
_VARIANTS = vocabulary.words("names", "variants")
_KIND_OF = {
    **dict.fromkeys(READS, "get"), **dict.fromkeys(LISTS, "list"), **dict.fromkeys(CREATES, "create"),
    **dict.fromkeys(UPDATES, "update"), **dict.fromkeys(DELETES, "delete"), "put": "update", "fetch": "get",
}  # fmt: skip
_LISTS_NAMED = frozenset({"list", "search", "find", "query", "all"})
KINDS = ("", "create", "get", "list", "update", "delete", "changes", "act")
"""Kinds by their number in an index. `act` is a change that is none of the others, such as `merge`."""
VARIANT, DEPRECATED = 4, 8
"""Lengths that each word of a variant, and deprecation, add to an operation."""


@dataclass(frozen=True, slots=True)
class OperationDocument:
    """An operation in an index.

    Attributes:
        name: its name, such as `tasks.create` or `jira.addWatcher`.
        text: its method and path, or one line about it.
        terms: stems with their weights.
        kind: one of `KINDS`.
        length: of it, as the sum of the weights of all words; an operation of whose words a request names few ranks lower.
        vendors: vendors it is called at.
    """

    name: str
    text: str
    terms: Mapping[str, int]
    kind: str
    length: int
    vendors: tuple[str, ...]


def document(vendor: str, entry: OperationEntry) -> OperationDocument:
    """Return what is indexed of an operation of a vendor's document."""
    segments = [part for part in entry.path.partition("?")[0].split("/") if part]
    path = [_words(part.partition("{")[0]) for part in segments if not part.startswith("{")]
    named = () if " " in entry.name else _read_words(entry.name)
    stems_in_path = {one for part in path for _, one, _ in part}
    # A name that only repeats the path adds nothing to it.
    repeated = len(named) > 3 and all(one in stems_in_path for _, one, _ in named if one)
    terms: dict[str, int] = {}
    for tag in entry.tags[:2]:
        _add(terms, _words(tag), REST)
    for part in path[:-1]:
        _add(terms, part, PATH)
    if path:
        _add(terms, path[-1], HEAD)
    if not repeated:
        _add(terms, named, HEAD)
    terms.pop(stem(vendor.partition("-")[0]), None)
    variants = {word for part in (*path, named) for word, _, special in part if special}
    length = sum(terms.values()) + VARIANT * len(variants) + (DEPRECATED if entry.deprecated else 0) + entry.path.count("{") // 2
    return OperationDocument(f"{vendor}.{entry.name}", entry.endpoint, terms, kind_of(entry, named), length, (vendor,))


_Word = tuple[str, str, bool]
"""A word, its stem (empty if it is not indexed), and whether it names a variant of an operation."""


@functools.lru_cache(maxsize=10_000)
def _words(name: str) -> tuple[_Word, ...]:
    return _read_words(name)


def _read_words(name: str) -> tuple[_Word, ...]:
    return tuple(found for word in split(name) if (found := _word(word)) is not None)


@functools.lru_cache(maxsize=20_000)
def _word(word: str) -> _Word | None:
    """Return what is indexed of a word; None for noise."""
    if _NOISE.fullmatch(word):
        return None
    one = "" if word in _KIND_OF and word not in _LITTLE else stem(word)
    return word, one if len(one) > 1 else "", word in _VARIANTS


def _add(terms: dict[str, int], found: Iterable[_Word], weight: int) -> None:
    for word, one, _ in found:
        if one:
            own = REST if word in _LITTLE else weight
            if terms.get(one, 0) < own:
                terms[one] = own


def kind_of(entry: OperationEntry, named: Iterable[_Word]) -> str:
    """Return the kind of an operation by the verb in its name, its method and the shape of its path."""
    item = entry.path.rstrip("/").endswith("}")
    if entry.method in ("GET", "HEAD"):
        return "get" if item or (not _is_plural(entry.path) and not _LISTS_NAMED.intersection(word for word, _, _ in named)) else "list"
    if entry.method == "DELETE":
        return "delete"
    first = next((_KIND_OF[word] for word, _, _ in named if word in _KIND_OF and word not in ("post", "patch")), None)
    if entry.method in ("PUT", "PATCH"):
        return "create" if first == "create" else "update"
    if first is not None:
        return first
    return "update" if item else "act" if _is_action(entry) else "create"


def _is_plural(path: str) -> bool:
    """Return true if the last part of a path is a noun in the plural."""
    last = path.rstrip("/").rpartition("/")[2].removesuffix(".json")
    return last.endswith("s") and singular(last) != last


def _is_action(entry: OperationEntry) -> bool:
    """Return true if the last part of a path is a verb after an item: `/pulls/{number}/merge`."""
    last = entry.path.rstrip("/").rpartition("/")[2]
    return "/{" in entry.path and "{" not in last and not last.endswith("s")
