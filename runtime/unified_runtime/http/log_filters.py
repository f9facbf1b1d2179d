"""Log filters that keep secrets out of the log lines of httpx2 and httpx."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar
from typing import Any

sending: ContextVar[bool] = ContextVar("unified_sending", default=False)
"""Set while a library sends our request: log lines of the caller's other requests are not changed."""


class _QueryFilter(logging.Filter):
    """Removes the query of the URLs that httpx2 and httpx log: some vendors accept keys there."""

    def filter(self, record: logging.LogRecord) -> bool:
        if sending.get() and isinstance(record.args, tuple):
            record.args = tuple(_without_query(argument) for argument in record.args)
        return True


def _without_query(argument: Any) -> Any:
    text = str(argument) if hasattr(argument, "raw_path") else argument
    return text.partition("?")[0] + "?…" if isinstance(text, str) and "://" in text and "?" in text else argument


class _ResponseFilter(logging.Filter):
    """Removes responses from the debug lines of httpcore: they may repeat what was sent (a redirect with our query, a status line)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if sending.get() and isinstance(record.msg, str):
            record.msg = _RESPONSE(r"\1…", record.msg)
        return True


_RESPONSE = re.compile(r"( return_value=\(b'HTTP/[\d.]+', \d+, | return_value=\(\d+, |exception=\w+\().*", re.DOTALL).sub
_FILTER, _CORE_FILTER = _QueryFilter(), _ResponseFilter()
_CORE = {"httpx2": "httpcore2", "httpx": "httpcore"}
_CORE_LOGGERS = ("connection", "http11", "http2", "proxy", "socks")


def add_log_filters(library: Any) -> None:
    """Add filters to the log of httpx2 or httpx that remove secrets. Adding them again has no effect."""
    logging.getLogger(library.__name__).addFilter(_FILTER)
    for name in _CORE_LOGGERS:
        logging.getLogger(f"{_CORE[library.__name__]}.{name}").addFilter(_CORE_FILTER)
