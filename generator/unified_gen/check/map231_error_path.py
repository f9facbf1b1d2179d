"""A path of `errors` that no described error response has.

The paths of `errors` are looked up in the schemas of error responses (status 4xx and 5xx, `default`) that the used operations declare. If
some are described and none has the path, errors would have no message or code. Without described error responses nothing is checked. If the
document's schema is not complete, an overlay declares the property, or the path is accepted: `allow: {MAP231 <path>: …}`.

Wrong: `errors: {message: error.mesage}`. Right: `errors: {message: error.message}`.
"""

from collections.abc import Iterable, Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.walk import walk

CODE = rule("MAP231", "unknown error path", __doc__)


def check(vendor: ast.Vendor, schemas: Schemas, resources: Iterable[ResolvedResource]) -> Iterator[Diagnostic]:
    """Report every path that all described error responses lack."""
    errors = vendor.errors
    if errors is None or errors.plain_text or errors.failed_if is not None:  # then failed responses have status 200
        return
    shapes = tuple(_described(schemas, resources))
    named = [(path, text.span) for text in (*errors.message, *errors.code) for path in text.paths]
    for path, span in named:
        if shapes and all(walk(schemas, shape, path).dead is not None for shape in shapes):
            yield finding(
                CODE,
                f"`{path.text}`: no error response that the document describes has this path",
                span,
                help=f"correct the path, declare it in overlay.yaml, or accept it: `allow: {{MAP231 {path.text}: …}}`",
            )


def _described(schemas: Schemas, resources: Iterable[ResolvedResource]) -> Iterator[Shape]:
    pointers = {
        pointer
        for resource in resources
        for operation in resource.operations
        for step in operation.steps
        for status, media in step.facts.responses.items()
        if status.startswith(("4", "5")) or status == "default"
        for pointer in media.values()
    }
    for pointer in sorted(pointers):
        shape = schemas.shape(pointer)
        if any(variant.properties for variant in (shape, *shape.variants())):
            yield shape
