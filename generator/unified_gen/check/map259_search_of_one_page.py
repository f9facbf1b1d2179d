"""A record that is searched in a page of the usual size, or in any order.

A step that searches a list reads its first page: `where` of `save` or `record`, and `reconcile`, find nothing that is not on it. If the
operation accepts the size of the page, the request sets it, and `reconcile` also the order if the operation accepts one. If the list is
never longer than the usual page, accept it with the reason: `allow: {MAP259 <operation>: …}`.

Wrong: `{listLabels: {}, save: {found: labels}, where: {name: label}}`. Right: the same with `constants: {per_page: 100}`.
"""

from collections.abc import Iterator

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.schemas.pagination import pagination_of
from unified_openapi.schemas.shapes import Schemas
from unified_openapi.source.spans import Text

CODE = rule("MAP259", "search of one page", __doc__, Severity.WARNING)

_ORDER = frozenset({"sort", "order_by", "sort_by", "order"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every search of a list that does not set the size of its only page, or the order in which a new record is on it."""
    schemas = resource.unit.schemas
    for operation in resource.operations:
        for step in operation.steps:
            if step.located or any(one.searched for one in step.saved):
                yield from _sized(step, schemas)
            found = step.reconcile
            if found is not None and found.items is not None:
                if found.pagination is None:
                    yield from _sized(found.lookup, schemas)
                yield from _ordered(found.lookup)


def _sized(step: ResolvedStep, schemas: Schemas) -> Iterator[Diagnostic]:
    size = pagination_of(step.facts, schemas, step.body.pointer if step.body is not None else None).size
    compared = {reference.text.value: reference for one in step.saved for _, reference in one.searched}
    compared |= {reference.text.value: reference for _, reference in step.located}
    sent = {one.reference.text.value for one in step.assignments if one.reference is not None}
    if any(name in sent and not (one.type is not None and one.type.many) for name, one in compared.items()):
        return  # few records have the value that is sent
    if size is not None and step.pagination is None and size not in _given(step):
        yield _finding(step.ast.operation, f"is searched for a record, and `{size}` does not set the size of its page")


def _ordered(step: ResolvedStep) -> Iterator[Diagnostic]:
    accepted = (one.name for one in step.facts.parameters if "_".join(every_word(one.name)) in _ORDER)
    order = next(accepted, None)
    if order is not None and order not in _given(step) and not any(one.query is not None for one in step.assignments):
        yield _finding(step.ast.operation, f"is searched for a new record, and `{order}` does not set its order")


def _given(step: ResolvedStep) -> set[str]:
    return {one.target.name for one in step.every_assignment}


def _finding(called: Text, problem: str) -> Diagnostic:
    return finding(CODE, f"`{called.value}` {problem}", called.span, help=f"set it, or accept it: `allow: {{MAP259 {called.value}: …}}`")
