"""Authorization server of an emulated vendor, as its `oauth` section declares: codes with PKCE, devices, tokens, refresh, revocation."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from unified_emulation.serving.addresses import path_of, sample_of
from unified_emulation.serving.device_codes import GRANT, INTERVAL, DeviceCodes
from unified_emulation.serving.device_codes import LIFETIME as DEVICE_LIFETIME
from unified_emulation.serving.rendering import foreign, render
from unified_platform.oauth import declarations
from unified_platform.oauth.declarations import Declaration, Keys
from unified_runtime.core.errors import Unsupported
from unified_runtime.core.vendors import Vendor

LIFETIME = 3600
"""Lifetime of access tokens, in seconds."""
_CODE_LIFETIME = 60
_VERIFY = "verify"
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class User:
    """A user of the seed, who can be chosen on the authorization page."""

    login: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class _Grant:
    user: User
    client: str
    redirect_uri: str
    scope: str
    challenge: str | None
    expires_at: float


class AuthorizationServer:
    """Codes and tokens of one vendor. `used` codes revoke the tokens that they were exchanged for (RFC 6749, section 4.1.2)."""

    def __init__(self, vendor: Vendor, users: Sequence[User], clock: Callable[[], float] = time.time) -> None:
        try:
            self.declaration: Declaration | None = declarations.of(vendor)
        except Unsupported:
            self.declaration = None
        self._vendor = vendor
        self._users = tuple(users) or (User("user", "User", "user@example.com"),)
        self._clock = clock
        self._codes: dict[str, _Grant] = {}
        self._used: dict[str, tuple[str, str]] = {}
        self._access: dict[str, tuple[_Grant, float]] = {}
        self._refresh: dict[str, _Grant] = {}
        self._ended: set[str] = set()
        self._devices: DeviceCodes[User] = DeviceCodes(clock)

    def paths(self) -> Mapping[str, str]:
        """Return the declared endpoints by their paths below the vendor's name, and the page where users enter the codes of devices."""
        endpoints = {} if self.declaration is None else self.declaration.endpoints
        found = {path_of(url): name for name, url in endpoints.items() if "{" not in path_of(url)}
        return found | {f"{path}/{_VERIFY}": _VERIFY for path, name in found.items() if name == "device"}

    def accepts(self, token: str) -> bool | None:
        """Return true for a valid token that was issued here, false for one that ended, None for any other."""
        if token in self._ended:
            return False
        issued = self._access.get(token)
        return None if issued is None else self._clock() < issued[1]

    def user_of(self, token: str) -> User | None:
        issued = self._access.get(token)
        return None if issued is None else issued[0].user

    async def respond(self, endpoint: str, request: Request) -> Response:
        """Return the response of one of the endpoints of `paths`."""
        if endpoint == "authorize":
            return await (self._decided(request) if request.method == "POST" else self._page(request.query_params))
        if endpoint == _VERIFY:
            return await self._verified(request)
        if request.method != "POST":
            return JSONResponse({"error": "invalid_request"}, 405)
        given = await _parameters(request)
        if endpoint in ("token", "refresh"):
            return self._token(given, request.headers.get("authorization", ""))
        if endpoint == "device":
            return self._device(given, str(request.url).partition("?")[0], request.headers.get("authorization", ""))
        if endpoint == "revoke":
            self._revoke(given.get("token", ""))
            return Response(status_code=200)
        return JSONResponse({"error": "unsupported", "error_description": f"the emulator has no endpoint {endpoint}"}, 501)

    async def _page(self, given: Mapping[str, str]) -> Response:
        wrong = _wrong(given)
        if wrong is not None:
            return render("error.html", None, 400, wrong=wrong)
        scope = given.get("scope") or given.get("user_scope") or ""
        leads_to = given["redirect_uri"]
        return render("authorize.html", None, leads_to=leads_to, vendor=self._vendor, users=self._users, given=given, scope=scope)

    async def _decided(self, request: Request) -> Response:
        given = await _parameters(request)
        wrong = "the form comes from another site" if foreign(request) else _wrong(given)
        user = next((one for one in self._users if one.login == given.get("login")), None)
        if wrong is not None or user is None:
            return render("error.html", None, 400, wrong=wrong or "choose a user")
        address, state = given["redirect_uri"], {"state": given["state"]} if "state" in given else {}
        if given.get("decision") != "allow":
            return _redirect(address, {"error": "access_denied", **state})
        code = secrets.token_urlsafe(24)
        scope = given.get("scope") or given.get("user_scope") or ""
        expiry = self._clock() + _CODE_LIFETIME
        self._codes[code] = _Grant(user, given["client_id"], address, scope, given.get("code_challenge"), expiry)
        return _redirect(address, {"code": code, **state})

    def _device(self, given: Mapping[str, str], url: str, authorization: str) -> Response:
        """Return the codes of a device (RFC 8628, section 3.2)."""
        client = given.get("client_id") or _basic_user(authorization)
        if not client:
            return _error("invalid_client", 401)
        device_code, started = self._devices.begin(client, given.get("scope", ""))
        page = f"{url}/{_VERIFY}"
        body = {
            "device_code": device_code,
            "user_code": started.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?{urlencode({'user_code': started.user_code})}",
            "expires_in": DEVICE_LIFETIME,
            "interval": INTERVAL,
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    async def _verified(self, request: Request) -> Response:
        """Return the page where a user enters the code of a device, or the result of entering it."""
        given = await _parameters(request)
        done = ""
        if request.method == "POST":
            user = next((one for one in self._users if one.login == given.get("login")), None)
            if foreign(request) or user is None:
                return render("error.html", None, 400, wrong="the form comes from another site, or has no user")
            allowed = given.get("decision") == "allow"
            if not self._devices.decide(given.get("user_code", ""), user if allowed else None):
                return render("error.html", None, 400, wrong="the code is not valid, or was already used")
            done = "The device is connected." if allowed else "The device was denied access."
        return render("device.html", None, vendor=self._vendor, users=self._users, code=given.get("user_code", ""), done=done)

    def _token(self, given: Mapping[str, str], authorization: str) -> Response:
        client = given.get("client_id") or _basic_user(authorization)
        if not client:
            return _error("invalid_client", 401)
        if given.get("grant_type", "refresh_token" if "refresh_token" in given else "authorization_code") == "refresh_token":
            token = given.get("refresh_token", "")
            grant = self._refresh.pop(token, None)
            if grant is None or grant.client != client:
                return _error((self.declaration.invalid if self.declaration is not None else ()) or ("invalid_grant",))
            return self._issued(grant)[0]
        if given.get("grant_type") == GRANT:
            found = self._devices.poll(given.get("device_code", ""), client)
            if isinstance(found, str) or found.user is None:
                return _error(found if isinstance(found, str) else "invalid_grant")
            return self._issued(_Grant(found.user, client, "", found.scope, None, 0))[0]
        code = given.get("code", "")
        if code in self._used:
            for issued in self._used.pop(code):
                self._revoke(issued)
            return _error("invalid_grant")
        grant = self._codes.pop(code, None)
        if grant is None or grant.client != client or grant.redirect_uri != given.get("redirect_uri", grant.redirect_uri):
            return _error("invalid_grant")
        if self._clock() > grant.expires_at or not _proves(grant.challenge, given.get("code_verifier", "")):
            return _error("invalid_grant")
        response, tokens = self._issued(grant)
        self._used[code] = tokens
        return response

    def _issued(self, grant: _Grant) -> tuple[Response, tuple[str, str]]:
        """Return a token response in the vendor's form, with the access token and the refresh token."""
        assert self.declaration is not None
        access, refresh = f"emulated-{secrets.token_urlsafe(24)}", f"emulated-{secrets.token_urlsafe(24)}"
        self._access[access] = (grant, self._clock() + LIFETIME)
        self._refresh[refresh] = replace(grant, challenge=None)
        kind = self.declaration.types[0] if self.declaration.types else "Bearer"
        tokens = {"access_token": access, "token_type": kind, "expires_in": LIFETIME, "refresh_token": refresh, "scope": grant.scope}
        body: dict[str, Any] = {"ok": True} if self.declaration.at else {}
        inner = body
        for name in self.declaration.at:
            inner = inner.setdefault(name, {})
        inner.update(tokens)
        account = self.declaration.account
        if account is not None and account.get is None:
            for path in account.id:
                _put(body, path, grant.user.login)
        for name, path in self.declaration.keep.items():
            _put(body, path, "https://emulated.my.salesforce.com" if "url" in name else grant.user.login)
        for name, path in _after(self.declaration).items():
            _put(body, path, sample_of(self._vendor, name, ""))
        return JSONResponse(body, headers={"Cache-Control": "no-store"}), (access, refresh)

    def _revoke(self, token: str) -> None:
        """End a token; with a refresh token, also the access tokens of its grant (RFC 7009, section 2.1)."""
        self._ended.add(token)
        grant = self._refresh.pop(token, None)
        if grant is not None:
            self._ended |= {one for one, (other, _) in self._access.items() if (other.user, other.client) == (grant.user, grant.client)}


async def _parameters(request: Request) -> dict[str, str]:
    """Return the parameters of a form, or of JSON, whose size is bounded; with those of the address."""
    body = (await request.body())[:_LARGEST]
    found = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        try:
            content = json.loads(body)
        except ValueError:
            return found
        return found | ({name: str(value) for name, value in content.items()} if isinstance(content, dict) else {})
    return found | {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _wrong(given: Mapping[str, str]) -> str | None:
    """Return what is wrong with an authorization request; such errors are shown, not sent to an address that may be wrong."""
    parts = urlsplit(given.get("redirect_uri", ""))
    if not given.get("client_id"):
        return "the parameter client_id is missing"
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment:
        return "the parameter redirect_uri is not an http(s) URL without a fragment"
    if given.get("response_type", "code") != "code":
        return "the parameter response_type must be code"
    if given.get("code_challenge") and given.get("code_challenge_method") != "S256":
        return "the parameter code_challenge_method must be S256"
    return None


def _proves(challenge: str | None, verifier: str) -> bool:
    """Return true if a verifier is that of a challenge (RFC 7636, section 4.6)."""
    if challenge is None:
        return True
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(digest, challenge.encode())


def _basic_user(authorization: str) -> str:
    kind, _, text = authorization.partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _error(code: str | Sequence[str], status: int = 400) -> Response:
    return JSONResponse({"error": code if isinstance(code, str) else code[0]}, status, headers={"Cache-Control": "no-store"})


def _redirect(address: str, parameters: Mapping[str, str]) -> Response:
    return RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}", 303)


def _put(body: dict[str, Any], path: Sequence[str | int], value: str) -> None:
    inner: Any = body
    for name in path[:-1]:
        inner = inner.setdefault(name, {})
    inner.setdefault(path[-1], value)


def _after(declaration: Declaration) -> dict[str, Keys]:
    """Return the connection values that requests after connecting obtain, with their paths in the emulator's token response."""
    return {name: ("connection", name) for step in declaration.after for name in step.keep}


def emulated_declaration(vendor: Vendor, base: str) -> Declaration:
    """Return a vendor's OAuth declaration with the addresses of its emulator, for a `Connector`.

    The token response has what the vendor reports after connecting.

    Raises:
        Unsupported: the vendor has no OAuth.
    """
    found = declarations.of(vendor)

    def moved(url: str) -> str:
        return f"{base}/{vendor.name}{path_of(url)}"

    account = found.account
    if account is not None and account.get is not None:
        account = type(account)(account.id, moved(account.get))
    return type(found)(
        **{
            **{name: getattr(found, name) for name in found.__struct_fields__},
            "issuer": None,
            "endpoints": {name: moved(url) for name, url in found.endpoints.items()},
            "account": account,
            "keep": {**found.keep, **_after(found)},
            "after": (),
        }
    )
