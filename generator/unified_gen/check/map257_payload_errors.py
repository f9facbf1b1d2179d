"""Errors in the value of a GraphQL mutation that nothing reads.

Some vendors report a rejected mutation beside its record, with status 200 and without `errors` at the top: `userErrors`. If `errors` has
no `payload`, the call looks successful, although nothing was changed. The name of the list ends with `errors`, and its elements have a
`message`. If the list has warnings only, accept it: `allow: {MAP257 <field>: …}`.

Wrong: `errors: {failed_if: errors}`. Right, in addition: `payload: {failed_if: userErrors, message: "userErrors[0].message"}`.
"""

from collections.abc import Iterable, Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.graphql_errors import error_list
from unified_openapi.schemas.shapes import Schemas

CODE = rule("MAP257", "errors of a mutation are not read", __doc__)


def check(vendor: ast.Vendor, schemas: Schemas, resources: Iterable[ResolvedResource]) -> Iterator[Diagnostic]:
    """Report each name of a list of errors once, at the first step whose mutation has it."""
    if vendor.errors is not None and vendor.errors.payload is not None:
        return
    found: dict[str, ResolvedStep] = {}
    for step in (step for resource in resources for operation in resource.operations for step in operation.steps):
        if step.facts.graphql is not None and not step.facts.graphql.reads and (name := error_list(step.facts, schemas)) is not None:
            found.setdefault(name, step)
    for name, step in found.items():
        yield finding(
            CODE,
            f"`{step.ast.operation.value}` reports errors in `{name}` of its value, which nothing reads",
            step.ast.operation.span,
            notes=(Note("`errors` of the vendor is here", vendor.errors.span),) if vendor.errors is not None else (),
            help=f'read them in vendor.yaml: `errors: {{payload: {{failed_if: {name}, message: "{name}[0].message"}}}}`',
        )
