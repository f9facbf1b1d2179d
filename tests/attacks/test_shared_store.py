"""Brokers on one store: workers of one installation accept what the others issued, and installations with other root keys do not."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sagas.test_submitted_sagas import Here, contents
from tests.sagas.world import World
from tests.support import postgres
from tests.support.brokers import serving
from tests.support.vaults import record
from tests.support.waiting import until
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_platform.approvals.store import ApprovalStore
from unified_platform.broker import agent_keys
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import build
from unified_platform.broker.config import Config
from unified_platform.broker.database import open_store as open_broker_store
from unified_platform.broker.sessions import LoginSessions, NotLoggedIn
from unified_platform.broker.token_signing import InvalidSignature, Signer, signer
from unified_platform.sagas import takeover
from unified_platform.vault import open_vault
from unified_platform.vault.root_keys import FileRoot
from unified_runtime import ApprovalRequired, Client, InvalidInput, Unauthorized, UnifiedError, acting, using
from unified_runtime.http.network_policy import anywhere

ISSUE = {"id": 7, "subject": "Fix it", "project": {"id": 1, "name": "P"}, "status": {"id": 1, "name": "New"}}
POLICY = """
@id("all") permit (principal, action, resource);
@id("changes") @approval("a person decides") forbid (principal, action, resource) unless { action in Action::"read" };
"""


class Installation:
    """Processes of an installation: one root key, and stores that it may share with another installation."""

    def __init__(self, folder: Path, control: str, vault: str, server: Loopback) -> None:
        folder.mkdir()
        self.folder = folder
        self.root = f"file:{folder / 'root.key'}"
        (folder / "p.cedar").write_text(POLICY)
        self.config = Config(
            vault=vault,
            vault_key=self.root,
            control=control,
            idempotency=str(folder / "ledger.db"),
            usage=str(folder / "usage.db"),
            audit_heads="none",
            policies=(str(folder / "p.cedar"),),
            inside=("127.0.0.1",),
        )
        with contextlib.closing(open_vault(vault, key=self.root)) as opened:
            self.connection = opened.put(record(secret="s", values={"url": server.url}, account_id="7"))
        self.control = open_broker_store(control)
        self.approvals = ApprovalStore(self.control)
        self.people = LoginSessions(self.control)

    @contextlib.contextmanager
    def worker(self) -> Iterator[str]:
        with serving(build(self.config)) as url:
            yield url

    def key(self) -> tuple[str, str]:
        made, secret = KeyStore(self.control).create(Scope("helper", ("alice",), (), ("*",)), lifetime=None)
        return made.id, secret.reveal()


@pytest.fixture(params=["sqlite", "postgres"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str, str]]:
    """Return the URLs of a control database and of two vaults."""
    names = ("control", "one", "other")
    with contextlib.ExitStack() as stack:
        if request.param == "sqlite":
            one, two, three = (str(tmp_path / f"{name}.db") for name in names)
        else:
            one, two, three = (stack.enter_context(postgres.database()) for _ in names)
        yield one, two, three
    anywhere()


@pytest.fixture
def here(stores: tuple[str, str, str], tmp_path: Path, server: Loopback) -> Installation:
    return Installation(tmp_path / "here", stores[0], stores[1], server)


def call(url: str, key: str, function: Any) -> Any:
    with contextlib.closing(Client(broker=url, key=key)) as client, using(client), acting(user="alice"):
        return function()


def create() -> Any:
    return tasks.create(project_id="1", title="x", via="redmine")


CREATED = (Reply.of({"issue": ISSUE}, 201), Reply.of({"issue": ISSUE}))


# ------------------------------------------------------------------------------------------------ workers of one installation
def test_a_cursor_of_one_worker_is_accepted_by_another(here: Installation, server: Loopback) -> None:
    _, key = here.key()
    issues = [{**ISSUE, "id": number} for number in range(3)]
    with here.worker() as one, here.worker() as two:
        server.answers(Reply.of({"issues": issues[:2], "total_count": 3, "offset": 0, "limit": 2}))
        page = call(one, key, lambda: next(iter(tasks.list(limit=2, via="redmine").pages())))
        assert page.cursor is not None
        server.answers(Reply.of({"issues": issues[2:], "total_count": 3, "offset": 2, "limit": 2}))
        assert [task.id for task in call(two, key, lambda: list(tasks.list(cursor=page.cursor, limit=2, via="redmine")))] == ["2"]
        assert "offset=2" in server.targets[-1]


def test_an_approval_is_spent_once_by_all_workers(here: Installation, server: Loopback) -> None:
    _, key = here.key()
    with here.worker() as one, here.worker() as two:
        with pytest.raises(ApprovalRequired) as caught:
            call(one, key, create)
        with pytest.raises(ApprovalRequired) as again:
            call(two, key, create)
        assert again.value.approval == caught.value.approval, "one wish for all workers"
        here.approvals.approve(caught.value.approval, by="bob")
        server.answers(*CREATED * 8)
        results: list[str] = []

        def attempt(url: str) -> None:
            try:
                results.append(call(url, key, create).id)
            except ApprovalRequired:
                results.append("refused")

        threads = [threading.Thread(target=attempt, args=(url,)) for url in (one, two) * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(results) == ["7", *["refused"] * 7]
        assert [seen.method for seen in server.seen].count("POST") == 1


def test_a_login_session_that_one_worker_ends_is_over_at_the_others(here: Installation) -> None:
    one, two = here.people, LoginSessions(open_broker_store(here.config.control))
    session, link = one.admit("ada"), one.invite("ada")
    assert two.person(session) == "ada"
    two.leave(session)
    with pytest.raises(NotLoggedIn):
        one.person(session)
    another = two.admit("ada")
    one.end_all("ada")
    with pytest.raises(NotLoggedIn):
        two.person(another)
    with pytest.raises(NotLoggedIn):
        two.enter(link)


def test_a_link_logs_in_once_at_all_workers(here: Installation) -> None:
    people = [LoginSessions(open_broker_store(here.config.control)) for _ in range(4)]
    link = people[0].invite("ada")
    entered: list[str] = []

    def enter(one: LoginSessions) -> None:
        with contextlib.suppress(NotLoggedIn):
            entered.append(one.enter(link)[0])

    threads = [threading.Thread(target=enter, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert entered == ["ada"]


def test_a_key_that_is_revoked_is_refused_by_every_worker(here: Installation, server: Loopback) -> None:
    """Immediately by those that did not use it recently, and after a second by all."""
    id, key = here.key()
    with here.worker() as one, here.worker() as two:
        server.answers(Reply.of({"issue": ISSUE}))
        call(one, key, lambda: tasks.get("7", via="redmine"))
        KeyStore(open_broker_store(here.config.control)).revoke(id)
        with pytest.raises(Unauthorized):
            call(two, key, lambda: tasks.get("7", via="redmine"))
        time.sleep(agent_keys.FRESH)
        with pytest.raises(Unauthorized):
            call(one, key, lambda: tasks.get("7", via="redmine"))
    assert len(server.seen) == 1


def test_workers_read_what_another_signed(here: Installation) -> None:
    """The first process makes the key, however many start together."""
    found: list[Signer] = []
    root = FileRoot(str(here.folder / "root.key"))
    threads = [threading.Thread(target=lambda: found.append(signer(open_broker_store(here.config.control), root))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for one in found:
        for other in found:
            assert other.read("test", one.sign("test", {"sub": "alice"}, 60))["sub"] == "alice"
    assert len(found) == 4


# ------------------------------------------------------------------------------------------------ installations with other root keys
def test_a_vault_does_not_open_with_the_root_key_of_another_installation(
    stores: tuple[str, str, str], here: Installation, tmp_path: Path
) -> None:
    FileRoot(str(tmp_path / "other.key")).prepare(create=True)
    with pytest.raises(UnifiedError, match="is not the key of the vault"):
        open_vault(stores[1], key=f"file:{tmp_path / 'other.key'}")


def test_a_broker_of_another_installation_does_not_start_on_the_control_database(
    stores: tuple[str, str, str], here: Installation, tmp_path: Path, server: Loopback
) -> None:
    other = Installation(tmp_path / "there", stores[0], stores[2], server)
    _, key = here.key()
    with here.worker() as mine:
        with pytest.raises(UnifiedError, match="Give each installation a control database of its own"), other.worker():
            pytest.fail("it started")
        server.answers(Reply.of({"issue": ISSUE}))
        assert call(mine, key, lambda: tasks.get("7", via="redmine")).id == "7", "the first one goes on"


def test_an_installation_accepts_nothing_that_another_with_the_same_users_issued(
    stores: tuple[str, str, str], here: Installation, tmp_path: Path, server: Loopback
) -> None:
    """The control databases are copies of one, as after a restore into a second environment: keys and approvals are in both."""
    _, key = here.key()
    issues = [{**ISSUE, "id": number} for number in range(3)]
    with here.worker() as mine:
        server.answers(Reply.of({"issues": issues[:2], "total_count": 3, "offset": 0, "limit": 2}))
        cursor = call(mine, key, lambda: next(iter(tasks.list(limit=2, via="redmine").pages()))).cursor
        with pytest.raises(ApprovalRequired) as caught:
            call(mine, key, create)
        here.approvals.approve(caught.value.approval, by="bob")
    token = signer(here.control, FileRoot(str(here.folder / "root.key"))).sign("unified-broker", {"sub": "alice"}, 60)
    with here.control.writing("audit") as session:
        session.run("DELETE FROM control_audit_keys")
        session.run("DELETE FROM control_audit")
    other = Installation(tmp_path / "there", stores[0], stores[2], server)
    with other.worker() as theirs:
        sent = len(server.seen)
        with pytest.raises(InvalidSignature):
            signer(other.control, FileRoot(str(other.folder / "root.key"))).read("unified-broker", token)
        with pytest.raises(InvalidInput, match="key of this cursor"):
            call(theirs, key, lambda: list(tasks.list(cursor=cursor, limit=2, via="redmine")))
        with pytest.raises(ApprovalRequired) as wish:
            call(theirs, key, create)
        assert wish.value.approval != caught.value.approval, "the same call, user, agent, server and account id, by another connection"
        assert len(server.seen) == sent


def test_sagas_of_another_installation_are_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A saga whose records this broker cannot read is neither continued nor ended by it."""
    monkeypatch.setattr(takeover, "ALIVE", 0.5)
    monkeypatch.setattr(takeover, "ORPHANED", 0.1)
    world = World()
    world.slow = {"B": 4.0}
    here = Here(tmp_path, world)
    key = here.key()[1]

    def draft(url: str) -> Any:
        made = Client(broker=url, key=key).saga("onboard", id="s1")
        for title in "ABC":
            made.add(tasks.create, title=title, via="todoist")
        return made

    def sent() -> int:
        return sum(not line.startswith("GET") for line in world.log)

    try:
        with serving(here.broker) as url:
            draft(url).submit()
            until(lambda: sent() == 2)
        world.slow = {}
        assert sent() == 2, "the broker stopped before the last step"
        with serving(Here(tmp_path, world, signer=Signer(b"x" * 32)).broker) as url:
            time.sleep(2)
            assert sent() == 2
        with serving(Here(tmp_path, world).broker) as url:
            until(lambda: draft(url).report().state not in {"running", "waiting"})
            assert draft(url).report().state == "done"
        assert contents(world) == ["A", "B", "C"]
    finally:
        world.close()
