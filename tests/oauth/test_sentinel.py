"""Secrets in everything that connecting and calling does, successful or not: they are found nowhere outside the vault.

The secrets are read from the wire: the witness learns the content of each token request, its client's proof and its response before
anything else uses it. The network then responds as an attacker would: with the secrets it was sent, in every field of a response.
"""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_plus, urlsplit

import pytest

from tests.oauth.test_flows import PAYMENT, REDIRECT
from tests.support import recording
from tests.support.secret_search import Witness
from tests.support.servers.oidc import OIDC, User
from unified import users
from unified_platform.oauth import authorization_code, client_registration, token_requests, token_revocation
from unified_platform.oauth.client_authentication import OAuthClient
from unified_platform.oauth.connector import Connector
from unified_platform.oauth.declarations import Declaration
from unified_platform.oauth.errors import InvalidCallback
from unified_platform.oauth.server_metadata import Server
from unified_platform.oauth.token_refresh import TokenRefresher
from unified_platform.vault import ConnectionRecord, SealedVault
from unified_runtime import Client, Secret, acting, using
from unified_runtime.core import errors
from unified_runtime.core.errors import TransportFailure, UnifiedError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http._sync.default import DefaultTransport

_SECRET = {
    "code", "code_verifier", "refresh_token", "access_token", "id_token", "client_secret", "client_assertion", "assertion",
    "subject_token", "actor_token", "device_code", "token", "registration_access_token",
}  # fmt: skip
"""Secret members of requests to authorization servers, and of their responses."""

Reply = Callable[[HTTPRequest, Response, str], Response]


@pytest.fixture
def witness() -> Iterator[Witness]:
    made = Witness()
    root = logging.getLogger()
    level = root.level
    root.addHandler(made)
    root.setLevel(logging.DEBUG)
    yield made
    root.setLevel(level)
    root.removeHandler(made)
    made.logs()


class Network:
    """Send requests, report their secrets to the witness, and optionally change the response."""

    def __init__(self, witness: Witness) -> None:
        self._inner = DefaultTransport()
        self.witness = witness
        self.answers: dict[str, Reply] = {}
        """Replaced responses, by the end of the request's path."""

    def send(self, request: HTTPRequest) -> Response:
        sent = self._reported(request)
        response = self._inner.send(request)
        self._known(_json(response.body))
        for path, change in self.answers.items():
            if urlsplit(request.url).path.endswith(path):
                return change(request, response, sent)
        return response

    def close(self) -> None:
        self._inner.close()

    def _reported(self, request: HTTPRequest) -> str:
        """Return all secrets that were sent, as one text."""
        found = self._known(dict(parse_qsl(request.body.decode("latin-1"))) | _json(request.body))
        pairs = [*request.headers, *request.credential.headers()]
        for value in [value.decode("ascii") for name, value in pairs if name.lower() == b"authorization"]:
            scheme, _, rest = value.partition(" ")
            secret = unquote_plus(base64.b64decode(rest).decode().partition(":")[2]) if scheme == "Basic" else rest
            self.witness.add(secret)
            found += [value, secret]
        return " ".join(found)

    def _known(self, value: Any) -> list[str]:
        if isinstance(value, list):
            return [text for one in value for text in self._known(one)]
        if not isinstance(value, dict):
            return []
        found = [text for name, text in value.items() if name in _SECRET and isinstance(text, str)]
        self.witness.add(*found)
        return found + [text for one in value.values() for text in self._known(one)]


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _responded(value: Any, status: int, **headers: str) -> Reply:
    """Return a response in which `SENT` is replaced by the secrets that were sent."""

    def answer(request: HTTPRequest, real: Response, sent: str) -> Response:
        text = (value if isinstance(value, str) else json.dumps(value)).replace("SENT", sent.replace('"', ""))
        pairs = [(name.replace("_", "-").encode(), text.replace("SENT", sent).encode()) for name, text in headers.items()]
        return Response(status, pairs, text.encode(), request.url)

    return answer


def _altered(**members: Any) -> Reply:
    """Return the server's own response with other members; `OWN` is replaced by its access token."""

    def answer(request: HTTPRequest, real: Response, sent: str) -> Response:
        found = _json(real.body)
        own = found.get("access_token", "")
        found |= {name: own if value == "OWN" else value for name, value in members.items()}
        return Response(real.status, [], json.dumps({name: value for name, value in found.items() if value is not None}).encode(), real.url)

    return answer


def _lost(request: HTTPRequest, real: Response, sent: str) -> Response:
    raise TransportFailure(f"illegal status line: {sent}", sent=True)


RESPONSES: dict[str, Reply] = {
    "refused": _responded({"error": "invalid_client", "error_description": "SENT"}, 401),
    "refused by a code": _responded({"error": "SENT"}, 400),
    "grant refused": _responded({"error": "invalid_grant", "error_description": "token SENT was used"}, 400),
    "an error in a success": _responded({"ok": False, "error": "SENT", "access_token": "SENT"}, 200),
    "garbage": _responded("<p>SENT</p>", 200),
    "a list": _responded(["SENT"], 200),
    "forbidden": _responded("SENT", 403, x_request_id="SENT"),
    "a redirect": _responded("SENT", 302, location="https://attacker.test/?SENT"),
    "failing": _responded("SENT", 503, retry_after="0", x_request_id="SENT"),
    "too often": _responded("SENT", 429, retry_after="1000"),
    "lost": _lost,
    "no seconds": _altered(expires_in="OWN"),
    "another type": _altered(token_type="OWN"),
    "no rights": _altered(authorization_details="OWN"),
    "no token": _altered(access_token=None, token="OWN"),
    "a token no header can carry": _altered(refresh_token="refresh-töken-of-the-server"),
}


@pytest.fixture
def network(witness: Witness) -> Network:
    return Network(witness)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def clients(oidc: OIDC, witness: Witness) -> dict[str, OAuthClient]:
    """Each method of client authentication."""
    key = json.loads(oidc.account_key)
    witness.add(oidc.secret, key["d"], key["p"], key["q"])
    return {
        "public": OAuthClient("public"),
        "basic": OAuthClient("web", Secret(oidc.secret)),
        "post": OAuthClient("poster", Secret(oidc.secret), "client_secret_post"),
        "signed": OAuthClient("signer", Secret(oidc.account_key), "private_key_jwt", "account"),
    }


class Platform:
    """Application: a vault, a client at the authorization server, and a network between them."""

    def __init__(self, vault: SealedVault, network: Network, declaration: Declaration, client: OAuthClient | None, user: User) -> None:
        known: dict[str, Any] = {"clients": lambda *_: client, "declarations": lambda _: declaration, "transport": network}
        self.vault = vault
        self.network = network
        self.user = user
        self.perform = Client(network).perform
        self.connector = Connector(vault, **known)
        self.refresher = TokenRefresher(**known)

    def started(self, **called: Any) -> tuple[str, str]:
        """Return the callback of a user who has consented, and its state."""
        started = self.connector.start("github", user="alice", redirect_uri=REDIRECT, **called)
        with self.network.witness.elsewhere():
            return self.user.consent(started.authorization_url), started.state

    def connected(self, **called: Any) -> ConnectionRecord:
        callback, state = self.started(**called)
        return self.connector.finish(callback, state=state)


Action = Callable[[], Any]


def _finish(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    callback, state = platform.started()
    return lambda: platform.connector.finish(callback, state=state)


def _once(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    callback, state = platform.started(once=True, authorization_details=[PAYMENT])
    return lambda: platform.connector.finish_once(callback, state=state)


def _refresh(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    record = platform.connected()
    return lambda: platform.refresher.refresh(platform.vault, record.id, record.version, rejected=True)


def _revoke(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    record = platform.connected()
    return lambda: platform.connector.revoke(record.key)


def _machine(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    return lambda: platform.connector.machine("github", scopes=["files:read"])


def _account(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    key = Secret(oidc.account_key)
    return lambda: platform.perform(token_requests.jwt_bearer(server, key, issuer="robot@accounts.test", key_id="account", client=client))


def _device(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    made = platform.connector.start_device("github", user="alice")
    with platform.network.witness.elsewhere():
        platform.user.enter(made.url, made.user_code)
    soon = replace(made, expires_at=time.time() + 0.3)
    return lambda: platform.connector.finish_device(soon, "github", user="alice")


def _device_start(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    return lambda: platform.connector.start_device("github", user="alice")


def _pushed(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    return lambda: platform.connector.start("github", user="alice", redirect_uri=REDIRECT, pushed=True, bound=True)


def _exchanged(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    token = platform.connected().secrets["access_token"]
    return lambda: platform.perform(token_requests.exchange(server, client, token, actor=token))


def _introspected(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    token = platform.connected().secrets["access_token"]
    return lambda: platform.perform(token_revocation.introspect(server, client, token))


def _registered(platform: Platform, oidc: OIDC, server: Server, client: OAuthClient) -> Action:
    token = Secret("initial-access-token-of-a-developer")
    return lambda: platform.perform(client_registration.register(server, name="x", redirect_uris=[REDIRECT], token=token))


FLOWS = [
    *(pytest.param(_finish, "/token", name, id=f"code, {name}") for name in ("public", "signed")),
    *(pytest.param(_refresh, "/token", name, id=f"refresh, {name}") for name in ("basic", "post")),
    pytest.param(_revoke, "/revocation", "signed", id="revocation"),
    pytest.param(_once, "/token", "basic", id="once"),
    pytest.param(_machine, "/token", "basic", id="client credentials"),
    pytest.param(_account, "/token", "basic", id="assertion"),
    pytest.param(_device, "/token", "public", id="device"),
    pytest.param(_device_start, "/device/auth", "public", id="device, start"),
    pytest.param(_pushed, "/request", "post", id="pushed"),
    pytest.param(_exchanged, "/token", "basic", id="exchange"),
    pytest.param(_introspected, "/introspection", "basic", id="introspection"),
    pytest.param(_registered, "/reg", "basic", id="registration"),
]


@pytest.mark.parametrize(("flow", "path", "name"), FLOWS)
def test_flow_with_bad_responses(
    flow: Callable[..., Action],
    path: str,
    name: str,
    vault: SealedVault,
    network: Network,
    declaration: Declaration,
    clients: dict[str, OAuthClient],
    user: User,
    oidc: OIDC,
    server: Server,
    witness: Witness,
    tmp_path: Path,
) -> None:
    platform = Platform(vault, network, declaration, clients[name], user)
    failed = 0
    for response in RESPONSES.values():
        action = flow(platform, oidc, server, clients[name])
        network.answers[path] = response
        try:
            result = action()
        except UnifiedError as error:
            failed += 1
            witness.error(error)
        else:
            witness.objects([result])
        network.answers.clear()
    assert failed >= len(RESPONSES) // 2
    found = vault.list()
    witness.clean(repr(found), "the records")
    witness.objects()
    assert witness.files(tmp_path)


@pytest.mark.parametrize("name", ["public", "basic", "post", "signed"])
def test_connecting_refreshing_calling_and_ending(
    name: str,
    vault: SealedVault,
    network: Network,
    declaration: Declaration,
    clients: dict[str, OAuthClient],
    witness: Witness,
    user: User,
    oidc: OIDC,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    platform = Platform(vault, network, declaration, clients[name], user)
    record = platform.connected(scopes=["openid", "email", "files:read"], server=oidc.api)
    renewed = platform.refresher.refresh(vault, record.id, record.version, rejected=True)
    source = vault.source(platform.refresher)
    with Client(network, vault=source) as calling, using(calling), acting(user="alice", via="github"):
        assert users.me().id == "alice"
        saved = [record, renewed, source, calling, users.me.plan(), vault, platform.connector, platform.refresher, vault.list()]
        assert len(witness.secrets) >= 7
        witness.objects(saved)
        assert witness.objects() > 50
    assert platform.connector.revoke(renewed.key)
    assert witness.files(tmp_path) >= 2
    witness.clean("".join(capfd.readouterr()), "what is printed")


@pytest.mark.parametrize("name", ["public", "basic", "post", "signed"])
def test_cassettes(
    name: str,
    vault: SealedVault,
    network: Network,
    declaration: Declaration,
    clients: dict[str, OAuthClient],
    witness: Witness,
    user: User,
    oidc: OIDC,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recording, "FOLDER", tmp_path / "cassettes")
    platform = Platform(vault, network, declaration, clients[name], user)
    callback, state = platform.started(server=oidc.api)
    with recording.recorded(Path("oidc", "tokens.yaml"), oidc.issuer) as cassette:
        record = platform.connector.finish(callback, state=state)
        renewed = platform.refresher.refresh(vault, record.id, record.version, rejected=True)
        with using(Client(network, vault=vault.source(platform.refresher))), acting(user="alice", via="github"):
            users.me()
        assert platform.connector.revoke(renewed.key)
    assert len(cassette) >= 4
    assert witness.files(tmp_path) >= 3


def test_the_witness_sees_secrets(witness: Witness, tmp_path: Path) -> None:
    """The witness itself works: it finds a secret in each output that it searches."""
    secret = "witness-5d1f+/=secret"
    witness.add(secret)
    looks: list[Callable[[], Any]] = [
        lambda: witness.clean(f"Basic {base64.b64encode(b'me:' + secret.encode()).decode()}", "base64"),
        lambda: witness.clean(f"?token={quote(secret, safe='')}", "a query"),
        lambda: witness.clean(json.dumps({"a": secret}), "JSON"),
        lambda: witness.error(_raised(secret)),
        lambda: witness.error(errors.Rejected("told", fields={"title": secret})),
        lambda: witness.objects([{"a": [secret]}]),
        lambda: witness.files(tmp_path),
    ]
    (tmp_path / "file").write_bytes(b"\0" + secret.encode() + b"\0")
    for look in looks:
        with pytest.raises(AssertionError, match="a secret in"):
            look()
    logging.getLogger("unified_runtime").debug("sent %s", secret)
    with pytest.raises(AssertionError, match="a secret in a log line"):
        witness.logs()
    witness.forget()


def _raised(secret: str) -> UnifiedError:
    """Raise an error of ours with a frame that has a text as a variable."""
    with pytest.raises(InvalidCallback) as caught:
        authorization_code.state_of(f"http://127.0.0.1/callback?code={secret}")
    return caught.value
