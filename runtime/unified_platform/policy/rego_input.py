"""The `input` document of a Rego policy, and conversion of its package's document to a decision.

The package is `unified.policy`. Only these five of its rules are read:

| rule | value | absent |
|---|---|---|
| `allow` | exactly `true` to allow | denies |
| `deny` | a set of reasons; any denies | nothing is denied |
| `approval` | a set of reasons why a person has to approve | none |
| `on_record` | a set that is empty, or `false`, if the arguments suffice | the record is passed and decides |
| `extra` | a set of paths of the vendor's own fields that are allowed by name (`jira.fields.components`) | none is |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

import msgspec

from unified_platform.policy.cedar_values import NotExpressible, record_of
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny, needs_approval
from unified_runtime.policy.written_fields import paths

PACKAGE = "unified.policy"


def input_of(question: PolicyRequest, zone: tzinfo) -> dict[str, Any]:
    """Return the question as plain values. Absent values are left out, so that a rule about one is undefined.

    Raises:
        NotExpressible: a number in it would be compared as another one.
    """
    local = question.time.astimezone(zone)
    reported = {
        name: getattr(question, name) for name in PolicyRequest.__struct_fields__ if name not in {"record", "request", "extra", "time"}
    }
    reported |= {
        "time": question.time,
        "local": {"date": local.date(), "hour": local.hour, "minute": local.minute, "weekday": local.isoweekday()},
        "extra": list(paths(question.extra)),
        "record": record_of(question),
    }
    if question.request is not None:
        reported["request"] = msgspec.structs.asdict(question.request)
    plain: dict[str, Any] = _plain(reported)
    plain["custom_fields"] |= {name: None for name, value in question.custom_fields.items() if value is None}  # cleared, or not known
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
        raise NotExpressible("a number in it is too large for a policy to compare")
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return msgspec.to_builtins(value)


def _number(value: Decimal) -> str:
    """Return a decimal as text. Rego engines compare numbers as doubles. If both decimals are the shortest forms of their doubles, the
    result is the same as for decimals; any other decimal would be compared as another number, and is rejected."""
    if not value.is_finite() or Decimal(repr(float(value))) != value:
        raise NotExpressible("an amount in it has more digits than a policy can compare exactly")
    return str(value)


def decisions(questions: Sequence[PolicyRequest], zone: tzinfo, ask: Callable[[list[dict[str, Any]]], Sequence[Any]]) -> list[Decision]:
    """Return one decision for each question, from the documents that `ask` returns for their inputs. If encoding fails, it is a denial."""
    inputs: dict[int, dict[str, Any]] = {}
    found: dict[int, Decision] = {}
    for number, question in enumerate(questions):
        try:
            inputs[number] = input_of(question, zone)
        except NotExpressible as error:
            found[number] = deny(str(error))
    for number, document in zip(inputs, ask([*inputs.values()]), strict=True):
        found[number] = decision(document, questions[number])
    return [found[number] for number in range(len(questions))]


def decision(document: Any, question: PolicyRequest) -> Decision:
    """Return the decision of the package's document. A document that does not have the form above denies."""
    if type(document) is not dict:
        return deny("the policy returned no decision")
    denied, approval, extra = (_reasons(document.get(rule, [])) for rule in ("deny", "approval", "extra"))
    if denied is None or approval is None or extra is None:
        return deny("the policy's decision has an invalid form")
    if denied:
        return deny(*denied)
    if document.get("allow") is not True:
        return deny()
    if approval and not question.approved:
        return needs_approval(*approval, extra=extra)
    on_record = document.get("on_record", True)
    if type(on_record) is not bool:
        shown = _reasons(on_record)
        if shown is None:
            return deny("the policy's decision has an invalid form")
        on_record = bool(shown)
    return allow(on_record=on_record and record_of(question) is None, extra=extra)


def _reasons(value: Any) -> tuple[str, ...] | None:
    """Return a set of strings, which is a list from a server and a set from an engine in this process; None if it is neither."""
    if type(value) not in {list, set, frozenset} or not all(type(item) is str for item in value):
        return None
    return tuple(sorted(value))
