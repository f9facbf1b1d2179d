"""Emails in base64url as parts of MIME in JSON: `mimeType`, `filename`, `headers`, `body` and `parts`.

Source: https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#Message.MessagePart
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast


def parts(text: str) -> dict[str, Any]:
    """Return the parts of an email; of an empty one for a text that is not base64url."""
    try:
        content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        content = b""
    return _part(message_from_bytes(content, policy=policy.default), "")


def _part(part: EmailMessage, number: str) -> dict[str, Any]:
    inner = list(part.iter_parts()) if part.is_multipart() else []
    content = b"" if inner else part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    body: dict[str, Any] = {"size": len(content)}
    if part.get_filename():
        body["attachmentId"] = f"ANGjdJ{number.replace('.', '_')}"
    if content:
        body["data"] = urlsafe_b64encode(content).decode()
    return {
        "partId": number,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename() or "",
        "headers": [{"name": name, "value": " ".join(str(value).split())} for name, value in part.items()],
        "body": body,
        **(
            {"parts": [_part(cast(EmailMessage, each), f"{number}.{index}".strip(".")) for index, each in enumerate(inner)]}
            if inner
            else {}
        ),
    }
