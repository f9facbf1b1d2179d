"""A declaration of `rate_limits` that does not fit the vendor's operations.

`operations` and `costs` name operations of the vendor's document, `partition_by` the word `operation` or an input of one of the limit's
operations: a parameter of its path or query, a property of its body. No operation costs more than the limit allows. If a vendor has limits,
each operation that a mapping calls is in one: a missing operation would be called without a limit. A limit without `operations` and
`methods` applies to all of them.

Right: `rate_limits: {default: {requests: 100, per_seconds: 10}, search: {requests: 5, per_seconds: 1, operations: [searchContacts]}}`.
"""

from collections.abc import Iterable, Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language.ast import Limit, Vendor
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.shapes import Schemas

CODE = rule("MAP410", "limits do not fit the operations", __doc__)


def check(
    vendor: Vendor, operations: Mapping[str, OperationFacts], schemas: Schemas, resources: Iterable[ResolvedResource]
) -> list[Diagnostic]:
    """Report faults of `rate_limits`. `resources` are those of the vendor's mappings."""
    found = [one for limit in vendor.rate_limits for one in _judged(limit, operations, schemas)]
    if found or not vendor.rate_limits:
        return found
    called = {facts.name: facts for resource in resources for operation in resource.operations for facts in resource.called(operation)}
    for name, facts in sorted(called.items()):
        if not any(_holds(limit, facts, operations) for limit in vendor.rate_limits):
            names = ", ".join(f"`{limit.name.value}`" for limit in vendor.rate_limits)
            help = f"add it to the `operations` of one of them: {names}"
            found.append(finding(CODE, f"`{name}` is in none of the vendor's limits", vendor.rate_limits[0].name.span, help=help))
    return found


def _judged(limit: Limit, operations: Mapping[str, OperationFacts], schemas: Schemas) -> Iterator[Diagnostic]:
    for text in (*limit.operations, *(name for name, _ in limit.costs)):
        if text.value not in operations:
            yield finding(CODE, f"the vendor has no operation `{text}`", text.span, help=did_you_mean(text.value, tuple(operations)))
            return
    for name, cost in limit.costs:
        if limit.requests is not None and cost > limit.requests:
            yield finding(CODE, f"`{name}` costs {cost}, more than the limit of {limit.requests}", name.span)
        if limit.operations and name.value not in {text.value for text in limit.operations}:
            yield finding(CODE, f"`{name}` is not one of the `operations` of this limit", name.span)
    for text in limit.partition_by:
        if text.value == "operation":
            continue
        of_limit = [facts for facts in operations.values() if _holds(limit, facts, operations)]
        known = {name for facts in of_limit for name in _taken(facts, schemas)}
        if text.value not in known:
            help = did_you_mean(text.value, sorted(known | {"operation"}))
            yield finding(CODE, f"no operation of this limit has an input `{text}`", text.span, help=help)


def _taken(facts: OperationFacts, schemas: Schemas) -> Iterator[str]:
    """Yield the names of an operation's inputs in its path and query, and at the top of its body."""
    yield from (one.name for one in facts.parameters if one.location in ("path", "query"))
    for pointer in facts.bodies.values():
        for shape in schemas.shape(pointer).variants():
            yield from shape.properties


def _holds(limit: Limit, facts: OperationFacts, operations: Mapping[str, OperationFacts]) -> bool:
    called = not limit.operations or any(operations[text.value].pointer == facts.pointer for text in limit.operations)
    return called and (not limit.methods or facts.method.upper() in {text.value for text in limit.methods})
