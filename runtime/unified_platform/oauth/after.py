"""What a connection needs to hold besides tokens: read from the token answer, or asked for once, with the new token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from unified_platform.oauth.declared import After, Declaration, Keys, filled
from unified_platform.oauth.dpop import Prover
from unified_platform.oauth.http import Headers, get
from unified_platform.oauth.tokens import Tokens
from unified_runtime.credentials import Secret
from unified_runtime.driving.driver import Flow
from unified_runtime.errors import InvalidInput, VendorProtocolError
from unified_runtime.vendors import Vendor

Values = dict[str, str]


def kept(vendor: Vendor, declaration: Declaration, tokens: Tokens, given: Mapping[str, str], prover: Prover | None = None) -> Flow[Values]:
    """The connection's values: those given, those of the token answer, and what the declared requests bring.

    Raises:
        InvalidInput: none of the vendor's answers fits the values given; says which there are.
        Refused, Untrusted, Unavailable, RateLimited, VendorProtocolError: the vendor does not answer as declared.
    """
    values = dict(given)
    values |= _values(vendor, declaration.keep, tokens.extra)
    for step in declaration.after:
        values |= yield from _asked(vendor, step, tokens, values, prover)
    return values


def _asked(vendor: Vendor, step: After, tokens: Tokens, values: Mapping[str, str], prover: Prover | None) -> Flow[Values]:
    what = f"{vendor.title} account"
    url = filled(step.get, values)

    def headers() -> Headers:
        named = {"Authorization": Secret(f"{tokens.type} {tokens.access.reveal()}")}
        return named if prover is None else {**named, "DPoP": prover.proof("GET", url, tokens.access)}

    answer = yield from get(url, what, headers=headers(), secrets=tokens.secrets)
    if prover is not None and prover.wants_nonce(answer.response):
        answer = yield from get(url, what, headers=headers(), secrets=tokens.secrets)
    found = at(answer.value() if 200 <= answer.status < 300 else answer.granted(), step.items)
    elements = found if isinstance(found, list) else [found]
    wanted = [(path, filled(text, values)) for path, text in step.where]
    fitting = [element for element in elements if all(at(element, path) == text for path, text in wanted)]
    if len(fitting) != 1:
        raise InvalidInput(_none_fits(vendor, step, elements, fitting, wanted), vendor=vendor.name)
    return _values(vendor, step.keep, fitting[0])


def _none_fits(vendor: Vendor, step: After, elements: list[Any], fitting: list[Any], wanted: Sequence[tuple[Keys, str]]) -> str:
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
            raise VendorProtocolError(f"{vendor.title} does not say the {name} of the connection", vendor=vendor.name)
        values[name] = str(value).rstrip("/")
    return values


def at(value: Any, path: Keys) -> Any:
    """The value at a path; None where there is none."""
    for key in path:
        if isinstance(key, str):
            value = value.get(key) if isinstance(value, Mapping) else None
        else:
            value = value[key] if isinstance(value, list) and -len(value) <= key < len(value) else None
    return value
