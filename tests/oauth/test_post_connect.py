"""Values of a connection that are requested with the new token."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unified_platform.oauth.declarations import of
from unified_platform.oauth.post_connect import stored
from unified_platform.oauth.tokens import Tokens
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.core.vendors import load

ROOT = {"root_info": {".tag": "team", "root_namespace_id": "7", "home_namespace_id": "1"}}


def connected(account: Any) -> tuple[HTTPRequest, dict[str, str]]:
    """Return the request that Dropbox gets after connecting, and the connection's values."""
    vendor = load("dropbox")
    flow = stored(vendor, of(vendor), Tokens(access=Secret("token")), {})
    request = next(flow)
    assert isinstance(request, HTTPRequest)
    with pytest.raises(StopIteration) as ended:
        flow.send(Response(200, [(b"content-type", b"application/json")], json.dumps(account).encode(), request.url))
    return request, ended.value.value


def test_the_root_of_a_team_of_dropbox_is_requested_by_post() -> None:
    request, values = connected(ROOT)
    assert (request.method, request.url, request.body) == ("POST", "https://api.dropboxapi.com/2/users/get_current_account", b"null")
    headers = dict(request.headers)
    assert (headers[b"Content-Type"], headers[b"Content-Length"]) == (b"application/json", b"4")
    assert values == {"root_namespace_id": "7"}


def test_an_account_without_a_root_is_an_error() -> None:
    with pytest.raises(VendorProtocolError, match="does not report the root_namespace_id"):
        connected({"account_id": "dbid:x"})
