"""An id that is read from a property which does not identify, beside one that does.

A field of type `id` is read from a property such as a name or a description, and the same object has one such as `id`. Names change and
occur twice, and other operations do not accept them as ids. If the vendor identifies the record by this property, accept it with the
reason: `allow: {MAP233 <resource>.<field>: …}`.

Wrong: `assignee_ids: assignees[].name`. Right: `assignee_ids: assignees[].id`.
"""

from collections.abc import Iterator

from unified_gen.check.names import covers, every_word, plain_fields, siblings, tokens
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.documents.words import singular
from unified_openapi.schemas.paths import Name

CODE = rule("MAP233", "an id is read from what does not identify", __doc__, Severity.WARNING)

_ID_WORDS = frozenset({"id", "ids", "gid", "key", "uid", "uuid", "guid", "number", "login", "slug", "ts", "code"})
_IDENTIFIERS = frozenset({"id", "gid", "key", "uuid"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every id whose location does not identify, although a sibling does."""
    called = resource.model.resource.value
    own = {*every_word(singular(called)), "id"}
    for name, field, root in plain_fields(resource):
        leaf = field.read
        identifies = field.model.type.kind == "id" or field.name == "id"
        if not identifies or leaf is None or leaf.request or field.parts or not leaf.path.segments:
            continue
        if field.name != "id" and len(leaf.path.segments) == 1:
            continue  # the `id` beside it is that of the record itself, not of the one that it refers to
        last = leaf.path.segments[-1]
        if not isinstance(last, Name) or _ID_WORDS & {*every_word(last.name)[:1], *every_word(last.name)[-1:]}:
            continue
        wanted = tokens(field.name)
        if wanted and covers(wanted, tokens(last.name)):
            continue
        better = [
            other
            for depth in ((0, len(leaf.path.segments) - 1) if field.name == "id" else (None,))
            for other, _ in siblings(resource, leaf, root, depth)
            if "_".join(every_word(other)) in _IDENTIFIERS or (name == "id" and {*every_word(other)} == own)
        ]
        if better:
            yield finding(
                CODE,
                f"`{called}.{name}` is read from `{leaf.text.value}`, which does not identify; its sibling `{better[0]}` does",
                leaf.text.span,
                help=f"read `{better[0]}`, or accept it: `allow: {{MAP233 {called}.{name}: …}}`",
            )
