"""Requests of toolkits before Prism: calls with arguments made from the schemas send what the vendor's document declares."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.test_toolkits import _arguments, _without_required
from tests.support.complete_documents import GRAPHQL
from tests.support.judges import Request, prism
from tests.support.judges.prepare import prepared
from unified_emulation.engine.samples import Samples
from unified_emulation.serving import addresses
from unified_openapi.facts.shipped import shipped_vendors
from unified_runtime import Client, InvalidInput, UnifiedError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.toolkit import Toolkit

CALLED = 16
"""Operations of a vendor that are called, by the hash of their names."""
REFUSED = 0.05
"""Maximum share of requests that Prism refuses: samples do not decide between alternatives that exclude each other."""
LARGEST = 100_000
"""Length of the document of one operation that Prism is given: it resolves each reference anew, in recursive schemas without an end."""
SERVER = "http://127.0.0.1:9"
OWN_HEADERS = {"accept", "content-type", "authorization", "user-agent"}
"""Headers of the client: a parameter with one of the first three names is ignored (OpenAPI 3.1, 4.8.12.2.1), but not by Prism."""


class Recorder:
    """Transport that records requests."""

    def __init__(self) -> None:
        self.sent: list[HTTPRequest] = []

    def send(self, request: HTTPRequest) -> Response:
        self.sent.append(request)
        return Response(200, [(b"content-type", b"application/json")], b"{}", request.url)

    def close(self) -> None:
        """Do nothing: no connection is open."""


def _document(toolkit: Toolkit, names: list[str], hidden: frozenset[str]) -> dict[str, Any]:
    """Return one document of some operations, without security: their credentials are tested elsewhere."""
    made: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "sample", "version": "1"}, "servers": [{"url": "/"}], "paths": {}}
    components: dict[str, Any] = {}
    for name in names:
        root = toolkit._facts.operation(name)[0].root
        for kind, found in root.get("components", {}).items():
            if kind != "securitySchemes":
                components.setdefault(kind, {}).update(found)
        for path, item in root["paths"].items():
            for operation in (item, *item.values()):
                if isinstance(operation, dict) and "parameters" in operation:
                    operation["parameters"] = [one for one in operation["parameters"] if not _of_the_client(one, components)]
            for operation in item.values():
                if isinstance(operation, dict):
                    operation.pop("security", None)
                    operation["responses"] = {"200": {"description": ""}}
            made["paths"].setdefault(path, {}).update({key: value for key, value in item.items() if key != "servers"})
    found = _without_required({**made, "components": components}, hidden)
    assert isinstance(found, dict)
    return found


def _of_the_client(parameter: dict[str, Any], components: dict[str, Any]) -> bool:
    found = components["parameters"][parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
    return bool(found["in"] == "header" and found["name"].lower() in OWN_HEADERS)


def _request(sent: HTTPRequest, base: str) -> Request:
    body = sent.body if sent.upload is None else b"".join(sent.upload)
    headers = tuple((name.decode(), value.decode()) for name, value in sent.headers if name.lower() != b"host")
    return Request(sent.method, sent.url.removeprefix(base), headers, body or None)


@pytest.mark.skipif(prism.missing() is not None, reason=prism.missing() or "")
@pytest.mark.sample("vendor", 2)
@pytest.mark.parametrize("vendor", [vendor for vendor in shipped_vendors() if vendor not in GRAPHQL])
def test_prism_accepts_requests_of_toolkits(vendor: str, tmp_path: Path) -> None:
    toolkit = registry.toolkit(vendor)
    ordered = sorted(toolkit, key=lambda name: hashlib.sha256(name.encode()).digest())
    paths: dict[str, str] = {}
    for name in ordered:  # one operation of each path: another document may describe the same path
        other_server = toolkit.operation(name, lambda: pytest.fail("nothing is sent")).host is not None
        if other_server or {"?", "#"} & {*toolkit[name].path} or len(json.dumps(toolkit._facts.operation(name)[0].root)) > LARGEST:
            continue
        paths.setdefault(toolkit[name].path, name)
        if len(paths) == CALLED:
            break
    names = list(paths.values())
    recorder = Recorder()
    client = Client(recorder)
    values = addresses.values_of(toolkit.vendor, SERVER)
    scheme = addresses.scheme_of(toolkit.vendor, values)
    client.connect(vendor, addresses.credential_of(toolkit.vendor, scheme), scheme=scheme, **{**values, "server": SERVER})  # type: ignore[arg-type]
    requests: dict[str, Request] = {}
    for name in names:
        operation = client.api(vendor).operation(name)
        samples = Samples(operation.table.schemas)
        for every in (False, True):
            try:
                found = operation(**_arguments(operation.table, samples, every=every))
                if operation.pages:
                    next(iter(found), None)
            except InvalidInput:  # counted by `test_toolkits`
                continue
            except UnifiedError:  # of the response
                pass
            requests[f"{name}, {every=}"] = _request(recorder.sent[-1], SERVER)
    assert len(requests) >= len(names)
    document, _ = prepared(_document(toolkit, names, toolkit._hidden | {"access_token"}))
    with prism.serving(document, tmp_path, vendor) as judge:
        verdicts = {name: _decided(request, judge.verdict(request)) for name, request in requests.items()}
    refused = {name: reasons for name, reasons in verdicts.items() if reasons}
    assert len(refused) <= max(2, REFUSED * len(requests)), refused


def _decided(request: Request, reasons: list[str]) -> list[str]:
    """Return the reasons without warnings, and without those that Prism or the samples cannot decide.

    Prism does not read an array of objects in a form, nor JSON in a part of a multipart body. A sample may fit several alternatives.
    """
    if any(reason.endswith("must match exactly one schema in oneOf") for reason in reasons):
        return []
    undecided = [
        "is deprecated",
        *(["must be object", "must be array"] if (request.header("content-type") or "").startswith("multipart/") else ()),
    ]
    return [one for one in reasons if not one.endswith(tuple(undecided)) and "Cannot deserialize JSON object array" not in one]
