"""An input that the vendor requires and no one provides.

Required parameters and body properties must be filled by `params`, `constants`, `defaults`, `send` or `query`, or be an input that the
operation always has. A value that may be absent does not fill a required input, unless `requires` makes it compulsory for callers.
Where the vendor's `select` has `required: true`, a call that the record is read from must have its input.

Wrong: `{operation: getIssue}`. Right: `{operation: getIssue, params: {issueIdOrKey: id}}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.language.codecs import SESSIONS
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.shapes import Shape

CODE = rule("MAP103", "missing required input", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every required input of every call that may be missing."""
    for operation in resource.operations:
        for step in operation.requests:
            yield from _parameters(resource, operation, step)
            yield from _selection(resource, step)
            if step.body is not None:
                body = [a for a in step.assignments if a.target.location == "body"]
                if body or step.facts.body_required:
                    yield from _body(resource, operation, step, step.body, body, 0, "")
                for assignment in step.every_assignment:
                    yield from _elements(resource, operation, step, assignment)


def _elements(resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep, assignment: Assignment) -> Iterator[Diagnostic]:
    """Report missing inputs in each object of a list."""
    listed = assignment.target.walk.shape
    if not assignment.elements or listed is None or listed.items is None:
        return
    shape = resource.unit.schemas.shape(listed.items)
    yield from _body(resource, operation, step, shape, list(assignment.elements), 0, f"{assignment.target.name}[].", element=True)


def _sure(operation: ResolvedOperation, step: ResolvedStep, assignment: Assignment) -> bool:
    """Return true if an assignment puts a value there at every call."""
    if assignment.origin == "cursor" and step.condition is not None and "cursor" in step.condition.given:
        return True
    if assignment.always or assignment.origin in ("cursor", "size", "sync", "query"):
        return assignment.origin not in ("cursor", "size", "sync")
    required = {reference.name for other in operation.steps for reference in other.requires}
    chosen = [alternative.condition for alternative in operation.alternatives if step in alternative.steps]
    required |= {name for condition in (step.condition, *chosen) if condition is not None for name in condition.given}
    if assignment.reference is not None:
        return assignment.reference.name in required or not assignment.reference.absent or _also_saved(operation, step, assignment)
    if assignment.texts:
        named = ([piece for piece in pieces if not isinstance(piece, str)] for pieces in assignment.texts)
        if any(all(not reference.absent or reference.name in required for reference in references) for references in named):
            return True
        return _one_is_saved(operation, step, assignment)
    if assignment.field is not None:
        return operation.name in assignment.field.model.required or assignment.field.name in required
    return False


def _one_is_saved(operation: ResolvedOperation, step: ResolvedStep, assignment: Assignment) -> bool:
    """Return true if one of the saved values of several templates is always there.

    The condition of the step requires one of them, or one is saved by a step that runs if all others are absent.
    """
    names = {piece.name for pieces in assignment.texts for piece in pieces if not isinstance(piece, str) and piece.kind == "saved"}
    if step.condition is not None and all(
        any(test.given and test.reference.name in names for test in group) for group in step.condition.any_of
    ):
        return True
    return any(
        saved.name in names and {test.reference.name for test in group} == names - {saved.name} and all(test.absent for test in group)
        for other in operation.steps
        if other.condition is not None and len(other.condition.any_of) == 1
        for group in other.condition.any_of
        for saved in other.saved
    )


def _also_saved(operation: ResolvedOperation, step: ResolvedStep, assignment: Assignment) -> bool:
    """Return true if the value is of a response that is saved under the very condition of this step."""
    if step.condition is None or assignment.reference is None or assignment.reference.kind != "saved":
        return False
    return any(
        other.condition is not None and other.condition.text.value == step.condition.text.value
        for other in operation.steps
        for saved in other.saved
        if saved.name == assignment.reference.name
    )


def _parameters(resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep) -> Iterator[Diagnostic]:
    for parameter in step.facts.parameters:
        if parameter.name in _headers(resource) or parameter.name == step.in_header:
            continue
        filled = [a for a in step.assignments if a.target.parameter is not None and a.target.parameter.pointer == parameter.pointer]
        if parameter.required and not any(_sure(operation, step, assignment) for assignment in filled):
            how = "may be absent" if filled else "is not provided"
            yield finding(
                CODE,
                f"`{step.ast.operation.value}` requires the {parameter.location} parameter `{parameter.name}`, which {how}",
                step.ast.operation.span,
                notes=(Note("required here", resource.unit.document.span(parameter.pointer)),),
                help="provide it by `params` or `constants`, or name an input that provides it under `requires`",
            )
        if any(len(assignment.target.path.segments) > 1 for assignment in filled):  # properties of an object
            shape = resource.unit.schemas.shape(parameter.schema)
            yield from _body(resource, operation, step, shape, filled, 1, f"{parameter.name}.", where="its query")


def _selection(resource: ResolvedResource, step: ResolvedStep) -> Iterator[Diagnostic]:
    """Report a response that a record is read from, though it was not requested the fields that are read."""
    select, response = resource.unit.declaration.select, step.response
    if select is None or not select.required or response is None or (response.record is None and response.items is None):
        return
    below = any(leaf.path.names[:1] == (select.root,) for field in resource.fields for leaf in field.leaves() if not leaf.request)
    if below and not any(assignment.target.name == select.input.value for assignment in step.assignments):
        yield finding(
            CODE,
            f"`{step.ast.operation.value}` has no list `{select.input.value}`; without it the response lacks fields that are read from it",
            step.ast.operation.span,
            notes=(Note("responses have only the fields requested by this input", select.span),),
            help="read the record by a further step",
        )


def _headers(resource: ResolvedResource) -> set[str]:
    return {"Content-Type", "Accept", *(name.value for name, _ in resource.unit.declaration.headers)}


def _body(
    resource: ResolvedResource,
    operation: ResolvedOperation,
    step: ResolvedStep,
    shape: Shape,
    body: list[Assignment],
    depth: int,
    prefix: str,
    *,
    element: bool = False,
    where: str = "its body",
) -> Iterator[Diagnostic]:
    how = step.media.protocol if step.media is not None and depth == 0 else ""
    filled = SESSIONS[how].fills if how in SESSIONS else ()
    if step.media is not None and step.media.ast.field is not None and depth == 0:
        filled = (*filled, step.media.ast.field.value)
    if step.exchange is not None:
        filled = (*filled, *step.exchange.provides(depth))
    for name in sorted(shape.required - {*filled}):
        pointer = shape.properties.get(name)
        inner = resource.unit.schemas.shape(pointer) if pointer is not None else None
        if inner is not None and inner.read_only:
            continue
        below = [a for a in body if a.target.path.names[depth : depth + 1] == (name,)]
        if inner is not None and below and any(len(a.target.path.names) > depth + 1 for a in below):
            if "object" in inner.kinds and not inner.arms:
                yield from _body(resource, operation, step, inner, below, depth + 1, f"{prefix}{name}.", element=element, where=where)
            continue
        if element and any(a.field is not None and a.field.model.required for a in below):
            continue  # an element is written as a unit by any operation
        if not any(_sure(operation, step, a) for a in below) and not (_partial(operation, below) and not element):
            yield finding(
                CODE,
                f"`{step.ast.operation.value}` requires `{prefix}{name}` in {where}, "
                f"which {'may be absent' if below else 'is not provided'}",
                step.ast.operation.span,
                notes=(Note("required here", resource.unit.document.span(pointer or shape.pointer)),),
                help="provide it by `params`, `constants` or `send`, or name an input that provides it under `requires`",
            )


def _partial(operation: ResolvedOperation, below: list[Assignment]) -> bool:
    """Return an update sends the fields given: a vendor that shares one schema for create and update means create."""
    return operation.kind == "update" and any(a.origin == "send" for a in below)
