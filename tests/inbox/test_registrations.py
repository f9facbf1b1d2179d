"""Webhooks are registered by vendors' APIs, once for each address and scope; their secrets are in the vault and nowhere else."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.unit.runtime.policies import Engine, MemoryApprovals, MemoryAuditLog
from unified import projects, pull_requests, repositories, reviews, tasks, users, webhook_subscriptions
from unified_emulation.serving.addresses import SECRET
from unified_emulation.serving.faults import Fault
from unified_emulation.serving.local import LocalEmulator
from unified_emulation.serving.webhooks.requests import Received, VendorRequest
from unified_platform.broker.calls import Calls
from unified_platform.broker.config import Config
from unified_platform.broker.events import build
from unified_platform.catalog import capabilities
from unified_platform.catalog.operations import find_operation
from unified_platform.catalog.toolsets import EVERYTHING, parse_toolset
from unified_platform.connections.registered_hooks import RegisteredHook, Subscription
from unified_platform.inbox import Hook, Inbox, InboxEvent, Poll, Receiver, follow, register, registration_scopes, unregister
from unified_platform.tools.definitions import definitions
from unified_platform.vault import SealedVault, open_vault
from unified_runtime import (
    ApprovalRequired,
    AsyncClient,
    Client,
    Forbidden,
    InvalidInput,
    NotFound,
    Unavailable,
    Unconfirmed,
    UnifiedError,
    Unsupported,
    acting,
    using,
)
from unified_runtime.core.context import current_acting
from unified_runtime.core.credentials import Secret
from unified_runtime.core.policy_decisions import allow, needs_approval
from unified_runtime.core.redactor import REDACTED
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import Unlimited

ADDRESS = "https://broker.example.test"
URL = f"{ADDRESS}/hooks/board"


@dataclass
class Site:
    """Emulated vendor that sends its deliveries to a receiver."""

    vendor: str
    vault: SealedVault
    inbox: Inbox
    scope: str | None
    client: Client
    emulator: LocalEmulator
    statuses: list[int] = field(default_factory=list)

    def register(self, **given: Any) -> Any:
        known: dict[str, Any] = {"vault": self.vault, "client": self.client, "scope": self.scope}
        return register(self.vendor, URL, **known | given)

    def settle(self) -> None:
        assert self.emulator.emulators.webhooks.deliveries.settle()

    def subscriptions(self) -> list[Any]:
        with using(self.client), acting(via=self.vendor):
            records = webhook_subscriptions.list() if self.scope is None else webhook_subscriptions.list(scope_id=self.scope)
            return [one for one in records if one.url == URL]

    def events(self, wait: float = 0.3) -> list[InboxEvent]:
        return list(follow("reader", inbox=self.inbox, wait=wait, client=Client()))


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SealedVault]:
    opened = open_vault(tmp_path / "vault.db", key=f"file:{tmp_path}/key")
    yield opened
    opened.close()


@pytest.fixture
def site_of(vault: SealedVault, inbox: Inbox) -> Callable[[str], Site]:
    def made(vendor: str) -> Site:
        receiver = Receiver((), inbox, address=ADDRESS, registered=vault.hooks.all)
        statuses: list[int] = []

        def send(request: VendorRequest) -> Received:
            parts = urlsplit(request.url)
            headers = {name.lower(): value for name, value in request.headers.items()}
            name, _, rest = parts.path.removeprefix("/hooks/").partition("/")
            query = dict(parse_qsl(parts.query))
            reply = receiver.take(name, request.method, headers, request.body, rest=rest, query=query, text=parts.query)
            statuses.append(reply.status)
            return Received(reply.status, {}, reply.body.decode())

        emulator = LocalEmulator([vendor], send=send)
        client = Client(emulated=emulator)
        with using(client), acting(via=vendor):
            scope = next(iter(repositories.list())).id if vendor in repositories.list.vendors else None
        return Site(vendor, vault, inbox, scope, client, emulator, statuses)

    return made


@pytest.mark.parametrize(
    ("vendor", "events"), [*((one, ["task.created"]) for one in ("gitea", "github", "jira", "linear", "zendesk")), ("gitlab", [])]
)
def test_a_change_at_the_vendor_is_an_event_of_the_registered_hook(site_of: Callable[[str], Site], vendor: str, events: list[str]) -> None:
    site = site_of(vendor)
    hook = site.register(user=None, events=events)
    with using(site.client), acting(via=vendor):
        project = site.scope or next(iter(projects.list())).id
        created = tasks.create(title="Fix the sign-in", description="It fails", project_id=project)
        me = users.me()
    site.settle()
    (event,) = site.events()
    assert (event.type, event.record, event.vendor, event.source) == ("task.created", created.id, vendor, "board")
    assert event.actor == me.id
    assert site.statuses == [200]
    assert [one.scope for one in hook.subscriptions] == [site.scope]


def test_a_pull_request_is_an_event_of_a_registered_hook(site_of: Callable[[str], Site]) -> None:
    site = site_of("bitbucket")
    site.register(events=["pull_request.updated"])
    assert site.subscriptions()[0].events == [f"pullrequest:{one}" for one in ("created", "updated", "fulfilled", "rejected")]
    with using(site.client), acting(via="bitbucket"):
        created = pull_requests.create(title="Fix the sign-in", repository_id=site.scope or "", source_branch="fix", target_branch="main")
        reviews.create(pull_request_id=created.id, decision="comment", body="Not an event of this hook")
        me = users.me()
    site.settle()
    (event,) = site.events()
    assert (event.type, event.record, event.source, event.actor) == ("pull_request.updated", created.id, "board", me.id)
    site.register()
    with using(site.client), acting(via="bitbucket"):
        review = reviews.create(pull_request_id=created.id, decision="comment", body="An event of all")
    site.settle()
    assert [(event.type, event.record) for event in site.events()] == [("review.created", review.id)]
    with using(site.client), acting(via="bitbucket"):
        pull_requests.merge(created.id)
    site.settle()
    assert [(event.type, event.record) for event in site.events()] == [("pull_request.updated", created.id)]
    assert site.statuses == [200] * 3


def test_a_secret_that_the_vendor_chooses_is_stored(site_of: Callable[[str], Site]) -> None:
    site = site_of("clickup")
    hook = site.register(events=["task.created"])
    (secret,) = hook.secrets
    with using(site.client), acting(via="clickup"):
        first, second, *_ = projects.list()
        created = tasks.create(title="Fix the sign-in", project_id=first.id)
        me = users.me()
    site.settle()
    assert [(event.type, event.record, event.actor) for event in site.events()] == [("task.created", created.id, me.id)]
    with pytest.raises(InvalidInput, match="clickup chooses the secrets of its webhooks"):
        site.register(secret=Secret("own"))
    site.vault.hooks.delete("board")
    again = site.register(events=["task.updated"])  # as after the loss of a vault
    assert (again.secrets, len(site.subscriptions())) == ((secret,), 1)
    with using(site.client), acting(via="clickup"):
        tasks.update(created.id, title="Fix the sign-in page")
    site.settle()
    assert [event.type for event in site.events()] == ["task.updated"]
    assert unregister("board", vault=site.vault, client=site.client) == 1
    site.register(scope=first.id)
    (about,) = site.subscriptions()
    assert about.scope_id == first.id
    with using(site.client), acting(via="clickup"):
        tasks.create(title="Of another list", project_id=second.id)
        tasks.create(title="Of the list", project_id=first.id)
        site.settle()
        assert webhook_subscriptions.update(about.id, url=f"{URL}/moved").events == about.events
        assert webhook_subscriptions.update(about.id, events=["taskDeleted"]).url == f"{URL}/moved"
    assert [event.type for event in site.events()] == ["task.created"]
    assert set(site.statuses) == {200}


def test_a_secret_that_the_vendor_returns_by_itself_is_stored(site_of: Callable[[str], Site]) -> None:
    site = site_of("zendesk")
    hook = site.register(events=["task.created"])
    assert site.subscriptions()[0].secret is None
    site.vault.hooks.delete("board")
    again = site.register(events=["task.updated"])  # as after the loss of a vault
    assert (again.secrets, len(site.subscriptions())) == (hook.secrets, 1)
    assert again.subscriptions[0].id == hook.subscriptions[0].id
    with using(site.client), acting(via="zendesk"):
        created = tasks.create(title="Fix the sign-in", description="It fails")
        tasks.update(created.id, title="Fix the sign-in page")
    site.settle()
    assert [(event.type, event.record) for event in site.events()] == [("task.updated", created.id)]
    assert unregister("board", vault=site.vault, client=site.client) == 1
    assert site.subscriptions() == []


def test_a_vendor_that_signs_with_the_secret_of_an_application_needs_it(site_of: Callable[[str], Site], tmp_path: Path) -> None:
    site = site_of("trello")
    with using(site.client), acting(via="trello"):
        board = projects.list().first()
        me = users.me()
    assert board is not None
    with pytest.raises(InvalidInput, match="trello signs webhooks with the secret of its application: give secret"):
        site.register(scope=board.id)
    calls = Calls(AsyncClient(), PolicyEnforcer(Engine()), Unlimited())
    hooks = (Hook(name="board", vendor="trello", register=True, scopes=(board.id,)),)
    with pytest.raises(InvalidInput, match="secret_env in a broker's settings"):
        build(Config(inbox=str(tmp_path / "inbox.db"), url=ADDRESS, hooks=hooks), calls)
    assert site.vault.hooks.all() == ()
    site.scope = board.id
    site.register(secret=Secret(SECRET))
    with using(site.client), acting(via="trello"):
        created = tasks.create(title="Fix the sign-in", project_id=board.id)
    site.settle()
    assert [(event.type, event.record, event.actor) for event in site.events()] == [("task.created", created.id, me.id)]
    site.register()
    assert len(site.subscriptions()) == 1
    assert unregister("board", vault=site.vault, client=site.client) == 1
    assert site.subscriptions() == []


def test_the_address_of_a_changed_registration_is_sent_again(site_of: Callable[[str], Site]) -> None:
    """GitLab requires it, and forgets the secret if it changes."""
    site = site_of("gitlab")
    site.register()
    id = site.subscriptions()[0].id
    with using(site.client), acting(via="gitlab"):
        assert webhook_subscriptions.update(id, secret="another").url == URL
    moved = f"{ADDRESS}/hooks/moved"
    hook = register("gitlab", moved, vault=site.vault, client=site.client, scope=site.scope, name="board")
    assert (hook.url, hook.subscriptions[0].id, site.subscriptions()) == (moved, id, [])
    with pytest.raises(InvalidInput, match="gets all events"):
        site.register(events=["task.created"])


def test_registering_again_changes_what_is_there(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    first = site.register()
    second = site.register(events=["comment.created"])
    assert len(site.subscriptions()) == 1
    assert site.subscriptions()[0].events == ["issue_comment"]
    assert first.subscriptions[0].id == second.subscriptions[0].id
    assert first.secrets == second.secrets


def test_a_registration_that_the_vault_does_not_know_gets_a_new_secret(site_of: Callable[[str], Site]) -> None:
    """As after the loss of a vault: the vendor signs with a secret that no one knows."""
    site = site_of("github")
    site.register()
    site.vault.hooks.delete("board")
    hook = site.register()
    assert len(site.subscriptions()) == 1
    with using(site.client), acting(via="github"):
        tasks.create(title="After the loss", project_id=site.scope or "")
    site.settle()
    assert [event.type for event in site.events()] == ["task.created"]
    assert len(hook.secrets) == 1


def test_a_registration_that_was_removed_at_the_vendor_is_made_again(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    first = site.register()
    with using(site.client), acting(via="gitea"):
        webhook_subscriptions.delete(site.subscriptions()[0].id)
    again = site.register()
    assert len(site.subscriptions()) == 1
    assert again.secrets == first.secrets
    assert again.subscriptions[0].id != first.subscriptions[0].id


def test_a_fresh_registration_is_not_confirmed_again(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    site.register()
    with using(site.client), acting(via="gitea"):
        webhook_subscriptions.delete(site.subscriptions()[0].id)
    site.register(fresh=60)
    assert site.subscriptions() == []


def test_a_given_secret_is_registered(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    site.register()
    hook = site.register(secret=Secret("given"), fresh=60)
    assert [one.reveal() for one in hook.secrets] == ["given"]
    with using(site.client), acting(via="gitea"):
        tasks.create(title="Signed with it", project_id=site.scope or "")
    site.settle()
    assert site.statuses == [200]
    assert site.register().secrets == hook.secrets, "it is not replaced by a generated one"


def test_deliveries_before_the_secret_is_known_are_sent_again(inbox: Inbox) -> None:
    """A vendor that chooses the secret may deliver before its response with the secret is stored."""
    body = b'{"action": "opened", "issue": {"number": 1}, "repository": {"full_name": "acme/app"}}'
    known: list[Secret | None] = [None]

    def registered() -> list[RegisteredHook]:
        subscriptions = (Subscription("acme/other", secret=Secret("other")), Subscription("acme/app", secret=known[0]))
        return [RegisteredHook("board", "gitea", URL, None, subscriptions)]

    def delivered() -> int:
        signature = hmac.new(b"chosen", body, "sha256").hexdigest()
        receiver._refresh(0)
        return receiver.take("board", "POST", {"x-gitea-signature": signature, "x-gitea-event": "issues"}, body, query={}).status

    receiver = Receiver((), inbox, address=ADDRESS, registered=registered)
    assert delivered() == 503
    known[0] = Secret("another")
    assert delivered() == 401
    known[0] = Secret("chosen")
    assert delivered() == 200


def test_several_scopes_have_one_hook(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    with using(site.client), acting(via="gitea"):
        other = [one.id for one in repositories.list()][1]
    site.register()
    hook = site.register(scope=other)
    assert [one.scope for one in hook.subscriptions] == [site.scope, other]
    assert len(hook.secrets) == 1
    assert unregister("board", vault=site.vault, client=site.client, scope=other) == 1
    left = site.vault.hooks.get("board")
    assert left is not None
    assert [one.scope for one in left.subscriptions] == [site.scope]


def test_unregistering_removes_registration_and_secret(site_of: Callable[[str], Site]) -> None:
    site = site_of("github")
    site.register()
    assert unregister("board", vault=site.vault, client=site.client) == 1
    assert site.subscriptions() == []
    assert site.vault.hooks.all() == ()
    with pytest.raises(NotFound, match="no webhook is registered as 'board'"):
        unregister("board", vault=site.vault, client=site.client)


def test_a_registration_that_the_vendor_rejects_is_not_stored(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    site.emulator.emulators.faults.add(Fault("status", operation="POST */hooks", status=403))
    with pytest.raises(Forbidden):
        site.register()
    assert site.vault.hooks.all() == ()


def test_the_secret_of_a_lost_response_is_stored(site_of: Callable[[str], Site]) -> None:
    """The vendor may have the registration: its deliveries are verified, and the next attempt finds it."""
    site = site_of("gitea")
    site.emulator.emulators.faults.add(Fault("timeout", operation="POST */hooks", executed=True))
    with pytest.raises((Unavailable, Unconfirmed)):
        site.register()
    (pending,) = site.vault.hooks.all()
    assert pending.subscriptions[0].id is None
    with using(site.client), acting(via="gitea"):
        tasks.create(title="Meanwhile", project_id=site.scope or "")
    site.settle()
    assert site.statuses == [200]
    again = site.register()
    assert again.secrets == pending.secrets
    assert len(site.subscriptions()) == 1


def test_the_secret_is_in_the_vault_only(
    site_of: Callable[[str], Site], tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "sentinel-5f1e-0b77-93ac"
    monkeypatch.setattr("secrets.token_urlsafe", lambda _: secret)
    site = site_of("gitea")
    with caplog.at_level(logging.DEBUG):
        hook = site.register()
        repeated = site.register()
    assert [one.reveal() for one in hook.secrets] == [secret], "nothing else is searched for"
    assert secret not in caplog.text + repr(hook) + repr(repeated) + repr(site.subscriptions())
    site.vault.close()
    assert not any(secret.encode() in file.read_bytes() for file in tmp_path.rglob("vault.db*"))


def test_policies_approvals_and_logs_have_no_secret(site_of: Callable[[str], Site], caplog: pytest.LogCaptureFixture) -> None:
    """The requests that a person approves, and those that a policy decides on, have a placeholder."""
    site = site_of("github")
    secret = "sentinel-5f1e-0b77-93ac"
    engine, approvals, log = Engine(lambda question: needs_approval("a person decides")), MemoryApprovals(), MemoryAuditLog()
    client = site.client.with_policy(PolicyEnforcer(engine, approvals=approvals, audit=log))
    given: dict[str, Any] = {"url": URL, "secret": secret, "scope_id": site.scope, "events": ["issues"]}
    with using(client), acting(via="github"), caplog.at_level(logging.DEBUG), pytest.raises(ApprovalRequired) as raised:
        webhook_subscriptions.create(**given)
    plan = raised.value.plan
    assert plan is not None
    assert plan.requests[0].body["config"]["secret"] == REDACTED
    (subject,) = approvals.pending.values()
    assert subject.arguments["secret"] == REDACTED
    engine.rule = lambda question: allow() if question.phase == "request" or question.approved else needs_approval("a person decides")
    approvals.approve("a1")
    with using(client), acting(via="github"), caplog.at_level(logging.DEBUG):
        webhook_subscriptions.create(**given)
    assert approvals.spent == ["a1"]
    (sent,) = (one.request for one in engine.called if one.request is not None)
    assert sent.body["config"] == {"content_type": "json", "url": URL, "secret": REDACTED}
    assert secret not in repr((engine.called, approvals.pending, log.entries, str(raised.value), plan.to_dict())) + caplog.text


def test_bodies_for_observers_have_no_secret(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    secret = "sentinel-5f1e-0b77-93ac"
    seen: list[str] = []

    class Seen:
        def ended(self, record: Any) -> None: ...

        def exchanged(self, call: Any, attempt: Any, sent: bytes, received: bytes, redact: Callable[[str], str]) -> None:
            seen.extend((sent.decode(), received.decode(), redact(secret)))

    client = Client(connections=site.client.connections, transport=site.client.transport, observers=Seen())
    with using(client), acting(via="gitea"):
        webhook_subscriptions.create(url=URL, secret=secret, scope_id=site.scope)
    assert URL in seen[0]
    assert secret not in "".join(seen)


def test_agents_have_no_tool_toolset_or_call_for_registrations() -> None:
    assert not any(one.resource == "webhook_subscriptions" for one in definitions().values())
    assert not any("webhook_subscriptions" in entry.resources for entry in capabilities.load())
    with pytest.raises(InvalidInput, match="is not an operation"):
        find_operation("webhook_subscriptions.create")
    with pytest.raises(InvalidInput, match="is not a resource"):
        parse_toolset("webhook_subscriptions", capabilities.load())
    assert not any("webhook_subscriptions" in name for name in EVERYTHING.operations(capabilities.load()))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scope": None}, "give its id as scope"),
        ({"events": ["task.moved"]}, "has no event 'task.moved'"),
        ({"name": "Not A Name"}, "is not a valid name"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(site_of: Callable[[str], Site], given: dict[str, Any], message: str) -> None:
    site = site_of("gitea")
    with pytest.raises(InvalidInput, match=message):
        site.register(**given)
    assert site.subscriptions() == []
    assert site.vault.hooks.all() == ()


@pytest.mark.parametrize("url", ["http://broker.example.test/hooks/a", "https://broker.example.test/hooks/a?b=c", "broker/hooks/a"])
def test_addresses_are_https(vault: SealedVault, url: str) -> None:
    with pytest.raises(InvalidInput):
        register("gitea", url, vault=vault, scope="a/b")


@pytest.mark.parametrize(
    ("vendor", "message"),
    [
        (
            "todoist",
            "webhooks of Todoist cannot be registered by its API: register the address in its settings, or poll its lists of .*tasks",
        ),
        (
            "redmine",
            r"Redmine cannot be registered by its API: poll its lists of .*tasks.* \(\[\[polls\]\].*API: .*gitea, github, gitlab",
        ),
        ("google-chat", "its lists cannot be polled either"),
    ],
)
def test_a_vendor_without_such_an_api_is_unsupported(vault: SealedVault, vendor: str, message: str) -> None:
    with pytest.raises(Unsupported, match=message):
        register(vendor, URL, vault=vault)
    assert registration_scopes(vendor) is None


def test_the_suggested_lists_can_be_polled(vault: SealedVault) -> None:
    with pytest.raises(Unsupported) as raised:
        register("redmine", URL, vault=vault)
    lists = raised.value.message.partition("lists of ")[2].partition(" (")[0].split(", ")
    assert [Poll(name="desk", vendor="redmine", resource=one).checked().resource for one in lists] == lists


def test_an_unknown_vendor_is_invalid(vault: SealedVault) -> None:
    with pytest.raises(InvalidInput, match="did you mean 'github'"):
        register("gihub", URL, vault=vault)


@pytest.mark.parametrize(
    ("hook", "error", "message"),
    [
        (Hook(name="board", vendor="slack", register=True), Unsupported, "webhooks of Slack cannot be registered"),
        (Hook(name="board", vendor="redmine", register=True), Unsupported, "poll its lists of tasks"),
        (Hook(name="board", vendor="gitea", register=True), InvalidInput, "give its id as scope"),
        (Hook(name="board", vendor="linear", register=True, events=("task.moved",)), InvalidInput, "has no event"),
    ],
)
def test_a_broker_does_not_start_with_a_hook_that_cannot_be_registered(
    tmp_path: Path, hook: Hook, error: type[UnifiedError], message: str
) -> None:
    calls = Calls(AsyncClient(), PolicyEnforcer(Engine()), Unlimited())
    with pytest.raises(error, match=message):
        build(Config(inbox=str(tmp_path / "inbox.db"), url=ADDRESS, hooks=(hook,)), calls)


@pytest.mark.parametrize(
    ("vendor", "scopes"),
    [
        ("github", "write:repo_hook, read:repo_hook, admin:repo_hook"),
        ("gitea", "write:repository, read:repository"),
        ("linear", "admin"),
        ("bitbucket", "webhook"),
        ("gitlab", "api, read_api"),
    ],
)
def test_a_missing_right_is_an_error_with_the_scopes(site_of: Callable[[str], Site], vendor: str, scopes: str) -> None:
    site = site_of(vendor)
    assert registration_scopes(vendor) == tuple(scopes.split(", "))
    site.emulator.emulators.faults.add(Fault("status", operation="*graphql" if vendor == "linear" else "GET */hooks", status=403))
    with pytest.raises(Forbidden, match=f"needs the scopes {scopes}, and a user who may administer"):
        site.register()
    assert site.vault.hooks.all() == ()


def test_a_registration_of_all_teams_leaves_that_of_one(site_of: Callable[[str], Site]) -> None:
    site = site_of("linear")
    with using(site.client), acting(via="linear"):
        team = site.client.connections.find("tasks.create", ("linear",), None, current_acting()).values["team"]
    site.register(scope=team)
    hook = site.register()
    assert [one.scope for one in hook.subscriptions] == [team, None]
    assert len({one.id for one in hook.subscriptions}) == 2
    assert len(site.subscriptions()) == 2
    site.register()
    site.register(scope=team)
    assert len(site.subscriptions()) == 2


def test_a_hook_has_one_vendor_and_user(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    site.register()
    with pytest.raises(InvalidInput, match="is one of gitea"):
        site.register(user="bob")


def test_a_hook_whose_row_was_altered_is_made_again(site_of: Callable[[str], Site]) -> None:
    site = site_of("gitea")
    first = site.register()
    with site.vault.database.writing("test") as session:
        session.run("UPDATE vault_hooks SET created_at = created_at + 1")
    assert site.vault.hooks.all() == ()
    again = site.register()
    assert len(site.subscriptions()) == 1
    assert again.secrets != first.secrets


def test_a_hook_of_the_settings_accepts_both_secrets(
    vault: SealedVault, inbox: Inbox, site_of: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOARD_SECRET", "by-hand")
    site = site_of("gitea")
    site.register()
    receiver = Receiver(
        [Hook(name="board", vendor="gitea", secret_env=("BOARD_SECRET",))], inbox, address=ADDRESS, registered=vault.hooks.all
    )
    receiver._refresh(0)
    assert len(receiver._hooks["board"].secrets) == 2


def test_scopes_need_a_registration() -> None:
    with pytest.raises(InvalidInput, match="register = true"):
        Hook(name="board", vendor="gitea", scopes=("a/b",)).secrets({})
    assert Hook(name="board", vendor="gitea", register=True).secrets({}) == ()
