"""Connection values and account id that are obtained after the token request, from its response or by further requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unified_platform.oauth.declarations import Declaration, Keys, PostConnectStep, filled
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.http import Headers, ServerResponse, get, post
from unified_platform.oauth.tokens import Tokens
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, VendorProtocolError
from unified_runtime.core.vendors import Vendor
from unified_runtime.execution.flows import Flow

Values = dict[str, str]


def stored(
    vendor: Vendor, declaration: Declaration, tokens: Tokens, given: Mapping[str, str], prover: Prover | None = None
) -> Flow[Values]:
    """Return the connection's values: those given, those of the token response, and those of the declared requests.

    Raises:
        InvalidInput: none of the vendor's items matches the given values; the message lists the available ones.
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: the response is not as declared.
    """
    values = dict(given)
    values |= _values(vendor, declaration.keep, tokens.extra)
    for step in declaration.after:
        values |= yield from _fetch(vendor, step, tokens, values, prover)
    return values


def account(
    vendor: Vendor, declaration: Declaration, tokens: Tokens, values: Mapping[str, str], prover: Prover | None = None
) -> Flow[str | None]:
    """Return the vendor's id of the connected account, as declared; None if nothing is declared.

    Raises:
        AuthorizationRefused, UntrustedToken, Unavailable, RateLimited, VendorProtocolError: the response is not as declared.
    """
    declared = declaration.account
    if declared is None:
        return None
    found: Any = tokens.extra
    if declared.get is not None:
        found = yield from _got(vendor, filled(declared.get, values), tokens, prover)
    parts = [at(found, path) for path in declared.id]
    if not all(isinstance(part, str | int) and not isinstance(part, bool) and part != "" for part in parts):
        raise VendorProtocolError(f"{vendor.title} does not name the account that connected", vendor=vendor.name)
    return "/".join(str(part) for part in parts)


def _fetch(vendor: Vendor, step: PostConnectStep, tokens: Tokens, values: Mapping[str, str], prover: Prover | None) -> Flow[Values]:
    found = at((yield from _got(vendor, filled(step.get, values), tokens, prover, by_post=step.post)), step.items)
    elements = found if isinstance(found, list) else [found]
    wanted = [(path, filled(text, values)) for path, text in step.where]
    fitting = [element for element in elements if all(at(element, path) == text for path, text in wanted)]
    if len(fitting) != 1:
        raise InvalidInput(_none_fits(vendor, step, elements, fitting, wanted), vendor=vendor.name)
    return _values(vendor, step.keep, fitting[0])


def _got(vendor: Vendor, url: str, tokens: Tokens, prover: Prover | None, *, by_post: bool = False) -> Flow[Any]:
    """Fetch the JSON at a URL with the new token."""
    what = f"{vendor.title} account"

    def headers() -> Headers:
        named = {"Authorization": Secret(f"{tokens.type} {tokens.access.reveal()}")}
        return named if prover is None else {**named, "DPoP": prover.proof("POST" if by_post else "GET", url, tokens.access)}

    def fetched() -> Flow[ServerResponse]:
        if by_post:
            return post(url, what, headers=headers, null=True, secrets=tokens.secrets)
        return get(url, what, headers=headers(), secrets=tokens.secrets)

    response = yield from fetched()
    if prover is not None and prover.wants_nonce(response.response):
        response = yield from fetched()
    return response.value() if 200 <= response.status < 300 else response.granted()


def _none_fits(vendor: Vendor, step: PostConnectStep, elements: list[Any], fitting: list[Any], wanted: Sequence[tuple[Keys, str]]) -> str:
    named = " and ".join(f"{'.'.join(map(str, path))} {text!r}" for path, text in wanted)
    what = f"with {named}" if named else "to choose from"
    shown = [str(at(element, path)) for element in elements for path in ([path for path, _ in wanted] or list(step.keep.values()))]
    there = f": there is {', '.join(shown)[:300]}" if shown else ""
    return f"{vendor.title} grants access to {len(fitting) or 'none'} {what}{there}"


def _values(vendor: Vendor, keep: Mapping[str, Keys], found: Any) -> Values:
    values = {}
    for name, path in keep.items():
        value = at(found, path)
        if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
            raise VendorProtocolError(f"{vendor.title} does not report the {name} of the connection", vendor=vendor.name)
        values[name] = str(value).rstrip("/")
    return values


def at(value: Any, path: Keys) -> Any:
    """Return the value at a path; None if there is none."""
    for key in path:
        if isinstance(key, str):
            value = value.get(key) if isinstance(value, Mapping) else None
        else:
            value = value[key] if isinstance(value, list) and -len(value) <= key < len(value) else None
    return value
