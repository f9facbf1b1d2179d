"""A constant that other requests send, and this one does not, or with another value.

A number or truth value means the same in all requests: `supportsAllDrives: true` is forgotten easily in one of ten operations, and the
vendor then responds to that one as if the input had its initial value. A request is reported

- if it lacks a query parameter of this kind that at least two others, and twice as many as do not, send with one value;
- if it sends an input with another value than at least two others, or than another request of the same operation;
- if it lacks a text or list that at least three others of the same operation send with one value;
- if another step of its operation, for other values of the same inputs, sends all that it does, and further constants;

- if it fills an input with a value that may be absent, and lacks the default that another request of the same operation has for it.

An empty list has no effect, and is reported too. Lookups of `reconcile` are requests like the others. If the request is meant to differ,
accept it with the reason: `allow: {MAP234 <name>: …}`.

Wrong: `delete: deleteFile`, where `get` and `update` have `constants: {supportsAllDrives: true}`. Right: the constant in all three.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.resolved import Condition, ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP234", "a constant that other requests send", __doc__, Severity.WARNING)

_LEAST = 2
"""Number of other requests that send a constant before its absence, or another value, is reported."""
_LEAST_ALIKE = 3
"""The same for texts and lists, of requests of one operation."""
Key = tuple[str, str]
"""Location and name of an input."""
Constants = Mapping[Key, Assignment]
Sent = list[tuple[ResolvedStep, Constants]]


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every request that lacks a constant of others, or sends another value."""
    sent = [(step, _constants(step)) for operation in resource.operations for step in operation.requests]
    own = {id(step) for operation in resource.operations for step in operation.steps}
    for key in sorted({key for _, constants in sent for key in constants}):
        with_it = [(step, constants) for step, constants in sent if key in constants]
        if all(isinstance(constants[key].literal, bool | int) for _, constants in with_it):
            yield from _lacking([each for each in sent if id(each[0]) in own], key)
            yield from _differing(with_it, key)
        yield from _alike(sent, key, with_it)
    for operation in resource.operations:
        yield from _forgotten(operation)
    yield from _without_default([step for step, _ in sent if id(step) in own])
    for step, constants in sent:
        yield from (
            finding(CODE, f"`{name}` of `{step.ast.operation}` is an empty list, which has no effect", one.span)
            for (_, name), one in constants.items()
            if one.literal == [] and one.origin == "set"
        )


def _lacking(sent: Sent, key: Key) -> Iterator[Diagnostic]:
    """Report requests without a query parameter that most send with one number or truth value."""
    location, name = key
    values = Counter(repr(constants[key].literal) for _, constants in sent if key in constants)
    lacking = [step for step, constants in sent if key not in constants and _accepts(step, name)]
    if location == "query" and len(values) == 1 and values.total() >= max(_LEAST, 2 * len(lacking)):
        for step in lacking:
            yield _finding(step, name, next(iter(values)), f"does not send `{name}`")


def _differing(with_it: Sent, key: Key) -> Iterator[Diagnostic]:
    """Report requests with another number or truth value than the others, unless texts show that they mean something else."""
    for index, (step, constants) in enumerate(with_it):
        one = constants[key]
        peers = [
            (before, other, found[key])
            for before, (other, found) in enumerate(with_it)
            if other is not step and not _conflict(constants, found)
        ]
        values = Counter(repr(other.literal) for _, _, other in peers)
        if len(values) != 1 or repr(one.literal) in values or _conditional(step, one):
            continue
        second = len(peers) == 1 and peers[0][0] < index and peers[0][1].facts.name == step.facts.name
        if second or values.total() >= _LEAST:
            yield _finding(step, key[1], next(iter(values)), f"sends `{key[1]}` as {one.literal!r}", one)


def _conflict(one: Constants, other: Constants) -> bool:
    """Return true if two requests differ in a constant text, so that they are about different things."""
    return any(isinstance(one[key].literal, str) and one[key].literal != other[key].literal for key in one.keys() & other.keys())


def _alike(sent: Sent, key: Key, with_it: Sent) -> Iterator[Diagnostic]:
    """Report requests that lack a text or list which the other requests of the same operation send."""
    for called in dict.fromkeys(step.facts.name for step, _ in with_it):
        having = [constants for step, constants in with_it if step.facts.name == called]
        lacking = [
            step
            for step, constants in sent
            if step.facts.name == called and not _fills(step, key) and not any(_conflict(constants, other) for other in having)
        ]
        values = Counter(repr(constants[key].literal) for constants in having)
        texts = not any(isinstance(constants[key].literal, bool | int) for constants in having)
        if texts and len(lacking) == 1 and len(values) == 1 and values.total() >= _LEAST_ALIKE:
            yield _finding(lacking[0], key[1], next(iter(values)), f"does not send `{key[1]}`")


def _forgotten(operation: ResolvedOperation) -> Iterator[Diagnostic]:
    """Report steps that send what another one sends, under a condition on the same inputs, except for some of its constants."""
    conditions = {id(step): step.condition for step in operation.steps}
    conditions |= {id(one.steps[0]): one.condition for one in operation.alternatives if len(one.steps) == 1}
    steps = [(step, found, frozenset(_keys(step))) for step in operation.steps if (found := _tested(conditions[id(step)]))]
    for step, tested, keys in steps:
        for other, others, more in steps:
            lacking = more - keys
            if other is step or tested != others or not keys < more or step.facts.method != other.facts.method:
                continue
            constants = _constants(other)
            if lacking <= constants.keys() and all(_has_input(step, name) for _, name in lacking):
                _, name = min(lacking)
                yield finding(
                    CODE,
                    f"`{step.ast.operation.value}` does not send `{name}`, which the like step for other inputs does",
                    step.ast.operation.span,
                    notes=(Note("the other step", constants[min(lacking)].span),),
                    help=f"add it to `constants`, or accept it: `allow: {{MAP234 {name}: …}}`",
                )
                break


def _without_default(steps: list[ResolvedStep]) -> Iterator[Diagnostic]:
    """Report requests that lack a default of another one, which fills the same input with the same value of the call."""
    for step in steps:
        given = {_key(one): one.reference.name for one in step.assignments if one.reference is not None and one.reference.absent}
        own = {_key(one) for one in step.assignments if one.origin in ("default", "set")}
        always = {_key(one) for one in step.every_assignment if one.reference is not None and not one.reference.absent}
        for other in steps:
            if other is step or other.facts.name != step.facts.name:
                continue
            filled = {_key(one): one.reference.name for one in other.assignments if one.reference is not None}
            default = next(
                (
                    one
                    for one in other.assignments
                    if one.origin == "default"
                    and one.literal not in ({}, [])
                    and _key(one) not in own
                    and given.get(_key(one)) == filled.get(_key(one))
                    and _key(one) not in always
                ),
                None,
            )
            if default is not None:
                name = default.target.path.text or default.target.name
                yield _finding(step, name, repr(default.literal), f"has no default for `{name}`")
                break


def _key(one: Assignment) -> Key:
    return one.target.location, one.target.path.text or one.target.name


def _tested(condition: Condition | None) -> frozenset[str]:
    return frozenset(test.reference.name for group in (condition.any_of if condition is not None else ()) for test in group)


def _keys(step: ResolvedStep) -> Iterator[Key]:
    for one in step.every_assignment:
        if one.origin not in ("size", "cursor", "select"):
            yield one.target.location, one.target.path.text or one.target.name


def _has_input(step: ResolvedStep, name: str) -> bool:
    """Return true if a request has a parameter or a property with the first name of a path."""
    first = re.split(r"[.\[]", name)[0]
    properties = step.body.properties if step.body is not None else ()
    return first in properties or any(one.name == first for one in step.facts.parameters)


def _constants(step: ResolvedStep) -> Constants:
    """Return the constants and defaults of a request, by location and name."""
    return {
        (one.target.location, one.target.path.text or one.target.name): one
        for one in step.assignments
        if one.origin in ("set", "default") and isinstance(one.literal, bool | int | str | list)
    }


def _conditional(step: ResolvedStep, one: Assignment) -> bool:
    """Return true if a request is sent only for one value of an input, which its constants spell out."""
    tests = step.condition.any_of if step.condition is not None else ()
    return one.origin == "set" and not isinstance(one.literal, bool) and any(test.value is not None for group in tests for test in group)


def _accepts(step: ResolvedStep, name: str) -> bool:
    """Return true if a request has a parameter of this name that nothing is assigned to."""
    given = {one.target.name for one in step.every_assignment if one.target.location == "query"}
    return name not in given and any(one.location == "query" and one.name == name for one in step.facts.parameters)


def _fills(step: ResolvedStep, key: Key) -> bool:
    return any((one.target.location, one.target.path.text or one.target.name) == key for one in step.every_assignment)


def _finding(step: ResolvedStep, name: str, usual: str, problem: str, one: Assignment | None = None) -> Diagnostic:
    called = step.ast.operation
    return finding(
        CODE,
        f"`{called.value}` {problem}; the other requests of the resource send {usual}",
        one.span if one is not None else called.span,
        help=f"add it to `constants`, or accept it: `allow: {{MAP234 {name}: …}}`",
    )
