"""A name in a query that the vendor's record does not have.

Names before operators in a clause (`assignee = {assignee_id}`, `contains(subject, {text})`, HubSpot's `email EQ {email}`) are looked up
among the properties of the record. A vendor rejects a query with an unknown name, or ignores the clause, so that the list is not filtered.
Some names exist only in queries; accept one with the reason: `allow: {MAP229 <name>: …}`.

Wrong: `OwnerIdd = {owner_id}`. Right: `OwnerId = {owner_id}`.
"""

import re
from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.resolve.assignments import Reference, ResolvedQuery
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.source.spans import Span

CODE = rule("MAP229", "unknown name in a query", __doc__)

_COMPARED = re.compile(r"\b([A-Za-z_]\w*)\s*(?:!=|!~|<=|>=|=|<|>|~|\b(?:not\s+)?(?:like|in|is)\b)", re.IGNORECASE)
_ODATA = re.compile(r"\b([A-Za-z_]\w*)(?:/\w+)*\s+(?:eq|ne|gt|ge|lt|le)\b|\b(?:contains|startswith|endswith)\(\s*([A-Za-z_]\w*)")
_DRIVE = re.compile(r"\b([A-Za-z_]\w*)\s*(?:!=|<=|>=|=|<|>|\bcontains\b)|\bin\s+([A-Za-z_]\w*)")
_NAMES: Mapping[str, re.Pattern[str]] = {"jql": _COMPARED, "soql": _COMPARED, "odata": _ODATA, "drive": _DRIVE}
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_SUBQUERY = re.compile(r"\(\s*SELECT\b.*", re.IGNORECASE)
_NESTED = re.compile(r"\([^()]*\)")
_FROM = re.compile(r"\bFROM\s+(\w+)", re.IGNORECASE)
_ONLY_IN_QUERIES: Mapping[str, frozenset[str]] = {"jql": frozenset({"text"})}
"""Names of a language itself, for several fields of a record."""
_DEPTH = 3
"""Maximum depth of a name in the record: 3 in Jira's `fields.status.statusCategory`."""


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every name of a clause that no property of the record has."""
    known: frozenset[str] | None = None
    for operation in resource.operations:
        for step in operation.requests:
            for assignment in step.assignments:
                query = assignment.query
                if query is None or not _about(resource, query):
                    continue
                if known is None:
                    known = _properties(resource.unit.schemas, resource.record, _DEPTH) or frozenset()
                yield from _unknown(resource, query, known) if known else ()


def _about(resource: ResolvedResource, query: ResolvedQuery) -> bool:
    """Return true if a query finds records of the resource, as far as its text shows."""
    named = _FROM.search(_NESTED.sub("", _text(query.text)))
    return named is None or resource.ast.schema.value.startswith(named[1])


def _unknown(resource: ResolvedResource, query: ResolvedQuery, known: frozenset[str]) -> Iterator[Diagnostic]:
    exact = query.language not in ("jql", "soql")
    allowed = known if exact else frozenset(name.lower() for name in known)
    for name, span in _named(query):
        if name in _ONLY_IN_QUERIES.get(query.language, ()) or (name if exact else name.lower()) in allowed:
            continue
        if resource.custom_fields is not None and resource.custom_fields.fullmatch(name) and not exact:
            continue
        yield finding(
            CODE,
            f"`{name}`: {resource.ast.schema} has no property of this name",
            span,
            notes=(Note("looked up in this schema", resource.unit.document.span(resource.record_pointer)),),
            help=did_you_mean(name, tuple(sorted(known))) or f"or accept it: `allow: {{MAP229 {name}: …}}`",
        )


def _named(query: ResolvedQuery) -> Iterator[tuple[str, Span]]:
    pattern = _NAMES.get(query.language)
    for clause in query.clauses if pattern is not None else ():
        text = _SUBQUERY.sub("", _QUOTED.sub("''", _text(clause.pieces)))
        assert pattern is not None
        for found in pattern.finditer(text):
            yield next(name for name in found.groups() if name is not None), clause.span
    if query.language == "hubspot":
        for written in query.ast.all:
            value = written.value.value
            name = value.get("propertyName") if isinstance(value, dict) else None
            if isinstance(name, str) and "." not in name:  # a dotted name is of an associated record
                yield name, written.span


def _text(pieces: tuple[str | Reference, ...]) -> str:
    return "".join(piece if isinstance(piece, str) else "''" for piece in pieces)


def _properties(schemas: Schemas, shape: Shape, depth: int) -> frozenset[str] | None:
    """Return the names of properties down to a depth; None if the record is not described."""
    found: set[str] = set()
    for variant in (shape, *shape.variants()):
        for name, pointer in variant.properties.items():
            found.add(name)
            if depth > 1:
                inner = schemas.shape(pointer)
                inner = schemas.shape(inner.items) if inner.items is not None else inner
                found |= _properties(schemas, inner, depth - 1) or frozenset()
    return frozenset(found) or None
