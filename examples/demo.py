"""What `make demo` shows: the catalog compiled, what was checked, and the requests behind one call for each vendor. Needs no account."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

from unified import tasks

BESIDE = Path(sys.executable).parent
PROJECTS = {"asana": "1201234567890123", "jira": "PROJ", "redmine": "1", "trello": "5f0c1d2e3a4b5c6d7e8f9a0b"}


def heading(text: str) -> None:
    print(f"\n== {text}\n", flush=True)


def run(*command: str) -> None:
    print(f"$ {' '.join(command)}", flush=True)
    subprocess.run([str(BESIDE / command[0]), *command[1:]], check=True)


def main() -> None:
    heading("Compile every vendor: documents, overlays and mappings in, typed adapters out")
    run("gen", "build", "--no-cache")
    heading("What the compiler looked up in the vendors' documents, and what it could not check")
    run("gen", "check", "--stats")
    heading("The catalog: what each vendor offers")
    run("unified", "catalog")
    heading('tasks.create(title="Fix the auth bug", description="Tokens **expire** too early", project_id=..., due_date=date(2031, 5, 6))')
    for vendor in tasks.create.vendors:
        print(
            tasks.create.plan(
                title="Fix the auth bug",
                description="Tokens **expire** too early",
                project_id=PROJECTS.get(vendor, "1"),
                due_date=date(2031, 5, 6),
                via=vendor,
            )
        )
        print()


if __name__ == "__main__":
    main()
