"""The tools of an agent over the Model Context Protocol, by stdio or as streamable HTTP.

```python
from unified_platform import mcp

server = mcp.server(mcp.Profile(user="alice", toolsets=("tasks",)))
application = mcp.http_app(server)  # a Starlette application, with `/mcp`
```

`unified mcp` does this from the command line. It needs the extra `mcp`. The official SDK speaks the protocol: the revisions with a
handshake (2024-11-05 to 2025-11-25) and the one without (2026-07-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unified_platform.mcp.profiles import Profile

if TYPE_CHECKING:
    from unified_platform.mcp.http import http_app
    from unified_platform.mcp.serving import server
    from unified_platform.mcp.verifying import TokenVerifier

__all__ = ["Profile", "TokenVerifier", "http_app", "server"]

_PLACES = {"TokenVerifier": "verifying", "http_app": "http", "server": "serving"}


def __getattr__(name: str) -> Any:
    """What needs the SDK is imported when it is used: that takes a second."""
    from importlib import import_module

    from unified_platform.extras import extra

    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    extra("mcp_types", "mcp", "serving MCP")  # comes with version 2 of the SDK; CrewAI brings version 1 along
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
