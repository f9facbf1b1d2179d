"""Emulators as servers: over HTTP on this machine, and in the process of a client."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner

from unified import basic, bearer, files, messages, tasks
from unified.aio import tasks as aio_tasks
from unified_emulation.engine.tables import larger
from unified_emulation.serving.addresses import connection
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.faults import Fault
from unified_emulation.serving.local import LocalEmulator
from unified_emulation.serving.vendor import Incoming
from unified_platform.cli import main
from unified_platform.vault import open_vault
from unified_runtime import AsyncClient, Client, using
from unified_runtime.core.errors import Forbidden, InvalidInput, NotFound, Unavailable, Unconfirmed
from unified_runtime.core.settings import Settings
from unified_runtime.core.vendors import load
from unified_runtime.http import network_policy

ONCE = Settings(attempts=1)


@pytest.fixture
def running(served: tuple[str, Emulators]) -> tuple[str, Emulators]:
    served[1].reset()
    return served


def test_a_client_in_this_process_reads_what_it_wrote() -> None:
    with Client(emulated=True) as client, using(client):
        made = tasks.create(title="Fix the auth bug", via="todoist")
        assert tasks.get(made.id, via="todoist").title == "Fix the auth bug"
        assert tasks.update(made.id, title="Fixed", via="todoist").title == "Fixed"
        assert "Fixed" in [task.title for task in tasks.list(via="todoist")]


def test_clients_of_one_local_emulator_share_its_records() -> None:
    emulator = LocalEmulator(["todoist"])
    with Client(emulated=emulator) as client, using(client):
        made = tasks.create(title="Shared")

    async def read() -> str:
        async with AsyncClient(emulated=emulator) as other, using(other):
            return (await aio_tasks.get(made.id)).title or ""

    assert asyncio.run(read()) == "Shared"


def test_a_client_calls_a_running_emulator(running: tuple[str, Emulators], monkeypatch: pytest.MonkeyPatch) -> None:
    address, emulators = running
    monkeypatch.setenv("UNIFIED_EMULATOR", address)
    with Client(emulated=True) as client, using(client):
        made = tasks.create(title="Over HTTP", via="zendesk")
        assert tasks.get(made.id, via="zendesk").title == "Over HTTP"
    assert [one.operation for one in emulators.exchanges.listed("zendesk")][-1] == "POST /api/v2/tickets"


def test_an_emulated_client_reaches_its_emulator_only(running: tuple[str, Emulators]) -> None:
    address, _ = running
    network_policy.block_private_networks()
    try:
        with Client(emulated=address) as client, using(client):
            tasks.create(title="Allowed", via="todoist")
            client.connect("roundup", basic("a", "b"), url="http://127.0.0.1:1", username="a")
            with pytest.raises(Unavailable, match="is not the emulator"):
                tasks.get("1", via="roundup")
        with Client(settings=ONCE) as other, using(other):
            other.connect("todoist", bearer("x"), server=f"{address}/todoist/api/v1")
            with pytest.raises(Unavailable, match="private network"):
                tasks.get("1")
    finally:
        network_policy.anywhere()


@pytest.mark.parametrize("address", ["https://127.0.0.1:4600", "http://emulator.example", "http://127.0.0.1:4600/jira", "127.0.0.1:4600"])
def test_an_emulator_is_on_this_machine(address: str) -> None:
    with pytest.raises(InvalidInput, match="is not the address of an emulator"):
        Client(emulated=address)


def test_an_emulated_client_has_no_other_connections() -> None:
    with pytest.raises(TypeError, match="cannot be given beside it"):
        Client(emulated=True, broker="https://broker.example.com", key="k")


def test_requests_without_a_credential_are_unauthorized(running: tuple[str, Emulators]) -> None:
    address, _ = running
    assert httpx2.get(f"{address}/todoist/api/v1/tasks").status_code == 401
    assert httpx2.get(f"{address}/todoist/api/v1/tasks", headers={"Authorization": "Bearer any"}).status_code == 200
    assert httpx2.get(f"{address}/trello/1/members/me?key=k").status_code == 401
    assert httpx2.get(f"{address}/trello/1/members/me?key=k&token=t").status_code == 200
    assert httpx2.get(f"{address}/jira/rest/api/3/myself").status_code == 404, "not among the vendors that are served"


def test_errors_have_the_schema_of_the_document(running: tuple[str, Emulators]) -> None:
    address, _ = running
    response = httpx2.get(f"{address}/asana/api/1.0/tasks/1")
    assert (response.status_code, response.json()["errors"][0]["message"]) == (401, "Unauthorized")
    headers = {"Authorization": "Bearer x", "Content-Type": "application/json"}
    bad = httpx2.post(f"{address}/asana/api/1.0/tasks", content=b"{", headers=headers)
    assert bad.status_code == 400


def test_pages_lead_to_the_emulator() -> None:
    emulators = Emulators(["github"])
    base = "http://127.0.0.1:4600/github"

    def get(path: str, query: str) -> tuple[list[str], str | None]:
        incoming = Incoming("GET", path, query, {"authorization": "Bearer x"}, b"", f"{base}{path}?{query}")
        reply = emulators.by_name["github"].respond(incoming)
        return [one["full_name"] for one in json.loads(reply.content)], dict(reply.headers).get("Link")

    first, link = get("/user/repos", "per_page=2")
    assert link is not None
    assert link.startswith(f"<{base}/user/repos?per_page=2&page=2>")
    second, _ = get("/user/repos", "per_page=2&page=2")
    assert (len(first), len({*first, *second})) == (2, 3), "the seed has three projects"


def test_faults_happen_the_requested_number_of_times(running: tuple[str, Emulators]) -> None:
    address, emulators = running
    emulators.faults.add(Fault("status", "todoist", "GET */tasks*", times=2, status=503))
    with Client(emulated=address, settings=Settings(backoff=0.001)) as client, using(client):
        assert list(tasks.list(via="todoist"))
    statuses = [one.status for one in emulators.exchanges.listed("todoist")]
    assert sorted(statuses[-3:]) == [200, 503, 503]


def test_a_reset_after_the_write_leaves_it_unconfirmed(running: tuple[str, Emulators]) -> None:
    address, emulators = running
    emulators.faults.add(Fault("reset", "todoist", "POST *", executed=True))
    with Client(emulated=address, settings=ONCE) as client, using(client), pytest.raises(Unconfirmed):
        tasks.create(title="Lost response", via="todoist")
    with Client(emulated=address) as client, using(client):
        assert "Lost response" in [task.title for task in tasks.list(via="todoist")]


def test_a_rate_limit_states_when_to_try_again(running: tuple[str, Emulators]) -> None:
    address, emulators = running
    emulators.faults.add(Fault("rate_limit", seconds=7))
    response = httpx2.get(f"{address}/todoist/api/v1/tasks", headers={"Authorization": "Bearer x"})
    assert (response.status_code, response.headers["retry-after"]) == (429, "7")


def test_records_are_stored_and_restored(running: tuple[str, Emulators]) -> None:
    address, emulators = running
    with Client(emulated=address) as client, using(client):
        made = tasks.create(title="Before", via="todoist")
        emulators.snapshot("one")
        tasks.update(made.id, title="Later title", via="todoist")
        emulators.restore("one")
        assert tasks.get(made.id, via="todoist").title == "Before"
        exported = json.dumps(emulators.export()["todoist"])
        assert "Before" in exported
        assert "Later title" not in exported


def test_secrets_are_not_in_the_log(running: tuple[str, Emulators]) -> None:
    address, emulators = running
    httpx2.get(f"{address}/trello/1/members/me?key=hidden-key&token=hidden-token", headers={"Authorization": "Bearer hidden"})
    assert "hidden" not in repr(emulators.exchanges.listed())


def test_all_vendors_are_known_without_being_loaded() -> None:
    emulators = Emulators()
    assert len(emulators.by_name) >= 100
    assert not any(one.loaded for one in emulators.by_name.values())


def test_connect_stores_a_connection_to_the_running_emulator(
    running: tuple[str, Emulators], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UNIFIED_EMULATOR", running[0])
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    for vendor in ("todoist", "trello", "zendesk"):
        done = CliRunner().invoke(main, ["connect", vendor, "--emulated"], catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
    vault = open_vault()
    with Client(vault=vault.source()) as client, using(client):
        assert tasks.create(title="From a vault", via="todoist").title == "From a vault"
        assert tasks.create(title="From a vault", via="zendesk").title == "From a vault"
    vault.close()
    unknown = CliRunner().invoke(main, ["connect", "jira", "--emulated"])
    assert (unknown.exit_code, "does not serve jira" in unknown.stderr) == (2, True)


def test_connect_states_how_to_start_an_emulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("UNIFIED_EMULATOR", "http://127.0.0.1:9")
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    done = CliRunner().invoke(main, ["connect", "jira", "--emulated"])
    assert (done.exit_code, "Start one with `unified emulate`" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("vendor", "host", "server"),
    [
        ("pipedrive", "v1", "http://127.0.0.1:4600/pipedrive/v1"),
        ("dropbox", "content", "http://127.0.0.1:4600/dropbox/2"),
        ("google-drive", "upload", "http://127.0.0.1:4600/google-drive"),
    ],
)
def test_further_hosts_of_a_vendor_are_emulated_too(vendor: str, host: str, server: str) -> None:
    assert connection(load(vendor), "http://127.0.0.1:4600").hosts[host] == server


def test_records_that_refer_to_each_other_are_bounded() -> None:
    emulated = Emulators(["stripe"]).by_name["stripe"]
    for path in ("/v1/customers", "/v1/charges", "/v1/invoices"):
        reply = emulated.respond(Incoming("GET", path, "", {"authorization": "Bearer x"}, b"", path))
        assert (reply.status, len(reply.content) < 200_000) == (200, True)
    account = emulated.emulator.account
    assert not any(larger(record.values, 5_000) for table in emulated.emulator.tables for record in account.records(table))


@pytest.mark.parametrize("content", [b"Hello", b"\x00\xff binary \r\n", b'{"a": 1}'])
def test_uploaded_content_is_downloaded(content: bytes) -> None:
    with Client(emulated=LocalEmulator(["google-drive"])) as client, using(client):
        made = files.upload(content, name="Notes.bin")
        assert made.size == len(content)
        assert files.download(made.id).read() == content
        seed = next(one for one in files.search(text="Roadmap") if not one.is_folder)
        assert files.download(seed.id).read() == b"Roadmap 2030.md\n"


def test_messages_are_stored_edited_and_removed_by_facts() -> None:
    with Client(emulated=LocalEmulator(["matrix"])) as client, using(client):
        made = messages.send(text="Hello", channel_id="!general:emulated.example")
        assert messages.get(made.id).text == "Hello"
        assert messages.update(made.id, text="Goodbye").text == "Goodbye"
        assert [one.text for one in messages.list(channel_id="!general:emulated.example")][-1] == "Goodbye"
        with pytest.raises(Forbidden):
            list(messages.list(channel_id="!other:emulated.example"))
        messages.delete(made.id)
        with pytest.raises(NotFound):
            messages.get(made.id)
        with pytest.raises(NotFound):
            messages.get("!general:emulated.example/$unknown")


def test_a_transaction_id_is_that_of_one_event() -> None:
    emulator = Emulators(["matrix"]).by_name["matrix"]
    room = "/_matrix/client/v3/rooms/!general:emulated.example"

    def put(path: str, **content: Any) -> tuple[int, dict[str, Any]]:
        url = f"http://127.0.0.1:4600/matrix{room}{path}"
        body = json.dumps(content).encode()
        reply = emulator.respond(Incoming("PUT", f"{room}{path}", "", {"authorization": "Bearer x"}, body, url))
        return reply.status, json.loads(reply.content)

    first = put("/send/m.room.message/t1", msgtype="m.text", body="Once")
    assert first[0] == 200
    assert put("/send/m.room.message/t1", msgtype="m.text", body="Once") == first
    assert put("/send/m.room.message/t2", msgtype="m.text", body="Once") != first
    event = first[1]["event_id"]
    reaction = {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": "+1"}}
    assert put("/send/m.reaction/t3", **reaction) == put("/send/m.reaction/t3", **reaction)
    assert put("/send/m.reaction/t4", **reaction)[1]["errcode"] == "M_DUPLICATE_ANNOTATION"
    edit = {"m.relates_to": {"rel_type": "m.replace", "event_id": event}, "m.new_content": {"body": "Edited"}, "body": "* Edited"}
    assert put("/send/m.room.message/t5", **edit)[0] == 200
    assert put("/send/m.room.message/t1", msgtype="m.text", body="Once") == first, "also after an edit"
    assert put(f"/redact/{event}/t6") == put(f"/redact/{event}/t6")
    assert put(f"/redact/{event}/t6") != put(f"/redact/{event}/t7")
