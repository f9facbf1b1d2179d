"""A record that is written by one step under a condition, and by another step always.

Two steps of one operation that send the same fields by different requests exclude each other: one changes the record that was found, the
other one creates it. A step without a condition, after one that has one, is sent in addition to it. If both are meant, accept it with the
reason: `allow: {MAP261 <operation>: …}`.

Wrong: `- updateContact: fields` with `if: found`, then `- createContact: fields`. Right: the second one with `if: "!found"`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP261", "fields written twice", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every step without a condition that sends fields which an earlier step sends under one."""
    for operation in resource.operations:
        for number, step in enumerate(operation.steps if not operation.alternatives else ()):
            fields = {field.name for field in step.sends}
            for other in operation.steps[:number]:
                same = fields & {field.name for field in other.sends}
                if not same or step.condition is not None or other.condition is None or other.facts.name == step.facts.name:
                    continue
                called = step.ast.operation
                yield finding(
                    CODE,
                    f"`{called.value}` always sends `{min(same)}`, which `{other.ast.operation.value}` sends under a condition",
                    called.span,
                    notes=(Note("sent under a condition here", other.ast.operation.span),),
                    help=f"add the opposite condition, or accept it: `allow: {{MAP261 {called.value}: …}}`",
                )
                break
