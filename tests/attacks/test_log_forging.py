"""Log forging: a value that would look like a separate line, entry or decision in the audit log, in logs, on a terminal."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.cli import main
from unified_runtime import InvalidInput, PolicyEnforcer, UnifiedError, acting
from unified_runtime.core.policy_decisions import deny

FORGED = [
    "x\n7  2026-11-26T12:00:00+00:00  arguments  allow     tasks.delete via jira, admin",
    "x\r7  arguments  allow", "x\x1b[2K\x1b[1A7  arguments  allow", "x\x9b2K", '","decision":"allow","x":"',
    '"}\n{"decision":"allow"}', "x\u2028y", "x\u2029y", "x\x85y", "x\x0by", "x\x0cy", "\u202eevil", "x\x00y",
    "x\x08\x08\x08allow", "<script>alert(1)</script>", "%n%s", "{0.__class__}",
]  # fmt: skip


@pytest.fixture
def audit_log(tmp_path: Path) -> StoredAuditLog:
    return StoredAuditLog(open_store(tmp_path / "control.db"))


def command(tmp_path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["audit", *words, "--store", str(tmp_path / "control.db")])


def seen_by_a_terminal(text: str) -> bool:
    """Return true if a text is plain lines: nothing in it controls a terminal, and each entry is one line."""
    return all(character == "\n" or character.isprintable() for character in text)


@pytest.mark.parametrize("text", FORGED)
def test_values_in_the_audit_log(caller: Caller, server: Loopback, audit_log: StoredAuditLog, tmp_path: Path, text: str) -> None:
    caller.connect(server.url)
    caller.enforcer = PolicyEnforcer(Engine(lambda question: deny(f"not {text}", policies=(f"rule {text}",))), audit=audit_log)
    with acting(agent="helper", user=None), pytest.raises(UnifiedError):
        caller.run(tasks.update, text.replace("\x00", ""), title="New")
    entries = [entry for _, entry in audit_log.entries()]
    assert {entry.get("decision") for entry in entries} <= {"deny", None}
    assert len(entries) in {0, 2}  # an invalid id is rejected before any request
    shown = command(tmp_path, "show").output
    assert seen_by_a_terminal(shown)
    assert len(shown.splitlines()) == len(entries)
    assert all(line.split()[0].isdigit() for line in shown.splitlines())
    as_json = command(tmp_path, "show", "--json").output.splitlines()
    assert [json.loads(line)["seq"] for line in as_json] == [seq for seq, _ in audit_log.entries()]
    assert command(tmp_path, "verify").exit_code == 0


@pytest.mark.parametrize("text", [text for text in FORGED if not text.isprintable()])
@pytest.mark.parametrize("name", ["agent", "on_behalf_of"])
def test_names(text: str, name: str) -> None:
    """The authenticated user and agent are on every line, and must therefore be valid names."""
    with pytest.raises(InvalidInput):
        acting(**{name: text})


@pytest.mark.parametrize("text", FORGED)
@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 503])
def test_error_texts_of_a_vendor(server: Loopback, caplog: pytest.LogCaptureFixture, text: str, status: int) -> None:
    """Applications log errors: a vendor's text stays on the line of its error."""
    caller = Caller("default", "sync")
    caller.connect(server.url)
    body = {"errorMessages": [text, f"more {text}"], "errors": {"summary": text, text: text}, "code": text}
    server.answers(*[Reply.of(body, status, X_Request_Id="r-1\x9b2K")] * 4)
    with pytest.raises(UnifiedError) as caught:
        caller.run(tasks.get, "P-1")
    error = caught.value
    caplog.clear()
    logging.getLogger("application").error("call failed: %s", error)
    assert seen_by_a_terminal(caplog.text.rstrip("\n"))
    assert len(caplog.text.rstrip("\n").splitlines()) == 1
    for part in (str(error), error.code or "", error.request_id or "", *error.fields, *error.fields.values()):
        assert "\n" not in part
        assert seen_by_a_terminal(part)


def test_an_error_does_not_fill_a_log(server: Loopback) -> None:
    caller = Caller("default", "sync")
    caller.connect(server.url)
    server.answers(Reply.of({"errorMessages": ["x" * 1_000_000] * 3, "errors": {f"f{n}": "y" * 10_000 for n in range(1000)}}, 400))
    with pytest.raises(UnifiedError) as caught:
        caller.run(tasks.get, "P-1")
    assert len(str(caught.value)) < 20_000


@pytest.mark.parametrize("text", FORGED)
def test_printed_records(text: str) -> None:
    from unified_platform.cli.output import printable

    assert all(character in "\n\t" or character.isprintable() for character in printable(text))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE control_audit SET entry = replace(entry, 'deny', 'allow') WHERE seq = 1",
        "DELETE FROM control_audit WHERE seq = 2",
        "INSERT INTO control_audit (seq, entry, hash) SELECT 9, entry, hash FROM control_audit WHERE seq = 1",
        "UPDATE control_audit SET hash = '0' WHERE seq = 3",
    ],
)
def test_an_audit_log_written_by_another_process(audit_log: StoredAuditLog, tmp_path: Path, statement: str) -> None:
    for number in range(4):
        audit_log.append({"kind": "decision", "decision": "deny", "number": number})
    with audit_log._database.writing("audit") as session:
        session.run(statement)
    done = command(tmp_path, "verify")
    assert done.exit_code == 1
    assert "broken" in done.output


def test_an_audit_log_that_cannot_be_written_stops_the_call(caller: Caller, server: Loopback) -> None:
    class Full:
        def append(self, entry: Any) -> None:
            raise OSError("no space left on device")

    caller.connect(server.url)
    caller.enforcer = PolicyEnforcer(Engine(), audit=Full())
    with pytest.raises(UnifiedError, match="audit log cannot be written"):
        caller.run(tasks.delete, "P-1")
    assert server.seen == []
