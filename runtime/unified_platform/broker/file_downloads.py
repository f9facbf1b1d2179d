"""`GET /files/…` of the broker: files of agents at signed addresses. The address is the only permission, and no vendor is contacted."""

from __future__ import annotations

import asyncio
import os
import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from unified_platform.tools.file_addresses import FileAddresses
from unified_runtime import NotFound

PATH = "/files"
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",  # a vendor's HTML must not run with the broker's origin
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def routes(addresses: FileAddresses) -> list[Route]:
    """Return the routes of signed addresses."""

    async def download(request: Request) -> Response:
        try:
            found = await asyncio.to_thread(addresses.open, request.url.path)
        except NotFound:
            return Response(status_code=404, headers=_HEADERS)
        assert isinstance(found.content, os.PathLike), "stored files are paths"
        media_type = found.media_type if found.media_type and _MEDIA_TYPE.fullmatch(found.media_type) else "application/octet-stream"
        headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name or 'file', safe='')}"}
        return FileResponse(found.content, headers=headers, media_type=media_type)

    return [Route(f"{PATH}/{{address:path}}", download, methods=["GET"])]
