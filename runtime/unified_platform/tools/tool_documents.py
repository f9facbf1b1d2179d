"""Indexed parts of unified operations, and the operations of documents that they are equivalent to."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping

from unified_openapi.documents.words import singular, split
from unified_platform.catalog import capabilities
from unified_platform.search.documents import HEAD, KINDS, PATH, REST, OperationDocument
from unified_platform.search.words import STOP, is_plain_verb, is_verb, stem
from unified_platform.tools.definitions import Definition, definitions

_LENGTH = 6
"""Length of every unified operation: its synonyms are other words for the same, and not more to be named by a request."""

_EVERYWHERE = frozenset({"cursor", "id", "limit", "via", "extra", "url", "created_at", "updated_at", "name", "title"})
"""Arguments and fields that do not distinguish operations: most have them."""


def tool_document(definition: Definition, vendors: Collection[str]) -> OperationDocument:
    """Return what is indexed of a unified operation."""
    terms: dict[str, int] = {}
    fields = definition.record.get("properties", ()) if definition.like == "get" else definition.parameters.get("properties", ())
    _add(terms, " ".join(name for name in fields if name not in _EVERYWHERE and not name.endswith("_id")), REST)
    _add(terms, definition.description, REST)
    for phrase in definition.synonyms:
        own = _owners().get(phrase, definition.resource) == definition.resource and not is_verb(phrase)
        _add(terms, phrase, PATH if own else REST)
    _add(terms, f"{definition.resource} {definition.verb}", HEAD)
    kind = definition.like if definition.like in KINDS else "act"
    return OperationDocument(definition.operation, definition.description, terms, kind, _LENGTH, tuple(sorted(vendors)))


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
        if word in STOP or (is_plain_verb(word) and weight != PATH):
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
