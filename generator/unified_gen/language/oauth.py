"""Grammar of `oauth` in a vendor's file: how its users connect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from unified_gen.diagnostics.suggestions import did_you_mean, listed
from unified_gen.language import ast
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Choice, Flag, IntRange, Kind, ListOf, MapOf, OneOf, Transform
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.strings import NAME, PATH, REASON, TEMPLATE, TEXT, WORD
from unified_openapi.source.spans import Span, Text

EFFECTS = ("read", "write", "destructive")
"""Effects of operations, for scopes that the vendor's document does not name."""

ENDPOINTS = {
    "authorization_endpoint": ("authorize", "The authorization endpoint: where users are sent (RFC 6749, section 3.1)."),
    "token_endpoint": ("token", "The token endpoint (RFC 6749, section 3.2)."),
    "refresh_endpoint": (
        "refresh",
        "Address of token refresh, if not `token_endpoint`: only the refresh token is sent there, as JSON (Matrix).",
    ),
    "revocation_endpoint": ("revoke", "The revocation endpoint (RFC 7009)."),
    "introspection_endpoint": ("introspect", "The introspection endpoint (RFC 7662)."),
    "device_authorization_endpoint": ("device", "The device authorization endpoint (RFC 8628)."),
    "pushed_authorization_request_endpoint": ("push", "The endpoint for pushed authorization requests (RFC 9126)."),
    "registration_endpoint": ("register", "The endpoint where clients register themselves (RFC 7591)."),
    "jwks_uri": ("keys", "The address of the keys that ID tokens are signed with."),
}
"""Addresses of an authorization server by key (RFC 8414): the name in generated code, and the meaning."""


def _pair(name: Text, value: Any, span: Span) -> tuple[Text, Any]:
    return name, value


_WORDS: Kind[tuple[str, ...]] = Choice(
    "a word or a list of words",
    scalar=Transform(WORD, lambda text, span, out: (text.value,)),
    sequence=Transform(ListOf(WORD, "a list of words"), lambda texts, span, out: tuple(text.value for text in texts)),
)
_KEEP = MapOf(NAME, PATH, _pair, "paths by connection value", least=1)

_AFTER: Kind[ast.AfterConnect] = Object(
    "a step after connecting",
    {
        "get": Key(TEMPLATE, "The address that is requested with the new token: text with `{connection.x}`.", required=True, fatal=True),
        "method": Key(OneOf(("get", "post")), "`post`: a POST with the JSON body `null`, for APIs that are called by POST only."),
        "items": Key(PATH, "Where the response holds a list; without it, the response is the list or the one element."),
        "where": Key(
            MapOf(PATH, TEMPLATE, _pair, "texts by path", least=1),
            "What the chosen element holds: text with `{connection.x}`. Without it the list must have one element.",
        ),
        "save": Key(_KEEP, "Which connection values the chosen element holds, and where.", required=True, fatal=True),
    },
    lambda got, out: ast.AfterConnect(
        got.values["get"], got.span, got.get("items"), got.get("where", ()), got.values["save"], got.plain("method") == "post"
    ),
)


_PATHS: Kind[tuple[ast.PathText, ...]] = Choice(
    "a path or a list of paths",
    scalar=Transform(PATH, lambda text, span, out: (text,)),
    sequence=ListOf(PATH, "a list of paths", least=1),
)
_ACCOUNT: Kind[ast.Account] = Object(
    "`account`",
    {
        "get": Key(TEMPLATE, "The address of a request with the new token; without it, the token response is read."),
        "id": Key(
            _PATHS,
            "Path of the account's id in the response; a list if only several values together are unique.",
            required=True,
            fatal=True,
        ),
    },
    lambda got, out: ast.Account(got.span, got.values["id"], got.get("get")),
)


def _oauth(got: ParsedKeys, out: Findings) -> ast.OAuth | None:
    if "unsupported" in got.keys:
        reason = got.plain("unsupported")
        return None if reason is None else ast.OAuth(span=got.span, unsupported=reason)
    endpoints = {name: got.values[key] for key, (name, _) in ENDPOINTS.items() if key in got.values}
    discovered = "issuer" in got.keys
    if "scheme" not in got.keys:
        out.add(
            "MAP007", "`oauth` needs `scheme`", got.span, help=f"`scheme`: {_KEYS['scheme'].summary} Or give the reason under `unsupported`"
        )
    if not discovered and not {"token_endpoint", "refresh_endpoint"} & set(got.keys):
        out.add("MAP007", "`oauth` needs `token_endpoint`, or an `issuer` that publishes its addresses", got.span)
    scopes = {effect.value: words for effect, words in got.get("scopes", ())}
    return ast.OAuth(
        span=got.span,
        app_registration=got.get("app_registration"),
        scheme=got.get("scheme"),
        issuer=got.get("issuer"),
        endpoints=endpoints,
        client_auth=got.plain("client_auth") or "basic",
        token_request=got.plain("token_request") or "form",
        pkce=bool(got.get("pkce", True)),
        authorization_params=got.get("authorization_params", ()),
        scope_separator=got.plain("scope_separator") or " ",
        scope_param=got.plain("scope_param") or "scope",
        required_scopes=got.get("required_scopes", ()),
        scopes=scopes,
        preferred_scopes=got.get("preferred_scopes", ()),
        tokens_path=got.get("tokens_path"),
        token_lifetime_seconds=got.get("token_lifetime_seconds"),
        token_types=got.get("token_types", ()),
        invalid_grant_codes=got.get("invalid_grant_codes", ()),
        save=got.get("save", ()),
        after_connect=got.get("after_connect", ()),
        account=got.get("account"),
    )


_KEYS = {
    "unsupported": Key(REASON, "Why users cannot connect by OAuth 2: what the vendor has instead."),
    "app_registration": Key(TEMPLATE, "The page where an OAuth app is registered: the vendor's console, or its guide to it."),
    "scheme": Key(WORD, "The security scheme by which the access token is sent."),
    "issuer": Key(
        TEMPLATE,
        "The issuer, checked in responses (RFC 9207); without `token_endpoint`, it publishes its addresses (RFC 8414).",
    ),
    **{key: Key(TEMPLATE, summary) for key, (_, summary) in ENDPOINTS.items()},
    "client_auth": Key(OneOf(("basic", "post")), "How a client sends its secret: HTTP Basic, or in the body."),
    "token_request": Key(OneOf(("form", "json")), "How token requests are written; a form, by the standard."),
    "pkce": Key(Flag(), "`false`: the server passes PKCE over. It is sent all the same, and a client without a secret is refused."),
    "authorization_params": Key(MapOf(WORD, TEMPLATE, _pair, "parameters by name"), "Further parameters of the authorization request."),
    "scope_separator": Key(TEXT, "What is between scopes; a space, by the standard."),
    "scope_param": Key(WORD, "The parameter for the scopes; `scope` by default."),
    "required_scopes": Key(_WORDS, "Scopes that every connection requests, such as the one for refresh tokens."),
    "scopes": Key(
        MapOf(OneOf(EFFECTS), _WORDS, _pair, "scopes by effect"),
        "The scopes that reading, writing and destroying need, for operations whose scopes the vendor's document does not name.",
    ),
    "preferred_scopes": Key(
        ListOf(WORD, "a list of scopes"),
        "Of scopes that the vendor's document lets one choose from for a request, those to request: from the least.",
    ),
    "tokens_path": Key(PATH, "Where the response holds the tokens, if not at its top."),
    "token_lifetime_seconds": Key(
        IntRange(1), "Seconds for which a token is valid, if the response does not state it; without this, for ever."
    ),
    "token_types": Key(_WORDS, "What the vendor calls tokens that are bearer tokens."),
    "invalid_grant_codes": Key(_WORDS, "The vendor's codes for a refresh token that is no longer valid, in addition to `invalid_grant`."),
    "save": Key(_KEEP, "Which connection values the token response holds, and where."),
    "after_connect": Key(
        ListOf(_AFTER, "a list of steps"), "Requests that are made once after connecting, for what a connection needs to hold."
    ),
    "account": Key(_ACCOUNT, "The id of the account that connected, by which connecting again is held to the same account."),
}

OAUTH: Kind[ast.OAuth] = Object(
    "`oauth`",
    _KEYS,
    _oauth,
    exclusive=(
        MutuallyExclusive(
            "unsupported", tuple(name for name in _KEYS if name != "unsupported"), "a vendor has OAuth 2, or a reason why not"
        ),
    ),
    needs=(
        Requires("authorization_endpoint", ("token_endpoint",)),
        Requires("device_authorization_endpoint", ("token_endpoint", "issuer")),
        Requires("invalid_grant_codes", ("refresh_endpoint", "token_endpoint", "issuer")),
    ),
)


def check_references(oauth: ast.OAuth, known: Mapping[str, Any], out: Findings) -> None:
    """Report references in its texts to anything other than values of the connection."""
    names = [f"connection.{name}" for name in known]
    for text in oauth.templates:
        for found in re.finditer(r"\{([^{}]*)\}", text.value):
            if found[1] not in names:
                at = text.span.part(found.start() + 1, len(found[1]))
                out.add("MAP004", f"`oauth` cannot refer to `{found[1]}`", at, help=did_you_mean(found[1], names))
    for name in oauth.saved:
        if name.value not in known:
            help = did_you_mean(name.value, known) or (f"there is {listed(tuple(known))}" if known else "declare it under `connection`")
            out.add("MAP004", f"a connection holds no `{name.value}`", name.span, help=help)
