"""Responses that lead to another server: redirects, the next page, an upload session, a download. The credential is sent to none of them.

`elsewhere` is the attacker's; everything sent to it is searched for the credential, in every encoding.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

import unified
from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Client, Credential, InvalidInput, UnifiedError, api_key, basic, bearer, using
from unified_runtime.core.errors import Unconfirmed, VendorProtocolError
from unified_runtime.core.origins import matches

SECRET = "sentinel/4b+Aa=="
CREDENTIALS = [
    pytest.param(basic("me", SECRET), "basicAuth", id="basic"),
    pytest.param(bearer(SECRET), "OAuth2", id="bearer"),
    pytest.param(api_key(key="public-key-1", token=SECRET), "keys", id="query"),
    pytest.param(api_key(SECRET), "header", id="header"),
]
FORMS = (SECRET, quote(SECRET, safe=""), base64.b64encode(SECRET.encode()).decode(), base64.b64encode(f"me:{SECRET}".encode()).decode())


def leaked(server: Loopback) -> bool:
    """Return true if the credential reached a server."""
    sent = [seen.target + repr(seen.headers) + seen.body.decode("latin-1") for seen in server.seen]
    return any(form in text for text in sent for form in FORMS)


def test_the_search_finds_it(server: Loopback) -> None:
    for credential in CREDENTIALS:
        caller = Caller("default", "sync")
        caller.connect(server.url, credential.values[0], scheme=credential.values[1])  # type: ignore[arg-type]
        server.answers(Reply.of(ISSUE))
        caller.run(tasks.get, "P-1")
        assert leaked(server)
        server.seen.clear()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(("credential", "scheme"), CREDENTIALS)
def test_a_redirect(caller: Caller, server: Loopback, elsewhere: Loopback, credential: Credential, scheme: str, status: int) -> None:
    caller.connect(server.url, credential, scheme=scheme)
    elsewhere.answers(Reply.of(ISSUE))
    server.answers(Reply(status, b"", {"Location": f"{elsewhere.url}/rest/issue/P-1"}))
    with pytest.raises(VendorProtocolError, match="to another server"):
        caller.run(tasks.get, "P-1")
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "form",
    ["{}", "//{}", "http://me@{}", "http://{}@127.0.0.1", "http://127.0.0.1\\@{}", "HTTP://{}", "http:/{}", "\thttp://{}", "http://{}%00"],
)
def test_a_redirect_written_otherwise(caller: Caller, server: Loopback, elsewhere: Loopback, form: str) -> None:
    caller.connect(server.url, basic("me", SECRET))
    target = form.format(urlsplit(elsewhere.url).netloc) + "/rest/issue/P-1"
    server.answers(*[Reply(302, b"", {"Location": target})] * 5)
    elsewhere.answers(Reply.of(ISSUE))
    with pytest.raises(UnifiedError):
        caller.run(tasks.get, "P-1")
    assert elsewhere.seen == []


def test_a_redirect_in_two_steps(caller: Caller, server: Loopback, elsewhere: Loopback) -> None:
    caller.connect(server.url, basic("me", SECRET))
    server.answers(Reply(302, b"", {"Location": "/rest/issue/P-2"}), Reply(302, b"", {"Location": elsewhere.url}))
    with pytest.raises(VendorProtocolError):
        caller.run(tasks.get, "P-1")
    assert elsewhere.seen == []


def test_a_write_is_repeated_nowhere(caller: Caller, server: Loopback, elsewhere: Loopback) -> None:
    caller.connect(server.url, basic("me", SECRET))
    for target in (elsewhere.url, "/rest/issue/P-2"):
        server.answers(Reply(307, b"", {"Location": target}))
        with pytest.raises(VendorProtocolError):
            caller.run(tasks.create, title="x", project_id="P")
    assert elsewhere.seen == []
    assert len(server.seen) == 2


# ------------------------------------------------------------------------------------------------ shipped vendors
def connected(server: Loopback, vendor: str, credential: Credential, **values: str) -> Client:
    client = Client(settings=QUICK)
    client.connect(vendor, credential, server=server.url, **values)
    return client


def test_the_next_page_of_a_list(server: Loopback, elsewhere: Loopback) -> None:
    """GitHub's next page is an address in the header Link."""
    link = f'<{elsewhere.url}/issues?page=2>; rel="next"'
    server.answers(Reply(200, b"[]", {"Link": link, "Content-Type": "application/json"}))
    with using(connected(server, "github", bearer(SECRET))), pytest.raises(VendorProtocolError, match="another server"):
        list(unified.tasks.list(via="github"))
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "path", ["/user/keys", "/issues/../user/keys", "/issues/%2e%2e/user/keys", "//{elsewhere}/issues", "http://{elsewhere}/issues"]
)
def test_a_cursor_that_a_caller_made_up(server: Loopback, elsewhere: Loopback, path: str) -> None:
    """A cursor comes back from a model, which may have been instructed: a cursor that no page returned is rejected."""
    cursor = path.format(elsewhere=urlsplit(elsewhere.url).netloc) + "?page=2"
    server.answers(Reply(200, b"[]", {"Content-Type": "application/json"}))
    with using(connected(server, "github", bearer(SECRET))), pytest.raises(InvalidInput, match="not a cursor of this list"):
        list(unified.tasks.list(via="github", cursor=cursor))
    assert elsewhere.seen == []
    assert server.seen == []


def test_an_upload_session(server: Loopback, elsewhere: Loopback) -> None:
    """Google Drive's response has the address for the content; only Google's own hosts are followed."""
    client = connected(server, "google-drive", bearer(SECRET))
    server.answers(Reply(200, b"", {"Location": f"{elsewhere.url}/upload?id=1"}))
    with using(client), pytest.raises(VendorProtocolError, match="not a known host of Google Drive"):
        unified.files.upload(b"x" * 6_000_000, name="a.bin", mime_type="application/octet-stream")
    assert elsewhere.seen == []


def test_upload_sessions_get_no_credential(server: Loopback, elsewhere: Loopback) -> None:
    client = Client(settings=QUICK)
    client.connect("google-drive", bearer(SECRET), server={"default": server.url, "addresses": elsewhere.url})
    server.answers(Reply(200, b"", {"Location": f"{elsewhere.url}/upload?id=1"}))
    elsewhere.answers(*[Reply(500, b"")] * 20)
    with using(client), pytest.raises(UnifiedError):
        unified.files.upload(b"x" * 6_000_000, name="a.bin", mime_type="application/octet-stream")
    assert elsewhere.seen != []
    assert not leaked(elsewhere)


def test_the_address_of_work_in_the_background(server: Loopback, elsewhere: Loopback) -> None:
    """Microsoft Graph copies after its response, which has the address of the progress."""
    client = connected(server, "microsoft-graph", bearer(SECRET), principal="ada@example.com")
    server.answers(Reply(202, b"", {"Location": f"{elsewhere.url}/monitor/1"}))
    with using(client), pytest.raises(Unconfirmed, match="not a known host of Microsoft Graph"):
        unified.files.copy("d/1", parent_id="d/2", via="microsoft-graph")
    assert elsewhere.seen == []


def test_polling_of_background_work_sends_no_credential(server: Loopback, elsewhere: Loopback) -> None:
    client = Client(settings=QUICK)
    servers = {"default": server.url, "addresses": elsewhere.url}
    client.connect("microsoft-graph", bearer(SECRET), server=servers, principal="ada@example.com")
    server.answers(
        Reply(202, b"", {"Location": f"{elsewhere.url}/monitor/1"}),
        Reply.of({"id": "3", "name": "a", "file": {}, "parentReference": {"driveId": "d"}}),
    )
    elsewhere.answers(Reply.of({"status": "inProgress"}), Reply.of({"status": "completed", "resourceId": "3"}))
    with using(client):
        assert unified.files.copy("d/1", parent_id="d/2", via="microsoft-graph").id == "d/3"
    assert len(elsewhere.seen) == 2
    assert not leaked(elsewhere)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_download(server: Loopback, elsewhere: Loopback, status: int) -> None:
    client = connected(server, "google-drive", bearer(SECRET))
    server.answers(Reply.of({"size": "3", "md5Checksum": "x"}), Reply(status, b"", {"Location": f"{elsewhere.url}/content"}))
    with using(client), pytest.raises(VendorProtocolError, match="to another server"):
        unified.files.download("1").read()
    assert elsewhere.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test", "https://googleapis.com.evil.test", "https://evilgoogleapis.com", "https://googleapis.com@evil.test",
        "https://evil.test#.googleapis.com", "https://evil.test/.googleapis.com", "https://evil.test\\.googleapis.com", "https://.googleapis.com",
        "http://upload.googleapis.com", "https://upload.googleapis.com:8443", "https://upload.googleapis.com@evil.test", "https://éupload.googleapis.com",
        "https://evil.test?x.googleapis.com", "https://googleapis.com", "https://u:p@upload.googleapis.com", "https://upload.googleapis.com\t.evil.test",
    ],
)  # fmt: skip
def test_addresses_that_look_like_a_vendors(url: str) -> None:
    assert not matches("https://*.googleapis.com", url)


def test_addresses_that_are_a_vendors() -> None:
    assert matches("https://*.googleapis.com", "https://upload.googleapis.com/x?y")
    assert matches("https://*.googleapis.com", "https://a.b.googleapis.com")


def test_cookies_are_neither_stored_nor_sent(caller: Caller, server: Loopback) -> None:
    """Values given to one account are not sent with another's request."""
    caller.connect(server.url, basic("me", SECRET))
    server.answers(Reply(200, b'{"key": "P-1"}', {"Set-Cookie": "session=alice; Path=/"}), Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    caller.connect(server.url, basic("bob", "pw"))
    caller.run(tasks.get, "P-1")
    assert all("cookie" not in {name.lower() for name in seen.headers} for seen in server.seen)


def test_credentials_that_the_environment_holds_for_a_host_are_not_added(
    caller: Caller, server: Loopback, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `.netrc` belongs to the user that runs the process, not to the user for whom a call is made."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login admin password root-password\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    caller.connect(server.url, basic("me", SECRET))
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    (seen,) = server.seen
    assert seen.headers["Authorization"] == "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()
