"""A call that is not batched, or batched with less, though those of the vendor's other resources are.

Resources of a vendor often have the same calls: `DELETE /sobjects/Contact/{id}` and `DELETE /sobjects/Account/{id}`. If those of two other
resources are batched, and other calls of this one, this one could be too: each of its requests is sent by itself. If the batches of two
others have a key such as `item_constants` or `only_matching`, this one probably needs it too. If the vendor differs here, accept it with
the reason: `allow: {MAP245 <operation>: …}`.

Wrong: `batches` of two of three resources have `DELETE …/{id}`. Right: those of all three.
"""

import re
from collections.abc import Iterator, Sequence

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.resolved_batches import ResolvedBatch
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding
from unified_openapi.documents import OperationFacts

CODE = rule("MAP245", "batches of resources differ", __doc__, Severity.WARNING)

_LEAST = 2
"""Number of other resources that have what one lacks."""
_PARAMETER = re.compile(r"\{[^{}]*\}")


def check(resources: Sequence[ResolvedResource]) -> Iterator[Diagnostic]:
    """Report every call that is not batched, or batched without a key, unlike those of two other resources."""
    batches = [(resource, batch) for resource in resources for batch in resource.batches]
    if len(batches) < _LEAST:
        return
    for resource in (one for one in resources if one.batches):
        seen: set[str] = set()
        for operation in resource.operations:
            for step in operation.steps:
                call = step.facts
                like = [batch for owner, batch in batches if owner is not resource and _alike(batch.single, call)]
                if len(like) < _LEAST or call.name in seen:
                    continue
                seen.add(call.name)
                own = resource.batch_of(call.name)
                if own is None:
                    yield finding(
                        CODE,
                        f"`{step.ast.operation.value}` is not batched, and the like calls of {len(like)} other resources are",
                        step.ast.operation.span,
                        notes=(Note("one of these", like[0].ast.single.span),),
                        help=f"add it to `batches`, or accept it: `allow: {{MAP245 {step.ast.operation.value}: …}}`",
                    )
                else:
                    yield from _keys(own, like)


def _keys(own: ResolvedBatch, like: Sequence[ResolvedBatch]) -> Iterator[Diagnostic]:
    for name in ("item_constants", "only_matching", "constants", "shared_params"):
        if not getattr(own, name) and all(getattr(other, name) for other in like):
            yield finding(
                CODE,
                f"the batch of `{own.ast.single.value}` has no `{name}`, and those of {len(like)} other resources have",
                own.ast.single.span,
                help=f"add it, or accept it: `allow: {{MAP245 {own.ast.single.value}: …}}`",
            )


def _alike(one: OperationFacts, other: OperationFacts) -> bool:
    """Return true if two operations have the same method, and paths that differ in one name."""
    first, second = (_PARAMETER.sub("{}", facts.path).strip("/").split("/") for facts in (one, other))
    if one.method != other.method or len(first) != len(second):
        return False
    differ = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    return len(differ) <= 1 and all("{}" not in pair for pair in differ)
