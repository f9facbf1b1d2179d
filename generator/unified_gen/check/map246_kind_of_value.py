"""A value of another kind than the name of its input.

An input such as `owner_id` or `url` is mostly declared as plain text, so that no type shows a wrong value. Reported are a time, a date or
a truth value that is sent as an id, an id that is sent as a time, a text that is sent as an address, an enum value that is sent as a mail
address, and an id that is compared with a name. If the mapping is right, accept it with the reason: `allow: {MAP246 <input>: …}`.

Wrong: `params: {WhatId: done}`. Right: `params: {WhatId: company_id}`.
"""

from collections.abc import Iterator

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP246", "a value of another kind than its input", __doc__, Severity.WARNING)

_IDS = frozenset({"id", "ids", "gid", "uuid", "guid"})
_TIMES = frozenset({"timestamp", "datetime", "date", "at", "on"})
_CLOCK = _TIMES | {"ts", "time"}
_ADDRESSES = frozenset({"url", "uri", "href"})
_LINKS = _ADDRESSES | {"link", "permalink"}
_NAMES = frozenset({"name", "title", "label"})
_ONE_OF_A_FEW = frozenset({"boolean", "date", "datetime"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every value that the name of its input excludes."""
    for operation in resource.operations:
        for step in operation.requests:
            yield from _compared(step)
            for one in step.every_assignment:
                if one.reference is None:
                    continue
                name = one.target.path.names[-1] if one.target.path.names else one.target.name
                kind = _mismatch(every_word(name)[-1:], one, one.reference)
                if kind is not None:
                    yield finding(
                        CODE,
                        f"`{name}` of `{step.ast.operation.value}` is filled with `{one.reference.text.value}`, which is not {kind}",
                        one.span,
                        help=f"correct it, or accept it: `allow: {{MAP246 {name}: …}}`",
                    )


def _compared(step: ResolvedStep) -> Iterator[Diagnostic]:
    """Report names that are compared with the ids that callers give."""
    for leaf, reference in (found for saved in step.saved for found in saved.searched):
        name = leaf.path.names[-1] if leaf.path.names else ""
        if name in _NAMES and reference.kind in ("field", "input") and reference.type is not None and reference.type.kind == "id":
            yield finding(
                CODE,
                f"`{leaf.text.value}` is compared with `{reference.text.value}`, which is an id and not a name",
                leaf.text.span,
                help=f"correct it, or accept it: `allow: {{MAP246 {name}: …}}`",
            )


def _mismatch(last: tuple[str, ...], one: Assignment, reference: Reference) -> str | None:
    """Return what an input is by its last word, if the value is something else."""
    word, kind = next(iter(last), ""), reference.type.kind if reference.type is not None else ""
    if word in _IDS and (kind in _ONE_OF_A_FEW or reference.kind == "time"):
        return "an id"
    own = every_word(reference.text.value)
    if word in _TIMES and (kind == "id" or reference.kind in ("id", "part")) and not _timed(one) and not _CLOCK & {*own}:
        return "a time"
    if word in ("email", "mail") and kind in ("enum", "integer", "date", "datetime"):
        return "a mail address"
    if word in _ADDRESSES and kind == "text" and reference.kind in ("input", "field") and not _LINKS & {*own}:
        return "an address"
    return None


def _timed(one: Assignment) -> bool:
    """Return true if the words before the last one show that an input does not hold a time: `depends_on`."""
    names = every_word(one.target.path.names[-1] if one.target.path.names else one.target.name)
    return names[-1] in ("on", "at") and len(names) > 1 and not names[-2].endswith("ed")
