"""Running the broker: uvicorn, in one process or several."""

from __future__ import annotations

import gc
import os
from typing import Any

import msgspec

from unified_platform.broker.config import Config
from unified_platform.extras import extra

_YOUNG = 10_000
"""Objects that are made, and not freed again, before the collector looks for cycles among them; a tenth of that is usual."""
_CONFIG = "UNIFIED_BROKER_CONFIG"
"""Holds the settings for the processes that uvicorn starts."""


def application() -> Any:
    """The application of a process that the settings reach by its environment."""
    from unified_platform.broker.app import create
    from unified_platform.broker.building import build

    made = create(build(msgspec.json.decode(os.environ[_CONFIG].encode(), type=Config)))
    _settled()
    return made


def serve(config: Config) -> None:
    """Run until a signal ends it: then no more calls are taken, and those that run are waited for.

    Raises:
        InvalidInput: a library of the extra `broker` is not installed, or a setting is wrong.
        UnifiedError: the vault or the database cannot be opened.
    """
    uvicorn = extra("uvicorn", "broker", "the broker")
    extra("starlette", "broker", "the broker")
    # uvicorn's processes import the application; with one process, its errors are told here.
    app: Any
    if config.workers > 1:
        os.environ[_CONFIG] = msgspec.json.encode(config).decode()
        app = f"{__name__}:application"
    else:
        from unified_platform.broker.app import create
        from unified_platform.broker.building import build

        app = create(build(config))
        _settled()
    from unified_platform.broker.observing import together

    close = together(config)
    try:
        uvicorn.run(app, **options(config), workers=config.workers, factory=config.workers > 1)
    finally:
        close()


def _settled() -> None:
    """Spare the collector what was loaded by now, which stays as long as the process, and have it look for cycles of the calls less often:
    nearly all that a call makes is freed without it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)


def options(config: Config) -> dict[str, Any]:
    """What uvicorn is told."""
    return {
        "http": "httptools",  # which `answering` knows
        "host": config.host,
        "port": config.port,
        "ssl_certfile": config.certificate,
        "ssl_keyfile": config.certificate_key,
        "proxy_headers": bool(config.proxies),
        "forwarded_allow_ips": list(config.proxies) or None,
        "server_header": False,
        "access_log": False,  # the audit trail tells more, and no address of a person
        "log_level": "warning",
        **({"log_config": None} if config.log is not None else {}),  # the log is set up already
        "timeout_graceful_shutdown": config.drain,
        "timeout_keep_alive": 75,
        "limit_concurrency": 4 * config.bounds().calls,
        "h11_max_incomplete_event_size": 32 * 1024,
        "backlog": 512,
    }
