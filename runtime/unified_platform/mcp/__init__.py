"""MCP server: the tools of an agent over the Model Context Protocol, by stdio or streamable HTTP.

```python
from unified_platform import mcp

server = mcp.server(mcp.Profile(user="alice", toolsets=("tasks",)))
application = mcp.http_app(server)  # a Starlette application, with `/mcp`
```

`unified mcp` does this from the command line. It needs the extra `mcp`. The official SDK implements the protocol: the revisions with a
handshake (2024-11-05 to 2025-11-25) and the one without (2026-07-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unified_platform.mcp.profiles import Profile

if TYPE_CHECKING:
    from unified_platform.mcp.http import http_app
    from unified_platform.mcp.protocol_server import server
    from unified_platform.mcp.token_verifier import TokenVerifier

__all__ = ["Profile", "TokenVerifier", "http_app", "server"]

_MODULES = {"TokenVerifier": "token_verifier", "http_app": "http", "server": "protocol_server"}


def __getattr__(name: str) -> Any:
    """Import names that need the SDK when they are used: that takes a second."""
    from importlib import import_module

    from unified_platform.common.extras import require_extra

    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    require_extra("mcp_types", "mcp", "serving MCP")  # comes with version 2 of the SDK; CrewAI installs version 1
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
