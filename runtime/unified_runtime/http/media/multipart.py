"""Body of two parts, as `multipart/related` (RFC 2387, RFC 2046 section 5.1)."""

from __future__ import annotations

import hashlib

from unified_runtime.core.messages import MultipartBody


def related(parts: MultipartBody, described: bytes) -> tuple[bytes, bytes]:
    """Return the media type and the body for a description (JSON) and a content.

    The boundary is derived from the content's own hash: the content cannot contain it, and the same content is always sent the same way.
    """
    assert isinstance(parts.content, bytes)
    boundary = hashlib.sha256(described + hashlib.sha256(parts.content).digest()).hexdigest().encode("ascii")
    printable = parts.kind.isascii() and parts.kind.isprintable()
    kind = parts.kind.encode("ascii") if printable else b"application/octet-stream"
    head = b"--%b\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n%b\r\n" % (boundary, described)
    body = b"%b--%b\r\nContent-Type: %b\r\n\r\n%b\r\n--%b--\r\n" % (head, boundary, kind, parts.content, boundary)
    return b'multipart/related; boundary="%b"' % boundary, body
