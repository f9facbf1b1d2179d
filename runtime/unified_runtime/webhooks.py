"""What a vendor tells by itself: whether it was the vendor, and which unified events it means.

Each vendor that has webhooks declares them (`unified.vendors.github.webhooks.WEBHOOKS`). A delivery is believed when its proof holds: an
HMAC (RFC 2104) of what was sent under a secret that only the vendor and the receiver know, or that secret itself. What it says beyond
the ids of records is not passed on: whoever wants a record reads it, as themselves.
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

from unified_runtime import failures
from unified_runtime.credentials import Secret
from unified_runtime.errors import InvalidInput, Unauthorized, VendorProtocolError
from unified_runtime.vendors import PACKAGE, available, load

LONGEST_ID = 500
"""Characters of an id that is taken from a delivery."""


class Forged(Unauthorized):
    """A delivery without the vendor's proof, or one that is sent again too late."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a record: `type` is `task.created` and the like, `resource` where the record is read, `id` its unified id."""

    type: str
    resource: str
    id: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a delivery holds something: `kind` is header, query, address, or path for names and positions in its body."""

    kind: str
    name: str | tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """How a delivery shows who sent it.

    Attributes:
        header: the header that holds the proof.
        form: what it holds, with `{hex}`, `{base64}`, `{secret}` and `{timestamp}` in their places; several parts are joined by commas,
            and each may stand there more than once (while secrets are rotated).
        algorithm: the hash of the HMAC; None where the header holds the secret itself.
        over: what is signed: text with `{body}`, `{timestamp}`, `{method}`, `{url}` and `{delivery}`.
        timestamp: the header that holds when it was sent, where the proof does not.
        window: seconds by which that may differ from now; 0 where there is no timestamp.
    """

    header: str
    form: str
    algorithm: str | None = None
    over: str = "{body}"
    timestamp: str | None = None
    window: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request of a vendor. Names of headers are in small letters; `url` is the address that the vendor was given, with its query."""

    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"
    url: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    """The parts of the address, by name."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a delivery. `key` is the same whenever the vendor tells it again."""

    key: str
    event: Event


@dataclass(frozen=True, slots=True)
class Received:
    """What a delivery comes to: its events, what of it could not be read, and how it is to be answered, where it tries the address."""

    told: tuple[Told, ...] = ()
    unread: tuple[str, ...] = ()
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhooks:
    """What a vendor's deliveries are like; `read` yields the events that one of the vendor's own means."""

    vendor: str
    proof: Proof
    read: Callable[[str | None, Any], Iterator[Event]]
    kind: Place | None = None
    delivery: Place | None = None
    challenge: Place | None = None
    each: tuple[str | int, ...] | None = None
    address: str | None = None
    method: str = "POST"

    def verify(self, delivery: Delivery, secrets: Sequence[Secret], now: float) -> None:
        """Find out whether the vendor sent this, just now.

        Args:
            secrets: those that are good; several while they are rotated.
            now: seconds since 1970.

        Raises:
            Forged: it did not, or not now.
        """
        proof = self.proof
        found = _parts(proof.form, delivery.headers.get(proof.header.lower(), ""))
        if proof.algorithm is None:
            shown = [text.encode() for text in found["secret"]]
            _held(any(hmac.compare_digest(one, secret.reveal().encode()) for one in shown for secret in secrets))
            return
        times = found["timestamp"] or [delivery.headers.get(proof.timestamp.lower(), "")] if proof.timestamp else found["timestamp"]
        signed = b""
        for piece in re.split(r"(\{\w+\})", proof.over):
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
        wanted = [hmac.new(secret.reveal().encode(), signed, proof.algorithm).digest() for secret in secrets]
        shown = [*map(_unhex, found["hex"]), *map(_unbase64, found["base64"])]
        _held(any(hmac.compare_digest(one, each) for one in shown for each in wanted))
        if proof.window:  # after the signature: nobody else learns what this clock says
            sent = _moment(times[0] if times else "")
            if sent is None or abs(now - sent) > proof.window:
                raise Forged("the delivery is older than its proof is good for, or a clock is wrong")

    def tried(self, delivery: Delivery) -> str | None:
        """What the vendor sent to try the address in a query, which is no event and is answered as it came; None for anything else."""
        if self.challenge is None or self.challenge.kind != "query":
            return None
        assert isinstance(self.challenge.name, str)
        return _plain(delivery.query.get(self.challenge.name))

    def received(self, delivery: Delivery) -> Received:
        """The events of a delivery that was verified. One that cannot be read stops none of the others.

        Raises:
            VendorProtocolError: it is not what the vendor documents.
        """
        try:
            body = msgspec.json.decode(delivery.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise VendorProtocolError(f"a delivery of {self.vendor} is no JSON") from None
        if self.challenge is not None and self.challenge.kind == "path":
            assert isinstance(self.challenge.name, tuple)
            if (answer := _plain(failures.at(body, *self.challenge.name))) is not None:
                return Received(answer=answer)
        if self.each is None:
            return self._events(delivery, [body])
        several = failures.at(body, *self.each)
        if not isinstance(several, list):
            raise VendorProtocolError(f"a delivery of {self.vendor} holds no list of events")
        return self._events(delivery, several)

    def _events(self, delivery: Delivery, bodies: Sequence[Any]) -> Received:
        told: list[Told] = []
        unread = []
        for body in bodies:
            try:
                told += self._told(delivery, body)
            except VendorProtocolError as error:
                unread.append(error.message)
        return Received(tuple(told), tuple(unread))

    def _told(self, delivery: Delivery, body: Any) -> Iterator[Told]:
        kind = self._at(self.kind, delivery, body)
        id = self._delivery(delivery, body)
        for event in self.read(kind, body):
            if self.each is None:
                key = id if id is not None else hashlib.sha256(delivery.body).hexdigest()
            else:  # one delivery tells several
                text = id if self.delivery is not None and self.delivery.kind == "path" else None
                key = text if text is not None else hashlib.sha256(msgspec.json.encode(body)).hexdigest()
            yield Told(hashlib.sha256(f"{key}\n{event.type}\n{event.id}".encode()).hexdigest(), event)

    def _delivery(self, delivery: Delivery, body: Any) -> str | None:
        return self._at(self.delivery, delivery, body)

    def _at(self, place: Place | None, delivery: Delivery, body: Any) -> str | None:
        if place is None:
            return None
        if isinstance(place.name, tuple):
            value = failures.at(body, *place.name)
            return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
        if place.kind == "header":
            return delivery.headers.get(place.name.lower())
        return (delivery.query if place.kind == "query" else delivery.parts).get(place.name)


def event(type: str, resource: str, form: str, *parts: Any) -> Event:
    """An event, its id put together.

    Raises:
        VendorProtocolError: a part of the id is missing.
    """
    texts = [str(part) if isinstance(part, (str, int)) and not isinstance(part, bool) else "" for part in parts]
    id = form.format(*texts)
    if not all(texts) or len(id) > LONGEST_ID or not id.isprintable():
        raise VendorProtocolError(f"a delivery tells {type} and not of what")
    return Event(type, resource, id)


def webhooks(vendor: str) -> Webhooks:
    """What a vendor of the compiled catalog tells by itself.

    Raises:
        InvalidInput: there is no such vendor, or it tells nothing that is known.
    """
    load(vendor)
    try:
        module: Any = importlib.import_module(f"{PACKAGE}.{vendor.replace('-', '_')}.webhooks")
    except ModuleNotFoundError:
        those = ", ".join(name for name in available() if has_webhooks(name))
        raise InvalidInput(f"no webhooks of {vendor} are known; there are those of {those or 'no vendor'}") from None
    found: Webhooks = module.WEBHOOKS
    return found


def has_webhooks(vendor: str) -> bool:
    """Whether webhooks of a vendor are known."""
    return importlib.util.find_spec(f"{PACKAGE}.{vendor.replace('-', '_')}.webhooks") is not None


# ------------------------------------------------------------------------------------------------ proofs
def _held(held: bool) -> None:
    if not held:
        raise Forged("the delivery does not show that the vendor sent it")


def _parts(form: str, text: str) -> dict[str, list[str]]:
    """What a header holds, by the names in its form."""
    found: dict[str, list[str]] = {"hex": [], "base64": [], "secret": [], "timestamp": []}
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


def _moment(text: str) -> float | None:
    """Seconds since 1970 of seconds, milliseconds or a date-time."""
    if re.fullmatch(r"\d{1,16}", text):
        number = int(text)
        return number / 1000 if number > 100_000_000_000 else float(number)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.timestamp() if moment.tzinfo is not None else None


def _plain(value: Any) -> str | None:
    """A text that can be given back as it came without meaning anything to who reads it."""
    return value if isinstance(value, str) and 0 < len(value) <= 2000 and value.isascii() and value.isprintable() else None
