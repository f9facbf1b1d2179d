"""A hostile document or mapping reaches Python source only as literals: it can neither inject code nor leave the output folder."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import tokenize
import warnings
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.golden.cases import inputs_of, load
from unified_gen.pipeline.compiler import compile
from unified_gen.pipeline.results import Result
from unified_gen.pipeline.write import write

MARK = "PWNED"
BREAKS = [
    f'"""\nimport os; os.environ["{MARK}"] = "1"\n"""',
    f"'''\n{MARK}()\n'''",
    f'\\"""{MARK}',
    f'{MARK}"); __import__("os").system("true") #',
    f"{{{{ {MARK}.__class__ }}}}{{% raw %}}",
    f"{{{MARK}}}",
    f"../../{MARK}",
    f"{MARK}\x00\x1b[31m",
    f"{MARK}\r\nx = 1",
    f"\u2028{MARK}\u2029",
    f"\\N{{BULLET}}{MARK}\\",
    f"%s {MARK} %(x)s",
]
"""Strings that would do harm where text becomes code."""

SHADOWS = ["class", "None", "__import__", "print", "self", "ﬁ", "", " ", "9lives", "list", "ctx", "answer", "Any", "types", "x" * 500]
"""Invalid names, and names that shadow those of generated code."""


TASKS, VENDOR, SPEC = "mappings/vendors/acme/tasks.yaml", "mappings/vendors/acme/vendor.yaml", "specs/acme/openapi.yaml"
MODEL = "mappings/models/tasks.yaml"


def quoted(text: str) -> str:
    """Return a YAML scalar that reads as exactly this text."""
    return json.dumps(text).replace("\x7f", "\\x7f")


def compiled(hostile: str, where: str) -> Result:
    """Return the small vendor of the golden cases with one string in it made hostile."""
    files = dict(load("acme").files)
    inner = json.dumps(json.dumps(hostile))  # a name inside a path is quoted by JMESPath, the path by YAML
    edits = {
        "property": [
            (SPEC, "        note: {type: string, nullable: true}\n", f"        {quoted(hostile)}: {{type: string, nullable: true}}\n", 3),
            (TASKS, "description:  note", f"description:  {inner}", 1),
        ],
        "nested property": [
            (
                SPEC,
                "        note: {type: string, nullable: true}\n",
                f"        box: {{type: object, nullable: true, properties: {{{quoted(hostile)}: {{type: string, nullable: true}}}}}}\n",
                3,
            ),
            (TASKS, "description:  note", "description:  " + json.dumps("box." + json.dumps(hostile)), 1),
        ],
        "schema": [
            (SPEC, "    Task:\n", f"    {quoted(hostile)}:\n", 1),
            (SPEC, "'#/components/schemas/Task'", quoted("#/components/schemas/" + pointer(hostile)), 3),
            (TASKS, "schema: Task", f"schema: {quoted(hostile)}", 1),
        ],
        "operationId": [
            (SPEC, "operationId: deleteTask", f"operationId: {quoted(hostile)}", 1),
            (TASKS, "operation: deleteTask", f"operation: {quoted(hostile)}", 1),
        ],
        "path": [(SPEC, "  /tasks:\n", f"  {quoted('/tasks/' + hostile)}:\n", 1)],
        "path parameter": [
            (SPEC, "/tasks/{taskId}:", quoted("/tasks/{" + hostile + "}") + ":", 1),
            (SPEC, "name: taskId", f"name: {quoted(hostile)}", 1),
            (TASKS, "{taskId: ", "{" + quoted(hostile) + ": ", 4),
        ],
        "query parameter": [
            (SPEC, "{name: project, in: query", f"{{name: {quoted(hostile)}, in: query", 1),
            (TASKS, "{project: project_id}, local_filters", "{" + quoted(hostile) + ": project_id}, local_filters", 1),
        ],
        "enumerator": [
            (SPEC, "enum: [active, waiting, finished]", f"enum: [active, waiting, finished, {quoted(hostile)}]", 1),
            (TASKS, "done: finished", f"done: [finished, {quoted(hostile)}]", 1),
        ],
        "pattern": [(SPEC, "{type: string, maxLength: 200}", f"{{type: string, maxLength: 200, pattern: {quoted(hostile)}}}", 2)],
        "summary of a field": [(MODEL, "summary: More about it.", f"summary: {quoted(hostile)}", 1)],
        "summary of an operation": [(MODEL, "summary: Delete a task.", f"summary: {quoted(hostile)}", 1)],
        "summary of a record": [(MODEL, "summary: A piece of work.", f"summary: {quoted(hostile)}", 1)],
        "title": [(VENDOR, "name: Acme", f"name: {quoted(hostile)}", 1)],
        "server": [(VENDOR, '"https://{connection.site}.acme.example/v1"', quoted("https://{connection.site}.example/" + hostile), 1)],
        "connection": [(VENDOR, "The name before .acme.example.", quoted(hostile), 1)],
        "header": [(VENDOR, "name: Acme", f"name: Acme\nheaders: {{X-A: {quoted(hostile)}}}", 1)],
        "header name": [(VENDOR, "name: Acme", f"name: Acme\nheaders: {{{quoted(hostile)}: x}}", 1)],
        "gap": [(TASKS, "a task stays in its project", quoted(hostile), 1)],
        "literal": [
            (
                TASKS,
                "send: fields, save: created",
                f"send: [title, status, project_id, assignee_ids, due_date], constants: {{note: {quoted(hostile)}}}, save: created",
                1,
            ),
            (TASKS, "unsupported:\n", "unsupported:\n  create.description: always the same\n", 1),
        ],
        "security scheme": [
            (SPEC, "    token: {type: http", f"    {quoted(hostile)}: {{type: http", 1),
            (SPEC, "- token: []", f"- {quoted(hostile)}: []", 1),
        ],
        "clear": [(TASKS, "description:  note", f"description:  {{path: note, clear: {quoted(hostile)}}}", 1)],
        "missing": [
            (
                TASKS,
                "update: {operation: updateTask",
                f"update:\n    - {{operation: listTasks, params: {{project: id}}, save: {{found: items}}, where: {{id: id}}, "
                f"not_found: {quoted(hostile)}, pagination: none}}\n    - {{operation: updateTask",
                1,
            ),
            (
                TASKS,
                "{taskId: id}, send: fields}",
                "{taskId: found.id}, send: fields}\n    - {operation: getTask, params: {taskId: id}}",
                1,
            ),
        ],
    }
    for file, old, new, times in edits[where]:
        assert files[file].count(old) == times, (file, old)
        files[file] = files[file].replace(old, new)
    return compile(inputs_of(files))


LOCATIONS = [
    *("property", "nested property", "schema", "operationId", "path", "path parameter", "query parameter", "enumerator", "pattern"),
    *("summary of a field", "summary of an operation", "summary of a record", "title", "server", "connection", "header", "header name"),
    *("gap", "literal", "security scheme", "clear", "missing"),
]


def pointer(text: str) -> str:
    return text.replace("~", "~0").replace("/", "~1").replace("%", "%25")


def harmless(result: Result) -> None:
    """Assert that generated files are Python with harmless identifiers, and hostile text in literals only."""
    for name, text in result.files.items():
        assert ".." not in name.split("/")
        if name.endswith(".json"):
            json.loads(text)
        if not name.endswith(".py"):
            continue
        with warnings.catch_warnings():
            # Only the parser's own warnings: another one as an error could interrupt the garbage collector within `ast.parse`.
            warnings.simplefilter("error", SyntaxWarning)
            warnings.simplefilter("error", DeprecationWarning)
            tree = ast.parse(text, name)
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert not imported & {"os", "sys", "subprocess", "builtins"}, name
        called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        assert not called & {MARK, "__import__", "exec", "eval", "open", "print", "system"}, name
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in (tokenize.STRING, *FORMATTED):
                assert MARK not in token.string or token.string.isidentifier(), f"{name}: {token}"


def shape(result: Result) -> dict[str, list[str]]:
    """Return the kinds of nodes of every module, without literals and identifiers."""
    return {
        name: [type(node).__name__ for node in ast.walk(ast.parse(text))] for name, text in result.files.items() if name.endswith(".py")
    }


FORMATTED = tuple(getattr(tokenize, kind) for kind in ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END") if hasattr(tokenize, kind))


@lru_cache
def tame(where: str) -> tuple[dict[str, list[str]], ...]:
    """Return the forms of the code with harmless texts: a Python name, a text that is not one, and a pattern that Python cannot read."""
    texts = ("^tame", "tame", *(("[",) if where == "pattern" else ()))
    return tuple(shape(compiled(text, where)) for text in texts)


NAMED = ("property", "nested property", "schema", "operationId", "path parameter", "query parameter", "security scheme")
CASES = [(text, where) for text in BREAKS for where in LOCATIONS] + [(text, where) for text in SHADOWS for where in NAMED]


@pytest.mark.parametrize(("hostile", "where"), CASES, ids=[f"{ascii(text)[:24]}-{where}" for text, where in CASES])
def test_hostile_text_stays_text(hostile: str, where: str) -> None:
    result = compiled(hostile, where)
    harmless(result)
    same_form = hostile != "Any" and not (where == "path parameter" and "{" in hostile)  # one adds an import, the other a parameter
    if result.files and same_form:
        assert shape(result) in tame(where), "the code has the form it has with a tame text"


@pytest.mark.parametrize("where", LOCATIONS)
def test_every_location_is_reached(where: str) -> None:
    """A harmless string compiles at each location and is found in the output, so each case tests something."""
    result = compiled({"pattern": "^tame"}.get(where, "tame"), where)
    assert result.files, [found.message for found in result.diagnostics]
    assert "tame" in "".join(result.files.values()).lower()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=40), where=st.sampled_from(LOCATIONS))
def test_any_text_stays_text(text: str, where: str) -> None:
    harmless(compiled(text + MARK, where))


def test_code_compiled_from_hostile_names_runs_without_side_effects(tmp_path: Path) -> None:
    for number, where in enumerate(("property", "schema", "operationId", "enumerator", "title", "gap", "literal", "summary of a field")):
        for hostile in BREAKS[:6]:
            result = compiled(hostile, where)
            if not result.files:
                continue
            root = tmp_path / f"{number}{BREAKS.index(hostile)}"
            root.mkdir()
            write(root, dict(result.files))
            program = (
                f"import os, sys; sys.path.insert(0, {str(root / 'generated')!r})\n"
                "import unified, unified.vendors.acme.tasks, unified.models.tasks, unified.tasks, unified.aio.tasks\n"
                f"assert unified.__file__.startswith({str(root)!r}); assert {MARK!r} not in os.environ"
            )
            done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
            assert done.returncode == 0, (where, hostile, done.stderr)
