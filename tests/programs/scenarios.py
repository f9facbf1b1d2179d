"""Tasks of several steps, done once by tool calls and once by a program, over emulated vendors: tokens, turns and requests of both.

`python -m tests.programs.scenarios` prints the table of docs/how-to/programs.md. Turns are responses of the model. Tokens are those of
definitions, arguments and results, each counted once; a model that reads its context again in every turn pays more.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import unified
from unified_emulation.serving.local import LocalEmulator
from unified_platform.programs import Limits, program_tools
from unified_platform.tools import Toolbox, formats, tools
from unified_platform.tools.results import tokens
from unified_runtime.rate_limits.rate_limiter import Unlimited

VENDORS = ["redmine", "todoist"]
TOOLSETS = ["tasks", "comments", "projects", "users"]
Steps = Generator[tuple[str, dict[str, Any]], Any, Any]
"""Calls of a model that uses tools. Each `yield` gets the data of the result; the return value is what it found."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A task: its name, the calls of a model that uses tools, the program of one that writes programs, and the modules that it reads."""

    name: str
    steps: Callable[[], Steps]
    code: str
    reads: tuple[str, ...] = ("tasks", "projects")


def _every(name: str, given: dict[str, Any]) -> Steps:
    """Request a list until it ends."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        data = yield name, given if cursor is None else {**given, "cursor": cursor}
        found += data["items"]
        cursor = data.get("cursor")
        if cursor is None:
            return found


def _tasks(vendor: str = "redmine", **filters: Any) -> Steps:
    projects = yield from _every("projects_list", {"via": vendor})
    return (yield from _every("tasks_list", {"via": vendor, "project_id": projects[0]["id"], **filters}))


_FIRST = 'from unified import tasks, projects\nproject = projects.list(via="redmine")[0].id\n'


def _without_date() -> Steps:
    found = yield from _tasks()
    return sorted(task["title"] for task in found if "due_date" not in task)


def _count() -> Steps:
    found = yield from _tasks()
    return {status: sum(task.get("status") == status for task in found) for status in ("open", "in_progress", "done")}


def _rename() -> Steps:
    found = yield from _tasks()
    changed = 0
    for task in found[:5]:
        yield "tasks_update", {"via": "redmine", "id": task["id"], "title": f"{task['title']} (urgent)"}
        changed += 1
    return changed


def _dates() -> Steps:
    found = yield from _tasks()
    late = [task for task in found if "due_date" not in task][:5]
    for task in late:
        yield "tasks_update", {"via": "redmine", "id": task["id"], "due_date": "2031-01-02"}
    return len(late)


def _comment() -> Steps:
    found = yield from _every("tasks_list", {"via": "todoist"})
    for task in found[:5]:
        yield "comments_create", {"via": "todoist", "task_id": task["id"], "body": "Please update the status."}
    return min(len(found), 5)


def _create() -> Steps:
    projects = yield from _every("projects_list", {"via": "redmine"})
    for number in range(6):
        yield "tasks_create", {"via": "redmine", "title": f"Step {number}", "project_id": projects[0]["id"]}
    return 6


def _copy() -> Steps:
    found = yield from _tasks()
    for task in found[:4]:
        yield "tasks_create", {"via": "todoist", "title": task["title"]}
    return min(len(found), 4)


def _missing() -> Steps:
    ours = yield from _tasks()
    theirs = yield from _every("tasks_list", {"via": "todoist"})
    return len({task["title"] for task in ours} - {task["title"] for task in theirs})


def _people() -> Steps:
    people = yield from _every("users_list", {"via": "redmine"})
    found = []
    for person in people[:4]:
        tasks = yield from _every("tasks_list", {"via": "redmine", "assignee_id": person["id"]})
        found.append([person["name"], len(tasks)])
    return found


def _commented() -> Steps:
    found = yield from _tasks()
    counted = {}
    for task in found[:6]:
        comments = yield from _every("comments_list", {"via": "redmine", "task_id": task["id"]})
        counted[task["id"]] = len(comments)
    return counted


def _longest() -> Steps:
    found = yield from _tasks()
    longest = 0
    for task in found[:6]:
        read = yield "tasks_get", {"via": "redmine", "id": task["id"]}
        longest = max(longest, len(read.get("description", "")))
    return longest


def _duplicates() -> Steps:
    found = yield from _tasks()
    titles: dict[str, str] = {}
    closed = 0
    for task in found:
        if task["title"] in titles and closed < 3:
            yield "tasks_update", {"via": "redmine", "id": task["id"], "title": f"{task['title']} (duplicate)"}
            closed += 1
        titles.setdefault(task["title"], task["id"])
    return closed


SCENARIOS = (
    Scenario(
        "tasks without a date",
        _without_date,
        _FIRST
        + """found = tasks.list(via='redmine', project_id=project)
sorted(t.title for t in found if t.due_date is None and t.title)
""",
    ),
    Scenario(
        "count by status",
        _count,
        _FIRST
        + """found = tasks.list(via='redmine', project_id=project)
{s: len([t for t in found if t.status == s]) for s in ('open', 'in_progress', 'done')}
""",
    ),
    Scenario(
        "rename five",
        _rename,
        _FIRST
        + """found = tasks.list(via='redmine', project_id=project)[:5]
for t in found:
    tasks.update(t.id, via='redmine', title=f'{t.title} (urgent)')
len(found)
""",
    ),
    Scenario(
        "set missing dates",
        _dates,
        _FIRST
        + """late = [t for t in tasks.list(via='redmine', project_id=project) if t.due_date is None][:5]
for t in late:
    tasks.update(t.id, via='redmine', due_date='2031-01-02')
len(late)
""",
    ),
    Scenario(
        "comment on five",
        _comment,
        """from unified import comments, tasks
found = tasks.list(via='todoist')[:5]
for t in found:
    comments.create(via='todoist', task_id=t.id, body='Please update the status.')
len(found)
""",
        ("tasks", "comments"),
    ),
    Scenario(
        "create six",
        _create,
        _FIRST
        + """for n in range(6):
    tasks.create(via='redmine', title=f'Step {n}', project_id=project)
6
""",
    ),
    Scenario(
        "copy to another vendor",
        _copy,
        _FIRST
        + """found = tasks.list(via='redmine', project_id=project)[:4]
for t in found:
    tasks.create(via='todoist', title=t.title or '')
len(found)
""",
    ),
    Scenario(
        "compare two vendors",
        _missing,
        _FIRST
        + """ours = {t.title for t in tasks.list(via='redmine', project_id=project)}
len(ours - {t.title for t in tasks.list(via='todoist')})
""",
    ),
    Scenario(
        "tasks of four people",
        _people,
        """from unified import tasks, users
[[u.name, len(tasks.list(via='redmine', assignee_id=u.id))] for u in users.list(via='redmine')[:4]]
""",
        ("tasks", "users"),
    ),
    Scenario(
        "count comments of six",
        _commented,
        _FIRST
        + """from unified import comments
{t.id: len(comments.list(via='redmine', task_id=t.id)) for t in tasks.list(via='redmine', project_id=project)[:6]}
""",
        ("tasks", "projects", "comments"),
    ),
    Scenario(
        "longest description of six",
        _longest,
        _FIRST
        + """max(len(tasks.get(t.id, via='redmine').description or '') for t in tasks.list(via='redmine', project_id=project)[:6])
""",
    ),
    Scenario(
        "mark duplicates",
        _duplicates,
        _FIRST
        + """seen = set()
closed = 0
for t in tasks.list(via='redmine', project_id=project):
    if t.title in seen and closed < 3:
        tasks.update(t.id, via='redmine', title=f'{t.title} (duplicate)')
        closed += 1
    seen.add(t.title)
closed
""",
    ),
)


@dataclass(slots=True)
class Cost:
    """Cost of a scenario done in one way."""

    value: Any
    turns: int
    tokens: int
    read: int
    """Tokens that the model reads in all turns together: each turn reads the context again."""
    requests: int = 0
    """Requests to vendors."""


requests = 0
"""Requests to vendors so far."""


class _Counting(LocalEmulator):
    """Emulators that count the requests that they get."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        send = self.transport.send

        def counted(request: Any) -> Any:
            global requests
            requests += 1
            return send(request)

        self.transport.send = counted  # type: ignore[method-assign]


def counted(function: Callable[[Scenario, Toolbox], Cost], scenario: Scenario, box: Toolbox) -> Cost:
    """Return the cost of a scenario with the number of its requests to vendors."""
    before = requests
    cost = function(scenario, box)
    cost.requests = requests - before
    return cost


def by_tools(scenario: Scenario, box: Toolbox) -> Cost:
    """Do a scenario by tool calls."""
    context = tokens(json.dumps([formats.openai(tool) for tool in box]))
    cost = Cost(None, 1, context, context)
    steps = scenario.steps()
    call = next(steps)
    while True:
        name, given = call
        result = box.call(name, given)
        assert not result.failed, (scenario.name, name, given, result.text)
        cost.turns += 1
        cost.tokens += tokens(json.dumps(given)) + tokens(result.text)
        cost.read += cost.tokens
        try:
            call = steps.send(result.data)
        except StopIteration as stop:
            cost.value = stop.value
            return cost


def by_program(scenario: Scenario, box: Toolbox) -> Cost:
    """Do a scenario by a program. Stubs are read first if the definitions of the tools lack a name that the program needs."""
    made = program_tools(box)
    read = made.call("read_api", {"names": list(scenario.reads)})
    definitions = json.dumps([formats.openai(tool) for tool in made])
    contexts = [tokens(definitions)]
    if not needed(scenario.code, read.text) <= words(definitions.replace("\\n", " ")):
        contexts.append(contexts[-1] + tokens(read.text))
    result = made.call("run_program", {"code": scenario.code})
    assert not result.failed, (scenario.name, result.text)
    contexts.append(contexts[-1] + tokens(scenario.code) + tokens(result.text))
    return Cost(result.data["value"], len(contexts), contexts[-1], sum(contexts))


def words(text: str) -> set[str]:
    """Return the names in a text."""
    return set(re.findall(r"[A-Za-z_]\w*", text))


def needed(code: str, stubs: str) -> set[str]:
    """Return the names of functions, arguments, fields and values that a program uses and stubs have."""
    used = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg is not None:
            used.add(node.arg)
        elif isinstance(node, ast.alias):
            used.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            used.add(node.value)
    return used & words(stubs)


def toolbox() -> Toolbox:
    """Return the tools over fresh emulators."""
    client = unified.Client(emulated=_Counting(VENDORS), rate_limiter=Unlimited())
    made = tools(toolsets=TOOLSETS, vendors=VENDORS, client=client)
    filled = program_tools(made, limits=Limits(seconds=30)).call("run_program", {"code": _FILL})
    assert not filled.failed, filled.text
    return made


_FILL = (
    _FIRST
    + """
for n in range(60):
    text = f"Customer {n} reports that the export of large reports ends without an error and without a file. " * 2
    if n % 3:
        tasks.create(via="redmine", project_id=project, title=f"Export fails {n % 50}", description=text, due_date="2031-01-02")
    else:
        tasks.create(via="redmine", project_id=project, title=f"Export fails {n % 50}", description=text)
"""
)


def main() -> None:
    """Print the table."""
    box = toolbox()
    print("| scenario | turns by tools | by a program | tokens read by tools | by a program | requests by tools | by a program |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    saved = []
    for scenario in SCENARIOS:
        one, other = counted(by_tools, scenario, box), counted(by_program, scenario, box)
        saved.append((1 - other.read / one.read, 1 - other.tokens / one.tokens, 1 - other.turns / one.turns))
        print(f"| {scenario.name} | {one.turns} | {other.turns} | {one.read:,} | {other.read:,} | {one.requests} | {other.requests} |")
    read, context, turns = (sum(column) / len(saved) for column in zip(*saved, strict=True))
    print(f"fewer tokens read: {read:.0%}; fewer tokens in the context: {context:.0%}; fewer turns: {turns:.0%}")


if __name__ == "__main__":
    main()
