"""Checks of Cedar policies: syntax, names and types, with locations and suggestions."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from unified_platform.common.extras import require_extra
from unified_platform.policy import catalog_values
from unified_platform.policy.cedar_rules import APPROVAL, EXTRA, Rule, chains, compared
from unified_platform.policy.cedar_statements import Statement, statements
from unified_platform.policy.findings import Finding
from unified_platform.policy.schema import Action, Schema, Type, shipped

_ACTION = re.compile(r'unrecognized action `Action::("(?:[^"\\]|\\.)*")`')
_ENTITY = re.compile(r"unrecognized entity type `([^`]+)`")
_ABSENT = re.compile(r"unable to guarantee safety of access to optional attribute `([^`]+)`")
_MISSING = re.compile(r"attribute `([^`]+)` (?:on entity type `([^`]+)`|in context for .*) not found")
_NO_ACTION = "unable to find an applicable action"
_QUOTED = re.compile(r"`([^`]+)`|'([^']+)'|: (\w+)$")


def rules_of(texts: Mapping[str, str], schema: Schema) -> tuple[list[Rule], list[Finding]]:
    """Return the policies of some files, and every mistake in them. Only the shipped schema is compared with the catalog."""
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
            if schema is shipped():
                found += dict.fromkeys(_never(rule, schema))
    return rules, found


def _parsed(statement: Statement, found: list[Finding]) -> Rule | None:
    cedarpy = require_extra("cedarpy", "cedar", "a Cedar policy")
    try:
        data = json.loads(cedarpy.policies_to_json_str(statement.text))
    except ValueError as error:
        message = str(error).removeprefix("Policy parse error: ").strip().splitlines()[0]
        text = next((part for match in _QUOTED.finditer(message) for part in match.groups() if part), "")
        found.append(_at(statement, text, message, help="a policy ends with a semicolon" if not statement.text.endswith(";") else None))
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
    """Return unknown names. Cedar itself allows any name with `has`: a typo there would make a rule that never applies."""
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
                message = f"there is no {'.'.join(key)}"
                found.setdefault(
                    key, _at(rule.statement, ".".join(key), message, help=near or f"it can be {', '.join(sorted(known)) or 'nothing'}")
                )
    return _widest(found)


def _widest(found: Mapping[tuple[str, ...], Finding]) -> list[Finding]:
    return [finding for key, finding in found.items() if not any(key[:length] in found for length in range(1, len(key)))]


def _unknown(path: tuple[str, ...], roots: Iterable[Mapping[str, Type]], schema: Schema) -> tuple[str, set[str]] | None:
    """Return the first part of a path that none of the roots has, and the names that would be valid there."""
    here = list(roots)
    for name in path:
        known = {attribute for attributes in here for attribute in attributes}
        if name not in known:
            return name, known
        here = [schema.attributes(attributes[name]) for attributes in here if name in attributes]
    return None


def _actions(rule: Rule, schema: Schema) -> Iterator[Action]:
    """Yield the actions in a rule's scope."""
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
    cedarpy = require_extra("cedarpy", "cedar", "a Cedar policy")
    errors = [
        error.error.partition("`, ")[2] or error.error for error in cedarpy.validate_policies(rule.statement.text, schema.text).errors
    ]
    found = list(dict.fromkeys(_finding(rule.statement, message, schema) for message in errors if _NO_ACTION not in message))
    if not found and errors:
        actions = "no operation has both this action and this kind of record, so the rule can never apply"
        return [_at(rule.statement, "", actions)]
    return found


def _finding(statement: Statement, message: str, schema: Schema) -> Finding:
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
        return _at(statement, match[1], f"{match[1]} may be absent", help=f"test it first: {_condition(match[1], message)}")
    if match := _MISSING.search(message):
        return _at(
            statement,
            match[1],
            f"not everything this rule is about has {match[1]}",
            help=f"test it first ({_condition(match[1], message)}), or name the actions or the kind of record that have it",
        )
    return _at(statement, "", message)


def _condition(attribute: str, message: str) -> str:
    root = "context" if "in context" in message else "resource"
    *before, last = attribute.split(".")
    return f"`{'.'.join([root, *before])} has {last}`"


def _annotations(rule: Rule) -> list[Finding]:
    if rule.needs_approval and rule.permits:
        message = f"@{APPROVAL} belongs to a forbid: what it forbids can be approved"
        return [_at(rule.statement, f"@{APPROVAL}", message, help='write `@approval("why") forbid (…)`, and a permit beside it')]
    return []


def _never(rule: Rule, schema: Schema) -> Iterator[Finding]:
    """Yield comparisons that can never be true: Cedar allows them, and a rule that depends on one never applies."""
    actions = [*_actions(rule, schema)]
    names = [action.name for action in actions]
    inputs = {name for action in actions for name in schema.attributes(action.context["input"])}
    for path, operator, value in compared([condition["body"] for condition in rule.data.get("conditions", ())]):
        wrong: tuple[str, str] | None = None
        if path == ("custom_fields",) and operator in {"hasTag", "getTag"}:
            wrong = catalog_values.wrong_custom_field(value, names)
        elif path == ("vendor",) and operator in {"==", "contains"}:
            wrong = catalog_values.wrong_vendor(value, names)
        elif path == ("extra",) and operator == "contains":
            wrong = catalog_values.wrong_extra(value, names)
        elif path in {("cleared",), ("extra_fields",)} and operator == "contains" and value not in inputs:
            wrong = (
                f"no operation that this rule is about has an input {value!r}",
                _meant(value, inputs) or f"there are {', '.join(inputs)}",
            )
        if wrong is not None:
            yield _at(rule.statement, f'"{value}"', wrong[0], help=wrong[1])
    if EXTRA in rule.annotations and not rule.permits:
        message = f"@{EXTRA} belongs to a permit: it allows paths of `extra` by name"
        yield _at(
            rule.statement, f"@{EXTRA}", message, help=f"write it before a permit that applies to the call, and leave out @{EXTRA} here"
        )
    elif EXTRA in rule.annotations and not rule.extra:
        yield _at(
            rule.statement, f"@{EXTRA}", f"@{EXTRA} names no path", help=f'write @{EXTRA}("VENDOR.PATH"), such as jira.fields.components'
        )
    for name in rule.extra if rule.permits else ():
        wrong = catalog_values.wrong_extra(name, names, with_vendor=True)
        if wrong is not None:
            yield _at(rule.statement, f"@{EXTRA}", wrong[0], help=wrong[1])


def unknown_agents(rules: Iterable[Rule], known: Collection[str]) -> Iterator[Finding]:
    """Yield agents that rules name and that are not among the known ones."""
    for rule in rules:
        for name in dict.fromkeys(_agents(rule.data)):
            if name and name not in known:
                yield _at(rule.statement, f'"{name}"', f"there is no agent {name!r}", help=_meant(name, known) or _listed(known))


def _agents(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for value in data:
            yield from _agents(value)
    elif isinstance(data, Mapping):
        if data.get("type") == "Agent" and isinstance(data.get("id"), str):
            yield data["id"]
        for value in data.values():
            yield from _agents(value)


def _listed(known: Collection[str]) -> str:
    return f"the agents' file has {', '.join(sorted(known)) or 'none'}"


def _at(statement: Statement, text: str, message: str, help: str | None = None) -> Finding:
    location = statement.find(text.removeprefix("@")) if text else None
    offset, length = location if location is not None else (0, len(statement.text.splitlines()[0]) if statement.text else 1)
    line, column = statement.position(offset)
    return Finding(statement.file, line, column, message, length, help)
