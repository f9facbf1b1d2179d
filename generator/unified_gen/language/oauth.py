"""The grammar of `oauth` in a vendor's file: how its users connect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from unified_gen.language.findings import Findings, did_you_mean, listed
from unified_gen.language.kinds import Choice, Entries, Flag, Kind, OneOf, Several, Then, Whole
from unified_gen.language.objects import Apart, Got, Key, Needs, Object
from unified_gen.language.words import NAME, PATH, REASON, TEMPLATE, TEXT, WORD
from unified_gen.source import Span, Text

EFFECTS = ("read", "write", "destructive")
"""What an operation does, by which scopes are told apart where the vendor's document names none."""

ENDPOINTS = {
    "authorize": "The authorization endpoint: where users are sent (RFC 6749, section 3.1).",
    "token": "The token endpoint (RFC 6749, section 3.2).",
    "refresh": "Where tokens are made anew, if not at `token`: the refresh token alone is sent there, as JSON (Matrix).",
    "revoke": "The revocation endpoint (RFC 7009).",
    "introspect": "The introspection endpoint (RFC 7662).",
    "device": "The device authorization endpoint (RFC 8628).",
    "push": "The endpoint for pushed authorization requests (RFC 9126).",
    "register": "The endpoint where clients register themselves (RFC 7591).",
    "keys": "The address of the keys that ID tokens are signed with.",
}
"""The addresses of an authorization server, and what each is."""


class AfterStep(Struct, frozen=True):
    """A request made once, after connecting: one element of its answer is chosen, and values of the connection kept of it."""

    get: Text
    span: Span
    items: Text | None = None
    where: tuple[tuple[Text, Text], ...] = ()
    keep: tuple[tuple[Text, Text], ...] = ()


class OAuth(Struct, frozen=True):
    """How a vendor's users connect by OAuth 2; or, with `without`, why they cannot."""

    span: Span
    without: str | None = None
    scheme: Text | None = None
    issuer: Text | None = None
    endpoints: Mapping[str, Text] = field(default_factory=dict)
    client: str = "basic"
    send: str = "form"
    pkce: bool = True
    parameters: tuple[tuple[Text, Text], ...] = ()
    separator: str = " "
    parameter: str = "scope"
    always: tuple[str, ...] = ()
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The scopes an effect needs, for operations whose scopes the vendor's document does not name."""
    prefer: tuple[Text, ...] = ()
    """Of scopes that do for the same request, those to ask for: from the least."""
    at: Text | None = None
    lifetime: int | None = None
    types: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    keep: tuple[tuple[Text, Text], ...] = ()
    after: tuple[AfterStep, ...] = ()

    @property
    def templates(self) -> tuple[Text, ...]:
        """Every text with references."""
        return (
            *([self.issuer] if self.issuer is not None else []),
            *self.endpoints.values(),
            *(text for _, text in self.parameters),
            *(step.get for step in self.after),
            *(text for step in self.after for _, text in step.where),
        )

    @property
    def preferred(self) -> tuple[str, ...]:
        """`prefer` as words."""
        return tuple(text.value for text in self.prefer)

    @property
    def kept(self) -> tuple[Text, ...]:
        """The names of the connection values that connecting brings."""
        return tuple(name for name, _ in (*self.keep, *(pair for step in self.after for pair in step.keep)))


def _pair(name: Text, value: Any, span: Span) -> tuple[Text, Any]:
    return name, value


_WORDS: Kind[tuple[str, ...]] = Choice(
    "a word or a list of words",
    scalar=Then(WORD, lambda text, span, out: (text.value,)),
    sequence=Then(Several(WORD, "a list of words"), lambda texts, span, out: tuple(text.value for text in texts)),
)
_KEEP = Entries(NAME, PATH, _pair, "paths by connection value", least=1)

_AFTER: Kind[AfterStep] = Object(
    "a step after connecting",
    {
        "get": Key(TEMPLATE, "The address that is asked, with the new token: text with `{connection.x}`.", required=True, fatal=True),
        "items": Key(PATH, "Where the answer holds a list; without it, the answer is the list or the one element."),
        "where": Key(
            Entries(PATH, TEMPLATE, _pair, "texts by path", least=1),
            "What the chosen element holds: text with `{connection.x}`. Without it the list must have one element.",
        ),
        "keep": Key(_KEEP, "Which connection values the chosen element holds, and where.", required=True, fatal=True),
    },
    lambda got, out: AfterStep(got.values["get"], got.span, got.get("items"), got.get("where", ()), got.values["keep"]),
)


def _oauth(got: Got, out: Findings) -> OAuth | None:
    if "without" in got.keys:
        reason = got.plain("without")
        return None if reason is None else OAuth(span=got.span, without=reason)
    endpoints = {name: got.values[name] for name in ENDPOINTS if name in got.values}
    discovered = "issuer" in got.keys
    if "scheme" not in got.keys:
        out.add("MAP007", "`oauth` needs `scheme`", got.span, help=f"`scheme`: {_KEYS['scheme'].summary} Or say `without` and why")
    if not discovered and not {"token", "refresh"} & set(got.keys):
        out.add("MAP007", "`oauth` needs `token`, or an `issuer` that publishes its addresses", got.span)
    scopes = {effect.value: words for effect, words in got.get("scopes", ())}
    return OAuth(
        span=got.span,
        scheme=got.get("scheme"),
        issuer=got.get("issuer"),
        endpoints=endpoints,
        client=got.plain("client") or "basic",
        send=got.plain("send") or "form",
        pkce=bool(got.get("pkce", True)),
        parameters=got.get("parameters", ()),
        separator=got.plain("separator") or " ",
        parameter=got.plain("parameter") or "scope",
        always=got.get("always", ()),
        scopes=scopes,
        prefer=got.get("prefer", ()),
        at=got.get("at"),
        lifetime=got.get("lifetime"),
        types=got.get("types", ()),
        invalid=got.get("invalid", ()),
        keep=got.get("keep", ()),
        after=got.get("after", ()),
    )


_KEYS = {
    "without": Key(REASON, "Why users cannot connect by OAuth 2: what the vendor has instead."),
    "scheme": Key(WORD, "The security scheme by which the access token is sent."),
    "issuer": Key(
        TEMPLATE,
        "The authorization server's issuer, checked in answers (RFC 9207); without `token`, it publishes its addresses (RFC 8414).",
    ),
    **{name: Key(TEMPLATE, summary) for name, summary in ENDPOINTS.items()},
    "client": Key(OneOf(("basic", "post")), "How a client sends its secret: HTTP Basic, or in the body."),
    "send": Key(OneOf(("form", "json")), "How token requests are written; a form, by the standard."),
    "pkce": Key(Flag(), "`false`: the server passes PKCE over. It is sent all the same, and a client without a secret is refused."),
    "parameters": Key(Entries(WORD, TEMPLATE, _pair, "parameters by name"), "What the authorization request holds besides the standard's."),
    "separator": Key(TEXT, "What stands between scopes; a space, by the standard."),
    "parameter": Key(WORD, "The parameter that takes the scopes; `scope`, by the standard."),
    "always": Key(_WORDS, "Scopes that every connection asks for, such as the one for refresh tokens."),
    "scopes": Key(
        Entries(OneOf(EFFECTS), _WORDS, _pair, "scopes by effect"),
        "The scopes that reading, writing and destroying need, for operations whose scopes the vendor's document does not name.",
    ),
    "prefer": Key(
        Several(WORD, "a list of scopes"),
        "Of scopes that the vendor's document lets one choose from for a request, those to ask for: from the least.",
    ),
    "at": Key(PATH, "Where the answer holds the tokens, if not at its top."),
    "lifetime": Key(Whole(1), "For how many seconds a token is valid, where the answer does not say; for ever, without this."),
    "types": Key(_WORDS, "What the vendor calls tokens that are bearer tokens."),
    "invalid": Key(_WORDS, "The vendor's codes for a refresh token that is no longer valid, besides `invalid_grant`."),
    "keep": Key(_KEEP, "Which connection values the token answer holds, and where."),
    "after": Key(Several(_AFTER, "a list of steps"), "Requests that are made once after connecting, for what a connection needs to hold."),
}

OAUTH: Kind[OAuth] = Object(
    "`oauth`",
    _KEYS,
    _oauth,
    apart=(Apart("without", tuple(name for name in _KEYS if name != "without"), "a vendor has OAuth 2, or a reason why not"),),
    needs=(Needs("authorize", ("token",)), Needs("device", ("token", "issuer")), Needs("invalid", ("refresh", "token", "issuer"))),
)


def check_references(oauth: OAuth, known: Mapping[str, Any], out: Findings) -> None:
    """What its texts refer to: values of the connection, and nothing else."""
    names = [f"connection.{name}" for name in known]
    for text in oauth.templates:
        for found in re.finditer(r"\{([^{}]*)\}", text.value):
            if found[1] not in names:
                at = text.span.part(found.start() + 1, len(found[1]))
                out.add("MAP004", f"`oauth` cannot refer to `{found[1]}`", at, help=did_you_mean(found[1], names))
    for name in oauth.kept:
        if name.value not in known:
            help = did_you_mean(name.value, known) or (f"there is {listed(tuple(known))}" if known else "declare it under `connection`")
            out.add("MAP004", f"a connection holds no `{name.value}`", name.span, help=help)
