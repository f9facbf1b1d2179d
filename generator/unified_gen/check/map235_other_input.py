"""An input that is filled with a value that is named like another input of the request.

The value shares no word with the input that it fills, and the same request has an input with its words: `params: {org_id: deal_id}` where
there is also `deal_id`. Both are ids or times, so that no type shows it. An input that is named like a value of the connection
(`workspace`) is filled with that value, or with what has its words, and one that is named like the record (`user_id`) with its `id`. A
limit is not filled with the other end of its range, and what is added not with what is removed. If the mapping is right, accept it with
the reason: `allow: {MAP235 <input>: …}`.

Wrong: `params: {to_id: parent_id, parent: id}`. Right: `params: {parent: parent_id, to_id: id}`.
"""

from collections import Counter
from collections.abc import Iterator

from unified_gen.check.names import covers, every_word, shares, tokens
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP235", "an input named like the value is another one", __doc__, Severity.WARNING)

_BOUNDS = frozenset({"after", "before", "since", "until", "gt", "gte", "lt", "lte", "from", "to", "min", "max"})
"""Words of the limits of times, which vendors name differently."""
_LOWEST = frozenset({"after", "since", "gt", "gte", "from", "min", "start", "oldest", "begin"})
_HIGHEST = frozenset({"before", "until", "lt", "lte", "max", "end", "latest"})
_UPPER = frozenset({"before", "until"})
_ADDED = frozenset({"add", "added", "adds"})
_REMOVED = frozenset({"remove", "removed", "removes", "rem", "delete", "deleted"})
_KINDS = frozenset({"field", "input", "id", "part", "saved", "connection"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every value that is sent in an input with another name, although the request has one that is named like it."""
    for operation in resource.operations:
        for step in operation.steps:
            inputs = _inputs(step)
            yield from _of_connection(resource, step)
            yield from _of_record(resource, step)
            filled = Counter(one.reference.text.value for one in step.assignments if one.reference is not None)
            for one in step.assignments:
                reference = one.reference
                if reference is None or reference.kind not in _KINDS or one.elements:
                    continue
                if reference.kind == "part" and filled[reference.text.value] > 1:
                    continue
                yield from _bound(step, one, reference)
                wanted, own = _words(reference), tokens(_name(one)) - _BOUNDS
                if _UPPER & {*every_word(reference.text.value)} and "end" in every_word(_name(one)):
                    continue
                if not wanted or shares(wanted, tokens(".".join(one.target.path.names) or one.target.name)):
                    continue
                if not own and _name(one) != "id":
                    continue
                better = [name for name in inputs if covers(wanted, tokens(name) - _BOUNDS) and not shares(own, tokens(name))]
                if filled[reference.text.value] > 1:  # an input may fill several
                    own_inputs = {
                        _name(each) for each in step.assignments if each.reference is not None and _same(each.reference, reference)
                    }
                    better = [] if own_inputs & {*better} else better
                if better:
                    yield finding(
                        CODE,
                        f"`{_name(one)}` of `{step.ast.operation.value}` is filled with `{reference.text.value}`, and"
                        f" `{min(better, key=len)}` is named like it",
                        one.span,
                        help=f"exchange them, or accept it: `allow: {{MAP235 {_name(one)}: …}}`",
                    )


def _of_connection(resource: ResolvedResource, step: ResolvedStep) -> Iterator[Diagnostic]:
    """Report every input with the name of a value of the connection that is filled with something else."""
    values = {value.name.value for value in resource.unit.declaration.connection}
    for one in step.assignments:
        reference = one.reference
        if reference is None or reference.kind not in _KINDS or one.target.name not in values:
            continue
        if not shares(tokens(one.target.name), tokens(reference.text.value)):
            yield finding(
                CODE,
                f"`{one.target.name}` of `{step.ast.operation.value}` is filled with `{reference.text.value}`, and the connection has a"
                f" value of this name",
                one.span,
                help=f"fill it with `connection.{one.target.name}`, or accept it: `allow: {{MAP235 {one.target.name}: …}}`",
            )


def _of_record(resource: ResolvedResource, step: ResolvedStep) -> Iterator[Diagnostic]:
    """Report an id of the record that fills an input named otherwise, beside one that is named like the record and filled otherwise."""
    noun = {resource.model.noun}
    paths = [one for one in step.assignments if one.target.location == "path" and one.reference is not None]
    own = [one for one in paths if one.reference is not None and (one.reference.kind, one.reference.text.value) == ("id", "id")]
    named = [one for one in paths if covers(noun, tokens(one.target.name)) and covers(tokens(one.target.name), noun)]
    for one in own:
        better = [other for other in named if other.reference is not None and other.reference.kind in ("connection", "input", "field")]
        if better and tokens(one.target.name) and not shares(noun, tokens(one.target.name)):
            yield finding(
                CODE,
                f"`{one.target.name}` of `{step.ast.operation.value}` is filled with `id`, and `{better[0].target.name}` is named like the"
                f" record",
                one.span,
                help=f"exchange them, or accept it: `allow: {{MAP235 {one.target.name}: …}}`",
            )


def _words(reference: Reference) -> frozenset[str]:
    """Return the words of the last part of a reference that distinguish it, without those that every input has."""
    names = reference.text.value.split(".") if reference.kind == "saved" else [reference.text.value.rpartition(".")[2]]
    return next((found for name in reversed(names) if (found := tokens(name.rstrip("[]")) - _BOUNDS)), frozenset())


def _same(one: Reference, other: Reference) -> bool:
    return one.text.value == other.text.value


def _bound(step: ResolvedStep, one: Assignment, reference: Reference) -> Iterator[Diagnostic]:
    """Report a lower limit that is filled with an upper one, what is added with what is removed, or the reverse."""
    words, others = {*every_word(_name(one))}, {*every_word(reference.text.value)}
    pairs = ((_LOWEST, _HIGHEST, "the other end of a range"), (_ADDED, _REMOVED, "the opposite"))
    for bounds, opposite, problem in (*pairs, *((second, first, problem) for first, second, problem in pairs)):
        if words & bounds and others & opposite and not (words & opposite or others & bounds):
            yield finding(
                CODE,
                f"`{_name(one)}` of `{step.ast.operation.value}` is filled with `{reference.text.value}`, {problem}",
                one.span,
                help=f"exchange them, or accept it: `allow: {{MAP235 {_name(one)}: …}}`",
            )


def _name(one: Assignment) -> str:
    return one.target.path.names[-1] if one.target.path.names else one.target.name


def _inputs(step: ResolvedStep) -> frozenset[str]:
    """Return the names of a request's parameters, and of the plain properties of its body."""
    names = {one.name for one in step.facts.parameters if one.location in ("path", "query")}
    names |= {_name(one) for one in step.assignments}
    return frozenset(name for name in names if every_word(name))
