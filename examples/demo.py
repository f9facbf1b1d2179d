"""Demo (`make demo`): compile the catalog, print its checks, plan one call for each vendor, and work in a real tracker.

No account is needed: the tracker is created for the demo and runs in this process.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from embedded_roundup import WSGITransport, make_tracker

import unified
from unified import comments, tasks, users
from unified_runtime import Client, using

BIN = Path(sys.executable).parent
PROJECTS = {"asana": "1201234567890123", "jira": "PROJ", "redmine": "1", "trello": "5f0c1d2e3a4b5c6d7e8f9a0b"}


def heading(text: str) -> None:
    print(f"\n== {text}\n", flush=True)


def run(*command: str) -> None:
    print(f"$ {' '.join(command)}", flush=True)
    subprocess.run([str(BIN / command[0]), *command[1:]], check=True)


def show(vendor: str) -> None:
    """Print the requests of one call, or why the vendor does not support it."""
    try:
        plan = tasks.create.plan(
            title="Fix the auth bug",
            description="Tokens **expire** too early",
            project_id=PROJECTS.get(vendor, "1"),
            due_date=date(2031, 5, 6),
            via=vendor,
        )
    except unified.Unsupported as reason:
        print(reason)
    else:
        print(plan)


def work(folder: Path) -> None:
    """Create, comment on, list and complete a task in a new tracker in a folder."""
    url, password = "http://localhost", "only for this run"
    tracker = make_tracker(folder, url, {"ada": {"password": password, "realname": "Ada Agent", "roles": "User"}})
    client = Client(transport=WSGITransport(tracker))
    client.connect("roundup", unified.basic("ada", password), url=url, username="ada")
    with using(client):
        me = users.me()
        print(f"users.me()          {me.name}, id {me.id}")
        bug = tasks.create(title="Fix the auth bug", priority="high", assignee_ids=[me.id])
        tasks.create(title="Write the release notes")
        print(f"tasks.create(…)     {bug.url}: {bug.title}, {bug.status}, priority {bug.priority} (Roundup: {bug.priority_label})")
        comment = comments.create(task_id=bug.id, body="Tokens **expire** too early; a fix is on its way.")
        print(f"comments.create(…)  {comment.body}")
        print(f"tasks.list(…)       open: {[task.title for task in tasks.list(status='open')]}")
        done = tasks.update(bug.id, status="done")
        print(f"tasks.update(…)     {done.url}: {done.status} (Roundup: {done.status_label})")
        print(f"tasks.list(…)       open: {[task.title for task in tasks.list(status='open')]}")
        try:
            tasks.update(bug.id, status="canceled")
        except unified.Unsupported as reason:
            print(f"Nothing was sent:   {reason}")


def main() -> None:
    heading("Compile every vendor: documents, overlays and mappings in, typed adapters out")
    run("gen", "build", "--no-cache")
    heading("Checks of the compiler against the vendors' documents")
    run("gen", "check", "--stats")
    heading("The catalog: operations and fields of each vendor")
    run("unified", "catalog")
    heading('tasks.create(title="Fix the auth bug", description="Tokens **expire** too early", project_id=..., due_date=date(2031, 5, 6))')
    for vendor in tasks.create.vendors:
        show(vendor)
        print()
    heading("The same calls, sent: Roundup, a real issue tracker, embedded in this process")
    with tempfile.TemporaryDirectory(prefix="roundup-") as folder:
        work(Path(folder, "tracker"))


if __name__ == "__main__":
    main()
