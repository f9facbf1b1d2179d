"""Composition of emails in the format of RFC 5322 and MIME, in base64url: new ones, replies, forwarded ones and changed drafts.

The text is sent twice (RFC 2046 multipart/alternative): as Markdown, which is plain text, and as HTML. Equal inputs give equal messages.
No value can add a header: addresses are checked, message ids are matched, and other text is encoded (RFC 2047) unless it is printable
ASCII. What is copied from another email, which anybody can have sent, is treated like values of a caller.

Source: https://www.rfc-editor.org/rfc/rfc5322, https://www.rfc-editor.org/rfc/rfc2046
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from unified_runtime.adapter_api.codecs import html, markdown
from unified_runtime.adapter_api.codecs.mailboxes import ADDRESS, decoded, mailboxes
from unified_runtime.adapter_api.codecs.mime_text import from_base64url
from unified_runtime.core.errors import InvalidInput, VendorProtocolError

if TYPE_CHECKING:
    from email.message import EmailMessage

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LINE_BREAK = re.compile("[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")
_TYPE = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")
_CONTINUED = re.compile(r"\r?\n[ \t]+")
_PREFIX = re.compile(r"(?:re|fwd?|aw|wg)\s*:\s*", re.IGNORECASE)
_MOST_REFERENCES = 20
"""Ids of earlier emails of a thread that a reply names: the first one and the latest."""

Headers = Mapping[str, str | Sequence[str] | None]


def new(*, to: Sequence[str] | None, cc: Sequence[str] | None, bcc: Sequence[str] | None, subject: str | None, body: str | None) -> str:
    """Return an email.

    Raises:
        InvalidInput: an address is not valid, or the subject has a line break.
    """
    return _encoded({"To": to, "Cc": cc, "Bcc": bcc, "Subject": _checked(subject)}, _content(body or ""))


def reply(original: str, *, own: str, everyone: bool, body: str, cc: Sequence[str] | None, bcc: Sequence[str] | None) -> str:
    """Return a reply to an email in base64url: to its sender, or if the account sent it itself, to its recipients.

    With `everyone`, all its other recipients get copies, but not the account itself.

    Raises:
        InvalidInput: an address is not valid, or there is no one to reply to.
    """
    message = parsed(original)
    sender, to, copied = ([a for _, a in mailboxes(_header(message, name))] for name in ("From", "To", "Cc"))
    addressed = [address for _, address in mailboxes(_header(message, "Reply-To"))] or sender
    if not sender or own.casefold() in map(str.casefold, sender):  # what the account sent itself
        addressed = to
    recipients = _distinct(addressed, ())
    copies = _distinct([*to, *copied], [*recipients, own]) if everyone else []
    if not recipients:
        raise InvalidInput("the email has no address to reply to", fields={"id": "has no sender"})
    identity = _MESSAGE_ID.findall(_header(message, "Message-ID"))[:1]
    known = [
        each for each in _MESSAGE_ID.findall(_header(message, "References") or _header(message, "In-Reply-To")) if each not in identity
    ]
    references = [*known[:1], *known[1:][-(_MOST_REFERENCES - 2) :], *identity]
    headers = {
        "To": recipients,
        "Cc": [*copies, *_distinct(cc or (), [*recipients, *copies])],
        "Bcc": bcc,
        "Subject": _with_prefix("Re", _header(message, "Subject")),
        "In-Reply-To": " ".join(identity),
        "References": " ".join(references),
    }
    return _encoded(headers, _content(body))


def forward(original: str, *, to: Sequence[str], cc: Sequence[str] | None, bcc: Sequence[str] | None, body: str | None) -> str:
    """Return an email with another one, in base64url, and its attachments.

    Raises:
        InvalidInput: an address is not valid.
    """
    message = parsed(original)
    lines = [f"{name}: {text}" for name in ("From", "Date", "Subject", "To", "Cc") if (text := _header(message, name))]
    head = ["---------- Forwarded message ----------", *lines]
    plain, rich = _text_of(message, "plain"), _text_of(message, "html")
    quoted = plain if plain is not None else html.decode(rich or "")
    shown = rich if rich is not None else _as_html(quoted)
    content = _content(
        f"{body or ''}\n\n" + "\n".join(head) + f"\n\n{quoted}",
        html.encode(body or "") + "<br>\r\n" + "<br>".join(map(escape, head)) + f"<br><br>\r\n{shown}",
    )
    for part in message.walk():
        if part.is_attachment() or (part.get_content_disposition() == "inline" and part.get_content_maintype() != "text"):
            _attach(content, part)
    headers = {"To": to, "Cc": cc, "Bcc": bcc, "Subject": _with_prefix("Fwd", _header(message, "Subject"))}
    return _encoded(headers, content)


def changed(
    current: str,
    *,
    to: Sequence[str] | None,
    cc: Sequence[str] | None,
    bcc: Sequence[str] | None,
    subject: str | None,
    body: str | None,
) -> str:
    """Return a draft in base64url with the values that are given; the others, its thread and its attachments stay.

    Raises:
        InvalidInput: an address is not valid, or the subject has a line break.
    """
    message = parsed(current)
    headers: dict[str, str | Sequence[str] | None] = {
        name: [address for _, address in mailboxes(_header(message, name))] if value is None else value
        for name, value in (("To", to), ("Cc", cc), ("Bcc", bcc))
    }
    headers["Subject"] = _header(message, "Subject") if subject is None else _checked(subject)
    for name in ("In-Reply-To", "References"):
        headers[name] = " ".join(_MESSAGE_ID.findall(_header(message, name)))
    if body is not None:
        content = _content(body)
    else:
        rich, plain = _text_of(message, "html"), _text_of(message, "plain") or ""
        content = _content(plain, rich if rich is not None else _as_html(plain))
    for part in message.walk():
        if part.is_attachment():
            _attach(content, part)
    return _encoded(headers, content)


def parsed(text: str) -> EmailMessage:
    """Return the email that a vendor returned in base64url.

    Raises:
        VendorProtocolError: it is not an email.
    """
    from email import message_from_bytes, policy

    try:
        return message_from_bytes(from_base64url(text), policy=policy.default)
    except RecursionError:
        raise VendorProtocolError("the vendor returned an email whose parts are nested too deep") from None


def _header(message: EmailMessage, name: str) -> str:
    """Return the text of a header without line breaks; empty if there is none, or if it cannot be read."""
    for known, raw in message.raw_items():
        if known.lower() == name.lower():
            return _CONTROL.sub(" ", decoded(_CONTINUED.sub(" ", str(raw)))).strip()
    return ""


def _text_of(message: EmailMessage, kind: str) -> str | None:
    """Return the first text of a kind that is not an attachment."""
    for part in message.walk():
        if part.get_content_type() == f"text/{kind}" and not part.is_attachment():
            content = part.get_payload(decode=True)
            charset = part.get_content_charset("utf-8")
            try:
                return content.decode(charset, "replace") if isinstance(content, bytes) else None
            except (LookupError, UnicodeError):
                return content.decode("latin-1") if isinstance(content, bytes) else None
    return None


def _checked(subject: str | None) -> str | None:
    if subject is not None and _LINE_BREAK.search(subject):
        raise InvalidInput("a subject is one line: remove the line break", fields={"subject": "must not have a line break"})
    return subject


def _with_prefix(prefix: str, subject: str) -> str:
    """Return a subject with one prefix."""
    return subject if subject.lower().startswith(f"{prefix.lower()}:") else f"{prefix}: {_PREFIX.sub('', subject, count=1)}"


def _distinct(addresses: Iterable[str], without: Iterable[str]) -> list[str]:
    """Return addresses once each, without some, regardless of case."""
    left_out = {each.casefold() for each in without}
    found: dict[str, str] = {}
    for each in addresses:
        if each.casefold() not in left_out:
            found.setdefault(each.casefold(), each)
    return [*found.values()]


# ------------------------------------------------------------------------------------------------------------ serialization
def _content(plain: str, rich: str | None = None) -> EmailMessage:
    """Return a body with the text, as plain text and as HTML."""
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP)
    message.set_content(plain.encode("utf-8", "replace").decode(), cte="quoted-printable")
    written = html.encode(plain) if rich is None else rich
    message.add_alternative(written.encode("utf-8", "replace").decode(), subtype="html", cte="quoted-printable")
    return message


def _as_html(plain: str) -> str:
    return html.encode(markdown.text(plain.replace("\r\n", "\n")))


def _attach(message: EmailMessage, part: EmailMessage) -> None:
    """Add the content of an email's part as an attachment, with its type and a name without special characters."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else part.as_bytes()
    type = part.get_content_type() if isinstance(payload, bytes) else "application/octet-stream"
    main, _, sub = (
        type if _TYPE.fullmatch(type) and not type.startswith(("multipart/", "message/")) else "application/octet-stream"
    ).partition("/")
    name = _CONTROL.sub(" ", part.get_filename() or "attachment").replace('"', "'").replace("=?", "=")
    identity = _MESSAGE_ID.fullmatch(str(part.get("Content-ID", "")).strip())
    cid = identity[0] if identity is not None and part.get_content_disposition() == "inline" else None
    message.add_attachment(
        content, maintype=main, subtype=sub, cte="base64", disposition="inline" if cid else "attachment", filename=name, cid=cid
    )


def _encoded(headers: Headers, content: EmailMessage) -> str:
    head = "".join(_written(headers))
    digest = sha256(head.encode())
    for part in content.walk():
        payload = part.get_payload(decode=True)
        digest.update(payload if isinstance(payload, bytes) else b"")
    for index, part in enumerate(each for each in content.walk() if each.is_multipart()):
        part.set_boundary(f"=_{digest.hexdigest()[:32]}_{index}")  # quoted-printable and base64 have no line that begins so
    return urlsafe_b64encode(head.encode("ascii") + content.as_bytes()).decode("ascii")


def _written(headers: Headers) -> Iterator[str]:
    for name, value in headers.items():
        if not value:
            continue
        if not isinstance(value, str):
            yield f"{name}: " + ",\r\n ".join(_address(each, name) for each in value) + "\r\n"
        elif name in ("In-Reply-To", "References"):
            yield f"{name}: " + "\r\n ".join(value.split()) + "\r\n"
        else:
            yield f"{name}: {_unstructured(value)}\r\n"


def _address(address: str, header: str) -> str:
    """Return an address in ASCII: its domain in the form of IDNA.

    Raises:
        InvalidInput: it is not an address, or its local part is not ASCII.
    """
    field = header.lower()
    if ADDRESS.fullmatch(address) is None:
        raise InvalidInput(f"{address[:60]!r} is not an email address", fields={field: "must be addresses such as ada@example.com"})
    local, _, domain = address.rpartition("@")
    try:
        return f"{local.encode('ascii').decode()}@{domain.encode('ascii' if domain.isascii() else 'idna').decode('ascii')}"
    except UnicodeError:
        raise InvalidInput(f"{address[:60]!r} has characters that are not ASCII", fields={field: "must be in ASCII"}) from None


def _unstructured(text: str) -> str:
    """Return the text of a header, as encoded words (RFC 2047) unless it is short printable ASCII."""
    from email.header import Header

    text = _CONTROL.sub(" ", text).encode("utf-8", "replace").decode().strip()
    if text.isascii() and "=?" not in text and len(text) < 900:
        return text
    return Header(text, "utf-8", maxlinelen=75, header_name="Subject").encode(linesep="\r\n")
