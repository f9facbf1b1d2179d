"""Checks of Rego policies: names and enum values that no input can have, so that a rule depending on one never applies.

The text is searched, not parsed: paths that begin with `input`, and the text next to them. A part of the input that the policy has
assigned to another name is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from unified_platform.catalog import capabilities
from unified_platform.policy import catalog_values
from unified_platform.policy.findings import Finding
from unified_platform.policy.schema import shipped
from unified_runtime.core.policy_decisions import PolicyRequest, RequestFacts
from unified_runtime.core.suggestions import did_you_mean
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.raw_requests import is_raw

_PATH = re.compile(r'#[^\n]*|`[^`]*`|(?<![\w.])(?P<path>input(?:\.[A-Za-z_]\w*|\["[^"\n]*"\])+)|"(?:[^"\\\n]|\\.)*"')
"""Comments and strings, which are skipped, and paths of the input."""

_NAME = re.compile(r'\.([A-Za-z_]\w*)|\["([^"\n]*)"\]')
_AFTER = re.compile(r'\s*(?:==\s*(?P<one>"[^"\n]*")|in\s*[{\[](?P<several>[^{}\[\]]*)[}\]])')
_BEFORE = re.compile(r'(?P<one>"[^"\n]*")\s*(?P<operator>==|in)\s*$')
_TEXT = re.compile(r'"([^"\n]*)"')


class _Known(NamedTuple):
    """Structure of inputs: names of the first two levels, the enum values of some, and the operations."""

    top: Collection[str]
    below: dict[str, Collection[str]]
    words: dict[str, Collection[str]]
    operations: tuple[str, ...]


@cache
def _known() -> _Known:
    schema, entries = shipped(), capabilities.load()
    resources = [resource for entry in entries for resource in entry.resources.values()]
    inputs = {name for action in schema.actions.values() for name in schema.attributes(action.context["input"])}
    inputs |= {name for resource in resources for operation in resource.operations.values() for name in operation.inputs}
    records = {name for record in schema.records.values() for name in record} | {name for one in resources for name in one.fields}
    operations = tuple(schema.actions)
    verbs = {name.partition(".")[2] for name in operations}
    below: dict[str, Collection[str]] = {
        "input": inputs,
        "ids": inputs,
        "record": records,
        "local": ("date", "hour", "minute", "weekday"),
        "request": RequestFacts.__struct_fields__,
    }
    words: dict[str, Collection[str]] = {
        "operation": verbs,
        "like": verbs | {"list", "get", "create", "update", "delete", "changes"},
        "resource": {*(name.partition(".")[0] for name in operations), *registry.names()},
        "effect": ("read", "write", "destructive"),
        "phase": ("arguments", "record", "request"),
    }
    return _Known({*PolicyRequest.__struct_fields__, "local"}, below, words, operations)


def never(file: str, text: str) -> Iterator[Finding]:
    """Yield every name and enum value that no input can have, each with its location."""
    for match in _PATH.finditer(text):
        if match["path"] is None:
            continue
        names = [one or other for one, other in _NAME.findall(match["path"])]
        wrong = _wrong_name(names)
        if wrong is not None:
            yield _at(file, text, match.start(), len(match["path"]), wrong)
            continue
        if len(names) == 1:
            for start, word in _compared(text, match):
                if (wrong := _wrong_word(names[0], word)) is not None:
                    yield _at(file, text, start, len(word) + 2, wrong)


def unknown_agents(file: str, text: str, known: Collection[str]) -> Iterator[Finding]:
    """Yield the agents that a policy compares `input.agent` with and that are not among the known ones."""
    for match in _PATH.finditer(text):
        if match["path"] in {"input.agent", 'input["agent"]'}:
            for start, word in _compared(text, match):
                if word not in known:
                    yield _at(file, text, start, len(word) + 2, (f"there is no agent {word!r}", _help(word, known)))


def _wrong_name(names: list[str]) -> tuple[str, str] | None:
    known = _known()
    first, *more = names
    if first not in known.top:
        return f"there is no input.{first}", _help(first, known.top)
    if not more:
        return None
    if first == "custom_fields":
        return catalog_values.wrong_custom_field(more[0], known.operations)
    if first in known.below and more[0] not in known.below[first]:
        return f"there is no input.{first}.{more[0]}", _help(more[0], known.below[first])
    return None


def _compared(text: str, match: re.Match[str]) -> Iterator[tuple[int, str]]:
    """Yield the strings that a path is compared with, searched in or searched for, each with its location."""
    after = _AFTER.match(text, match.end())
    if after is not None:
        group = "one" if after["one"] is not None else "several"
        yield from ((after.start(group) + found.start(), found[1]) for found in _TEXT.finditer(after[group]))
    line = text.rfind("\n", 0, match.start()) + 1
    before = _BEFORE.search(text[line : match.start()])
    if before is not None and "#" not in text[line : line + before.start()]:
        yield line + before.start("one"), before["one"][1:-1]


def _wrong_word(name: str, word: str) -> tuple[str, str] | None:
    known = _known()
    if name == "vendor" and word not in registry.names():
        return catalog_values.wrong_vendor(word, known.operations)
    if name == "extra":
        return catalog_values.wrong_extra(word, known.operations)
    if name in {"cleared", "extra_fields"} and word not in known.below["input"]:
        return f"no operation has an input {word!r}", _help(word, known.below["input"])
    if name == "resource" and word in registry.names():
        return None  # the resource of a toolkit's operations; toolkits are added while the process runs
    unknown = name in known.words and word not in known.words[name]
    if unknown and name in ("operation", "like") and is_raw(word):
        return None
    if unknown and name in ("operation", "like") and any(word in registry.toolkit(each) for each in registry.names()):
        return None
    if unknown:
        return f"input.{name} is never {word!r}", _help(word, known.words[name])
    return None


def _help(name: str, known: Collection[str]) -> str:
    names = sorted(known)
    meant = did_you_mean(name, names).removeprefix("; ")
    return meant or f"it can be {', '.join(names[:12])}{' and others' if len(names) > 12 else ''}"


def _at(file: str, text: str, start: int, length: int, wrong: tuple[str, str]) -> Finding:
    return Finding(file, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), wrong[0], length, wrong[1])
