"""Analysis of Cedar policies in Cedar's JSON format: attributes they read, and weakened forms for calls whose record is not known yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unified_platform.policy.cedar_statements import Statement
from unified_platform.policy.schema import Schema

Expression = Mapping[str, Any]

APPROVAL = "approval"
"""Annotation of a `forbid` that an approval overcomes."""


EXTRA = "extra"
"""Annotation of a `permit` that allows paths of `extra` by name, separated by commas."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One policy. `data` is its JSON form, `id` its `@id` or its location."""

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
    def needs_approval(self) -> bool:
        """True if an approval overcomes it."""
        return APPROVAL in self.annotations

    @property
    def extra(self) -> tuple[str, ...]:
        """Paths of the vendor's own fields that it allows by name."""
        return tuple(name for part in (self.annotations.get(EXTRA) or "").split(",") if (name := part.strip()))

    @property
    def reason(self) -> str:
        """Reason for a denial, for people: its `@approval` or `@reason`, else its id."""
        return self.annotations.get(APPROVAL) or self.annotations.get("reason") or f"rule {self.id}"

    @property
    def on_record(self) -> bool:
        """True if its result may change once the record is known."""
        return _names_record(self.data["resource"]) or any(_mentions_record(c["body"]) for c in self.data.get("conditions", ()))

    def weakened(self) -> Mapping[str, Any]:
        """Return the policy without conditions on the record: it applies if the policy would apply for some record."""
        conditions = []
        for condition in self.data.get("conditions", ()):
            if condition["kind"] == "when":
                saved = [part for part in _conjuncts(condition["body"]) if not _mentions_record(part)]
                conditions += [{"kind": "when", "body": part} for part in saved]
            elif not _mentions_record(condition["body"]):
                conditions.append(condition)
        return {**self.data, "resource": _any_record(self.data["resource"]), "conditions": conditions}

    @property
    def by_action(self) -> bool:
        """True if its conditions read the action only, so that it has the same result for every call of an operation."""
        return all(_variables(condition["body"]) == {"action"} for condition in self.data.get("conditions", ()))

    def bare(self) -> Mapping[str, Any]:
        """Return the policy with conditions on the action only: if it does not apply, the policy never does."""
        conditions = []
        for condition in self.data.get("conditions", ()):
            parts = _conjuncts(condition["body"]) if condition["kind"] == "when" else [condition["body"]]
            conditions += [{"kind": condition["kind"], "body": part} for part in parts if _variables(part) == {"action"}]
        return {**self.data, "resource": _any_record(self.data["resource"]), "conditions": conditions}


def policy_set(policies: Mapping[str, Mapping[str, Any]]) -> str:
    """Return policies by id, as a policy set of Cedar's JSON format."""
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


def _variables(body: Any) -> set[str]:
    """Return the names of the variables that an expression reads."""
    if isinstance(body, dict):
        own = {body["Var"]} if isinstance(body.get("Var"), str) else set()
        return own.union(*map(_variables, body.values()))
    return set().union(*map(_variables, body)) if isinstance(body, list) else set()


def _mentions_record(body: Any) -> bool:
    """Return whether the value depends on the record, beyond its type, which is known."""
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
    """Yield every attribute that is read or tested, as (variable, path from it)."""
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
    """Return the attribute that an expression reads or tests, as (variable, path from it); None for any other expression."""
    if isinstance(body.get("Var"), str):
        return body["Var"], ()
    for operator in (".", "has"):
        if operator in body and "left" in body[operator]:  # else a record attribute of that name
            inner = path_of(body[operator]["left"])
            attribute = body[operator].get("attr")
            names = (attribute,) if isinstance(attribute, str) else tuple(attribute or ())
            return (inner[0], (*inner[1], *names)) if inner is not None else None
    return None


_LATER = frozenset({"request", "now", "local"})
"""Attributes of the context that depend on the request instead of the call's arguments."""


def looks_beyond_arguments(rule: Rule) -> bool:
    """Return whether a rule depends on more than the arguments of a call: it reads the request or the time."""
    return _looks_later(rule.data.get("conditions", []))


def _looks_later(body: Any) -> bool:
    if isinstance(body, list):
        return any(map(_looks_later, body))
    if not isinstance(body, dict):
        return False
    if body.get("Var") == "context":  # the complete context
        return True
    for operator in (".", "has"):
        if operator in body and body[operator].get("left") == {"Var": "context"}:
            attribute = body[operator]["attr"]
            return (attribute if isinstance(attribute, str) else attribute[0]) in _LATER
    return any(map(_looks_later, body.values()))


def about(operation: str, rules: Iterable[Rule], schema: Schema) -> Iterator[Rule]:
    """Yield the rules whose scope includes an operation. Conditions of the others are never evaluated."""
    for rule in rules:
        scope = rule.data["action"]
        named = scope.get("entities") or ([scope["entity"]] if "entity" in scope else ())
        if scope["op"] == "All" or any(action.name == operation for one in named for action in schema.within(one["id"])):
            yield rule


def context_read(rules: Iterable[Rule]) -> tuple[tuple[str, ...], ...]:
    """Return the paths of the context that rules read or test, of one name or two (`input`, `title`), none within another.
    The empty path is the complete context."""
    found = {path[:2] for variable, path in _outermost([rule.data.get("conditions", []) for rule in rules]) if variable == "context"}
    return tuple(sorted(path for path in found if not any(path[:length] in found for length in range(len(path)))))


def _outermost(body: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield as `chains` does, without the chains that others begin with."""
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


def compared(body: Any) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield every string that an attribute of the context is compared with: (path, operator, string).

    For `containsAny` and `containsAll`, and for a set that is tested to contain an attribute, the operator is `contains`.
    """
    if isinstance(body, list):
        for value in body:
            yield from compared(value)
        return
    if not isinstance(body, dict):
        return
    for operator in ("==", "contains", "containsAny", "containsAll", "hasTag", "getTag"):
        sides = body.get(operator)
        if isinstance(sides, dict) and "left" in sides and "right" in sides:
            named = "contains" if operator.startswith("contains") else operator
            for one, other in ((sides["left"], sides["right"]), (sides["right"], sides["left"])):
                read = path_of(one)
                if read is not None and read[0] == "context" and read[1]:
                    yield from ((read[1], named, text) for text in _texts(other))
    for value in body.values():
        yield from compared(value)


def _texts(expression: Any) -> list[str]:
    """Return the strings of a literal, or of a set of literals."""
    values = expression.get("Set", [expression]) if isinstance(expression, dict) else []
    return [one["Value"] for one in values if isinstance(one, dict) and isinstance(one.get("Value"), str)]
