"""A field of a nested record that callers can give, and that a request leaves out though it sends the field around it.

The value would be dropped silently. Write it, or give the reason in `unsupported` under `write.<field>.<inner field>` (or
`<operation>.<field>.<inner field>`): the client then rejects the inner field with that reason.

Wrong: `attendees: {items: attendees, fields: {email: email, response: {read: status.response}}}`.
Right: with `unsupported: {write.attendees.response: only the attendee can answer}`.
"""

from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import listed
from unified_gen.resolve.inner_fields import not_sent, read_inner
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP223", "inner field not sent", __doc__)


def check(resource: ResolvedResource, used: Mapping[str, frozenset[str]]) -> Iterator[Diagnostic]:
    """Report every inner field that requests drop without a reason, with the operations that drop it."""
    read = {name for field in resource.fields for name in read_inner(field)}
    dropped: dict[str, list[str]] = {}
    for operation in resource.operations:
        for name, reason in not_sent(resource, operation, used.get(operation.name, frozenset())).items():
            if reason is None and name in read:  # MAP401 reports the others
                dropped.setdefault(name, []).append(operation.name)
    for name, operations in dropped.items():
        outer, _, inner = name.partition(".")
        field = resource.field_of(outer)
        yield finding(
            CODE,
            f"{listed(operations)} sends `{outer}` without its `{inner}`",
            field.ast.name.span if field is not None else resource.ast.resource.span,
            help=f"write it, or give a reason: `unsupported: {{write.{name}: …}}`",
        )
