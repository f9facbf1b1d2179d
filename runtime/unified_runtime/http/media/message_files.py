"""Uploads of a file that becomes a message, with the arguments of the message in the same form or in a request of their own."""

from __future__ import annotations

import json as json_
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from unified_openapi.requests.multipart import File
from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.decoding import decode
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.errors import VendorProtocolError
from unified_runtime.core.messages import Request
from unified_runtime.core.planning import PlannedResponse
from unified_runtime.core.raw import Raw
from unified_runtime.core.symbols import Symbol
from unified_runtime.http.media.content import Source
from unified_runtime.http.media.uploads import MOST_BYTES, ended, entire

S = TypeVar("S")

_FILE = Endpoint("upload", "POST", "(upload address)", Retry.IDEMPOTENT)


class _Started(msgspec.Struct):
    upload_url: str | None = None
    file_id: str | None = None


def discord_form(
    endpoint: Endpoint,
    *,
    content: Source,
    content_type: str,
    path: Sequence[object] = (),
    json: Mapping[str, Any],
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Send a message with a file: a form with the message as JSON, whose first attachment has the name, and the content.

    Raises:
        InvalidInput: the content is larger than 64 MiB.

    Source: https://docs.discord.com/developers/reference#uploading-files
    """
    data = yield from entire(content, MOST_BYTES)
    name = json["attachments"][0]["filename"]
    form = {"payload_json": json_.dumps(json), "files[0]": File(data, name, content_type)}
    response = yield Request(endpoint=endpoint, target=endpoint.url(path), multipart=form, transfer=True)
    return ended(response, content, schema, save_as)


def slack_upload(
    endpoint: Endpoint,
    *,
    start: Endpoint,
    content: Source,
    content_type: str,
    form: Mapping[str, Any],
    schema: type[S],
    save_as: str | None = None,
) -> Steps[tuple[S, Raw]]:
    """Upload a file to the address that `start` returns for its name and size, and share it by `form`, whose first file has the name.

    Raises:
        InvalidInput: the content is larger than 64 MiB.

    Source: https://docs.slack.dev/messaging/working-with-files#upload
    """
    data = yield from entire(content, MOST_BYTES)
    name = form["files"][0]["title"]
    begun = yield Request(endpoint=start, target=start.url(()), form={"filename": name, "length": content.taken})
    if isinstance(begun, PlannedResponse):
        yield Request(endpoint=_FILE, target="", address=str(Symbol("started.upload_url")), content=data)
        file = str(Symbol("started.file_id"))
    else:
        started = decode(begun, _Started)
        if not started.upload_url or not started.file_id:
            raise VendorProtocolError("the response to the start of an upload lacks upload_url or file_id", request_id=begun.request_id)
        file = started.file_id
        headers = {"Content-Type": content_type}
        yield Request(endpoint=_FILE, target="", address=started.upload_url, headers=headers, content=data, transfer=True)
    shared = {**form, "files": json_.dumps([{"id": file, "title": name}])}
    response = yield Request(endpoint=endpoint, target=endpoint.url(()), form=shared)
    return ended(response, content, schema, save_as)
