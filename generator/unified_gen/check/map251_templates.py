"""Templates that leave out an input which others have.

Of the templates, the first whose references are all given is sent; if there is none, nothing is. If an input may be the only one that is
given, or is required, a template needs no other optional input; and if one input is joined with the saved value of another, the reverse
needs a template too. Otherwise what callers give is lost, or the other half of the vendor's value. If no template is meant for it, accept
it with the reason: `allow: {MAP251 <input>: …}`.

Wrong: `name: ["{first} {last}", "{before.first} {last}"]`. Right: also `"{first} {before.last}"`.
"""

import itertools
from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.alternatives import ABSENT, GIVEN, holds, tested
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP251", "templates that leave out an input", __doc__, Severity.WARNING)

_MOST = 6
"""Inputs of which all combinations are tried."""


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report templates, one or several, in which an input has no template, by itself or with saved values."""
    for operation in resource.operations:
        for step in operation.steps:
            for one in step.assignments:
                if one.texts:
                    yield from _of(step, one)


def _of(step: ResolvedStep, one: Assignment) -> Iterator[Diagnostic]:
    texts = [[piece for piece in text if not isinstance(piece, str)] for text in one.texts]
    inputs = sorted({each.name for text in texts for each in text if _optional(each)})
    required = sorted({each.name for text in texts for each in text if each.kind in ("field", "input") and _always(each)})
    mixed = {each.name for text in texts if any(other.kind == "saved" for other in text) for each in text if _optional(each)}
    name = one.target.path.text or one.target.name
    if len(inputs) > _MOST:
        return
    for given in itertools.chain.from_iterable(itertools.combinations(inputs, size) for size in range(not required, len(inputs) + 1)):
        if _runs(step, given) and not any(all(each.name in given or _always(each) for each in text) for text in texts):
            lacking = given or tuple(required)
            yield _finding(step, name, lacking[0], one, f"has no template for {' and '.join(f'`{each}`' for each in lacking)}")
            return
    for left in sorted({*inputs} - mixed) if mixed and any(len({*map(_key, text)} & {*inputs}) > 1 for text in texts) else ():
        if any(left == each.name for text in texts if len(text) > 1 for each in text):
            yield _finding(step, name, left, one, f"joins `{min(mixed)}` with a saved value, and `{left}` with none")
            return


def _optional(reference: Reference) -> bool:
    return reference.kind in ("field", "input") and reference.absent


def _key(reference: Reference) -> str:
    return reference.name


def _always(reference: Reference) -> bool:
    return not reference.absent


def _runs(step: ResolvedStep, given: tuple[str, ...]) -> bool:
    """Return true if a step runs with only these of its templates' inputs; other values may be given too."""
    if any(required.name not in given for required in step.requires):
        return False
    if step.condition is None:
        return True
    names = {tested(test.reference): test.reference for group in step.condition.any_of for test in group}
    state = {key: GIVEN if reference.kind == "saved" or reference.name in given else ABSENT for key, reference in names.items()}
    return holds(step.condition, state)


def _finding(step: ResolvedStep, name: str, given: str, one: Assignment, problem: str) -> Diagnostic:
    return finding(
        CODE,
        f"`{name}` of `{step.ast.operation.value}` {problem}",
        one.span,
        help=f"add one, or accept it: `allow: {{MAP251 {given}: …}}`",
    )
