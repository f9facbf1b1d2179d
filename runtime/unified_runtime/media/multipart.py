"""A body of two parts, as `multipart/related` (RFC 2387, RFC 2046 section 5.1)."""

from __future__ import annotations

import hashlib

from unified_runtime.messages import Parts


def related(parts: Parts, described: bytes) -> tuple[bytes, bytes]:
    """The media type and the body of a description, already JSON, and a content.

    The boundary is made of the content's own hash: it cannot stand in the content, and the same content is sent the same way.
    """
    assert isinstance(parts.content, bytes)
    boundary = hashlib.sha256(described + hashlib.sha256(parts.content).digest()).hexdigest().encode("ascii")
    printable = parts.kind.isascii() and parts.kind.isprintable()
    kind = parts.kind.encode("ascii") if printable else b"application/octet-stream"
    head = b"--%b\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n%b\r\n" % (boundary, described)
    body = b"%b--%b\r\nContent-Type: %b\r\n\r\n%b\r\n--%b--\r\n" % (head, boundary, kind, parts.content, boundary)
    return b'multipart/related; boundary="%b"' % boundary, body
