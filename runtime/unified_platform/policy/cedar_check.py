"""What is wrong with Cedar policies: syntax, names and types, each with its place and what may have been meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from unified_platform.extras import extra
from unified_platform.policy.cedar_rules import APPROVAL, Rule, chains
from unified_platform.policy.cedar_text import Statement, statements
from unified_platform.policy.findings import Finding
from unified_platform.policy.schema import Action, Schema, Type

_ACTION = re.compile(r'unrecognized action `Action::("(?:[^"\\]|\\.)*")`')
_ENTITY = re.compile(r"unrecognized entity type `([^`]+)`")
_ABSENT = re.compile(r"unable to guarantee safety of access to optional attribute `([^`]+)`")
_MISSING = re.compile(r"attribute `([^`]+)` (?:on entity type `([^`]+)`|in context for .*) not found")
_NO_ACTION = "unable to find an applicable action"
_QUOTED = re.compile(r"`([^`]+)`|'([^']+)'|: (\w+)$")


def rules_of(texts: Mapping[str, str], schema: Schema) -> tuple[list[Rule], list[Finding]]:
    """The policies of some files, and every mistake in them."""
    rules: list[Rule] = []
    found: list[Finding] = []
    ids: dict[str, Statement] = {}
    for file, text in texts.items():
        for statement in statements(text, file):
            rule = _parsed(statement, found)
            if rule is None:
                continue
            if rule.id in ids:
                other = ids[rule.id]
                found.append(_at(statement, f'"{rule.id}"', f"the id {rule.id!r} is that of the rule at {other.file}:{other.line} too"))
                continue
            ids[rule.id] = statement
            rules.append(rule)
            found += _names(rule, schema) or _types(rule, schema)
            found += _annotations(rule)
            found += _tags(rule)
    return rules, found


def _parsed(statement: Statement, found: list[Finding]) -> Rule | None:
    cedarpy = extra("cedarpy", "cedar", "a Cedar policy")
    try:
        data = json.loads(cedarpy.policies_to_json_str(statement.text))
    except ValueError as error:
        message = str(error).removeprefix("Policy parse error: ").strip().splitlines()[0]
        word = next((part for match in _QUOTED.finditer(message) for part in match.groups() if part), "")
        found.append(_at(statement, word, message, help="a policy ends with a semicolon" if not statement.text.endswith(";") else None))
        return None
    if data["templates"]:
        found.append(
            _at(statement, "", "templates are not used here: a rule names its agents, or all", help="write `principal` without a slot")
        )
        return None
    (policy,) = data["staticPolicies"].values()
    named = policy.get("annotations", {}).get("id")
    return Rule(named or f"{statement.file}:{statement.line}", policy, statement)


# ------------------------------------------------------------------------------------------------ names
def _names(rule: Rule, schema: Schema) -> list[Finding]:
    """Names that nothing has. Cedar itself lets `has` ask for any name: a slip there would make a rule that never applies."""
    actions = list(_actions(rule, schema))
    if not actions:
        return []
    records = {action.record for action in actions}
    of_type = rule.data["resource"].get("entity_type")
    if of_type in schema.records:
        records = {of_type}
    found: dict[tuple[str, ...], Finding] = {}
    for condition in rule.data.get("conditions", ()):
        for variable, path in chains(condition["body"]):
            roots: list[Mapping[str, Type]] = []
            if variable == "resource":
                roots = [schema.records[record] for record in records]
            elif variable == "context":
                roots = [action.context for action in actions]
            elif variable == "principal":
                roots = [schema.records["Agent"]]
            wrong = _unknown(path, roots, schema) if roots else None
            if wrong is not None:
                name, known = wrong
                key = (variable, *path[: path.index(name) + 1])
                near = _meant(name, known)
                told = f"there is no {'.'.join(key)}"
                found.setdefault(
                    key, _at(rule.statement, ".".join(key), told, help=near or f"it can be {', '.join(sorted(known)) or 'nothing'}")
                )
    return _widest(found)


def _widest(found: Mapping[tuple[str, ...], Finding]) -> list[Finding]:
    return [finding for key, finding in found.items() if not any(key[:length] in found for length in range(1, len(key)))]


def _unknown(path: tuple[str, ...], roots: Iterable[Mapping[str, Type]], schema: Schema) -> tuple[str, set[str]] | None:
    """The first part of a path that none of the roots has, and what could stand there."""
    here = list(roots)
    for name in path:
        known = {attribute for attributes in here for attribute in attributes}
        if name not in known:
            return name, known
        here = [schema.attributes(attributes[name]) for attributes in here if name in attributes]
    return None


def _actions(rule: Rule, schema: Schema) -> Iterator[Action]:
    """The actions a rule's scope lets through."""
    scope = rule.data["action"]
    wanted = [scope["entity"]["id"]] if "entity" in scope else [entity["id"] for entity in scope.get("entities", ())]
    if scope["op"] == "All":
        yield from schema.actions.values()
    elif scope["op"] == "==":
        yield from (schema.actions[name] for name in wanted if name in schema.actions)
    else:
        yield from {action.name: action for name in wanted for action in schema.within(name)}.values()


def _meant(name: str, known: Iterable[str]) -> str | None:
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else None


# ------------------------------------------------------------------------------------------------ types
def _types(rule: Rule, schema: Schema) -> list[Finding]:
    cedarpy = extra("cedarpy", "cedar", "a Cedar policy")
    errors = [
        error.error.partition("`, ")[2] or error.error for error in cedarpy.validate_policies(rule.statement.text, schema.text).errors
    ]
    found = list(dict.fromkeys(_told(rule.statement, message, schema) for message in errors if _NO_ACTION not in message))
    if not found and errors:
        actions = "no operation has both this action and this kind of record, so the rule can never apply"
        return [_at(rule.statement, "", actions)]
    return found


def _told(statement: Statement, message: str, schema: Schema) -> Finding:
    if match := _ACTION.search(message):
        name = json.loads(match[1])
        known = [*schema.actions, *schema.groups]
        return _at(
            statement, match[1], f"there is no action {name!r}", help=_meant(name, known) or f"the groups are {', '.join(schema.groups)}"
        )
    if match := _ENTITY.search(message):
        known = list(schema.records)
        return _at(
            statement, match[1], f"there is no entity type {match[1]!r}", help=_meant(match[1], known) or f"there are {', '.join(known)}"
        )
    if match := _ABSENT.search(message):
        return _at(statement, match[1], f"{match[1]} may be absent", help=f"ask first: {_guard(match[1], message)}")
    if match := _MISSING.search(message):
        return _at(
            statement,
            match[1],
            f"not everything this rule is about has {match[1]}",
            help=f"ask first ({_guard(match[1], message)}), or name the actions or the kind of record that have it",
        )
    return _at(statement, "", message)


def _guard(attribute: str, message: str) -> str:
    root = "context" if "in context" in message else "resource"
    *before, last = attribute.split(".")
    return f"`{'.'.join([root, *before])} has {last}`"


def _annotations(rule: Rule) -> list[Finding]:
    if rule.asks and rule.permits:
        told = f"@{APPROVAL} belongs to a forbid: what it forbids can be approved"
        return [_at(rule.statement, f"@{APPROVAL}", told, help='write `@approval("why") forbid (…)`, and a permit beside it')]
    return []


def _tags(rule: Rule) -> Iterator[Finding]:
    """Names of custom fields that no call can have: Cedar lets a rule ask for any, and it would never apply."""
    for name in dict.fromkeys(_asked([condition["body"] for condition in rule.data.get("conditions", ())])):
        if name != name.lower():
            told = f"the names of custom fields are in lower case here, however a call spells them: {name!r} is never there"
            yield _at(rule.statement, f'"{name}"', told, help=f'write "{name.lower()}"')


def _asked(body: Any) -> Iterator[str]:
    if isinstance(body, list):
        for value in body:
            yield from _asked(value)
    elif isinstance(body, dict):
        for operator in ("hasTag", "getTag"):
            name = body.get(operator, {}).get("right", {}).get("Value") if isinstance(body.get(operator), dict) else None
            if isinstance(name, str):
                yield name
        for value in body.values():
            yield from _asked(value)


def _at(statement: Statement, word: str, message: str, help: str | None = None) -> Finding:
    place = statement.find(word.removeprefix("@")) if word else None
    offset, length = place if place is not None else (0, len(statement.text.splitlines()[0]) if statement.text else 1)
    line, column = statement.place(offset)
    return Finding(statement.file, line, column, message, length, help)
