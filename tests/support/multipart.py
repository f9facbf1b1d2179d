"""Parser of multipart bodies (RFC 2046)."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.support.judges import Request


def parts(body: bytes, kind: str) -> list[tuple[str, bytes]] | None:
    """Return the type and content of each part of a `multipart/related` body; None if it is malformed. `kind` is its own Content-Type."""
    found = re.fullmatch(r'multipart/related; ?boundary="?([^";]{1,70})"?', kind)
    if found is None:
        return None
    mark = b"--" + found[1].encode()
    if not body.startswith(mark + b"\r\n") or body.count(mark) != 3 or not body.rstrip(b"\r\n").endswith(mark + b"--"):
        return None
    made = []
    for part in body.split(mark)[1:-1]:
        head, blank, content = part[2:].partition(b"\r\n\r\n")
        if not blank or not content.endswith(b"\r\n"):
            return None
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        made.append((fields.get("Content-Type", ""), content[:-2]))
    return made


def description(request: Request) -> Request:
    """Return the metadata part of an upload, for judges that do not parse `multipart/related`: every document
    that has such a body also accepts the metadata without content."""
    found = parts(request.body or b"", request.header("Content-Type") or "")
    if not found:
        return request
    changed = {"content-type": found[0][0], "content-length": str(len(found[0][1]))}
    return replace(request, headers=tuple((name, changed.get(name.lower(), text)) for name, text in request.headers), body=found[0][1])
