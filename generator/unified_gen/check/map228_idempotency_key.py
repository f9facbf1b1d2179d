"""The call's key in an input that does not look like one for idempotency.

A request with `call.key` is sent again after a lost response, because the vendor executes requests with the same key once. In any other
input (an external id, a description) the vendor executes it twice. Inputs of that kind have names such as `Idempotency-Key`, `nonce`,
`transactionId` or `requestId`, or are the id of the record that is created. If the vendor deduplicates by another input, state it in
`allow` with the reason: `MAP228 <operation>: …`. A request without the key is reported too, if another alternative sends it to the same
operation.

Wrong: `params: {ticket.external_id: call.key}`. Right: `params: {Idempotency-Key: call.key}`.
"""

import re
from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP228", "key in another input", __doc__)

_DEDUPLICATES = re.compile(
    r"idempot|nonce|txn|transaction|dedup|(?:client_?)?(?:request|mutation|message|msg|action)_?(?:id|token|key)\b|once"
)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every input that is filled with the call's key and is not known to deduplicate."""
    for operation in resource.operations:
        keyed = {step.facts.name for step in operation.steps if _keyed(step)}
        for step in operation.steps:
            if operation.alternatives and step.writes and step.facts.name in keyed and not _keyed(step):
                call = step.ast.operation
                yield finding(
                    CODE,
                    f"`{call.value}` is sent without the call's key, which another alternative sends",
                    call.span,
                    help=f"send it, or accept it: `allow: {{MAP228 {call.value}: …}}`",
                )
            for assignment in step.assignments:
                target, reference = assignment.target, assignment.reference
                if reference is None or reference.kind != "key" or step.ast.reconcile is not None:
                    continue
                last = target.path.names[-1] if target.path.names else target.name
                name = re.sub(r"(?<=[a-z])(?=[A-Z])|-", "_", last).lower()
                if name != "id" and not _DEDUPLICATES.search(name):
                    yield finding(
                        CODE,
                        f"`{step.ast.operation.value}` sends the call's key as `{target.name}`, which is not known to prevent duplicates",
                        assignment.span,
                        help=f"use the vendor's input of idempotency keys, or accept: `allow: {{MAP228 {step.ast.operation.value}: …}}`",
                    )


def _keyed(step: ResolvedStep) -> bool:
    return any(one.reference is not None and one.reference.kind == "key" for one in step.assignments)
