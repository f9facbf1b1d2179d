"""A broker deletes data that is older than its retention while it runs, in SQLite and Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.brokers import serving
from tests.support.waiting import until
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.chain_keys import open_audit_log
from unified_platform.broker.assembly import build
from unified_platform.broker.config import load
from unified_platform.broker.database import open_store
from unified_platform.sagas import Saga, Sagas
from unified_platform.sagas.inspection import open_inspector
from unified_platform.sagas.location import CONTENTS
from unified_platform.store import urls as store_urls
from unified_runtime.http.network_policy import anywhere
from unified_runtime.policy.approvals import ApprovalSubject, approval_subject


@pytest.fixture(autouse=True)
def reached() -> Iterator[None]:
    """A broker in this process restricts the addresses that the process may connect to."""
    yield
    anywhere()


def subject(days: int) -> ApprovalSubject:
    return approval_subject(
        agent="helper",
        user="alice",
        on_behalf_of=None,
        operation="tasks.delete",
        effect="destructive",
        vendor="redmine",
        server="",
        arguments={"days": days},
    )


def ended(url: str, folder: Path) -> None:
    """Run two sagas, of which one ended four days ago."""
    sagas = Sagas(url, idempotency=folder / "ledger.db")

    @sagas.saga("one")
    def one(s: Saga) -> None:
        return None

    with sagas:
        for id in ("old", "new"):
            one.start(id).result()
    database = store_urls.database(url, CONTENTS)
    table = "dbos.workflow_status" if url.startswith("postgres") else "workflow_status"
    with database.writing("sagas") as session:
        assert session.run(f"UPDATE {table} SET completed_at = completed_at - ? WHERE workflow_uuid = 'old'", 4 * 86_400_000)
    database.close()


@pytest.mark.parametrize("where", ["sqlite", "postgres"])
def test_a_broker_applies_the_retention_of_its_settings(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_AUDIT_HEADS", "none")
    with ExitStack() as stack:
        url = str(tmp_path / "all.db") if where == "sqlite" else stack.enter_context(postgres.database(separate=True))
        sagas = str(tmp_path / "sagas.db") if where == "sqlite" else url
        settings = tmp_path / "broker.toml"
        stores = "".join(f'{name} = "{url}"\n' for name in ("vault", "control", "idempotency", "usage"))
        key = f'vault_key = "file:{tmp_path / "key"}"\nsagas = "{sagas}"\n'
        settings.write_text(f"{stores}{key}[retention]\napprovals = 3\naudit = 3\nsagas = 3\n")
        ended(sagas, tmp_path)
        control = stack.enter_context(closing(open_store(url)))
        approvals, audit = ApprovalStore(control), open_audit_log(control)
        for days in (4, 2):
            found = approvals.ask(subject(days), None, ())
            with control.writing("approvals") as session:
                session.run("UPDATE control_approvals SET expires_at = expires_at - ? WHERE id = ?", days * 86400.0, found.id)
            audit.append({"kind": "call", "days": days, "time": (datetime.now(UTC) - timedelta(days=days)).isoformat()})
        with serving(build(load(settings))), open_inspector(sagas) as look:
            until(lambda: [one.id for one in look.list()] == ["new"])
            until(lambda: [entry.get("days") for _, entry in audit.entries()] == [2, None])
        assert [dict(one.subject.arguments or {})["days"] for one in approvals.list(None)] == [2]
