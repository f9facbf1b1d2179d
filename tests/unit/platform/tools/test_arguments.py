"""A tool's arguments: accepted if the schema allows them, otherwise rejected with an error that a model can act on."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest

from unified_platform.catalog import capabilities
from unified_platform.tools import Tool, tools
from unified_platform.tools.argument_checks import ArgumentChecker
from unified_runtime import InvalidInput

EVERY = list(tools(vendors=[entry.name for entry in capabilities.load()]))
COUNT = 250
_PLAIN = {"string": "text", "integer": 3, "boolean": True, "array": [], "object": {}, "null": None}


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {word: closed(value) for word, value in schema.items()}
    return {**made, "additionalProperties": False} if schema.get("type") == "object" and "properties" in schema else made


def value(schema: dict[str, Any], dice: random.Random) -> Any:
    """Generate a value that the schema allows, from the schema only."""
    if "anyOf" in schema:
        return value(dice.choice(schema["anyOf"]), dice)
    if "enum" in schema:
        return dice.choice(schema["enum"])
    types = schema["type"]
    match types if isinstance(types, str) else dice.choice(types):
        case "string":
            return {"date": "2026-11-25", "date-time": "2026-11-25T10:00:00Z", "decimal": "12.50"}.get(
                schema.get("format", ""), "".join(dice.choices(string.printable + "äß漢🙂", k=dice.randint(1, 12)))
            )
        case "integer":
            return dice.randint(1, 10**6)
        case "boolean":
            return dice.random() < 0.5
        case "array":
            return [value(schema["items"], dice) for _ in range(dice.randint(0, 3))]
        case "object":
            return entire(schema, dice)
        case "null":
            return None
    raise AssertionError(schema)


def entire(schema: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    needed = schema.get("required", ())
    if "properties" not in schema:  # an open object: any names
        return {"".join(dice.choices(string.ascii_letters + "_", k=5)): dice.choice(["text", 3, True, None, ["a"]]) for _ in range(2)}
    return {name: value(one, dice) for name, one in schema["properties"].items() if name in needed or dice.random() < 0.5}


def allowed(schema: dict[str, Any]) -> set[str]:
    if "anyOf" in schema:
        return set().union(*(allowed(arm) for arm in schema["anyOf"]))
    types = schema["type"]
    return {types} if isinstance(types, str) else set(types)


def mutated(schema: dict[str, Any], given: dict[str, Any], dice: random.Random) -> tuple[str, dict[str, Any]]:
    """Generate arguments with one error, and the wrong argument."""
    names = list(schema["properties"])
    words = [name for name, one in schema["properties"].items() if "enum" in str(one) and "items" not in str(one)]
    ways: list[Callable[[], tuple[str, dict[str, Any]]]] = []

    def unknown() -> tuple[str, dict[str, Any]]:
        name = dice.choice(["titel", "project", "colour", "__class__", "x" * 40, ""])
        return name, {**given, name: "a"}

    def missing() -> tuple[str, dict[str, Any]]:
        name = dice.choice(schema["required"])
        return name, {key: one for key, one in given.items() if key != name}

    def mistyped() -> tuple[str, dict[str, Any]]:
        name = dice.choice(names)
        return name, {**given, name: _PLAIN[dice.choice(sorted(set(_PLAIN) - allowed(schema["properties"][name])))]}

    def no_word() -> tuple[str, dict[str, Any]]:
        name = dice.choice(words)
        return name, {**given, name: "no such word"}

    ways += [unknown, mistyped]
    if schema.get("required"):
        ways.append(missing)
    if words:
        ways.append(no_word)
    return dice.choice(ways)()


@pytest.mark.parametrize("tool", EVERY, ids=lambda tool: tool.name)
def test_valid_arguments_are_taken_and_others_named(tool: Tool) -> None:
    dice = random.Random(tool.name)
    judge = jsonschema_rs.validator_for(closed(dict(tool.parameters)))
    checker = ArgumentChecker(tool.parameters, tool.definition.operation)
    for _ in range(COUNT):
        given = entire(tool.parameters, dice)
        assert judge.is_valid(given)
        assert checker.check(given) == given
    for _ in range(COUNT):
        name, wrong = mutated(tool.parameters, entire(tool.parameters, dice), dice)
        assert not judge.is_valid(wrong)
        with pytest.raises(InvalidInput) as caught:
            checker.check(wrong)
        assert any(location.partition(".")[0] == name for location in caught.value.fields), (name, wrong, caught.value)
        assert name in caught.value.message


@pytest.mark.parametrize(
    ("given", "returned"),
    [
        ({"title": [5], "project_id": "P"}, "title: must be text, not a list"),
        ({"titel": "a", "project_id": "P"}, "titel: is not an argument of this tool; did you mean 'title'?"),
        ({"project_id": "P"}, "title: is required"),
        ({"title": "a", "project_id": "P", "priority": "hi"}, "'hi' is not one of low, medium, high, urgent; did you mean 'high'?"),
        ({"title": "a", "project_id": "P", "labels": "bug, ui"}, "labels: must be a list, not 'bug, ui'"),
        ({"title": "a", "project_id": "P", "labels": ["bug", True]}, "labels.1: must be text, not True"),
        ({"title": "a", "project_id": "P", "due_date": 20261125}, "due_date: must be text as YYYY-MM-DD, not 20261125"),
        (["title"], "the arguments are an object, not a list"),
        (None, "the arguments are an object, not null"),
    ],
)
def test_error_messages(given: object, returned: str) -> None:
    tool = tools(vendors=["jira"])["tasks_create"]
    result = tool.call(given)
    assert result.failed
    assert returned in result.text


def test_every_missing_argument_is_reported_at_once() -> None:
    result = tools(vendors=["jira"])["tasks_create"].call({})
    assert result.fields == {"title": "is required", "project_id": "is required"}
