"""Roundup, a real issue tracker, embedded in this process: created in a folder and called over WSGI, without a port or an account.

`pip install 'unified-apis[demo]'` installs it. The demo uses it, and so do the live tests, behind a port.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from roundup import configuration, init, instance
from roundup.admin import AdminTool
from roundup.cgi.wsgi_handler import RequestDispatcher
from roundup.password import Password

from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.http.response_body import ResponseBody, read_body

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]
"""WSGI application (PEP 3333)."""


def make_tracker(folder: Path, url: str, users: Mapping[str, Mapping[str, str]], settings: Mapping[str, Any] | None = None) -> Application:
    """Create a tracker of Roundup's classic template in a folder that does not exist yet.

    Args:
        folder: folder of its configuration and its SQLite database.
        url: its address, which its responses contain.
        users: by login name, `password` and other user properties of Roundup (`realname`, `address`, `roles`).
        settings: further settings of the tracker, such as `WEB_API_CALLS_PER_INTERVAL`.
    """
    init.install(str(folder), AdminTool().listTemplates(trace_search=False)["classic"]["path"])
    config = configuration.CoreConfig()
    values: dict[str, Any] = {
        "TRACKER_HOME": str(folder),
        "TRACKER_WEB": url.rstrip("/") + "/",
        "DATABASE": "db",
        "RDBMS_BACKEND": "sqlite",
        "WEB_ENABLE_REST": "yes",
        "ADMIN_EMAIL": "admin@localhost",
        "MAIL_DOMAIN": "localhost",
        "MAIL_HOST": "localhost",
        "MAIL_DEBUG": str(folder / "mail.log"),  # emails about issues are written here, not sent
        "PASSWORD_PBKDF2_DEFAULT_ROUNDS": "1000",  # a throw-away tracker; each request checks the password
        **(settings or {}),
    }
    for name, value in values.items():
        config[name] = value
    config.save(str(folder / "config.ini"))
    tracker = instance.open(str(folder))
    tracker.init(Password("no one logs in as admin", config=config))
    database = tracker.open("admin")
    try:
        for name, properties in users.items():
            fields = {key: value for key, value in properties.items() if key != "password"}
            database.user.create(username=name, password=Password(properties["password"], config=database.config), **fields)
        database.commit()
    finally:
        database.close()
    dispatcher: Application = RequestDispatcher(str(folder))

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        # Roundup 2.6 reads the body of a DELETE from standard input if called over WSGI, but not if tunnelled through POST.
        if environ["REQUEST_METHOD"] == "DELETE":
            environ = {**environ, "REQUEST_METHOD": "POST", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"}
        return dispatcher(environ, start_response)

    return application


class WSGITransport:
    """Transport to a WSGI application in this process (PEP 3333)."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def send(self, request: HTTPRequest) -> Response:
        parts = urlsplit(request.credential.url(request.url))
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(parts.path, "latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": parts.hostname,
            "SERVER_PORT": str(parts.port or 80),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in [*request.headers, *request.credential.headers()]:
            key = name.decode("ascii").upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value.decode("latin-1")
        written: list[bytes] = []
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            started[:] = [
                int(status.partition(" ")[0]),
                [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            ]
            return written.append

        body = self._application(environ, start_response)
        try:
            written.extend(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        status, pairs = started
        coding = next((value.decode("latin-1") for name, value in pairs if name.lower() == b"content-encoding"), None)
        return Response(status, pairs, read_body(written, ResponseBody(status, pairs, coding, request)), request.url)

    def close(self) -> None:
        """Do nothing: no connection is open."""
