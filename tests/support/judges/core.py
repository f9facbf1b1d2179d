"""openapi-core as a judge, in process, on the vendor's document as it is."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.support.judges import Request

_SERVER = "http://judge.test"


class _Seen:
    """A request in the shape openapi-core reads (its `Request` protocol)."""

    def __init__(self, request: Request) -> None:
        self.host_url = _SERVER
        self.path = request.path
        self.method = request.method.lower()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(request.query, keep_blank_values=True)),
            header=Headers(list(request.headers)),
            cookie=ImmutableMultiDict(),
        )
        self.content_type = (request.header("Content-Type") or "").partition(";")[0]
        self.body = request.body


class OpenapiCore:
    name = "openapi-core"

    def __init__(self, document: Mapping[str, Any]) -> None:
        # Requests are judged relative to the server, so every server becomes one made-up host.
        judged: dict[str, Any] = copy.deepcopy(dict(document))
        judged["servers"] = [{"url": _SERVER}]
        for item in judged["paths"].values():
            for node in (item, *item.values()):
                if isinstance(node, dict):
                    node.pop("servers", None)
        # Without its own check of the document: three of four vendors publish documents that are not valid OpenAPI to the letter.
        self._openapi = OpenAPI.from_dict(judged, config=Config(spec_validator_cls=None))

    def verdict(self, request: Request) -> list[str]:
        return [_told(error) for error in self._openapi.iter_request_errors(_Seen(request))]


def _told(error: BaseException) -> str:
    details = getattr(error.__cause__, "schema_errors", None) or ()
    causes = "; ".join(f"{'.'.join(map(str, one.path))}: {one.message}"[:200] for one in details)
    return f"{type(error).__name__}: {error}" + (f" ({causes or error.__cause__})" if error.__cause__ else "")
