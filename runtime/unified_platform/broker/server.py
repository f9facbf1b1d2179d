"""Broker server: uvicorn in one process or several."""

from __future__ import annotations

import gc
import os
from typing import Any

import msgspec

from unified_platform.broker.config import Config
from unified_platform.common.extras import require_extra

_YOUNG = 10_000
"""Objects allocated and not freed after which the garbage collector runs; a tenth of that is usual."""
_CONFIG = "UNIFIED_BROKER_CONFIG"
"""Environment variable with the settings for the processes that uvicorn starts."""


def application() -> Any:
    """Return the application of a worker process, which gets the settings from its environment."""
    from unified_platform.broker.app import create
    from unified_platform.broker.assembly import build

    made = create(build(msgspec.json.decode(os.environ[_CONFIG].encode(), type=Config)))
    _settled()
    return made


def serve(config: Config) -> None:
    """Run until a signal: then accept no more calls, and wait for the running ones.

    Raises:
        InvalidInput: a library of the extra `broker` is not installed, or a setting is not valid.
        UnifiedError: the vault or the database cannot be opened.
    """
    require_extra("uvicorn", "broker", "the broker")
    require_extra("starlette", "broker", "the broker")
    # uvicorn's processes import the application; with one process, its errors are reported here.
    app: Any
    if config.workers > 1:
        os.environ[_CONFIG] = msgspec.json.encode(config).decode()
        app = f"{__name__}:application"
    else:
        from unified_platform.broker.app import create
        from unified_platform.broker.assembly import build

        app = create(build(config))
        _settled()
    from unified_platform.broker.observability import together

    close = together(config)
    try:
        _run(app, config)
    finally:
        close()


def migrate(config: Config) -> None:
    """Open every store that the settings name, which creates or migrates its tables, and close it again.

    Raises:
        InvalidInput: a library of the extra `broker` is not installed, or a setting is not valid.
        UnifiedError: a store cannot be opened.
    """
    require_extra("starlette", "broker", "the broker")
    from unified_platform.broker.assembly import build

    for close in build(config).closing:
        close()


def _run(app: Any, config: Config) -> None:
    from uvicorn.supervisors import Multiprocess

    from unified_platform.broker.http_connections import ServerConfig, allow_files, run

    several = config.workers > 1
    bounds = config.bounds()
    allow_files(bounds)
    settings = ServerConfig(app, bounds, config.proxies, **options(config), workers=config.workers, factory=several)
    if several:
        Multiprocess(settings, sockets=[settings.bind_socket()]).run()
        return
    run(settings)


def _settled() -> None:
    """Exclude loaded objects, which live as long as the process, from garbage collection, and collect less often:
    nearly all objects of a call are freed without it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)


def options(config: Config) -> dict[str, Any]:
    """Return the settings of uvicorn."""
    return {
        "host": config.host,
        "port": config.port,
        "ssl_certfile": config.certificate,
        "ssl_keyfile": config.certificate_key,
        "proxy_headers": bool(config.proxies),
        "forwarded_allow_ips": list(config.proxies) or None,
        "server_header": False,
        "access_log": False,  # the audit log has more, without IP addresses of people
        "log_level": "warning",
        **({"log_config": None} if config.log is not None else {}),  # logging is configured already
        "timeout_graceful_shutdown": config.drain,
        "backlog": 512,
    }
