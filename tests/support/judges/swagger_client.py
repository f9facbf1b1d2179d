"""swagger-client as a judge of serialization: it builds requests from the same document and arguments, in one process per document."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from unified_openapi.requests.formats import Arguments, RequestFormat
from unified_openapi.requests.multipart import File

_SCRIPT = Path(__file__).with_name("swagger_client.js")
_LOCK = Path(__file__).parents[1] / "swagger_client" / "package-lock.json"
MODULES = Path(__file__).parents[3] / ".cache" / "swagger-client" / "node_modules"
"""Folder into which `make swagger-client` installs the judge from the lock file next to this package."""
VERSION: str = json.loads(_LOCK.read_text(encoding="utf-8"))["packages"]["node_modules/swagger-client"]["version"]


def missing() -> str | None:
    """Return the reason that swagger-client cannot run here, in one line; None if it can."""
    if shutil.which("node") is None:
        return "swagger-client needs node, which is not installed"
    if not (MODULES / "swagger-client").is_dir():
        return f"swagger-client {VERSION} is not installed: make swagger-client"
    return None


class SwaggerClient:
    """Builder of requests for one document."""

    def __init__(self, document: Path) -> None:
        self._process = subprocess.Popen(
            ["node", "--max-old-space-size=1500", str(_SCRIPT), str(document)],
            env={**os.environ, "NODE_PATH": str(MODULES), "SCARF_ANALYTICS": "false"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> SwaggerClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def request(self, declared: RequestFormat, arguments: Arguments, content_type: str | None) -> dict[str, Any]:
        """Return the URL below the server, headers and body of a request, or its `error`.

        The query and the fragment of a path in the document are left out: swagger-client sends a fragment, and does not fill in a path
        before a query.
        """
        located = {"path": arguments.path, "query": arguments.query, "header": arguments.header, "cookie": arguments.cookie}
        parameters = {f"{location}.{name}": value for location, given in located.items() for name, value in given.items()}
        path = declared.path
        wanted: dict[str, Any] = {"path": path, "shortened": re.split("[?#]", path)[0], "method": declared.method.lower()}
        if content_type is None:
            return self._ask(wanted | {"parameters": parameters})
        wanted["content_type"] = content_type
        return self._ask(wanted | {"parameters": parameters, "body": arguments.body})

    def brackets(self, name: str, value: Any) -> list[tuple[str, str]]:
        """Return the pairs of a nested value, `name[key][0]=…`, as the package qs writes them."""
        return parse_qsl(self._ask({"brackets": {name: value}})["brackets"], keep_blank_values=True)

    def _ask(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(_revivable(wanted)).encode() + b"\n")
        self._process.stdin.flush()
        response: dict[str, Any] = json.loads(self._line())
        return response

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("swagger-client ended")
        return line


def _revivable(value: Any) -> Any:
    if isinstance(value, File):
        value = value.content
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, Mapping):
        return {key: _revivable(each) for key, each in value.items()}
    return [_revivable(each) for each in value] if isinstance(value, (list, tuple)) else value
