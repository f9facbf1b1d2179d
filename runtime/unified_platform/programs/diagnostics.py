"""Type errors of a program in few words, for a model: line, problem, and what is expected."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from unified_platform.programs.analysis import Use
from unified_platform.programs.api import ASYNC, ProgramApi
from unified_platform.programs.stubs import record_name
from unified_platform.tools.token_counts import cut, tokens
from unified_runtime.core.suggestions import did_you_mean

MOST = 5
"""Errors that are reported; further ones are counted."""
TOKENS = 60
"""Maximum tokens of one error."""
Finding = tuple[int, int, str, str]
"""Line, column, rule and message of an error; line 0 if it is about the entire program."""

_QUOTED = re.compile(r"`([^`]*)`")
_ARGUMENT = re.compile(r"(\w+)\s*=(?!=)")
_LITERAL = re.compile(r"Literal\[([^\]]*)\]")


def problems(found: Iterable[Finding], code: str, api: ProgramApi, uses: Sequence[Use], unknown: Sequence[Use]) -> list[str]:
    """Return a line of text for each error of a program with this source."""
    source = code.splitlines()
    listed: dict[str, None] = {}
    explained = {use.line: api.missing(use.path) for use in unknown}
    errors = list(found)
    unknown_arguments = {line for line, _, rule, _ in errors if rule == "unknown-argument"}
    for line, column, rule, message in errors:
        if rule == "missing-argument" and line in unknown_arguments:
            continue  # the misspelt argument explains it
        text = explained.get(line) if rule in ("unresolved-attribute", "unresolved-import") else None
        if rule == "invalid-argument-type":
            text = _wrong_value(message, _keyword(source, line, column))
        listed[_cut(f"line {line}: {text or _short(rule, message, line, uses, api)}" if line else message)] = None
    return list(listed)


def concerned(
    found: Iterable[Finding], tree: ast.AST, named: Callable[[ast.expr], str | None], uses: Sequence[Use], api: ProgramApi
) -> list[str]:
    """Return the paths of the functions that errors are about: those named on their lines, and one for each record of a wrong attribute.

    `named` returns the dotted path that an expression names.
    """
    errors = [(line, _QUOTED.findall(message)) for line, _, _, message in found]
    lines = {line for line, _ in errors}
    paths: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.lineno in lines and (path := named(node)) is not None:
            paths[path.partition(".")[2].removeprefix(f"{ASYNC}.")] = None
    records = {quoted for _, names in errors for quoted in names[:1]}
    for use in uses:
        if record_name(api[use.path]) in records:
            records.remove(record_name(api[use.path]))
            paths[use.path] = None
    return [path for path in paths if path in api]


def report(lines: Sequence[str], stubs: str = "") -> str:
    """Return the text of a rejected program for a model, with the stubs that help to correct it."""
    more = f"\n{len(lines) - MOST} more" if len(lines) > MOST else ""
    return (
        "The program was not run:\n" + "\n".join(lines[:MOST]) + more + (f"\n{stubs}" if stubs else "") + "\nCorrect it and run it again."
    )


def _short(rule: str, message: str, line: int, uses: Sequence[Use], api: ProgramApi) -> str:
    named = _QUOTED.findall(message)
    if rule == "unknown-argument" and len(named) >= 2:
        arguments = _arguments(named[1], line, uses, api)
        meant = did_you_mean(named[0], arguments) or (f"; it has {', '.join(arguments)}" if arguments else "")
        return f"{named[1]} has no argument {named[0]}{meant}"
    if rule == "missing-argument" and named:
        return f"{named[-1]} needs {', '.join(named[:-1])}"
    if rule == "unresolved-import" and named:
        return f"there is no module {named[0]}; import from unified, such as `from unified import {', '.join(_tops(api)[:3])}`"
    if rule == "unresolved-attribute" and len(named) >= 2:
        return f"{named[0]} has no attribute {named[1]}"
    return message.replace("`", "").splitlines()[0]


def _arguments(function: str, line: int, uses: Sequence[Use], api: ProgramApi) -> list[str]:
    candidates = [use.path for use in uses if use.path.rpartition(".")[2] == function]
    nearest = sorted(candidates, key=lambda path: min(abs(use.line - line) for use in uses if use.path == path))
    if not nearest:
        return []
    properties: Mapping[str, Any] = api[nearest[0]].parameters["properties"]
    return [name for name in properties if name != "cursor"]


def _wrong_value(message: str, keyword: str) -> str | None:
    """Return the text of an argument of a wrong type."""
    named = _QUOTED.findall(message)
    if len(named) < 3:
        return None
    return f"{keyword or 'an argument'} of {named[0]}: expected {_plain(named[1])}, not {_plain(named[2])}"


def _keyword(source: Sequence[str], line: int, column: int) -> str:
    """Return the name of the argument at a location; empty if it has none."""
    text = source[line - 1][column - 1 :] if 0 < line <= len(source) else ""
    found = _ARGUMENT.match(text)
    return found[1] if found is not None else ""


def _plain(annotation: str) -> str:
    text = _LITERAL.sub(lambda found: found[1].replace('"', ""), annotation)
    return text.replace("datetime | str", "a time").replace("date | str", "a date")


def _tops(api: ProgramApi) -> list[str]:
    return list(dict.fromkeys(module.partition(".")[0] for module in api.modules()))


def _cut(text: str) -> str:
    return text if tokens(text) <= TOKENS else f"{cut(text, TOKENS - 2)}…"
