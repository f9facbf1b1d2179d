"""What a Rego policy is given as `input`, and how the document of its package is read as a decision.

The package is `unified.policy`. Four of its rules are read, and nothing else:

| rule | what it is | absent |
|---|---|---|
| `allow` | exactly `true` to allow | denies |
| `deny` | a set of reasons; any denies | nothing is denied |
| `approval` | a set of reasons for which a person has to approve | none |
| `on_record` | a set that is empty, or `false`, where the arguments suffice | the record is shown and decides |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

import msgspec

from unified_platform.policy.cedar_values import Unsayable, paths, record_of
from unified_runtime.control.policy import Decision, Question, allow, deny, needs_approval

PACKAGE = "unified.policy"


def input_of(question: Question, zone: tzinfo) -> dict[str, Any]:
    """The question as plain values. What is not there is left out, so that a rule about it is undefined.

    Raises:
        Unsayable: a number in it would be compared as another one.
    """
    local = question.time.astimezone(zone)
    said = {name: getattr(question, name) for name in Question.__struct_fields__ if name not in {"record", "request", "extra", "time"}}
    said |= {
        "time": question.time,
        "local": {"date": local.date(), "hour": local.hour, "minute": local.minute, "weekday": local.isoweekday()},
        "extra": list(paths(question.extra)),
        "record": record_of(question),
    }
    if question.request is not None:
        said["request"] = msgspec.structs.asdict(question.request)
    plain: dict[str, Any] = _plain(said)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (bytes, bytearray, memoryview)):
        return len(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**53) <= value <= 2**53:
        raise Unsayable("a number in it is too large for a policy to compare")
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return msgspec.to_builtins(value)


def _number(value: Decimal) -> str:
    """A decimal as text. Rego's engines compare numbers as doubles: of two decimals that are the shortest names of their doubles, the
    comparison is that of the decimals; any other would be compared as a neighbour of itself."""
    if not value.is_finite() or Decimal(repr(float(value))) != value:
        raise Unsayable("an amount in it has more digits than a policy can compare exactly")
    return str(value)


def answers(questions: Sequence[Question], zone: tzinfo, ask: Callable[[list[dict[str, Any]]], Sequence[Any]]) -> list[Decision]:
    """One decision for each question, of the documents that `ask` gets for their inputs. What cannot be put to an engine is denied."""
    inputs: dict[int, dict[str, Any]] = {}
    found: dict[int, Decision] = {}
    for number, question in enumerate(questions):
        try:
            inputs[number] = input_of(question, zone)
        except Unsayable as error:
            found[number] = deny(str(error))
    for number, document in zip(inputs, ask([*inputs.values()]), strict=True):
        found[number] = decision(document, questions[number])
    return [found[number] for number in range(len(questions))]


def decision(document: Any, question: Question) -> Decision:
    """The decision that the package's document is. Whatever is not of the form above denies."""
    if type(document) is not dict:
        return deny("the policy gave no answer")
    denied, approval = (_reasons(document.get(rule, [])) for rule in ("deny", "approval"))
    if denied is None or approval is None:
        return deny("the policy's answer is not of the form it must have")
    if denied:
        return deny(*denied)
    if document.get("allow") is not True:
        return deny()
    if approval and not question.approved:
        return needs_approval(*approval)
    on_record = document.get("on_record", True)
    if type(on_record) is not bool:
        shown = _reasons(on_record)
        if shown is None:
            return deny("the policy's answer is not of the form it must have")
        on_record = bool(shown)
    return allow(on_record=on_record and record_of(question) is None)


def _reasons(value: Any) -> tuple[str, ...] | None:
    """A set of texts, which comes as a list from a server and as a set from an engine in this process; None if it is none."""
    if type(value) not in {list, set, frozenset} or not all(type(item) is str for item in value):
        return None
    return tuple(sorted(value))
