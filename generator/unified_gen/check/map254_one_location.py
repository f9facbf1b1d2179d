"""Two fields that are read from one location.

Each property of the record means one thing, so that one of the fields is probably read from the wrong one. Fields with a codec, an enum or
several locations derive different values, and an `id` may be the key that people see. If the vendor has one property for both, accept it
with the reason: `allow: {MAP254 <field>: …}`.

Wrong: `region: {read: address.country}` beside `country: {read: address.country}`. Right: `region: {read: address.state}`.
"""

from collections.abc import Iterator

from unified_gen.check.names import plain_fields
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP254", "two fields of one location", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field that is read from the location of an earlier one."""
    seen: dict[tuple[str, str, str], ResolvedField] = {}
    for name, field, _ in plain_fields(resource):
        leaf = field.read
        single = not (field.codec or field.table or field.parts or field.nested or field.fallbacks or field.ast.items)
        if leaf is None or leaf.request or not leaf.path.segments or not single or name == "id" or name.endswith(".id"):
            continue
        key = (name.removesuffix(field.name), leaf.path.text, field.model.type.kind)
        other = seen.setdefault(key, field)
        if other is not field and other.read is not None:
            yield finding(
                CODE,
                f"`{name}` is read from `{leaf.text.value}`, as `{other.name}` is",
                leaf.text.span,
                notes=(Note("the other field", other.read.text.span),),
                help=f"map another property, or accept it: `allow: {{MAP254 {name}: …}}`",
            )
