"""An input that a like request fills, and this one leaves out.

Two requests are alike if they call the same operation of the vendor, or are alternatives of one operation and call operations with the same
last name (`calendars_ListView`, `ListView`). If one fills an input with a value that the other's call has too, or with a constant, and the
other accepts the input and leaves it out, it was probably forgotten there. If one step of an operation has an `exchange`, others with the
same call need it too. If it is meant, accept it with the reason: `allow: {MAP243 <input>: …}`.

Wrong: `reply: {sendMessage: {channel: id.channel}}` where `send` also has `links: link_previews`, and `reply` has that input. Right: both.
"""

import re
from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP243", "an input that a like request fills", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every input that a like request fills with what this one has too."""
    for operation in resource.operations:
        yield from _exchanges(operation)
    steps = [(operation, step) for operation in resource.operations for step in operation.steps]
    for operation, step in steps:
        filled = {one.target.name for one in step.every_assignment if one.origin != "default"}
        reported: set[str] = set()
        for owner, other in steps:
            if other is step or not _alike(owner, other, operation, step):
                continue
            for one in other.assignments:
                name = one.target.name
                if name not in filled | reported and _accepts(step, name) and _has(operation, step, one, other):
                    reported.add(name)
                    yield finding(
                        CODE,
                        f"`{step.ast.operation.value}` leaves out `{name}`, which a like request fills",
                        step.ast.operation.span,
                        notes=(Note("the other request", one.span),),
                        help=f"fill it, or accept it: `allow: {{MAP243 {name}: …}}`",
                    )


def _exchanges(operation: ResolvedOperation) -> Iterator[Diagnostic]:
    """Report steps without the exchange that another step with the same call has."""
    for step in operation.steps:
        other = next((one for one in operation.steps if one.facts.name == step.facts.name and one.exchange is not None), None)
        if step.writes and step.exchange is None and other is not None and other.exchange is not None:
            yield finding(
                CODE,
                f"`{step.ast.operation.value}` has no `exchange`, and another step that calls it has `{other.exchange.name}`",
                step.ast.operation.span,
                notes=(Note("the other step", other.ast.operation.span),),
                help=f"add it, or accept it: `allow: {{MAP243 {step.ast.operation.value}: …}}`",
            )


def _alike(owner: ResolvedOperation, other: ResolvedStep, operation: ResolvedOperation, step: ResolvedStep) -> bool:
    if other.facts.name == step.facts.name:
        return True
    last = [re.split(r"[._/]", each.facts.name)[-1] for each in (other, step)]
    return owner is operation and bool(operation.alternatives) and last[0] == last[1] and "_" in other.facts.name + step.facts.name


def _has(operation: ResolvedOperation, step: ResolvedStep, one: Assignment, other: ResolvedStep) -> bool:
    """Return true if a request has the value that an assignment of another one sends; alternatives with other operations, its constant."""
    if one.origin == "set":
        return other.facts.name != step.facts.name and isinstance(one.literal, str | list)
    reference = one.reference
    if reference is not None and reference.kind == "part":  # of the id, which this operation has too
        same = other.facts.name == step.facts.name
        return same and any(given.name.value == reference.text.value.partition(".")[0] for given in operation.model.ids)
    if reference is None or reference.kind not in ("input", "field"):
        return False
    if reference.name in {given.name.value for given in step.local_filters}:
        return False
    return reference.name in step.takes or reference.name in {each.name for each in step.requires}


def _accepts(step: ResolvedStep, name: str) -> bool:
    properties = step.body.properties if step.body is not None else ()
    return name in properties or any(one.name == name and one.location in ("query", "path") for one in step.facts.parameters)
