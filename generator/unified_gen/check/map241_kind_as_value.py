"""A value that is read from a property that names a kind of object.

Properties such as `kind`, `object` and `resource_type` have the same text in all records of a list. A text, id or address that is read from
one would be the same in every record. If the field is about the kind, accept it with the reason: `allow: {MAP241 <field>: …}`.

Wrong: `owners: {read: "owners[].kind"}`. Right: `owners: {read: "owners[].emailAddress"}`.
"""

from collections.abc import Iterator

from unified_gen.check.names import every_word, plain_fields
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP241", "a kind that is read as a value", __doc__, Severity.WARNING)

_KINDS = frozenset({"kind", "type", "object", "resource_type", "object_type", "entity_type", "_type", "etype", "field_type", "type_id"})
_VALUES = frozenset({"id", "text", "markdown", "email", "url"})
_SAME = frozenset({"kind", "type"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every text or id that is read from a property which names a kind."""
    for name, field, _ in plain_fields(resource):
        leaf = field.read
        if leaf is None or leaf.request or not leaf.path.names or field.model.type.kind not in _VALUES or field.codec or field.table:
            continue
        words = every_word(leaf.path.names[-1])
        own = frozenset(every_word(field.name))
        if "_".join(words) not in _KINDS or own & {*words} or own & _SAME:
            continue
        yield finding(
            CODE,
            f"`{name}` is read from `{leaf.text.value}`, which names a kind of object",
            leaf.text.span,
            help=f"read what differs from record to record, or accept it: `allow: {{MAP241 {name}: …}}`",
        )
