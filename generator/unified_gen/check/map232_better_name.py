"""A field whose location is named less like it than a sibling of the same type.

The vendor has another property beside the mapped one, of the same type, which is named like the field, and no field is mapped to it:
`created_at: {read: updated}` beside `created`. Both compile, and no type shows which is right. If the mapping is right, accept it with the
reason: `allow: {MAP232 <field>: …}`.

Wrong: `title: notes` where the record also has `name`. Right: `title: name`.
"""

import re
from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding
from unified_openapi.schemas.paths import Name
from unified_openapi.schemas.shapes import Shape

CODE = rule("MAP232", "a sibling is named like the field", __doc__, Severity.WARNING)

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SAME = (
    {"title", "name", "subject", "summary"},
    {"description", "body", "note", "notes", "desc", "content"},
    {"created", "creation", "inserted", "added"},
    {"updated", "modified", "changed", "edited"},
    {"due", "deadline"},
    {"start", "begin", "starts"},
    {"end", "finish", "ends"},
    {"completed", "closed", "finished", "resolved", "done"},
    {"assignee", "assigned", "responsible"},
    {"creator", "author", "reporter"},
    {"email", "mail"},
    {"first", "given"},
    {"last", "family"},
    {"parent", "superior"},
    {"street", "route"},
    {"city", "locality"},
    {"region", "state", "province"},
    {"postal", "zip", "postcode"},
)
"""Words that name the same."""
_EMPTY = {"at", "on", "date", "time", "id", "ids", "datetime", "is", "the", "of"}
"""Words that do not distinguish fields."""


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field whose sibling is named like it while its own location is not."""
    mapped = {leaf.path.segments for field in resource.fields for leaf in field.leaves()}
    for field in resource.fields:
        leaf = field.read
        if leaf is None or leaf.request or not leaf.path.names or field.parts or field.nested or field.codec or field.table:
            continue  # a codec, or enum values, show what the location holds
        wanted, own = _tokens(field.name), _tokens(".".join(leaf.path.names))
        if not wanted or wanted & own:
            continue
        better = [
            name
            for name in _siblings(resource, leaf)
            if wanted <= _tokens(name) <= wanted | own and (*leaf.path.segments[:-1], Name(name)) not in mapped
        ]
        if better:
            yield _finding(resource, field, leaf, min(better, key=len))


def _finding(resource: ResolvedResource, field: ResolvedField, leaf: Leaf, name: str) -> Diagnostic:
    return finding(
        CODE,
        f"`{field.name}` is read from `{leaf.text.value}`, and its sibling `{name}` is of the same type and named like it",
        leaf.text.span,
        notes=(Note("the siblings", resource.unit.document.span(resource.record_pointer)),),
        help=f"map `{name}`, or accept it: `allow: {{MAP232 {field.name}: …}}`",
    )


def _siblings(resource: ResolvedResource, leaf: Leaf) -> Iterator[str]:
    """Yield the other properties of the object that holds a location, of the same type and format."""
    last = leaf.path.segments[-1]
    own = leaf.shape
    if not isinstance(last, Name) or own is None:
        return
    schemas = resource.unit.schemas
    around: Shape | None = resource.record
    for segment in leaf.path.segments[:-1]:
        pointer = around.properties.get(segment.name) if isinstance(segment, Name) and around is not None else None
        around = schemas.shape(pointer) if pointer is not None else None
    for name, pointer in (around.properties if around is not None else {}).items():
        shape = schemas.shape(pointer)
        if name != last.name and shape.kinds == own.kinds and shape.formats == own.formats and not shape.deprecated:
            yield name


def _tokens(name: str) -> frozenset[str]:
    found = {word.lower() for word in _WORDS.findall(name)} - _EMPTY
    return frozenset(min(next((group for group in _SAME if word in group), {word})) for word in found)
