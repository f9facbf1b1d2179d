"""Webhooks: verification of a vendor's deliveries, and the unified events in them.

Each vendor that has webhooks declares them (`unified.vendors.github.webhooks.WEBHOOKS`). A delivery is accepted if its proof is valid: an
HMAC (RFC 2104) of its content with a secret that only the vendor and the receiver know, a JSON Web Token, or that secret itself. Of the
content, only the ids of records are passed on: callers read the records with their own connections.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib
import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from unified_runtime.adapter_api import error_details, webhook_tokens
from unified_runtime.adapter_api.webhook_tokens import Forged
from unified_runtime.core import decoding
from unified_runtime.core.credentials import Secret
from unified_runtime.core.errors import InvalidInput, VendorProtocolError
from unified_runtime.core.private_vendors import vendor_package
from unified_runtime.core.vendors import available, load

MOST_VALUES = 200_000
"""Maximum number of values of a delivery's JSON, at all levels. Commas in its strings count too."""
LONGEST_ID = 500
"""Maximum characters of an id in a delivery."""


@dataclass(frozen=True, slots=True)
class Event:
    """Change of a record: `type` is, for example, `task.created`, `resource` the resource that reads the record, `id` its unified id."""

    type: str
    resource: str
    id: str
    time: Any = field(default=None, compare=False)
    """Time of the event in the vendor's format, if the delivery has it: seconds or milliseconds since 1970, or a date-time."""
    actor: str | None = field(default=None, compare=False)
    """Id of the user who caused it, if the delivery has it."""


@dataclass(frozen=True, slots=True)
class DeliveryField:
    """Location of a value in a delivery: `kind` is header, query, address, or path (names and indexes in its body)."""

    kind: str
    name: str | tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """Format of the proof that the vendor sent a delivery.

    Attributes:
        header: the header with the proof.
        form: its format, with `{hex}`, `{base64}`, `{secret}` and `{timestamp}` as placeholders; several parts are joined by commas, and
            each may occur more than once (while secrets are rotated).
        algorithm: the hash of the HMAC; None if the header has the secret itself.
        over: the signed content: text with `{body}`, `{timestamp}`, `{method}`, `{url}` and `{delivery}`.
        timestamp: the header with the time of sending, if the proof does not have it.
        window: maximum seconds between that time and now; 0 without a timestamp.
        jwt: the algorithm of a JSON Web Token, which is the proof in place of a signature. It does not cover the body.
        claims: claims of the token with their values, text with `{url}` and `{method}`.
    """

    header: str
    format: str
    hmac: str | None = None
    signed_content: str = "{body}"
    timestamp_header: str | None = None
    tolerance_seconds: int = 0
    jwt: str | None = None
    claims: Mapping[str, str] = field(default_factory=dict)

    @property
    def covers_url(self) -> bool:
        """True if the proof is for one URL: a delivery to another hook with the same secret is not accepted."""
        return "{url}" in self.signed_content or any("{url}" in value for value in self.claims.values())


@dataclass(frozen=True, slots=True)
class Delivery:
    """Request of a vendor. Names of headers are in lower case; `url` is the URL that is registered at the vendor, with its query."""

    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"
    url: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    """The parts of the URL, by name."""


@dataclass(frozen=True, slots=True)
class KeyedEvent:
    """Event of a delivery. `key` is the same if the vendor sends the event again."""

    key: str
    event: Event


@dataclass(frozen=True, slots=True)
class DecodedDelivery:
    """Result of a delivery.

    Attributes:
        events: its events.
        undecodable: messages about events that could not be decoded.
        response: the body to respond with, if the vendor tests the URL.
        until: seconds since 1970 until which the delivery is new enough to be accepted; None if its signed content has no time.
        stale: the number of events that are too old, or too far in the future; they are not in `events`.
    """

    events: tuple[KeyedEvent, ...] = ()
    undecodable: tuple[str, ...] = ()
    response: str | None = None
    until: float | None = None
    stale: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """Format of a vendor's deliveries; `read` yields the events of one delivery.

    `attempt_field` is the property of an event of `items` that counts how often it was sent. It does not identify the event, and neither
    does the time of the signature. Without it, the same content signed at another time is another event.

    If the proof is a signature, `kind` and `delivery` are in the signed content: unsigned headers have no effect. `max_age_seconds` is the
    age in seconds, by the signed time of an event, above which it is rejected as a replay.
    """

    vendor: str
    proof: Proof
    read: Callable[[str | None, Any], Iterator[Event]]
    kind: DeliveryField | None = None
    delivery: DeliveryField | None = None
    attempt_field: str | None = None
    challenge: DeliveryField | None = None
    items: tuple[str | int, ...] | None = None
    path: str | None = None
    method: str = "POST"
    max_age_seconds: int = 7 * 24 * 3600
    subscriptions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The vendor's names by which a webhook subscribes to each event; empty if it always gets all."""

    def verify(self, delivery: Delivery, secrets: Sequence[Secret], now: float) -> str:
        """Verify that the vendor sent this delivery recently. Return the signed time in the vendor's format; empty if there is none.

        Args:
            secrets: the valid secrets; several while they are rotated.
            now: seconds since 1970.

        Raises:
            Forged: the proof is not valid, or too old.
        """
        proof = self.proof
        found = _parts(proof.format, delivery.headers.get(proof.header.lower(), ""))
        if proof.jwt is not None:
            claims = {name: value.format(url=delivery.url, method=delivery.method) for name, value in proof.claims.items()}
            return webhook_tokens.expiry(next(iter(found["jwt"]), ""), secrets, proof.jwt, claims, now)
        if proof.hmac is None:
            shown = [text.encode() for text in found["secret"]]
            _held(any(hmac.compare_digest(one, secret.reveal().encode()) for one in shown for secret in secrets))
            return ""
        times = (
            found["timestamp"] or [delivery.headers.get(proof.timestamp_header.lower(), "")]
            if proof.timestamp_header
            else found["timestamp"]
        )
        signed = b""
        for piece in re.split(r"(\{\w+\})", proof.signed_content):
            match piece:
                case "{body}":
                    signed += delivery.body
                case "{timestamp}":
                    signed += (times[0] if times else "").encode()
                case "{method}":
                    signed += delivery.method.encode()
                case "{url}":
                    signed += delivery.url.encode()
                case "{delivery}":
                    signed += (self._delivery(delivery, None) or "").encode()
                case _:
                    signed += piece.encode()
        wanted = [hmac.new(secret.reveal().encode(), signed, proof.hmac).digest() for secret in secrets]
        shown = [*map(_unhex, found["hex"]), *map(_unbase64, found["base64"])]
        _held(any(hmac.compare_digest(one, each) for one in shown for each in wanted))
        if proof.tolerance_seconds:  # after the signature, so that only the vendor can probe this clock
            sent = _timestamp(times[0] if times else "")
            if sent is None or abs(now - sent) > proof.tolerance_seconds:
                raise Forged("the delivery is older than its proof is good for, or a clock is wrong")
        return times[0] if proof.tolerance_seconds and times else ""

    def digest(self, delivery: Delivery, signed_time: str = "") -> str:
        """Return the SHA-256 of the signed content: the body, and the time that `verify` returned. Nothing else identifies a delivery."""
        return _digest(signed_time.encode(), delivery.body)

    def challenge_response(self, delivery: Delivery) -> str | None:
        """Return the challenge in the query of a delivery that tests the URL, to be returned unchanged; None for other deliveries."""
        if self.challenge is None or self.challenge.kind != "query":
            return None
        assert isinstance(self.challenge.name, str)
        return _plain(delivery.query.get(self.challenge.name))

    def decode(self, delivery: Delivery, signed_time: str = "", now: float | None = None) -> DecodedDelivery:
        """Return the events of a verified delivery. An event that cannot be decoded does not affect the others.

        Args:
            signed_time: returned by `verify`.
            now: seconds since 1970, to reject events that are older than `max_age`; None accepts any age.

        Raises:
            VendorProtocolError: it does not match the vendor's documented format.
        """
        if decoding.values(delivery.body) > MOST_VALUES:
            raise VendorProtocolError(f"a delivery of {self.vendor} has more than {MOST_VALUES:,} JSON values")
        try:
            body = msgspec.json.decode(delivery.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise VendorProtocolError(f"a delivery of {self.vendor} is not valid JSON") from None
        if self.challenge is not None and self.challenge.kind == "path":
            assert isinstance(self.challenge.name, tuple)
            if (response := _plain(error_details.at(body, *self.challenge.name))) is not None:
                return DecodedDelivery(response=response)
        if self.items is None:
            return self._events(delivery, [body], signed_time, now)
        several = error_details.at(body, *self.items)
        if not isinstance(several, list):
            raise VendorProtocolError(f"a delivery of {self.vendor} has no list of events")
        return self._events(delivery, several, signed_time, now)

    def _events(self, delivery: Delivery, bodies: Sequence[Any], signed_time: str, now: float | None) -> DecodedDelivery:
        events: list[KeyedEvent] = []
        undecodable = []
        for body in bodies:
            try:
                events += self._decoded(delivery, body, signed_time)
            except VendorProtocolError as error:
                undecodable.append(error.message)
        times = [_timestamp(str(one.event.time)) for one in events]
        new = [one for one, at in zip(events, times, strict=True) if now is None or at is None or abs(now - at) <= self.max_age_seconds]
        until = None if None in times else max((at + self.max_age_seconds for at in times if at is not None), default=None)
        if (sent := _timestamp(signed_time)) is not None:
            until = sent + self.proof.tolerance_seconds
        return DecodedDelivery(tuple(new), tuple(undecodable), until=until, stale=len(events) - len(new))

    def _decoded(self, delivery: Delivery, body: Any, signed_time: str) -> Iterator[KeyedEvent]:
        kind = self._at(self.kind, delivery, body)
        id = self._delivery(delivery, body)
        for event in self.read(kind, body):
            if self.items is None:
                key = id if id is not None else self.digest(delivery, signed_time)
            else:  # one delivery has several events
                text = id if self.delivery is not None and self.delivery.kind == "path" else None
                key = text if text is not None else self._content(body, signed_time)
            yield KeyedEvent(hashlib.sha256(f"{key}\n{event.type}\n{event.id}".encode()).hexdigest(), event)

    def _content(self, body: Any, signed_time: str) -> str:
        """Return the SHA-256 of one of several events of a delivery."""
        if self.attempt_field is None or not isinstance(body, dict):
            return _digest(signed_time.encode(), msgspec.json.encode(body))
        return _digest(
            msgspec.json.encode({name: value for name, value in body.items() if name != self.attempt_field}, order="deterministic")
        )

    def _delivery(self, delivery: Delivery, body: Any) -> str | None:
        return self._at(self.delivery, delivery, body)

    def _at(self, location: DeliveryField | None, delivery: Delivery, body: Any) -> str | None:
        if location is None:
            return None
        if isinstance(location.name, tuple):
            value = error_details.at(body, *location.name)
            return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
        if location.kind == "header":
            return delivery.headers.get(location.name.lower())
        return (delivery.query if location.kind == "query" else delivery.parts).get(location.name)


def event(type: str, resource: str, form: str, *parts: Any, time: Any = None, actor: Any = None) -> Event:
    """Return an event, with its id composed from `parts`. `time` is its time in the vendor's format, `actor` the id of who caused it.

    Raises:
        VendorProtocolError: a part of the id is missing, or the id is too long or has invisible characters.
    """
    texts = [_id_text(part) for part in parts]
    id = form.format(*texts)
    if not all(texts) or len(id) > LONGEST_ID or not id.isprintable():
        raise VendorProtocolError(f"a delivery reports {type} without the id of the record")
    who = _id_text(actor)
    return Event(type, resource, id, time, who if who and len(who) <= LONGEST_ID and who.isprintable() else None)


def _id_text(value: Any) -> str:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def webhooks(vendor: str) -> Webhooks:
    """Return the webhooks of a vendor of the compiled catalog.

    Raises:
        InvalidInput: there is no such vendor, or it has no known webhooks.
    """
    load(vendor)
    try:
        module: Any = importlib.import_module(f"{vendor_package(vendor)}.webhooks")
    except ModuleNotFoundError:
        those = ", ".join(name for name in available() if has_webhooks(name))
        raise InvalidInput(f"no webhooks of {vendor} are known; there are those of {those or 'no vendor'}") from None
    found: Webhooks = module.WEBHOOKS
    return found


def has_webhooks(vendor: str) -> bool:
    """Return true if the webhooks of a vendor are known."""
    return importlib.util.find_spec(f"{vendor_package(vendor)}.webhooks") is not None


def _digest(*parts: bytes) -> str:
    """Return the SHA-256 of several parts, each with its length, so that the boundaries between them are fixed."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d\n" % len(part))
        digest.update(part)
    return digest.hexdigest()


# ------------------------------------------------------------------------------------------------ proofs
def _held(held: bool) -> None:
    if not held:
        raise Forged("the delivery does not show that the vendor sent it")


def _parts(form: str, text: str) -> dict[str, list[str]]:
    """Return the values in a header, by the placeholders of its format."""
    found: dict[str, list[str]] = {"hex": [], "base64": [], "secret": [], "jwt": [], "timestamp": []}
    several = "," in form
    patterns = [_pattern(part) for part in (form.split(",") if several else [form])]
    for piece in text.split(",") if several else [text]:
        for pattern in patterns:
            if (match := pattern.fullmatch(piece.strip())) is not None:
                for name, value in match.groupdict().items():
                    found[name].append(value)
    return found


def _pattern(form: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", form.strip())
    return re.compile("".join(f"(?P<{piece}>.+)" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)))


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text) if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", text) else b""


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _timestamp(text: str) -> float | None:
    """Convert seconds, milliseconds or a date-time to seconds since 1970; None if it is none of these."""
    if re.fullmatch(r"\d{1,16}", text):
        number = int(text)
        return number / 1000 if number > 100_000_000_000 else float(number)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.timestamp() if found.tzinfo is not None else None


def _plain(value: Any) -> str | None:
    """Return a string that is safe to return unchanged (printable ASCII of at most 2000 characters); None for any other value."""
    return value if isinstance(value, str) and 0 < len(value) <= 2000 and value.isascii() and value.isprintable() else None
