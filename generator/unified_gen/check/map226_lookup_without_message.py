"""A look-up that may find nothing, and a later request that needs what it finds.

With `where`, the saved element is the first that matches, and `[0]` the first of all; there may be none. `not_found` is the error's message
then. Without it, the later request would be sent without the value, after others may have been sent. A step whose `if` tests the saved
value needs no message.

Wrong: `{operation: getTransitions, save: {transition: transitions}, where: {to.name: status}}`. Right: with
`not_found: no transition leads to {status}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep, SavedValue
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.paths import Index

CODE = rule("MAP226", "look-up without a message", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every search in a response without `not_found` that a later step depends on."""
    for operation in resource.operations:
        for step in operation.steps:
            for saved in step.saved:
                user = _user(operation, step, saved.name) if _may_be_none(saved) and saved.not_found is None else None
                if user is not None:
                    yield finding(
                        CODE,
                        f"`{saved.name}` may match nothing, and `{user.ast.operation.value}` needs it",
                        saved.leaf.text.span,
                        notes=(Note("needed here", user.ast.operation.span),),
                        help="add `not_found` with the message of the error, or `if` to the later step",
                    )


def _may_be_none(saved: SavedValue) -> bool:
    return bool(saved.searched) or (bool(saved.leaf.path.segments) and isinstance(saved.leaf.path.segments[-1], Index))


def _user(operation: ResolvedOperation, searching: ResolvedStep, name: str) -> ResolvedStep | None:
    """Return the first later step that uses a saved value without testing that it is there."""
    later = operation.steps[operation.steps.index(searching) + 1 :]
    for step in later:
        groups = step.condition.any_of if step.condition is not None else ()
        tested = bool(groups) and all(
            any(test.given and test.reference.kind == "saved" and test.reference.name == name for test in group) for group in groups
        )
        tests = {id(test.reference) for group in groups for test in group}  # a test itself does not need it
        several = (each.texts for each in step.assignments if len(each.texts) > 1)  # of templates, another one is sent
        tests |= {id(piece) for texts in several for pieces in texts for piece in pieces}
        if not tested and any(r.kind == "saved" and r.name == name and id(r) not in tests for r in step_references(step)):
            return step
    return None
