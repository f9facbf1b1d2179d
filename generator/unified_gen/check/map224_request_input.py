"""A field that reads an input of the request, in an operation whose requests do not have that input.

`request.x` is the value that was sent as the input `x`. Each operation that reads the record sends it, as a parameter, a literal or a field
of the same name, or has it in each record (`items_inputs`); otherwise every record would have an empty value.

Wrong: `channel_id: {read: request.chanel}` where requests have `channel`. Right: `channel_id: {read: request.channel}`.
"""

from collections.abc import Iterable, Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Span

CODE = rule("MAP224", "input of no request", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every `request.x` that some operation reads and does not send."""
    for name, span in dict(_inputs(resource.fields)).items():
        for operation in resource.operations:
            known = _sent(operation)
            if _reads(operation) and name not in known:
                yield finding(
                    CODE,
                    f"`request.{name}`: `{operation.name}` sends no input `{name}`",
                    span,
                    help=did_you_mean(name, tuple(sorted(known)), prefix="request."),
                )
                break


def _inputs(fields: Iterable[ResolvedField]) -> Iterator[tuple[str, Span]]:
    """Yield the inputs that reading the fields needs, and the paths that name them."""
    for field in fields:
        for leaf in (field.read, *field.fallbacks, *field.codec_reads):
            if leaf is not None and leaf.request and leaf.path.names:
                yield leaf.path.names[0], leaf.text.span
        if field.ast.id_format is not None:
            yield from ((part.name, field.ast.id_format.format.span) for part in field.parts if part.source is None)
        yield from _inputs(field.nested)


def _reads(operation: ResolvedOperation) -> bool:
    return any(
        step.response is not None and (step.response.record is not None or step.response.items is not None) for step in operation.steps
    )


def _sent(operation: ResolvedOperation) -> set[str]:
    sent = {assignment.target.name for step in operation.steps for assignment in step.assignments}
    sent |= {given.value for step in operation.steps for given, _ in step.ast.items_inputs}
    return sent | {step.ast.items_key.value for step in operation.steps if step.ast.items_key is not None}
