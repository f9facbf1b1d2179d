"""The grammar of `webhooks` in a vendor's file: what the vendor tells by itself, and how it is known that it was the vendor."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from unified_gen.language.findings import Findings, did_you_mean, every
from unified_gen.language.kinds import Choice, Entries, Kind, OneOf, Several, Then, Whole, Words
from unified_gen.language.objects import Apart, Got, Key, Needs, Object
from unified_gen.language.words import NAME, PATH, PREDICATE, TEXT, WORD, braces, is_path
from unified_gen.source import Span, Text

VERBS = ("created", "updated", "deleted")
"""What can have happened to a record."""

FORMS = ("hex", "base64", "secret", "timestamp")
SIGNED = ("body", "timestamp", "method", "url", "delivery")


class Place(Struct, frozen=True):
    """Where a delivery holds something: a header, a parameter of the query, a part of the address, or (`path`) its body."""

    kind: str
    name: Text


class Verification(Struct, frozen=True):
    """How a delivery shows who sent it: a header of the form `form`, over `over` where it is a signature."""

    header: Text
    form: Text
    span: Span
    algorithm: str | None = None
    over: str = "{body}"
    timestamp: Text | None = None
    window: int = 300


class Happening(Struct, frozen=True):
    """One thing that the vendor tells: which unified event it is, and the id of the record it is about."""

    type: Text
    id: Text
    span: Span
    kinds: tuple[Text, ...] = ()
    when: Text | None = None


class Webhooks(Struct, frozen=True, kw_only=True):
    """What a vendor's deliveries are like."""

    span: Span
    verify: Verification
    events: tuple[Happening, ...]
    kind: Place | None = None
    delivery: Place | None = None
    challenge: Place | None = None
    each: Text | None = None
    address: Text | None = None
    method: str = "POST"


# ------------------------------------------------------------------------------------------------------------ templates
def _template(what: str, names: tuple[str, ...]) -> Words:
    def check(text: Text, out: Findings) -> bool:
        inner = braces(text, out)
        if inner is None:
            return False
        wrong = next((name for name in inner if name.value not in names), None)
        if wrong is not None:
            out.add("MAP009", f"{what} has no `{wrong.value}`", wrong.span, help=did_you_mean(wrong.value, names))
        return wrong is None and bool(inner)

    return Words(what, check)


def _id(text: Text, out: Findings) -> bool:
    """Text with paths in braces; a name in a path that is no JMESPath name stands in double quotes."""
    inner = braces(text, out)
    if inner is None:
        return False
    if not inner:
        out.add("MAP009", "an id refers to the delivery's body in braces", text.span, help='such as "{issue.key}"')
        return False
    return every(is_path(path, out) for path in inner)


_FORM = _template("the form of a signature", FORMS)
_OVER = _template("what is signed", SIGNED)
ID = Words("text with {paths}", _id)


def _address(text: Text, out: Findings) -> bool:
    inner = braces(text, out)
    if inner is None:
        return False
    if not re.fullmatch(r"[A-Za-z0-9._~/{}-]+", text.value) or text.value.startswith("/"):
        out.add("MAP009", "an address is what stands behind the receiver's own, without a `/` before it", text.span)
        return False
    return True


_ADDRESS = Words("an address below the receiver's", _address)


# ------------------------------------------------------------------------------------------------------------ parts
def _place(*kinds: str) -> Kind[Place]:
    summaries = {
        "header": "The header that holds it.",
        "query": "The parameter of the address that holds it.",
        "address": "The part of `address` that holds it.",
    }

    def build(got: Got, out: Findings) -> Place | None:
        found = [kind for kind in kinds if kind in got.values]
        if not got.keys:
            out.add("MAP007", f"expected one of {', '.join(f'`{kind}`' for kind in kinds)}", got.span)
        return Place(found[0], got.values[found[0]]) if found else None

    return Choice(
        "a path of the body, or a mapping",
        scalar=Then(PATH, lambda text, span, out: Place("path", text)),
        mapping=Object(
            "a place of a delivery",
            {kind: Key(NAME if kind == "address" else WORD, summaries[kind]) for kind in kinds},
            build,
            apart=tuple(Apart(kind, kinds[number + 1 :], "it stands in one place") for number, kind in enumerate(kinds[:-1])),
        ),
    )


def _verification(got: Got, out: Findings) -> Verification | None:
    form: Text = got.values["is"]
    names = {name.value for name in braces(form, Findings()) or ()}
    algorithm = got.plain("hmac")
    if (algorithm is not None) == ("secret" in names) or (algorithm is not None and not names & {"hex", "base64"}):
        help = 'a signature (`hmac`) is written as `{hex}` or `{base64}`; the secret itself, as `"Bearer {secret}"`, needs no `hmac`'
        out.add("MAP010", "the header holds either a signature or the secret", form.span, help=help)
        return None
    over = got.plain("over") or "{body}"
    if "{body}" not in over:
        out.add("MAP010", "a signature that is not over the body says nothing of it", got.keys["over"])
        return None
    if "{timestamp}" in over and "timestamp" not in names and "timestamp" not in got.values:
        out.add("MAP007", "what is signed has a `{timestamp}`: which header holds it?", got.keys["over"], help="`timestamp: X-Header`")
        return None
    if "timestamp" in got.values and "{timestamp}" not in over:
        out.add("MAP010", "a timestamp that is not signed can be changed: put it into `over`", got.keys["timestamp"])
        return None
    return Verification(
        header=got.values["header"],
        form=form,
        span=got.span,
        algorithm=algorithm,
        over=over,
        timestamp=got.get("timestamp"),
        window=got.get("window", 300),
    )


_VERIFY: Kind[Verification] = Object(
    "the proof of a delivery",
    {
        "hmac": Key(OneOf(("sha256", "sha1")), "The hash of the HMAC (RFC 2104) whose key is the webhook's secret."),
        "header": Key(WORD, "The header that holds the proof.", required=True, fatal=True),
        "is": Key(
            _FORM,
            "What the header holds: `sha256={hex}`, `{base64}`, `t={timestamp},v1={hex}`; without a signature, `Bearer {secret}`.",
            required=True,
            fatal=True,
        ),
        "over": Key(_OVER, "What is signed, where it is not the body alone: `v0:{timestamp}:{body}`, `{method}{url}{body}{timestamp}`."),
        "timestamp": Key(WORD, "The header that holds when it was sent: seconds or milliseconds since 1970, or a date-time (RFC 3339)."),
        "window": Key(Whole(1, 3600), "Seconds for which a timestamp is taken; 300 unless this says otherwise."),
    },
    _verification,
    needs=(Needs("over", ("hmac",)), Needs("timestamp", ("hmac",)), Needs("window", ("over",))),
)

HappeningDraft = Callable[[Text, Span], Happening]


def _happening(got: Got, out: Findings) -> HappeningDraft:
    kinds = got.get("kind", ())
    return lambda name, span: Happening(
        type=name, id=got.values["id"], span=span, kinds=kinds if isinstance(kinds, tuple) else (kinds,), when=got.get("when")
    )


_HAPPENING: Kind[HappeningDraft] = Object(
    "an event",
    {
        "kind": Key(
            Choice("a name or a list of names", scalar=Then(TEXT, lambda text, span, out: (text,)), sequence=Several(TEXT, "names")),
            "What the vendor calls it; any of several.",
        ),
        "when": Key(PREDICATE, "What else is true of its body."),
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


_TYPE = Words("an event", _type, rf"^[a-z][a-z0-9_]*\.({'|'.join(VERBS)})$")
_SEVERAL: Kind[tuple[HappeningDraft, ...]] = Choice(
    "a mapping or a list of them",
    mapping=Then(_HAPPENING, lambda one, span, out: (one,)),
    sequence=Several(_HAPPENING, "events"),
)


def _webhooks(got: Got, out: Findings) -> Webhooks | None:
    events = tuple(one for several in got.values["events"] for one in several)
    kind: Place | None = got.get("kind")
    for event in events:
        if event.kinds and kind is None:
            out.add("MAP010", "where does a delivery say what kind it is?", event.kinds[0].span, help="`kind: {header: X-Event}`")
            return None
        if not event.kinds and event.when is None:
            out.add("MAP007", "which deliveries tell this event?", event.type.span, help="`kind`, `when`, or both")
            return None
    address: Text | None = got.get("address")
    parts = {name.value for name in braces(address, Findings()) or ()} if address is not None else set()
    delivery: Place | None = got.get("delivery")
    if delivery is not None and delivery.kind == "address" and delivery.name.value not in parts:
        out.add("MAP003", f"`address` has no part `{delivery.name.value}`", delivery.name.span)
        return None
    return Webhooks(
        span=got.span,
        verify=got.values["verify"],
        events=events,
        kind=kind,
        delivery=delivery,
        challenge=got.get("challenge"),
        each=got.get("each"),
        address=address,
        method=got.plain("method") or "POST",
    )


WEBHOOKS: Kind[Webhooks] = Object(
    "webhooks",
    {
        "verify": Key(_VERIFY, "How a delivery shows that the vendor sent it.", required=True, fatal=True),
        "kind": Key(_place("header"), "Where a delivery says what kind it is."),
        "delivery": Key(
            _place("header", "address"),
            "Where it holds an id that is the same when it is sent again. Without one, the same body is the same delivery.",
        ),
        "challenge": Key(_place("query"), "What is sent to try the address, and is to be answered as it came."),
        "each": Key(PATH, "Where the body holds a list of events, each of which is looked at by itself; `@` where it is that list."),
        "address": Key(_ADDRESS, "Where the vendor sends them, below the receiver's own address: `transactions/{id}`."),
        "method": Key(OneOf(("POST", "PUT")), "How it sends them; POST unless this says otherwise."),
        "events": Key(
            Entries(_TYPE, _SEVERAL, lambda name, drafts, span: tuple(draft(name, span) for draft in drafts), "events by name"),
            "What it tells, by the unified event: `task.created`.",
            required=True,
            fatal=True,
        ),
    },
    _webhooks,
)
