"""Grammar of `webhooks` in a vendor's file: the deliveries it sends, and how they are verified."""

from __future__ import annotations

import re
from collections.abc import Callable

from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language import ast
from unified_gen.language.findings import Findings, every
from unified_gen.language.kinds import Choice, IntRange, Kind, ListOf, MapOf, OneOf, Parsed, String, Transform
from unified_gen.language.objects import Key, MutuallyExclusive, Object, ParsedKeys, Requires
from unified_gen.language.strings import NAME, PATH, PREDICATE, TEXT, WORD, braces, is_path
from unified_openapi.schemas.paths import parse_path
from unified_openapi.source.spans import Span, Text

VERBS = ("created", "updated", "deleted")
"""Changes of a record."""

FORMS = ("hex", "base64", "secret", "jwt", "timestamp")
SIGNED = ("body", "timestamp", "method", "url", "delivery")
CLAIMED = ("url", "method")
EXPIRES = "exp"
"""The claim with the time at which a token expires, which every token has."""


# ------------------------------------------------------------------------------------------------------------ templates
def _template(what: str, names: tuple[str, ...]) -> String:
    def check(text: Text, out: Findings) -> bool:
        inner = braces(text, out)
        if inner is None:
            return False
        wrong = next((name for name in inner if name.value not in names), None)
        if wrong is not None:
            out.add("MAP009", f"{what} has no `{wrong.value}`", wrong.span, help=did_you_mean(wrong.value, names))
        return wrong is None and bool(inner)

    return String(what, check)


def _id(text: Text, out: Findings) -> bool:
    """Return text with paths in braces; a name in a path that is not a JMESPath name is in double quotes."""
    inner = braces(text, out)
    if inner is None:
        return False
    if not inner:
        out.add("MAP009", "an id refers to the delivery's body in braces", text.span, help='such as "{issue.key}"')
        return False
    return every(is_path(path, out) for path in inner)


def _paths(text: Text) -> ast.PathsText:
    return ast.PathsText(text.value, text.span, tuple(parse_path(inner.value) for inner in braces(text, Findings()) or ()))


_FORM = _template("the form of a signature", FORMS)
_OVER = _template("what is signed", SIGNED)
_CLAIMS = MapOf(
    WORD,
    Choice("a text", scalar=Transform(TEXT, lambda text, span, out: text)),
    lambda name, value, span: (name, value),
    "claims by name",
)
ID = Parsed(String("text with {paths}", _id), _paths)


def _address(text: Text, out: Findings) -> bool:
    inner = braces(text, out)
    if inner is None:
        return False
    if not re.fullmatch(r"[A-Za-z0-9._~/{}-]+", text.value) or text.value.startswith("/"):
        out.add("MAP009", "the address is relative to the receiver's own and does not begin with `/`", text.span)
        return False
    return True


_ADDRESS = String("an address below the receiver's", _address)


# ------------------------------------------------------------------------------------------------------------ parts
def _delivery_field(*kinds: str) -> Kind[ast.DeliveryField]:
    summaries = {
        "header": "The header that holds it.",
        "query": "The parameter of the address that holds it.",
        "path_part": "The part of `path` that holds it.",
    }

    def build(got: ParsedKeys, out: Findings) -> ast.DeliveryField | None:
        found = [kind for kind in kinds if kind in got.values]
        if not got.keys:
            out.add("MAP007", f"expected one of {', '.join(f'`{kind}`' for kind in kinds)}", got.span)
        return ast.DeliveryField(found[0], got.values[found[0]]) if found else None

    return Choice(
        "a path of the body, or a mapping",
        scalar=Transform(PATH, lambda text, span, out: ast.DeliveryField("path", text)),
        mapping=Object(
            "a location of a delivery",
            {kind: Key(NAME if kind == "path_part" else WORD, summaries[kind]) for kind in kinds},
            build,
            exclusive=tuple(
                MutuallyExclusive(kind, kinds[number + 1 :], "it is in one location") for number, kind in enumerate(kinds[:-1])
            ),
        ),
    )


def _verification(got: ParsedKeys, out: Findings) -> ast.WebhookVerification | None:
    form: Text = got.values["format"]
    names = {name.value for name in braces(form, Findings()) or ()}
    algorithm = got.plain("hmac")
    if got.plain("jwt") is not None:
        return _token(got, form, names, out)
    if "jwt" in names:
        out.add("MAP010", "a token has the algorithm of its signature", form.span, help="`jwt: HS256`")
        return None
    if (algorithm is not None) == ("secret" in names) or (algorithm is not None and not names & {"hex", "base64"}):
        help = 'a signature (`hmac`) is written as `{hex}` or `{base64}`; the secret itself, as `"Bearer {secret}"`, needs no `hmac`'
        out.add("MAP010", "the header holds either a signature or the secret", form.span, help=help)
        return None
    over = got.plain("signed_content") or "{body}"
    if "{body}" not in over:
        out.add("MAP010", "a signature that is not over the body does not protect it", got.keys["signed_content"])
        return None
    if "{timestamp}" in over and "timestamp" not in names and "timestamp_header" not in got.values:
        out.add(
            "MAP007",
            "`signed_content` has `{timestamp}`, and `timestamp_header` names no header",
            got.keys["signed_content"],
            help="`timestamp_header: X-Header`",
        )
        return None
    if "timestamp_header" in got.values and "{timestamp}" not in over:
        out.add("MAP010", "a timestamp that is not signed can be changed: put it into `signed_content`", got.keys["timestamp_header"])
        return None
    return ast.WebhookVerification(
        header=got.values["header"],
        format=form,
        span=got.span,
        hmac=algorithm,
        signed_content=over,
        timestamp_header=got.get("timestamp_header"),
        tolerance_seconds=got.get("tolerance_seconds", 300),
    )


def _token(got: ParsedKeys, form: Text, names: set[str], out: Findings) -> ast.WebhookVerification | None:
    """Return the verification of a JSON Web Token."""
    if got.plain("hmac") is not None or names != {"jwt"}:
        out.add("MAP010", "a token is written as `{jwt}`, and signs no content of its own", form.span, help='`format: "Bearer {jwt}"`')
        return None
    claims: tuple[tuple[Text, Text], ...] = got.get("claims", ())
    for name, value in claims:
        if name.value == EXPIRES:
            out.add("MAP010", f"`{EXPIRES}` is compared with the time, for each token", name.span)
            return None
        wrong = next((one for one in braces(value, out) or () if one.value not in CLAIMED), None)
        if wrong is not None:
            out.add("MAP009", f"a claim has no `{wrong.value}`", wrong.span, help=did_you_mean(wrong.value, CLAIMED))
            return None
    return ast.WebhookVerification(
        header=got.values["header"],
        format=form,
        span=got.span,
        jwt=got.plain("jwt"),
        claims=tuple((name.value, value.value) for name, value in claims),
    )


_VERIFY: Kind[ast.WebhookVerification] = Object(
    "the proof of a delivery",
    {
        "hmac": Key(OneOf(("sha256", "sha1")), "The hash of the HMAC (RFC 2104) whose key is the webhook's secret."),
        "jwt": Key(
            OneOf(("HS256", "HS384", "HS512")),
            "The algorithm of a JSON Web Token (RFC 7519) whose key is the webhook's secret. It does not cover the body.",
        ),
        "claims": Key(_CLAIMS, 'Claims of the token that have these values: `{aud: "{url}"}`. `exp` is compared with the time.'),
        "header": Key(WORD, "The header that holds the proof.", required=True, fatal=True),
        "format": Key(
            _FORM,
            "What the header holds: `sha256={hex}`, `{base64}`, `t={timestamp},v1={hex}`; without a signature, `Bearer {secret}`.",
            required=True,
            fatal=True,
        ),
        "signed_content": Key(_OVER, "What is signed, if not only the body: `v0:{timestamp}:{body}`, `{method}{url}{body}{timestamp}`."),
        "timestamp_header": Key(
            WORD, "The header that holds when it was sent: seconds or milliseconds since 1970, or a date-time (RFC 3339)."
        ),
        "tolerance_seconds": Key(IntRange(1, 3600), "Seconds for which a timestamp is accepted; 300 by default."),
    },
    _verification,
    needs=(
        Requires("claims", ("jwt",)),
        Requires("signed_content", ("hmac",)),
        Requires("timestamp_header", ("hmac",)),
        Requires("tolerance_seconds", ("signed_content",)),
    ),
)

_ACTOR = "The id of the user who caused it, in the form of ids of `users`, by the body."

HappeningDraft = Callable[[Text, Span], ast.WebhookEvent]


def _happening(got: ParsedKeys, out: Findings) -> HappeningDraft:
    kinds = got.get("event_type", ())
    return lambda name, span: ast.WebhookEvent(
        type=name,
        id=got.values["id"],
        span=span,
        event_types=kinds if isinstance(kinds, tuple) else (kinds,),
        condition=got.get("if"),
        time=got.get("time"),
        actor=got.get("actor"),
    )


_HAPPENING: Kind[HappeningDraft] = Object(
    "an event",
    {
        "event_type": Key(
            Choice("a name or a list of names", scalar=Transform(TEXT, lambda text, span, out: (text,)), sequence=ListOf(TEXT, "names")),
            "What the vendor calls it; any of several.",
        ),
        "if": Key(PREDICATE, "What else is true of its body."),
        "time": Key(PATH, "When it happened, by the body: seconds or milliseconds since 1970, or a date-time (RFC 3339)."),
        "actor": Key(PATH, _ACTOR),
        "id": Key(ID, "The record's id, in the form that reading it gives: text with paths of the body.", required=True, fatal=True),
    },
    _happening,
)


def _type(text: Text, out: Findings) -> bool:
    noun, _, verb = text.value.partition(".")
    if re.fullmatch(r"[a-z][a-z0-9_]*", noun) and verb in VERBS:
        return True
    help = did_you_mean(verb, VERBS) if verb else f"`task.created`; what happens is {', '.join(VERBS)}"
    out.add("MAP011", f"`{text.value}` names no event: it is a record's name and what happened to it", text.span, help=help)
    return False


_TYPE = String("an event", _type, rf"^[a-z][a-z0-9_]*\.({'|'.join(VERBS)})$")
_SEVERAL: Kind[tuple[HappeningDraft, ...]] = Choice(
    "a mapping or a list of them",
    mapping=Transform(_HAPPENING, lambda one, span, out: (one,)),
    sequence=ListOf(_HAPPENING, "events"),
)


_SUBSCRIPTIONS = MapOf(
    String("an event, or the name of a record", lambda text, out: True, rf"^[a-z][a-z0-9_]*(\.({'|'.join(VERBS)}))?$"),
    Choice("a name or a list of names", scalar=Transform(TEXT, lambda text, span, out: (text,)), sequence=ListOf(TEXT, "names")),
    lambda name, several, span: (name, tuple(one.value for one in several)),
    "the vendor's names by event",
)


def _subscriptions(
    given: tuple[tuple[Text, tuple[str, ...]], ...], events: tuple[ast.WebhookEvent, ...], out: Findings
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the vendor's names for each event: its own, else those of all events of its record."""
    types = tuple(dict.fromkeys(event.type.value for event in events))
    known = {*types, *(type.partition(".")[0] for type in types)}
    for name, _ in given:
        if name.value not in known:
            out.add("MAP003", f"no event is `{name.value}`", name.span, help=did_you_mean(name.value, sorted(known)))
    names = {name.value: several for name, several in given}
    found = []
    for type in types if given else ():
        several = names.get(type) or names.get(type.partition(".")[0])
        if several is None:
            at = next(event.type.span for event in events if event.type.value == type)
            out.add("MAP007", f"`subscriptions` lacks the vendor's name for `{type}`", at)
            continue
        found.append((type, several))
    return tuple(found)


def _webhooks(got: ParsedKeys, out: Findings) -> ast.Webhooks | None:
    events = tuple(one for several in got.values["events"] for one in several)
    kind: ast.DeliveryField | None = got.get("event_type")
    for event in events:
        if event.event_types and kind is None:
            out.add("MAP010", "this delivery has no kind", event.event_types[0].span, help="`event_type: {header: X-Event}`")
            return None
        if not event.event_types and event.condition is None:
            out.add("MAP007", "no delivery has this event", event.type.span, help="`event_type`, `if`, or both")
            return None
    address: Text | None = got.get("path")
    parts = {name.value for name in braces(address, Findings()) or ()} if address is not None else set()
    delivery: ast.DeliveryField | None = got.get("delivery_id")
    if delivery is not None and delivery.kind == "path_part" and delivery.name.value not in parts:
        out.add("MAP003", f"`path` has no part `{delivery.name.value}`", delivery.name.span)
        return None
    if got.get("attempt_field") is not None and (delivery is not None or got.get("items") is None):
        out.add(
            "MAP010", "`attempt_field` is left out of what identifies an event of `items` without `delivery_id`", got.keys["attempt_field"]
        )
        return None
    if not (_signed(kind, got.values["verify"], out) and _signed(delivery, got.values["verify"], out)):
        return None
    time: ast.PathText | None = got.get("time")
    if got.get("max_age_seconds") is not None and time is None and not any(event.time for event in events):
        out.add(
            "MAP007",
            "`max_age_seconds` needs the time of a delivery",
            got.keys["max_age_seconds"],
            help="`time: timestamp`, a path of the signed body",
        )
        return None
    return ast.Webhooks(
        span=got.span,
        verify=got.values["verify"],
        events=events,
        event_type=kind,
        delivery_id=delivery,
        attempt_field=got.get("attempt_field"),
        challenge=got.get("challenge"),
        items=got.get("items"),
        path=address,
        method=got.plain("method") or "POST",
        time=time,
        actor=got.get("actor"),
        max_age_seconds=got.get("max_age_seconds"),
        subscriptions=_subscriptions(got.get("subscriptions", ()), events, out),
    )


def _signed(location: ast.DeliveryField | None, verify: ast.WebhookVerification, out: Findings) -> bool:
    """Return whether the signature covers a location. Otherwise, a captured delivery could be replayed with another value there."""
    if location is None or location.kind == "path" or verify.hmac is None:
        return True
    if location.kind == "header" and "{delivery}" in verify.signed_content:
        return True
    if location.kind == "path_part" and "{url}" in verify.signed_content:
        return True
    help = "use a path of the body, or `if` with what only this kind of delivery has; without `delivery_id`, the body identifies it"
    out.add("MAP010", f"the signature does not cover the {location.kind} `{location.name.value}`", location.name.span, help=help)
    return False


WEBHOOKS: Kind[ast.Webhooks] = Object(
    "webhooks",
    {
        "verify": Key(_VERIFY, "How a delivery shows that the vendor sent it.", required=True, fatal=True),
        "event_type": Key(_delivery_field("header"), "Where a delivery has its kind."),
        "delivery_id": Key(
            _delivery_field("header", "path_part"),
            "Location of an id that is the same when it is sent again. Without one, the same body is the same delivery.",
        ),
        "attempt_field": Key(
            TEXT, "The property of an event of `items` that counts how often it was sent: everything else of the event identifies it."
        ),
        "time": Key(
            PATH, "When an event happened, by the signed body; a delivery that is older than `max_age_seconds` is rejected as a replay."
        ),
        "actor": Key(PATH, f"{_ACTOR} For events that have no `actor` of their own."),
        "max_age_seconds": Key(IntRange(3600, 2592000), "Seconds; 604800 (a week) by default. Longer than the vendor repeats deliveries."),
        "challenge": Key(_delivery_field("query"), "What is sent to try the address, and is to be returned as it came."),
        "items": Key(PATH, "Where the body has a list of events, each of which is read separately; `@` if it is that list."),
        "path": Key(_ADDRESS, "Where the vendor sends them, below the receiver's own address: `transactions/{id}`."),
        "method": Key(OneOf(("POST", "PUT")), "HTTP method of deliveries; POST by default."),
        "subscriptions": Key(
            _SUBSCRIPTIONS,
            "The vendor's names by which a webhook subscribes to an event, or to those of a record: `{task: issues}`. Without it, the "
            "vendor sends all.",
        ),
        "events": Key(
            MapOf(_TYPE, _SEVERAL, lambda name, drafts, span: tuple(draft(name, span) for draft in drafts), "events by name"),
            "Its deliveries, by unified event: `task.created`.",
            required=True,
            fatal=True,
        ),
    },
    _webhooks,
)
