"""Indexed parts of unified operations, and the operations of documents that they are equivalent to."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping

from unified_openapi.documents.words import singular, split
from unified_platform.catalog import capabilities
from unified_platform.search.documents import HEAD, KINDS, PATH, REST, OperationDocument
from unified_platform.search.synonyms import container
from unified_platform.search.words import STOP, is_plain_verb, is_verb, stem
from unified_platform.tools.definitions import Definition, definitions

_LENGTH = 6
"""Length of a unified operation: its synonyms are other words for the same, and not more to be named by a request. Each further word of
its resource adds to it."""

_MODIFIER = 4
_SPECIAL = 2
"""Length that a verb adds which is not that of its kind, such as `upsert`: a request without it means the plain operation."""
_OF_ALL, _ACROSS = "records.search", 8
"""The operation that searches all resources, and its length in addition: a request for one resource means that resource's own tool."""
_READS = frozenset({"get", "list", "changes"})

_OF_CONTAINER = re.compile(r"\b(?:of|in|on) an? (\w+)")
_EVERYWHERE = frozenset({"cursor", "id", "limit", "via", "extra", "url", "created_at", "updated_at", "name", "title"})
"""Arguments and fields that do not distinguish operations: most have them."""


def tool_document(definition: Definition, vendors: Collection[str]) -> OperationDocument:
    """Return what is indexed of a unified operation."""
    terms: dict[str, int] = {}
    of_record = definition.record.get("properties", ()) if definition.like in _READS else ()
    of_input = definition.parameters.get("properties", ()) if definition.like != "get" else ()
    fields = dict.fromkeys((*of_record, *of_input))
    _add(terms, " ".join(name for name in fields if name not in _EVERYWHERE and not name.endswith("_id")), REST)
    _add(terms, definition.description, REST)
    nouns = _nouns().get(definition.resource, frozenset())  # empty for a resource that is not in the catalog
    for phrase in definition.synonyms:
        own = phrase in nouns or not is_verb(phrase)
        own = own and _owners().get(phrase, definition.resource) == definition.resource
        parts = [stem(word) for word in split(phrase)]
        _add(terms, phrase, PATH if own and (len(parts) == 1 or phrase not in nouns) else REST)
        if own and len(parts) > 1:
            terms["".join(parts)] = PATH
    across = definition.operation == _OF_ALL
    _add(terms, f"{definition.resource} {definition.verb}", REST if across else HEAD)
    if definition.verb in STOP:
        terms[definition.verb] = HEAD
    for one, weight in _containers(definition).items() if definition.like == "list" else ():
        terms[container(stem(singular(one)))] = weight
    kind = definition.like if definition.like in KINDS else "act"
    length = (
        _LENGTH
        + _MODIFIER * definition.resource.count("_")
        + HEAD * definition.verb.count("_")
        + (_ACROSS if across else 0)
        + (0 if definition.operation in _first_of_kind() or "_" in definition.verb else _SPECIAL)
    )
    return OperationDocument(definition.operation, definition.description, terms, kind, length, tuple(sorted(vendors)))


def _containers(definition: Definition) -> dict[str, int]:
    """Return the records whose contents an operation lists, with a weight: the calendar of events, by an argument or its description."""
    needed = definition.parameters.get("required", ())
    arguments = {
        name.removesuffix("_id"): HEAD if name in needed else PATH
        for name in definition.parameters.get("properties", ())
        if name.endswith("_id")
    }
    return arguments | dict.fromkeys(_OF_CONTAINER.findall(definition.description), HEAD)


@functools.cache
def _first_of_kind() -> frozenset[str]:
    """Return the operations that a request without a special verb means: of each kind the plain one, or the first, such as `upload`."""
    found: dict[tuple[str, str], Definition] = {}
    for one in definitions().values():
        known = found.get((one.resource, one.like))
        if known is None or one.verb == one.like or ("_" in known.verb and known.verb != known.like):
            found[one.resource, one.like] = one
    return frozenset(one.operation for one in found.values())


@functools.cache
def _nouns() -> Mapping[str, frozenset[str]]:
    """Return the synonyms of each resource: those that all of its operations have."""
    found: dict[str, frozenset[str]] = {}
    for one in definitions().values():
        found[one.resource] = found.get(one.resource, frozenset(one.synonyms)) & frozenset(one.synonyms)
    return found


@functools.cache
def _owners() -> Mapping[str, str]:
    """Return the resource that a synonym means before others, by it: the one that lists it first. A ticket is a task before a comment."""
    found: dict[str, tuple[int, str]] = {}
    for definition in definitions().values():
        for position, phrase in enumerate(definition.synonyms):
            if phrase not in found or (position, definition.resource) < found[phrase]:
                found[phrase] = position, definition.resource
    shared = {
        resource: {phrase for one in definitions().values() if one.resource == resource for phrase in one.synonyms}
        for _, resource in found.values()
    }
    return {phrase: resource for phrase, (_, resource) in found.items() if sum(phrase in some for some in shared.values()) > 1}


def _add(terms: dict[str, int], text: str, weight: int) -> None:
    for word in split(text):
        if word in STOP or is_plain_verb(word):
            continue
        one = stem(singular(word))
        terms[one] = max(weight, terms.get(one, 0))


def equivalents(offered: Mapping[str, Collection[str]]) -> Mapping[str, str]:
    """Return unified operations by the operation of a document that they consist of, as `vendor METHOD /path`.

    Args:
        offered: vendors by unified operation; others are left out.
    """
    found: dict[str, str] = {}
    for entry in capabilities.load():
        for resource in entry.resources.values():
            for one in resource.operations.values():
                name = f"{resource.name}.{one.name}"
                calls = {*one.calls}
                if len(calls) == 1 and entry.name in offered.get(name, ()):
                    found.setdefault(f"{entry.name} {calls.pop()}", name)
    return found
