"""Filter of consequential findings: those that are true only because of another error in the mapping are left out.

A misspelt path is an unknown path. It is also true, and useless, that the field is then not written, that no step uses it and that a
required input is missing: these findings vanish once the slip is fixed, and until then they hide it. Nothing is left out unless the error
it follows from is shown; an independent finding comes back with the next run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from unified_gen.diagnostics.codes.map212_response import NO_ENVELOPE
from unified_gen.language import ast
from unified_openapi.diagnostics.model import Diagnostic, Severity
from unified_openapi.source.spans import Span

_SLIPS = frozenset({"MAP003", "MAP004", "MAP005", "MAP101", "MAP104", "MAP108", "MAP201", "MAP210", "MAP307"})
"""A name was not found, or a short form does not fit, so everything it refers to counts as absent."""
_ABSENT = frozenset({"MAP109", "MAP207", "MAP208", "MAP401"})
"""A field that is unused: not sent, not read, not written, not mapped."""
_NOT_GIVEN = frozenset({"MAP103", "MAP109"})
"""An input that nothing fills, or that goes nowhere."""
_BELOW_ENVELOPE = frozenset({"MAP103", "MAP104", "MAP107", "MAP109", "MAP201", "MAP202", "MAP209", "MAP212", "MAP412"})
"""Paths, inputs and lists that are looked up inside the vendor's envelope."""
_NAME = re.compile(r"`([^`]+)` is neither")
_REQUEST = re.compile(r"`request\.([^`]+)`: ")
_NO_INPUT = re.compile(r" has no input `([^`]+)`")
_PART = re.compile(r"nothing is called `[^`.]+\.([^`]+)`")
_NEEDED = re.compile(r"requires the path parameter `([^`]+)`")
_VENDOR_VALUE = re.compile(r"the vendor has no value .* for `([^`]+)`$")
_NOT_READ = re.compile(r"no row of `([^`]+)` reads '([^']+)'$")
_NO_VALUE = re.compile(r"`([^`]+)` has no value ")
_NO_ROW = re.compile(r"`([^`]+)` can be '?([^',]+)'?, and no row")
_MEANT = re.compile(r"did you mean `([^`]+)`\?")


def without_consequences(resources: Sequence[ast.Resource], diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the findings of a vendor, without those that follow from others of them; the order is preserved."""
    found = tuple(diagnostics)
    slips = [one for one in found if one.severity is Severity.ERROR and one.code in _SLIPS]
    dropped = {id(one) for resource in resources for one in _of_resource(resource, found, slips)}
    dropped |= {id(one) for resource in resources for one in _without_use(resource, found)}
    dropped |= {id(one) for one in (*_keys(found), *_below_envelope(found), *_unmapped(found), *_queries(found))}
    dropped |= {id(one) for resource in resources for one in (*_warnings(resource, found, slips), *_parts(resource, found))}
    dropped |= {id(one) for one in (*_misspelt_rows(found), *_allowed(found))}
    return tuple(one for one in found if id(one) not in dropped)


def _of_resource(resource: ast.Resource, found: Sequence[Diagnostic], slips: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    own = [slip for slip in slips if slip.span.file == resource.span.file]
    if not own:
        return
    absent = {field.name.value for field in resource.fields if any(_within(slip.span, field.span) for slip in own)}
    absent |= {meant[1] for slip in own if slip.code == "MAP210" and (meant := _MEANT.fullmatch(slip.help or "")) is not None}
    not_read = {slip.span for slip in own if slip.code == "MAP201"}
    shaken = [operation for operation in resource.operations if any(_within(slip.span, operation.span) for slip in own)]
    for one in found:
        if one.span.file != resource.span.file:
            continue
        operation = next((operation for operation in resource.operations if _at(one.span, operation)), None)
        goes_nowhere = one.code in _ABSENT and any(f"`{name}`" in one.message or f".{name}` is neither" in one.message for name in absent)
        not_given = one.code in _NOT_GIVEN and operation is not None and (operation in shaken or (absent and one.code == "MAP103"))
        same_path = (
            one.code == "MAP104" and one.span in not_read
        )  # the one path of a field, unknown in the record, is unknown in requests too
        untyped = one.code == "MAP202" and any(slip.code == "MAP005" and _same_field(resource, slip, one) for slip in own)
        batched = one.code == "MAP111" and (shaken or any(not _in_field(resource, slip) for slip in own))
        if goes_nowhere or not_given or same_path or untyped or batched:
            yield one


def _unmapped(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield unused inputs of fields that are not mapped: mapping the field is the correction of both."""
    names = {(one.span.file, match[1]) for one in found if one.code == "MAP401" and (match := _NAME.match(one.message)) is not None}
    for one in found:
        if one.code == "MAP109" and any(one.span.file == file and one.message.endswith(f" uses `{name}`") for file, name in names):
            yield one


def _without_use(resource: ast.Resource, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield requests without a use in operations that another error is in: what is not used, or not sent, is probably the broken part."""
    for operation in resource.operations:
        inside = [one for one in found if one.span.file == resource.span.file and _at(one.span, operation)]
        if any(one.severity is Severity.ERROR for one in inside):
            yield from (one for one in inside if one.code in ("MAP116", "MAP117"))


def _queries(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield malformed clauses whose reference has no meaning: the clause is compared without it."""
    references = [one.span for one in found if one.code == "MAP004"]
    for one in found:
        if one.code == "MAP236" and any(_within(span, one.span) or span == one.span for span in references):
            yield one


def _below_envelope(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield what is missing below an envelope that does not exist."""
    if any(one.message.startswith(NO_ENVELOPE) for one in found):
        yield from (one for one in found if one.code in _BELOW_ENVELOPE and not one.message.startswith(NO_ENVELOPE))


def _warnings(resource: ast.Resource, found: Sequence[Diagnostic], slips: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield warnings about an operation or field in which a name was not found; without it, they compare the wrong thing."""
    own = [slip for slip in (*slips, *(one for one in found if one.code in ("MAP001", "MAP302"))) if slip.span.file == resource.span.file]
    parts = [operation.span for operation in resource.operations] + [field.span for field in resource.fields]
    shaken = [span for span in parts if any(_within(slip.span, span) for slip in own)]
    for one in found:
        if one.severity is Severity.WARNING and any(_within(one.span, span) for span in shaken):
            yield one


def _parts(resource: ast.Resource, found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield what follows from an input that one `params` of a file, or a part of an id, misspells: no request has it then."""
    own = [one for one in found if one.span.file == resource.span.file]
    nowhere = any(one.code == "MAP104" and one.message.startswith("no call of this mapping") for one in own)
    inputs = {match[1] for one in own if one.code == "MAP224" and (match := _REQUEST.match(one.message)) is not None}
    taken = {match[1] for one in own if one.code == "MAP104" and (match := _NO_INPUT.search(one.message)) is not None}
    for one in own:
        request, no_input = _REQUEST.match(one.message), _NO_INPUT.search(one.message)
        part = _PART.match(one.message) or _NEEDED.search(one.message)
        if (
            (nowhere and one.code in ("MAP103", "MAP109", "MAP208", "MAP117", "MAP224"))
            or (one.code == "MAP104" and no_input is not None and no_input[1] in inputs)
            or (one.code in ("MAP004", "MAP103") and part is not None and _near(part[1], inputs))
            or (one.code == "MAP224" and request is not None and any(_near(name, {request[1]}) for name in taken - inputs))
        ):
            yield one


def _near(name: str, others: set[str]) -> bool:
    return bool(get_close_matches(name, others, n=1, cutoff=0.6))


def _misspelt_rows(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield values without a row, or that no row reads, if a misspelt one is probably theirs."""
    hints = [(one, hint[1]) for one in found if (hint := _MEANT.match(one.help or "")) is not None]
    rows = {(one.span.file, match[1], hint) for one, hint in hints if one.code == "MAP302" and (match := _NO_VALUE.match(one.message))}
    cells = {(one.span.file, match[1], hint) for one, hint in hints if one.code == "MAP304" and (match := _VENDOR_VALUE.match(one.message))}
    for one in found:
        match = _NO_ROW.match(one.message) if one.code == "MAP302" else None
        if match is not None and any((one.span.file, match[1], value) in rows for value in (match[2], match[2].lower())):
            yield one
        match = _NOT_READ.match(one.message) if one.code == "MAP301" else None
        if match is not None and (one.span.file, match[1], match[2]) in cells:
            yield one


def _allowed(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield unused entries of `allow` in a file with an error, which may hide the finding that they accept."""
    broken = {one.span.file for one in found if one.severity is Severity.ERROR}
    yield from (one for one in found if one.code == "MAP405" and one.span.file in broken)


def _keys(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield missing keys of an object that has an unknown key: the unknown key is probably the missing one, misspelt."""
    unknown = [one for one in found if one.code == "MAP001"]
    for one in found:
        inside = one.code == "MAP007" and any(_within(other.span, one.span) or other.span == one.span for other in unknown)
        if inside or (one.code in ("MAP007", "MAP010") and any(_beside(other.span, one.span) for other in unknown)):
            yield one


def _beside(one: Span, other: Span) -> bool:
    """Return true if two keys are on one line, or in lines that follow each other: keys of one object."""
    return one.file == other.file and abs(one.line - other.line) <= 1


def _same_field(resource: ast.Resource, slip: Diagnostic, one: Diagnostic) -> bool:
    """Return true if two findings are about one field: without its codec, the types differ."""
    return any(_within(slip.span, field.span) and _within(one.span, field.span) for field in resource.fields)


def _in_field(resource: ast.Resource, slip: Diagnostic) -> bool:
    return any(_within(slip.span, field.span) for field in resource.fields)


def _at(span: Span, operation: ast.Operation) -> bool:
    return _within(span, operation.name.span) or _within(span, operation.span)


def _within(inner: Span, outer: Span) -> bool:
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return inner.file == outer.file and start <= (inner.line, inner.column) < end
