"""Cedar policies as data (Cedar's JSON policy format): what each speaks of, and weaker forms of it for when the record is not known yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unified_platform.policy.cedar_text import Statement
from unified_platform.policy.schema import Schema

Expression = Mapping[str, Any]

APPROVAL = "approval"
"""The annotation of a `forbid` that an approval overcomes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy. `data` is its JSON form, `id` its `@id` or its place."""

    id: str
    data: Mapping[str, Any]
    statement: Statement

    @property
    def permits(self) -> bool:
        return bool(self.data["effect"] == "permit")

    @property
    def annotations(self) -> Mapping[str, str | None]:
        found: Mapping[str, str | None] = self.data.get("annotations", {})
        return found

    @property
    def asks(self) -> bool:
        """Whether an approval overcomes it."""
        return APPROVAL in self.annotations

    @property
    def reason(self) -> str:
        """Why it forbids, for people: its `@approval` or `@reason`, else its id."""
        return self.annotations.get(APPROVAL) or self.annotations.get("reason") or f"rule {self.id}"

    @property
    def on_record(self) -> bool:
        """Whether it may come out differently once the record is known."""
        return _names_record(self.data["resource"]) or any(_mentions_record(c["body"]) for c in self.data.get("conditions", ()))

    def weakened(self) -> Mapping[str, Any]:
        """The policy without what depends on the record: it applies wherever the policy itself would apply for some record."""
        conditions = []
        for condition in self.data.get("conditions", ()):
            if condition["kind"] == "when":
                kept = [part for part in _conjuncts(condition["body"]) if not _mentions_record(part)]
                conditions += [{"kind": "when", "body": part} for part in kept]
            elif not _mentions_record(condition["body"]):
                conditions.append(condition)
        return {**self.data, "resource": _any_record(self.data["resource"]), "conditions": conditions}

    def bare(self) -> Mapping[str, Any]:
        """The policy without conditions: where it does not apply, the policy never does."""
        return {**self.data, "resource": _any_record(self.data["resource"]), "conditions": []}


def policy_set(policies: Mapping[str, Mapping[str, Any]]) -> str:
    """Policies by id, as a policy set of Cedar's JSON format."""
    return json.dumps({"templates": {}, "staticPolicies": policies, "templateLinks": []})


def _names_record(scope: Mapping[str, Any]) -> bool:
    return scope["op"] in {"==", "in"} or "in" in scope


def _any_record(scope: Mapping[str, Any]) -> Mapping[str, Any]:
    if scope["op"] == "is":
        return {"op": "is", "entity_type": scope["entity_type"]}
    return {"op": "All"} if _names_record(scope) else scope


def _conjuncts(body: Expression) -> Iterator[Expression]:
    if "&&" in body:
        yield from _conjuncts(body["&&"]["left"])
        yield from _conjuncts(body["&&"]["right"])
    else:
        yield body


def _mentions_record(body: Any) -> bool:
    """Whether the value depends on the record, beyond its type, which is known."""
    if isinstance(body, dict):
        if body.get("Var") == "resource":
            return True
        if "is" in body and "in" not in body["is"] and body["is"].get("left") == {"Var": "resource"}:
            return False
        return any(_mentions_record(value) for value in body.values())
    if isinstance(body, list):
        return any(_mentions_record(value) for value in body)
    return False


def chains(body: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every attribute that is read or asked for, as (variable, path from it)."""
    if isinstance(body, list):
        for value in body:
            yield from chains(value)
        return
    if not isinstance(body, dict):
        return
    for operator in (".", "has"):
        if operator in body:
            path = path_of(body)
            if path is not None:
                yield path
    for value in body.values():
        yield from chains(value)


def path_of(body: Expression) -> tuple[str, tuple[str, ...]] | None:
    """The attribute that an expression reads or asks for, as (variable, path from it); None where it is another expression."""
    if isinstance(body.get("Var"), str):
        return body["Var"], ()
    for operator in (".", "has"):
        if operator in body and "left" in body[operator]:  # else a record's attribute of that name
            inner = path_of(body[operator]["left"])
            attribute = body[operator].get("attr")
            names = (attribute,) if isinstance(attribute, str) else tuple(attribute or ())
            return (inner[0], (*inner[1], *names)) if inner is not None else None
    return None


_LATER = frozenset({"request", "now", "local"})
"""What the context tells of a request and not of its call's arguments."""


def looks_beyond_arguments(rule: Rule) -> bool:
    """Whether a rule may say something else of a request than of the arguments of its call: it looks at the request, or at the time."""
    return _looks_later(rule.data.get("conditions", []))


def _looks_later(body: Any) -> bool:
    if isinstance(body, list):
        return any(map(_looks_later, body))
    if not isinstance(body, dict):
        return False
    if body.get("Var") == "context":  # as a whole
        return True
    for operator in (".", "has"):
        if operator in body and body[operator].get("left") == {"Var": "context"}:
            attribute = body[operator]["attr"]
            return (attribute if isinstance(attribute, str) else attribute[0]) in _LATER
    return any(map(_looks_later, body.values()))


def about(operation: str, rules: Iterable[Rule], schema: Schema) -> Iterator[Rule]:
    """The rules whose scope lets them apply to an operation. The others' conditions are never looked at."""
    for rule in rules:
        scope = rule.data["action"]
        named = scope.get("entities") or ([scope["entity"]] if "entity" in scope else ())
        if scope["op"] == "All" or any(action.name == operation for one in named for action in schema.within(one["id"])):
            yield rule


def context_read(rules: Iterable[Rule]) -> tuple[tuple[str, ...], ...]:
    """What rules read of the context or ask whether it is there, as paths of one name or two (`input`, `title`), none within another.
    The context as a whole is the empty path."""
    found = {path[:2] for variable, path in _outermost([rule.data.get("conditions", []) for rule in rules]) if variable == "context"}
    return tuple(sorted(path for path in found if not any(path[:length] in found for length in range(len(path)))))


def _outermost(body: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """As `chains`, without the chains that others begin with."""
    if isinstance(body, list):
        for value in body:
            yield from _outermost(value)
    elif isinstance(body, dict):
        path = path_of(body)
        if path is not None:
            yield path
            return
        for value in body.values():
            yield from _outermost(value)
