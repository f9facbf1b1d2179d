"""Server of the emulators: uvicorn on this machine's loopback address."""

from __future__ import annotations

import socket
import struct
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from unified_emulation.serving.app import RESET

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class EmulatorProtocol(HttpToolsProtocol):
    """HTTP protocol whose requests can reset their connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        transport = self.transport

        def reset() -> None:
            opened = transport.get_extra_info("socket")
            if opened is not None:  # SO_LINGER of zero seconds: the connection ends with RST, not FIN
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            transport.abort()

        extensions: dict[str, Any] = {RESET: reset}
        self.scope["extensions"] = extensions


def config(app: Any, host: str, port: int) -> uvicorn.Config:
    """Return the settings of the server."""
    return uvicorn.Config(
        app, host=host, port=port, http=EmulatorProtocol, lifespan="off", access_log=False, log_level="warning", server_header=False
    )


def serve(app: Any, host: str, port: int) -> None:
    """Run until a signal."""
    uvicorn.Server(config(app, host, port)).run()
