"""Two ids in the path of a request that are one value.

A path with several ids names several records: a note and the deal that it is attached to. Filled with the same reference, the request
concerns a record and itself. If both are the same record, accept it with the reason: `allow: {MAP256 <operation>: …}`.

Wrong: `params: {objectId: deal_id, toObjectId: deal_id}`. Right: `params: {objectId: created.id, toObjectId: deal_id}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP256", "two ids of one value", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every path parameter that is filled with the reference of another one."""
    for operation in resource.operations:
        for step in operation.requests:
            filled: dict[str, Assignment] = {}
            for one in step.assignments:
                if one.reference is None or one.reference.kind == "part" or one.target.location != "path":
                    continue
                other = filled.setdefault(one.reference.text.value, one)
                if other is not one:
                    call = step.ast.operation.value
                    yield finding(
                        CODE,
                        f"`{one.target.name}` and `{other.target.name}` of `{call}` are both filled with `{one.reference.text}`",
                        one.span,
                        notes=(Note("the other one", other.span),),
                        help=f"fill each with its own id, or accept it: `allow: {{MAP256 {call}: …}}`",
                    )
